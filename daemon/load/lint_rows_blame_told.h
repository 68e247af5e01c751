/* lint_rows_blame_told.h: accusations. Included by lint.c, in an order that matters. */
LINT_RULE(
        .code = "lint-blame", .judges = true, .uses = ANY_USE,
        .advice = "blames; ask what would help next time",
        .patterns = LIST(
            "&rep let ~ = lead|deal|account|contact|customer|trial|offer|talk go|get|run|fall "
            "cold|quiet|stale|dry|dead|asleep",
            "= is|was|are|were entirely|all|solely|clearly? down to you|{rep} $",
            "{rep}|you lost ~ = through|by ~ "
            "carelessness|negligence|neglect|slowness|haste|laziness",
            "your|{rep}'s &lapse|missing|late|wrong ~ = held|set ~ up|back", "&rep = scared off",
            "by|through|out ~ = your|{rep}'s carelessness",
            "your|{rep}'s ~~ = put|drove|scared|turned|frightened|chased|held "
            "them|him|her|us|{}|it|everyone|the ~ off|away|up",
            "= you|{rep} waited|hesitated|took ~ too|so long",
            "= because|result|fault|thanks|due of|to? &yours &poor &workpiece|work|handling",
            "you|{rep} = left|leave|kept the? {}|them|him|her|customers|customer ~ "
            "waiting|hanging|without|alone",
            "^ = had &rep ~ earlier|sooner|before|listened|asked|prepared|called|checked|followed",
            "= once again &rep|&yours", "your|{rep}'s = job|duty|task|responsibility to",
            "&rep &be ~ = late for|again|with|to",
            "thanks to your = silence|delay|mistake|absence|inaction|carelessness|error|mail|haste",
            "= blew it|the", "= nobody|none|no-one but|except you|{rep}",
            "= you|{rep}|he|she should|ought to? not|never? have|had", "you = ought to have",
            "&rep &be = supposed|meant|expected to",
            "&rep &be ~ = told|warned|reminded|instructed to|twice|before|about|already|that|often",
            "&rep &be asked = twice|repeatedly|again",
            "i|we = told|asked|warned|reminded you ~ twice|times|already|before|not",
            "= &rep "
            "failed|forgot|forgotten|neglected|overlooked|ignored|botched|ruined|wasted|screwed|"
            "messed|mishandled",
            "&rep have|had = failed|forgotten|neglected|ignored|overlooked",
            "< = you have|had ~ not|never !missed|lost|failed|given|stopped|let|wasted|yet? !to",
            "see|seems|looks|noticed|shows|says|know|means|because|since|that|notice = you "
            "have|did not &duty",
            "because|since = you did not", "= could you not have|just|at",
            "< = you|{rep} did|do|does not bother|care|even",
            "= had|if you ~ listened|called|asked|prepared|checked|followed|been|done ~ , "
            "would|we|this|it|they",
            "if only = you|{rep}",
            "&rep|it &be|was ~ = negligent|irresponsible|inexcusable|unforgivable",
            "must|to|should|please = account for your|the", "= no excuse|excuses",
            "&rep &be = the reason", "&rep|you = let them|him|her|{} down|wait|hanging",
            "&rep left|kept = them|him|her|{}|customers waiting|hanging|alone|in",
            "you always = forget|miss|forgot|ignore|wait|interrupt|talk",
            "is|was|are your = excuse|fault|excuses", "= to blame", "= because of you",
            "did|have|had|has you|{rep} do|done? = wrong !for|to", "on &yours = watch",
            "you = let it slip|slide|die|go", "you let = {} slip|die|slide",
            "you|{rep} = lost us|them|the deal|it by|because|through",
            "lost|died|failed because &rep", "&rep = dropped the ball",
            "&rep &be = responsible for the? loss|delay|mess|damage", "= you|{rep} cost us",
            "= you again|once|never|still again|more|forgot|failed", "i|we = told|warned you",
            "thanks to = you|your ~ lost|late", "= you|{rep} caused",
            "= you|{rep} should|ought|might ~ have "
            "been|*ed|known|told|sent|rung|gone|seen|asked|come|brought|done|made|given|taken|kept|"
            "said|written|met|put|let|spoken|got|read|begun|left|held|found|thought|paid|had|set|"
            "cut|dealt",
            "^ = you|{rep} could|might at? least? have "
            "been|*ed|known|told|sent|rung|asked|brought|done|said|written|put|spoken",
            "= if|had only? you|{rep} ~~ , i|we|they|it|this|that|{}|he|she|the|there "
            "would|could|might|may",
            "would|could|might ~ have|still ~ = if|had only? you|{rep} had|would|only|been|not",
            "= if only you|{rep}", "that|this|it|one ~ &be = on|down to? you|{rep}",
            "= your fault|doing|mistake|blunder|error|oversight|negligence|responsibility|problem",
            "it|that|this|the ~ was = &yours job|task|duty|turn|responsibility",
            "&rep = &spoiled us|me|the|our|it|this|{}|your|to|them|him|her|another",
            "&rep ~ let|letting ~ = "
            "slip|lapse|die|slide|expire|cold|drop|drift|down|fizzle|rot|wait|hang",
            "&rep &be ~ = careless|negligent|irresponsible|unprepared|asleep|too late|slow|sloppy "
            "with|about|again|on|in|when|to",
            "lost|dark|cold|gone|left|fell|failed|late|angry|silent|quiet|dead|died|stuck|upset|"
            "furious|annoyed|signed|chose|elsewhere|went|ruined|delayed|stalled|unhappy|blown ~~ = "
            "because|since|as &rep",
            "= because|due|thanks|owing|result|down|given of|to &yours &very? _? &lapse",
            "by|with|through ~ = your|{rep}'s &very? _? &lapse",
            "< = you|{rep} had|have one|a job|task",
            "= you|{rep} left it|this|them|everything|the ~ too|late|open|lie|until|to|half",
            "= you|{rep} have|has ~ "
            "forgotten|neglected|missed|ignored|skipped|dropped|failed|wasted|lost|overlooked|let|"
            "broken",
            "= do|did|can|could|would you ever|even|not "
            "think|read|listen|check|prepare|look|bother|care|learn",
            "your|{rep}'s ~~ = "
            "cost|delayed|lost|ruined|killed|scared|sank|sunk|wrecked|caused|broke|annoyed|upset|"
            "hurt|damaged us|them|the|{}|it|this|our|him|her",
            "&rep = scared|drove|frightened|put|chased|turned|pushed "
            "them|{}|him|her|customer|the|buyer ~ off|away|out",
            "= you|{rep} had|have only|just to",
            "= if you|{rep} had|would ~~ , i|we|they|it|this|that|{}|he|she",
            "= we|it|{}|they|i would|could|might|should ~ have ~~ if you|{rep} had|would",
            "= i|we had to|needed ~ "
            "clean|fix|repair|redo|save|apologise|apologize|chase|cover|correct|explain ~~ "
            "you|your|{rep}|after|behind|up",
            "to|say|speak say|speak? = for yourself", "= is|are you not ashamed",
            "= manage|managed|contrive|able|possible to "
            "lose|miss|forget|annoy|upset|ruin|overlook|ignore|blow|fail|wreck|spoil|break|offend",
            "&rep "
            "really|simply|just|clearly|totally|completely|badly|seriously|obviously|truly|both = "
            "&spoiled",
            "= entirely|completely|solely|clearly &yours "
            "fault|responsibility|doing|mistake|problem|failure|error",
            "= you|{rep} started|began|came|went|walked|turned|showed ~ without "
            "a|any|the|your|preparation|asking|late",
            "= you|{rep} just|simply|only had to",
            "= you|{rep} go|went behind|over|against|around ~ back|head|advice|me|my|wish",
            "= against my|our|all better|advice", "= on|under your watch|shift",
            "= responsible|accountable|guilty for|of this|the|that "
            "disaster|mess|loss|delay|failure|mistake|error|chaos|fiasco",
            "= because|since|as nobody|none|someone|no one? ~ &rep|your|us|here|side|team",
            "{rep}|you|he|she lost|loses|lose ~ = through|by|because|due",
            "= you|{rep} made them|{}|customer|her|him|us "
            "angry|wait|feel|leave|furious|lose|look|late",
            "= time and again you|your", "= you|{rep} promised ~ and|but ~ not|never|nothing|still",
            "= i|we told|warned you|{rep} ~ to|not|that|about|twice|before|already",
            "more|better|than|less|what|not ~ = expected of|from you",
            "= by going|rushing|being|not|failing|forgetting|ignoring|waiting|talking|sending ~ "
            "unprepared|too|late",
            "&rep ~ = not bother|bothered|care|lifted", "&rep = should|could know|known better"),
        .unless = BLAME_UNLESS,
        .bad = LIST("You should have asked. What happened?", "You let the renewal lapse.",
                    "That one is on you."),
        .good = LIST("What have you not asked them yet that you are curious about?",
                     "You let {{deal.contact}} finish. What did she add?"))

