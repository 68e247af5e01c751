/* lint_rows_blame.h: questions that look for the guilty. Included by lint.c, in an order that
 * matters. */

/* Harmless senses, for both files. */
#define BLAME_UNLESS                                                                               \
    LIST(                                                                                          \
        "why do not you|we just|simply",                                                           \
        "if|had &rep had? not "                                                                    \
        "asked|called|insisted|noticed|stayed|kept|come|pushed|checked|rung|told|spoken|listened", \
        "you could|might ~~ , could|might not you", "because you had",                             \
        "why &aux not you ~ like|as &name|the|others|everyone|him|her|your",                       \
        "not let|letting ~ drop|slip|go|slide", "not|never letting",                               \
        "why &aux not anyone|anybody|nobody|somebody ~ at|on|in|from|over|there ~ "                \
        "their|{}|customer|customer's|there",                                                      \
        "come you are|were such|so|a", "you should|could have any|questions|a|time",               \
        "wish|wished|think|believe|hope|glad|if|what|which|else ~ you could|might|should have",    \
        "that|which|what you|{rep} &spoiled", "lost &very? # ~ in a row",                          \
        "why have|are|do|did|were they|{}|customers|people",                                       \
        "&rep lost|missed {}|the|a|two|it|this|them|one ~ day|on|yesterday|last|and|but|. "        \
        "!chance",                                                                                 \
        "you lost ~ on|yesterday|last",                                                            \
        "you|{rep} skipped|dropped|ignored|skip|delayed|postponed|refused|upset the? your? "       \
        "slides|script|pitch|discount|standard|urge|price|jargon|deck|usual|product",              \
        "sat|stalled|waited "                                                                      \
        "with|for|until|before|down|and|beside|in|next|at|by|till|through|between|opposite",       \
        "how could|can &rep *ly? "                                                                 \
        "make|use|ask|find|show|help|go|get|take|keep|give|say|tell|put|send ~ "                   \
        "more|better|even|with|easier|so|back|further|deeper|this|next",                           \
        "if you|{rep} ~~ &ask",                                                                    \
        "why &aux nobody|nothing|no|none there|on|at|in|from ~ there|their|{}|them|customer's",    \
        "who has|have told|asked|given you something|anything|the|about|that",                     \
        "why &aux nobody there", "how come you|we ~ so|got|get|know|found|well",                   \
        "whose idea ~~ customer|{}|their|there|they",                                              \
        "&rep lost {}|a|two|three ~ today|after|this|week|in|to|at|when|because !your",            \
        "you|{rep} dropped|skipped|ignored|postponed|refused|cut|left the|your|a|their ~ "         \
        "slide|slides|powerpoint|presentation|feature|features|talk|rate|small",                   \
        "why ~~ wrong ~ their|his|her|them|they|{}", "if you|{rep} should|could",                  \
        "never|not|rarely have|need to",                                                           \
        "never "                                                                                   \
        "rushed|pushed|complained|hurried|raised|interrupted|forgot|forget|wavered|looked|wanted|" \
        "sold|oversold|panicked|lectured",                                                         \
        "never|not|rarely "                                                                        \
        "met|been|gave|give|gives|let|stopped|stop|lose|lost|know|need|quit|give|tire|tired|seem|" \
        "hear|heard|seen|saw|mind",                                                                \
        "asked to move|stop|be|skip|get|talk|hear|have", "not told|yet ?", "told {} that")

