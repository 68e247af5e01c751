/* phrases.h: the daemon's own sentences, all in one place. Formats of printf.
 * Layer: core (pure). Plain, short, friendly; no blame, no score. */
#pragma once
#include "core/phrases_coach.h"

/* who reads an answer */
#define SAY_READER_REP     "Only you can read your answer."
#define SAY_READER_MANAGER "%s will read your answer too."
#define SAY_YOUR_MANAGER   "Your manager"
#define SAY_READER_TEAM    "Your team will be able to read your answer."

/* buttons */
#define SAY_ANSWER      "Answer"
#define SAY_YOUR_ANSWER "Your answer"
#define SAY_LATER       "Later"
#define SAY_SKIP        "Skip"
#define SAY_WHY         "Why?"
#define SAY_SEND        "Send"
#define SAY_EDIT        "Edit"
#define SAY_NOT_TRUE    "Not true"
#define SAY_STOP        "Stop for now"
#define SAY_LESS        "Less often"
#define SAY_OTHER_TIME  "In the afternoon"
#define SAY_WRONG_TOPIC "Other topics"

/* a question's life */
#define SAY_REMINDER "Still here when you have a moment:\n%s"
#define SAY_AGAIN    "You asked me to come back to this:\n%s"
#define SAY_ANSWERED "%s\n\nYour answer: %s"
#define SAY_NOTED    "Thank you, noted. %s"
#define SAY_SNOOZED  "%s\n\nI will come back to this %s."
#define SAY_SKIPPED  "%s\n\nSkipped. That is fine."
#define SAY_LATER_ENOUGH                                                                           \
    "I have come back to this three times. Answer it or skip it; both are fine."
#define SAY_GONE         "This one is closed already."
#define SAY_NOT_YOURS    "That one was meant for %s, so I left it as it is."
#define SAY_EMPTY        "I did not get any words with that. Write your answer, and I will keep it."
#define SAY_NEED_NUMBER  "Please answer with a number from %d to %d."
#define SAY_NEED_YES_NO  "Please answer with yes or no."
#define SAY_NEED_DATE    "Please answer with a date such as 2027-02-01."
#define SAY_NEED_CHOICE  "Please choose one of: %s."
#define SAY_NOTHING_OPEN "Nothing is waiting for an answer. Say help to see what I understand."

/* talks of several steps */
#define SAY_TALK_END     "End here"
#define SAY_TALK_CHANGE  "Change"
#define SAY_TALK_AWAY    "%s\n\nSomething else comes first now."
#define SAY_TALK_STOPPED "%s\n\nEnded here. What you wrote stays yours."
#define SAY_TALK_STOPPED_COMMAND                                                                   \
    "%s\n\nEnded here. What you wrote stays yours. Say %s whenever you want a new start."
#define SAY_TALK_OTHER                                                                             \
    "We are in the middle of another talk. Answer its question or say stop, then say %s again."
#define SAY_TALK_NOTHING       "There is nothing to ask about that right now."
#define SAY_TALK_WHY           "you said %s"
#define SAY_TALK_TAKE_UP       "Here is where we stopped:\n"
#define SAY_TALK_TAKE_UP_QUOTE "Here is where we stopped. Last you said: “%s”\n"
#define SAY_TALK_DONE          "That was the last question. In your own words:\n%s"
#define SAY_TALK_DONE_PLAIN    "That was the last question. Thank you for taking the time."
#define SAY_TALK_QUOTE         "• “%s”\n"
#define SAY_TALK_PLAN          "• Your plan: “%s”\n"

/* evidence cards */
#define SAY_CARD          "%s\n\nA word from you would mean more than one from me. My draft for %s:\n“%s”"
#define SAY_CARD_SENT     "%s\n\nSent to %s in your name."
#define SAY_CARD_SKIPPED  "%s\n\nLeft alone."
#define SAY_CARD_NOT_TRUE "%s\n\nThank you for saying so. Nothing was sent."
#define SAY_FROM_MANAGER  "%s asked me to pass this on:\n“%s”"
#define SAY_FROM_BOT      "%s\n\n(Noticed by me, the bot. Nobody asked me to say it.)"

