/* fake_mattermost: Mattermost's REST API and websocket on one loopback port, for tests. */
#include "fake.h"
#include "serve.h"

int main(int argc, char **argv)
{
    static struct fake fake; /* large and zeroed */
    const struct serve_program program = {
        .name = "fake_mattermost",
        .users = "people rep1..repN",
        .f = &fake,
        .host = &fake.host,
        .log = &fake.log,
        .users_at_start = &fake.users_at_start,
        .init = fake_init,
        .done = fake_done,
    };

    fake.users_at_start = 2;
    fake.host.id_header = "X-Request-Id";
    fake.host.clock_skew_ms = &fake.knobs.clock_skew_ms;
    return serve(argc, argv, &program);
}
