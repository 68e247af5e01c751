/* phrases_manager.h: what is said to those who lead, and about it to the others. Part of phrases.h.
 * Layer: core (pure). */
#pragma once

/* who reads an answer that only counts in a figure */
#define SAY_READER_GROUP                                                                           \
    "Nobody sees your answer by itself. It only counts in a figure of five people or more."
#define SAY_GROUP_COUNTED                                                                          \
    "Your answer is counted already, without your name, so it stays as it was. Thank you for it."

/* evidence cards that cannot go on as they are */
#define SAY_CARD_LEFT "%s is no longer here, so nothing was sent."
#define SAY_CARD_PAUSED                                                                            \
    "%s has paused my messages, so I have not passed it on. The card stays open; you could also "  \
    "say it in person."
#define SAY_CARD_WORDS "Nothing was sent. Please write %d and your own words behind it."
#define SAY_CARD_EMPTY "There are no words in it, so nothing was sent. The card is still open."
#define SAY_CARD_LONG                                                                              \
    "Those are %ld characters, and %d fit into one message, so nothing was sent. The card is "     \
    "still open."

/* help */
#define SAY_HELP_TEAM_LIST  "team: who is here, away, paused or new"
#define SAY_HELP_PAUSE_TEAM "pause team 2d: silence for your whole team (resume team ends it)"
#define SAY_HELP_LEDGER                                                                            \
    "ledger: your own coaching; ledger one-to-one Ana 30m adds to it, ledger undo takes it out"
#define SAY_HELP_PREPARE                                                                           \
    "prepare: what your manager sees before a one-to-one with you; a manager says prepare Ana"
#define SAY_HELP_LEADERS      "leaders: whether those who lead you take part in the coaching themselves"
#define SAY_HELP_EXPECTATIONS "expectations: what is expected of reps, managers and leaders"

/* nobody there */
#define SAY_LEADS_NOBODY                                                                           \
    "Nobody reports to you in people.yaml yet. Once a team names you as its manager, I can help."
#define SAY_NOT_IN_TEAM   "I do not find “%s” in your team. You lead: %s."
#define SAY_WHICH_OF_THEM "I know more than one: %s. Say the whole name, and I will go on."

/* team */
#define SAY_TEAM              "Your team today, by name:"
#define SAY_TEAM_HERE         "here"
#define SAY_TEAM_AWAY         "away"
#define SAY_TEAM_AWAY_UNTIL   "away until %s"
#define SAY_TEAM_PAUSED       "paused"
#define SAY_TEAM_PAUSED_UNTIL "paused until %s"
#define SAY_TEAM_NEW          ", new since %s"
#define SAY_TEAM_OPEN         "\nOpen questions in the team: %d. What people answer stays with them."
#define SAY_TEAM_OPEN_FEW                                                                          \
    "\nHow many questions are open is not shown for fewer than five people. What people answer "   \
    "stays with them."

/* pause team */
#define SAY_TEAM_SILENT                                                                            \
    "All right, nothing from me to your team (%d) until %s, %s. Say resume team to end it early."
#define SAY_TEAM_SILENT_OPEN                                                                       \
    "All right, nothing from me to your team (%d) until you say resume team."
#define SAY_TEAM_PAUSE_HOW                                                                         \
    "For how long? For example: pause team 2h, pause team 3d, or just pause team. At most 90 "     \
    "days."
#define SAY_TEAM_RESUMED    "Your team hears from me again. Who has paused on their own stays paused."
#define SAY_TEAM_NOT_PAUSED "Your team is not paused by you, so nothing changes."

/* ledger */
#define SAY_LEDGER           "Your own coaching, for your eyes only."
#define SAY_LEDGER_WEEK      "\nThis week: %s."
#define SAY_LEDGER_MONTH     "\nThis month so far: %s."
#define SAY_LEDGER_MINUTES   "; %lld minutes"
#define SAY_LEDGER_NOTHING   "nothing on record yet"
#define SAY_LEDGER_KEPT      "\nKept: %d of the %d that were planned up to now this month."
#define SAY_LEDGER_KEPT_NONE "\nKept: nothing was planned this month up to now."
#define SAY_LEDGER_RATED     "\nRated by reps last month: %s on a scale from %d to %d, by %d people."
#define SAY_LEDGER_RATED_NOT                                                                       \
    "\nRated by reps last month: not shown. It takes ratings from at least five people in a "      \
    "month."
