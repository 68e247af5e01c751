/* mattermost_command.h: slash commands: what somebody typed behind one, posted to us by the server.
 * Layer: wire (pure). Source: Mattermost, "Custom slash commands". */
#pragma once
#include "wire/mattermost.h"

enum { MM_COMMAND_BYTES = 64 * 1024 };

/* Texts are the arena's. */
struct mm_command {
    const char *user;
    const char *text;    /* "" when nothing stood behind the command */
    const char *trigger; /* tells one from the other, or NULL */
};

/* body: of a form. token: what the server was given for this command when it was made.
 * Errors: -EINVAL not such a call; -EACCES it bears another token. */
int mm_command_read(const char *token, const char *body, size_t len, struct arena *arena,
                    struct mm_command *ret);
/* What was said with it, as an event whose ack tells the person where to look. */
void mm_command_event(const struct mattermost *mm, const struct mm_command *command, uint32_t conn,
                      msec_t now, struct wire_out *out);
