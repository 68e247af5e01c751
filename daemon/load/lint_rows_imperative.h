/* lint_rows_imperative.h: orders instead of questions. Included by lint.c, in an order that
 * matters. */
LINT_RULE(.code = "lint-imperative", .uses = QUESTIONS, .mild = true,
          .advice = "tells what to do; ask, so that the answer is their own (or 'style: advise')",
          .patterns = LIST(
              "^ please? just|now|simply|so|first|then|today? = &do !you|they|we|it",
              "^ &rep = must|need|have|should|ought|got|better to? _", "^ do = not|it|your|the",
              "^ = please _", "^ make|be = sure|ready|more|certain|quick|careful",
              "^ = no more|excuses|exceptions", "^ have = a look|it|them|your|the|this",
              "^ kindly|just|simply|maybe? = &do !you|they|we|it", "^ do = &do",
              "^ it would = be ~ if|to", "^ = i need|want|expect|would you|this|that|it|the|a|to",
              "^ &rep|we|i will = want|have|need to"),
          .spared = {LIST("&ask ~~ ?", "when|where &aux ~~ ?", "when|where ~ &aux ~~ ?",
                          "in|on|at|by|to|with|for|from which|what|whom ~~ ?",
                          "^ &aux &pron|the|your|{}|their ~~ ?", ": &aux _ ~~ ?")},
          .bad = LIST("Call them again today, ok?", "Send me the summary, will you?"),
          .good = LIST("Think of the last no you got. What did it teach you?"))
LINT_RULE(.code = "lint-imperative", .uses = QUESTIONS, .mild = true,
          .advice = "asks nothing; put it as a question (or 'style: advise')",
          .patterns = LIST("^ _"), .spared = {LIST("?")}, .bad = LIST("The plan for the week."),
          .good = LIST("What is your plan for the week?"))
