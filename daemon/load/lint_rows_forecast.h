/* lint_rows_forecast.h: forecast questions. Included by lint.c, in an order that matters. */
LINT_RULE(
        .code = "lint-forecast", .uses = NOT_PRAISE,
        .advice = "is a forecast question, not coaching; ask what the customer needs to see next",
        .patterns = LIST(
            "= close|closing|land|sign|win|closes|lands this|next &period",
            "= make|hit|beat|reach|meet|exceed|making|hitting|reaching|beating|missed|achieve|miss "
            "your|the|our|this monthly|quarterly|sales? &number|forecast",
            "= make|hit|beat|reach|meet|exceed your|the|our|his|her|{rep}'s "
            "monthly|quarterly|sales? number|numbers|quota|target|forecast|commit",
            "= make|hit|making|hitting quota|plan|target",
            "your|the|a|our|this|my|current|latest|what|{rep}'s = "
            "forecast|commit|upside|quota|run-rate",
            "= quota|quotas",
            "= your ~ number|numbers|target|targets|quota|forecast|revenue|bookings",
            "are|do|can|should|shall|will we|i = telling|tell|promise|promising|show the "
            "board|boss|ceo|leadership|management|investors",
            "be|been = signed|closed|done|in by|before|until|this ~ &period",
            "^ will|can|are|do|shall ~ = win {}|it|this|that|the",
            "how sure|confident|certain|likely|safe|realistic ~~ = "
            "close|sign|win|land|come|happen|closing|winning|signing|closes|signs|comes",
            "= make|makes|made|making it into|in|inside this|the|our ~ quarter|month|year",
            "= comes|come in this|by|before &period",
            "= days|weeks until|till|to|before close|closing|signature|quarter",
            "deals|deal|pipeline|pipe|funnel|opportunities ~ = for|in|this|next|safe|still ~ "
            "&period|half|year|quarter",
            "how ~ &be &yours = pipeline|pipe|funnel", "in|have ~ the|your = pipe|pipeline|funnel",
            "when ~ we|i|you = expect|get|receive the|that|this|an|our "
            "order|signature|contract|po|money|deal|paper|business|revenue",
            "is|will|does {}|it|this ~ = happen|happening|materialise|materialize "
            "this|by|before|in|next",
            "= bring|get|take|carry {}|it|this|them home", "number ~ = sign up|you",
            "what|which ~ number ~ you ~ = sign|commit|promise|stand|willing",
            "how much|many|far ~~ = target|quota|number|goal ~ "
            "is|have|already|secured|covered|left|missing",
            "how realistic|safe|solid|firm = is|are &slot ~ by|for|this|in",
            "best|your|good = guess|estimate|outlook|projection|call for|on",
            "do|does|will|would|is|think|sure ~ {}|they|it ~ = sign|buy|close|order "
            "by|before|this|in|until",
            "how confident|sure|certain &be you = in|of|about the? # ~ for|by|this|in",
            "= save|rescue|salvage the|this|our|your month|quarter|year|number",
            "= sandbag|sandbagging|sandbagged", "= pipeline big|enough|worth|large|look|cover",
            "for|on|of|from|to|in|is|versus|against = forecast|quota|commit|upside|best-case",
            "= forecast for|on|this|next|accuracy|call|number|look",
            "= a|in commit|best upside|case|or", "you|we = commit for|this|on|by|{}",
            "= commit to clos*|sign*|deliver*|the|a|# !small|first|next|practice|time",
            "will|can|does|do|is|are|going|likely|able|when|could|would|should ~ "
            "{}|it|this|that|deal|you|they|we|one = to? close|land|sign|closing|landing|signing "
            "this|by|before|in|within|next|on",
            "= close|closing|land|sign|closes|lands|signs|landing|closed ~ "
            "this|by|before|in|next|end ~ &period",
            "= close {}|it|this|that|them ~ by|this|before|in", "when ~~ = close|sign|land $",
            "how likely|sure ~~ = close|sign|land $",
            "when|likely|sure|chance|chances|confident|probability|odds|certain ~~ = "
            "close|closes|sign|signs|closing|land|lands|closed",
            "what|which ~ = close date|probability|likelihood",
            "= close|closing|signature date ~ now|for|of|still|{}",
            "= probability|likelihood|chance|chances|odds of|that|to",
            "= pull|pulled|pulling|bring in|forward|into|it|{}|this|that in|forward|into|this|over",
            "deals|we|you still = pull", "= over|across the line|finish",
            "where|what|how ~ you = land|end|finish|come up|in|at|this|the|out",
            "= month|quarter|year end|close",
            "how much|many ~~ you = bring|close|book|sell|deliver|generate|add|close|contribute",
            "= revenue|bookings|turnover ~ will|can|from|this|you",
            "= count|bank|rely on {}|#|you|this|it ~ for|this|in|from",
            "track|gap|far|away|short|distance ~ = for|from|to|of|with your|the? &number",
            "= gap to",
            "which|what|how ~ deals|deal ~ = come|coming|fall|drop|close|land|slip|sign "
            "in|out|this|into|by",
            "will|can|do|did|has|going ~ = slip|slipping|slipped into|again|to|out|past|twice",
            "what|how ~ you|we = book|bill|invoice this|by|before|next",
            "you|we still = see|expect|have {}|#", "= by how much",
            "what|which number can|will|do|are you|we",
            "put|have|keep|leave|call ~ = in|as|down ~ commit|forecast|upside|pipeline",
            "= pipeline coverage|value|worth", "how much ~ = worth|pipeline",
            "coverage = ratio|for", "= forecasted|forecasting|projected|projection|projections",
            "when ~ = money|order|signature|contract|po come|in|arrive|land|be|signed|here",
            "get|have|need ~ = signature|signed|contract|order|po|ink by|before|this|until|next|in",
            "= ink|signature|paper|paperwork ~ by|before|this ~ &period", "in ~ = bag",
            "best = case commit|or|number|for",
            "need|want|expect|give|send|tell ~ your = number|commit|forecast|numbers"),
        .unless =
            LIST("their|customer's|his|her|{}'s|buyer's own? ~ "
                 "&number|forecast|revenue|quota|quotas|pipeline",
                 "phone|direct|mobile|telephone|office number",
                 "your target customer|customers|group|market|account|accounts|person|audience",
                 "to|by|before|until the|that meeting|talk|workshop|visit",
                 "they|{} ~ need|want|said|say|asked|ask ~~ by|before|into",
                 "how ~ close are|is|they|you",
                 "close ~ "
                 "meeting|talk|call|conversation|gap|book|loop|visit|workshop|day|mail|to|letter",
                 "commit people|to|themselves|time|before",
                 "contract|they|that|deal|budget|which|tender|window|books "
                 "closed|closes|close|ends|runs",
                 "good|calm|quiet|busy|their end of the", "plan is", "lost|won ~ deals",
                 "quota holder|holders|system", "number did|do|does they|{}", "sign ~ of|that",
                 "closing|close date of the? tender|offer", "forecast for their",
                 "they|{} make|hit|reach|miss|meet|beat ~ &number", "plan for the first",
                 "help|helps them|{}"),
        .bad = LIST("Will you make your number this quarter?", "When will {{deal.name}} close?",
                    "What do you commit for this quarter?"),
        .good = LIST("What number did they give for headcount in the new plant?",
                     "Which small act will you commit to before lunch?",
                     "How do you want to close the meeting on Thursday?"))
