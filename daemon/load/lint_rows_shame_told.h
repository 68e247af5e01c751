/* lint_rows_shame_told.h: facts told so that they shame. Included by lint.c, in an order that
 * matters. */
LINT_RULE(.code = "lint-shame", .judges = true, .uses = ANY_USE,
          .advice = "shames; say the fact once without a verdict, and what can come next",
          .patterns = LIST(
              "# days|weeks , = 0|zero|no|none|nil &act", "= still waiting for|on your|you|{rep}",
              "not = even manage|make|do|get|log|write|send ~ #|a|one|single",
              "bar|light|lamp|dot|score|activity|number|numbers &be|turned|stays = red",
              "back at|to|on = zero|nothing|nil", "broke|broken|lost|ended ~ = streak",
              "explain|justify = zero|no|nothing|# ~ &act|contacts",
              "everyone|everybody|all|team ~ = knows|noticed|saw|seen you|your ~ "
              "not|never|numbers|empty|late|missing|list|calendar|depot",
              "&period|month|week|quarter|day all? ~ . do|would you call = that|this",
              "another|whole|full|entire|# ~ &period|weeks|days ~ = without one|a|any single? "
              "visit|call|talk|meeting|mail|note|demo|update|plan|entry",
              "&rep ~~ = without one|any single? visit|call|note|update|entry",
              "= another|yet &period ~ without|gone|wasted|lost ~",
              "^ = late|missing|absent|behind|overdue again|with|once|for|as",
              "= late with the|your|this &very? "
              "report|notes|numbers|log|update|plan|summary|entry|entries|list ~ again|once|yet|as",
              "= only|just|merely|barely|hardly|mere # of ~ done|made|&deed",
              "= only|just|merely|barely|hardly # $",
              "&rep|made|logged|at|on|have|had|managed ~ = only|just|merely|barely|hardly # ~ "
              "so|this|in|since|today|again|on",
              "still = has|have|had no|nothing|not", "still = owe|owes me|us|the",
              "&rep = still owe|owes|need|needs to? me|us|send|do",
              "= # &act|open|late|missed ~ and counting", "= and counting",
              "# ~ &act|follow-ups ~ = unanswered|untouched|undone|outstanding|overdue",
              "= is not that|this|it embarrassing|sad|pathetic|shameful|awkward|pitiful",
              "missed|late|failed|skipped|forgot|forgotten ~ = # ~ in a row",
              "missed|late|failed|skipped|forgot|forgotten ~ the|a = "
              "third|second|fourth|fifth|sixth time",
              "once|yet again , = your|no|not|nothing|{rep}|still|missing|late",
              "= only|just # of your|the|{rep}'s &act",
              "= only|just|merely|barely|hardly|mere # ~ &deed",
              "&rep|made|logged|did|managed|had ~ = no more than #", "# &act ~ = only|all $",
              "another|whole|full|entire = day|week|month without|wasted", "= yet another",
              "only|just|barely|merely|hardly = "
              "managed|made|did|got|logged|reached|booked|completed ~ #|few|one|two|a",
              "&ord ~ = missed|late|failed|forgotten|skipped",
              "&yours ~ has|have|had|was|were = not been",
              "= everybody|everyone|all|team but|except|besides|bar|save|minus you|{rep}",
              "= apart|aside from you|{rep}", "too = few|little &act",
              "&rep ~ done|did|do|has|have|made|logged|shown = nothing|zero|naught ~ "
              "on|for|in|since|this|at|to|so|yet",
              "# ~ = and still|no|nothing",
              "week|month|day|time in = a row ~ below|without|under|behind|late|missed",
              "&rep &be the = only|last one|person|rep|seller|colleague",
              "!why|is|was|has = nothing logged|done|sent|entered|booked|planned|reported",
              "nothing = from you|{rep}",
              "^ = no|zero|none &deed|of !are|is|need|needed|to|before|today|from",
              "late|missed|nothing|no|not|without|missing|empty ~~ once = more $",
              "how many more = times", "calendar|diary|pipeline ~ = empty",
              "&rep &be = missing|absent|overdue", "= only|just a few|couple &act",
              "made|logged|did|had|managed|have|has = only|just #", "a|only mere = # &act",
              "still = no|nothing|zero|missing &act|in|on|from",
              "&rep|&yours ~ = still not|have not|has not|did not",
              "&rep = still have|has|had|do|did|does not !a",
              "&yours &act ~ = still not|missing|empty", "yet = again",
              "= zero|0|no &act this|today|yesterday|since|in|logged|so|again|all|done",
              "# = open &act , all|and"),
          .unless = SHAME_UNLESS,
          .bad = LIST("{{rep.first_name}} has managed a mere two calls since Monday.",
                      "14 days, 0 calls. Not good.", "Your report is late again."),
          .good = LIST("Only one contact is known at {{deal.name}}. Who else would miss it?",
                       "No calls are planned for today."))

#undef SHAME_UNLESS
