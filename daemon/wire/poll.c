#include <errno.h>
#include <jansson.h>
#include <openssl/crypto.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "wire/binary_text.h"
#include "wire/poll_put.h"

enum { REASON_CHARS = 160, HEX_BYTES = 17 };

const char poll_form[] = "application/x-www-form-urlencoded";

static const struct poll_kind *const kinds[] = {
#define POLL(name) &poll_##name,
#include "wire/poll_list.h"
#undef POLL
};

const struct poll_kind *poll_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (str_eq(kinds[i]->name, name))
            return kinds[i];
    }
    return NULL;
}

/* --- life --- */

void poll_init(struct poll *poll, const struct poll_kind *kind, const struct poll_setup *setup)
{
    *poll = (struct poll){.kind = kind, .setup = *setup, .cursor.until = MSEC_NONE};
    arena_init(&poll->arena);
    arena_init(&poll->page);
}

static void forget_token(struct poll *poll)
{
    if (poll->token)
        OPENSSL_cleanse(poll->token, strlen(poll->token));
    xstr_replace(&poll->token, NULL);
    xstr_replace(&poll->base, NULL);
}

void poll_done(struct poll *poll)
{
    forget_token(poll);
    arena_done(&poll->arena);
    arena_done(&poll->page);
    free(poll->seen);
    free(poll->cursor.place);
    free(poll->cursor.seen);
    *poll = (struct poll){0};
}

void poll_begin(struct poll *poll, msec_t now)
{
    poll_abort(poll);
    poll->now = now;
    poll->from = poll->cursor.until == MSEC_NONE ? now - poll->setup.since
                                                 : poll->cursor.until - poll->kind->overlap;
    poll->step = poll->kind->first;
    poll->at_once = poll->kind->at_once;
    poll->read = poll->ignored = 0;
}

void poll_abort(struct poll *poll)
{
    arena_reset(&poll->arena);
    arena_reset(&poll->page);
    poll->step = POLL_IDLE;
    poll->renewed = false;
    poll->more = poll->place = NULL;
    poll->own = NULL;
    poll->seen_count = 0;
    poll->wants = NULL;
    poll->want_count = 0;
}

/* --- asking --- */

void poll_escape(struct strbuf *out, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        bool plain = (*p >= '0' && *p <= '9') || (*p >= 'A' && *p <= 'Z') ||
                     (*p >= 'a' && *p <= 'z') || strchr("-._~", *p);
        if (!plain) {
            strbuf_putc(out, '%');
            strbuf_putc(out, digits[*p >> 4]);
        }
        strbuf_putc(out, plain ? (char)*p : digits[*p & 15]);
    }
}

void poll_field(struct strbuf *out, const char *name, const char *value)
{
    if (out->len)
        strbuf_putc(out, '&');
    poll_escape(out, name);
    strbuf_putc(out, '=');
    poll_escape(out, value);
}

const char *poll_token_header(struct poll *poll, const char *prefix)
{
    return arena_printf(&poll->arena, "%s%s", prefix, poll->token ? poll->token : "");
}

int poll_url(struct poll *poll, const char *path, const struct strbuf *query, const char **ret,
             struct err *err)
{
    const char *base = poll->base ? poll->base : poll->setup.url;
    const char *url = query && query->len
                          ? arena_printf(&poll->arena, "%s%s?%s", base, path, strbuf_text(query))
                          : arena_printf(&poll->arena, "%s%s", base, path);
    if (strlen(url) > POLL_URL_BYTES)
        return err_set(err, E2BIG, "an address of more than %d bytes", POLL_URL_BYTES);
    *ret = url;
    return 0;
}

int poll_ask(struct poll *poll, struct poll_request *ret, struct err *err)
{
    *ret = (struct poll_request){.method = "GET"};
    if (poll->kind->signs_in && !poll->token && poll->step != POLL_TOKEN) {
        poll->after_token = poll->step;
        poll->step = POLL_TOKEN;
    }
    return poll->step == POLL_TOKEN ? poll->kind->sign_in(poll, ret, err)
                                    : poll->kind->ask(poll, ret, err);
}

