/* lint_rows_blame.h: blame. Included by lint.c, in an order that matters. */
LINT_RULE(
        .code = "lint-blame", .uses = ANY_USE, .advice = "blames; ask what would help next time",
        .patterns = LIST(
            "= why do|did|have|are|were|could|would|can|will not you|we|anyone|anybody",
            "= why on|the|in earth|hell|heaven",
            "why|how ~~ did|has|was|is|were|had|come = nobody|nothing|no|none",
            "why ~ = you|{rep} ~ not|never|only|late|still|again|so",
            "why|how &be|come you|{rep} = still|always|so|late|only|again",
            "= why do|did|have|are|were|could|would|can you "
            "not|never|always|only|still|keep|ignore|let|wait",
            "= how come you|the|we|nobody", "= &aux not you|{rep}|he|she have",
            "why &be ~~ = "
            "late|left|missing|waiting|forgotten|empty|delayed|overdue|unanswered|ignored",
            "what = made you think|believe|assume", "what = possessed you",
            "you|{rep} = left|leave|kept the? {}|them|him|her|customers|customer ~ "
            "waiting|hanging|without|alone",
            "^ = had &rep ~ earlier|sooner|before|listened|asked|prepared|called|checked|followed",
            "how ~ did you = lose|miss|blow|ruin|forget|waste", "= once again &rep|&yours",
            "why &aux not = the|this|that|there|your",
            "your|{rep}'s = job|duty|task|responsibility to", "&wh = on earth",
            "&wh = the hell|heck|devil", "&rep &be ~ = late for|again|with|to",
            "thanks to your = silence|delay|mistake|absence|inaction|carelessness|error|mail|haste",
            "= blew it|the",
            "why did|do you = "
            "lose|miss|forget|ignore|let|skip|drop|fail|wait|quit|hesitate|avoid|refuse|leave|"
            "waste",
            "= nobody|none|no-one but|except you|{rep}",
            "= you|{rep}|he|she should|ought to? not|never? have|had",
            "who ~ = messed|screwed|forgot|failed|ruined|blew|botched|dropped",
            "you = ought to have", "&rep &be = supposed|meant|expected to",
            "&rep &be ~ = told|warned|reminded|instructed to|twice|before|about|already|that|often",
            "&rep &be asked = twice|repeatedly|again|to",
            "i|we|{} = told|asked|warned|reminded you ~ twice|times|already|before|not|to",
            "how often|many = do|must|times",
            "= &rep|have|has failed|forgot|forgotten|neglected|overlooked|ignored|botched|"
            "ruined|wasted|screwed|messed|mishandled",
            "&rep have|had = failed|forgotten|neglected|ignored|overlooked",
            "< = you have|had ~ not|never !missed|lost|failed|given|stopped|let|wasted|yet? !to",
            "see|seems|looks|noticed|shows|says|know|means|because|since|that|notice = you "
            "have|did not &duty",
            "because|since = you did not", "= could you not have|just|at",
            "< = you|{rep} never|rarely|seldom _", "< = you|{rep} did|do|does not bother|care|even",
            "= had|if you ~ listened|called|asked|prepared|checked|followed|been|done ~ , "
            "would|we|this|it|they",
            "if only = you|{rep}",
            "&rep|it &be|was ~ = negligent|irresponsible|inexcusable|unforgivable",
            "= explain yourself|why you", "= account for your|the", "what = excuse|excuses",
            "= no excuse|excuses", "how did you = let|allow to|this|that|it|{}",
            "&rep &be = the reason", "what took = you so",
            "&rep|you = let them|him|her|{} down|wait|hanging",
            "&rep left|kept = them|him|her|{}|customers waiting|hanging|alone|in",
            "&be|why ~ you = always late|behind|slow|last",
            "you always = forget|miss|forgot|ignore|wait|interrupt|talk",
            "= how could|dare you !help|make|"
            "use|ask|find|show|open|know|learn|get|bring|start|turn|try|build|do|be|tell|help|"
            "reach|move",
            "how could you = forget|miss|let|ignore|lose|not|send|say|do this|that|it",
            "= your|whose|{rep}'s fault|excuse|mistake|failure|blunder",
            "is|was|are your = excuse|fault|excuses", "= to blame", "= because of you",
            "= what were you thinking", "= what is|was wrong with you",
            "did|have|had|has you|{rep} do|done? = wrong !for|to",
            "where|what|how ~ you = mess|screw|go|went|fail|lose|blow up|wrong|it|{}|that|to|the",
            "on &yours = watch", "you = let it slip|slide|die|go", "you let = {} slip|die|slide",
            "you|{rep} = lost us|them|the deal|it by|because|through",
            "lost|died|failed because &rep", "&rep = dropped the ball",
            "&rep &be = responsible for the? loss|delay|mess|damage", "= you|{rep} cost us",
            "= you again|once|never|still again|more|forgot|failed",
            "how often|many times do|must|did i|we = have|tell|need", "i|we = told|warned you",
            "thanks to = you|your ~ lost|late", "= you|{rep} caused",
            "&rep = should|could know|known better"),
        .unless = LIST("you should|could have any|questions|a|time", "if you|{rep} should|could",
                       "never|not|rarely have|need to",
                       "never|not|rarely "
                       "met|been|gave|give|gives|let|stopped|stop|lose|lost|know|need|quit|give|"
                       "tire|tired|seem|hear|heard|seen|saw|mind",
                       "asked to move|stop|be|skip|get|talk|hear|have", "not told|yet ?",
                       "told {} that"),
        .bad = LIST("Why didn't you call {{deal.contact}} back?",
                    "You should have asked. What happened?"),
        .good = LIST("What have you not asked them yet that you are curious about?",
                     "What would you try next time?"))
LINT_RULE(.code = "lint-blame", .uses = NOT_PRAISE,
          .advice = "blames; ask what would help next time",
          .patterns = LIST("< = you|{rep} did not _", "< = you knew the|that|it|how|about",
                           "< = you|{rep} have|has not _",
                           "= you|{rep} missed the|your|a chance|moment|"
                           "opportunity|signal|meeting|call|point"),
          .unless = LIST("not "
                         "have|need|give|stop|want|wish|expect|choose|like|agree|mean|lose|lost|"
                         "miss|missed|let|mind|get|hear|know|fail|failed|been|met|had|to",
                         "{rep} has not",
                         "{rep} did|has|have not answer|answered|reply|respond|want|ask",
                         "ask|call|contact me|us"),
          .bad = LIST("You did not log a single call. What kept you?"),
          .good = LIST("What did you leave out on purpose?"))
