/* Where a command gets its configuration and rules from. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/str.h"
#include "gritctl/ctl.h"
#include "io/files.h"
#include "load/kind.h"
#include "io/platforms.h"

enum { CONFIG_BYTES = 4 * 1024 * 1024 };

const char *ctl_config_path(const struct call *call)
{
    return call->config ? call->config : CTL_CONFIG_DEFAULT;
}

/* `inputs:` for plugins that were not asked for now are no mistake. */
static void drop_unasked(struct setup *setup)
{
    struct problems *problems = &setup->problems;
    int kept = 0;
    for (int i = 0; i < problems->count; i++) {
        if (str_eq(problems->list[i].code, "unknown-plugin") &&
            str_eq(problems->list[i].file, setup->path))
            problems->errors--;
        else
            problems->list[kept++] = problems->list[i];
    }
    problems->count = kept;
    setup->ok = problems->errors == 0;
}

struct setup *ctl_setup(struct call *call, const char *config,
                        const struct setup_override *override)
{
    struct setup *setup = setup_load(config, override, platforms_for_load(), &call->zones);
    if (override && override->plugin_count)
        drop_unasked(setup);
    return setup;
}

struct config *ctl_config(struct call *call)
{
    struct problems problems;
    struct config *config = NULL;
    struct load_file file = {.path = ctl_config_path(call), .bytes = "{}", .length = 2};
    struct err err;
    char *bytes = NULL;
    if (call->config || !access(file.path, F_OK)) {
        if (file_read(file.path, CONFIG_BYTES, &err, &bytes, &file.length)) {
            call_error(call, "%s", err.text);
            return NULL;
        }
        file.bytes = bytes;
    }
    problems_init(&problems);
    (void)load_config(&file, platforms_for_load(), &problems, &config); /* printed below */
    problems_sort(&problems);
    if (!call->quiet)
        print_errors(&problems);
    problems_done(&problems);
    free(bytes);
    return config;
}

static bool is_folder(const char *path)
{
    struct stat info;
    return !stat(path, &info) && S_ISDIR(info.st_mode);
}

char *ctl_shipped_plugins(void)
{
    static const char *const beside[] = {"../plugins", "../share/gritd/plugins"};
    enum { PATH_BYTES = 4096 };
    char self[PATH_BYTES];
    if (is_folder(GRITD_PLUGIN_DIR))
        return xstrdup(GRITD_PLUGIN_DIR);
    ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
    if (length <= 0)
        return NULL;
    self[length] = '\0';
    for (size_t i = 0; i < ARRAY_LEN(beside); i++) {
        char *path = path_beside(self, beside[i]);
        if (is_folder(path))
            return path;
        free(path);
    }
    return NULL;
}

/* --- paths on the command line --- */

/* By its name, else by its first keys. */
static enum load_kind kind_of(const char *path, struct strbuf *ret_keys)
{
    static const struct {
        const char *name;
        enum load_kind kind;
    } names[] = {{"people.yaml", LOAD_PEOPLE},
                 {"pipeline.yaml", LOAD_PIPELINE},
                 {"gritd.yaml", LOAD_CONFIG}};
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    struct load_file file = {.path = path};
    struct err err;
    char *bytes = NULL;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (str_eq(names[i].name, name))
            return names[i].kind;
    }
    if (file_read(path, CONFIG_BYTES, &err, &bytes, &file.length))
        return LOAD_PLUGIN; /* told by the loader */
    file.bytes = bytes;
    enum load_kind kind = load_kind_of(&file, ret_keys);
    free(bytes);
    return kind;
}

static void pass_over(struct ctl_paths *paths, const char *path, const char *why)
{
    struct strbuf line = {0};
    strbuf_printf(&line, "%s: passed over: %s", path, why);
    ARRAY_GROW(paths->remarks, paths->remark_count, paths->remark_cap);
    paths->remarks[paths->remark_count++] = strbuf_take(&line);
}