/* --- reading --- */

static bool is_seen(const struct poll *poll, uint64_t id)
{
    for (size_t i = 0; i < poll->cursor.seen_count; i++) {
        if (poll->cursor.seen[i] == id)
            return true;
    }
    return false;
}

/* Every event goes by here: what the last round has read is left out. The oldest marks go where
 * there are too many: the next round begins near the newest. */
static int on_event(void *user, const struct event *event)
{
    struct poll *poll = user;
    uint64_t id = hash_text(event->id);
    if (poll->seen_count == POLL_SEEN_MAX) {
        poll->seen_count -= POLL_SEEN_MAX / 4;
        memmove(poll->seen, poll->seen + POLL_SEEN_MAX / 4, poll->seen_count * sizeof(*poll->seen));
    }
    ARRAY_GROW(poll->seen, poll->seen_count, poll->seen_cap);
    poll->seen[poll->seen_count++] = id;
    if (is_seen(poll, id))
        return 0;
    poll->read++;
    return poll->world->event(poll->world->user, event);
}

static void on_want(void *user, const struct crm_want *want)
{
    struct poll *poll = user;
    if (poll->world->want)
        poll->world->want(poll->world->user, want);
}

void poll_out(struct poll *poll, struct crm_out *ret)
{
    *ret = (struct crm_out){.arena = &poll->page, .event = on_event, .want = on_want, .user = poll};
}

void poll_events(struct poll *poll, struct crm_out *out, struct crm_events *ret, const char *crm)
{
    const char *account = poll->setup.account ? poll->setup.account : poll->setup.intake;
    poll_out(poll, out);
    *ret = (struct crm_events){.out = out,
                               .request = &poll->request,
                               .crm = crm,
                               .source = crm_source(&poll->page, crm, account)};
}

int poll_flush(struct crm_events *events)
{
    int status = crm_flush(events);
    events->count = 0;
    return status;
}

int poll_parse(struct poll *poll, const struct crm *crm, const char *body, size_t length,
               struct err *err)
{
    struct crm_request request = poll->request;
    struct crm_out out;
    request.body = body;
    request.length = length;
    poll_out(poll, &out);
    int status = crm->parse(&request, &out, err);
    poll->ignored += out.ignored;
    return status;
}

bool poll_is_odd(int status)
{
    return status == -EINVAL || status == -E2BIG;
}

bool poll_known(struct poll *poll, const char *deal, struct poll_deal *ret)
{
    *ret = (struct poll_deal){.amount = NUMBER_NONE};
    if (!poll->world->deal || !poll->world->deal(poll->world->user, deal, ret))
        return false;
    /* copies: handing out an event changes what is known */
    ret->owner = arena_strdup(&poll->page, ret->owner);
    ret->stage = arena_strdup(&poll->page, ret->stage);
    ret->currency = arena_strdup(&poll->page, ret->currency);
    return true;
}

int poll_tree(struct poll *poll, const struct poll_reply *reply, struct jtree **ret,
              struct err *err)
{
    int status =
        jtree_parse_without(reply->body, reply->length, poll->kind->unread, &poll->page, err, ret);
    return status ? err_prefix(err, "its answer is no JSON: ") : 0;
}

static const char *const reasons[] = {"errorCode", "code",     "error", "error_description",
                                      "message",   "category", NULL};

static const json_t *first_of(const json_t *node)
{
    const json_t *inner = json_object_get(node, "error");
    return json_is_array(node) ? json_array_get(node, 0) : json_is_object(inner) ? inner : node;
}

/* What the CRM says of its refusal: [{"errorCode", "message"}], {"error", "error_description"},
 * {"category", "message"} or {"error": {"code", "message"}}. */
