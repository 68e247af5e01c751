/* lint_rows_obstacle.h: questions for obstacles. Included by lint.c, in an order that matters. */
LINT_RULE(.code = "lint-obstacle", .uses = QUESTIONS, .mild = true, .info = true,
          .advice = "asks for an obstacle; ask for what or who could help in the same breath",
          .patterns =
              LIST("what|who|which ~ = "
                   "stopping|stops|stopped|blocking|blocks|blocked|keeping|keeps|holding|holds|"
                   "hindering|hinders|slowing|slows|prevents|preventing|delaying|delays|held|"
                   "bothering|worries|troubles",
                   "in = the|your way $|of|with|at|today|here|this|now|just",
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
                   "you = find hard|difficult|hardest|tough"),
          .unless = LIST("their|they|{} ~ problem|struggle|struggling|stuck|challenge",
                         "the|real|their problem|issue|challenge behind|of|there|is|they|if",
                         "when|if ~ gets|is|get|was hard|difficult|tough",
                         "hard|difficult|tough question|questions|choice|call|talk|part",
                         "get|got|getting past|over|through|around"),
          .spared = {LIST("help|helps|helped|helping|easier|support|resource|ask|asks|try|instead|"
                          "overcome|around|past|practise|together|colleague|somebody|someone|learn|"
                          "idea|ideas|solve|unblock|ease|lighter",
                          "who could|can|might|would", "you need|use|do about", "first step",
                          "next time|step")},
          .bad = LIST("What is stopping you from calling {{deal.contact}}?"),
          .good = LIST("What is in the way of the trial that a colleague could help you with?"))
