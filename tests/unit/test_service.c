/* Where a service, or an instance of it, keeps what belongs to its configuration. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "io/service.h"

static const struct {
    const char *config, *socket, *credentials;
} places[] = {
    {"/etc/gritd/gritd.yaml", "/run/gritd/control.sock", "/run/credentials/gritd.service"},
    {"/etc/gritd-emea/gritd.yaml", "/run/gritd-emea/control.sock",
     "/run/credentials/gritd@emea.service"},
    {"/etc/gritd-north-west/other.yaml", "/run/gritd-north-west/control.sock",
     "/run/credentials/gritd@north-west.service"},
    {"/etc/gritd-/gritd.yaml", NULL, NULL},
    {"/etc/gritdemea/gritd.yaml", NULL, NULL},
    {"/etc/gritd/emea/gritd.yaml", NULL, NULL},
    {"/etc/gritd-emea", NULL, NULL},
    {"/etc/gritd.yaml", NULL, NULL},
    {"/home/ana/etc/gritd/gritd.yaml", NULL, NULL},
    {"gritd.yaml", NULL, NULL},
    {"", NULL, NULL},
    {NULL, NULL, NULL},
};

static void same(const char *config, const char *found, const char *wanted)
{
    if (!found != !wanted)
        fail_msg("%s: %s", config ? config : "(none)", found ? found : "(none)");
    if (wanted)
        assert_string_equal(found, wanted);
}

static void service_each_instance_has_places_of_its_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        CLEANUP_FREE char *socket = service_socket(places[i].config);
        CLEANUP_FREE char *credentials = service_credentials(places[i].config);
        same(places[i].config, socket, places[i].socket);
        same(places[i].config, credentials, places[i].credentials);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(service_each_instance_has_places_of_its_own),
    };
    return cmocka_run_group_tests_name("service", tests, NULL, NULL);
}
