/* Which addresses may be called. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <uv.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "io/reach.h"

union place {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static union place place_of(const char *text)
{
    union place place;
    memset(&place, 0, sizeof(place));
    if (strchr(text, ':'))
        assert_int_equal(uv_ip6_addr(text, 443, &place.v6), 0);
    else
        assert_int_equal(uv_ip4_addr(text, 443, &place.v4), 0);
    return place;
}

/* FM-H02: every range, at both of its ends and beside them */
static void reach_knows_the_kinds_of_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *address;
        enum reach_kind kind;
    } CASES[] = {
        {"0.0.0.0", REACH_NEVER},
        {"0.255.255.255", REACH_NEVER},
        {"1.0.0.0", REACH_PUBLIC},
        {"9.255.255.255", REACH_PUBLIC},
        {"10.0.0.0", REACH_INNER},
        {"10.255.255.255", REACH_INNER},
        {"11.0.0.0", REACH_PUBLIC},
        {"100.63.255.255", REACH_PUBLIC},
        {"100.64.0.0", REACH_INNER},
        {"100.127.255.255", REACH_INNER},
        {"100.128.0.0", REACH_PUBLIC},
        {"100.100.100.200", REACH_NEVER},
        {"126.255.255.255", REACH_PUBLIC},
        {"127.0.0.1", REACH_INNER},
        {"127.255.255.255", REACH_INNER},
        {"128.0.0.0", REACH_PUBLIC},
        {"169.253.255.255", REACH_PUBLIC},
        {"169.254.0.0", REACH_NEVER},
        {"169.254.169.254", REACH_NEVER},
        {"169.254.255.255", REACH_NEVER},
        {"169.255.0.0", REACH_PUBLIC},
        {"172.15.255.255", REACH_PUBLIC},
        {"172.16.0.0", REACH_INNER},
        {"172.31.255.255", REACH_INNER},
        {"172.32.0.0", REACH_PUBLIC},
        {"192.0.0.192", REACH_NEVER},
        {"192.0.0.8", REACH_INNER},
        {"192.0.1.0", REACH_PUBLIC},
        {"192.167.255.255", REACH_PUBLIC},
        {"192.168.0.0", REACH_INNER},
        {"192.168.255.255", REACH_INNER},
        {"192.169.0.0", REACH_PUBLIC},
        {"198.17.255.255", REACH_PUBLIC},
        {"198.18.0.0", REACH_INNER},
        {"198.20.0.0", REACH_PUBLIC},
        {"223.255.255.255", REACH_PUBLIC},
        {"224.0.0.1", REACH_NEVER},
        {"255.255.255.255", REACH_NEVER},
        {"::", REACH_NEVER},
        {"::1", REACH_INNER},
        {"::2", REACH_PUBLIC},
        {"::ffff:127.0.0.1", REACH_INNER},
        {"::ffff:169.254.169.254", REACH_NEVER},
        {"::ffff:8.8.8.8", REACH_PUBLIC},
        {"64:ff9b::10.0.0.1", REACH_INNER},
        {"64:ff9b::169.254.169.254", REACH_NEVER},
        {"64:ff9b:1::10.0.0.1", REACH_INNER},
        {"2002:7f00:1::", REACH_INNER},
        {"2002:808:808::", REACH_PUBLIC},
        {"fbff::1", REACH_PUBLIC},
        {"fc00::1", REACH_INNER},
        {"fdff::1", REACH_INNER},
        {"fd00:ec2::254", REACH_NEVER},
        {"fe00::1", REACH_PUBLIC},
        {"fe80::1", REACH_NEVER},
        {"febf::1", REACH_NEVER},
        {"fec0::1", REACH_INNER},
        {"ff02::1", REACH_NEVER},
        {"2606:4700::1111", REACH_PUBLIC},
    };
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        union place place = place_of(CASES[i].address);
        if (reach_kind_of(&place.any) != CASES[i].kind)
            fail_msg("%s", CASES[i].address);
    }
}

/* FM-H02: what the configuration names may be in the inner network, and nothing else */
static void reach_allows_inner_addresses_of_named_hosts(void **state)
{
    (void)state;
    struct reach reach = {0};
    reach_add(&reach, "https://Chat.Corp.example:8065/api");
    reach_add(&reach, "no address");
    reach_add(&reach, NULL);
    assert_int_equal(reach.count, 1);
    union place inner = place_of("10.1.2.3"), data = place_of("169.254.169.254"),
                public = place_of("8.8.8.8");
    assert_true(reach_allows(&reach, "chat.corp.example", &inner.any));
    assert_false(reach_allows(&reach, "other.corp.example", &inner.any));
    assert_false(reach_allows(&reach, "10.1.2.3", &inner.any));
    assert_false(reach_allows(&reach, "chat.corp.example", &data.any));
    assert_true(reach_allows(&reach, "other.corp.example", &public.any));
    assert_true(reach_allows(NULL, "10.1.2.3", &inner.any));
    reach_done(&reach);
    assert_false(reach_allows(&reach, "chat.corp.example", &inner.any));
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(reach_knows_the_kinds_of_addresses),
        cmocka_unit_test(reach_allows_inner_addresses_of_named_hosts),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
