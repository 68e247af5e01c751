/* lint_rows_praise.h: praise for the number, and praise for nothing. Included by lint.c, in an
 * order that matters. */

/* Signs of something that was done, for praise. */
#define EVIDENCE                                                                                   \
    LIST("!i|we|is|are|was|be|so|very|really|well|nicely|beautifully|lately !&won *ed "            \
         "!work|job|deal",                                                                         \
         "!i|we "                                                                                  \
         "made|kept|went|took|rang|wrote|sent|gave|found|came|brought|held|met|spoke|said|told|"   \
         "began|ran|built|put|let|left|heard|learned|stood|set|read|drew|spent|rewrote|stuck|sat|" \
         "drove|taught|chose|broke|fought|caught|thought|sought|swallowed|flew|bought|drank|paid|" \
         "lost|shook|rode|woke|fell|slept|dug|cut|led|grew|threw|hid|knew|blew|tore|wore|bent|"    \
         "dealt|pulled|rehearsed !over|it|your|great|good|headlines|history",                      \
         "!so|truly|really|absolutely|simply|an "                                                  \
         "!bagging|clinching|sealing|securing|achieving|beating|making|getting|reaching|being|"    \
         "smashing|going|doing|moving|looking|rolling|winning|closing|selling|amazing|"            \
         "outstanding|inspiring|exciting|stunning|morning|evening|everything|something|anything|"  \
         "nothing|meeting|pushing|rocking|crushing|killing|landing|growing|during|coming|king|"    \
         "thing|bring|signing|spring|shining|flying|trying|killing|beaming|smiling|working|"       \
         "pleasing|string|hitting|dazzling|charming|cracking|rattling|roaring|blistering|boring|"  \
         "interesting|cunning|daring|ring|wing *ing "                                              \
         "!effort|job|work|performance|stuff|show|week|success|display|result|quarter",            \
         "# ~ "                                                                                    \
         "calls|visits|talks|attempts|questions|times|mails|tries|days|drafts|mornings|meetings|"  \
         "notes|people|touches|conversations|hours|weeks|months|evenings|nos|versions|pages|"      \
         "trips|sites|lines|interviews",                                                           \
         "&yours ~ "                                                                               \
         "question|questions|notes|preparation|patience|summary|draft|version|honesty|mail|"       \
         "drawing|list|opening|research|story|sketch|minutes",                                     \
         "the|for|how way|work|effort|hours|you ~ you|{rep}|{}|asked|listened|stayed|kept",        \
         "_ after _", "_ _ _ _ _ _ _ _ _ _ _ _",                                                   \
         "closed the talk|call|meeting|visit|conversation", "without a|any|one",                   \
         "!as|soon before|until|while|although|though",                                            \
         "first call|visit|talk|time|attempt in|with|after|since",                                 \
         "each|every call|time|day|question|morning|visit|one ~ you|with|in")

