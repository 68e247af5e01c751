/* lint_rows_class.h: classes of words that patterns call &NAME. Included by lint.c, at most 32. */
LINT_CLASS("be", "is|are|was|were|am|be|been|being")
LINT_CLASS("aux",
           "do|does|did|is|are|was|were|am|has|have|had|can|could|will|would|shall|should|may|"
           "might|must")
LINT_CLASS("wh", "what|who|whom|whose|which|how|why|when|where")
LINT_CLASS("ask", "what|who|whom|whose|which|how|why") /* "when" and "where" also join clauses */
LINT_CLASS("pron", "i|you|he|she|it|we|they|there")
LINT_CLASS("rep", "you|{rep}")
LINT_CLASS("yours", "your|his|her|{rep}'s")
LINT_CLASS("slot", "{}|{rep}|{n}")
LINT_CLASS("very",
           "a|an|the|so|such|really|truly|simply|just|very|incredibly|absolutely|quite|one|of|"
           "our|my|true|real|total|pure|clearly|always|too|rather|pretty|that|these|those")
LINT_CLASS("trait", "talented|gifted|smart|clever|brilliant|intelligent|bright|special|unstoppable|"
                    "amazing|incredible|awesome|exceptional|extraordinary|unbelievable|phenomenal|"
                    "outstanding|remarkable|perfect|sharp")
LINT_CLASS("title", "natural|genius|wizard|rockstar|superstar|star|hero|machine|legend|beast|ninja|"
                    "champion|champ|magician|guru|virtuoso|prodigy|mastermind|wonder|phenomenon|"
                    "sensation|champ|marvel|giant|superhuman")
LINT_CLASS("seller",
           "seller|sellers|closer|closers|rep|reps|salesman|saleswoman|salesperson|hunter|"
           "performer|performers|player|players|person|people|colleague|colleagues|"
           "negotiator|hire|employee|member|guy")
LINT_CLASS("team",
           "team|office|region|others|everyone|everybody|colleagues|peers|anyone|anybody|rest|"
           "teammates")
LINT_CLASS("number", "number|numbers|quota|quotas|target|targets|goal|goals|plan|budget")
LINT_CLASS("period", "week|month|quarter|year|january|february|march|april|may|june|july|august|"
                     "september|october|november|december|friday|q1|q2|q3|q4|monday|tuesday|"
                     "wednesday|thursday|eom|eoq|tomorrow|today|christmas|easter|holidays|summer|"
                     "thirtieth|thirty-first|eoy|half|weekend|noon|end")
LINT_CLASS("act",
           "call|calls|mail|mails|email|emails|visit|visits|meeting|meetings|talk|talks|"
           "note|notes|activity|activities|demo|demos|follow-up|follow-ups|update|updates|"
           "touch|touches|contact|contacts|task|tasks|attempt|attempts|deal|deals|entry|"
           "entries|step|steps|conversation|conversations|answer|answers|reply|replies|"
           "appointment|appointments|lead|leads|dials|summary|offer|offers|proposals|proposal")
LINT_CLASS("duty",
           "call|called|send|sent|update|updated|log|logged|follow|followed|reply|replied|"
           "answer|answered|prepare|prepared|ask|asked|listen|listened|finish|finished|"
           "complete|completed|book|booked|write|written|wrote|show|shown|deliver|delivered|"
           "keep|kept|report|reported|enter|entered|fill|filled|read|check|checked|tell|told|"
           "bring|brought|speak|spoken|spoke|talk|talked|record|recorded|respond|responded|"
           "contact|contacted|return|returned|do|done|make|made|get|reach|reached|hit|meet|"
           "met|schedule|scheduled|confirm|confirmed|close|closed|use|used|open|opened|"
           "move|moved|mention|mentioned|invite|invited|share|shared|start|started|"
           "ring|rung|rang|add|added|set|notice|noticed|think|thought|visit|visited|"
           "document|documented|touch|touched|submit|submitted|try|tried|push|pushed|"
           "manage|managed|qualify|qualified|plan|planned|note|noted|touched|pick|picked")
LINT_CLASS("poor", "sloppy|poor|weak|bad|careless|clumsy|messy|shallow|slow|late|thin|boring|vague|"
                   "unclear|disappointing|terrible|awful|lousy|lacking|confusing|unprofessional|"
                   "inadequate|insufficient|unprepared|superficial|mediocre|unacceptable|lame|"
                   "chaotic|incomplete|wrong|rushed|useless|pushy|flat|dull|half-hearted|"
                   "unstructured|stiff|formal|cold|dry|wordy|long-winded|hectic|nervous|monotone|"
                   "generic|uneven|forgettable|patchy|hasty|lifeless|wooden|incoherent|muddled|"
                   "over-loaded|overloaded|crowded|hard-sell|clunky|tedious|uninspired|unpolished|"
                   "amateurish|unfinished|lukewarm|off-topic|aimless|repetitive|robotic|scripted")
LINT_CLASS("workpiece",
           "work|opening|openings|demo|demos|pitch|presentation|presentations|discovery|"
           "mail|mails|email|emails|call|calls|notes|note|summary|summaries|proposal|"
           "proposals|offer|offers|preparation|follow-up|follow-ups|question|questions|"
           "pipeline|answer|answers|talk|talks|meeting|meetings|way|records|record|plan|"
           "plans|price|listening|tone|agenda|slides|handover|deck|story|negotiation|"
           "introduction|research|report|reports|data|entries|review|voicemail|"
           "voicemails|objection|message|messages|crm|handling|deals|writing|list")
LINT_CLASS("ord", "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|bottom|"
                  "top|1st|2nd|3rd|4th|5th|6th|7th|8th|9th")
LINT_CLASS(
    "won",
    "won|win|wins|closed|signed|landed|sealed|inked|booked|bagged|secured|smashed|crushed|nailed|"
    "killed|rocked|scored|hit|beat|made|reached|delivered|deserved|earned|did|done|got|"
    "finished|achieved|exceeded|managed|pleased|excited|delighted|impressed|needed|"
    "passed|moved|landed|continued|well-deserved|pulled|indeed|red|shed|amazed|"
    "thrilled|dedicated|committed|motivated|determined|had|need|indeed|speed|feed|bed|talented|"
    "gifted|wanted|thanked|skilled|blessed|unmatched|unrivalled|sealed|cracked|clinched|grabbed|"
    "ended|topped")
LINT_CLASS(
    "praised",
    "great|super|superb|awesome|fantastic|excellent|amazing|wonderful|terrific|stellar|"
    "incredible|impressive|brilliant|outstanding|marvellous|marvelous|splendid|fabulous|"
    "magnificent|exceptional|perfect|sensational|tremendous|phenomenal|epic|kudos|bravo|"
    "hooray|hurray|congrats|congratulations|wow|chapeau|cheers|yay|woohoo|props|applause|"
    "legendary|first-class|top-notch|champion|cool|sweet|lovely|nice|proud|glad|happy|delighted|"
    "thrilled|impressed|solid|grand")
LINT_CLASS("do",
           "call|send|update|write|log|book|make|ask|tell|stop|start|push|follow|remember|be|"
           "get|set|schedule|give|share|take|use|go|try|prepare|review|report|focus|fix|add|"
           "finish|close|visit|read|check|enter|complete|contact|reach|show|bring|keep|let|"
           "listen|always|never|ring|phone|email|mail|fill|clean|put|plan|pick|forget|ensure|"
           "speak|talk|work|come|move|find|learn|practise|practice|offer|invite|confirm|drop|"
           "explain|describe|note|list|hurry|wait|block|qualify|negotiate|upload|change|don't")
