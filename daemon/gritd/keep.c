/* The last good version of each plugin file: in memory, in the store, and who is told of a bad one.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "core/phrases.h"
#include "core/speech.h"
#include "gritd/reload.h"
#include "io/log.h"
#include "io/platforms.h"

/* No file can be called so: paths of files that were found end in .yaml or stand in a folder. */
#define CONFIGURATION "(configuration)"

/* A file that is edited and saved again and again is told of a few times, then once more when the
 * time is over: how it stands then. */
#define TELL_WITHIN (10 * MSEC_MINUTE)

enum { FILES_TOLD = 3, TELL_TIMES = 5, MARK_BYTES = 33 };

/* What one start or reload has to store and to say. */
struct keeping {
    struct daemon *daemon;
    const struct setup *setup;
    const struct book *book;
    bool silent; /* enough was told lately */
    struct arena arena;
    struct row_state *rows;
    size_t row_count, row_cap;
    struct engine_notice *told; /* one a file; `occurrence` is not set yet */
    size_t told_count, told_cap;
    struct engine_notice *notices; /* one a receiver */
    size_t notice_count, notice_cap;
};

static void mark_of(const char *fate, const char *bytes, size_t length, char mark[MARK_BYTES])
{
    struct hash128 hash = hash_bytes(hash_text(fate), bytes, length);
    (void)snprintf(mark, MARK_BYTES, "%016llx%016llx", (unsigned long long)hash.a,
                   (unsigned long long)hash.b); /* fits */
}

static void add_row(struct keeping *keeping, const struct kept_file *file, bool gone)
{
    struct strbuf value = {0};
    if (!gone)
        kept_encode(file, &value);
    ARRAY_GROW(keeping->rows, keeping->row_count, keeping->row_cap);
    keeping->rows[keeping->row_count++] =
        (struct row_state){STATE_PLUGIN, arena_strdup(&keeping->arena, file->path),
                           gone ? NULL : arena_strdup(&keeping->arena, strbuf_text(&value))};
    strbuf_done(&value);
}

static void tell(struct keeping *keeping, const char *owner, const char *text)
{
    ARRAY_GROW(keeping->told, keeping->told_count, keeping->told_cap);
    keeping->told[keeping->told_count++] =
        (struct engine_notice){.to = arena_strdup(&keeping->arena, owner), .text = text};
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The owner by the version in force, else by what can be read of the broken one. */
static const char *owner_of(struct keeping *keeping, const struct load_found *found,
                            const struct kept_file *file)
{
    const struct book *book = keeping->book;
    for (int i = 0; i < book->plugin_count; i++) {
        if (str_eq(book->plugins[i]->file, found->path))
            return book->plugins[i]->owner;
    }
    const char *owner = load_owner(found->bytes, found->length, &keeping->arena);
    return owner ? owner : load_owner(file->bytes, file->length, &keeping->arena);
}

/* What only follows from a key that is mistyped a few lines further down says less than that key.
 */
static bool says_little(const struct problem *problem)
{
    static const char *const codes[] = {"missing-key", "no-action", "no-decision-point"};
    for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
        if (str_eq(problem->code, codes[i]))
            return true;
    }
    return !problem->line;
}

/* The first mistake that says something. */
static const struct problem *first_problem(const struct setup *setup, const char *path)
{
    const struct problem *first = NULL;
    for (int i = 0; i < setup->problems.count; i++) {
        const struct problem *problem = &setup->problems.list[i];
        if (problem->warning || !str_eq(problem->file, path))
            continue;
        if (!first || (says_little(first) && !says_little(problem)))
            first = problem;
    }
    return first;
}

static void tell_broken(struct keeping *keeping, const struct load_found *found,
                        const struct kept_file *file)
{
    const struct problem *problem = first_problem(keeping->setup, found->path);
    const char *name = name_of(found->path), *why = problem ? problem->text : "see the log";
    bool kept = found->fate == LOAD_KEPT;
    if (str_starts(why, found->path)) /* "PATH: Permission denied": the name is said already */
        why += strlen(found->path) + strspn(why + strlen(found->path), ": ");
    const char *text =
        found->bytes
            ? arena_printf(&keeping->arena,
                           book_say(keeping->book, kept ? SAY_FILE_KEPT : SAY_FILE_LEFT_OUT), name,
                           problem ? problem->line : 0, why)
            : arena_printf(
                  &keeping->arena,
                  book_say(keeping->book, kept ? SAY_FILE_UNREADABLE_KEPT : SAY_FILE_UNREADABLE),
                  name, why);
    tell(keeping, owner_of(keeping, found, file), text);
}

/* Whether it is time to tell; else it is owed. */
static bool may_tell(struct keeping *keeping)
{
    keeping->daemon->telling.owed |= keeping->silent;
    return !keeping->silent;
}

