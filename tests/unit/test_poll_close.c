/* Close's event log, read span by span: what holds up a round, and what must not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "core/rule.h"
#include "wire/jtree.h"
#include "wire/poll.h"

enum { PAGE = 50, PAGES = 100, REQUESTS_MAX = 3 * PAGES };

#define NOW INT64_C(1803204304000)

/* A log of one entry each second, and what was handed out of it. */
struct log {
    int count, odd; /* odd: this one has more members than are read; -1: none */
    int filling;    /* bytes of each */
    int taken;      /* each once: one at the border of two spans is in both */
    bool seen[PAGE * PAGES];
    size_t held, most_held; /* bytes of a span since an entry was handed out */
};

static int on_event(void *user, const struct event *event)
{
    struct log *log = user;
    assert_int_equal(event->type, EVENT_DEAL_CREATED);
    bool *seen = &log->seen[atoi(event->deal + strlen("oppo_"))];
    log->taken += !*seen;
    *seen = true;
    log->held = 0;
    return 0;
}

static void put_entry(const struct log *log, int number, msec_t at, struct strbuf *out)
{
    char time[MSEC_TEXT_BYTES];
    (void)msec_format(at, time);
    strbuf_printf(out,
                  "{\"id\":\"ev_%d\",\"object_type\":\"opportunity\",\"object_id\":\"oppo_%d\","
                  "\"action\":\"created\",\"date_created\":\"%s\",\"date_updated\":\"%s\","
                  "\"data\":{\"user_id\":\"u\",\"note\":\"%*s\"",
                  number, number, time, time, log->filling, "");
    for (int k = 0; number == log->odd && k <= JTREE_MEMBERS_MAX; k++)
        strbuf_printf(out, ",\"custom.cf_%d\":1", k);
    strbuf_puts(out, "}}");
}

/* "...NAME=2027-02-21T10%3A05%3A04.000Z&..." */
static msec_t asked_time(const char *url, const char *name)
{
    char text[MSEC_TEXT_BYTES] = "";
    msec_t at;
    size_t length = 0;
    for (const char *from = strstr(url, name) + strlen(name); *from && *from != '&'; from++) {
        bool colon = !strncmp(from, "%3A", 3);
        assert_true(length + 1 < sizeof(text));
        text[length++] = colon ? ':' : *from;
        from += colon ? 2 : 0;
    }
    assert_int_equal(msec_parse(text, &at), 0);
    return at;
}

/* From the newest to the oldest, as Close answers. */
static void put_page(const struct log *log, const char *url, struct strbuf *out)
{
    const char *cursor = strstr(url, "_cursor=");
    msec_t from = asked_time(url, "__gte="), to = asked_time(url, "__lte=");
    int found = 0, start = cursor ? atoi(cursor + strlen("_cursor=")) : 0;
    strbuf_puts(out, "{\"data\":[");
    for (int number = log->count - 1; number >= 0; number--) {
        msec_t at = NOW - (log->count - number) * MSEC_SECOND;
        if (at < from || at > to || found++ < start || found > start + PAGE)
            continue;
        strbuf_puts(out, found == start + 1 ? "" : ",");
        put_entry(log, number, at, out);
    }
    strbuf_puts(out, "],\"cursor_next\":");
    if (start + PAGE < found)
        strbuf_printf(out, "\"%d\"}", start + PAGE);
    else
        strbuf_puts(out, "null}");
}

static int play(struct log *log, struct err *err)
{
    static const struct book book;
    const struct poll_setup setup = {.intake = "crm",
                                     .url = "https://api.close.example",
                                     .secret = "key",
                                     .since = (log->count + 60) * MSEC_SECOND};
    const struct poll_world world = {.book = &book, .event = on_event, .user = log};
    struct poll poll;
    int status = POLL_ON;
    poll_init(&poll, poll_find("close"), &setup);
    poll_begin(&poll, NOW);
    for (int i = 0; i < REQUESTS_MAX && status == POLL_ON; i++) {
        struct poll_request request;
        struct strbuf body = {0};
        assert_int_equal(poll_ask(&poll, &request, err), 0);
        put_page(log, request.url, &body);
        log->held = body.len + (strstr(request.url, "_cursor=") ? log->held : 0);
        log->most_held = log->held > log->most_held ? log->held : log->most_held;
        const struct poll_reply reply = {200, strbuf_text(&body), body.len, MSEC_NONE};
        status = poll_read(&poll, &reply, &world, err);
        strbuf_done(&body);
    }
    poll_done(&poll);
    return status;
}

static void poll_close_an_entry_that_is_too_large_holds_up_no_other(void **state)
{
    static const struct log logs[] = {{.count = 3, .odd = 1},
                                      {.count = PAGE * PAGES, .odd = 0}}; /* as many as are held */
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(logs); i++) {
        struct log log = logs[i];
        struct err err = {0};
        int status = play(&log, &err);
        if (status != POLL_OVER)
            fail_msg("%zu: %d %s", i, status, err.text);
        assert_int_equal(log.taken, log.count - (log.odd >= 0));
    }
}

/* E-mails come with their whole text: a hundred pages of them are not held. */
static void poll_close_large_entries_are_held_in_no_number(void **state)
{
    static const struct log logs[] = {
        {.count = 200, .odd = -1, .filling = 100000},  /* shorter spans will do */
        {.count = 100, .odd = -1, .filling = 180000}}; /* and here none is short enough */
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(logs); i++) {
        struct log log = logs[i];
        struct err err = {0};
        assert_int_equal(play(&log, &err), POLL_OVER);
        assert_int_equal(log.taken, log.count);
        assert_in_range(log.most_held, PAGE * log.filling, (8 << 20) + (PAGE + 1) * log.filling);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(poll_close_an_entry_that_is_too_large_holds_up_no_other),
        cmocka_unit_test(poll_close_large_entries_are_held_in_no_number),
    };
    return cmocka_run_group_tests_name("poll_close", tests, NULL, NULL);
}
