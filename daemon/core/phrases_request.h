/* phrases_request.h: help that is asked of somebody, and what one wants to do consistently. Formats
 * of printf. Layer: core (pure). Plain, short, friendly; nobody owes a reason. */
#pragma once

/* buttons */
#define SAY_REQUEST_YES      "Pass it on"
#define SAY_REQUEST_WITHDRAW "Take it back"
#define SAY_REQUEST_ACCEPT   "I can help"
#define SAY_REQUEST_DONE     "Done"
#define SAY_REQUEST_CANNOT   "Not this time"

/* to the asker, before it goes */
#define SAY_HELP_REQUEST                                                                           \
    "request Ben: could you look at my slides, by Friday: asks for help, once you have seen the "  \
    "message; requests lists them"
/* the asker, the date, the asker's words */
#define SAY_REQUEST_TEXT "%s asks for your help, by %s:\n“%s”"
#define SAY_REQUEST_READ                                                                           \
    "Shall I pass this on to %s? It is the whole message, and nothing else goes with it:\n\n%s"
#define SAY_REQUEST_WHOM                                                                            \
    "Whom shall I ask? Change it and put a name in front, for example: “Ben: %s”. You see the " \
    "message once more before it goes."
#define SAY_REQUEST_HOW                                                                            \
    "Whom would you like to ask, and what? For example: request Ben: could you look at my "        \
    "slides, by Friday. My manager, CRM, practice or company stand for a name. You see the "       \
    "message before it goes."
#define SAY_REQUEST_NAME "There is no name on it yet. Say for example: request Ben."
#define SAY_REQUEST_WORDLESS                                                                       \
    "What would you like to ask for? Put it behind the name: request %s: could you look at my "    \
    "slides."
#define SAY_REQUEST_LONG    "That has %ld characters, and I can pass on %d. What is the heart of it?"
#define SAY_REQUEST_PAST    "That date has passed, or is more than a year away. Which day would do?"
#define SAY_REQUEST_UNKNOWN "I know nobody called “%s”. Whom do you mean?"
#define SAY_REQUEST_NEAR    "I know nobody called “%s”. Do you mean %s?"
#define SAY_REQUEST_ABSENT  "Nobody is named for “%s” here. The name of a colleague works too."
#define SAY_REQUEST_SELF    "That is you. Who else comes to mind?"
#define SAY_REQUEST_GONE    "%s is no longer here. Who else comes to mind?"
#define SAY_REQUEST_AWAY    "%s cannot be reached through me just now. Who else comes to mind?"
#define SAY_REQUEST_BUSY    "%s has a good deal to answer already. Who else comes to mind?"
#define SAY_REQUEST_MANY                                                                           \
    "%d requests of yours are open, which is all I can keep. Say requests to see them."
#define SAY_REQUEST_DAY                                                                            \
    "I have passed on %d requests for you today. Tomorrow I can take the next one."
#define SAY_REQUEST_NO_DRAFT  "There is no request that waits for a yes. Say requests to see yours."
#define SAY_REQUEST_DISCARDED "All right, nothing was passed on."
#define SAY_REQUEST_REPLACED  "You have changed this one; the new one counts."

/* to the asker, afterwards */
#define SAY_REQUEST_SENT     "Passed on to %s. To take it back, say: request drop %d."
#define SAY_REQUEST_PASSED   "Passed on."
#define SAY_REQUEST_TAKEN    "Taken back."
#define SAY_REQUEST_DROPPED  "All right, I have taken it back."
#define SAY_REQUEST_ACCEPTED "%s can help with “%s”."
#define SAY_REQUEST_FINISHED "%s says that this is done: “%s”."
#define SAY_REQUEST_DECLINED                                                                        \
    "%s cannot help with this one: “%s”. It happens, and it says nothing about your question. " \
    "Who else comes to mind?"

