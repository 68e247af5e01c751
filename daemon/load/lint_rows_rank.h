/* lint_rows_rank.h: comparison with others. Included by lint.c, in an order that matters. */

/* Harmless senses, for both files. */
#define RANK_UNLESS                                                                                \
    LIST("left|leave|leaves|leaving the rest to|for",                                              \
         "rest of ~ call|day|talk|agenda|week|offer|list|mail|plan",                               \
         "their|they|{}|customer|plant|machine|price|rate|scrap ~ average|norm|median",            \
         "best|worst|top|strongest|weakest|first|last ~ "                                          \
         "contact|way|talk|voice|argument|idea|question|moment",                                   \
         "who|what|which ~ first|last|most ~ in|on|at the|their", "of all the|their|these",        \
         "of all , &wh|the", "the|their team|office averages ~ their|on|in",                       \
         "best|worst|top|most of all",                                                             \
         "top|bottom of the call|page|mail|hour|agenda|morning|offer|mind",                        \
         "list|table of|on|with|by",                                                               \
         "anyone|anybody|everyone|everybody else? you|they|we know|met|had",                       \
         "first|last thing|time|day|week|person|one",                                              \
         "first|last|best|most|highest|worst ~ "                                                   \
         "board|house|company|firm|unit|customer|country|floor meeting|of their|there|side",       \
         "their|customer|customer's ~~ &scope|&peers|than", "{}'s|{} ~ &scope|&peers",             \
         "best|top|first|last|highest ~ their|her|his|customer", "last|first|next &period",        \
         "than|ahead|behind|before|like ~ &period|schedule|plan|planned",                          \
         "top of the company|house|organisation|organization|firm|board|business|group|bank",      \
         "best person|people|time|practice|way|day|moment|place",                                  \
         "more|better|less than ~ own|before|last|earlier", "in|at the first place $",             \
         "other|others help", "number one worry|concern|priority|wish|question|need|issue",        \
         "behind everyone's", "people in|on the|your")