/* One file: what is good is kept, what is bad is told once. */
static void settle_file(struct keeping *keeping, const struct load_found *found)
{
    static const char *const fates[] = {
        [LOAD_TAKEN] = "taken", [LOAD_KEPT] = "kept", [LOAD_LEFT_OUT] = "out"};
    struct kept_file *file = kept_get(&keeping->daemon->kept, found->path);
    char mark[MARK_BYTES];
    const char *standing = NULL;
    bool changed = false;
    if (found->fate != LOAD_TAKEN) {
        mark_of(fates[found->fate], found->bytes ? found->bytes : "", found->length, mark);
        standing = mark;
    } else if (!file->bytes || file->length != found->length ||
               memcmp(file->bytes, found->bytes, found->length) != 0) {
        kept_set_bytes(file, found->bytes, found->length);
        changed = true;
    }
    if (!str_eq(file->told, standing) && may_tell(keeping)) {
        if (standing)
            tell_broken(keeping, found, file);
        else
            tell(keeping, owner_of(keeping, found, file),
                 arena_printf(&keeping->arena, book_say(keeping->book, SAY_FILE_MENDED),
                              name_of(found->path)));
        xstr_replace(&file->told, standing);
        changed = true;
    }
    if (changed)
        add_row(keeping, file, false);
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct load_found *)a)->path, ((const struct load_found *)b)->path);
}

static bool is_found(const struct setup *setup, const char *path)
{
    struct load_found key = {.path = path};
    return setup->found_count &&
           bsearch(&key, setup->found, setup->found_count, sizeof(key), by_path);
}

/* Whether the memory of a refused configuration has to stay: it is so still, or nobody was told yet
 * that it is in order again. */
static bool still_refused(struct keeping *keeping, const struct kept_file *file)
{
    if (keeping->daemon->telling.refusal)
        return true;
    if (!file->told)
        return false;
    if (!may_tell(keeping))
        return true;
    tell(keeping, NULL, book_say(keeping->book, SAY_CONFIG_MENDED));
    return false;
}

/* A file that was deleted is deleted. So is the memory of a refused configuration. */
static void forget_deleted(struct keeping *keeping)
{
    struct kept *kept = &keeping->daemon->kept;
    size_t left = 0;
    for (size_t i = 0; i < kept->count; i++) {
        struct kept_file *file = &kept->list[i];
        if (str_eq(file->path, CONFIGURATION) ? still_refused(keeping, file)
                                              : is_found(keeping->setup, file->path)) {
            kept->list[left++] = *file;
            continue;
        }
        add_row(keeping, file, true);
        free(file->path);
        free(file->bytes);
        free(file->told);
    }
    kept->count = left;
}

/* One message for each receiver, however many files are theirs. */
static void write_notice(struct keeping *keeping, size_t first)
{
    struct strbuf text = {0};
    const char *to = keeping->told[first].to;
    int files = 0;
    for (size_t i = first; i < keeping->told_count; i++) {
        if (!str_eq(keeping->told[i].to, to))
            continue;
        if (files++ < FILES_TOLD)
            strbuf_printf(&text, "%s%s", files > 1 ? "\n\n" : "", keeping->told[i].text);
    }
    if (files > FILES_TOLD) {
        strbuf_puts(&text, "\n\n");
        strbuf_printf(&text, book_say(keeping->book, SAY_FILES_MORE), files - FILES_TOLD);
    }
    char mark[MARK_BYTES];
    mark_of("notice", strbuf_text(&text), text.len, mark);
    ARRAY_GROW(keeping->notices, keeping->notice_count, keeping->notice_cap);
    keeping->notices[keeping->notice_count++] = (struct engine_notice){
        .to = to,
        .occurrence =
            arena_printf(&keeping->arena, "%s %lld", mark, (long long)daemon_now(keeping->daemon)),
        .text = arena_strdup(&keeping->arena, strbuf_text(&text)),
    };
    strbuf_done(&text);
}

static void write_notices(struct keeping *keeping)
{
    if (keeping->told_count)
        keeping->daemon->telling.times++;
    for (size_t i = 0; i < keeping->told_count; i++) {
        bool before = false;
        for (size_t k = 0; k < i && !before; k++)
            before = str_eq(keeping->told[k].to, keeping->told[i].to);
        if (!before)
            write_notice(keeping, i);
    }
}

static void keeping_begin(struct keeping *keeping, struct daemon *daemon, const struct setup *setup,
                          const struct book *book)
{
    msec_t now = daemon_now(daemon);
    if (now < daemon->telling.since || now - daemon->telling.since >= TELL_WITHIN) {
        daemon->telling.since = now;
        daemon->telling.times = 0;
    }
    daemon->telling.owed = false;
    *keeping = (struct keeping){.daemon = daemon,
                                .setup = setup,
                                .book = book,
                                .silent = daemon->telling.times >= TELL_TIMES};
    arena_init(&keeping->arena);
}

static void settle_refusal(struct keeping *keeping)
{
    const char *refusal = keeping->daemon->telling.refusal;
    char mark[MARK_BYTES];
    if (!refusal)
        return;
    mark_of("refused", refusal, strlen(refusal), mark);
    struct kept_file *file = kept_get(&keeping->daemon->kept, CONFIGURATION);
    if (str_eq(file->told, mark) || !may_tell(keeping))
        return;
    xstr_replace(&file->told, mark);
    add_row(keeping, file, false);
    tell(keeping, NULL, refusal);
}

