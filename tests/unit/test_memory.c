/* test_memory.c: the libraries below us end the process where there is no memory, as our own code
 * does; none of them goes on with what it did not get. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <curl/curl.h>
#include <libwebsockets.h>
#include <openssl/crypto.h>
#include <uv.h>

#include "base/alloc.h"
#include "io/asker.h"
#include "io/httpc.h"
#include "io/memory.h"

enum { ENDED = 9, WENT_ON = 10 };

static bool none_left;
static int before_none; /* allocations until there is none; 0: whenever none_left is set */

void alloc_failed(void)
{
    _exit(ENDED);
}

#ifndef __SANITIZE_ADDRESS__ /* which has its own, and is not to be without */
/* Instead of the C library's, for whoever asks while none is left. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static bool refused(void)
{
    if (before_none && !--before_none)
        none_left = true;
    return none_left;
}

void *malloc(size_t size)
{
    return refused() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return refused() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return refused() ? NULL : __libc_realloc(old, size);
}

#endif

static int exit_of(void (*use)(void))
{
    pid_t child = fork();
    if (!child) {
        use();
        _exit(WENT_ON);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void use_openssl(void)
{
    none_left = true;
    (void)OPENSSL_zalloc(64);
}

static void use_lws(void)
{
    none_left = true;
    struct lws_context_creation_info info = {.port = CONTEXT_PORT_NO_LISTEN};
    (void)lws_create_context(&info);
}

static void use_uv(void)
{
    uv_loop_t loop;
    none_left = true;
    (void)uv_loop_init(&loop);
}

static void use_curl(void)
{
    uv_loop_t loop;
    struct httpc *httpc = NULL;
    struct err err = {0};
    static const struct httpc_opts opts = {.user_agent = "gritd"};
    if (uv_loop_init(&loop) || httpc_new(&loop, &opts, &err, &httpc))
        _exit(WENT_ON);
    none_left = true;
    (void)curl_easy_init();
}

/* FM-A11 */
static void libraries_end_the_process_without_memory(void **state)
{
    (void)state;
#ifdef __SANITIZE_ADDRESS__
    skip();
#endif
    static void (*const uses[])(void) = {use_openssl, use_lws, use_uv, use_curl};
    for (size_t i = 0; i < ARRAY_LEN(uses); i++)
        assert_int_equal(exit_of(uses[i]), ENDED);
}

static void use_asker(void)
{
    char text[ASKER_BYTES];
    asker_tell(0, text);
    if (!strstr(text, "user 0"))
        _exit(ENDED);
}

/* FM-A11: what the C library offers for it would not survive that. */
static void who_asks_is_told_by_number_without_memory(void **state)
{
    (void)state;
#ifdef __SANITIZE_ADDRESS__
    skip();
#endif
    for (before_none = 1; before_none < 9; before_none++)
        assert_int_equal(exit_of(use_asker), WENT_ON);
    before_none = 0;
}

static void growing_to_nothing_gives_back(void **state)
{
    (void)state;
    char *memory = memory_realloc(NULL, 3);
    memory = memory_realloc(memory, 30);
    assert_non_null(memory);
    assert_null(memory_realloc(memory, 0));
    assert_null(memory_realloc(NULL, 0));
}

int main(void)
{
    memory_begin();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(libraries_end_the_process_without_memory),
        cmocka_unit_test(who_asks_is_told_by_number_without_memory),
        cmocka_unit_test(growing_to_nothing_gives_back),
    };
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
