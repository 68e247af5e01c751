/* Which version of a plugin file is in force: the new one, the last good one, or none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "load/load_kept.h"
#include "load_check.h"

#define HEAD(name)                                                                                 \
    "plugin: " name "\nabout: A plugin of a test.\nversion: 1\narea: opportunity\n"                \
    "questions:\n"                                                                                 \
    "  q: {kind: skill, reader: rep, answer: text, text: \"What is next?\"}\n"                     \
    "rules:\n"
#define RULE(id) "  - {rule: " id ", about: s, when: deal.won, ask: q}\n"
#define ON_GATE  "  - {rule: g, about: s, when: {event: gate.completed, gate: signed}, ask: q}\n"
#define GATES    "stages: [{id: propose, name: P, gates: [{seller: sent, customer: signed}]}]\n"
#define BROKEN   "plugin: [\n"

enum { FILES = 3 };

/* One reload after another over the same memory of good versions. */
struct disk {
    struct kept kept;
    struct load_found found[FILES];
    size_t count;
    struct problems problems;
    struct load_counts counts;
    struct book *book;
};

static void forget_last(struct disk *disk)
{
    book_free(disk->book);
    disk->book = NULL;
    problems_done(&disk->problems);
}

/* Texts of a.yaml, b.yaml, c.yaml; NULL: not there; "": there and unreadable. Gives the fates and
 * the rules in force: "taken kept | x y". */
static void reload(struct disk *disk, const char *pipeline, const char *const texts[FILES],
                   const char *want)
{
    static const char *const names[FILES] = {"a.yaml", "b.yaml", "c.yaml"};
    static const char *const fates[] = {"taken", "kept", "out"};
    struct load_file gates = {"pipeline.yaml", pipeline, pipeline ? strlen(pipeline) : 0};
    struct load_set set = {.pipeline = pipeline ? &gates : NULL};
    struct strbuf got = {0};
    forget_last(disk);
    problems_init(&disk->problems);
    disk->count = 0;
    for (int i = 0; i < FILES; i++) {
        if (texts[i])
            disk->found[disk->count++] = (struct load_found){
                .path = names[i], .bytes = *texts[i] ? texts[i] : NULL, .length = strlen(texts[i])};
    }
    (void)load_book_kept(&set, &disk->kept, disk->found, disk->count, &disk->problems,
                         &disk->counts, &disk->book, NULL); /* what is wrong is in problems */
    for (size_t i = 0; i < disk->count; i++) {
        const struct load_found *found = &disk->found[i];
        strbuf_printf(&got, "%s ", fates[found->fate]);
        if (found->fate == LOAD_TAKEN)
            kept_set_bytes(kept_get(&disk->kept, found->path), found->bytes, found->length);
    }
    strbuf_putc(&got, '|');
    for (int i = 0; i < disk->book->rule_count; i++)
        strbuf_printf(&got, " %s", disk->book->rules[i]->id);
    assert_string_equal(strbuf_text(&got), want);
    strbuf_done(&got);
}

#define RELOAD(disk, want, ...) reload((disk), NULL, (const char *const[FILES]){__VA_ARGS__}, want)

static bool told(struct disk *disk, const char *words)
{
    struct strbuf out = {0};
    problems_print(&disk->problems, &out);
    bool found = strstr(strbuf_text(&out), words) != NULL;
    if (!found)
        print_message("not told: %s\nbut:\n%s", words, strbuf_text(&out));
    strbuf_done(&out);
    return found;
}

static int begin(void **state)
{
    struct disk *disk = NEW(struct disk);
    problems_init(&disk->problems);
    *state = disk;
    return 0;
}

static int end(void **state)
{
    struct disk *disk = *state;
    forget_last(disk);
    kept_done(&disk->kept);
    free(disk);
    return 0;
}

/* FM-E04 */
static void broken_edit_keeps_the_version_from_before(void **state)
{
    struct disk *disk = *state;
    RELOAD(disk, "taken taken | x y", HEAD("a") RULE("x"), HEAD("b") RULE("y"));
    RELOAD(disk, "kept taken | x y z", HEAD("a") "  - {rule: x, whenn: deal.won}\n",
           HEAD("b") RULE("y") RULE("z"));
    assert_true(told(disk, "a.yaml:8:15: error: unknown key 'whenn'; did you mean 'when'?"));
    assert_int_equal(disk->counts.loaded, 2);
    assert_int_equal(disk->counts.failed, 0);
    RELOAD(disk, "kept taken | x y", BROKEN, HEAD("b") RULE("y"));
    RELOAD(disk, "taken taken | w y", HEAD("a") RULE("w"), HEAD("b") RULE("y"));
    assert_int_equal(disk->problems.errors, 0);
}

static void new_broken_file_is_left_out(void **state)
{
    struct disk *disk = *state;
    RELOAD(disk, "out taken | y", BROKEN, HEAD("b") RULE("y"));
    assert_int_equal(disk->counts.failed, 1);
}

static void deleted_file_is_deleted_and_an_unreadable_one_is_kept(void **state)
{
    struct disk *disk = *state;
    RELOAD(disk, "taken taken | x y", HEAD("a") RULE("x"), HEAD("b") RULE("y"));
    RELOAD(disk, "kept | x", "", NULL);
    RELOAD(disk, "kept out | x", "", NULL, "");
}

