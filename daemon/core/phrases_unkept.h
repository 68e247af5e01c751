/* phrases_unkept.h: the daemon's own sentences about answers whose words are not stored. Formats of
 * printf.
 * Layer: core (pure). */
#pragma once

#define SAY_READER_NEVER   "Your words go nowhere: I only note that you answered."
#define SAY_READER_WISH    "This is for you alone: I forget your words unless you ask me to keep them."
#define SAY_ANSWERED_NEVER "%s\n\nAnswered. I have not stored your words."
#define SAY_ANSWERED_WISH                                                                          \
    "%s\n\nAnswered. I have not stored your words; press Keep this, or say keep this, within a "   \
    "day if I should."
#define SAY_KEEP_THIS   "Keep this"
#define SAY_HELP_KEEP   "keep this: store the answer you just gave, where I would forget it"
#define SAY_NOTED_NEVER "Thank you. I have noted that you answered, and not what."
#define SAY_NOTED_WISH                                                                             \
    "Thank you. I forget your words now; say keep this within a day if I should store them for "   \
    "you alone."
#define SAY_KEPT_NOW "Kept. Say history to read it; forget me erases it with all the rest."
#define SAY_KEEP_NOTHING                                                                           \
    "I do not have those words any more, so there is nothing to keep. You can answer the "         \
    "question "                                                                                    \
    "again, and then say keep this."
#define SAY_HISTORY_UNKEPT "You answered, and I have not stored your words."
#define SAY_PRIVACY_UNSTORED                                                                       \
    "\n\nWords of answers are not stored at all: I note that you answered, and nothing more."
#define SAY_GONE_UNKEPT "This one is closed already, and I have not stored what you wrote."