static void add_reason(const struct poll_reply *reply, struct err *err)
{
    json_t *root = json_loadb(reply->body, reply->length, 0, NULL);
    struct strbuf words = {0};
    for (size_t i = 0; reasons[i]; i++) {
        const char *said = json_string_value(json_object_get(first_of(root), reasons[i]));
        if (!said)
            continue;
        strbuf_puts(&words, words.len ? ", " : ": ");
        strbuf_add(&words, said, utf8_prefix(said, REASON_CHARS));
    }
    for (size_t i = 0; i < words.len; i++)
        words.data[i] = (unsigned char)words.data[i] < ' ' ? ' ' : words.data[i];
    size_t used = strlen(err->text);
    size_t room = sizeof(err->text) - used - 1;
    if (words.len) {
        size_t length = words.len < room ? words.len : room;
        memcpy(err->text + used, words.data, length);
        err->text[used + length] = '\0';
    }
    strbuf_done(&words);
    json_decref(root);
}

/* It is no matter of the token's age: {"code": ...} says so. */
static bool lacks_right(const struct poll *poll, const struct poll_reply *reply)
{
    if (reply->status != 401 || !poll->kind->no_right)
        return reply->status != 401;
    json_t *root = json_loadb(reply->body, reply->length, 0, NULL);
    bool lacks = str_eq(json_string_value(json_object_get(root, "code")), poll->kind->no_right);
    json_decref(root);
    return lacks;
}

/* What somebody who asks for single records may have asked wrongly is not what it may not see. */
static int refusal(const struct poll *poll, const struct poll_reply *reply)
{
    bool rights = reply->status == 401 || reply->status == 403;
    if (reply->status == 429 || reply->status == 408 || reply->status >= 500)
        return EAGAIN;
    return poll->kind->takes && poll->step != POLL_TOKEN && !rights ? EINVAL : EACCES;
}

static int refused(struct poll *poll, const struct poll_reply *reply, struct err *err)
{
    int code = refusal(poll, reply);
    bool signing_in = poll->step == POLL_TOKEN;
    const char *hint =
        signing_in || !lacks_right(poll, reply) ? poll->kind->secrets : poll->kind->rights;
    hint = code == EACCES ? hint : NULL;
    int status = err_set(err, code, "%s answers %ld%s%s", signing_in ? "signing in" : "it",
                         reply->status, hint ? ", look at " : "", hint ? hint : "");
    add_reason(reply, err);
    return status;
}

/* {"access_token", "instance_url" or "api_domain"}, or a refusal of status 200. */
static int read_token(struct poll *poll, const struct poll_reply *reply, struct err *err)
{
    json_t *root = json_loadb(reply->body, reply->length, 0, NULL);
    const char *token = json_string_value(json_object_get(root, "access_token"));
    const char *base = json_string_value(json_object_get(root, "instance_url"));
    int status = 0;
    if (!base)
        base = json_string_value(json_object_get(root, "api_domain"));
    if (!token && json_object_get(root, "error"))
        status = refused(poll, reply, err);
    else if (!token || strlen(token) > POLL_TEXT_BYTES || strpbrk(token, "\r\n"))
        status = err_set(err, EINVAL, "signing in answers without an access_token");
    else if (base && strlen(base) > POLL_TEXT_BYTES)
        status = err_set(err, EINVAL, "signing in answers with an address that is too long");
    if (!status) {
        forget_token(poll);
        poll->token = xstrdup(token);
        poll->base = xstrdup(base);
        size_t length = base ? strlen(base) : 0;
        while (length && poll->base[length - 1] == '/')
            poll->base[--length] = '\0';
        poll->step = poll->after_token;
    }
    json_decref(root);
    return status;
}

/* The marks of this round take the place of those of the last one. */
static void move_on(struct poll *poll)
{
    struct poll_cursor *cursor = &poll->cursor;
    free(cursor->seen);
    cursor->seen = xmemdup(poll->seen, poll->seen_count * sizeof(*poll->seen));
    cursor->seen_count = poll->seen_count;
    cursor->until = poll->now;
    if (poll->place)
        xstr_replace(&cursor->place, poll->place);
    poll_abort(poll);
}

