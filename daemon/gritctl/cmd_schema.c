/* gritctl schema: what may stand in a file, as JSON Schema for editors. */
#include "base/alloc.h"
#include "base/nearest.h"
#include "base/str.h"
#include "gritctl/ctl.h"
#include "io/platforms.h"
#include "load/schema.h"

static int unknown(const struct call *call, const char *name)
{
    const char *names[SCHEMA_KINDS];
    for (int i = 0; i < SCHEMA_KINDS; i++)
        names[i] = schema_name((enum schema_kind)i);
    const char *near = nearest_word(name, names, SCHEMA_KINDS);
    if (near)
        return call_usage(call, "there is no schema '%s'; did you mean '%s'?", name, near);
    return call_usage(call, "there is no schema '%s'; there are plugin, gritd, people and pipeline",
                      name);
}

static int run(struct call *call)
{
    const char *name = call->arg_count ? call->args[0] : "plugin";
    int kind = 0;
    while (kind < SCHEMA_KINDS && !str_eq(schema_name((enum schema_kind)kind), name))
        kind++;
    if (kind == SCHEMA_KINDS)
        return unknown(call, name);
    struct strbuf out = {0};
    schema_write((enum schema_kind)kind, platforms_for_load(), &out);
    (void)fputs(strbuf_text(&out), stdout);
    strbuf_done(&out);
    return CTL_OK;
}

const struct command command_schema = {
    .name = "schema",
    .args = "[plugin|gritd|people|pipeline]",
    .help = "the JSON Schema of a file, for editors",
    .more = "Without a name: that of plugins. Editors with the YAML language server check and "
            "complete a\nfile whose first line is\n"
            "# yaml-language-server: $schema=../config/plugin.schema.json",
    .args_max = 1,
    .run = run,
};
