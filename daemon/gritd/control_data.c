/* What the control socket offers about what is kept of a person: who looks is written down, and a
 * person can be erased. Who asks is what the kernel says of the other end of the socket. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/alloc.h"
#include "gritd/control.h"
#include "io/log.h"

void control_asker(uv_pipe_t *pipe, char ret[CONTROL_ASKER_BYTES])
{
    struct ucred peer = {.uid = (uid_t)-1};
    socklen_t length = sizeof(peer);
    uv_os_fd_t fd;
    if (uv_fileno((uv_handle_t *)pipe, &fd) ||
        getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length))
        (void)snprintf(ret, CONTROL_ASKER_BYTES, "somebody at the control socket"); /* fits */
    else
        asker_tell(peer.uid, ret);
}

static bool take(struct daemon *daemon, const struct event *event, struct strbuf *out)
{
    if (engine_take(daemon->engine, event, daemon_now(daemon), NULL, NULL) != ENGINE_FULL)
        return true;
    control_error(out, "the disk cannot keep up, or somebody is being erased; try again");
    return false;
}

/* Somebody is about to read what is kept of a person: {"cmd":"access","rep":ID,"what":WORD}. Of
 * whom nobody knows, nothing is kept. */
void control_access(struct daemon *daemon, const json_t *in, const char *asker, struct strbuf *out)
{
    struct event event;
    char id[CONTROL_ID_BYTES];
    const char *rep =
        core_person_id(engine_core(daemon->engine), json_string_value(json_object_get(in, "rep")));
    control_event(daemon, EVENT_ACCESS, id, &event);
    event.rep = rep;
    event.name = asker;
    event.reason = json_string_value(json_object_get(in, "what"));
    if (str_empty(event.reason) || strlen(event.reason) > CONTROL_ASKER_BYTES)
        control_error(out, "access needs a short word for what is looked at");
    else if (!rep || take(daemon, &event, out))
        strbuf_puts(out, "{\"ok\":true}");
}

/* {"cmd":"erase","rep":ID}: also of somebody who is in no file any more; the store knows. */
void control_erase(struct daemon *daemon, const json_t *in, const char *asker, struct strbuf *out)
{
    struct event event;
    char id[CONTROL_ID_BYTES];
    control_event(daemon, EVENT_FORGET, id, &event);
    event.rep = json_string_value(json_object_get(in, "rep"));
    if (str_empty(event.rep) || strlen(event.rep) > CONTROL_ASKER_BYTES) {
        control_error(out, "erase needs the id of a person");
    } else if (take(daemon, &event, out)) {
        log_info("erase", "%s asked for a person to be erased", asker); /* without whom */
        strbuf_puts(out, "{\"ok\":true}");
    }
}

/* {"cmd":"erasing","rep":ID}: whether that is still under way; left: messages on the platform that
 * could not be blanked. */
void control_erasing(struct daemon *daemon, const json_t *in, const char *asker, struct strbuf *out)
{
    const char *rep = json_string_value(json_object_get(in, "rep"));
    (void)asker; /* it says nothing about anybody */
    strbuf_printf(out, "{\"ok\":true,\"erasing\":%s,\"left\":%zu}",
                  rep && engine_forgets(daemon->engine, rep) ? "true" : "false",
                  rep ? engine_forget_left(daemon->engine, rep) : 0);
}