static void rule_defined_twice_stays_where_it_was(void **state)
{
    struct disk *disk = *state;
    RELOAD(disk, "taken | x", NULL, HEAD("b") RULE("x"));
    /* a.yaml comes first on the disk, yet it is the new one */
    RELOAD(disk, "out taken | x", HEAD("a") RULE("x"), HEAD("b") RULE("x"));
    assert_true(told(disk, "a.yaml:8:5: error: the rule 'x' stands here a second time; the first "
                           "is at b.yaml:8:5"));
    /* moved on purpose, in one edit */
    RELOAD(disk, "taken taken | x y", HEAD("a") RULE("x"), HEAD("b") RULE("y"));
}

/* FM-E04 */
static void half_a_move_waits_for_the_other_half(void **state)
{
    struct disk *disk = *state;
    RELOAD(disk, "taken taken | x y", HEAD("a") RULE("x"), HEAD("b") RULE("y"));
    /* x was to move from a to b, but a is broken now: both stay as they were */
    RELOAD(disk, "kept kept | x y", BROKEN, HEAD("b") RULE("x") RULE("y"));
    RELOAD(disk, "taken taken | w x y", HEAD("a") RULE("w"), HEAD("b") RULE("x") RULE("y"));
}

static void old_version_that_does_not_fit_any_more_falls_out(void **state)
{
    struct disk *disk = *state;
    const char *const good[FILES] = {HEAD("a") ON_GATE, HEAD("b") RULE("y")};
    const char *const bad[FILES] = {BROKEN, HEAD("b") RULE("y")};
    reload(disk, GATES, good, "taken taken | g y");
    reload(disk, GATES, bad, "kept taken | g y");
    reload(disk, "stages: [{id: propose, name: P}]\n", bad, "out taken | y");
    assert_true(told(disk, "a.yaml:0:0: error: nor does the version from before fit any more, "
                           "line 8: "));
    assert_int_equal(disk->counts.failed, 1);
    reload(disk, GATES, bad, "kept taken | g y"); /* the gates are back */
}

static void style_of_a_file_is_told_once(void **state)
{
    struct disk *disk = *state;
    static const char closed[] =
        "plugin: c\nabout: A plugin of a test.\nversion: 1\narea: opportunity\nquestions:\n"
        "  q: {kind: skill, reader: rep, answer: text, text: \"Did you do it?\"}\nrules:\n" RULE(
            "c");
    RELOAD(disk, "taken | c", closed);
    assert_int_not_equal(disk->problems.warnings, 0);
    RELOAD(disk, "taken | c", closed);
    assert_int_equal(disk->problems.warnings, 0);
}

static void versions_survive_the_store(void **state)
{
    struct disk *disk = *state;
    struct kept again = {0};
    struct strbuf row = {0};
    struct err err = {0};
    struct kept_file *file = kept_get(&disk->kept, "a.yaml");
    kept_set_bytes(file, "about: \"q\\t\xE2\x82\xAC\"\n", 16);
    xstr_replace(&file->told, "mark");
    kept_encode(file, &row);
    assert_int_equal(kept_decode(&again, "a.yaml", strbuf_text(&row), &err), 0);
    file = kept_find(&again, "a.yaml");
    assert_string_equal(file->bytes, "about: \"q\\t\xE2\x82\xAC\"\n");
    assert_int_equal(file->length, 16);
    assert_string_equal(file->told, "mark");
    assert_int_not_equal(kept_decode(&again, "b.yaml", "[1", &err), 0);
    assert_null(kept_find(&again, "b.yaml"));
    kept_done(&again);
    strbuf_done(&row);
}

static void owner_is_read_where_the_file_is_yaml(void **state)
{
    static const char good[] = "plugin: p\nowner: dana\nrules: 7\n";
    struct arena arena;
    (void)state;
    arena_init(&arena);
    assert_string_equal(load_owner(good, strlen(good), &arena), "dana");
    assert_null(load_owner(BROKEN, strlen(BROKEN), &arena));
    assert_null(load_owner(NULL, 0, &arena));
    arena_done(&arena);
}

static void owner_that_nobody_is_is_warned_of(void **state)
{
    (void)state;
    struct loaded l = load_given(&(struct load_given){
        .people = "people: [{id: dana, name: Dana, role: manager}]\n",
        .plugins = {"owner: danna\n" HEAD("a") RULE("x"), "owner: dana\n" HEAD("b") RULE("y")}});
    assert_int_equal(l.counts.loaded, 2);
    assert_int_equal(l.result, 0);
    assert_non_null(strstr(l.text, "a.yaml:1:8: warning: people.yaml has nobody with the id "
                                   "'danna'; did you mean 'dana'?"));
    assert_string_equal(l.book->plugins[1]->owner, "dana");
    load_done(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(broken_edit_keeps_the_version_from_before, begin, end),
        cmocka_unit_test_setup_teardown(new_broken_file_is_left_out, begin, end),
        cmocka_unit_test_setup_teardown(deleted_file_is_deleted_and_an_unreadable_one_is_kept,
                                        begin, end),
        cmocka_unit_test_setup_teardown(rule_defined_twice_stays_where_it_was, begin, end),
        cmocka_unit_test_setup_teardown(half_a_move_waits_for_the_other_half, begin, end),
        cmocka_unit_test_setup_teardown(old_version_that_does_not_fit_any_more_falls_out, begin,
                                        end),
        cmocka_unit_test_setup_teardown(style_of_a_file_is_told_once, begin, end),
        cmocka_unit_test_setup_teardown(versions_survive_the_store, begin, end),
        cmocka_unit_test(owner_is_read_where_the_file_is_yaml),
        cmocka_unit_test(owner_that_nobody_is_is_warned_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