/* suggestions, and talks between colleagues */
#define SAY_YES_PLEASE     "Yes, please"
#define SAY_NO_THANKS      "No, thanks"
#define SAY_OFFER_TAKEN    "%s\n\nHere it is: %s"
#define SAY_OFFER_DECLINED "%s\n\nAll right, I will leave it."
#define SAY_TALK_BEGUN                                                                             \
    "%s\n\nI will ask a colleague, without your name, and tell you when somebody says yes."
#define SAY_TALK_ALREADY "I am looking for a colleague for you already."
#define SAY_TALK_MET                                                                               \
    "%s is glad to spend 15 minutes with you about %s. %s knows that it is you, so just write."
#define SAY_TALK_NOBODY                                                                            \
    "I have looked around, and just now nobody has 15 minutes for a talk about %s. That has "      \
    "nothing to do with you; your name was not mentioned."
#define SAY_PEER                                                                                   \
    "Would you spend 15 minutes with a colleague about %s? You hear the name once you both agree."
#define SAY_PEER_WHY      "a colleague of yours would like to talk about %s, and you were next"
#define SAY_PEER_MET      "%s\n\nThank you. It is %s, who knows your name by now too."
#define SAY_PEER_DECLINED "%s\n\nThat is fine. Nobody learns that I asked you."
#define SAY_PEER_LATE     "Thank you for offering. That one has been settled meanwhile."

/* back-off */
#define SAY_META                                                                                   \
    "My last questions did not get an answer, so I will stop here. What would make them useful "   \
    "to you?"
#define SAY_META_STOP        "All right, I am quiet now. Say resume whenever you want me back."
#define SAY_META_LESS        "All right: at most one question a week from now on."
#define SAY_META_OTHER_TIME  "All right: from now on I only ask in the afternoon."
#define SAY_META_WRONG_TOPIC "All right: I will leave that topic alone."

/* experiments */
#define SAY_RULE_PAUSED                                                                            \
    "I have paused the rule “%s” (%s), because it seems to do harm.\n"                         \
    "What it hopes for followed %lld of the %lld times it spoke (%d %%), and %lld of the %lld "    \
    "times a coin kept it silent (%d %%). The difference is %+d points, from %+d to %+d in an "    \
    "interval of %.4g %%; %lld people took part.\n"                                                \
    "To take it up again, change it and give its plugin a higher version, or run: "                \
    "gritctl resume --rule %s"
#define SAY_RULE_PAUSED_WHY                                                                        \
    "the rule has paused itself: with it, what it hopes for came less often (%+d points, "         \
    "between %+d and %+d)"
/* to the manager who owns a plugin file: its name, the line, what is wrong */
#define SAY_FILE_KEPT            "%s has a mistake, so the version from before stays in force.\nLine %d: %s"
#define SAY_FILE_LEFT_OUT        "%s has a mistake, so none of its rules is in force.\nLine %d: %s"
#define SAY_FILE_UNREADABLE_KEPT "%s cannot be read, so the version from before stays in force.\n%s"
#define SAY_FILE_UNREADABLE      "%s cannot be read, so none of its rules is in force.\n%s"
#define SAY_FILE_MENDED          "%s is in order again, and what it says now is in force."
#define SAY_FILES_MORE           "And %d more files; gritctl reload names every mistake."
#define SAY_CONFIG_REFUSED                                                                         \
    "The configuration was changed and has a mistake, so everything stays as it was.\n"            \
    "%s, line %d: %s"
#define SAY_CONFIG_MENDED "The configuration is in order again, and what it says now is in force."

