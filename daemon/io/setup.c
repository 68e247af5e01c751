#include "io/setup.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "io/files.h"
#include "load/load_map.h"

#define SETUP_CREDENTIALS "gritd" /* of the unit's LoadCredential= */

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

static void pile_put(struct pile *pile, const char *path, char *bytes, size_t length)
{
    ARRAY_GROW(pile->files, pile->count, pile->cap);
    pile->files[pile->count++] = (struct load_file){xstrdup(path), bytes, length};
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
    pile_put(pile, path, bytes, length);
    return true;
}

static void refuse_link(struct problems *problems, const char *path)
{
    problem_error(
        problems, whole(path), "cannot-read",
        "a link that leads out of its folder is not followed; copy the file, or name it in "
        "'plugins'");
}

void setup_refuse_link(struct setup *setup, const char *path)
{
    refuse_link(&setup->problems, path);
    problems_sort(&setup->problems);
    setup->ok = false;
}

/* A file of a folder: who may put one there may not have us read what only we can. */
static bool pile_read_below(struct pile *pile, const char *folder, const char *path,
                            struct problems *problems)
{
    struct err err;
    char *bytes;
    size_t length;
    int status = file_read_below(folder, path, SETUP_FILE_BYTES, &err, &bytes, &length);
    if (status == -EXDEV)
        refuse_link(problems, path);
    else if (status)
        problem_error(problems, whole(path), "cannot-read", "%s", err.text);
    else
        pile_put(pile, path, bytes, length);
    return !status;
}

static uint64_t stamp_of(const char *bytes, size_t length)
{
    return bytes ? hash_bytes(1, bytes, length).a : 1;
}

static uint64_t pile_stamp(const struct pile *pile)
{
    uint64_t stamp = 0;
    for (size_t i = 0; i < pile->count; i++)
        stamp += stamp_of(pile->files[i].bytes, pile->files[i].length);
    return stamp;
}

const char *setup_stamp(const struct setup *setup, char ret[SETUP_STAMP_BYTES])
{
    (void)snprintf(ret, SETUP_STAMP_BYTES, "%016llx", (unsigned long long)setup->stamp); /* fits */
    return ret;
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

/* A folder means its *.yaml files. `unread` gets those of them that cannot be read. */
static void pile_add(struct pile *pile, const char *path, struct problems *problems,
                     struct source_place place, struct pile *unread)
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
        if (!pile_read_below(pile, path, names[i], problems))
            pile_put(unread, names[i], NULL, 0);
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
    setup->stamp = stamp_of(file.bytes, file.length);
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
                         struct pile *pile, struct pile *unread)
{
    if (override && override->plugin_count) {
        for (int i = 0; i < override->plugin_count; i++)
            pile_add(pile, override->plugins[i], &setup->problems, whole(override->plugins[i]),
                     unread);
        return;
    }
    for (int i = 0; i < setup->config->plugin_count; i++) {
        CLEANUP_FREE char *path = path_beside(setup->path, setup->config->plugins[i].path);
        pile_add(pile, path, &setup->problems, setup->config->plugins[i].place, unread);
    }
}

static bool pile_has(const struct pile *pile, const char *path)
{
    for (size_t i = 0; i < pile->count; i++) {
        if (str_eq(pile->files[i].path, path))
            return true;
    }
    return false;
}

/* Whether every error stands in a plugin file: those can be left out. */
static bool only_plugins_bad(const struct setup *setup, const struct pile *plugins,
                             const struct pile *unread)
{
    const char *last = NULL; /* problems are sorted by file */
    for (int i = 0; i < setup->problems.count; i++) {
        const struct problem *problem = &setup->problems.list[i];
        if (problem->warning || str_eq(problem->file, last))
            continue;
        last = problem->file;
        if (!pile_has(plugins, last) && !pile_has(unread, last))
            return false;
    }
    return true;
}

static int by_found_path(const void *a, const void *b)
{
    return strcmp(((const struct load_found *)a)->path, ((const struct load_found *)b)->path);
}

