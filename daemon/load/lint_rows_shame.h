/* lint_rows_shame.h: counters that shame. Included by lint.c, in an order that matters. */
/* Harmless senses, for both files. */
#define SHAME_UNLESS                                                                               \
    LIST("no|zero &act is|are|was|were planned|due|needed|set|booked|open",                        \
         "what|which ~ have|has|had|do|does we|i|they forgotten",                                  \
         "just|only one|1|a "                                                                      \
         "question|thing|sentence|minute|word|person|more|hour|small|step|line|page|way|name|"     \
         "reason",                                                                                 \
         "just|only # "                                                                            \
         "weeks|months|years|days|minutes|hours|words|lines|pages|people|seconds|sentences|"       \
         "questions",                                                                              \
         "no answer|answers|reply|replies|deal|deals|lead|leads|contact|meeting|step|need|one",    \
         "if only",                                                                                \
         "their|his|her|customer|customer's|carrier|supplier|train|invoice|payment|delivery|"      \
         "parcel ~ overdue|late|missing|behind",                                                   \
         "no|nothing|not|little ~ from|at|of ~ them|him|her|{}|their|there|customer|buyer",        \
         "if ~~ just|only #|one|a", "only if|when|on|in|after|before|because|you|they",            \
         "not only", "just # minutes|days",                                                        \
         "no &act ~~ their|customer's|{}'s|office|holiday|holidays|afternoon|allowed|needed",      \
         "how come ~~ no|not|nothing|still|never|only",                                            \
         "^ why ~~ no|not|nothing|still|never|only",                                               \
         "missing ~ from ~ room|list|meeting|table|talk|picture|conversation|deal|offer",          \
         "&wh ~ &be ~ missing", "they|{} ~ only|just|still|nothing|not|no",                        \
         "just # &act before|ago|after", "let ~ team know|decide|in",                              \
         "no answer|answers|reply|replies|word|target|numbers|deals|response",                     \
         "without ~ word|reply|answer|response", "no &act from {} so", "one|a &act at")

