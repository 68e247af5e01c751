/* What goes through a proxy, and what its address may look like. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "io/proxy.h"

static void proxy_addresses_are_read_strictly(void **state)
{
    (void)state;
    static const struct {
        const char *text, *url, *login;
    } CASES[] = {
        {"http://proxy.example.com:3128", "http://proxy.example.com:3128", ""},
        {"http://proxy.example.com:3128/", "http://proxy.example.com:3128", ""},
        {"proxy.example.com:3128", "http://proxy.example.com:3128", ""},
        {"http://10.1.2.3", "http://10.1.2.3:80", ""},
        {"http://[fd00::1]:8080", "http://[fd00::1]:8080", ""},
        {"http://me:p%40ss:w%2Frd@proxy:8080", "http://proxy:8080", "me:p@ss:w/rd"},
        {"me:p@ss@proxy:8080", "http://proxy:8080", "me:p@ss"},
        {"https://proxy.example.com:3128", NULL, NULL},
        {"socks5://proxy.example.com:1080", NULL, NULL},
        {"http://proxy.example.com:3128/path", NULL, NULL},
        {"http://proxy.example.com:99999", NULL, NULL},
        {"http://me:geheim%0a@proxy:8080", NULL, NULL},
        {"http://me:geheim%4@proxy:8080", NULL, NULL},
        {"http://me:geheim%@proxy:8080", NULL, NULL},
        {"http://me:geheim@", NULL, NULL},
        {"http://", NULL, NULL},
    };
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        struct proxy proxy;
        struct err err;
        int status = proxy_read(&proxy, CASES[i].text, NULL, &err);
        print_message("%s\n", CASES[i].text);
        assert_int_equal(status, CASES[i].url ? 0 : -EINVAL);
        if (CASES[i].url) {
            assert_string_equal(proxy.url, CASES[i].url);
            assert_string_equal(proxy.login, CASES[i].login);
        } else {
            assert_null(strstr(err.text, "geheim"));
        }
        proxy_done(&proxy);
    }
    for (int i = 0; i < 2; i++) {
        struct proxy proxy;
        struct err err;
        assert_int_equal(proxy_read(&proxy, i ? "" : NULL, "*", &err), 0);
        assert_false(proxy_serves(&proxy, "chat.example.com"));
        proxy_done(&proxy);
    }
}

static void proxy_is_gone_around_where_told(void **state)
{
    (void)state;
    static const char except[] =
        "example.org, .example.net internal,10.0.0.0/8,192.168.7.7,fd00::/8,"
        "[2001:db8::1],,10.0.0.0/99,172.16.0.0/x";
    static const struct {
        const char *host;
        bool through;
    } CASES[] = {
        {"chat.example.com", true},
        {"example.org", false},
        {"a.example.org", false},
        {"myexample.org", true},
        {"example.net", false},
        {"b.example.net", false},
        {"internal", false},
        {"10.9.8.7", false},
        {"11.0.0.1", true},
        {"192.168.7.7", false},
        {"192.168.7.8", true},
        {"fd12::1", false},
        {"fe12::1", true},
        {"2001:db8::1", false},
        {"2001:db8::2", true},
        {"172.16.0.1", true},
        {"127.0.0.1", false},
        {"localhost", false},
        {"::1", false},
        {"example.org.evil", true},
    };
    struct proxy proxy;
    struct err err;
    assert_int_equal(proxy_read(&proxy, "http://proxy:3128", except, &err), 0);
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        print_message("%s\n", CASES[i].host);
        assert_int_equal(proxy_serves(&proxy, CASES[i].host), CASES[i].through);
    }
    proxy_done(&proxy);
    assert_int_equal(proxy_read(&proxy, "http://proxy:3128", "*", &err), 0);
    assert_false(proxy_serves(&proxy, "chat.example.com"));
    proxy_done(&proxy);
    assert_false(proxy_serves(NULL, "chat.example.com"));
}

static void proxy_comes_from_the_environment(void **state)
{
    (void)state;
    struct proxy proxy;
    struct err err;
    setenv("HTTPS_PROXY", "http://upper:1", 1);
    setenv("https_proxy", "http://lower:2", 1);
    setenv("NO_PROXY", "example.com", 1);
    assert_int_equal(proxy_from_environment(&proxy, &err), 0);
    assert_string_equal(proxy.url, "http://lower:2");
    assert_false(proxy_serves(&proxy, "chat.example.com"));
    proxy_done(&proxy);
    unsetenv("https_proxy");
    assert_int_equal(proxy_from_environment(&proxy, &err), 0);
    assert_string_equal(proxy.url, "http://upper:1");
    proxy_done(&proxy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(proxy_addresses_are_read_strictly),
        cmocka_unit_test(proxy_is_gone_around_where_told),
        cmocka_unit_test(proxy_comes_from_the_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
