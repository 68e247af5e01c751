/* lint_rows_forecast_deal.h: questions whether and when a deal will close. Included by lint.c, in
 * an order that matters. */
LINT_RULE(
        .code = "lint-forecast", .uses = NOT_PRAISE,
        .advice = "is a forecast question, not coaching; ask what the customer needs to see next",
        .patterns = LIST(
            "= realistic|honest|firm|safe number|figure|estimate for|by|on",
            "how much &be {}|it|this|that|deal = worth !to",
            "what|which ~ number|figure|amount ~ i|we = give|tell|report|send|pass|put|take|show ~",
            "how &odds &be you = about|of|on the? #k|#|{n}|number|amount|commit ?",
            "squeeze|cram|push|get|fit|pull ~ = into|in|inside this|the ~ month|quarter|half|year "
            "?",
            "= {} commit , upside|best|pipeline|omitted|lost",
            "= have|had|got you down|in for|at #|{n}|the",
            "= confirm|update|check|fix|send ~ close|closing date|dates",
            "= pull|pulled|pulling|bring|drag|move|shift ~ forward|in|into ~ into|this|before|by ~ "
            "&period",
            "date|month|week|quarter|day will|does|is|do|can ~ = &ourdeal ~ be|get|is "
            "booked|signed|closed|in|placed|won|done|countersigned|final",
            "need|want|send|give|have ~ = best guess|estimate ~ {}|for|on|by",
            "= shortfall|gap-closing|overachieve|overachievement|run-rate|year-to-date",
            "what|which ~ you|we = pull|bring|get|squeeze|drag in|over|forward|home "
            "before|by|this|until",
            "when ~ = po|signature|order|contract|money ~ coming|due|arriving|landing|here|in $",
            "how many ~~ you = close|sell|sign|win|land",
            "when|what &period|date|month|will|do|does|can|should|is|are ~ &ourdeal ~ = "
            "close|closes|closing|sign|signs|land|lands|closed|signed "
            "!the|her|his|their|meeting|call|talk",
            "when will|do|does|can|could|would|should ~ they|he|she|{}|customer|client|buyer|we ~ "
            "= sign|close|order|buy|commit ?|by|this|before|the|on|it",
            "when ~ will|can ~ = close|land|sign",
            "what|how ~ will|does|would|can|should {} = bring|contribute|add|generate|yield "
            "us|you|in|this|next",
            "^^ how &odds ~ &be = {} ?",
            "how = sure|certain|safe|solid|firm|likely|realistic &be {}",
            "when is|are|will the|our|that|this|your = "
            "signature|order|contract|po|money|deal|paper|payment|renewal ~ "
            "coming|due|arriving|landing|happening|in|here",
            "when|until|by ~ {} ~ = come|happen|be|get in|through|off|done|home|over",
            "= ink ~ dry|dried",
            "if|whether {}|it|this|that|deal ~ = "
            "coming|closing|landing|signing|going|comes|closes|lands|signs "
            "in|this|before|by|to|through|next|on",
            "where|how ~ your ~ = come|land|end|finish|coming|landing out|in|at|up",
            "are|do|can|should|shall|will we|i = telling|tell|promise|promising|show the "
            "board|boss|ceo|leadership|management|investors",
            "^ will|can|are|do|shall ~ = win {}|it|this|that|the",
            "how sure|confident|certain|likely|safe|realistic ~~ = "
            "close|sign|win|land|come|happen|closing|winning|signing|closes|signs|comes",
            "is|will|does {}|it|this ~ = happen|happening|materialise|materialize "
            "this|by|before|in|next",
            "= bring|get|take|carry {}|it|this|them home",
            "how realistic|safe|solid|firm = is|are &slot ~ by|for|this|in",
            "best|your|good = guess|estimate|outlook|projection|call for|on",
            "do|does|will|would|is|think|sure ~ {}|they|it ~ = sign|buy|close|order "
            "by|before|this|in|until",
            "how confident|sure|certain &be you = in|of|about the? # ~ for|by|this|in",
            "= sandbag|sandbagging|sandbagged", "you|we = commit for|this|on|by|{}",
            "will|can|does|do|is|are|going|likely|able|when|could|would|should ~ "
            "{}|it|this|that|deal|you|they|we|one = to? close|land|sign|closing|landing|signing "
            "this|by|before|in|within|next|on",
            "= close {}|it|this|that|them ~ by|this|before|in", "when ~~ = close|sign|land $",
            "how likely|sure ~~ = close|sign|land $",
            "likely|sure|chance|chances|confident|probability|odds|certain ~~ = "
            "close|closes|sign|signs|closing|land|lands|closed "
            "!the|her|his|their|door|meeting|call|talk",
            "what|which ~ = close date|probability|likelihood",
            "= close|closing|signature date ~ now|for|of|still|{}",
            "= probability|likelihood|chance|chances|odds of|that|to",
            "= pull|pulled|pulling|bring in|forward|into|it|{}|this|that in|forward|into|this|over",
            "deals|we|you still = pull", "= over|across the line|finish",
            "where|what|how ~ you = land|end|finish|come up|in|at|out !with|to|sales|there|here",
            "how much ~~ you = bring|close|book|sell|deliver|generate|add|contribute",
            "= count|bank|rely on {}|#|you|this|it ~ for|this|in|from", "= gap to",
            "which|what|how ~ deals|deal ~ = come|coming|fall|drop|close|land|slip|sign "
            "in|out|this|into|by",
            "will|can|do|did|has|going ~ = slip|slipping|slipped into|again|to|out|past|twice",
            "how much|what revenue? ~ you|we = book|bill|invoice this|by|before|next",
            "you|we still = see|expect {}|#", "you|we ~~ = by how much",
            "when ~ = money|order|signature|contract|po come|in|arrive|land|be|signed|here",
            "get|have|need ~ = signature|signed|contract|order|po|ink by|before|this|until|next|in "
            "~ &period",
            "in ~ = bag",
            "when|until|till|by|how will|does|do|is|can|could|should|would|might|are ~ = "
            "{}|it|this|that|deal|order|contract|po|paper|renewal|one|they ~ "
            "signed|signs|sign|done|closed|close|land|ours|in|booked|final|finalised|through|inked|"
            "won|convert|converted|converting|getting $",
            "when|until|till|by &aux ~~ &ourdeal ~ = be|get|getting|gets|is "
            "signed|closed|converted|inked|booked|finalised|finalized|won|ours|done|in|over|"
            "countersigned",
            "when|what|which|month|date|quarter|week ~ do|will|can|could|should|would ~ we|you|i = "
            "book|invoice|close|win|land|sign ~ &ourdeal",
            "how|what|which|where|on ~ &odds ~~ = &ourdeal ~ &come",
            "= probability|likelihood|odds|chance|chances ~ "
            "we|you|they|{}|it|this|of|that|on|for|do",
            "= gut feeling? on|for ~ {}|it|this|the",
            "what|which|how ~ you|we = "
            "calling|pencilling|penciling|forecasting|booking|banking|promising|committing|signing|"
            "projecting|predicting|expecting|planning|putting|estimating ~ "
            "{}|in|on|for|at|it|to|up|down|this",
            "= pencil|pencilled|penciled|pencilling|book|booked|put|mark|marked ~ in|down "
            "for|as|on",
            "can|shall|may|should|could|do|will i|we = "
            "tell|promise|report|count|bank|rely|plan|put|assure|show ~ "
            "{}|it|this|on|with|board|deal",
            "will|does|is|can|do|are|would|has|think|believe|going ~ "
            "{}|it|this|that|these|order|contract|po|deal|deals ~ = "
            "come|close|land|sign|happen|signed|slip|drop|convert|in|fall|make|won|done|closed|"
            "through|still ~ this|before|by|in|still|next|until|for|within ~ &period",
            "&be|will {}|it|this|that|deal|one ~ = "
            "sure|safe|dead|done|cert|in|certain|solid|real|on|firm "
            "shot|bet|thing|cert|deal|certainty|commit|track",
            "= closure|closing|signing|signature|order|contract|po|award|close|booking "
            "date|month|timeline|day|quarter|forecast ~ {}|for|of|is|you|we|now|still",
            "date|month|quarter ~~ = {}|it|this|that|deal to|will|would|can|could|should? &come",
            "= over the line|finish|edge|hump ~ by|before|this|in|until",
            "do|can|will you ~ = still|really|actually? see|expect|count ~ {}|it|this ~ "
            "this|closing|coming|happening|by|before|in|landing|as",
            "^^ &aux ~ we|it|{}|this|that|the|they|deal ~~ = &quarter",
            "how = short|light|behind|far are|will|is we|you|your|it ~ be|off|short|behind|going",
            "= bet|stake|swear|guarantee|vouch|gamble|put|wager|commit ~ "
            "your|on|by|for|behind|it|money|bonus|house|hand ~ on|this|deals|deal|{}|month|it|into",
            "by|until which|what month|week|quarter|date ~~ = {}|it|deal",
            "&aux i|we|you|the|our ~ = count|bank|bet on|for ~ {}|it|this|that|these",
            "what|which|how ~ = haircut|weighted|weighting|gap-to|stage-weighted|category",
            "= a|on your? scale|ten|10|5|five ~~ {} ~ &come",
            "= get|bring|squeeze|sneak|push|pull {}|it|this|that|them in|through|over|done ~ "
            "before|by|this|until",
            "^^ are|do|will|can|shall we ~ = winning|win|getting|losing|get|lose "
            "{}|it|this|that|them"),
        .unless = FORECAST_UNLESS,
        .bad = LIST("When will {{deal.name}} close?", "How sure are you that they sign this month?",
                    "Can I tell the board that {{deal.name}} is coming in?"),
        .good = LIST("How do you want to close the meeting on Thursday?",
                     "By when does the customer need it running?",
                     "What would make {{deal.contact}} sign with a good feeling?"))

#undef FORECAST_UNLESS
