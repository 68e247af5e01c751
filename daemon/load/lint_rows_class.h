/* lint_rows_class.h: classes of words that patterns call &NAME. Included by lint.c, at most 64. */
LINT_CLASS("name", "") /* marked by its capital letter */
LINT_CLASS("be", "is|are|was|were|am|be|been|being")
LINT_CLASS(
    "aux",
    "do|does|did|is|are|was|were|am|has|have|had|can|could|will|would|shall|should|may|might|must")
LINT_CLASS("wh", "what|who|whom|whose|which|how|why|when|where")
LINT_CLASS("ask", "what|who|whom|whose|which|how|why") /* "when" and "where" also join clauses */
LINT_CLASS("pron", "i|you|he|she|it|we|they|there")
LINT_CLASS("rep", "you|{rep}")
LINT_CLASS("yours", "your|his|her|{rep}'s")
LINT_CLASS("slot", "{}|{rep}|{n}")
LINT_CLASS("very", "a|an|the|so|such|really|truly|simply|just|very|incredibly|absolutely|quite|one|"
                   "of|our|my|true|real|total|pure|bit|little|kind|sort|piece|something|clearly|"
                   "always|too|rather|pretty|that|these|those")
LINT_CLASS("trait", "talented|gifted|smart|clever|brilliant|intelligent|bright|special|unstoppable|"
                    "amazing|incredible|awesome|exceptional|extraordinary|unbelievable|phenomenal|"
                    "outstanding|remarkable|perfect|sharp|savvy|wise|witty|charming|charismatic|"
                    "genius|ingenious|astute|shrewd|intuitive|irresistible|unbeatable|invincible|"
                    "quick-witted|unmatched|masterful|magical|matchless|peerless|inimitable")
LINT_CLASS(
    "title",
    "natural|genius|wizard|rockstar|superstar|star|hero|machine|legend|beast|ninja|champion|champ|"
    "magician|guru|virtuoso|prodigy|mastermind|wonder|phenomenon|sensation|champ|marvel|giant|"
    "superhuman|rainmaker|whisperer|shark|animal|juggernaut|artist|maestro|pro|gem|diamond|"
    "treasure|unicorn|phenom|dynamo|whizz|whiz|powerhouse|charmer|brainbox|tiger|lion|queen|king|"
    "monster|talent|ace|all-rounder|virtuoso|miracle|warrior|icon|dealmaker|closer|hunter|all-star")
LINT_CLASS("seller", "seller|sellers|closer|closers|rep|reps|salesman|saleswoman|salesperson|"
                     "hunter|performer|performers|player|players|person|people|colleague|"
                     "colleagues|negotiator|hire|employee|member|guy")
LINT_CLASS(
    "team",
    "team|office|region|others|everyone|everybody|colleagues|peers|anyone|anybody|rest|teammates")
LINT_CLASS("number", "number|numbers|quota|quotas|target|targets|goal|goals|plan|budget")
LINT_CLASS("period",
           "fortnight|fortnights|weeks|months|days|quarters|week|month|quarter|year|january|"
           "february|march|april|may|june|july|august|september|october|november|december|friday|"
           "q1|q2|q3|q4|monday|tuesday|wednesday|thursday|eom|eoq|tomorrow|today|christmas|easter|"
           "holidays|summer|thirtieth|thirty-first|eoy|half|weekend|noon|end")
LINT_CLASS("act",
           "call|calls|mail|mails|email|emails|visit|visits|meeting|meetings|talk|talks|note|notes|"
           "activity|activities|demo|demos|follow-up|follow-ups|update|updates|touch|touches|"
           "contact|contacts|task|tasks|attempt|attempts|deal|deals|entry|entries|step|steps|"
           "conversation|conversations|answer|answers|reply|replies|appointment|appointments|lead|"
           "leads|dials|summary|offer|offers|proposals|proposal")
