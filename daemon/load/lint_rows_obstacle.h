/* lint_rows_obstacle.h: questions for obstacles. Included by lint.c, in an order that matters. */
LINT_RULE(.code = "lint-obstacle", .uses = QUESTIONS, .mild = true,
          .advice = "asks for an obstacle; ask for what or who could help in the same breath",
          .patterns =
              LIST("where does|do|did it|things|this|that = "
                   "jam|stick|stall|break|snag|hang|pinch|hurt|fail|block",
                   "what|who|which ~ = keeps|keeping|kept &rep|us|it|{}|the|this|that ~ from",
                   "what|where ~ = jams|sticks|drags|stalls",
                   "what|who is|are|was = "
                   "troubling|worrying|scaring|bothering|annoying|frustrating|slowing|hurting",
                   "stands|standing|stood|lies ~ = between ~ and",
                   "what|who|which|thing ~ = standing|stands|stood|getting|gets in|between "
                   "the|your|our|us|you",
                   "what|who|which ~ = "
                   "stopping|stops|blocking|blocks|blocked|hindering|hinders|slowing|slows|"
                   "prevents|preventing|delaying|delays|held|bothering|worries|troubles",
                   "in = the|your way of|with|at|today|here|this|now|just",
                   "= "
                   "obstacle|obstacles|hurdle|hurdles|barrier|barriers|roadblock|roadblocks|"
                   "blocker|blockers|bottleneck|stumbling",
                   "what|which|where ~~ = went|goes|gone|going wrong|badly|sideways|off",
                   "what|which ~~ = hard|difficult|tough|tricky|heavy|challenging|frustrating ~~ ?",
                   "hardest|toughest|trickiest|heaviest = thing|part|bit|step|piece",
                   "= struggling|struggle|struggled|stuck",
                   "what|which|where = "
                   "problem|problems|trouble|difficulty|difficulties|challenge|challenges|issue|"
                   "issues ~ you|your",
                   "biggest|main|greatest = problem|challenge|difficulty|issue|worry|risk|headache",
                   "what|where|which ~ = &be|are the|your|our ~ "
                   "snag|hitch|catch|problem|problems|difficulty|difficulties|trouble|issue|issues|"
                   "concern|concerns|holdup|hold-up|challenge|challenges|pain|brake|bottleneck|"
                   "risk|risks|rub",
                   "= sticking|pain|friction|weak|sore point|points",
                   "biggest|main|greatest|key|major|chief = "
                   "problems|challenges|difficulties|issues|worries|risks|headaches|concern|"
                   "concerns|hurdles|obstacle|struggle|fear",
                   "what|which = "
                   "challenges|difficulties|problems|issues|obstacles|hurdles|blockers|risks|"
                   "concerns ~ &be|do|have|are|did ~ you|we|your",
                   "where|what|when|which ~ = run|hit|bump|get|getting|hitting|running "
                   "into|a|against|stuck|bogged ~ "
                   "wall|walls|trouble|resistance|down|snag|snags|problems|difficulties",
                   "= up against",
                   "making|makes|made it ~ = hard|difficult|tough|tricky|impossible|complicated",
                   "= resistance|pushback|friction ~ come|comes|coming|from|do|are|is ~ you|from",
                   "find|finds|found ~ = "
                   "difficult|hard|tough|hardest|toughest|trickiest|tricky|challenging|frustrating",
                   "makes|making|made ~ so|such|that|it = "
                   "difficult|hard|tough|tricky|complicated|slow|painful|heavy",
                   "= holding|held|hold|holds|slowing|dragging|tripping|getting ~ up|back|down",
                   "what|who|which is|are|was = "
                   "delaying|dragging|jamming|derailing|frustrating|bugging|obstructing|hampering|"
                   "impeding|preventing",
                   "what|where ~~ = stuck|stalls|stalled|stalling|jams|jammed|breaks",
                   "you = find hard|difficult|hardest|tough"),
          .unless = LIST(
              "risk|risks|concern|catch|issue ~ for|in|to them|their|{}|him|her",
              "stands|standing in the gap|gaps|place|room|light|sun",
              "their|his|her|customer's|people's worries|troubles|concerns",
              "held|hold|holds most|weight|true", "talk|call|meeting get|got stuck",
              "stops|stopping|slows|slowing|keeps|worries|blocks|bothers|troubles|prevents "
              "their|them|people|customers|his|her|users",
              "weak|sore|pain|friction|sticking point|points ~ of|in|with their|the|a|our",
              "their|they|{} ~~ weak|sore|pain|friction|sticking point|points",
              "people|users|they|{}|customers|operators|nurses|drivers ~ stuck|stalled|struggle",
              "keeps|keep|kept you *ing !from",
              "they|{}|their|customer ~~ problem|risk|challenge|issue|worry|concern",
              "their|they|{} ~ problem|struggle|struggling|stuck|challenge",
              "the|real|their problem|issue|challenge behind|of|there|is|they|if",
              "when|if ~ gets|is|get|was hard|difficult|tough",
              "hard|difficult|tough question|questions|choice|call|talk|part",
              "stopped|blocked line|machine|plant|truck",
              "keeps|keeping &rep "
              "fresh|going|motivated|calm|curious|happy|sane|warm|steady|interested",
              "do|does|did they|{}|the|their|people|users|customers ~ find|see|feel|have|run|fear",
              "hard|difficult|tough|heavy for the|them|{}|their|him|her|users",
              "keeps|keeping coming|them|him|her|people|going|us|running|in|up",
              "get|got|getting past|over|through|around"),
          .spared = {LIST("help|helps|helped|helping|easier|support|resource|ask|asks|try|instead|"
                          "overcome|around|past|practise|together|colleague|somebody|someone|learn|"
                          "idea|ideas|solve|unblock|ease|lighter",
                          "who could|can|might|would", "i|we could|can|might ~ take|do|lift|change",
                          "you need|use|do about", "first step", "next time|step")},
          .bad = LIST("What is stopping you from calling {{deal.contact}}?"),
          .good = LIST("What is in the way of the trial that a colleague could help you with?"))
