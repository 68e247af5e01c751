/* lint_rows_shame.h: counters that shame. Included by lint.c, in an order that matters. */
LINT_RULE(
        .code = "lint-shame", .uses = ANY_USE,
        .advice = "shames; say the fact once without a verdict, and what can come next",
        .patterns = LIST(
            "= only|just # of your|the|{rep}'s &act", "= only|just|merely|barely|hardly|mere # _",
            "= no more than #", "# &act ~ = only|all $",
            "another|whole|full|entire = day|week|month without|wasted", "= yet another",
            "only|just|barely|merely|hardly = managed|made|did|got|logged|reached|booked|completed "
            "~ #|few|one|two|a",
            "&ord ~ = missed|late|failed|forgotten|skipped",
            "&yours ~ has|have|had|was|were = not been",
            "= everybody|everyone|all but|except|besides you|{rep}", "too = few|little &act",
            "&rep ~ done|did|do|has|have|made|logged|shown = nothing|zero|naught ~ "
            "on|for|in|since|this|at|to|so|yet",
            "# ~ = and still|no|nothing",
            "week|month|day|time in = a row ~ below|without|under|behind|late|missed",
            "&rep &be the = only|last one|person|rep|seller|colleague",
            "= nothing logged|done|sent|entered|booked|planned|reported",
            "nothing = from you|{rep}", "^ = no|zero|none &act|of", "once = more $",
            "how many more = times", "calendar|diary|pipeline ~ = empty",
            "&rep &be = missing|absent|overdue", "= only|just a few|couple &act",
            "made|logged|did|had|managed|have|has = only|just #", "a|only mere = # &act",
            "still = no|nothing|zero|missing &act|in|on|from",
            "&rep|&yours ~ = still not|have not|has not|did not",
            "&rep = still have|has|had|do|did|does not !a",
            "&yours &act ~ = still not|missing|empty", "yet = again",
            "= zero|0|no &act this|today|yesterday|since|in|logged|so|again|all|done",
            "# = open &act , all|and",
            "# = of|out # ~ done|missed|complete|completed|made|calls|left",
            "= not a single|one &act", "not = a single",
            "= without one|a|any single? visit|call|talk|meeting|mail|note|demo|update",
            "&rep &be|fell|fall|have|has fallen? = behind again|on|with|schedule|plan|your|target",
            "&rep &be|fell|fall = behind $",
            "&rep missed|miss|misses the|your|yet|a|an|again &very? weekly|daily|monthly? _? = "
            "again|once|yet",
            "&rep missed|miss|misses = your|the &very? weekly|daily|monthly? "
            "goal|goals|plan|target|deadline|deadlines",
            "missed|failed|skipped ~ = again $", "= overdue", "&act|{} = missed $",
            "streak ~ = broken|over|lost|gone|ended|dead", "back to = zero",
            "third|second|fourth|"
            "fifth = time ~ that|in &period? ~ missed|late|failed",
            "= let|lets the|your|our team|manager|colleagues down", "= let us|me|everyone down",
            "i|we|that|it|this|you|your|how ~ = disappointed|disappointing|"
            "embarrassing|embarrassed|unacceptable",
            "= ashamed|shameful|humiliating|pathetic|laughable", "shame = on",
            "everyone|everybody|all|team can|will|could|has see|seen|noticed ~ you|your",
            "= finally $", "= better late than", "do|does not = look good",
            "= below|under|short of? your|weekly &very? &number|expectations|minimum",
            "&rep|&yours ~ = fell|fall|fallen|falling|come|came short",
            "= \xF0\x9F\x94\xB4*|\xE2\x9D\x8C*|"
            "\xE2\x9A\xA0*|\xF0\x9F\x9A\xA8*|\xE2\x80\xBC*|\xF0\x9F\x98\xA1*|\xF0\x9F\x91\x8E*|"
            "\xF0\x9F\x9A\xA9*|\xE2\x9D\x97*|\xF0\x9F\x98\x9E*|\xE2\x9B\x94*",
            "# days ~ = without|since &very? any? your|one|any last? &act", "in the = red",
            "what|how ~ = going on with you", "&rep can = do better than",
            "&rep &be|have = slipping|slacking|lagging|slipped", "= as usual late|nothing"),
        .unless = LIST(
            "just|only one|1|a "
            "question|thing|sentence|minute|word|person|more|hour|small|step|line|page|way|name|"
            "reason",
            "just|only # "
            "weeks|months|years|days|minutes|hours|words|lines|pages|people|seconds|sentences|"
            "questions",
            "no answer|answers|reply|replies|deal|deals|lead|leads|contact|meeting|step|need|one",
            "if only", "only if|when|on|in|after|before|because|you|they", "not only",
            "just # minutes|days", "let ~ team know|decide|in", "no &act from {} so",
            "one|a &act at"),
        .bad = LIST("Only {{signal.calls}} calls this week. What now?",
                    "Still no notes for {{deal.name}}.",
                    "You are behind again. What is your plan?"),
        .good = LIST("Who can only win if this goes well?",
                     "What is {{deal.contact}} still not sure about?",
                     "What would make the next call easier for you?"))
