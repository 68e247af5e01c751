/* phrases_data.h: the daemon's own sentences about what is kept of a person. Formats of printf.
 * Layer: core (pure). */
#pragma once

/* what is kept of a person: share, history, privacy, export, forget me */
#define SAY_HELP_HISTORY   "history: your questions and answers, and who can read each"
#define SAY_HELP_SHARE     "share 3, unshare 3: show that answer to your manager, or take it back"
#define SAY_HELP_EXPORT    "export: everything that is kept about you"
#define SAY_HELP_FORGET    "forget me: erase everything that is kept about you"
#define SAY_READER_SHARED  "%s can read your answer, because you shared it."
#define SAY_SHARE_CHANGED  "Noted. Your new words are yours alone; say share to show them as well."
#define SAY_SHARED         "%s can read this now:\n“%s”\nYou said: “%s”\nSay unshare %d to take it back."
#define SAY_SHARED_ALREADY "%s can read that one already:\n“%s”\nYou said: “%s”"
#define SAY_SHARED_BEFORE                                                                          \
    "That one was announced before you answered: %s\nI cannot take that back for you."
#define SAY_UNSHARED     "Taken back. Only you can read this now:\n“%s”\nYou said: “%s”"
#define SAY_UNSHARED_NOT "That answer is not shared. Only you can read it."
#define SAY_SHARE_NOBODY "I do not know who your manager is, so there is nobody to show it to yet."
#define SAY_SHARE_NOTHING                                                                          \
    "There is no answer of yours yet, so there is nothing to share or to take back."
#define SAY_SHARE_WHICH   "Which one? Say history to see the numbers, then for example %s 3."
#define SAY_HISTORY_NONE  "I have not asked you anything that I still keep."
#define SAY_HISTORY       "Your latest questions, newest first. This list is for your eyes only.\n"
#define SAY_HISTORY_LINE  "\n%s: “%s”\n%s\n"
#define SAY_HISTORY_WORDS "Answer %d: “%s” %s"
#define SAY_HISTORY_MORE  "\n%d older ones are kept too; export has them all."
#define SAY_HISTORY_OPEN  "It waits for your answer."
#define SAY_HISTORY_LEFT  "Left without an answer, and that is fine."
#define SAY_PURPOSE       "What I am for: %s. What I keep serves that and nothing else.\n\n"
#define SAY_PURPOSE_PLAIN "coaching"
#define SAY_CONTROLLER    "\n\nResponsible for it: %s."
#define SAY_PRIVACY_KEPT                                                                           \
    "\n\nRight now I keep %d of your questions and talks, %d of them with an answer, and %d you "  \
    "share. An answer goes %d days after it."
#define SAY_PRIVACY_WORDS                                                                          \
    "\n\nSay history to read them, share or unshare for one answer, export for everything that "   \
    "is kept about you, forget me to erase it."
#define SAY_ACCESS_NONE  "\n\nNobody has looked at what is kept about you."
#define SAY_ACCESS_SOME  "\n\nWho has looked at what is kept about you, newest first:"
#define SAY_ACCESS_LINE  "\n• %s, %s: %s %s"
#define SAY_ACCESS_MORE  "\nAnd %d times before that; export names them all."
#define SAY_EXPORT_BEGIN "This is everything that is kept about you (part %d of %d).\n\n%s"
#define SAY_EXPORT_REST                                                                            \
    "\n\nThat is as much as fits into a chat. The whole of it, %d entries, is ready as a file: "   \
    "whoever runs me can hand it to you with gritctl export --rep %s."
#define SAY_EXPORT_UNREADABLE "I cannot read it just now. Please ask again in a minute."
#define SAY_FORGET_ASK                                                                             \
    "This erases everything that is kept about you: questions, answers, plans, the record of "     \
    "who looked. It cannot be undone. Press a button, or say yes, within ten minutes; anything "   \
    "else keeps it."
#define SAY_FORGET_YES  "Erase everything"
#define SAY_FORGET_NO   "Keep it"
#define SAY_FORGET_KEPT "Nothing was erased."
#define SAY_FORGET_LATE                                                                            \
    "That was asked too long ago, so nothing was erased. Say forget me to be asked again."
#define SAY_FORGET_BEGUN                                                                           \
    "I am erasing everything now, and I blank my messages of the last two weeks here. Older ones " \
    "and your own words in this chat stay until you delete them. As long as your name is in the "  \
    "list of people, I begin again from nothing; ask for it to be taken out if you want that."
#define SAY_FORGET_LEFT                                                                            \
    "Of my messages to you or about you, %lld could not be blanked: the chat did not let me "      \
    "change them, or they were deleted before. Where its menu offers to delete a message you can " \
    "do that yourself; else whoever runs the chat can. All that I keep of you goes now."
#define SAY_FORGOTTEN "(Erased at the wish of the person it was for.)"

/* what somebody looked at; after the name of who did */
#define SAY_LOOKED_WHY     "looked up why you got, or did not get, a message"
#define SAY_LOOKED_PREVIEW "looked at what a rule would say to you"
#define SAY_LOOKED_EXPORT  "took out everything that is kept about you"
#define SAY_LOOKED_REPORT  "looked at figures about you"
#define SAY_LOOKED_TEAM    "looked at how your team is doing: away, paused, open questions"
#define SAY_LOOKED_PREPARE "prepared a talk with you, from what you share"
#define SAY_LOOKED_PAGE    "looked at the page about you"

/* gritctl drill: a message that tries the whole way */
#define SAY_DRILL                                                                                  \
    "This is a test: somebody who runs me wants to see that my messages reach you. There is "      \
    "nothing to do."
