/* lint_rows_criticism.h: criticism that stops there. Included by lint.c in this order. */
LINT_RULE(
        .code = "lint-criticism", .uses = ANY_USE & ~USE(LINT_ADVICE), .mild = true,
        .advice = "criticises and leaves it there; add the standard, your confidence and a next "
                  "step, or ask",
        .patterns = LIST(
            "= the _ were|was|looked|got confused|bored|lost|asleep|yawning|annoyed ~ "
            "and|by|during|after|halfway|from",
            "&rep &be|was|were not = "
            "prepared|ready|convincing|clear|focused|professional|listening|convinced|structured|"
            "attentive",
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
            "too = many|few|much|little ~ in|on|for &yours",
            "&be|am|feel|felt not ~ = "
            "impressed|convinced|happy|pleased|satisfied|thrilled|amused|sold|fan|comfortable ~ "
            "by|with|how|of|about|on",
            "= left|leaves|leave ~ lot|much|something|plenty|everything to be? "
            "desired|wish|improve",
            "= room for improvement", "= riddled|littered|peppered|strewn|stuffed|bristling with",
            "= full|lots|too|so|plenty|list|packed of|many|with &very? _? &weak",
            "< that|it|this ~ was|is ~ = not ~ "
            "&workpiece|discovery|coaching|listening|selling|professional|standard",
            "^ &yours|the|that|this ~ &workpiece ~~ = "
            "read|reads|sounded|sounds|felt|feels|came|comes|looked|looks|seemed ~ like|as|off|a "
            "&det|if|though|bit",
            "^ = far|way|much? too _", "^ = too _ and|, too? _",
            "&yours|{rep} ~~ = too &very? "
            "long|short|many|much|few|late|slow|fast|early|vague|thin|generic|aggressive|soft|"
            "little|complicated|technical|pushy|loud|quiet|broad|cheap|expensive|detailed|hard|"
            "busy|rushed|salesy|formal|casual|weak|wordy|crowded|close|deep|quick|eager|friendly|"
            "nice|rarely|seldom|often",
            "&yours ~~ do|does|did|will|could not = "
            "hang|add|hold|make|stack|land|come|convince|help|impress|flow|persuade|stick|resonate|"
            "cut|reflect|hit|pass|address|stand|inspire|work",
            "&yours ~ has|have|had|contains|contained|offers|shows|showed|with = "
            "no|little|zero|hardly ~ _",
            "&yours|{rep} ~ &workpiece ~~ &be|was|felt|seemed|looked ~ = "
            "not|never|hardly|barely|insufficiently|badly|poorly ~ "
            "well|properly|really|very|good|clear|prepared|ready|structured|done|thought|strong|"
            "enough|up|convincing|professional|there|rehearsed|researched|written|right|complete|"
            "sharp|personal|relevant|tailored|great|executed|handled|planned|organised|on",
            "the|this|that|a &workpiece ~~ &be|felt|seemed|looked ~ = "
            "not|badly|poorly|insufficiently ~ "
            "well|properly|prepared|structured|done|thought|good|rehearsed|written|professional|up|"
            "researched|executed|handled|planned|organised|convincing",
            "i|we = found|find|thought|consider|felt|think ~ your|the|{rep}'s|it ~ &workpiece|tone "
            "~ &poor|too|rather|weak|lacking|not|quite|off",
            "&workpiece|offers|&rep ~ of|from|by? ~ {rep} ~ &be ~ = "
            "too|&poor|always|regularly|often|late|never",
            "= all over the place|shop",
            "&be ~ a|an|one|just|pure ~ = "
            "shambles|let-down|letdown|monologue|lecture|disappointment|embarrassment|mess|muddle|"
            "waste|sermon|rant|ramble|leaflet|brochure|interrogation|snoozefest|disaster|flop|yawn|"
            "slog|bore|joke",
            "= missed|misses|missing|beside the point|mark|beat|target",
            "= fell|falls|fall|came|comes flat|short|apart",
            "&yours ~ &workpiece|_ ~~ = "
            "bored|lost|confused|annoyed|irritated|tired|overwhelmed|puts|put|drove|sent|made ~ "
            "them|{}|customer|everyone|everybody|people|room|buyer|me|audience|asleep|off|away",
            "&yours ~ &workpiece ~~ = needs|need|requires|wants|could|deserves ~ "
            "work|polish|attention|improvement|practice|tidying|sharpening|use|more|better|clean-"
            "up|structure|redoing",
            "&rep|you = "
            "talked|talk|talks|spoke|rambled|went|droned|babbled|waffled|lectured|argued ~ "
            "too|for|over|on|past|at|down|far|through|without ~ "
            "much|long|fast|them|{}|customer|hour|and|him|her|everyone|minutes|listening|pause",
            "< &yours|{rep}'s|the ~~ &be|felt|looked|seemed|sounded ~ = "
            "painful|hard|difficult|embarrassing|torture|impossible|tiring|unpleasant|awkward|"
            "tough to listen|read|watch|follow|hear|understand|digest|sit",
            "< &yours|{rep}'s ~ = &be|felt|looked|seemed|sounded|were|was &very? &very? &poor",
            "&yours|{rep}'s ~ &be ~ = "
            "dog's|pig's|nightmare|wreck|crash|disgrace|pain|maze|mystery|jungle|jumble|patchwork|"
            "graveyard|desert",
            "&yours ~~ = half|most|some|all of ~ missing|wrong|blank|unreadable|empty|off",
            "&rep &be|were|was|sounded|seemed|came|looked ~ = too _",
            "&rep|&yours ~ not ~ = enough", "< = not enough _",
            "= not how|what we|i|you ~ "
            "do|work|sell|want|wanted|asked|agreed|expected|had|taught|pay|call",
            "< = "
            "sloppy|poor|weak|bad|careless|shoddy|lousy|half-hearted|lame|terrible|awful|"
            "disappointing|mediocre|unprofessional|lazy ~ "
            "&workpiece|stuff|job|work|show|effort|form|showing",
            "^ = poor|bad|weak|shoddy|sloppy|lazy _",
            "&rep|you = "
            "rushed|raced|hurried|galloped|stumbled|mumbled|breezed|waffled|rambled|ploughed|"
            "plowed ~ through|over|past|on|and|about",
            "= expected|expect|deserve|deserves|hoped ~ better|more",
            "nobody|no one|none|customer|they|room could|can|did not? = "
            "follow|understand|understood|hear ~ you|it|a|what",
            "the|that|this &workpiece &rep ~ "
            "wrote|sent|made|gave|held|did|delivered|built|prepared ~ = "
            "&be|was|is|were|are|had|has|needs|lacks|reads|read|looks ~ "
            "&poor|way|too|far|no|full|like|work",
            "= makes|made|make no|little|zero sense|point|impression",
            "of|in|behind &yours ~ &workpiece ~~ = "
            "makes|has|is|was|are|were|does|did|do|leaves|lacks ~ "
            "no|not|too|&poor|little|much|a|weak|missing",
            "the|that|this &workpiece ~~ = lacked|lacks|lack|dragged ~ _",
            "the|that|this &workpiece ~ = felt|seemed|sounded|looked|was ~ "
            "&poor|improvised|random|thrown|all|like|as",
            "= thrown|cobbled|slapped together",
            "= copy-paste|copy-pasted|copied|off-the-shelf|boilerplate|cookie-cutter",
            "= poorly|badly|sloppily|carelessly|hastily|insufficiently "
            "*ed|written|done|run|thought|built|put|led|cut",
            "&rep ~ = come|comes|came|coming across|over ~ as|like",
            "&rep|you = did|do|does not ~ listen|prepare|sound|seem|convince|come|look|know ~ "
            "very|well|enough|the|your|properly|at|really|to|sure|across",
            "!if nobody|none|no one? = "
            "understood|answers|reads|followed|believes|bought|believed|needs|wants ~ "
            "that|this|it|you|your",
            "= worst|weakest|poorest &workpiece",
            "= could have been|gone|done ~ better|shorter|clearer|sharper|stronger|tighter",
            "= not your best|finest",
            "= sloppy|shoddy|careless|lazy|poor|slapdash|half-hearted "
            "&workpiece|work|mistake|mistakes|job|effort",
            "you|{rep} = keep|kept|keeps|always|constantly|regularly|often ~ "
            "interrupting|talking|missing|forgetting|rushing|skipping|late|selling|overselling|"
            "cutting|too",
            "i = do not like how|the|your|what"),
        .unless = LIST(
            "skipped|skip|cut|dropped ~ slides|deck|pitch|script|slideshow|intro|agenda|jargon",
            "weakest|worst|poorest _ they|he|she|{}|their",
            "though|although|even|when|while|after ~ fell|came|fall flat|short|apart",
            "&rep talked to|with {}|them|him|her|the",
            "left the rest|others|table|floor|room|stage|word|talking|choice|decision|price|slides",
            "it|that was late", "our ~ &workpiece",
            "your flight|train|plane|taxi|parcel|delivery|customer|room|bus|meeting|call &be",
            "!you , &rep skip|skipped", "did &rep skip|skipped|rush ~ on purpose",
            "case ~ their|they",
            "found|finds|says|said|thinks|thought|wants|wanted the|our ~ &workpiece ~ too",
            "not good for", "their|customer's|customers|they|{} ~ &workpiece ~~ not|too|&poor|no",
            "not ~ our &workpiece", "the point where|when|of|that|is|in",
            "customer|they|{} ~ found|said|called|thinks", "their ~~ &poor", "too late|early to",
            "lost a|the|{}|one|two", "interrupt|lost you", "hard to say|believe|understand"),
        .spared = {LIST("heard|seen|saw|watched you do|did|handle|manage|run|ask",
                        "standard|agreed|agree|aim|our way|our rule|our bar|expect|expectation|we "
                        "want|guide|goal|good|usual|promise|promised|customers like",
                        "our|the|a way|rule|bar|guide|playbook|good",
                        "we aim|agreed|want|expect|look|use|keep|stick"),
                   LIST("i know|trust|believe|am|have|think ~ you|in|sure|confident|convinced|seen",
                        "heard|seen|saw|watched you do|did|handle|manage|run|ask",
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
