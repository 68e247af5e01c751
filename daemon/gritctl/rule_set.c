#include "gritctl/rule_set.h"

#include <unistd.h>

#include "base/alloc.h"

/* The configuration counts where it was named, or where the rules can only come from there. */
static const char *config_for(const struct call *call, const struct option_value *plugins)
{
    if (call->config)
        return call->config;
    return !plugins->count && !access(CTL_CONFIG_DEFAULT, R_OK) ? CTL_CONFIG_DEFAULT : NULL;
}

bool rule_set_load(struct call *call, const struct option_value *plugins, struct rule_set *ret)
{
    CLEANUP_FREE char *shipped = NULL;
    const char *own[1];
    const char *config = config_for(call, plugins);
    struct setup_override override = {.people = call_text(call, "people"),
                                      .pipeline = call_text(call, "pipeline"),
                                      .plugins = plugins->texts,
                                      .plugin_count = (int)plugins->count};
    if (!plugins->count && !config) {
        shipped = ctl_shipped_plugins();
        own[0] = shipped;
        override.plugins = own;
        override.plugin_count = shipped != NULL;
    }
    ret->setup = ctl_setup(call, config, &override);
    ret->book = *ret->setup->book;
    ret->every_owner = !override.people && !call->config;
    if (ret->every_owner)
        ret->book.person_count = 0;
    print_errors(&ret->setup->problems);
    if (ret->book.rule_count)
        return true;
    call_error(call, "there are no rules to play; name a folder with --plugins");
    return false;
}

void rule_set_done(struct rule_set *set)
{
    setup_free(set->setup);
}

struct core_options rule_set_core(struct call *call, const struct rule_set *set, uint64_t seed)
{
    return (struct core_options){.seed = seed,
                                 .every_owner = set->every_owner,
                                 .zone = zones_get,
                                 .zone_user = &call->zones};
}