#define SAY_LEDGER_ADDED        "Noted: %s with %s%s."
#define SAY_LEDGER_ADDED_TEAM   "Noted: %s%s."
#define SAY_LEDGER_TAKEN_BACK   "Taken out again: %s."
#define SAY_LEDGER_NOTHING_SAID "There is nothing of yours that I could take out again."
#define SAY_LEDGER_LENGTH       ", %lld minutes"
#define SAY_LEDGER_HOW                                                                             \
    "Tell me what it was, with whom, and how long, for example: ledger one-to-one Ana 30m. I "     \
    "know "                                                                                        \
    "one-to-one, call review, joint plan, career talk and team meeting."
#define SAY_LEDGER_TOO_LONG "That is longer than a day. For example: ledger one-to-one Ana 30m."

/* prepare */
#define SAY_PREPARE_WHOM "Whom is it about? For example: prepare %s."
#define SAY_PREPARE      "For your next one-to-one with %s."
#define SAY_PREPARE_OWN  "This is what %s sees before a one-to-one with you."
#define SAY_PREPARE_ALONE                                                                          \
    "Nobody is named as your manager, so nobody prepares a one-to-one with you here."
#define SAY_PREPARE_LAST       "\nThe last one: %s."
#define SAY_PREPARE_FIRST      "\nNo one-to-one is on record yet."
#define SAY_PREPARE_DEALS      "\n\nOpen deals:"
#define SAY_PREPARE_STAGE      "open"
#define SAY_PREPARE_IN         ", %s there"
#define SAY_PREPARE_NEXT       "; next step: %s"
#define SAY_AND_MORE           "\nand %d more"
#define SAY_PREPARE_NO_DEALS   "\n\nNo open deals."
#define SAY_PREPARE_SHARED     "\n\nWhat %s has shared with you:"
#define SAY_PREPARE_SHARED_OWN "\n\nWhat you have shared:"
#define SAY_PREPARE_ANSWER     "\n• %s\n  “%s”"
#define SAY_PREPARE_NOTHING    "\n\n%s has shared no answer lately. What to share is %s's own choice."
#define SAY_PREPARE_NOTHING_OWN                                                                    \
    "\n\nYou have shared no answer lately. What to share is your own choice."
#define SAY_PREPARE_ASK "\n\nQuestions you could ask:"

/* leaders */
#define SAY_LEADERS                                                                                \
    "Those who lead you, and whether they took part in the coaching themselves in the last 30 "    \
    "days:"
#define SAY_LEADERS_YES  "yes"
#define SAY_LEADERS_NO   "no"
#define SAY_LEADERS_NONE "Nobody is named as your manager, so there is nobody to show here."

/* expectations */
#define SAY_EXPECTATIONS          "What is expected of each of us when it comes to coaching."
#define SAY_EXPECTATIONS_REPS     "\n\nOf reps:"
#define SAY_EXPECTATIONS_MANAGERS "\n\nOf managers:"
#define SAY_EXPECTATIONS_LEADERS  "\n\nOf leaders:"
#define SAY_EXPECTATIONS_NONE                                                                      \
    "No expectations are written down yet. Whoever runs me can add them to people.yaml."

/* what a manager can ask in a one-to-one; three of them stand on the card */
#define SAY_ASK_HANDS                                                                              \
    "What would you like to have in your hands at the end of these thirty minutes?"
#define SAY_ASK_AGAIN    "Which conversation of the last days would you like to go through once more?"
#define SAY_ASK_BETTER   "What are you getting better at, and what shows you that you are?"
#define SAY_ASK_DECISION "Where does the next deal need a decision that you cannot take alone?"
#define SAY_ASK_HELP     "What do I do that helps you, and what would help you more?"
#define SAY_ASK_CURIOUS  "Which customer are you most curious about right now, and why that one?"
#define SAY_ASK_NEW      "What did you try lately that was new for you?"
#define SAY_ASK_IN_WAY   "What stands in your way that I could move?"
#define SAY_ASK_TRIED    "What do you want to have tried before we talk again?"

/* the words for the acts of coaching, one and several */
#define SAY_ACT_ONE_TO_ONE    "one-to-one"
#define SAY_ACT_ONE_TO_ONES   "one-to-ones"
#define SAY_ACT_CALL_REVIEW   "call review"
#define SAY_ACT_CALL_REVIEWS  "call reviews"
#define SAY_ACT_JOINT_PLAN    "joint plan"
#define SAY_ACT_JOINT_PLANS   "joint plans"
#define SAY_ACT_CAREER_TALK   "career talk"
#define SAY_ACT_CAREER_TALKS  "career talks"
#define SAY_ACT_TEAM_MEETING  "team meeting"
#define SAY_ACT_TEAM_MEETINGS "team meetings"
#define SAY_ACT_PRAISE        "word of praise"
#define SAY_ACT_PRAISES       "words of praise"
