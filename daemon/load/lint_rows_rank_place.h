/* lint_rows_rank_place.h: places in a ranking. Included by lint.c, in an order that matters. */
LINT_RULE(
        .code = "lint-rank", .judges = true, .uses = ANY_USE,
        .advice = "compares people; compare with the person's own earlier weeks",
        .patterns = LIST(
            "the|your colleagues|others|peers|team|teammates ~ = average|averages|averaged #",
            "&name ~~ = in front|ahead of you|{rep}",
            "= every other rep|seller|colleague|salesperson",
            "= beating|outrunning|outpacing|overtaking you|{rep} !to|with|up",
            "^ !you|they|we|it|i|{}|the|after|in|on|of|this|that|last _ "
            "*ed|wrote|made|rang|has|did|got|had|sent # ~~ , = you "
            "*ed|wrote|made|have|did|got|rang|had|sent|only|are #|only|none|one",
            "&name ~ # ~~ , = you|yours|{rep} ~ #|only|none|zero|half",
            "your|the|our = neighbour|neighbor|predecessor|successor|deskmate|desk-mate ~~ "
            "twice|more|half|better|double|makes|already|sells",
            "pipeline|notes|activity|week|calendar|list|score|total|count|number|numbers|visits|"
            "calls ~ = *er than &name|hers|theirs",
            "= half|most|all|rest of? the|our team|office|floor|crew|branch|others ~ "
            "already|finished|done|hit|made|sent",
            "= ahead|behind of? the|all|our other|rest|fellow|remaining",
            "where|how ~ you|{rep} = stand|rank|sit|compare ~ on|in|within|among|against "
            "the|our|your &scope|&team",
            "= second|third|fourth|fifth|next to|from last|bottom",
            "visit|call|sales|weekly|monthly|team|our = ranking|rankings|league",
            "compared|comparison|next to|with &name ,? = you|your|{rep}",
            "&name ~ # ~ , = you|yours ~ #|only|none|zero|half", "like = you do|did|can|are $",
            "more|fewer|less|twice|half ~ &deed ~ = than|as|of &name",
            "^ better|worse|faster|slower|more|fewer|less = than &name",
            "= gap|distance between ~ you|your|{rep}",
            "= gap|distance between ~ and &yours|you|{rep}",
            "&name ~ made|has|had|did|got|at = # ~~ you|yours|your #|only|made|have|are|at|just",
            "&rep|your ~~ compared|measured = with|to|against &name",
            "^ first|top|last|second|third in|on|of the ~ table|list|ranking|chart|league",
            "in|,|for = first|last place|rank ,|again|this|in|on|for",
            "= # times as many|much|often ~ as you|yours|&name|your|the|anyone|everyone",
            "&rep|&yours ~~ = last|first|second|third|fourth|fifth|bottom in|of|on|at the|our|this "
            "team|group|class|region|branch|company|list",

            "&rep|&yours|{rep}'s ~~ = "
            "lowest|highest|weakest|strongest|worst|best|poorest|slowest|shortest ~ &scope",
            "= star|mvp|champion|king|queen|envy of the|our|this ~ "
            "team|office|floor|branch|&period|pack",
            "&rep|&yours|you ~~ = first|last|most|least ~ in|on|of|across|at|from ~ "
            "&scope|us|all|country",
            "most|fewest &deed = in|on|of|across|at|from ~ &scope|&team",
            "&rep &be ~ = number one|1",
            "&rep|&be|again|still|already ~ = number one !worry|concern $",
            "= number one in|on|of|this|again|for",
            "# ~ = places|spots|ranks|positions up|down|lower|higher|below|above|behind|ahead|from",
            "= up|down|climbed|dropped|fell|lost|gained # places|spots|ranks|positions",
            "&rep &be ~ = best|fastest|smartest|strongest|quickest|slowest|weakest "
            "in|on|of|at|here ~ room|team|office|all|us|building|floor|house|company",
            "= above|below|under|over average",
            "= eighth|seventh|ninth|tenth|sixth|fifth|fourth|third|second|last of "
            "#|all|the|our|your",
            "best|worst|top|strongest|weakest|slowest|fastest|first|last|most|fewest|lowest|"
            "highest|bottom|least|hardest ~ in|on|of|across|at the|our|your|this "
            "whole|entire|sales? &team",
            "&rep &be &very? = best|worst|fastest|slowest|top &seller",
            "= top "
            "performer|performers|seller|sellers|rep|reps|gun|dog|producer|producers|spot|scorer|"
            "earner",
            "star|high|highest performer|performers|achiever|achievers",
            "= leaderboard|leaderboards|scoreboard", "= league table|tables",
            "&rep &be ~ = top|bottom of|in the list|pack|heap",
            "top|bottom of|in the = table|ranking|rankings|pack|board|league",
            "your|the|this|team's = ranking|rankings", "&rep ~ not $", "= number one|1 &seller",
            "our|the|&be = number one &seller|in|on", "= #1",
            "number|place|position|rank|spot # ~ of|out|in|on|among",
            "= seventh|eighth|ninth|tenth|second|third|fourth|fifth|sixth|last out|of # ",
            "&be = no . 1",
            "in|to|into|&be|take|took|put = "
            "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last "
            "place|position|rank",
            "first|second|third|fourth|fifth|last|seventh|#th in|on|of the|our|your &team",
            "= team average|mean|median", "average ~ of|on|in the|your = team|office|region",
            "place|places|spot|spots|rank|ranks in the ranking|list|table|standings",
            "= standings|podium",
            "leads|leading|tops|heads the = board|table|field|list|pack|chart|charts",
            "best|worst|top|strongest|weakest|slowest|fastest|fewest|lowest|highest|bottom|finest|"
            "busiest|quietest ~ in|on|of|across|at|from ~ &scope|us|all|country|you",
            "= best|worst|strongest|weakest|fastest ~ we have|got|employ",
            "= average|median ~ &scope",
            "&rep ~ = strongest|weakest|best|worst|fastest|slowest|busiest|quietest|poorest &very? "
            "sales? "
            "person|seller|rep|man|woman|woman|executive|manager|one|caller|colleague|closer|"
            "performer",
            "place|position|rank|spot|number|no|slot = "
            "#|seven|one|two|three|four|five|six|eight|nine|ten|last out|of|in|on|among of|in|out",
            "on|in|at place|position|rank|spot|number = #|last|first",
            "stand|stands|sit|sits|come|came|finish|finished|finishing|are|ended|lie|lies ~ = "
            "&ord|# ~ in|of|out|on|among the|our|your|# "
            "&scope|&team|table|#|list|ranking|chart|region",
            "come|came|coming|finish|finished|finishing|ended|are|is|be = "
            "last|bottom|first|second|third in|on|again|of|across the|our|this|&team",
            "= top|bottom|head|foot|tail of the|our|this ~ "
            "table|league|list|class|ranking|rankings|pack|chart|charts|board|field",
            "= bottom|lowest # !minutes|questions|lines",
            "= bottom half|quartile|third|quarter|decile of|in|on the|our|your ~ "
            "&scope|&team|crew|branch",
            "= top #|half|quartile|third|quarter|decile of|in|on|again|among",
            "&rep|into|in|among ~ = top # $", "# = times your|yours|as",
            "&rep &be &very? = "
            "star|mvp|ace|backbone|engine|pride|face|heart|leader|winner|champion|king|queen|envy "
            "of|on the|our|this ~ &scope|&period|pack|field|quarter",
            "= league of your|their|his|her own", "= head and shoulders", "= a cut above",
            "what|how ~ do|does|is ~ number|top|best ~~ = that|which|what you "
            "do|are|have|can|could not",
            "= pecking order|hall of fame|mvp",
            "salesperson|seller|rep|employee|performer|salesman|player of = the",
            "= &ord out|among of? #|all|your",
            "&rep ~ are|is|come|came|stand|finish|rank|finished|ended|be ~ = "
            "second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|last $",
            "= last|first|second|third|fourth|fifth|bottom in|of|on|at the|our|this "
            "table|league|ranking|chart|standings",
            "= no other rep|colleague|seller|salesperson|person|team|closer|one",
            "= into|in|among|of|reach|make|crack the|our top # of|in|again|this|on|already",
            "= lowest|highest|weakest|strongest|worst|best|poorest|slowest|shortest ~ "
            "team|floor|branch|crew|squad|chart|region|territory|office|sales|pod|cohort|us",
            "dropped|moved|climbed|fell|slipped|rose|jumped|finished ~ = to|from|in|at|as &ord "
            "place|to|from|of|in|with"),
        .unless = RANK_UNLESS,
        .bad = LIST("You are the best rep on the team.", "You are fifth out of six this month."),
        .good = LIST("Who is the best person there to ask?",
                     "The best time to call is before noon, they say.",
                     "How do they rank the three needs they named?"))

#undef RANK_UNLESS