LINT_RULE(.code = "lint-blame", .judges = true, .uses = NOT_PRAISE,
          .advice = "blames; ask what would help next time",
          .patterns = LIST(
              "< = you|{rep} never|rarely|seldom _", "< = you|{rep} did not _",
              "< = you knew the|that|it|how|about", "< = you|{rep} have|has not _",
              "= you|{rep} missed the|your|a chance|moment|opportunity|signal|meeting|call|point"),
          .unless = LIST(
              "never|not|rarely "
              "rushed|pushed|complained|hurried|raised|interrupted|forgot|forget|wavered|looked|"
              "wanted|sold|oversold|panicked|lectured|met|been|gave|give|gives|let|stopped|stop|"
              "lose|lost|know|need|quit|tire|tired|seem|hear|heard|seen|saw|mind|promised",
              "why do not you|we just|simply",
              "if|had &rep had? not "
              "asked|called|insisted|noticed|stayed|kept|come|pushed|checked|rung|told|spoken|"
              "listened",
              "you could|might ~~ , could|might not you", "because you had",
              "why &aux not you ~ like|as &name|the|others|everyone|him|her|your",
              "not let|letting ~ drop|slip|go|slide", "not|never letting",
              "why &aux not anyone|anybody|nobody|somebody ~ at|on|in|from|over|there ~ "
              "their|{}|customer|customer's|there",
              "come you are|were such|so|a",
              "not "
              "have|need|give|stop|want|wish|expect|choose|like|agree|mean|lose|lost|miss|missed|"
              "let|mind|get|hear|know|fail|failed|been|met|had|to",
              "{rep} has not", "{rep} did|has|have not answer|answered|reply|respond|want|ask",
              "ask|call|contact me|us"),
          .bad = LIST("You did not log a single call. What kept you?"),
          .good = LIST("What did you leave out on purpose?"))

#undef BLAME_UNLESS