LINT_CLASS("duty",
           "call|called|send|sent|update|updated|log|logged|follow|followed|reply|replied|answer|"
           "answered|prepare|prepared|ask|asked|listen|listened|finish|finished|complete|completed|"
           "book|booked|write|written|wrote|show|shown|deliver|delivered|keep|kept|report|reported|"
           "enter|entered|fill|filled|read|check|checked|tell|told|bring|brought|speak|spoken|"
           "spoke|talk|talked|record|recorded|respond|responded|contact|contacted|return|returned|"
           "do|done|make|made|get|reach|reached|hit|meet|met|schedule|scheduled|confirm|confirmed|"
           "close|closed|use|used|open|opened|move|moved|mention|mentioned|invite|invited|share|"
           "shared|start|started|ring|rung|rang|add|added|set|notice|noticed|think|thought|visit|"
           "visited|document|documented|touch|touched|submit|submitted|try|tried|push|pushed|"
           "manage|managed|qualify|qualified|plan|planned|note|noted|touched|pick|picked")
LINT_CLASS(
    "poor",
    "sloppy|poor|weak|bad|careless|clumsy|messy|shallow|slow|late|thin|boring|vague|unclear|"
    "disappointing|terrible|awful|lousy|lacking|confusing|unprofessional|inadequate|insufficient|"
    "unprepared|superficial|mediocre|unacceptable|lame|chaotic|incomplete|wrong|rushed|useless|"
    "pushy|flat|dull|half-hearted|unstructured|stiff|formal|cold|dry|wordy|long-winded|hectic|"
    "nervous|monotone|generic|uneven|forgettable|patchy|hasty|lifeless|wooden|incoherent|muddled|"
    "over-loaded|overloaded|crowded|hard-sell|clunky|tedious|uninspired|unpolished|amateurish|"
    "unfinished|lukewarm|off-topic|aimless|repetitive|robotic|scripted|surface-level|half-baked|"
    "tone-deaf|shoddy|slapdash|woolly|rambling|underwhelming|substandard|subpar|unconvincing|"
    "unreadable|illegible|hollow|bland|tired|stale|feeble|dreadful|appalling|abysmal|atrocious|"
    "horrible|embarrassing|unhelpful|unimpressive|unstructured|unsatisfactory|ineffective|"
    "inaccurate|inconsistent|outdated|cluttered|bloated|preachy|patronising|patronizing|salesy|"
    "abrupt|curt|impolite|rude|overlong|laboured|lazy|one-sided|self-centred|self-centered|"
    "incomprehensible|haphazard|off|blurry|painful|tatty|scruffy|ugly|unpleasant|cringeworthy|"
    "excruciating|cringy|grubby|bumpy|shaky|wobbly|faulty|flawed|inappropriate|irrelevant|tactless|"
    "insensitive|improvised|random|disjointed|confused|ill-prepared|badly|obscure|fuzzy|petty")
LINT_CLASS("workpiece",
           "work|opening|openings|demo|demos|pitch|presentation|presentations|discovery|mail|mails|"
           "email|emails|call|calls|notes|note|summary|summaries|proposal|proposals|offer|offers|"
           "preparation|follow-up|follow-ups|question|questions|pipeline|answer|answers|talk|talks|"
           "meeting|meetings|way|records|record|plan|plans|price|listening|tone|agenda|slides|"
           "handover|deck|story|negotiation|introduction|research|report|reports|data|entries|"
           "review|voicemail|voicemails|objection|message|messages|crm|handling|deals|writing|list|"
           "quote|quotes|case|sums|figures|calculation|calculations|letter|paper|document|draft|"
           "drafts|performance|approach|delivery|style|manner|attitude|organisation|planning|pace|"
           "argument|arguments|minutes|reply|replies|response|responses|appearance|slide|homework|"
           "briefing|briefings|explanation|workshop|visit|visits|conversation|intro|time-keeping|"
           "timing|tender|submission|submissions|closing|follow|qualification")
LINT_CLASS("deed", "call|calls|visit|visits|talk|talks|mail|mails|email|emails|meeting|meetings|"
                   "note|notes|activity|activities|demo|demos|follow-up|follow-ups|update|updates|"
                   "dial|dials|entry|entries|attempt|attempts|touch|touches|task|tasks|appointment|"
                   "appointments|conversation|conversations|deals|proposals|offers")
LINT_CLASS("ord", "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|bottom|"
                  "eleventh|twelfth|thirteenth|fourteenth|fifteenth|twentieth|second-last|"
                  "penultimate|top|1st|2nd|3rd|4th|5th|6th|7th|8th|9th")
