#include "io/platforms.h"

#include "base/alloc.h"

enum { PLATFORMS_MAX = 16, OPTIONS_MAX = 64 };

const struct load_platforms *platforms_for_load(void)
{
    static struct load_option options[OPTIONS_MAX];
    static struct load_platform list[PLATFORMS_MAX];
    static struct load_platforms all = {list, 0};
    size_t used = 0;
    if (all.count)
        return &all;
    const struct chat_platform *platform;
    for (; (platform = chat_platform_at(all.count)) && all.count < PLATFORMS_MAX; all.count++) {
        list[all.count] = (struct load_platform){platform->name, options + used, 0};
        for (size_t i = 0; i < platform->option_count && used < OPTIONS_MAX; i++) {
            const struct chat_option *option = &platform->options[i];
            options[used++] =
                (struct load_option){option->key, option->required, option->secret, option->help};
            list[all.count].option_count++;
        }
    }
    return &all;
}