LINT_RULE(
        .code = "lint-rank", .judges = true, .uses = ANY_USE,
        .advice = "compares people; compare with the person's own earlier weeks",
        .patterns = LIST(
            "than|like|unlike|as = everyone|everybody else",
            "= everyone|everybody else ~ had|has|got|finished|is|was|were|handed|sent|filed|in ~ "
            "theirs|in|done|finished|on|already|ready|by|their",
            "&rep|&be ~ = third|second|fourth|fifth|last from the? bottom|top",
            "< = the|your others|colleagues|teammates|peers "
            "*ed|found|had|made|got|wrote|took|kept|did ~~ . !they|their",
            "= unlike &name , you|your|{rep}|who|she|he",
            "&rep ~ = beat|beats|overtook|passed|outdid|outran|trounced|topped|edged ~ "
            "&name|everyone|everybody|all|them|others ~ in|this|on|by|at|of",
            "= outdid|outran|outpaced ~ hands|others|colleagues|everyone|all",
            "of|among everyone|everybody ~ = on|in the|our|your &scope|&team",
            "= nobody|no one|none else? comes|came|gets|got close|near",
            "whole|entire|rest|everyone|everybody|all|others|every ~~ = "
            "except|but|bar|besides|save you|{rep}",
            "the|our|your team|office|branch|crew|floor|group = "
            "average|averages|averaged|manages|managed|makes|made|does|books #",
            "= fewer|more|less|higher|lower|better|worse ~ than # of ~ &peers|others|colleagues",
            "look|looking|see|compare ~ = at? where &name|she|he|they is|are|was ~~ where|and|with "
            "you",
            "who|which ~ on|in our|the|your team|floor|crew|branch|office ~ = is|are ~ "
            "best|worst|weakest|strongest|slowest|fastest|first|last|top|better",
            "&rep &be the|by = "
            "weakest|strongest|slowest|fastest|best|worst|laziest|busiest|poorest ~ of "
            "the|all|our|your|my #|bunch|lot|group|team|reps|crew",
            "no one|nobody|none = *s|comes ~ like &rep",
            "&rep ~ left|leave|leaves ~ = rest|others|colleagues|everyone ~ standing|behind|dust",
            "= more|fewer|better|worse|less ~ than = "
            "anyone|anybody|everyone|everybody|colleagues|peers|teammates|most",
            "= more|most|less|least successful|productive|effective|experienced|active|efficient "
            "colleagues|peers|reps|sellers|teammates|others",
            "= colleagues|peers|others ~ who|that ~ more|better|faster|do|sell|close",
            "= everyone|everybody else "
            "hit|hits|reached|reaches|meets|met|makes|gets|books|delivers|delivered|manages|sells|"
            "sold|does|keeps",
            "sell|selling|perform|performing|work|working|deliver|delivering|call|calling|prepare|"
            "preparing|close|closing|be|more ~ = like the|your|our "
            "others|rest|best|top|pros|colleagues|stars",
            "= best|strongest|weakest|worst|star "
            "seller|sellers|rep|reps|closer|closers|performer|performers|player|players|colleague|"
            "colleagues",
            "&rep &be? = rank|ranks|ranked|placed "
            "&ord|#|above|below|behind|ahead|among|in|high|low|lower|higher",
            "= "
            "outrank|outranked|outperform|outperforms|outperformed|outsell|outsold|outpace|outdid|"
            "outclassed|outshone|outworked|outscored",
            "# colleagues|others|reps|sellers ~ = done|finished|ahead|faster|already|more|better",
            "than|unlike = the|your others", "= everyone|everybody else's $",
            "better|worse|faster|slower|more|less|fewer|harder|stronger|weaker|higher|lower|sooner|"
            "smaller|bigger|further|behind|ahead ~ than ~ other|&team|else|else's",
            "= than everyone|everybody|anyone|colleagues|peers|teammates|most",
            "= better|worse|faster|slower|more|less|fewer|higher|harder|sooner|quicker ~ than "
            "you|{rep}|him|her|yours "
            "!did|were|had|used|expected|thought|planned|made|think|have|are|do|can|need|know|want|"
            "hoped|would|ever",
            "twice|half|# as many|much ~ as &rep|&team",
            "&rep|is|are|be|far|well|fallen|way|you = ahead|behind of? the? rest? of? "
            "the|your|all|{rep} &team|colleagues",
            "ahead|behind|past|beyond of? = the|your others|rest|pack", "= ahead of you",
            "= beat|beats|beaten|beating|pass|overtake|overtook|passed everyone|everybody|anyone",
            "beat|beats|beating|pass|passed|overtake|left|leave|leaving ~ = the|your|all "
            "others|rest|colleagues|peers|field",
            "beat|beats|beating = the|your|all &team",
            "compare|compared|comparison|compares|measure|stack|up ~ to|with|against ~ "
            "colleagues|peers|others|team|rest|teammates|everyone",
            "unlike = your|the|most|all other? colleagues|peers|others|teammates",
            "= second|next|bested|inferior|superior to your|the colleagues|others|peers|none",
            "nobody|none else? = on|in|of the|our &team",
            "pass|passed|overtake|past|behind|catch ~ in the = ranking|table|list", "= than most",
            "compared|comparison|contrast|next|relative to|with|against _ , = &rep|&yours",
            "nobody|none|no-one one? ~~ = as|more|better|faster|harder|like|quicker|further|closer "
            "~~ than|as|like &rep",
            "nobody|none|no-one|no one? ~~ as|like = &rep",
            "nobody|no one|none ~ = in|on|across our|the|this|your &scope",
            "twice|half|double|thrice|#|triple as|times|the as? many|much|number|amount|often ~ "
            "as|of|than ~ &name|you|{rep}|&peers",
            "&name ~ = twice|half|double|thrice|triple as many|much",
            "&rep ~ = trailing|trail|trails|lag|lags|lagging|trailed|chasing ~ "
            "&team|&name|&scope|leaders|leader|others|pack|field",
            "&rep|your|&be ~ = behind|ahead of? &name|&peers|&team|everyone|most",
            "= behind|ahead|short of? ~ "
            "everyone|everybody|colleagues|others|peers|leader|leaders|pack|field",
            "&rep ~ behind|ahead = him|her|them $",
            "{rep}|you|yours|calls|visits|deals|notes|demos ~ "
            "better|worse|faster|slower|more|fewer|less|quicker|further|harder|stronger|weaker|"
            "higher|lower ~ = than &name",
            "unlike|like = &name , you|your|{rep}", "= like &name does|did|do|has|can",
            "&be = not &name $",
            "copy|follow|watch|imitate|learn|take what|how|from|after|a = &name "
            "does|did|do|works|leaf",
            "be|become|act|sell|work|perform = more? like &name|&peers",
            "how|why|where ~ do|does|are|is &rep|your|you ~ = compare|stack|rank|measure|stand ~ "
            "to|with|against|up|in|among ~ &scope|&peers|&name|&team",
            "= compared|comparison|relative|next|contrast to|with|against the|your|our "
            "other|rest|remaining ~ "
            "managers|reps|sellers|executives|people|colleagues|consultants|hires|agents|advisers|"
            "advisors|brokers",
            "= compared|comparison|relative|next|contrast to|with|against ~ "
            "&peers|&team|&scope|managers|sellers|executives|average|norm|{rep}",
            "= above|below|over|under|than|versus|against the|our|your|team ~ "
            "average|mean|median|norm",
            "= "
            "outshone|outsold|outperformed|outranked|outworked|outclassed|outpaced|outdone|outdid|"
            "eclipsed|overtaken|overtook|surpassed|outstripped|outscored|outrun|outperform|outsell|"
            "outpace|outclass|outstrip ~ &peers|&team|&name|all|everyone|you|the|every|rest|them",
            "left|leave|leaves|leaving|put|puts ~ &scope|&peers|field|rest|pack ~ = "
            "standing|behind|dust|shade|dead|shame",
            "the|your others|colleagues = can|could only? dream|envy|manage|match|keep|learn",
            "why ~ = can|is|are|does|do|did|has|have &name ~~ "
            "than|and|but|while|ahead|before|what|when|as you|your|not|of|yours",
            "&name|colleague|others|colleagues|she|he ~~ = "
            "twice|double|three|four|more|faster|better ~ than|as ~ you|yours|your",
            "# = clear of|ahead|behind|places|spots ~ second|third|of|the|&name",
            "lead|leading|edge = over the|your|&name|all",
            "= twice|double|half|triple|thrice your|yours|you|{rep}'s",
            "has|have|had|already|is ~ = "
            "passed|overtaken|beaten|overtook|outsold|outperformed|surpassed|lapped|caught "
            "you|{rep}|yours",
            "= of|among all|both your|our|the ~ "
            "reps|sellers|people|colleagues|team|performers|closers|managers",
            "= fewest|most|least|lowest|highest|longest|shortest &very? _? ~ of|in|on|among|across "
            "all|the|our|any|everyone|your &scope|&team|&peers|reps|people|us",
            "< = everyone|everybody else ~ manage|managed|did|has|have|finished|made|got",
            "< = others|colleagues|peers|teammates ~ "
            "manage|managed|did|do|done|made|make|get|got|book|booked|finished|sell|sells|closed",
            "< the|your = others|colleagues|peers|rest "
            "already|all|have|both|manage|managed|did|do|made|make|get|got|book|booked|finished ~ "
            "already|done|calls|in|visits|more|it|theirs|that|theirs|finished|notes|without|fine|"
            "hit|made|booked|sent|better|faster|#",
            "= second to none", "= like no one|nobody|none else",
            "= no one|nobody|none comes close",
            "stand|stands|stood|shine|shines ~ = out|above|among from|the|all|your ~ "
            "rest|others|colleagues|crowd|team|peers",
            "= most|average|typical|normal|better reps|sellers|closers|colleagues|salespeople ~ "
            "in|on|at|here|need|do|have|would|get|make|book|manage|take",
            "what ~ = others|colleagues|peers ~ do|does|doing|have ~ that|which? you ~ not",
            "= behind you|{rep} ~ now|already|any|only|just",
            "= you|{rep} versus|vs|against &name|&team|&peers",
            "than = any|every|all of? your|our|the|other ~ "
            "colleague|rep|seller|colleagues|reps|one|sellers|others",
            "fewer|more|less|higher|lower|faster|slower|better|worse ~ = than ~ in|on|across|from "
            "the|our|your ~ &scope|&team",
            "= twice|half|double|thrice|triple|third ~ of|as|than ~ &name|yours|you|{rep}",
            "= twice|double|half|triple|more|less|better|faster what|than|as|how you|yours|{rep} "
            "!did|were|had|used|expected|thought|planned|made|think|have|are|do|can|need|know|want|"
            "hoped|would|ever",
            "= twice|double|half|triple what you",
            "= among|amongst your|our|the|all ~ colleagues|peers|reps|others|team|you",
            "# ~ , = you|yours #|only|none|zero",
            "compared|comparison|measured to|with|against = &name , "
            "you|your|yours|{rep}|that|&few|#",
            "&name ~~ , = you|yours not|only|none|zero|just|did|do|have",
            "= gap|distance to &name|colleagues|peers|others|leader ~"),
        .unless = RANK_UNLESS,
        .bad = LIST("{{signal.calls}} calls: twice the team average.",
                    "Ben is ahead of you in the ranking.",
                    "Why can't you prepare like Marcus does?"),
        .good = LIST("More visits than in your own last weeks.",
                     "What would Anna from support add to your picture?"))