LINT_CLASS(
    "won",
    "won|win|wins|closed|signed|landed|sealed|inked|booked|bagged|secured|smashed|crushed|nailed|"
    "killed|rocked|scored|hit|beat|made|reached|delivered|deserved|earned|did|done|got|finished|"
    "achieved|exceeded|managed|pleased|excited|delighted|impressed|needed|passed|moved|landed|"
    "continued|well-deserved|pulled|indeed|red|shed|amazed|thrilled|dedicated|committed|motivated|"
    "determined|had|need|indeed|speed|feed|bed|talented|gifted|wanted|thanked|skilled|blessed|"
    "unmatched|unrivalled|sealed|cracked|clinched|grabbed|ended|topped|dotted|smashed|bagged|"
    "blessed|talented|inspired|honoured|honored|chuffed|stoked|grateful|indeed|hundred|excited|"
    "unrivaled|celebrated|rewarded|stunned|overjoyed")
LINT_CLASS("praised",
           "great|super|superb|awesome|fantastic|excellent|amazing|wonderful|terrific|stellar|"
           "incredible|impressive|brilliant|outstanding|marvellous|marvelous|splendid|fabulous|"
           "magnificent|exceptional|perfect|sensational|tremendous|phenomenal|epic|kudos|bravo|"
           "hooray|hurray|congrats|congratulations|wow|chapeau|cheers|yay|woohoo|props|applause|"
           "legendary|first-class|top-notch|champion|cool|sweet|lovely|nice|proud|glad|happy|"
           "delighted|thrilled|impressed|solid|grand|cracking|stunning|smashing|ace|spot-on|wicked|"
           "mega|exemplary|admirable|commendable|hearty|class|marvel|stupendous")
LINT_CLASS("do",
           "call|send|update|write|log|book|make|ask|tell|stop|start|push|follow|remember|be|get|"
           "set|schedule|give|share|take|use|go|try|prepare|review|report|focus|fix|add|finish|"
           "close|visit|read|check|enter|complete|contact|reach|show|bring|keep|let|listen|always|"
           "never|ring|phone|email|mail|fill|clean|put|plan|pick|forget|ensure|speak|talk|work|"
           "come|move|find|learn|practise|practice|offer|invite|confirm|drop|explain|describe|note|"
           "list|hurry|wait|block|qualify|negotiate|upload|change|don't|loop|revert|escalate|chase|"
           "arrange|organise|organize|submit|map|draft|document|raise|nail|copy|sit|run|turn|hold|"
           "leave|cut|spend|walk|meet|build|create|track|handle|hand|involve|agree|align|sort|grab|"
           "dial|hit|pay|study|look|avoid|double|lead|open|sell")
LINT_CLASS("det", "the|a|an|your|their|our|his|her|my|its|this|that|these|those|each|all|any|some")
LINT_CLASS("who", "i|you|he|she|it|we|they|there|{}|{rep}|anyone|anybody|someone|somebody|anything|"
                  "something|everyone|everybody|everything|this|that|these|those")
LINT_CLASS("scope", "team|floor|branch|department|company|group|territory|division|crew|bunch|"
                    "squad|country|unit|desk|office|region|board|house|whole|class|cohort|firm|"
                    "district|nation|business|organisation|organization|force|staff|nordics|pod")
LINT_CLASS(
    "peers",
    "colleague|colleagues|peer|peers|others|rest|everyone|everybody|anyone|anybody|teammate|"
    "teammates|team|counterparts|reps|newcomers|juniors|managers|sellers|else|coworkers|co-workers")
LINT_CLASS("talent", "talent|talents|gift|gifts|knack|flair|instinct|instincts|genius|charisma|"
                     "charm|intuition|intellect|brilliance|wit|wits|magnetism|brains|acumen|"
                     "aptitude|smarts|cleverness|intelligence|sharpness|sixth|x-factor|mojo")
LINT_CLASS(
    "dud",
    "plodder|lightweight|dinosaur|farmer|introvert|amateur|novice|passenger|clown|pessimist|softie|"
    "pushover|coward|chicken|procrastinator|snail|dreamer|know-it-all|underperformer|underachiever|"
    "laggard|slacker|straggler|loser|quitter|whiner|deadbeat|b-player|c-player|d-player|freeloader|"
    "sandbagger|order-taker|has-been|dud|flop|non-performer|failure|disaster|burden|liability|mess|"
    "nobody|moaner|complainer|wallflower|scatterbrain|layabout|tortoise|problem|follower|bluffer|"
    "blabbermouth|chatterbox|dropout|lone-wolf|diva")
