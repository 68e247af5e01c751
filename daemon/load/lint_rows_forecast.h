/* lint_rows_forecast.h: questions for the number. Included by lint.c, in an order that matters. */

/* Harmless senses, for both files. */
#define FORECAST_UNLESS                                                                            \
    LIST("your ~ number|numbers ~ behind|below|ahead|above ~ "                                     \
         "&team|others|peers|else|&name|everyone",                                                 \
         "story|worry|reason|thinking|idea|need|person|wish behind the "                           \
         "number|numbers|figure|target",                                                           \
         "number|numbers|figure|figures on|in page|line|slide|the|their|table",                    \
         "when this|that|it is|was done|over",                                                     \
         "number|numbers|figure|figures|target|targets|forecast|budget|plan|quota ~ "              \
         "they|{}|he|she|their|somebody|customer|client "                                          \
         "gave|give|gives|told|named|mentioned|set|use|uses|quote|quoted|said|want|wants|have|"    \
         "has|need|needs",                                                                         \
         "why do|does|did|would|is|are|will they|{}|it|he|she|people",                             \
         "forecast|target|quota|number|budget ~ of their|the|his|her ~ "                           \
         "team|people|customer|plant|company|side",                                                \
         "want|wants|need|needs|see|has|have|hope|hopes to|it|the|this|them ~ by|before ~ "        \
         "year|quarter|month end",                                                                 \
         "their|customer's|{}'s|his|her|own ~ year|quarter|month end|close",                       \
         "target|goal|number ~ you set|gave|chose ~ yourself|for",                                 \
         "her|his|their|the "                                                                      \
         "laptop|book|door|folder|file|eyes|notebook|meeting|call|plant|shop|office|gate",         \
         "behind|below ~ everyone|everybody|others|colleagues|peers|team|average|&name",           \
         "chance|odds|chances of|for|that ~ "                                                      \
         "meeting|call|talk|visit|slot|week|coffee|chat|they|you|seeing|joining",                  \
         "come up with|in|to|the|when",                                                            \
         "they|he|she|their|customer|buyer|contact|people|users|chance to|for|they|people|she|he", \
         "what|how|who|which would|could ~ help|need|make you|it|them|this",                       \
         "how ~ &odds ~ feel|you ~ in|about|with|when *ing",                                       \
         "how ~ likely|sure|certain|confident &be|do|does|would|feel? they|he|she|their", "@*",    \
         "forecast sheet|file|form|call|meeting|template", "tell the director|boss",               \
         "tell|explain &wh", "their ~ year-end|month-end|quarter-end|plan|budget",                 \
         "{} ~ live|running|open|audit", "by when ~ need|needs|must|have|has|want|wants",          \
         "when ~ &be|do|does their|they|he|she",                                                   \
         "when ~ &be|do|does the "                                                                 \
         "!signature|po|order|contract|money|paper|deal|payment|renewal|ink",                      \
         "bet ~ {} would|will|make", "chance to|for|they",                                         \
         "their|customer's|his|her|{}'s|buyer's own? ~ "                                           \
         "&number|forecast|revenue|quota|quotas|pipeline",                                         \
         "phone|direct|mobile|telephone|office number",                                            \
         "your target customer|customers|group|market|account|accounts|person|audience",           \
         "to|by|before|until the|that meeting|talk|workshop|visit",                                \
         "they|{} ~ need|want|said|say|asked|ask ~~ by|before|into",                               \
         "how ~ close are|is|they|you",                                                            \
         "close ~ meeting|talk|call|conversation|gap|book|loop|visit|workshop|day|mail|to|letter", \
         "commit people|to|themselves|time|before",                                                \
         "contract|they|that|deal|budget|which|tender|window|books closed|closes|close|ends|runs", \
         "good|calm|quiet|busy|their end of the", "plan is", "lost|won ~ deals",                   \
         "quota holder|holders|system", "number did|do|does they|{}", "sign ~ of|that",            \
         "closing|close date of the? tender|offer", "forecast for their",                          \
         "they|{} make|hit|reach|miss|meet|beat ~ &number", "plan for the first",                  \
         "help|helps them|{}")

