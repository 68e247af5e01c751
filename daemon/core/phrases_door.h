/* phrases_door.h: the daemon's own sentences about the anonymous door. Formats of printf.
 * Layer: core (pure). */
#pragma once

/* the anonymous door */
#define SAY_HELP_ANONYMOUS                                                                         \
    "anonymous TEXT: something you would rather not put your name to, for example anonymous I do " \
    "not dare to call after a no"
#define SAY_HELP_VOICES "voices: what was said anonymously, once five people of a team have spoken"
/* The same with words and without: what is kept of it must not tell which it was. */
#define SAY_DOOR                                                                                   \
    "What stands behind the word anonymous goes into a box without your name and without a time. " \
    "The box of your team is opened on a Monday, once five different people have put something "   \
    "in; then whoever leads you can read the words, shuffled. Before that nobody can, and after "  \
    "three months without five people they are erased unread. I cannot give words back, for I do " \
    "not know whose they are. Your own message stays in this chat until you delete it."
#define SAY_DOOR_LONG                                                                              \
    "That is too long for the box: 400 characters at most, because long texts are recognised. I "  \
    "have kept nothing of it; please say it shorter."
#define SAY_DOOR_NAMES                                                                             \
    "That holds a name, of a person or of a deal of yours, and would tell whose words they are. "  \
    "I have kept nothing of it; please say it without the name."
#define SAY_DOOR_FULL                                                                              \
    "The box of your team is full until it is opened. I have kept nothing of this; please come "   \
    "back after a Monday or two."
#define SAY_DOOR_TYPO                                                                              \
    "Did you mean anonymous? I was not sure, so I have kept nothing of it. Please say it again "   \
    "with that word in front, or begin differently if it was an answer."
#define SAY_VOICES      "What people said anonymously. The order means nothing, and there are no days."
#define SAY_VOICES_PART "\n\n%s, opened %s:"
#define SAY_VOICES_LINE "\n• %s"
#define SAY_VOICES_MORE "\n\nThere is more than fits here; the page of figures has all of it."
#define SAY_VOICES_NONE                                                                            \
    "There is nothing to show. What is said anonymously can be read on a Monday, once five "       \
    "different people of a team have spoken; until then I do not tell whether anybody has."
