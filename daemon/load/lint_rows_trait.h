/* lint_rows_trait.h: praise for what somebody is. Included by lint.c, in an order that matters. */
LINT_RULE(.code = "lint-trait-praise", .uses = ANY_USE,
          .advice = "praises a trait; name what was done, which can be done again",
          .patterns = LIST(
              "&rep &be &very? &very? &very? = &trait", "&rep &be &very? &very? &very? = &title",
              "what a = gifted|talented|clever|smart|&title", "what a = &trait &seller",
              "such a|an = gifted|talented|clever|smart|&title",
              "= gifted|talented|genius|geniuses|virtuoso", "our|my = sales? &title", "= rock star",
              "= superstar|rockstar|superhero",
              "&rep|one|were|are|is ~ = born &very? to|closer|seller|winner|for|leader|"
              "hunter|negotiator|salesman|salesperson",
              "&yours|raw|real|natural|such|pure|much|rare|true|god-given = talent|flair",
              "have|has|got|with ~ = gift|instinct|talent|knack|flair|genius !team|card|shop",
              "&yours natural? = gift|instinct|instincts|charm|charisma|brilliance|genius|"
              "magic|intelligence|personality|iq",
              "= talent|instinct for", "&rep|{} have|has|had|got = what it takes",
              "in &yours = blood|dna|genes|bones", "= killer instinct",
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
              "simply|so|truly|just|"
              "absolutely = brilliant|gifted|genius|smart|clever|talented",
              "made for = this|sales|selling"),
          .unless =
              LIST("smart|bright|special|sharp|perfect|brilliant|natural|clever meter|meters|to|"
                   "question|idea|step|fit|way|choice|move|point|enough|offer|grid|home|"
                   "thing|time|pause|stop",
                   "instinct|gift card|basket|shop", "stroke of genius", "naturally come|comes"),
          .bad = LIST("You are a natural on the phone, {{rep.first_name}}.",
                      "What a gifted closer you are!", "Selling is in your blood."),
          .good =
              LIST("You asked three open questions before you named a price.",
                   "A natural next step for {{deal.contact}} was yours to find, and you asked."))
