/* load_tests.h: the tests of a plugin while they are read; shared by load_tests.c and load_given.c.
 * Layer: load (pure). */
#pragma once
#include "load/load_plugin.h"

struct test_draft {
    struct plugin_test test;
    const struct tz *zone; /* of the test's own `at`; NULL: none was named */
};

/* "2026-03-04 10:00 America/Denver"; without a zone that of the rep, else of the test, else UTC;
 * or RFC 3339. ret_zone (may be NULL) gets the zone that was named. Errors: false, told. */
bool test_read_time(struct reading *r, const struct node *node, const struct test_draft *draft,
                    const char *rep, const struct tz **ret_zone, msec_t *ret);

/* A person of the test, or of people.yaml when the test names nobody (told). */
bool test_read_person(struct reading *r, const struct node *node, const struct test_draft *draft,
                      const char **ret);

void test_read_given(struct reading *r, const struct node *node, struct test_draft *draft);
extern const struct block given_block;