LINT_RULE(
        .code = "lint-shame", .judges = true, .uses = ANY_USE,
        .advice = "shames; say the fact once without a verdict, and what can come next",
        .patterns = LIST(
            "# = of|out # ~ done|missed|complete|completed|made|calls|left",
            "= not a single|one &act", "not = a single",
            "!went|go|out|sent = without a single "
            "visit|call|talk|meeting|mail|note|demo|update|question",
            "&rep &be|fell|fall|have|has fallen? = behind again|on|with|schedule|plan|your|target",
            "&rep &be|fell|fall = behind $",
            "&rep missed|miss|misses the|your|yet|a|an|again &very? weekly|daily|monthly? _? = "
            "again|once|yet",
            "&rep missed|miss|misses = your|the &very? weekly|daily|monthly? "
            "goal|goals|plan|target|deadline|deadlines",
            "missed|failed|skipped ~ = again $", "= overdue", "&act|{} = missed $",
            "streak ~ = broken|over|lost|gone|ended|dead", "back to = zero",
            "third|second|fourth|fifth = time ~ that|in &period? ~ missed|late|failed",
            "= let|lets the|your|our team|manager|colleagues down", "= let us|me|everyone down",
            "i|we|that|it|this|you|your|how ~ = "
            "disappointed|disappointing|embarrassing|embarrassed|unacceptable",
            "= ashamed|shameful|humiliating|pathetic|laughable", "shame = on",
            "everyone|everybody|all|team can|will|could|has see|seen|noticed ~ you|your",
            "= finally $", "= better late than", "do|does not = look good",
            "= below|under|short of? your|weekly &very? &number|expectations|minimum",
            "&rep|&yours ~ = fell|fall|fallen|falling|come|came short",
            "= "
            "\xF0\x9F\x94\xB4*|\xE2\x9D\x8C*|\xE2\x9A\xA0*|\xF0\x9F\x9A\xA8*|\xE2\x80\xBC*|"
            "\xF0\x9F\x98\xA1*|\xF0\x9F\x91\x8E*|\xF0\x9F\x9A\xA9*|\xE2\x9D\x97*|\xF0\x9F\x98\x9E*|"
            "\xE2\x9B\x94*",
            "# days ~ = without|since &very? any? your|one|any last? &act", "in the = red",
            "what|how ~ = going on with you", "&rep can = do better than",
            "&rep &be|have = slipping|slacking|lagging|slipped", "&few ~ = # &very? &very? &deed",
            "= grand|sum total of|:", "all of = #|one|two|three &act",
            "&rep|&yours ~ &few = #|one|a|two|three|once|half", "&rep|have|has ~ = &few # ~ &deed",
            "< = not one|a single? ~ "
            "&act|word|line|sign|peep|sausage|soul|thing|entry|dicky|customer",
            "= not even # _", "not ~ = even one|a|#|once",
            "= another|yet ~ without|with no|gone|wasted",
            "&period|# = and|with|, still? no|not|nothing|zero|none ~ "
            "&act|entry|word|single|line|from|logged|booked|done",
            "&period|# = without &very? any|one|a? single ~ &act|entry|line",
            "day|week|month = # with|without|of|and|, ~ no|any|silence|nothing|activity|sign|word",
            "^ = zero|nil|nothing|none|nada|zilch|silence|crickets $", "^ = zero|nil|nada|zilch ,",
            "= at|on zero|nil ~ for|this|again|on|in|after",
            "still|yet|again = at|on zero|nil|nothing",
            "= in a|one whole|full|entire|complete week|month|day|quarter|year",
            "= i|we have? asked|told|reminded|written|begged ~~ times|twice|again|already|now",
            "^ = # &act . in|for|that|all|this|and", "^ = # &act , # &act",
            "= no|none|zero &act ~ , none|nothing|no|nor|zero",
            "^ = zero|nil|no|none &very? &act ~ $",
            "^ = zero|nil|no|none &very? &act ~ from|this|last|since|in|by|logged",
            "you|{rep} do|did|doing|done = all day|week|morning",
            "= even|already the|our|a ~ "
            "intern|interns|trainee|trainees|apprentice|newcomer|newcomers|receptionist|juniors|"
            "junior|students|cleaner|rookie|hire|temp ~~ "
            "you|more|better|manage|manages|managed|calls|did|does|made|has|logged",
            "what|how ~ i|we|you = tell|explain|say ~ "
            "director|boss|board|ceo|management|owner|vp|leadership",
            "= "
            "embarrass*|disgrac*|humiliat*|pathetic|laughable|shameful|shameless|lamentable|woeful",
            "= laughing stock|everyone|about|at", "&be ~ a = joke|disgrace|scandal",
            "is|was this|that|it = really? all|everything|it $",
            "is|was this|that|it ~ = all|best &rep|we|i",
            "= nothing|silence|peep|crickets from|of &rep|your",
            "no|not|little|any|single ~ = "
            "word|sign|news|peep|line|response|update|life|answer|message|mail ~ from|of|on "
            "you|{rep}|your",
            "again|still|yet = no|nothing|zero|without|not|empty ~ "
            "&act|from|in|on|a|one|any|done|entered",
            "= #|third|second|fourth|fifth|sixth|several|how|many reminder|reminders "
            "!are|is|paused|for|from|on|to|set",
            "since ~~ = no|nothing|zero|not &act|a|one|from|been|single|any",
            "until|till|by|so|as|to today|now|far|date ~~ &rep ~ = zero|no|nothing|none|&few",
            "&rep could|can|did|has|have|do|does ~ not = even|manage|get a|one|#|single|even|to",
            "&yours ~ &be|looks|stands|remains|stayed ~ = "
            "empty|blank|bare|untouched|overdue|undone|white|neglected|zero",
            "&rep &be ~ the only = one|person|rep|seller|colleague|account|member ~ "
            "who|without|not|with|in|to",

            "&ord|another|yet week|month|quarter|day|time ~ = running|straight|without|below|under",
            "how long|much ~ this|it|that ~ = go|going|continue on|like",
            "where|what ~ &be|have = you hiding|been all|hiding|asleep",
            "is|was ~ = best|all|most &rep can|could|managed|manage|have|got",
            "best|all = you are|were able",
            "calendar|diary|week|pipeline|agenda|funnel|schedule ~ &be|looks ~ = "
            "wide|empty|blank|bare|deserted|thin|naked",
            "= zero "
            "&act|wins|sales|closes|bookings|orders|progress|effort|entries|results|pipeline|"
            "activity|replies|deals|signatures|output|initiative !from|defects",
            "= nothing|little to show ~ for",
            "# = planned|promised|agreed|expected|due ~~ # "
            "done|made|delivered|happened|logged|held",
            "&rep ~ promised|planned|said|announced|aimed ~~ = and|but ~ # ~ "
            "done|made|were|was|only|happened|it|did|delivered|booked",
            "less|fewer than = half ~ of ~ your|what|plan|planned|usual|target|promised",
            "= late|missing|absent|behind again|once|as",
            "= same excuse|story|mistake again|as|every|once|old",
            "i|we|team|everyone|customer ~ = still waiting for|on your|you|{rep}",
            "#|third|second|fourth|fifth|how|many = time|times ~ i|we ~ "
            "ask|asked|remind|reminded|tell|told|have|write|say|must",
            "months|weeks|days|years|quarter|month|week = in|gone|later|on and|, still|yet? "
            "no|not|nothing|zero|without|only",
            "= nobody|no one|none ~ return|returning|calling|wants|answering|talks|listens ~ "
            "you|your",
            "= hiding|hide from|behind &det",
            "= i had|have to ~ explain|justify|apologise|apologize|defend|answer",
            "= when will|do|are you finally|ever", "= finally ~ get|start|do|manage|wake|going",
            "= wake up",
            "= is|are you|there anybody|anyone|still with|there|awake|alive|even "
            "working|here|trying",
            "what ~ = pay|paying|paid &rep for|to",
            "= whole|entire|half|everyone ~ "
            "office|team|floor|company|room|department|building|branch ~ "
            "is|was|talks|talking|laughing|noticed|heard|knows ~ "
            "talking|laughing|talk|about|you|your",
            "= my|a grandmother|child|intern|monkey|beginner ~ could|would|can",
            "do|does &rep ~ = even ~ work|care|try|want",
            "&be = speechless|appalled|shocked|ashamed|let down", "is|was that|this = it ?",
            "= gathering|collecting dust", "&rep ~ &be = nowhere|asleep|invisible",
            "everyone|everybody|all|people|customers ~ = laughed|laughs|talks|sees|looked ~ "
            "you|your|away|at",
            "&rep|&yours ~~ = # ~ out of #", "&act ~ = : 0|zero|none|nil",
            "= what exactly|on earth|precisely do|have|are you do|done|doing|paid|been",
            "&rep ~ entered|logged|made|booked|reported|have|has|done|sent ~ = "
            "zero|nothing|no|none ~ &act",
            "= as usual late|nothing"),
        .unless = SHAME_UNLESS,
        .bad = LIST("Three weeks and not one visit. What is going on?",
                    "Only {{signal.calls}} calls this week. What now?",
                    "Still no notes for {{deal.name}}.",
                    "You are behind again. What is your plan?"),
        .good = LIST("Who can only win if this goes well?",
                     "What is {{deal.contact}} still not sure about?",
                     "What would make the next call easier for you?"))
