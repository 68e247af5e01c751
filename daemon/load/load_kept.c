#include "load/load_kept.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "load/yaml.h"

/* --- the versions --- */

void kept_done(struct kept *kept)
{
    for (size_t i = 0; i < kept->count; i++) {
        free(kept->list[i].path);
        free(kept->list[i].bytes);
        free(kept->list[i].told);
    }
    free(kept->list);
    *kept = (struct kept){0};
}

static size_t place_of(const struct kept *kept, const char *path)
{
    size_t low = 0, high = kept->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(kept->list[middle].path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct kept_file *kept_find(const struct kept *kept, const char *path)
{
    size_t place = place_of(kept, path);
    return place < kept->count && str_eq(kept->list[place].path, path) ? &kept->list[place] : NULL;
}

struct kept_file *kept_get(struct kept *kept, const char *path)
{
    size_t place = place_of(kept, path);
    if (place < kept->count && str_eq(kept->list[place].path, path))
        return &kept->list[place];
    ARRAY_GROW(kept->list, kept->count, kept->cap);
    memmove(kept->list + place + 1, kept->list + place,
            (kept->count - place) * sizeof(*kept->list));
    kept->count++;
    kept->list[place] = (struct kept_file){.path = xstrdup(path)};
    return &kept->list[place];
}

void kept_set_bytes(struct kept_file *file, const char *bytes, size_t length)
{
    char *copy = xcalloc(length + 1, 1);
    memcpy(copy, bytes, length);
    free(file->bytes);
    file->bytes = copy;
    file->length = length;
}

void kept_encode(const struct kept_file *file, struct strbuf *out)
{
    struct jsonw json;
    bool text = file->bytes && strlen(file->bytes) == file->length &&
                utf8_length(file->bytes, file->length) >= 0;
    jsonw_begin(&json, out);
    jsonw_object(&json, NULL);
    if (text)
        jsonw_text(&json, "text", file->bytes);
    jsonw_text_opt(&json, "told", file->told);
    jsonw_object_end(&json);
}

int kept_decode(struct kept *kept, const char *path, const char *text, struct err *err)
{
    json_error_t why;
    json_t *root = json_loads(text, 0, &why);
    if (!json_is_object(root)) {
        json_decref(root);
        return err_set(err, EINVAL, "the stored version of %s is not readable: %s", path, why.text);
    }
    struct kept_file *file = kept_get(kept, path);
    const char *bytes = json_string_value(json_object_get(root, "text"));
    if (bytes)
        kept_set_bytes(file, bytes, strlen(bytes));
    xstr_replace(&file->told, json_string_value(json_object_get(root, "told")));
    json_decref(root);
    return 0;
}

/* --- choosing --- */

enum version { VERSION_NEW, VERSION_OLD, VERSION_NONE };

struct choice {
    struct load_found *found;
    const struct kept_file *old; /* with bytes, or NULL */
    enum version version;
    bool same; /* new and old are the same bytes: it was in force before */
    bool good; /* in the last try */
};

struct choosing {
    const struct load_set *set;
    struct problems *problems;
    struct choice *choices;
    size_t count;
    struct load_file *files; /* of the try under way */
    struct choice **owners;  /* whose each of them is */
    bool *good, *known;
};

/* What was in force before comes first: of two that define the same thing the first one keeps it.
 */
static int list_files(struct choosing *c)
{
    int used = 0;
    for (int established = 1; established >= 0; established--) {
        for (size_t i = 0; i < c->count; i++) {
            struct choice *choice = &c->choices[i];
            bool old = choice->version == VERSION_OLD || choice->same;
            if (choice->version == VERSION_NONE || old != established)
                continue;
            c->owners[used] = choice;
            c->known[used] = old;
            c->files[used++] = choice->version == VERSION_OLD
                                   ? (struct load_file){choice->found->path, choice->old->bytes,
                                                        choice->old->length}
                                   : (struct load_file){choice->found->path, choice->found->bytes,
                                                        choice->found->length};
        }
    }
    return used;
}

static int by_path(const void *a, const void *b)
{
    const struct choice *x = *(const struct choice *const *)a;
    const struct choice *y = *(const struct choice *const *)b;
    return str_cmp(x->found->path, y->found->path);
}

static struct choice *choice_of(const struct choosing *c, struct choice **sorted, const char *path)
{
    struct load_found found = {.path = path};
    struct choice key = {.found = &found}, *pointer = &key;
    struct choice **hit =
        c->count ? bsearch(&pointer, sorted, c->count, sizeof(struct choice *), by_path) : NULL;
    return hit ? *hit : NULL;
}

static void copy_problem(struct problems *to, const struct problem *problem, const char *text)
{
    struct source_place place = {problem->file, problem->line, problem->col};
    if (problem->warning)
        problem_warning(to, place, problem->code, "%s", text);
    else
        problem_error(to, place, problem->code, "%s", text);
}

static bool gives_way(const struct choice *choice)
{
    return !choice->good && choice->version == VERSION_NEW && choice->old && !choice->same;
}

/* Of a try: what is wrong with the versions that it gave up, and with the last one everything. The
 * warnings of an old version are of no use to somebody who looks at the new one. */
static void keep_problems(struct choosing *c, const struct problems *tried, bool last)
{
    struct choice **sorted = xcalloc(c->count + 1, sizeof(struct choice *));
    for (size_t i = 0; i < c->count; i++)
        sorted[i] = &c->choices[i];
    if (c->count > 1)
        qsort(sorted, c->count, sizeof(struct choice *), by_path);
    for (int i = 0; i < tried->count; i++) {
        const struct problem *problem = &tried->list[i];
        const struct choice *choice = choice_of(c, sorted, problem->file);
        bool old = choice && choice->version == VERSION_OLD;
        if (!last) {
            if (choice && gives_way(choice))
                copy_problem(c->problems, problem, problem->text);
        } else if (!old) {
            copy_problem(c->problems, problem, problem->text);
        } else if (!problem->warning) {
            struct strbuf text = {0};
            struct problem whole = *problem;
            whole.line = whole.col = 0;
            strbuf_printf(&text, "nor does the version from before fit any more, line %d: %s",
                          problem->line, problem->text);
            copy_problem(c->problems, &whole, strbuf_text(&text));
            strbuf_done(&text);
        }
    }
    free(sorted);
}

static void settle(struct choosing *c, struct load_counts *counts)
{
    for (size_t i = 0; i < c->count; i++) {
        struct choice *choice = &c->choices[i];
        choice->found->fate = !choice->good                    ? LOAD_LEFT_OUT
                              : choice->version == VERSION_OLD ? LOAD_KEPT
                                                               : LOAD_TAKEN;
        counts->failed += choice->version == VERSION_NONE; /* the others are counted */
    }
}

/* Loads what is chosen. False: some new versions gave way to old ones, and it has to be done again.
 */
static bool try_once(struct choosing *c, struct load_counts *counts, struct book **ret_book,
                     struct plugin_tests **ret_tests)
{
    struct problems tried;
    struct load_set set = *c->set;
    problems_init(&tried);
    set.plugins = c->files;
    set.plugin_count = list_files(c);
    set.good = c->good;
    set.known = c->known;
    (void)load_book(&set, &tried, counts, ret_book, ret_tests); /* what is wrong is in `tried` */
    for (int i = 0; i < set.plugin_count; i++)
        c->owners[i]->good = c->good[i];
    bool again = false;
    for (size_t i = 0; i < c->count; i++)
        again |= gives_way(&c->choices[i]);
    keep_problems(c, &tried, !again);
    problems_done(&tried);
    if (!again)
        return true;
    for (size_t i = 0; i < c->count; i++) {
        if (gives_way(&c->choices[i]))
            c->choices[i].version = VERSION_OLD;
    }
    book_free(*ret_book);
    if (ret_tests)
        plugin_tests_free(*ret_tests);
    return false;
}

int load_book_kept(const struct load_set *set, const struct kept *kept, struct load_found *found,
                   size_t count, struct problems *problems, struct load_counts *ret_counts,
                   struct book **ret_book, struct plugin_tests **ret_tests)
{
    int before = problems->errors;
    struct choosing c = {
        .set = set,
        .problems = problems,
        .choices = xcalloc(count + 1, sizeof(*c.choices)),
        .count = count,
        .files = xcalloc(count + 1, sizeof(*c.files)),
        .owners = xcalloc(count + 1, sizeof(struct choice *)),
        .good = xcalloc(count + 1, sizeof(*c.good)),
        .known = xcalloc(count + 1, sizeof(*c.known)),
    };
    for (size_t i = 0; i < count; i++) {
        struct kept_file *old = kept_find(kept, found[i].path);
        struct choice *choice = &c.choices[i];
        choice->found = &found[i];
        choice->old = old && old->bytes ? old : NULL;
        choice->version = found[i].bytes ? VERSION_NEW : choice->old ? VERSION_OLD : VERSION_NONE;
        choice->same = found[i].bytes && choice->old && old->length == found[i].length &&
                       memcmp(old->bytes, found[i].bytes, old->length) == 0;
    }
    while (!try_once(&c, ret_counts, ret_book, ret_tests))
        ; /* each time one version more gives way, so it ends */
    settle(&c, ret_counts);
    free(c.choices);
    free(c.files);
    free(c.owners);
    free(c.good);
    free(c.known);
    return problems->errors > before ? -EINVAL : 0;
}

const char *load_owner(const char *bytes, size_t length, struct arena *arena)
{
    struct problems problems;
    struct node *root = NULL;
    const char *owner = NULL;
    problems_init(&problems);
    if (bytes && !yaml_read("", bytes, length, NULL, arena, &problems, &root)) {
        const struct node *node = node_get(root, "owner");
        owner = node && node->kind == NODE_SCALAR && *node->text ? node->text : NULL;
    }
    problems_done(&problems);
    return owner;
}
