#include "io/setup.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "io/files.h"

enum {
    SETUP_FILE_BYTES = 65 * 1024 * 1024, /* what is read at all; the loader refuses most of it */
    SETUP_SECRET_BYTES = 16 * 1024,
};

/* Files read for one load; paths and bytes are kept until it is done. */
struct pile {
    struct load_file *files;
    size_t count, cap;
};

static struct source_place whole(const char *path)
{
    return (struct source_place){path, 0, 0};
}

static bool pile_read(struct pile *pile, const char *path, struct problems *problems,
                      struct source_place place)
{
    struct err err;
    char *bytes;
    size_t length;
    if (file_read(path, SETUP_FILE_BYTES, &err, &bytes, &length)) {
        problem_error(problems, place, "cannot-read", "%s", err.text);
        return false;
    }
    ARRAY_GROW(pile->files, pile->count, pile->cap);
    pile->files[pile->count++] = (struct load_file){xstrdup(path), bytes, length};
    return true;
}

static void pile_done(struct pile *pile)
{
    for (size_t i = 0; i < pile->count; i++) {
        free((void *)(uintptr_t)pile->files[i].path);
        free((void *)(uintptr_t)pile->files[i].bytes);
    }
    free(pile->files);
}

static bool is_folder(const char *path)
{
    struct stat info;
    return !stat(path, &info) && S_ISDIR(info.st_mode);
}

/* A folder means its *.yaml files. */
static void pile_add(struct pile *pile, const char *path, struct problems *problems,
                     struct source_place place)
{
    char **names;
    size_t count;
    struct err err;
    if (!is_folder(path)) {
        (void)pile_read(pile, path, problems, place); /* a failure is in problems */
        return;
    }
    if (folder_list(path, ".yaml", &err, &names, &count)) {
        problem_error(problems, place, "cannot-read", "%s", err.text);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        (void)pile_read(pile, names[i], problems, whole(names[i])); /* as above */
        free(names[i]);
    }
    free(names);
}

static void read_config(struct setup *setup, const struct load_platforms *platforms)
{
    static const char empty[] = "{}";
    struct load_file file = {setup->path ? setup->path : "(defaults)", empty, strlen(empty)};
    char *bytes = NULL;
    size_t length = 0;
    struct err err;
    if (setup->path) {
        if (file_read(setup->path, SETUP_FILE_BYTES, &err, &bytes, &length))
            problem_error(&setup->problems, whole(setup->path), "cannot-read", "%s", err.text);
        else
            file = (struct load_file){setup->path, bytes, length};
    }
    (void)load_config(&file, platforms, &setup->problems, &setup->config); /* in problems */
    if (!setup->config) {
        struct load_file none = {file.path, empty, strlen(empty)};
        (void)load_config(&none, NULL, &setup->problems, &setup->config); /* the defaults */
    }
    free(bytes);
}

/* The file that an override or the configuration names; NULL when neither does. */
static const struct load_file *one_file(struct setup *setup, struct pile *pile,
                                        const char *override, const struct config_path *named)
{
    if (!override && !named->path)
        return NULL;
    CLEANUP_FREE char *path = override ? xstrdup(override) : path_beside(setup->path, named->path);
    struct source_place place = override ? whole(override) : named->place;
    return pile_read(pile, path, &setup->problems, place) ? &pile->files[0] : NULL;
}

static void read_plugins(struct setup *setup, const struct setup_override *override,
                         struct pile *pile)
{
    if (override && override->plugin_count) {
        for (int i = 0; i < override->plugin_count; i++)
            pile_add(pile, override->plugins[i], &setup->problems, whole(override->plugins[i]));
        return;
    }
    for (int i = 0; i < setup->config->plugin_count; i++) {
        CLEANUP_FREE char *path = path_beside(setup->path, setup->config->plugins[i].path);
        pile_add(pile, path, &setup->problems, setup->config->plugins[i].place);
    }
}

