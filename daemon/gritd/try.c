/* The embedded demo: its page, its board, and its movable clock. */
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "gritd/daemon.h"
#include "io/log.h"
#include "web/assets.h"

enum { ADVANCE_MAX_DAYS = 400, START_HOUR = 10, TUESDAY = 2 };

/* A move of the clock: what falls due on the way happens in order, each at its own moment. */
struct advance {
    msec_t to;
    struct httpd_request *request;
};

static const char page_policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src "
    "'self' ws://127.0.0.1:* ws://localhost:*; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";

void http_try(struct daemon *daemon, struct httpd_request *request)
{
    struct asset asset;
    const char *path = request->path + strlen("/try");
    (void)daemon;
    if (!asset_find(*path == '/' ? path + 1 : path, &asset)) {
        http_problem(request, 404, "Not found", "there is nothing at %s", request->path);
        return;
    }
    const struct httpd_header headers[] = {{"Content-Security-Policy", page_policy},
                                           {"X-Content-Type-Options", "nosniff"},
                                           {"Referrer-Policy", "no-referrer"},
                                           {"Cache-Control", "no-cache"},
                                           {"ETag", asset.etag}};
    if (str_eq(httpd_header(request, "if-none-match"), asset.etag))
        httpd_reply(request, 304, NULL, "", 0, headers, ARRAY_LEN(headers));
    else
        httpd_reply_static(request, 200, asset.type, asset.data, asset.length, headers,
                           ARRAY_LEN(headers));
}

/* The first rep in the file is the one whose clock the page shows. */
static struct person_view first_rep(const struct daemon *daemon)
{
    const struct book *book = daemon->book;
    struct core *core = engine_core(daemon->engine);
    const struct person_def *first = NULL;
    for (int i = 0; i < book->person_count; i++) {
        const struct person_def *def = &book->people[i];
        if (!def->manager && (!first || def->place.line < first->place.line))
            first = def;
    }
    for (size_t i = 0; first && i < core_person_count(core); i++) {
        struct person_view view = core_person_at(core, i);
        if (str_eq(view.id, first->id))
            return view;
    }
    return (struct person_view){.tz = tz_utc()};
}

msec_t try_clock_start(const struct daemon *daemon)
{
    const struct book *book = daemon->book;
    const struct tz *tz = NULL;
    struct civil c;
    for (int i = 0, line = INT32_MAX; i < book->person_count; i++) {
        if (book->people[i].manager || book->people[i].place.line >= line)
            continue;
        line = book->people[i].place.line;
        const struct team_def *team = book_team(book, book->people[i].team);
        const char *name = book->people[i].zone ? book->people[i].zone : team ? team->zone : NULL;
        tz = name ? zones_get((void *)(uintptr_t)&daemon->zones, name) : NULL;
    }
    if (!tz)
        tz = tz_utc();
    msec_t now = daemon_now(daemon);
    tz_local(tz, now, &c);
    int64_t day = civil_to_days(c.year, c.month, c.day);
    day -= (civil_weekday(day) - TUESDAY + 7) % 7;
    for (;; day -= 7) {
        civil_from_days(day, &c.year, &c.month, &c.day);
        c.hour = START_HOUR;
        c.minute = c.second = 0;
        msec_t start = tz_instant(tz, &c, TZ_GAP_END);
        if (start <= now)
            return start;
    }
}

static void write_people(const struct daemon *daemon, struct jsonw *json)
{
    struct core *core = engine_core(daemon->engine);
    struct person_view first = first_rep(daemon);
    jsonw_array(json, "people");
    /* the first rep first: her zone is the page's */
    for (size_t pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < core_person_count(core); i++) {
            struct person_view view = core_person_at(core, i);
            if (str_eq(view.id, first.id) != (pass == 0))
                continue;
            jsonw_object(json, NULL);
            jsonw_text(json, "id", view.id);
            jsonw_text(json, "name", view.name);
            jsonw_text(json, "role", view.manager ? "manager" : "rep");
            jsonw_text(json, "zone", view.zone);
            jsonw_text(json, "team", view.team);
            jsonw_object_end(json);
        }
    }
    jsonw_array_end(json);
}

static void write_stages(const struct book *book, struct jsonw *json)
{
    jsonw_array(json, "stages");
    for (int i = 0; i < book->stage_count; i++) {
        const struct stage_def *stage = &book->stages[i];
        jsonw_object(json, NULL);
        jsonw_text(json, "id", stage->id);
        jsonw_text(json, "name", stage->name ? stage->name : stage->id);
        jsonw_array(json, "gates");
        for (int k = 0; k < stage->gate_count; k++) {
            jsonw_object(json, NULL);
            jsonw_text(json, "seller", stage->gates[k].seller);
            jsonw_text(json, "customer", stage->gates[k].customer);
            jsonw_object_end(json);
        }
        jsonw_array_end(json);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}

void http_try_where(struct daemon *daemon, struct httpd_request *request)
{
    struct strbuf out = {0}, socket = {0};
    struct jsonw json;
    strbuf_printf(&socket, "ws://127.0.0.1:%u/try/socket", chat_local_port(daemon->chat));
    jsonw_begin(&json, &out);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "socket", strbuf_text(&socket));
    jsonw_time(&json, "now", daemon_now(daemon));
    write_people(daemon, &json);
    write_stages(daemon->book, &json);
    jsonw_object_end(&json);
    http_json(request, 200, strbuf_text(&out));
    strbuf_done(&out);
    strbuf_done(&socket);
}