LINT_RULE(
        .code = "lint-blame", .judges = true, .uses = ANY_USE,
        .advice = "blames; ask what would help next time",
        .patterns = LIST(
            "what ~ = got into you|{rep}",
            "= how come the|it|{}|this ~~ not|never|still|late|only|lost|without",
            "= got|have only yourself|themselves to thank|blame",
            "= only yourself|himself|herself to thank|blame",
            "= whose idea|fault was|is it|this|that to",
            "did|do|have &rep = seriously|honestly|actually|really "
            "forget|forgot|forgotten|miss|ignore|send",
            "= if|had only? you|{rep} had|listened ~~ , ~ would|could|might not? have",
            "= how could you|{rep} possibly|even|just? "
            "lose|miss|forget|ignore|skip|fail|waste|neglect|overlook|botch|blow|ruin|screw|mess|"
            "wreck|overpromise|let|not|say|do this|that|it|them|the|{}|such|a|so|your|to",
            "why ~~ = go|went|gone wrong|bad|south|badly|pear-shaped",
            "how|why ~~ = ended|end|ending up losing|late|without|missing|lost",
            "^ what = were you doing ~~ when|while",
            "= could not you see|tell|hear|feel|notice|wait|have",
            "who ~ = gave|give|told|allowed|authorised|authorized|asked &rep",
            "= with whose|what permission|right|authority did|do|have|were|was &rep",
            "= what gives &rep the right",
            "= why do|did|have|are|were|could|would|can|will not you|we|anyone|anybody",
            "= why on|the|in earth|hell|heaven",
            "why|how ~~ did|has|was|is|were|had|come = nobody|nothing|no|none",
            "why ~ = you|{rep} ~ not|never|only|late|still|again|so",
            "why|how &be|come you|{rep} = still|always|so|late|only|again",
            "= why do|did|have|are|were|could|would|can you "
            "not|never|always|only|still|keep|ignore|let|wait",
            "= how come you|we|nobody", "= &aux not you|{rep}|he|she have",
            "why &be ~~ = "
            "late|left|missing|waiting|forgotten|empty|delayed|overdue|unanswered|ignored",
            "what = made you think|believe|assume", "what = possessed you",
            "how ~ did you = lose|miss|blow|ruin|forget|waste",
            "why &aux not = the|this|that|there|your", "&wh = on earth",
            "&wh = the hell|heck|devil",
            "why did|do you = "
            "lose|miss|forget|ignore|let|skip|drop|fail|wait|quit|hesitate|avoid|refuse|leave|"
            "waste",
            "who ~ = messed|screwed|forgot|failed|ruined|blew|botched|dropped",
            "= explain yourself|why you", "what = excuse|excuses",
            "how did you = let|allow to|this|that|it|{}", "what took = you so",
            "&be|why ~ you = always late|behind|slow|last", "= how dare you|{rep}",
            "how could you = forget|miss|let|ignore|lose|not|send|say|do this|that|it",
            "= your|whose|{rep}'s fault|excuse|mistake|failure|blunder", "= what were you thinking",
            "= what is|was wrong with you",
            "where|what|how ~ you = mess|screw|go|went|fail|lose|blow up|wrong|it|{}|that|to|the",
            "how often|many times do|must|did i|we = have|tell|need",
            "= why did|would|had you|{rep} &spoil|not|only|even|ever|never|still",
            "= why do|are|have|were you ~ not|still|always|keep|never|only|so|&spoil",
            "= why &aux not &det !customer|buyer|client|contact|other",
            "= why is|was|are|were|has|have|had ~ "
            "nothing|not|still|nobody|late|missing|unanswered|undone|overdue|incomplete|open",
            "= how come|is|was ~~ not|late|never|missed|nothing|wrong|lost|still",
            "= how|what|whatever|why ~ possessed|induced &rep",
            "= what|whatever ~ made|led|prompted|caused|moved|possessed &rep ~ "
            "think|believe|assume|skip|forget|ignore|promise|wait|leave|drop|quote",
            "= what|whatever were|was|are|is &rep thinking|waiting",
            "^ = what|whatever were &rep doing with|there|all",
            "= how could|dare &rep ~ "
            "lose|miss|forget|ignore|fail|waste|neglect|overlook|botch|blow|ruin|screw|mess|wreck|"
            "bungle|overpromise",
            "= how could|can &rep not",
            "= how did &rep lose|miss|forget|let|fail|ignore|skip|waste|botch|blow|ruin",
            "= how could|can|did|does|is this|that|it|such|the ~ "
            "happen|occur|possible|slip|escape|fall|lapse|get|go ~ "
            "that|with|without|to|through|by|past|unnoticed|lost|cold|wrong|under|again|so",
            "how|why ~ did|could|has|have ~ = slip|slipped|fall|fell|fallen|falling "
            "through|by|past|away|between|out|under",
            "who ~ = let|&spoiled {}|the|this|them|that|it|our|him|her",
            "= why am|must|do|did|should|have i",
            "= why &be|do|does|did|have|has the|our customer|buyer|client|customers ~ "
            "waiting|complain|complaining|calling|angry|me",
            "= &aux not you|{rep} ever|even|always|at",
            "why &be {}|it|this|that|the ~ = still|stuck|sitting|not|only|late|open|in stage|at",
            "= why &be {} still",
            "= why &be|have|has|do|does|did &rep only|still|not|never|just|so",
            "< = you|{rep} knew|know ~~ and|but|, still|yet|nothing|never|you|did|not|said",
            "= after everything|all|what i|we|you ~ told|said|agreed|discussed|explained|taught",
            "= what else did|have you forget|forgotten|miss|missed|not", "= remind me why",
            "what ~ do you ~ have|got = to say for yourself",
            "why &be there = no|nothing|not|nobody|so|still|never",
            "= did|have not i|we "
            "tell|told|ask|asked|warn|warned|say|said|agree|agreed|explain|explained|make|made",
            "what = excuse|reason|explanation ~ you|your ~ time|now|for",
            "^ = how ~ you let|allow ~ this|that|it|things|{} ~ "
            "so|like|slip|get|go|happen|drift|far|slide|lie|sit",
            "= why do|did|does|have|has|is|are|was|were it|that|this|they|{} ~ "
            "only|always|never|still ~ you|your",
            "why ~~ = without ~ asking|telling|checking|me|us|preparation|an|informing|consulting",
            "= who told|asked|allowed|authorised|authorized|said you",
            "where ~ = &yours head|mind|brain|focus|attention|eyes",
            "&rep &be the = one|person who|that ~ &spoiled|made|told|said|promised|sent|let",
            "how often|many ~ = do|must|should|times i|we ~ "
            "tell|remind|ask|say|repeat|explain|have|wait|chase|to",
            "= whose idea|fault", "who|what ~ = is|was to blame",
            "= what|where did you|{rep} ~ wrong", "= why &rep|you not"),
        .unless = BLAME_UNLESS,
        .bad = LIST("Why didn't you call {{deal.contact}} back?",
                    "How could the offer slip through?", "What made you think they would wait?"),
        .good = LIST("What would you try next time?", "Why did they start looking just now?",
                     "Why do you think {{deal.contact}} hesitates?"))