/* Whether every error stands in a plugin file: those can be left out. */
static bool only_plugins_bad(const struct setup *setup, const struct pile *plugins)
{
    for (int i = 0; i < setup->problems.count; i++) {
        const struct problem *problem = &setup->problems.list[i];
        bool in_plugin = problem->warning;
        for (size_t k = 0; k < plugins->count && !in_plugin; k++)
            in_plugin = str_eq(problem->file, plugins->files[k].path);
        if (!in_plugin)
            return false;
    }
    return setup->counts.loaded > 0 || setup->counts.failed == 0;
}

struct setup *setup_load(const char *path, const struct setup_override *override,
                         const struct load_platforms *platforms, struct zones *zones)
{
    struct setup *setup = NEW(struct setup);
    struct pile people = {0}, pipeline = {0}, plugins = {0}, holidays = {0};
    problems_init(&setup->problems);
    setup->path = xstrdup(path);
    read_config(setup, platforms);
    struct load_set set = {
        .people =
            one_file(setup, &people, override ? override->people : NULL, &setup->config->people),
        .pipeline = one_file(setup, &pipeline, override ? override->pipeline : NULL,
                             &setup->config->pipeline),
        .config = setup->config,
        .zone = zones_get,
        .zone_user = zones,
    };
    for (int i = 0; i < setup->config->holiday_count; i++) {
        CLEANUP_FREE char *file = path_beside(path, setup->config->holidays[i].path);
        (void)pile_read(&holidays, file, &setup->problems, setup->config->holidays[i].place);
    }
    int before = setup->problems.errors;
    read_plugins(setup, override, &plugins);
    int unreadable = setup->problems.errors - before;
    set.plugins = plugins.files;
    set.plugin_count = (int)plugins.count;
    set.holidays = holidays.files;
    set.holiday_count = (int)holidays.count;
    (void)load_book(&set, &setup->problems, &setup->counts, &setup->book, &setup->tests);
    setup->counts.failed += unreadable;
    problems_sort(&setup->problems);
    setup->ok = setup->problems.errors == 0;
    setup->usable = only_plugins_bad(setup, &plugins);
    struct pile *const piles[] = {&people, &pipeline, &plugins, &holidays};
    for (size_t i = 0; i < ARRAY_LEN(piles); i++)
        pile_done(piles[i]);
    return setup;
}

void setup_free(struct setup *setup)
{
    if (!setup)
        return;
    plugin_tests_free(setup->tests);
    book_free(setup->book);
    config_free(setup->config);
    problems_done(&setup->problems);
    free(setup->path);
    free(setup);
}

struct book *setup_take_book(struct setup *setup)
{
    struct book *book = setup->book;
    setup->book = NULL;
    return book;
}

static char *secret_path(const struct setup *setup, const struct secret *secret, struct err *err)
{
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    struct strbuf path = {0};
    if (secret->kind == SECRET_FILE)
        return path_beside(setup->path, secret->name);
    if (!folder) {
        (void)err_set(err, ENOENT,
                      "credential:%s: no credentials were handed over by the service manager "
                      "(LoadCredential=)",
                      secret->name);
        return NULL;
    }
    strbuf_printf(&path, "%s/%s", folder, secret->name);
    return strbuf_take(&path);
}

int setup_secret(const struct setup *setup, const struct secret *secret, struct err *err,
                 char **ret)
{
    char *value = NULL;
    size_t length = 0;
    if (secret->kind == SECRET_ENV) {
        value = xstrdup(getenv(secret->name));
        if (!value)
            return err_set(err, ENOENT, "env:%s: the variable is not set", secret->name);
        length = strlen(value);
    } else {
        CLEANUP_FREE char *path = secret_path(setup, secret, err);
        int status = path ? file_read(path, SETUP_SECRET_BYTES, err, &value, &length) : -ENOENT;
        if (status)
            return status;
    }
    while (length && (value[length - 1] == '\n' || value[length - 1] == '\r'))
        value[--length] = '\0';
    if (!length) {
        free(value);
        return err_set(err, EINVAL, "'%s' is empty", secret->name);
    }
    *ret = value;
    return 0;
}

char *setup_store_path(const struct setup *setup)
{
    return path_beside(setup->path, setup->config->store);
}
