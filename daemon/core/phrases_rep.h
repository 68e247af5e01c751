/* phrases_rep.h: what reps can say by themselves, and what they hear then. Part of phrases.h.
 * Layer: core (pure). Plain, short, friendly; no blame, no score. */
#pragma once

/* when, how often and about what */
#define SAY_HELP_PAUSE  "pause 3d, pause until Monday: silence for so long (resume ends it)"
#define SAY_HELP_QUIET  "quiet 17:00-09:00: hours of the day without me (quiet off ends it)"
#define SAY_HELP_LESS_1 "less, more: fewer questions a week, or as many as before"
#define SAY_HELP_TOPICS "topics: choose what I ask you about"
#define SAY_PAUSE_HOW                                                                              \
    "For how long? For example: pause 2h, pause 3 days, pause until Monday, or just pause."
#define SAY_PAUSE_RANGE                                                                            \
    "That lies in the past or more than a year ahead. For example: pause 3 days, pause until "     \
    "Monday, or just pause."
#define SAY_QUIET                                                                                  \
    "All right: nothing from me from %s to %s, on any day. What falls into it waits or goes "      \
    "away. Say quiet off to end it."
#define SAY_QUIET_IS   "Your quiet hours are from %s to %s. Say quiet off to end them."
#define SAY_QUIET_NONE "You have no quiet hours of your own. For example: quiet 17:00-09:00."
#define SAY_QUIET_OFF  "All right: your own quiet hours are over. Working hours still count."
#define SAY_QUIET_HOW                                                                              \
    "Which hours? For example: quiet 17:00-09:00, quiet 12:00-13:30, or quiet off."
#define SAY_QUIET_ALL                                                                              \
    "Those hours cover all of your working time, so you would not hear from me again. If you "     \
    "mean that, say pause. I have changed nothing."
#define SAY_PER_WEEK "All right: at most %d questions a week from now on. Say more to change that."
#define SAY_ONE_A_WEEK                                                                             \
    "All right: at most one question a week from now on. Say more to change that."
#define SAY_ONE_ALREADY                                                                            \
    "It is one question a week at most already. Say pause if you would like none for a while."
#define SAY_NO_OWN_CAP                                                                             \
    "All right: as many as the team's limits allow, that is %d a working day at most."
#define SAY_PER_WEEK_HOW                                                                           \
    "How many questions a week at most? For example: less, more, or less 2. From 1 to %d; for "    \
    "none at all, say pause."
#define SAY_TOPICS                                                                                 \
    "What I ask you about; say topics off 2 to leave one out, topics on 2 to take it back:"
#define SAY_TOPICS_LINE   "\n%d. %s%s%s"
#define SAY_TOPICS_OFF    " (left out)"
#define SAY_TOPICS_MORE   "\nAnd %d more."
#define SAY_TOPICS_NONE   "There is nothing yet that I would ask you about."
#define SAY_TOPICS_ALL    "All right: every topic is on again."
#define SAY_TOPIC_OFF     "All right: nothing more about “%s”. Say topics on %s to take it back."
#define SAY_TOPIC_ON      "All right: “%s” is on again."
#define SAY_TOPIC_UNKNOWN "I do not know the topic “%s”. Did you mean %s? Say topics for the list."
#define SAY_TOPIC_HOW                                                                              \
    "I do not know the topic “%s”. Say topics for the list, then for example topics off 2."

/* what a rep has done, said in a line */
#define SAY_HELP_LOG "log call Acme: something you did (call, email, meeting, demo, proposal)"
#define SAY_LOG_HOW                                                                                \
    "What did you do? For example: log call Acme, log 3 emails Acme, or log meeting Acme, no "     \
    "show."
#define SAY_LOG_HOW_MANAGER                                                                        \
    "What did you do? For example: log call review Ana 30m, log team meeting, or for a deal of "   \
    "your own: log call Acme."
#define SAY_LOG_TOO_MANY "That is more than %d at once; did you mean fewer? Nothing is logged."
#define SAY_LOGGED       "Logged: %s about %s."
#define SAY_LOGGED_ALONE                                                                           \
    "Logged: %s, about no deal. To tie the next one to a deal, say for example log %s Acme."
#define SAY_LOGGED_REMARK  " Your remark stays here in the chat; I keep only the fact."
#define SAY_LOG_WHICH      "Which one do you mean? Reply with its number, or say none."
#define SAY_LOG_WHICH_LINE "\n%d. %s%s"
#define SAY_LOG_WHICH_MORE "\nAnd %d more; another word of its name would help."
#define SAY_LOG_NEAR       "I see no deal of yours called “%s”. Did you mean %s? Say yes, and I log it."
#define SAY_LOG_NONE                                                                                 \
    "I see no deal of yours called “%s”, so nothing is logged. Your open deals: %s. Say log %s " \
    "and one of the names, or nothing behind it for no deal."
#define SAY_LOG_NO_DEALS                                                                           \
    "I see no deal of yours called “%s”, so nothing is logged. Say log %s alone to log it "    \
    "without "                                                                                     \
    "a deal."
#define SAY_LOG_NUMBER  "Please reply with a number from 1 to %d, or say none."
#define SAY_LOG_DROPPED "All right, nothing is logged."

/* the first thing anybody hears: who it is, what it does, how to end it and where privacy is */
#define SAY_HELLO                                                                                  \
    "Hello %s. I am gritd, a bot; when a person's words come through me, I say whose they are.\n"  \
    "%sNow and then I ask you one short question about your own deals, in your working hours, "    \
    "and pass on praise for effort. Your answers are yours.\n"                                     \
    "Say pause to silence me, privacy to see who can read what, and help for all the rest."
#define SAY_HELLO_MANAGER                                                                          \
    "Hello %s. I am gritd, a bot; nothing goes out in your name unless you send it.\n"             \
    "%sI show you effort that I have seen on your team, so that the praise comes from you; what "  \
    "your reps answer stays with them.\n"                                                          \
    "Say pause to silence me, privacy to see who can read what, and help for all the rest."
#define SAY_HELLO_PURPOSE "What this is for: %s. "

/* what is said wrongly, or too late */
#define SAY_WORDLESS                                                                               \
    "I can only read words, and there were none in that. Write it as text, or say help."
#define SAY_TOO_LONG                                                                               \
    "That is longer than I can keep, %d characters at most, so I have kept nothing of it. Could "  \
    "you make it shorter?"
#define SAY_GONE_WORDS                                                                             \
    "This one is closed already, so I have not kept what you wrote. Here it is, to use elsewhere:" \
    "\n“%s”"
#define SAY_NOTED_LATE "Thank you, noted as your answer to “%s” %s"
#define SAY_SLASH_UNKNOWN                                                                              \
    "I do not know the command “%s”. Say help for all I understand; an answer to a question goes " \
    "without the slash."
