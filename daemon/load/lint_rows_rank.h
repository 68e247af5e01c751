/* lint_rows_rank.h: comparison and labels. Included by lint.c, in an order that matters. */
LINT_RULE(
        .code = "lint-rank", .uses = ANY_USE,
        .advice = "compares people; compare with the person's own earlier weeks",
        .patterns = LIST(
            "best|worst|top|strongest|weakest|slowest|fastest|first|last|most|fewest|"
            "lowest|highest|bottom|least|hardest ~ in|on|of|across|at the|our|your|this "
            "whole|entire|sales? &team",
            "&rep &be &very? = best|worst|fastest|slowest|top &seller",
            "= top performer|performers|seller|sellers|rep|reps|gun|dog|producer|"
            "producers|spot|scorer|earner",
            "star|high|highest performer|performers|achiever|achievers",
            "= leaderboard|leaderboards|scoreboard", "= league table|tables",
            "&rep &be ~ = top|bottom of|in the list|pack|heap",
            "top|bottom of|in the = table|"
            "ranking|rankings|pack|board|league",
            "your|the|this|team's = ranking|rankings",
            "= best|strongest|weakest|worst|star "
            "seller|sellers|rep|reps|closer|closers|performer|performers|player|players|colleague|"
            "colleagues",
            "&rep &be? = rank|ranks|ranked|placed "
            "&ord|#|above|below|behind|ahead|among|in|high|low|lower|higher",
            "= "
            "outrank|outranked|outperform|outperforms|outperformed|outsell|outsold|outpace|outdid|"
            "outclassed|outshone|outworked|outscored",
            "&rep ~ not $",
            "# colleagues|others|reps|sellers ~ = done|finished|ahead|faster|already|more|better",
            "= number one|1 &seller", "our|the|&be = number one &seller|in|on", "= #1",
            "number|place|position|rank|spot # ~ of|out|in|on|among",
            "= seventh|eighth|ninth|tenth|second|third|fourth|fifth|sixth|last out|of # ",
            "than|unlike = the|your others", "= everyone|everybody else|else's $", "&be = no . 1",
            "in|to|into|&be|take|took|put = first|second|third|fourth|fifth|sixth|seventh|"
            "eighth|ninth|tenth|last place|position|rank",
            "first|second|third|fourth|fifth|last|seventh|#th in|on|of the|our|your &team",
            "better|worse|faster|slower|more|less|fewer|harder|stronger|weaker|higher|lower|"
            "sooner|smaller|bigger|further|behind|ahead ~ than ~ other|&team|else|else's",
            "= than everyone|everybody|anyone|colleagues|peers|teammates|most",
            "= better|worse|faster|slower|more|less|fewer|higher|harder|sooner|quicker ~ than "
            "you|{rep}|him|her|yours "
            "!did|were|had|used|expected|thought|planned|made|think|have|are|do|can|need|know|want|"
            "hoped|would|ever",
            "twice|half|# as many|much ~ as &rep|&team",
            "&rep|is|are|be|far|well|fallen|way|you = ahead|behind of? the? rest? of? the|your|"
            "all|{rep} &team|colleagues",
            "ahead|behind|past|beyond of? = the|your others|rest|pack", "= ahead of you",
            "= beat|beats|beaten|beating|pass|overtake|overtook|passed everyone|everybody|anyone",
            "beat|beats|beating|pass|passed|overtake|left|leave|leaving ~ = the|your|all "
            "others|rest|colleagues|peers|field",
            "beat|beats|beating = the|your|all &team",
            "compare|compared|comparison|compares|measure|stack|up ~ to|with|against ~ colleagues|"
            "peers|others|team|rest|teammates|everyone",
            "= team average|mean|median", "average ~ of|on|in the|your = team|office|region",
            "unlike = your|the|most|all other? colleagues|peers|others|teammates",
            "= second|next|bested|inferior|superior to your|the colleagues|others|peers|none",
            "nobody|none else? = on|in|of the|our &team",
            "pass|passed|overtake|past|behind|catch ~ in the = ranking|table|list", "= than most",
            "place|places|spot|spots|rank|ranks in the ranking|"
            "list|table|standings",
            "= standings|podium",
            "compared|comparison|contrast|next|relative to|with|against _ , = &rep|&yours",
            "leads|leading|tops|heads the = board|table|field|list|pack|chart|charts",
            "dropped|moved|climbed|fell|slipped|rose|jumped|finished ~ = to|from|in|at|as &ord "
            "$|place|to|from|of|in|with"),
        .unless = LIST("best|worst|top|most of all",
                       "top|bottom of the call|page|mail|hour|agenda|"
                       "morning|offer|mind",
                       "list|table of|on|with|by",
                       "anyone|anybody|everyone|everybody else? you|they|we know|met|had",
                       "first|last thing|time|day|week|"
                       "person|one",
                       "best person|people|time|practice|way|day|moment|place",
                       "more|better|less than ~ own|before|last|earlier", "in|at the first place $",
                       "other|others help",
                       "number one worry|concern|priority|wish|question|need|issue",
                       "behind everyone's", "people in|on the|your"),
        .bad = LIST("You are the best rep on the team.",
                    "{{signal.calls}} calls: twice the team average.",
                    "Ben is ahead of you in the ranking."),
        .good = LIST("Who is the best person there to ask?",
                     "More visits than in your own last weeks.",
                     "The best time to call is before noon, they say."))