bool poll_ask_less(struct poll *poll)
{
    if (poll->at_once <= 1)
        return false;
    poll->at_once /= 2;
    return true;
}

/* 207: some of it. */
static bool is_answer(const struct poll *poll, long status)
{
    const struct poll_kind *kind = poll->kind;
    if (status == 200 || status == 204 || status == 207)
        return true;
    return poll->step != POLL_TOKEN &&
           ((status == 404 && kind->reads_gone) || (kind->reads && kind->reads(poll, status)));
}

int poll_read(struct poll *poll, const struct poll_reply *reply, const struct poll_world *world,
              struct err *err)
{
    if (poll->kind->signs_in && poll->step != POLL_TOKEN && !poll->renewed &&
        !lacks_right(poll, reply)) {
        forget_token(poll);
        poll->renewed = true; /* a new one that is refused too is an answer */
        return POLL_ON;
    }
    if (!is_answer(poll, reply->status))
        return refused(poll, reply, err);
    if (poll->step == POLL_TOKEN) {
        int status = read_token(poll, reply, err);
        return status ? status : POLL_ON;
    }
    poll->renewed = false;
    if (reply->date != MSEC_NONE && reply->date < poll->now)
        poll->now = reply->date; /* what it knew is as old as its own clock says */
    poll->world = world;
    poll->request =
        (struct crm_request){.intake = poll->setup.intake, .now = poll->now, .book = world->book};
    int status = poll->kind->read(poll, reply, err);
    poll->world = NULL;
    arena_reset(&poll->page);
    if (status == -E2BIG && poll_ask_less(poll))
        return POLL_ON;
    if (status)
        return status;
    if (poll->step != POLL_IDLE)
        return POLL_ON;
    move_on(poll);
    return POLL_OVER;
}

/* --- the cursor --- */

void poll_cursor_write(const struct poll *poll, struct strbuf *out)
{
    const struct poll_cursor *cursor = &poll->cursor;
    struct jsonw json;
    char hex[HEX_BYTES];
    jsonw_begin(&json, out);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "kind", poll->kind->name);
    jsonw_text(&json, "url", poll->setup.url);
    jsonw_int(&json, "until", cursor->until);
    jsonw_text_opt(&json, "place", cursor->place);
    jsonw_array(&json, "seen");
    for (size_t i = 0; i < cursor->seen_count; i++)
        jsonw_text(&json, NULL, hex_encode(&cursor->seen[i], sizeof(cursor->seen[i]), hex));
    jsonw_array_end(&json);
    jsonw_object_end(&json);
}

static void read_seen(struct poll_cursor *cursor, const json_t *list)
{
    size_t length;
    cursor->seen = NEW_ARRAY(uint64_t, json_array_size(list) + 1);
    for (size_t i = 0; i < json_array_size(list) && i < POLL_SEEN_MAX; i++) {
        const char *hex = json_string_value(json_array_get(list, i));
        if (hex && !hex_decode(hex, &cursor->seen[cursor->seen_count], sizeof(uint64_t), &length) &&
            length == sizeof(uint64_t))
            cursor->seen_count++;
    }
}

void poll_cursor_read(struct poll *poll, const char *text)
{
    json_t *root = json_loads(text, 0, NULL);
    struct poll_cursor *cursor = &poll->cursor;
    const json_t *until = json_object_get(root, "until");
    const char *place = json_string_value(json_object_get(root, "place"));
    free(cursor->place);
    free(cursor->seen);
    *cursor = (struct poll_cursor){.until = MSEC_NONE};
    if (str_eq(json_string_value(json_object_get(root, "kind")), poll->kind->name) &&
        str_eq(json_string_value(json_object_get(root, "url")), poll->setup.url) &&
        json_is_integer(until)) {
        cursor->until = json_integer_value(until);
        cursor->place = place && strlen(place) < POLL_PLACE_BYTES ? xstrdup(place) : NULL;
        read_seen(cursor, json_object_get(root, "seen"));
    }
    json_decref(root);
}
