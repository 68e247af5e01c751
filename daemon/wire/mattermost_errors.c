/* What an answer of the REST API proves. */
#include <string.h>

#include "base/alloc.h"
#include "wire/mattermost.h"

enum { MM_RATE_DEFAULT_MS = 1000, MM_ACCESS_MS = 300000, MM_PENDING_WAIT_MS = 2000 };

static const struct {
    const char *id;
    enum mm_class class;
    const char *todo; /* of STOP */
} rows[] = {
    {"api.context.session_expired.app_error", MM_STOP,
     "check that the bot account is enabled and its token not revoked (Integrations, Bot "
     "Accounts); "
     "a person's token needs personal access tokens to be switched on. A new token goes into its "
     "credential file"},
    {"api.context.invalid_token.error", MM_STOP,
     "the bot's token is not accepted: make a new one (Integrations, Bot Accounts) and put it into "
     "its credential file"},
    {"api.user.check_user_mfa.bad_code.app_error", MM_STOP,
     "use the token of a bot account: it needs no second factor"},
    {"api.context.mfa_required.app_error", MM_STOP,
     "use the token of a bot account: it needs no second factor"},
    {"api.post.deduplicate_create_post.pending", MM_PENDING, NULL},
};

static const char no_access[] =
    "check that the bot account is enabled and its token is the one in the credential file";

static void limited(const struct wire_reply *reply, enum mm_method method, struct wire_out *out,
                    struct mm_answer *ret)
{
    ret->class = MM_LIMITED;
    ret->error = "limit exceeded";
    ret->wait_ms = reply->retry_after_ms ? reply->retry_after_ms : MM_RATE_DEFAULT_MS;
    wire_limit(out, (int)method, ret->wait_ms);
}

static void by_status(long status, enum mm_method method, struct mm_answer *ret)
{
    if (status == 401) {
        ret->class = MM_STOP;
        ret->todo = no_access;
    } else if (status == 403 && method != MM_PATCH) { /* heals after the bot was added to a team */
        ret->class = MM_LATER;
        ret->wait_ms = MM_ACCESS_MS;
    } else if (status == 501) { /* switched off for the whole server */
        ret->class = MM_STOP;
        ret->todo = "ask the administrator of the server to switch this on";
    } else {
        ret->class = status < 500 && status != 408 ? MM_REFUSED : MM_UNSURE;
    }
}

/* An error object. Whatever its id, only a status below 500 proves that nothing was done; its own
 * member status_code has to agree, or a proxy has changed the one or the other. */
static void refused(const struct wire_reply *reply, const json_t *tree, enum mm_method method,
                    struct wire_out *out, struct mm_answer *ret)
{
    ret->error = arena_strdup(&out->arena, mm_member(tree, "id"));
    if (json_integer_value(json_object_get(tree, "status_code")) == reply->status)
        by_status(reply->status, method, ret);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (str_eq(rows[i].id, ret->error) && (ret->class != MM_UNSURE || !rows[i].todo)) {
            ret->class = rows[i].class;
            ret->todo = rows[i].todo;
        }
    }
    if (ret->class == MM_PENDING)
        ret->wait_ms = MM_PENDING_WAIT_MS;
    if (ret->class == MM_STOP)
        wire_fatal(out, MM_HEAL_MS,
                   arena_printf(&out->arena, "Mattermost refuses %s: %s", mm_method_name(method),
                                ret->error),
                   ret->todo);
}

static void read_body(const struct wire_reply *reply, enum mm_method method, struct wire_out *out,
                      struct mm_answer *ret)
{
    json_t *tree = json_loadb(reply->body, reply->len, JSON_REJECT_DUPLICATES, NULL);
    if (tree && reply->status >= 200 && reply->status < 300) {
        ret->ok = true;
        ret->tree = tree;
        return;
    }
    if (!str_empty(mm_member(tree, "id")) && reply->status >= 400)
        refused(reply, tree, method, out, ret);
    else /* of a proxy: what stands behind it may have acted */
        ret->error =
            arena_printf(&out->arena, "(HTTP %ld without Mattermost's JSON)", reply->status);
    json_decref(tree);
}

void mm_answer_read(struct mattermost *mm, const struct wire_reply *reply, enum mm_method method,
                    struct wire_out *out, struct mm_answer *ret)
{
    *ret = (struct mm_answer){.class = MM_UNSURE};
    if (reply->outcome != WIRE_ANSWERED) {
        ret->class = reply->outcome == WIRE_NOT_SENT ? MM_LATER : MM_UNSURE;
        ret->wait_ms = reply->outcome == WIRE_NOT_SENT ? reply->retry_after_ms : 0;
        ret->error = arena_printf(&out->arena, "(%s)", reply->error);
        return;
    }
    if (reply->date != MSEC_NONE)
        mm->skew = reply->date - reply->now;
    if (reply->status == 429)
        limited(reply, method, out, ret);
    else
        read_body(reply, method, out, ret);
}

void mm_answer_done(struct mm_answer *answer)
{
    json_decref(answer->tree);
    answer->tree = NULL;
}
