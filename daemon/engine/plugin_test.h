/* plugin_test.h: the tests written inside plugins, played through the core under virtual time.
 * Layer: engine (pure). Depends on: core, load/tests. */
#pragma once
#include "core/core.h"
#include "load/tests.h"

struct plugin_test_options {
    const struct book *book; /* the rules; its people where the test names none */
    const struct tz *(*zone)(void *user, const char *name);
    void *zone_user;
};

struct plugin_test_result {
    bool passed;
    struct strbuf reason;       /* one line for each thing that was wrong */
    struct decision *decisions; /* all that were made, in order; they live in the arena */
    size_t count, cap;
    struct arena arena;
};

/* Runs one test. Things given at one time happen in the order of the file, after what was due by
 * then. An answer goes to the newest question of that person, a click to the newest message that
 * has the button. Where neither the test nor the book names people, every owner seen is a rep in
 * UTC.
 *
 * Units:  an expected time means the minute that begins there.
 * Owns:   the caller ends *ret with plugin_test_done(). */
void plugin_test_run(const struct plugin_test *test, const struct plugin_test_options *options,
                     struct plugin_test_result *ret);
void plugin_test_done(struct plugin_test_result *result);

/* "2026-03-02T17:00:00Z ana stage-qualify held: hours: outside working hours", without a line end.
 */
void plugin_test_describe(const struct decision *decision, struct strbuf *out);