/* The files with what was in force before; the piles' memory moves over to the setup. */
static void load_found(struct setup *setup, const struct load_set *set, const struct kept *kept,
                       struct pile *plugins, struct pile *unread)
{
    struct pile *const piles[] = {plugins, unread};
    setup->found = xcalloc(plugins->count + unread->count + 1, sizeof(*setup->found));
    for (size_t i = 0; i < ARRAY_LEN(piles); i++) {
        for (size_t k = 0; k < piles[i]->count; k++)
            setup->found[setup->found_count++] =
                (struct load_found){.path = xstrdup(piles[i]->files[k].path),
                                    .bytes = piles[i]->files[k].bytes,
                                    .length = piles[i]->files[k].length};
        for (size_t k = 0; k < piles[i]->count; k++)
            piles[i]->files[k].bytes = NULL;
    }
    if (setup->found_count > 1)
        qsort(setup->found, setup->found_count, sizeof(*setup->found), by_found_path);
    (void)load_book_kept(set, kept, setup->found, setup->found_count, &setup->problems,
                         &setup->counts, &setup->book, NULL); /* in problems */
}

/* What people are asked serves a purpose that they can read; without one nobody is asked. */
static void want_purpose(struct setup *setup)
{
    if (setup->path && setup->book && setup->book->rule_count && str_empty(setup->book->purpose))
        problem_error(&setup->problems, (struct source_place){setup->path, 1, 1}, "no-purpose",
                      "rules ask people, so 'purpose' must say what for; write for example "
                      "'purpose: coaching of our sales teams'");
}

/* Maps in files of their own become the intakes'. */
static void read_maps(struct setup *setup, const char *path)
{
    for (int i = 0; i < setup->config->intake_count; i++) {
        struct config_intake *intake = &setup->config->intakes[i];
        struct pile pile = {0};
        if (!intake->map_file.path)
            continue;
        CLEANUP_FREE char *file = path_beside(path, intake->map_file.path);
        if (pile_read(&pile, file, &setup->problems, intake->map_file.place))
            (void)map_load(&pile.files[0], &setup->config->arena, &setup->problems,
                           &intake->map); /* in problems */
        pile_done(&pile);
    }
}

struct setup *setup_load(const char *path, const struct setup_override *override,
                         const struct load_platforms *platforms, struct zones *zones)
{
    struct setup *setup = NEW(struct setup);
    struct pile people = {0}, pipeline = {0}, plugins = {0}, holidays = {0}, words = {0},
                unread = {0};
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
    for (int i = 0; i < setup->config->word_count; i++) {
        CLEANUP_FREE char *file = path_beside(path, setup->config->words[i].path);
        (void)pile_read(&words, file, &setup->problems, setup->config->words[i].place);
    }
    read_maps(setup, path);
    int before = setup->problems.errors;
    read_plugins(setup, override, &plugins, &unread);
    int unreadable = setup->problems.errors - before;
    struct pile *const piles[] = {&people, &pipeline, &plugins, &holidays, &words, &unread};
    for (size_t i = 0; i < ARRAY_LEN(piles); i++)
        setup->stamp += pile_stamp(piles[i]);
    set.plugins = plugins.files;
    set.plugin_count = (int)plugins.count;
    set.holidays = holidays.files;
    set.holiday_count = (int)holidays.count;
    set.words = words.files;
    set.word_count = (int)words.count;
    if (override && override->kept) {
        load_found(setup, &set, override->kept, &plugins, &unread);
    } else {
        bool tests = override && override->tests;
        (void)load_book(&set, &setup->problems, &setup->counts, &setup->book,
                        tests ? &setup->tests : NULL); /* in problems */
        setup->counts.failed += unreadable;
    }
    if (!override ||
        !override->plugin_count) /* else these files are looked at, and not the whole */
        want_purpose(setup);
    problems_sort(&setup->problems);
    setup->ok = setup->problems.errors == 0;
    setup->only_plugins_bad = only_plugins_bad(setup, &plugins, &unread);
    setup->usable = setup->only_plugins_bad && (setup->counts.loaded || !setup->counts.failed);
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
    for (size_t i = 0; i < setup->found_count; i++) {
        free((void *)(uintptr_t)setup->found[i].path);
        free((void *)(uintptr_t)setup->found[i].bytes);
    }
    free(setup->found);
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
    if (access(strbuf_text(&path), F_OK)) { /* of a whole folder: LoadCredential=gritd:FOLDER */
        strbuf_done(&path);
        strbuf_printf(&path, "%s/" SETUP_CREDENTIALS "_%s", folder, secret->name);
    }
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
        int status = -ENOENT;
        if (path && secret->kind == SECRET_FILE)
            status = file_read_secret(path, SETUP_SECRET_BYTES, err, &value, &length);
        else if (path) /* the service manager's own folder */
            status = file_read(path, SETUP_SECRET_BYTES, err, &value, &length);
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
