#include "wire/mattermost_command.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <string.h>

#include "wire/chat.h"
#include "wire/mattermost_act.h"
#include "wire/percent.h"

static const char taken[] = "{\"response_type\":\"ephemeral\",\"text\":\"" CHAT_COMMAND_TAKEN "\"}";

/* The token is a field of the form; the header that has it too may be another one's, where the
 * server signs in at a proxy. */
int mm_command_read(const char *token, const char *body, size_t len, struct arena *arena,
                    struct mm_command *ret)
{
    if (len > MM_COMMAND_BYTES)
        return -EINVAL;
    const char *given = percent_form_value(body, len, "token", arena);
    const char *text = percent_form_value(body, len, "text", arena);
    *ret = (struct mm_command){.user = percent_form_value(body, len, "user_id", arena),
                               .text = text ? text : "",
                               .trigger = percent_form_value(body, len, "trigger_id", arena)};
    if (str_empty(given) || str_empty(ret->user) || strlen(ret->user) >= MM_ID_BYTES)
        return -EINVAL;
    if (strlen(given) != strlen(token) || CRYPTO_memcmp(given, token, strlen(token)) != 0)
        return -EACCES;
    return 0;
}

void mm_command_event(const struct mattermost *mm, const struct mm_command *command, uint32_t conn,
                      msec_t now, struct wire_out *out)
{
    char id[MM_SIGN_BYTES];
    bool nothing = !command->text[strspn(command->text, " \t\r\n")];
    const char *trigger = str_empty(command->trigger)
                              ? arena_printf(&out->arena, "%lld", (long long)now)
                              : command->trigger;
    mm_sign(mm->secret, "command", command->text, trigger, command->user, id);
    struct event *said = wire_event(out, conn, EVENT_SAID, now, taken);
    said->id = arena_printf(&out->arena, "command:%s", id);
    said->source = mm->source;
    said->chat = command->user;
    said->plain = !mm->actions;
    /* the slash tells the core that a command is meant, and no answer; one character more than is
     * kept shows that it is too long */
    said->text = wire_cut(out, arena_printf(&out->arena, "/%s", nothing ? "help" : command->text),
                          MESSAGE_SAID_MAX + 1);
}
