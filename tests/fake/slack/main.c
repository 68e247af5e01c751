/* fake_slack: Slack's Web API and Socket Mode on one loopback port, for tests and benchmarks. */
#include "fake.h"
#include "serve.h"

int main(int argc, char **argv)
{
    static struct fake fake; /* large and zeroed */
    const struct serve_program program = {
        .name = "fake_slack",
        .users = "users U1..UN",
        .f = &fake,
        .host = &fake.host,
        .log = &fake.log,
        .users_at_start = &fake.users_at_start,
        .init = fake_init,
        .done = fake_done,
    };

    fake.users_at_start = 2;
    fake.host.id_header = "x-slack-req-id";
    fake.host.clock_skew_ms = &fake.knobs.clock_skew_ms;
    return serve(argc, argv, &program);
}