static void settle_files(struct keeping *keeping)
{
    settle_refusal(keeping);
    for (size_t i = 0; i < keeping->setup->found_count; i++)
        settle_file(keeping, &keeping->setup->found[i]);
    forget_deleted(keeping);
    write_notices(keeping);
}

static struct engine_own own_of(const struct keeping *keeping)
{
    return (struct engine_own){.rows = keeping->rows,
                               .row_count = keeping->row_count,
                               .notices = keeping->notices,
                               .notice_count = keeping->notice_count};
}

static void keeping_end(struct keeping *keeping)
{
    free(keeping->rows);
    free(keeping->told);
    free(keeping->notices);
    arena_done(&keeping->arena);
}

int keep_take(struct daemon *daemon, const struct setup *setup, const struct book *book,
              struct err *err)
{
    struct keeping keeping;
    xstr_replace(&daemon->telling.refusal, NULL);
    keeping_begin(&keeping, daemon, setup, book);
    settle_files(&keeping);
    struct engine_own own = own_of(&keeping);
    int status = engine_set_book(daemon->engine, book, daemon_now(daemon), &own, err);
    keeping_end(&keeping);
    return status;
}

void keep_remember(struct daemon *daemon)
{
    struct keeping keeping;
    keeping_begin(&keeping, daemon, daemon->setup, daemon->book);
    settle_files(&keeping);
    struct engine_own own = own_of(&keeping);
    engine_keep(daemon->engine, &own, daemon_now(daemon));
    keeping_end(&keeping);
}

void keep_tick(struct daemon *daemon)
{
    msec_t now = daemon_now(daemon);
    if (daemon->telling.owed &&
        (now < daemon->telling.since || now - daemon->telling.since >= TELL_WITHIN))
        keep_remember(daemon);
}

/* The first mistake that is not in a plugin. */
static const struct problem *refusal(const struct setup *setup)
{
    for (int i = 0; i < setup->problems.count; i++) {
        const struct problem *problem = &setup->problems.list[i];
        if (!problem->warning && !is_found(setup, problem->file))
            return problem;
    }
    return NULL;
}

void keep_refused(struct daemon *daemon, const struct setup *setup, const char *why)
{
    struct keeping keeping;
    struct strbuf text = {0};
    const struct problem *problem = refusal(setup);
    strbuf_printf(&text, book_say(daemon->book, SAY_CONFIG_REFUSED),
                  name_of(problem ? problem->file : setup->path), problem ? problem->line : 0,
                  problem ? problem->text : why);
    free(daemon->telling.refusal);
    daemon->telling.refusal = strbuf_take(&text);
    struct strbuf line = {0};
    if (problem)
        problem_print(problem, &line);
    xstr_replace(&daemon->refused, problem ? strbuf_text(&line) : why);
    strbuf_done(&line);
    keeping_begin(&keeping, daemon, setup, daemon->book);
    settle_refusal(&keeping);
    write_notices(&keeping);
    struct engine_own own = own_of(&keeping);
    engine_keep(daemon->engine, &own, daemon_now(daemon));
    keeping_end(&keeping);
}

void keep_done(struct daemon *daemon)
{
    kept_done(&daemon->kept);
    free(daemon->telling.refusal);
}

/* --- start --- */

struct restoring {
    struct daemon *daemon;
    struct err *err;
};

static int on_row(void *user, const struct row *row)
{
    struct restoring *restoring = user;
    return kept_decode(&restoring->daemon->kept, row->state.key, row->state.value, restoring->err);
}

/* Reads everything once more, with the versions that the store kept. */
static void load_again(struct daemon *daemon)
{
    const struct setup_override override = {.kept = &daemon->kept};
    struct setup *again =
        setup_load(daemon->setup->path, &override, platforms_for_load(), &daemon->zones);
    if (!again->only_plugins_bad) { /* edited since, a moment ago */
        setup_free(again);
        return;
    }
    book_free(daemon->book);
    setup_free(daemon->setup);
    daemon->setup = again;
    daemon->book = setup_take_book(again);
}

int keep_restore(struct daemon *daemon, struct err *err)
{
    struct restoring restoring = {daemon, err};
    int status =
        daemon->store->ops->load_kind(daemon->store, STATE_PLUGIN, on_row, &restoring, err);
    if (status)
        return status;
    if (daemon->setup->counts.failed && daemon->kept.count)
        load_again(daemon);
    for (size_t i = 0; i < daemon->setup->found_count; i++) {
        if (daemon->setup->found[i].fate == LOAD_KEPT)
            log_warning("config", "%s has a mistake: the version from before stays in force",
                        daemon->setup->found[i].path);
    }
    return daemon->setup->usable ? 0 : err_set(err, EINVAL, "not one plugin file can be taken");
}
