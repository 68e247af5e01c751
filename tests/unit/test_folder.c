/* What a folder holds is told whole, or not at all. */
#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "io/files.h"

static int entries_left; /* until reading fails; negative: it does not */

struct dirent *__real_readdir(DIR *folder);
struct dirent *__wrap_readdir(DIR *folder);

struct dirent *__wrap_readdir(DIR *folder)
{
    if (entries_left == 0) {
        errno = EIO;
        return NULL;
    }
    entries_left--;
    return __real_readdir(folder);
}

static int list(const char *suffix, struct err *err, size_t *ret_count)
{
    char **paths = NULL;
    *ret_count = 0;
    int r = folder_list(GRITD_SOURCE_DIR "/plugins", suffix, err, &paths, ret_count);
    for (size_t i = 0; i < *ret_count; i++)
        free(paths[i]);
    free(paths);
    return r;
}

/* FM-A05: the rules in a folder that cannot be read to its end are not fewer, they are unknown. */
static void folder_that_fails_half_way_is_not_a_shorter_one(void **state)
{
    (void)state;
    struct err err;
    size_t whole, count;
    entries_left = -1;
    errno = EIO; /* of something before */
    assert_int_equal(list(".yaml", &err, &whole), 0);
    assert_true(whole > 4);
    for (int before = 0; before < 4; before++) {
        entries_left = before;
        assert_int_equal(list(".yaml", &err, &count), -EIO);
        assert_non_null(strstr(err.text, "/plugins: "));
        assert_int_equal(count, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folder_that_fails_half_way_is_not_a_shorter_one),
    };
    return cmocka_run_group_tests_name("folder", tests, NULL, NULL);
}
