/* phrases_coach.h: sentences about harder steps, hints, programmes and talks that lead on.
 * Layer: core (pure). Part of phrases.h. */
#pragma once

/* harder steps */
#define SAY_STRETCH_TRIED "I tried it"
#define SAY_STRETCH_TAKEN                                                                          \
    "%s\n\nGood. It stays between us; nobody is told. Come back and press the button once you "    \
    "have tried it. How it goes does not matter for that."
#define SAY_STRETCH_DECLINED                                                                       \
    "%s\n\nThat is fine, and it stays between us. I will leave it for a good while."
#define SAY_STRETCH_DONE "%s\n\nYou tried it. That was the step, however it turned out."
#define SAY_STRETCH_WELCOME                                                                        \
    "All right: now and then I may offer you a step that is a little harder. Every one is free "   \
    "to decline, and nobody hears of it. Say stretch again to end that."
#define SAY_STRETCH_UNWELCOME                                                                      \
    "All right: harder steps only come soon after a one-to-one from now on. Say stretch to have "  \
    "them at any time."
#define SAY_HELP_STRETCH "stretch: harder steps are welcome, or not any more"

/* hints */
#define SAY_HELP_ADVICE "advice: a hint for the open question"
#define SAY_HINT                                                                                   \
    "%s\n\nThe question stays open. For the next two weeks I bring a hint where I have one."
#define SAY_HINT_NONE                                                                              \
    "I have no hint for this one. For the next two weeks I bring one wherever I have it; your "    \
    "manager or a colleague may know more today."

/* programmes */
#define SAY_HELP_START  "start: start a programme with your team"
#define SAY_START_NONE  "There is no programme to start; what is in force works by itself."
#define SAY_START_WHICH "Say start and the name of a programme: %s."
#define SAY_START_CHECK                                                                            \
    "Before %s starts, your own view of it counts. My question about it comes to you by itself; "  \
    "answer it first, or say: start %s without check."
#define SAY_START_NO_BASELINE                                                                      \
    "%s cannot start yet: nothing that it looks at was ever recorded for your team, so nobody "    \
    "could tell later what it changed. Say it again once events have come in for some weeks."
#define SAY_STARTED                                                                                \
    "%s has started with your team. I have kept how things stand today; say it again at any "      \
    "time to compare."
#define SAY_START_ALREADY "%s started on %s.\n%s"
#define SAY_START_LINE    "• %s: %lld then, %lld now\n"
#define SAY_START_FEW                                                                              \
    "The figures are kept, and shown once your team has five people, so that they are nobody's "   \
    "in particular."

/* talks that lead on */
#define SAY_TALK_LED "of what came up in the talk before (%s)"
