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

/* A log whose entries are one a second, and what was handed out of it. */
struct log {
    int count, odd; /* odd: this one has more members than are read; -1: none */
    int taken;
};

static int on_event(void *user, const struct event *event)
{
    struct log *log = user;
    assert_int_equal(event->type, EVENT_DEAL_CREATED);
    log->taken++;
    return 0;
}

/* From the newest to the oldest, as Close answers. */
static void put_page(const struct log *log, int start, struct strbuf *out)
{
    char time[MSEC_TEXT_BYTES];
    strbuf_puts(out, "{\"data\":[");
    for (int i = start; i < log->count && i < start + PAGE; i++) {
        int number = log->count - 1 - i;
        (void)msec_format(NOW - (i + 1) * MSEC_SECOND, time);
        strbuf_printf(
            out,
            "%s{\"id\":\"ev_%d\",\"object_type\":\"opportunity\",\"object_id\":\"oppo_%d\","
            "\"action\":\"created\",\"date_created\":\"%s\",\"date_updated\":\"%s\",\"data\":{"
            "\"user_id\":\"u\"",
            i == start ? "" : ",", number, number, time, time);
        for (int k = 0; number == log->odd && k <= JTREE_MEMBERS_MAX; k++)
            strbuf_printf(out, ",\"custom.cf_%d\":1", k);
        strbuf_puts(out, "}}");
    }
    strbuf_puts(out, "],\"cursor_next\":");
    if (start + PAGE < log->count)
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
                                     .since = 2 * MSEC_HOUR};
    const struct poll_world world = {.book = &book, .event = on_event, .user = log};
    struct poll poll;
    int status = POLL_ON;
    poll_init(&poll, poll_find("close"), &setup);
    poll_begin(&poll, NOW);
    for (int i = 0; i < REQUESTS_MAX && status == POLL_ON; i++) {
        struct poll_request request;
        struct strbuf body = {0};
        assert_int_equal(poll_ask(&poll, &request, err), 0);
        const char *cursor = strstr(request.url, "_cursor=");
        put_page(log, cursor ? atoi(cursor + strlen("_cursor=")) : 0, &body);
        const struct poll_reply reply = {200, strbuf_text(&body), body.len, MSEC_NONE};
        status = poll_read(&poll, &reply, &world, err);
        strbuf_done(&body);
    }
    poll_done(&poll);
    return status;
}

static void poll_close_an_entry_that_is_too_large_holds_up_no_other(void **state)
{
    static const struct log logs[] = {
        {.count = 3, .odd = 1},
        {.count = PAGE * PAGES, .odd = 0}, /* as many as are held, the odd one handed out first */
        {.count = PAGE * PAGES, .odd = PAGE * PAGES - 1},
        {.count = PAGE * PAGES, .odd = -1}};
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(poll_close_an_entry_that_is_too_large_holds_up_no_other),
    };
    return cmocka_run_group_tests_name("poll_close", tests, NULL, NULL);
}
