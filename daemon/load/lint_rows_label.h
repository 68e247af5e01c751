/* lint_rows_label.h: labels for people. Included by lint.c, in an order that matters. */
LINT_RULE(
        .code = "lint-label", .judges = true, .uses = ANY_USE,
        .advice = "labels a person; say what was seen, and when",
        .patterns = LIST(
            "&rep &be not = the|a ~ type|kind|sort",
            "= hopeless|lost|difficult|sad|desperate|problem case ~ with|on|here|in|at|for $",
            "= hopeless case", "you|{rep} ~ with|from|about being ~ = &flaw",
            "an|our|true|real = a player|players", "= a players",
            "&rep &be ~ = the|a|that ~ "
            "difficult|lazy|nervous|timid|awkward|bossy|anxious|sulky|careless|negative|stubborn|"
            "quiet|slow|type|sort|kind type|sort|kind|character|one",
            "= not ~ cut out",
            "&rep|folks|people|some|ones ~ = just|simply|clearly lack|lacks ~ "
            "nerve|stomach|backbone|guts|drive|hunger|brains|grit|talent|will|spine",
            "as = &flaw as you|{rep}|he|she",
            "as a|an = &flaw person|one|rep|seller|talker|writer|type", "= lone wolf|wolves",
            "= wrong|bad hire",
            "&rep &be|was not = cut|made|built out? for|to ~ sales|this|selling|job|sell",
            "&rep &be|was|were ~ never = the a? *est|most|much|good|one|a|really",
            "a|an = "
            "perfectionist|introvert|extrovert|rookie|beginner|slowcoach|control-freak|people-"
            "pleaser|worrier|micromanager|pessimist|workaholic|maverick like you|{rep}",
            "&rep &be not = exactly|really|quite|known ~ a|an|the|for", "= self-starter|go-getter",
            "= "
            "underperformer|underperformers|underperforming|low-performer|low-performers|non-"
            "performer|nonperformer|slacker|slackers|laggard|laggards|straggler|stragglers|"
            "struggler|strugglers|deadweight|loser|losers|quitter|dropout|b-player|b-players|c-"
            "player|c-players|a-player|b-team|crybaby|whiner|deadbeat",
            "= b|c player|players", "= dead weight", "= problem child|case|employee|rep",
            "= bad|rotten apple|apples|egg",
            "= "
            "deadwood|passenger|freeloader|sandbagger|order-taker|has-been|dud|flop|underachiever|"
            "under-performer|under-performers|underachievers|low-achiever",
            "= order taker|takers",
            "bottom = half|third|quartile|barrel|# of ~ "
            "&scope|&team|list|ranking|table|pack|reps|all|us|performers",
            "= "
            "weak|weaker|weakest|low|lowest|poor|poorer|bottom|average|mediocre|lazy|hopeless|"
            "struggling &seller",
            "&rep &be &very? &very? &very? = "
            "weak|lazy|hopeless|useless|incompetent|stupid|slow|unreliable|mediocre|undisciplined|"
            "disorganised|disorganized|unmotivated|clueless|timid|incapable|naive|passive|chaotic|"
            "careless|unfocused|disengaged|toxic|arrogant|shy|demotivated|complacent|inept|sloppy|"
            "unprofessional|hard-headed|stubborn|negative|defensive|insecure|uncoachable "
            "!link|of|on",
            "&rep &be &very? &very? = bad|poor|weak|terrible|hopeless|useless at|with|in|about",
            "&rep &be ~ not = "
            "sharp|good|strong|cut|made|built|able|capable|tough|hungry|smart|suited|fit|"
            "leadership|sales",
            "&rep ~ not have = it|what", "&rep = will never be|become|learn|make|change",
            "= not cut out", "&rep ~ not|never ~ = a|an _? &seller|type|material|kind",
            "slow|late = starter|starters|learner|learners|bloomer|burner",
            "= lack|lacks the? drive|talent|ambition|grit|discipline|brains",
            "&rep have|has no = talent|drive|discipline|ambition|spine|backbone|instinct",
            "not = sales|leadership|management material",
            "&rep|our|team|your ~ weak|weakest = link",
            "your|the kind|type of = &seller who|that never|always", "&rep &be ~ = &dud",
            "&rep &be|remain|remains|stay &very? &very? &very? &very? &very? _? = &dud",
            "a|an|as|one ~ = &dud like|such|as", "= &dud like you|{rep}",
            "&rep ~ not|never ~ have|has|had|got ~ = "
            "&talent|it|what|guts|nerve|drive|hunger|stomach|brains",
            "&rep = have|has no|little|zero &very? &talent|drive|hunger|stomach",
            "*s = like you|{rep} ~ "
            "often|always|never|tend|struggle|usually|need|find|do|can|cannot|should|have|rarely|"
            "are",
            "= "
            "introverts|extroverts|extraverts|juniors|engineers|millennials|boomers|beginners|"
            "women|men|youngsters|veterans like you|{rep}",
            "&rep &be ~ = high|low maintenance", "= slow|late|weak burner|finisher|study",
            "&rep &be &very? ~ = "
            "difficult|problematic|toxic|impossible|needy|bitter|burnt-out|burned-out|lost|hard|"
            "unteachable ,|to|and|case|person",
            "= two left hands|feet", "= bad|poor|wrong attitude|hire|character|personality",
            "&rep ~ = wrong person|man|woman|one for|in",
            "= natural|born loser|quitter|worrier|pessimist", "= you people|lot",
            "&rep &be ~ known|seen|regarded = as",
            "&rep &be ~ = too &flaw|young|quiet|emotional|friendly|sensitive|honest|small|cautious "
            "~ for|to be|this|sales|the|a|sell|make|lead",
            "&rep is|are|be|been ~ = &flaw $",
            "&rep is|are|be|been &very? &very? = &flaw ,|and|with|at|as|or|in|on|when|{rep}",
            "of|our|your|as|a|the = "
            "weaker|weak|weakest|slower|lesser|poorer|mediocre|average|low|second-rate|hopeless|"
            "lazy ~ "
            "closer|closers|reps|rep|seller|sellers|performers|hunters|candidates|starter|learner|"
            "hunter|colleagues|player|players|salesperson|salespeople",
            "&rep|{rep} = lacks|lack|lacked &very? &very? the|any? "
            "hunger|drive|fire|ambition|backbone|bite|talent|discipline|grit|instinct|edge|stamina|"
            "guts|personality|passion|killer|motivation|courage|brains|spine|character|self-"
            "confidence|charisma|commitment|dedication|will|maturity|resilience|mentality",
            "&rep &be|was not = a|an|really|exactly ~ "
            "closer|hunter|seller|salesman|salesperson|player|performer|star|starter|fighter|"
            "leader|finisher|material|type|winner|rocket|natural|people",
            "&rep &be ~ = more of a|an _ than",
            "not the = sharpest|brightest|quickest|hungriest|fastest|strongest|most",
            "= never will be",
            "= not made|cut|built|suited|fit|wired|born ~ for|out|to ~ "
            "this|sales|selling|job|role|it|sell|hunting|closing|pressure|lead",
            "being|as|such|for a|an ~ = &flaw &seller|learner|starter|reader|listener|caller",
            "= lost cause|causes", "&rep|our|team ~ = weakest link",
            "the = problem|difficult child|one|person ~ in|of|on",
            "= typical|classic|usual|hopeless &very? "
            "&dud|&seller|junior|millennial|engineer|boomer|veteran|{rep}",
            "= has|have|having no|zero|little ~ "
            "talent|drive|discipline|ambition|spine|backbone|instinct|hunger|grit|bite|stamina",
            "&rep = never|just|simply will|can|does not? ~ get|learn|make|cut|understand|change|it",
            "= spend your time|energy elsewhere|on better", "= write|writing|wrote {rep} off",
            "&rep &be &very? = failure|disaster|burden|liability|nobody|amateur|coward|mess"),
        .unless = LIST("link ~ in ~ their|chain|process|plan|offer|argument",
                       "average|low|typical|bottom|weak|poor|usual|classic "
                       "person|people|employee|employees|member|members|hire|hires|player|players|"
                       "guy|colleague",
                       "slow|late|average|weak ~ person|people ~ their|there|{}",
                       "compared|comparison|next ~~ , &rep &be &flaw", "people|person on|at their",
                       "bad|poor|weak|slow|difficult people skills", "slow to answer|reply|open"),
        .bad = LIST("{{rep.first_name}} lacks hunger.",
                    "What would turn you from a B-player into an A-player?",
                    "How does it feel to be a low performer?"),
        .good = LIST("Which weak point of the proposal will they look at first?",
                     "What weak signal did you pick up in the last mail?"))