/* Of a folder only what belongs to gritd; what was named itself is checked whatever it is. */
static bool is_foreign(struct ctl_paths *paths, const char *path, enum load_kind kind,
                       const struct strbuf *keys)
{
    struct strbuf why = {0};
    if (kind != LOAD_FOREIGN)
        return false;
    strbuf_printf(&why, "it is none of gritd's files (it has %s)", strbuf_text(keys));
    pass_over(paths, path, strbuf_text(&why));
    strbuf_done(&why);
    return true;
}

static char *keep(struct ctl_paths *paths, const char *path)
{
    ARRAY_GROW(paths->files, paths->count, paths->cap);
    char *copy = paths->files[paths->count++] = xstrdup(path);
    map_set(&paths->known, copy, copy);
    return copy;
}

static void add_link(struct ctl_paths *paths, const char *path)
{
    ARRAY_GROW(paths->links, paths->link_count, paths->link_cap);
    paths->links[paths->link_count++] = keep(paths, path);
}

/* folder: the one it was found in, NULL for what was named itself */
static void add_file(struct ctl_paths *paths, const char *path, const char *folder)
{
    struct strbuf keys = {0};
    if (map_get(&paths->known, path))
        return;
    if (folder && !file_stays_below(folder, path)) {
        add_link(paths, path);
        return;
    }
    enum load_kind kind = kind_of(path, &keys);
    bool foreign = folder && is_foreign(paths, path, kind, &keys);
    const char **const slots[] = {[LOAD_PLUGIN] = NULL,
                                  [LOAD_PEOPLE] = &paths->people,
                                  [LOAD_PIPELINE] = &paths->pipeline,
                                  [LOAD_CONFIG] = &paths->config,
                                  [LOAD_FOREIGN] = NULL};
    strbuf_done(&keys);
    if (foreign)
        return;
    if (slots[kind] && *slots[kind]) {
        struct strbuf why = {0};
        strbuf_printf(&why, "%s is checked in its place; check this one by itself", *slots[kind]);
        pass_over(paths, path, strbuf_text(&why));
        strbuf_done(&why);
        return;
    }
    char *copy = keep(paths, path);
    if (slots[kind]) {
        *slots[kind] = copy;
        return;
    }
    ARRAY_GROW(paths->plugins, paths->plugin_count, paths->plugin_cap);
    paths->plugins[paths->plugin_count++] = copy;
}

void ctl_paths_read(struct ctl_paths *paths, const char **list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char **names;
        size_t name_count;
        struct err err;
        if (!is_folder(list[i]) || folder_list(list[i], ".yaml", &err, &names, &name_count)) {
            add_file(paths, list[i], NULL); /* what cannot be read is told by the loader */
            continue;
        }
        for (size_t k = 0; k < name_count; k++) {
            add_file(paths, names[k], list[i]);
            free(names[k]);
        }
        free(names);
    }
}

void ctl_paths_done(struct ctl_paths *paths)
{
    map_done(&paths->known);
    for (size_t i = 0; i < paths->count; i++)
        free(paths->files[i]);
    free(paths->files);
    for (size_t i = 0; i < paths->remark_count; i++)
        free(paths->remarks[i]);
    free(paths->remarks);
    free((void *)paths->plugins); /* the arrays; the names are files' */
    free((void *)paths->links);
}

bool ctl_paths_concern(const struct ctl_paths *paths, const struct problem *problem)
{
    return paths->count == 0 || (problem->file && map_get(&paths->known, problem->file));
}

struct setup *ctl_paths_setup(struct call *call, const struct ctl_paths *paths)
{
    struct setup_override override = {.people = paths->people,
                                      .pipeline = paths->pipeline,
                                      .plugins = paths->plugins,
                                      .plugin_count = paths->plugin_count,
                                      .tests = paths->tests};
    const struct setup_override whole = {.tests = paths->tests};
    const char *config = paths->config ? paths->config : ctl_config_path(call);
    if (!paths->count)
        return ctl_setup(call, config, &whole);
    bool readable = paths->config || call->config || !access(config, R_OK);
    struct setup *setup = ctl_setup(call, readable ? config : NULL, &override);
    for (size_t i = 0; i < paths->link_count; i++)
        setup_refuse_link(setup, paths->links[i]);
    return setup;
}