/* to the helper */
#define SAY_REQUEST_REMINDER  "This one is still here; a no is as welcome as a yes.\n%s"
#define SAY_REQUEST_SAID_YES  "You can help. %s knows."
#define SAY_REQUEST_SAID_DONE "Done. Thank you; %s knows."
#define SAY_REQUEST_SAID_NO   "Not this time. That is fine; no reason is needed, and %s knows."
#define SAY_REQUEST_NOT_NOW   "%s does not need this any more."
#define SAY_REQUEST_CLOSED    "Its date is long past, so I have put it away."
#define SAY_REQUEST_TOLD      "Thank you. I have told %s."

/* the list */
#define SAY_REQUESTS_NONE    "You have asked for no help, and nobody waits for yours. "
#define SAY_REQUESTS_OWN     "What you have asked for:"
#define SAY_REQUESTS_ASKED   "What you are asked for:"
#define SAY_REQUEST_LINE     "\n%d. %s, by %s: “%s” (%s)"
#define SAY_REQUEST_NOBODY   "for nobody yet"
#define SAY_REQUEST_NO_DATE  "no date"
#define SAY_REQUEST_IS_DRAFT "waits for your yes"
#define SAY_REQUEST_IS_SENT  "no answer yet"
#define SAY_REQUEST_IS_YES   "a yes"
#define SAY_REQUEST_IS_DONE  "finished"
#define SAY_REQUEST_IS_NO    "not possible this time"
#define SAY_REQUEST_IS_BACK  "taken back by you"
#define SAY_REQUEST_IS_PAST  "closed without an answer"
#define SAY_REQUESTS_OWN_FOOT                                                                      \
    "\nTo take one back, say its number: request drop 1. A draft goes out with request yes.\n"
#define SAY_REQUESTS_ASKED_FOOT "\nSay request accept 2, request done 2 or request cannot 2."
#define SAY_REQUEST_WHICH                                                                          \
    "Which one? Say requests to see the numbers, then for example: request %s 2."

/* what one wants to do consistently */
#define SAY_HELP_BEHAVIOURS                                                                        \
    "behaviours: what you want to do every week, whatever comes; behaviours follow up, prepare 5"
#define SAY_BEHAVIOURS_LIST      "What would you like to do every week, whatever comes? There are:"
#define SAY_BEHAVIOURS_LIST_LINE "\n%d. %s: %s"
#define SAY_BEHAVIOURS_HOW                                                                         \
    "\nSay it with names or numbers, and how often if you like: behaviours follow up 5, prepare"
#define SAY_BEHAVIOURS_READ      "This is what I understood. Shall I note it as your own?"
#define SAY_BEHAVIOURS_READ_LINE "\n• %s: %d %s a week%s"
#define SAY_BEHAVIOURS_SUGGESTED " (my suggestion; change it as you like)"
#define SAY_BEHAVIOUR_NEAR       "\nI did not understand “%s”. It comes nearest to %s."
#define SAY_BEHAVIOUR_UNKNOWN    "\nI did not understand “%s”, and it stands in no list of mine."
#define SAY_BEHAVIOURS_YES       "Yes, these"
#define SAY_BEHAVIOURS_KEPT                                                                        \
    "Noted as your own. Say goals to see how the week goes; nobody else reads it."
#define SAY_BEHAVIOURS_LEFT "All right, I noted nothing."

/* what the behaviours are that somebody can choose */
#define SAY_DO_PREPARE        "gets ready before a talk: looks things up, writes down what to ask"
#define SAY_DO_REACH_OUT      "opens the door: calls somebody first"
#define SAY_DO_FOLLOW_UP      "comes back after a talk, in writing"
#define SAY_DO_ASK_AND_LISTEN "talks with the customer face to face"
#define SAY_DO_TAILOR_VALUE   "shows the customer something made for them"
#define SAY_DO_KEEP_THE_PATH  "does the steps of the way that both sides agreed on"
#define SAY_DO_SELL_TOGETHER  "brings colleagues in: shows it to the customer together"
#define SAY_DO_PRACTISE       "trains a skill outside of deals"