LINT_RULE(
        .code = "lint-outcome-praise", .uses = USE(LINT_PRAISE) | USE(LINT_CARD),
        .advice = "praises the number; name the effort that led to it",
        .patterns = LIST(
            "!without|no|about|their|for|save|saves|saving|lose|lost = "
            "money|commission|bonus|revenue !can|left|back|question|problem|they|she|he",
            "{n}|#k in|at = one|a go|swoop|day|week|stroke",
            "= #k month|week|quarter|deal|year|day", "= another {n}|#k ~ for|in|on|towards",
            "another|# = {n}|#k on|in|for|towards ~ board|books|quarter|month|year|kitty",
            "= #k in|on the ~ bag|board|books|bank", "{} ~ = on board|through|signed|aboard $",
            "{} ~ = on board|aboard , congratulations|congrats|well|great|bravo|kudos",
            "&rep|we|{} ~ = "
            "hit|made|beat|reached|met|smashed|crushed|exceeded|achieved|passed|topped|blew|"
            "cleared|nailed|delivered &very? your|the|our|his|her|monthly|quarterly|annual? "
            "monthly|quarterly|annual|sales|full? &number",
            "= hit|made|beat|smashed|crushed|exceeded the|your|our|his|her? &number",
            "= over|above|past|beyond|ahead of? the|your? quota|target|number|plan",
            "# percent|% ~ = of ~ &number", "= %|percent of &number", "= quota",
            "&number = "
            "reached|met|hit|beaten|achieved|exceeded|cracked|made|smashed|done|fulfilled",
            "makes|saves|made|saved|rescued|crowns = your|the|our|us quarter|month|year",
            "on the = board|scoreboard", "at|with # = percent|%",
            "contract|deal|order|po|signature|paper|{} ~ &be = in $",
            "contract|deal|order|po|signature|paper|{} ~ &be = home|through|ours|done",
            "bonus|commission = is|&yours|on|comes", "into = revenue|money|cash|gold",
            "what a = close|finish|signature",
            "{}|# = in|of new? revenue|bookings|arr|business|sales",
            "&yours|the|your best|strongest = month|quarter|week|year ever|so|yet|of|in",
            "= highest|strongest|best ever? revenue|month|quarter|sales|number|numbers",
            "= ka-ching|kaching|cha-ching|bookings|jackpot",
            "= smashed|crushed|crushing|smashing|killed|killing it|that|your|the",
            "= record month|quarter|week|year|deal|numbers|sales|revenue",
            "= "
            "great|huge|big|massive|fantastic|amazing|super|strong|incredible|impressive|best|"
            "biggest|good|nice "
            "win|wins|result|results|numbers|deal|deals|revenue|sale|quarter|sales",
            "what a = deal|win|quarter|result|number|close|month|sale",
            "= past|over a|one|# million|thousand", "# = of ~ quota|target|plan|goal|number|budget",
            "# = percent|% !of|more|less|fewer",
            "&few?|#|one|two|three|hundred|{} = "
            "grand|k|thousand|million|lakh|lakhs|crore|crores|figures ~ in|this|on|of|and|for|from",
            "#|one|two|three|hundred|{} = grand|million|k $",
            "= target|quota|plan|number|goal "
            "achieved|crushed|smashed|beaten|met|made|exceeded|done|hit|reached|surpassed|cleared|"
            "nailed|at|achievement|attainment",
            "= achievement|attainment of|,|{rep}", "= achievement|attainment $",
            "contract|deal|order|po|signature|paper|{} ~ &be|has|have ~ = "
            "there|here|arrived|in|ours|landed|through|home|closed-won $",
            "contract|deal|order|po|signature|paper ~ &be|has|have ~ = won|signed $",
            "= closed-won|closed-wons", "{n}|{} on the = books|board",
            "= rings|ring|rang|ringing the? bell|gong",
            "&yours ~ = conversion|attainment|win-rate|turnover|revenue|bookings|numbers|figures ~ "
            "&be|up|speak|look|rose|doubled|grew|went|soared|through"),
        .unless = LIST("keep|on crushing|smashing|killing|rocking|nailing it|them|that|on",
                       "not|never ~ got|have|closed|won|made the|{}|this|it|a", "has not got",
                       "their &number", "help|helped|helping ~~ &number", "good|great deal of",
                       "big|great deal to"),
        .bad = LIST("You hit your quota with {{deal.name}}!"),
        .good = LIST("You made nine calls in the two days after the loss.",
                     "You asked {{deal.contact}} for their target and wrote it down."))
LINT_RULE(
        .code = "lint-outcome-praise", .uses = USE(LINT_PRAISE) | USE(LINT_CARD),
        .advice = "praises the win alone; name the effort that led to it",
        .patterns = LIST(
            "congratulate ~ = {n}|win|deal|order|contract|number|result|quarter|{}|on",
            "congratulations|congrats ~ = signature|order|contract|deal|win",
            "# ~ = contracts|orders|deals|signatures|sales ~ ,|before|today|this|already|in",
            "congratulations|congrats ~ = "
            "winning|closing|signing|landing|{}|deal|win|signature|contract|order",
            "&rep ~ = closed|won|landed|signed|bagged|sealed|booked|secured|scored|got|brought "
            "{}|the|this|that|it|another|in|home|us",
            "we ~ = got|won|landed|made|closed|signed|have|did|bagged {}|it|this|them|that",
            "{} ~ = won|closed|signed|ours|landed|sealed", "in the = bag",
            "great|good|nice|awesome|amazing|well job|work|done|one = "
            "closing|winning|landing|signing|getting",
            "= deal|contract done|closed|signed|won|sealed|made",
            "= closed|signed|landed|sealed|inked|won|bagged|clinched|cracked|nailed",
            "= closing|winning|landing|bagging|clinching|signing|sealing|securing|getting|cracking "
            "{}|it|this|that|the|a|our",
            "{} ~ = over the line|finish", "= new logo|customer|client|account|deal",
            "got|have|has|brought|with ~ = {} home|in|signed|over|across|through|aboard",
            "{} ~ = said|says|say yes", "= welcome aboard|on {}",
            "champagne|drinks|beers|cake|round|bubbly|bell|prosecco|dinner ~ = on|is|for "
            "me|us|open|you|cold",
            "# ~ = "
            "sales|closes|wins|policies|logos|signatures|installs|closings|contracts|orders|deals|"
            "placements|subscriptions ~ in|this|already|since|within|by|and",
            "# ~ = sales|deals|orders|contracts|wins|policies|logos $", "= dotted line",
            "half|quarter|a|cool = million|fortune",
            "&rep|we ~ = "
            "hit|beat|reached|met|smashed|crushed|exceeded|achieved|nailed|surpassed|topped "
            "your|the|our|his|her|{rep}'s ~ quota|target|targets|number|goal|plan",
            "ink ~ = dry", "= in the books", "= whale|big fish|monster deal", "= president's club",
            "crossed|cracked|broke|hit the = #|{n} mark|barrier|line", "= we|you|they did it",
            "another one = bites|down|in|for", "# = new customers|logos|accounts|clients|contracts",
            "what a = result|quarter|month|week|year|finish|number|score|haul|run",
            "= win|victory|triumph|champagne|signature|trophy",
            "= biggest|largest ~ deal|order|contract|sale|customer",
            "another|new|big = win|deal|logo|signature|contract !in|at|with|from",
            "got|get|have|has the = signature|contract|order|deal|business|yes",
            "thanks to {} = we|you made",
            "= closing|winning|landing {}|this|that|the deal? ~ great|fantastic|super|amazing"),
        .unless = LIST("closed|signed off? the "
                       "talk|call|meeting|conversation|gap|loop|day|visit|week|month|year|session|"
                       "workshop|door",
                       "customer|they|{} signed|won it off|their|our",
                       "won ~ trust|over|hearts|round", "not|never got", "got the|{} to|a|an",
                       "not won"),
        .spared = {EVIDENCE},
        .bad = LIST("Congratulations on winning {{deal.name}}!",
                    "You closed {{deal.name}}. Champagne!"),
        .good = LIST("You won {{deal.name}} after eleven talks and two times no.",
                     "You closed the talk on {{deal.name}} with a date and a name."))