/* dates and lengths; the three lists are words with one space between them */
#define SAY_WEEKDAYS      "Sun Mon Tue Wed Thu Fri Sat"
#define SAY_WEEKDAY_NAMES "Sunday Monday Tuesday Wednesday Thursday Friday Saturday"
#define SAY_MONTHS        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
#define SAY_DATE          "%s %d %s" /* Tue 24 Nov */
#define SAY_DAY_OF_MONTH  "%d %s"
#define SAY_TODAY_AT      "today at %s"
#define SAY_YESTERDAY_AT  "yesterday at %s"
#define SAY_DAYS_AGO      "%d days ago"
#define SAY_ON            "on %s"
#define SAY_ON_AT         "on %s at %s"
#define SAY_AT            "%s at %s"
#define SAY_LENGTH        "%lld %s"
#define SAY_WEEKS         "weeks"
#define SAY_DAY           "day"
#define SAY_DAYS          "days"
#define SAY_HOUR          "hour"
#define SAY_HOURS         "hours"
#define SAY_MINUTE        "minute"
#define SAY_MINUTES       "minutes"
#define SAY_SECOND        "second"
#define SAY_SECONDS       "seconds"
#define SAY_A_MOMENT      "a moment"

/* why a message came, behind "You got this because" */
#define SAY_A_QUESTION       "a question for you"
#define SAY_META_WHY         "my last questions went unanswered"
#define SAY_BECAUSE_SCHEDULE "it was %s %s for you"
#define SAY_BECAUSE_STAGE    "%s moved to %s (%s)"
#define SAY_BECAUSE_LOST     "%s was lost (%s)"
#define SAY_BECAUSE_WON      "%s was won (%s)"
#define SAY_BECAUSE_ACTIVITY "a %s was logged (%s)"
#define SAY_BECAUSE_GATE     "one half of a gate of %s was completed (%s)"
#define SAY_BECAUSE_EVENT    "of %s about %s (%s)"
#define SAY_ANOTHER_STAGE    "another stage"

/* commands */
#define SAY_HELP                                                                                   \
    "I ask one question at a time about your own deals, and pass on praise for effort.\n"          \
    "Write your answer in your own words, or say:"
#define SAY_HELP_ANSWER   "About a question"
#define SAY_HELP_OWN      "By yourself, at any time"
#define SAY_HELP_LESS     "When and what I ask"
#define SAY_HELP_DATA     "What is kept"
#define SAY_HELP_TEAM     "Your team"
#define SAY_HELP_WHY      "why: why you got the last message; why not: what I kept to myself"
#define SAY_HELP_LATER    "later, skip: put the open question off, or drop it"
#define SAY_HELP_PRIVACY  "privacy: who can read what"
#define SAY_FOR_MANAGERS  "“%s” is for managers. Say help to see what I can do for you."
#define SAY_HELP_STOP     "stop: end the talk we are in"
#define SAY_HELP_FLOW     "%s: %s"
#define SAY_HELP_FLOW_ANY "a talk of a few questions"
#define SAY_HELP_MORE                                                                              \
    "Say help and one of these words to read what it does, for example: help pause."
#define SAY_PAUSED      "All right, nothing from me until %s, %s. Say resume to end it early."
#define SAY_PAUSED_OPEN "All right, nothing from me until you say resume."
#define SAY_RESUMED     "Welcome back. I will ask again when there is something worth asking."
#define SAY_PRIVACY                                                                                \
    "Your answers are yours. Nobody else reads them unless the question said so before you "       \
    "answered. "                                                                                   \
    "Your manager sees that the team is being coached, never your words."
#define SAY_WHY_NOTHING    "I have not sent you anything that I could explain yet."
#define SAY_WHY_META       "You got this because %s."
#define SAY_WHY_RULE       "You got this because %s.\nThe rule is “%s”: %s"
#define SAY_WHY_NOT        "Lately I kept these to myself:\n"
#define SAY_WHY_NOT_NEARLY "These came close:\n"
/* date, what the rule is for, the reason, what would have changed it */
#define SAY_WHY_NOT_LINE       "• %s, %s: %s. %s\n"
#define SAY_WHY_NOT_NOTHING    "In the last three days I kept nothing back, and nothing came close."
#define SAY_WHY_NOT_UNREADABLE "I cannot look that up just now. Please ask again in a minute."
#define SAY_UNSURE             "I do not know “%s”. Did you mean %s? Say help for all I understand."

#include "core/phrases_manager.h"
#include "core/phrases_page.h"
#include "core/phrases_rep.h"
