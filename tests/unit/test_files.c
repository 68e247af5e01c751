/* Files of a folder that somebody else may write into. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "io/files.h"

enum { ROUNDS = 300, TEXT_BYTES = 100, READ_BYTES = 1000 };

static char top[] = "/tmp/gritd-files-XXXXXX", folder[TEXT_BYTES], secret[TEXT_BYTES],
            rule[TEXT_BYTES], fresh[TEXT_BYTES];
static atomic_bool over;

static void put(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(top));
    (void)snprintf(folder, TEXT_BYTES, "%s/rules", top);
    (void)snprintf(secret, TEXT_BYTES, "%s/secret", top);
    (void)snprintf(rule, TEXT_BYTES, "%s/rules/a.yaml", top);
    (void)snprintf(fresh, TEXT_BYTES, "%s/rules/fresh", top);
    put(secret, "secret");
    return mkdir(folder, 0700);
}

static int tear_down(void **state)
{
    (void)state;
    (void)unlink(rule), (void)unlink(fresh), (void)unlink(secret);
    return rmdir(folder) || rmdir(top);
}

/* 0, or the error; what was read must be ours. */
static int read_rule(void)
{
    struct err err;
    char *bytes = NULL;
    size_t length;
    int status = file_read_below(folder, rule, READ_BYTES, &err, &bytes, &length);
    if (!status)
        assert_string_equal(bytes, "ours");
    free(bytes);
    return status;
}

static void links_are_followed_below_their_folder_only(void **state)
{
    (void)state;
    put(fresh, "ours");
    assert_int_equal(symlink("fresh", rule), 0);
    assert_int_equal(read_rule(), 0);
    assert_int_equal(unlink(rule), 0);
    assert_int_equal(symlink("../secret", rule), 0);
    assert_int_equal(read_rule(), -EXDEV);
    assert_int_equal(unlink(rule), 0);
    assert_int_equal(symlink("../rules-too", rule), 0);
    assert_int_equal(read_rule(), -ENOENT);
    assert_int_equal(unlink(rule), 0);
}

static void *swap(void *user)
{
    (void)user;
    while (!atomic_load(&over)) {
        put(fresh, "ours");
        (void)rename(fresh, rule);
        assert_int_equal(symlink("../secret", fresh), 0);
        (void)rename(fresh, rule);
    }
    return NULL;
}

/* A look at the name and then the reading would now and then read the secret. */
static void what_was_opened_counts_and_not_its_name(void **state)
{
    pthread_t thread;
    int read = 0, refused = 0;
    (void)state;
    put(rule, "ours");
    assert_int_equal(pthread_create(&thread, NULL, swap, NULL), 0);
    while (read < ROUNDS || refused < ROUNDS) {
        int status = read_rule();
        read += !status;
        refused += status == -EXDEV;
    }
    atomic_store(&over, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_are_followed_below_their_folder_only),
        cmocka_unit_test(what_was_opened_counts_and_not_its_name),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