LINT_CLASS("flaw",
           "weak|lazy|hopeless|useless|incompetent|stupid|slow|unreliable|mediocre|undisciplined|"
           "disorganised|disorganized|unmotivated|clueless|timid|incapable|naive|passive|chaotic|"
           "careless|unfocused|disengaged|arrogant|shy|soft|demotivated|complacent|inept|sloppy|"
           "unprofessional|stubborn|negative|defensive|insecure|uncoachable|dim|thick|nice|"
           "inexperienced|forgetful|messy|impatient|average|sluggish|dull|scatterbrained|second-"
           "rate|lacklustre|lackluster|meek|cowardly|moody|indecisive|untalented|unfit|unsuited|"
           "weaker|slower|weakest|slowest|poor|poorest|poorer|lesser|junior|old|passionless")
LINT_CLASS("few", "only|just|merely|barely|hardly|mere|measly|paltry|miserable|scant|meagre|meager|"
                  "lousy|scarcely|piddling|pitiful|sorry|lonely|solitary|whole|total")
LINT_CLASS("lapse", "delay|delays|silence|mistake|mistakes|absence|inaction|carelessness|error|"
                    "errors|haste|negligence|oversight|slowness|failure|sloppiness|lateness|"
                    "laziness|neglect|impatience|blunder|inattention|indecision|slip")
LINT_CLASS(
    "spoil",
    "lose|miss|forget|ignore|let|skip|drop|fail|wait|quit|hesitate|avoid|refuse|leave|waste|"
    "neglect|overlook|botch|blow|ruin|screw|mess|mishandle|delay|postpone|abandon|spoil|wreck|"
    "bungle|fumble|cancel|disappear|stall|sleep|give|promise|accept|rush|interrupt|go|keep|jump|"
    "overpromise|undersell|put|send|quote|agree|discount|offer|talk|say|tell|spend|show|stop|take")
LINT_CLASS(
    "spoiled",
    "lost|missed|forgot|forgotten|ignored|skipped|dropped|failed|waited|hesitated|refused|wasted|"
    "neglected|overlooked|botched|blew|blown|ruined|screwed|messed|mishandled|delayed|postponed|"
    "abandoned|spoiled|wrecked|bungled|fumbled|cost|caused|slept|undersold|overpromised|annoyed|"
    "misled|scared|offended|upset|flunked|torpedoed|muffed|fluffed|squandered|confused|sat|stalled")
LINT_CLASS("ourdeal", "{}|it|this|that|deal|deals|one|order|orders|po|contract|contracts|paper|"
                      "paperwork|signature|ink|opportunity|opportunities|renewal|renewals|business|"
                      "money|these|them|those|upgrade|expansion|account|accounts|agreement|pilots|"
                      "ones|subscription|policy|policies|tender|quote|which")
LINT_CLASS("come",
           "close|closes|closing|closed|land|lands|landing|landed|sign|signs|signing|signed|happen|"
           "happens|materialise|materialize|materialises|drop|drops|convert|converts|converted|"
           "converting|booked|invoiced|inked|won|ours|countersigned|finalised|finalized|executed|"
           "bagged|sealed|come|comes|coming|slip|slips|win|winning|wins|drops|transact")
LINT_CLASS("odds", "sure|likely|confident|certain|realistic|safe|solid|firm|probable|probability|"
                   "likelihood|chance|chances|odds|percent|percentage|bet|gut|comfortable|"
                   "optimistic|bullish|hopeful|positive|secure|convinced")
LINT_CLASS("weak", "errors|mistakes|typos|jargon|holes|gaps|fluff|clichés|cliches|buzzwords|waffle|"
                   "contradictions|blunders|inaccuracies|padding|filler|flaws")
LINT_CLASS("quarter", "q1|q2|q3|q4|quarter|quarters|eoq|eom|eoy|h1|h2|month-end|quarter-end|year-"
                      "end|half-year|quarter's|month's|year's")
LINT_CLASS("month", "january|february|march|april|june|july|august|september|october|november|"
                    "december|autumn|spring|summer|winter|christmas|easter|month|quarter")