LINT_RULE(
        .code = "lint-forecast", .uses = NOT_PRAISE,
        .advice = "is a forecast question, not coaching; ask what the customer needs to see next",
        .patterns = LIST(
            "make|close|cover|fill|catch up? = the|your|this gap|shortfall|deficit|difference "
            "!between ~ ?",
            "= your|our|the month|quarter|year|number|target "
            "safe|secure|done|covered|saved|made|locked ~ ?",
            "= close|closing|land|sign|win|closes|lands this|next &period",
            "= make|hit|beat|reach|meet|exceed|making|hitting|reaching|beating|missed|achieve|miss "
            "your|the|our|this monthly|quarterly|sales? &number|forecast",
            "= make|hit|beat|reach|meet|exceed your|the|our|his|her|{rep}'s "
            "monthly|quarterly|sales? number|numbers|quota|target|forecast|commit",
            "= make|hit|making|hitting quota|plan|target",
            "your|the|a|our|this|my|current|latest|what|{rep}'s = "
            "forecast|commit|upside|quota|run-rate",
            "= quota|quotas",
            "= your ~ number|numbers|target|targets|quota|forecast|revenue|bookings "
            "!they|{}|of|that|he|she",
            "be|been = signed|closed|done|in by|before|until|this ~ &period",
            "= make|makes|made|making it into|in|inside this|the|our ~ quarter|month|year",
            "= comes|come in this|by|before &period",
            "= days|weeks until|till|to|before close|closing|signature|quarter",
            "deals|deal|pipeline|pipe|funnel|opportunities ~ = for|in|this|next|safe|still ~ "
            "&period|half|year|quarter",
            "how ~ &be &yours = pipeline|pipe|funnel", "in|have ~ the|your = pipe|pipeline|funnel",
            "when ~ we|i|you = expect|get|receive the|that|this|an|our "
            "order|signature|contract|po|money|deal|paper|business|revenue",
            "number ~ = sign up|you",
            "what|which ~ number ~ you ~ = sign|commit|promise|stand|willing",
            "how much|many|far ~~ = target|quota|number|goal ~ "
            "is|have|already|secured|covered|left|missing",
            "= save|rescue|salvage the|this|our|your month|quarter|year|number",
            "= pipeline big|enough|worth|large|look|cover",
            "for|on|of|from|to|in|is|versus|against = forecast|quota|commit|upside|best-case",
            "= forecast for|on|this|next|accuracy|call|number|look",
            "= a|in commit|best upside|case|or",
            "= commit to clos*|sign*|deliver*|the|a|# !small|first|next|practice|time",
            "= close|closing|land|sign|closes|lands|signs|landing|closed ~ "
            "this|by|before|in|next|end ~ &period",
            "= month|quarter|year end|close",
            "= revenue|bookings|turnover ~ will|can|from|this|you",
            "track|gap|far|away|short|distance ~ = for|from|to|of|with your|the? &number",
            "what|which number can|will|do|are you|we",
            "put|have|keep|leave|call ~ = in|as|down ~ commit|forecast|upside|pipeline",
            "= pipeline coverage|value|worth", "how much ~ = pipeline", "coverage = ratio|for",
            "= forecasted|forecasting|projected|projection|projections",
            "= ink|signature|paper|paperwork ~ by|before|this ~ &period",
            "best = case commit|or|number|for",
            "when|until|till|by when|what|which|month|date|quarter|week ~ "
            "do|will|can|could|should|would ~ we|you|i = get|have|see|receive|expect|count ~ "
            "order|po|contract|signature|money|paper|deal|revenue|renewal|paperwork|ink|business|"
            "orders|contracts",
            "how &odds ~~ = &quarter|month|year|30th|31st|target|number|commit",
            "what|which|how ~ = percent|percentage|probability ~ you|would|do|on|give|see|for",
            "how = many percent",
            "what ~ &yours = "
            "number|outlook|projection|estimate|commit|forecast|landing|figure|figures",
            "where|what|how ~ you|we ~ = "
            "end|ending|land|landing|finish|finishing|come|coming|wind|shake|net "
            "up|out|in|for|at|the|by|this ~ &period|up|out|for|at",
            "how|what|which ~ = turnover|revenue|sales|bookings|income|premium|volume|business ~ "
            "can|will|do|expect|calculate|from|you|we|this|plan|bring|for ~ "
            "you|we|i|this|from|bring|us",
            "= in|for the|a bag|commit|close ?",
            "which|how|what ~ "
            "deals|deal|these|those|them|opportunities|accounts|renewals|pipeline|quotes|tenders|"
            "customers ~ will|can|are|is|do|could|going ~ = "
            "close|land|sign|come|closing|landing|signing|in|convert|slip|drop|happen|fall|signed|"
            "closed|through|buy|order|count|won ~ "
            "by|this|before|in|next|until|within|first|through",
            "which|what|will|how ~~ be|get|being ~ = "
            "invoiced|booked|signed|closed|inked|converted|finalised|billed|won ~ "
            "this|by|before|in|next|until ~ &period",
            "do|does|will|can|are|is|could|going|to = "
            "make|hit|meet|beat|reach|land|achieve|making|hitting|meeting "
            "budget|plan|target|quota|goal|number",
            "expected|estimated|planned|likely|projected = "
            "closure|close|closing|signature|value|revenue|date|volume|order|booking|award",
            "coverage ~ = you|we|have|for|this|next|do|need|your|ratio|is|look",
            "how much|big|many|large|strong|deep|healthy ~ = pipeline|pipe|coverage|funnel|backlog",
            "&be|feel|feeling|sound &odds ~ = "
            "keeping|calling|putting|having|leaving|committing|about|with|in|of ~ "
            "commit|number|forecast|quarter|target|upside",
            "= get|bring|push|drag|take|pull|carry ~ over|across|home|in|through "
            "the|by|before|this ~ line|&period|finish",
            "far|short|off|away|behind|missing|gap|much ~ = your|the|our|from|to|of|for|until ~ "
            "quota|number|target|plan !of|group|for",
            "on|against|to|versus|vs|with|of|hit|make|reach|towards|above|below|over = "
            "your|our|the &very? &period? quota|number|target ?",
            "= on track|course|target|pace for|to|with ~ &yours|the|this|quarter|hit|make ~ "
            "&number|&period",
            "by|before|until|for|till|at = our|the? month-end|quarter-end|year-end|eoq|eom|eoy",
            "= sign up|commit|signing|committing for|to ~ &number|quarter|month|year",
            "= best|worst|most|likely|base|upside case|likely|scenario for|on|in|this|number|or",
            "what|how = is ~ realistic|your ~ for|this|by &period",
            "will|can|are|could|going ~ = save|make|rescue|pull|turn|finish|close|end "
            "the|your|our|this|out &period ~ strong|on|above|at|with|around|well|green|red",
            "^^ &aux !they|he|she|their|customer ~~ ? = &quarter",
            "= &month|&quarter close|closing|signature|landing|finish|booking|deal|deals|business",
            "when ~ i|we = expect|see|have|get|count|hold|receive|book|bank|plan ~~ "
            "order|po|contract|signature|money|paper|deal|revenue|renewal|paperwork|ink|business|"
            "orders|contracts",
            "good|still|on|ready|set = for a|the|this &month|&period ~ "
            "close|closing|signature|decision|start",
            "what|which|how ~~ = "
            "stretch|floor|ceiling|high|low-end|high-end|range|pessimistic|optimistic ~ "
            "number|for|case|on|scenario",
            "what|where ~ &be ~ = number|total|figure ~ for|by|at|on ~ &period|end",
            "= how much|many|big ~ in|for|by|this|next &month|&quarter",
            "= turn|turning|comes|come|coming|showing|show into|up|in|through ~~ &quarter",
            "which|what ~ deals|deal|opportunities ~~ = "
            "bonus|guarantee|certain|bankable|count|commit|sure|closing|sign|signing|land|landing",
            "before|when|until ~ = books|quarter|month|year|half|period closes|close|ends|end|is ~",
            "{}|you|deal|it|that|this|be|number|probability ~ at|to|above|below|over|around = "
            "a|one|# hundred|percent|%",
            "= a hundred percent ~ by|of|this|at",
            "be ~ at|above|over|below = #|plan|target|quota|a ~ by|at|this|end",
            "how|what|which ~ = "
            "deals|business|revenue|orders|policies|contracts|units|systems|machines ~ you|we ~ "
            "close|sign|sell|book|land|write|ship|place|win ~ in|by|this|before|next",
            "= beat|top|exceed|match|better last|previous "
            "quarter|month|year|week|quarter's|month's|year's|week's|q1|q2|q3|q4",
            "will|when|date|how ~ {}|it|deal|pipeline|this|we|you ~ into|to|as = "
            "revenue|cash|turnover|money",
            "what ~ = safe|realistic|honest|solid|firm|conservative|good number|figure|estimate",
            "where ~ you|we = on|at|with|against|for ~ number|month|quarter|year|target|quota",
            "missing|left|needed|to-go|go|lacking for|to|on|in|until the|your|our = "
            "month|quarter|number|target|year",
            "= going|happen to|come through|off|in|good|happen ~ this|before|by &very? &period",
            "what|how|which ~ = left to|until|in close|hit|make|target|quota ~ ?",
            "need|want|expect|give|send|tell ~ your = number|commit|forecast|numbers"),
        .unless = FORECAST_UNLESS,
        .bad = LIST("Will you make your number this quarter?",
                    "What do you commit for this quarter?",
                    "How much pipeline coverage do you have?"),
        .good = LIST("What number did they give for headcount in the new plant?",
                     "Which small act will you commit to before lunch?",
                     "What does their own forecast say about next year's demand?"))