LINT_RULE(
        .code = "lint-empty-praise", .uses = USE(LINT_PRAISE) | USE(LINT_CARD), .mild = true,
        .advice = "could be said to anybody; say what was done, and when",
        .patterns = LIST(
            "great|good|nice|awesome|fantastic|excellent|amazing|wonderful|super|solid|superb|"
            "outstanding|terrific|stellar|incredible|impressive|brilliant|fine|strong|lovely|top "
            "work|job|effort|stuff|week|going|one|month|day|progress|performance|show|call|calls",
            "well|nicely done|played", "keep it|at|up|going|on|this|pushing|rocking", "keep up the",
            "= &praised", "keep = it|them|that coming|rolling|up|going|moving",
            "= &praised &praised?", "as always|usual|ever = $",
            "big|huge|many|warm = thanks|hand|applause|hug",
            "so|very|really = proud|happy|glad|good|well|cool", "way to go",
            "kudos|bravo|hooray|hurray|congrats|congratulations|wow|chapeau|respect|cheers",
            "hats off|down", "thumbs up", "high five", "proud of you|{rep}",
            "you rock|rocked|rule|shine|shone|nailed",
            "thanks|thank ~ for all|everything|being|your", "as always $",
            "^ "
            "super|fantastic|excellent|wonderful|amazing|awesome|perfect|great|outstanding|"
            "impressive|brilliant|nice|lovely|terrific",
            "doing|did|done|doing|going so|really? great|fantastic|amazing|well|awesome|good|super",
            "looking|looks|look good|great", "more of that|this|the", "pat on the|your",
            "impressed with|by you|your|that|this", "love it|this|your", "making us proud",
            "very|really|so|truly|such|absolutely|extremely? good|great|nice|fine|excellent|strong "
            "work|job|effort|stuff|performance|show|week|going|hustle|energy",
            "appreciate you|your|all|it|everything", "= &praised ,",
            "thank|thanks you? ~ for your|being|everything|all",
            "well|nicely|beautifully done|handled|played",
            "continue|carry|go|keep on? like|going|up|this|the|rocking|it|on",
            "momentum|vibe|vibes|spirit ~ going|up|high", "way to|2 go", "hats|chapeau|cap off|to",
            "on fire|a roll"),
        .spared = {EVIDENCE},
        .bad = LIST("Great job on {{deal.name}}!", "Keep up the good work with {{deal.name}}."),
        .good = LIST("Well done: you followed up with {{deal.contact}} on five days in a row."))
LINT_RULE(.code = "lint-empty-praise", .uses = USE(LINT_PRAISE), .mild = true,
          .advice = "names nothing that was done; say what, and when", .patterns = LIST("^ _"),
          .spared = {EVIDENCE}, .bad = LIST("It is a pleasure to work with you on {{deal.name}}."),
          .good = LIST("You asked {{deal.contact}} what a good year looks like."))

#undef EVIDENCE
