/* lint_rows_criticism.h: criticism that stops there. Included by lint.c, in an order that matters.
 */
LINT_RULE(
        .code = "lint-criticism", .uses = ANY_USE & ~USE(LINT_ADVICE), .mild = true,
        .advice = "criticises and leaves it there; add the standard, your confidence and a next "
                  "step, or ask",
        .patterns = LIST(
            "&yours ~~ = &be|sounded|felt|came|seemed|looked ~ far|way|a|much? bit|little? too _",
            "< &yours ~~ = far|way|much too "
            "long|short|slow|late|vague|much|little|soft|hard|many|few|fast|early|technical",
            "&yours|the|this|that|it ~~ = could|should be|have been? "
            "better|clearer|shorter|stronger|sharper|tighter|cleaner|faster !off",
            "&yours|this|that|the &workpiece ~ = needs|need ~ "
            "work|polish|practice|improvement|structure|focus",
            "= leaves|left much|a|something|plenty to|lot be?",
            "= expected|hoped|wanted ~ more|better ~ from|of you", "= below|under|sub par",
            "< &yours ~~ = no|lacks|without|lacking any? real|clear? "
            "structure|depth|energy|focus|preparation|point|logic|purpose|plan",
            "&rep = sounded|seemed|looked|came|appeared across? ~ "
            "unsure|bored|unprepared|pushy|desperate|arrogant|rude|distracted|uninterested|"
            "rambling",
            "&rep = talked|talk over|past|down",
            "&yours|it|that ~~ = "
            "rambling|long-winded|wordy|unconvincing|underwhelming|subpar|amateurish|lacklustre|"
            "lackluster|uninspired|forgettable|disorganised",
            "< &yours|the|this|that|it ~~ not ~ = "
            "convincing|impressive|professional|acceptable|persuasive",
            "nowhere = near", "< &yours ~ &workpiece ~~ = full|loaded|packed|riddled of|with",
            "&workpiece ~~ = dragged|drags|rambled|meandered|fizzled|flopped|bombed",
            "&rep could|can|should|must ~ = do ~ better",
            "^ &yours|the|that|this &workpiece ~~ did|does|do|will not = "
            "land|work|convince|help|impress|flow|persuade|stick|resonate",
            "^ it|that|this was|felt|sounded|came|were = &very? &very? &poor",
            "= came|come across ~ as &poor|unsure|unprepared|pushy|nervous|arrogant|desperate",
            "< &yours ~ &workpiece ~~ = &be|feel|felt|sound|sounded|look|looked|seem|seemed|remain "
            "~ &poor",
            "&yours ~ &workpiece ~~ = too &very? "
            "long|short|many|much|few|late|slow|fast|early|vague|thin|generic|aggressive|soft|"
            "little|complicated|technical|pushy|_ $",
            "&yours|the|that|this|{} ~~ &workpiece ~~ = not "
            "good|clear|enough|up|convincing|professional|acceptable|where",
            "&yours ~~ = lack|lacks|lacked|missed|misses|needs|need|leaves|leave|left "
            "much|depth|structure|the|focus|work|improvement|to|a|some|substance|energy|clarity|"
            "preparation",
            "&yours|{rep} ~ = &be a|one? mess|disaster|joke|waste|disappointment|failure",
            "= of {rep} &be ~ &poor|mess",
            "the &workpiece ~~ &rep|{}|{rep} ~ = &be|&poor ~ &poor|hard|mess",
            "^ the|that|this &workpiece ~ = &be ~ &poor|hard to",
            "= below|under our|the|any|your ~ standard|standards|bar|level|expectations",
            "&rep|you = "
            "talk|talks|talked|speak|spoke|sell|push|pushed|wait|waited|rush|write|present ~ too "
            "much|fast|long|little|early|late|hard|quickly|soon",
            "&rep = "
            "rush|rushed|rushes|skipped|skip|interrupt|interrupts|interrupted|bored|confused|lost|"
            "ramble|rambled|oversold|overtalked|annoyed|dominated|stumbled|winged",
            "= do|must|can better $", "the way ~ you|{rep} ~~ = &be ~ &poor",
            "&yours = bad|poor|sloppy|weak|slow|messy|careless &workpiece|habit|habits",
            "too = many|few|much|little ~ in|on|for &yours", "i = do not like how|the|your|what"),
        .unless = LIST("it|that was late", "customer|they|{} ~ found|said|called|thinks",
                       "their ~~ &poor", "too late|early to", "lost a|the|{}|one|two",
                       "interrupt|lost you", "hard to say|believe|understand"),
        .spared = {LIST("standard|agreed|agree|aim|our way|our rule|our bar|expect|expectation|we "
                        "want|guide|goal|good|usual|promise|promised|customers like",
                        "our|the|a way|rule|bar|guide|playbook|good",
                        "we aim|agreed|want|expect|look|use|keep|stick"),
                   LIST("i know|trust|believe|am|have|think ~ you|in|sure|confident|convinced|seen",
                        "you can|have|had|did ~ before|often|shown|it|this|already|in",
                        "you &be ~ able|capable|good|ready",
                        "confident|confidence|trust|certain ~ you", "you ~ shown|proved|proven"),
                   LIST("next time|step|call|week|one",
                        "try|start|begin|practise|use|take|ask|let|pick|send|write",
                        "what|which|how|who|where|when ~~ ?", "tomorrow|today|on &period")},
        .bad = LIST("Your opening was too long. What do you say?",
                    "Your pipeline is a mess. How do you see it?"),
        .good = LIST(
            "We agreed on one page. Yours had four, and I know you can do one. What could go?"))