static void write_deal(struct core *core, size_t index, struct jsonw *json)
{
    struct deal_view deal = core_deal_at(core, index);
    jsonw_object(json, NULL);
    jsonw_text(json, "id", deal.id);
    jsonw_text(json, "name", deal.name);
    jsonw_text(json, "account", deal.account);
    jsonw_text(json, "contact", deal.contact);
    jsonw_text(json, "owner", deal.rep ? deal.rep : deal.owner);
    jsonw_text(json, "currency", deal.currency);
    jsonw_text(json, "stage", deal.stage);
    if (deal.amount != NUMBER_NONE)
        jsonw_int(json, "amount", deal.amount / 100);
    jsonw_object(json, "gates");
    for (int i = 0; i < deal.gate_count; i++) {
        bool done;
        const char *gate = core_deal_gate(core, index, i, &done);
        jsonw_bool(json, gate, done);
    }
    jsonw_object_end(json);
    jsonw_object_end(json);
}

void http_try_state(struct daemon *daemon, struct httpd_request *request)
{
    struct core *core = engine_core(daemon->engine);
    struct strbuf out = {0};
    struct jsonw json;
    jsonw_begin(&json, &out);
    jsonw_object(&json, NULL);
    jsonw_time(&json, "now", daemon_now(daemon));
    jsonw_array(&json, "deals");
    for (size_t i = 0; i < core_deal_count(core); i++) {
        if (!core_deal_at(core, i).deleted)
            write_deal(core, i, &json);
    }
    jsonw_array_end(&json);
    jsonw_array(&json, "activity");
    for (size_t i = 1; i <= ACTIVITY_MAX && i <= daemon->activity_next; i++)
        jsonw_raw(&json, NULL, daemon->activity[(daemon->activity_next - i) % ACTIVITY_MAX].line);
    jsonw_array_end(&json);
    jsonw_object_end(&json);
    http_json(request, 200, strbuf_text(&out));
    strbuf_done(&out);
}

/* --- the clock --- */

static void reply_now(struct daemon *daemon, struct httpd_request *request)
{
    struct strbuf out = {0};
    struct jsonw json;
    jsonw_begin(&json, &out);
    jsonw_object(&json, NULL);
    jsonw_time(&json, "now", daemon_now(daemon));
    jsonw_object_end(&json);
    http_json(request, 200, strbuf_text(&out));
    strbuf_done(&out);
}

static void set_clock(struct daemon *daemon, msec_t to)
{
    msec_t gap = to - daemon_now(daemon);
    if (gap > 0)
        daemon->clock_offset += gap;
}

/* On every turn of the loop while the clock moves: one moment at a time, and the next only when all
 * that the last one began is durable and sent. */
void try_advance_step(struct daemon *daemon)
{
    struct advance *advance = daemon->advance;
    while (engine_idle(daemon->engine)) {
        msec_t next = engine_next_wake(daemon->engine);
        if (next >= advance->to) {
            set_clock(daemon, advance->to);
            struct httpd_request *request = advance->request;
            daemon->advance = NULL;
            free(advance);
            engine_tick(daemon->engine, daemon_now(daemon));
            chat_local_tell_clock(daemon->chat, daemon_now(daemon));
            reply_now(daemon, request);
            return;
        }
        set_clock(daemon, next);
        engine_tick(daemon->engine, daemon_now(daemon));
    }
}

void try_advance_drop(struct daemon *daemon)
{
    if (!daemon->advance)
        return;
    http_problem(daemon->advance->request, 503, "Stopping", "gritd is stopping");
    free(daemon->advance);
    daemon->advance = NULL;
}

static int read_target(const struct httpd_request *request, msec_t *ret, const char **ret_why)
{
    json_t *root = json_loadb(request->body, request->body_len, JSON_REJECT_DUPLICATES, NULL);
    const char *to = json_string_value(json_object_get(root, "to"));
    int status = -EINVAL;
    if (!root)
        *ret_why = "the body is not JSON";
    else if (!to)
        *ret_why = "the member 'to' is missing; it is a time such as 2027-02-01T09:00:00Z";
    else if ((status = msec_parse(to, ret)))
        *ret_why = "'to' is not a time such as 2027-02-01T09:00:00Z";
    json_decref(root);
    return status;
}

void http_try_clock(struct daemon *daemon, struct httpd_request *request)
{
    const char *why = NULL;
    msec_t to, now = daemon_now(daemon);
    if (read_target(request, &to, &why))
        http_problem(request, 400, "Not a time", "%s", why);
    else if (to < now)
        http_problem(request, 409, "The clock only moves forward", "it is later than that already");
    else if (to > now + ADVANCE_MAX_DAYS * MSEC_DAY)
        http_problem(request, 400, "Too far", "at most %d days at a time", ADVANCE_MAX_DAYS);
    else if (daemon->advance)
        http_problem(request, 409, "Busy", "the clock is moving already");
    else {
        daemon->advance = NEW(struct advance);
        *daemon->advance = (struct advance){to, request};
    }
}