LINT_RULE(.code = "lint-label", .uses = ANY_USE,
          .advice = "labels a person; say what was seen, and when",
          .patterns = LIST(
              "= underperformer|underperformers|underperforming|low-performer|low-performers|"
              "non-performer|nonperformer|slacker|slackers|laggard|laggards|straggler|stragglers|"
              "struggler|strugglers|deadweight|loser|losers|quitter|dropout|b-player|"
              "b-players|c-player|c-players|a-player|b-team|crybaby|whiner|deadbeat",
              "= a|b|c player|players", "= dead weight", "= problem child|case|employee|rep",
              "= bad|rotten apple|apples|egg",
              "= "
              "deadwood|passenger|freeloader|sandbagger|order-taker|has-been|dud|flop|"
              "underachiever|under-performer|under-performers|underachievers|low-achiever",
              "= order taker|takers", "bottom = half|third|quartile|barrel|# of",
              "= weak|weaker|weakest|low|lowest|poor|poorer|bottom|average|mediocre|lazy|"
              "hopeless|struggling &seller",
              "&rep &be &very? &very? &very? = "
              "weak|lazy|hopeless|useless|incompetent|stupid|slow|unreliable|"
              "mediocre|undisciplined|disorganised|disorganized|unmotivated|clueless|timid|"
              "incapable|naive|passive|chaotic|careless|unfocused|disengaged|toxic|arrogant|shy|"
              "demotivated|complacent|inept|sloppy|unprofessional|hard-headed|stubborn|negative|"
              "defensive|insecure|uncoachable !link|of|on",
              "&rep &be &very? &very? = bad|poor|weak|terrible|hopeless|useless at|with|in|about",
              "&rep &be ~ not = "
              "sharp|good|strong|cut|made|built|able|capable|tough|hungry|smart|suited|fit|"
              "leadership|sales",
              "&rep ~ not have = it|what", "&rep = will never be|become|learn|make|change",
              "= not cut out", "&rep ~ not|never ~ = a|an _? &seller|type|material|kind",
              "slow|late = starter|starters|learner|learners|bloomer|burner",
              "= lack|lacks the? drive|talent|ambition|grit|discipline|brains",
              "&rep have|has no = talent|drive|discipline|ambition|spine|backbone|instinct",
              "not = sales|leadership|management material", "weak|weakest = link",
              "your|the kind|type of = &seller who|that never|always",
              "&rep &be &very? = failure|disaster|burden|liability|nobody|amateur|coward|mess"),
          .unless = LIST("people|person on|at their", "bad|poor|weak|slow|difficult people skills",
                         "slow to answer|reply|open"),
          .bad = LIST("What would turn you from a B-player into an A-player?",
                      "How does it feel to be a low performer?"),
          .good = LIST("Which weak point of the proposal will they look at first?",
                       "What weak signal did you pick up in the last mail?"))
