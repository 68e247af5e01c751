/* lint_rows_trait.h: praise for what somebody is. Included by lint.c, in an order that matters. */
LINT_RULE(
        .code = "lint-trait-praise", .judges = true, .uses = ANY_USE,
        .advice = "praises a trait; name what was done, which can be done again",
        .patterns = LIST(
            "&rep|you ~ &be ~ = something special|else",
            "= sharpest|brightest|quickest|finest|best|cleverest "
            "mind|brain|brains|head|tongue|instinct|ear|nose",
            "your|{rep}'s = natural|inborn|innate|inimitable|unique _",
            "&rep|you ~ = just|simply know|understand|get|read ~ people|customers|buyers ~",
            "not everyone|everybody &be ~ = as &trait|good|quick|talented as",
            "in their|our|his|her = dna|blood|genes|bones",
            "&rep &be|was|were &very? = made|built|wired|born|created|bred for|to "
            "the|this|it|sell|sales|selling|phone|lead|job|a",
            "= it is who|what you are",
            "with|through &yours ~ = "
            "looks|voice|charm|smile|brains|face|personality|charisma|magnetism",
            "= once-in-a-generation|once-in-a-lifetime|one-in-a-million",
            "&rep &be ~ = pure gold|magic|genius|class|talent",
            "&rep &be simply|just|truly|really|honestly|frankly|clearly|plainly ~ = "
            "&trait|&title|gold ~ !not",
            "= sales|selling|it|this just|simply|clearly comes|came to you|{rep}",
            "&rep &be ~ = sharpest|brightest|smartest knife|bulb|tool|mind|of",
            "a|an ~ = selling|sales|closing|winning|learning "
            "machine|animal|genius|weapon|god|goddess|beast|legend|talent|star|wizard|natural",
            "&rep &be ~ = smartest|cleverest|brightest|sharpest",
            "&rep &be ~ the? = smart|clever|sharp|brilliant . how|what|which",
            "&rep &be &very? &very? &very? = &trait", "&rep &be &very? &very? &very? = &title",
            "what a = gifted|talented|clever|smart|&title", "what a = &trait &seller",
            "such a|an = gifted|talented|clever|smart|&title",
            "= gifted|talented|genius|geniuses|virtuoso", "our|my = sales &title",
            "our|my = &very? "
            "star|superstar|rockstar|hero|genius|wizard|champion|legend|ninja|guru|queen|king|ace|"
            "rainmaker",
            "= rock star", "= superstar|rockstar|superhero",
            "&rep|one|were|are|is ~ = born &very? "
            "to|closer|seller|winner|for|leader|hunter|negotiator|salesman|salesperson",
            "&yours|raw|real|natural|such|pure|much|rare|true|god-given = talent|flair",
            "have|has|got|with ~ = gift|instinct|talent|knack|flair|genius !team|card|shop",
            "&yours natural? = "
            "gift|instinct|instincts|charm|charisma|brilliance|genius|magic|intelligence|"
            "personality|iq",
            "= talent|instinct for",
            "= bright|smart|clever|sharp spark|cookie|kid|head|button|fellow|mind",
            "&rep &be ~ = smart|clever|wise|talented|gifted|bright|sharp enough|beyond|like",
            "as = smart|clever|wise|talented|gifted|bright|sharp|brilliant as you|{rep}",
            "&rep|{} have|has|had|got = what it takes", "in &yours = blood|dna|genes|bones",
            "= killer instinct",
            "&yours = memory|mind|feel|intuition|ear|brain|aura|nature|smile|confidence ~ &be",
            "have|has|had|got the|a|that = touch|magic|x-factor|it-factor|edge",
            "nobody|no one? ~~ = like you", "= charisma|charismatic|charming|charmer",
            "special|magic|unique = about|in you|{rep}",
            "kind|type|sort of = &seller|person|people who ~ charm|charms|can|just|simply",
            "= golden|magic|midas touch", "= silver tongue",
            "= comes|come|came naturally|natural|easy to|for &rep",
            "&rep make|makes it look = easy|effortless", "brain|brains|head = like yours",
            "= gift from above|god|heaven", "&yours ~ &be a|an = gift|talent|superpower",
            "= naturally gifted|talented",
            "&rep ~ = as naturally|smart|clever|gifted|talented|brilliant as|with",
            "like = you|{rep} was|were born",
            "god-given|inborn|innate|natural = "
            "talent|ability|instinct|gift|feel|charm|flair|authority",
            "= aptitude|superpower|wunderkind|mastermind|powerhouse|maestro|whiz|ace",
            "&rep|{} have|has|got = it in &rep|you|him|her",
            "people|{rep} like = you|{rep} &be rare|special|one",
            "&rep &be = one in|of a million|kind", "just|simply|really have|has = it",
            "= natural &seller|talent|ability|charm|born",
            "&rep &be &very? &very? = &trait|&title &seller",
            "simply|so|truly|just|absolutely = brilliant|gifted|genius|smart|clever|talented",
            "&rep &be ~ = "
            "smart|clever|talented|gifted|brilliant|savvy|intelligent|charismatic|charming|sharp|"
            "astute|shrewd|genius|wise|intuitive $",
            "&rep &be ~ = "
            "smart|clever|talented|gifted|brilliant|savvy|intelligent|charismatic|charming|sharp|"
            "astute|shrewd|witty|wise|intuitive ,|and|with|as|or|when|in|{rep}",
            "&rep &be !not ~ = &title $",
            "&rep &be !not &very? &very? &very? = &title ,|and|with|at|in|when|on|of|for|who",
            "&rep ~ have|has|had|got|with &very? &very? &very? = &talent",
            "&rep ~ have|has|had|got|with ~ = "
            "nose|eye|ear|feel|sense|head|brain|hand|way|knack|gift|touch|mind for|with|like",
            "&yours &very? &very? = &talent",
            "&yours|such|sheer|pure|raw|sales = &talent and|for|with|,|is|at|alone",
            "= born|natural-born &very? "
            "&seller|&title|leader|negotiator|communicator|winner|salesman|salesperson|networker|"
            "talker|listener|for|to",
            "&rep &be &very? a|an = "
            "absolute|total|real|true|proper|complete|bloody|sheer|veritable|walking _ $",
            "&rep &be a|an = "
            "absolute|total|real|true|proper|complete|bloody|sheer|veritable|walking _ "
            ",|at|with|in",
            "= good|great|brilliant|amazing|wonderful|fantastic|excellent|gifted with|at "
            "people|words|numbers|customers|humans|reading|strangers",
            "&rep &be ~ = one of a kind",
            "= quick|fast|sharp|deep|clear|brilliant|great|natural|strategic|smart "
            "thinker|learner|study|mind|wit|listener|talker|communicator",
            "= star|leadership|executive|winner|champion|genius "
            "quality|qualities|material|potential|power|personality|level|gene|genes",
            "= people person|skills|magnet",
            "&rep &be &very? &very? &very? = &praised "
            "&seller|listener|communicator|talker|negotiator|salesperson|networker|coach|presenter|"
            "leader|strategist|teacher|storyteller|speaker|ambassador",
            "what a|an &very? = &praised "
            "&seller|listener|communicator|negotiator|presenter|leader|mind|brain|thinker|"
            "storyteller",
            "&rep ~ have|has|are|is = always|just|simply been? ~ "
            "good|great|brilliant|special|naturally|born",
            "= in &yours nature|veins|bones|soul|genes", "= effortless|effortlessly",
            "&rep ~ = was|were|was made|born|built|meant|destined for|to|with ~ "
            "this|sell|selling|sales|lead|it|win|job",
            "&yours ~ = personality|charm|wit|aura|charisma|presence|way|nature|smile|looks|voice "
            "~ does|did|do|wins|won|opens|opened|works|worked|is|sells|sold|charms",
            "= has|have|got it all",
            "= such|pure|sheer|raw|real "
            "class|style|flair|genius|brilliance|magic|talent|charm|wit|poise",
            "some|certain|few people = just|simply|have|either ~ it|got|born",
            "nobody|no one|none|who|hardly ~ can|could = resist|refuse|say ~ you",
            "&rep|you ~ could|can|would = sell|charm|talk|persuade ~ "
            "ice|sand|snow|fridge|fridges|anything|anyone|birds|anybody|dog",
            "a|an ~ &title = like you|{rep}", "the|what|such|a|an ~ = brains|brain|mind {rep}|you",
            "what a ~ = brain|mind",
            "= brilliant|sharp|great|beautiful|first-class|quick|fine|genius|clever|smart "
            "mind|brain|head|intellect",
            "come|comes|came ~ = naturally to|for|with &rep",
            "= cut out|made|meant|destined for|to ~ this|sales|selling|sell|lead|greatness|be",
            "you|{rep} = have|has got? it in &yours|you", "&rep ~ the = midas|magic|golden|silver",
            "clever|smart|brilliant|gifted = "
            "so-and-so|cookie|thing|girl|boy|man|woman|lady|fellow|one|you|chap",
            "made for = this|sales|selling"),
        .unless = LIST("not|never cut|made|built|meant|born ~ for|to ~ _",
                       "smart|bright|special|sharp|perfect|brilliant|natural|clever "
                       "meter|meters|to|question|idea|step|fit|way|choice|move|point|enough|offer|"
                       "grid|home|thing|time|pause|stop",
                       "instinct|gift card|basket|shop", "stroke of genius",
                       "gifted|talented|smart|clever ~~ their|his|customer's side|team|end",
                       "&rep ~ not|no|never|without|lack|lacks|lacked ~ &talent|instinct|it|what",
                       "strongest|best|top|weakest|slowest|worst ~ &title",
                       "&flaw|order-taker|not closer|hunter|&title", "not|never a|an &title",
                       "a ~ colleague|customer|friend|team|user like you",
                       "way with|for them|it|their|the", "smart|clever|wise|sharp about|how|to",

                       "talent|gift|gifts "
                       "team|pool|market|shop|acquisition|shortage|plan|voucher|wrap|management|"
                       "department|manager",
                       "!you|{rep} can|could sell anything", "naturally come|comes"),
        .bad = LIST("You have a real nose for a deal.",
                    "You are a natural on the phone, {{rep.first_name}}.",
                    "What a gifted closer you are!", "Selling is in your blood."),
        .good = LIST("You asked three open questions before you named a price.",
                     "A natural next step for {{deal.contact}} was yours to find, and you asked."))
