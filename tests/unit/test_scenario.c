/* Plays every folder of tests/scenario: its files are the configuration, events.ndjson what
 * happens, transcript.ndjson what must come of it. Each is played twice, and once more with a
 * restart after every step; all must give equal bytes. GRITD_SCENARIO_WRITE=1 writes the
 * transcripts anew.
 *
 * A line of events.ndjson is a CloudEvent (heard of at `recordedtime`, else at its time), or
 * something in the chat: {"at": ..., "who": "ana", "say": "skip"} or {..., "click": "answer",
 * "text": "..."}; a click is on that person's newest message that has such a button. {"at": ...}
 * lets time pass. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "core_play.h"
#include "shared.h"
#include "wire/cloudevents.h"

enum { PATH_BYTES = 1024, SAID_MAX = 200 };

struct said {
    char to[32], key[64], buttons[128];
};

struct scenario {
    char folder[PATH_BYTES];
    struct rig rig;
    struct said said[SAID_MAX];
    int said_count;
    size_t seen; /* bytes of the transcript that were looked through */
};

static bool folder_of(const char *name, char *ret)
{
    const char *source = getenv("GRITD_SOURCE_DIR");
#ifdef GRITD_SOURCE_DIR
    if (!source)
        source = GRITD_SOURCE_DIR;
#endif
    return source && snprintf(ret, PATH_BYTES, "%s/tests/scenario/%s", source, name) < PATH_BYTES;
}

static char *read_new(const struct scenario *s, const char *name)
{
    char path[PATH_BYTES + 64];
    struct strbuf text = {0};
    char bytes[4096];
    size_t n;
    (void)snprintf(path, sizeof(path), "%s/%s", s->folder, name); /* fits */
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    while ((n = fread(bytes, 1, sizeof(bytes), file)) > 0)
        strbuf_add(&text, bytes, n);
    (void)fclose(file); /* only read */
    return strbuf_take(&text);
}

/* --- playing --- */

/* What was said since the last time, by its SEND lines. */
static void look_at(struct scenario *s)
{
    const char *line = strbuf_text(&s->rig.lines) + s->seen;
    for (; *line; line += strcspn(line, "\n") + 1) {
        json_t *message =
            str_starts(line, "SEND ") ? json_loads(line + 5, JSON_DISABLE_EOF_CHECK, NULL) : NULL;
        json_t *buttons = json_object_get(message, "buttons"), *button;
        size_t i;
        if (message && json_array_size(buttons) && s->said_count < SAID_MAX) {
            struct said *said = &s->said[s->said_count++];
            *said = (struct said){0};
            (void)snprintf(said->to, sizeof(said->to), "%s",
                           json_string_value(json_object_get(message, "to")));
            (void)snprintf(said->key, sizeof(said->key), "%s",
                           json_string_value(json_object_get(message, "key")));
            json_array_foreach(buttons, i, button)
            {
                size_t used = strlen(said->buttons);
                (void)snprintf(said->buttons + used, sizeof(said->buttons) - used, " %s ",
                               json_string_value(json_object_get(button, "id")));
            }
        }
        json_decref(message);
    }
    s->seen = s->rig.lines.len;
}

static const char *message_with(const struct scenario *s, const char *who, const char *button)
{
    char wanted[64];
    (void)snprintf(wanted, sizeof(wanted), " %s ", button); /* cut is fine: not found then */
    for (int i = s->said_count; i-- > 0;) {
        if (str_eq(s->said[i].to, who) && strstr(s->said[i].buttons, wanted))
            return s->said[i].key;
    }
    fail_msg("%s has no message with the button '%s'", who, button);
    return NULL;
}

static msec_t time_of(const json_t *line, const char *key)
{
    msec_t t = 0;
    const char *text = json_string_value(json_object_get(line, key));
    if (msec_parse(text, &t))
        fail_msg("bad time in a scenario: %s", text ? text : "none");
    return t;
}

static void play_chat(struct scenario *s, const json_t *line)
{
    msec_t at = time_of(line, "at");
    const char *button = json_string_value(json_object_get(line, "click"));
    const char *words = json_string_value(json_object_get(line, "say"));
    rig_until_msec(&s->rig, at);
    look_at(s);
    if (!button && !words)
        return;
    struct event e = {.type = button ? EVENT_CLICKED : EVENT_SAID,
                      .chat = json_string_value(json_object_get(line, "who")),
                      .text = words};
    if (button) {
        e.button = button;
        e.message = message_with(s, e.chat, button);
        e.text = json_string_value(json_object_get(line, "text"));
    }
    struct event event = rig_event(&s->rig, e, at);
    event.at = at;
    rig_step(&s->rig, &event);
}

static void play_line(struct scenario *s, const char *text, size_t length)
{
    struct err err = {0};
    struct event event;
    struct arena arena;
    json_t *line = json_loadb(text, length, 0, NULL);
    if (!line)
        fail_msg("%s: no JSON: %.*s", s->folder, (int)length, text);
    if (!json_object_get(line, "specversion")) {
        play_chat(s, line);
        json_decref(line);
        return;
    }
    arena_init(&arena);
    if (cloudevents_parse(text, length, &arena, &err, &event))
        fail_msg("%s: %s", s->folder, err.text);
    event.at = json_object_get(line, "recordedtime") ? time_of(line, "recordedtime") : event.time;
    rig_until_msec(&s->rig, event.at);
    rig_step(&s->rig, &event);
    arena_done(&arena);
    json_decref(line);
}

static char *play(struct scenario *s, bool restarts)
{
    CLEANUP_FREE char *people = read_new(s, "people.yaml"),
                      *pipeline = read_new(s, "pipeline.yaml"),
                      *plugin = read_new(s, "plugin.yaml"), *config = read_new(s, "gritd.yaml"),
                      *events = read_new(s, "events.ndjson");
    if (!people || !pipeline || !plugin || !events)
        fail_msg("%s lacks a file", s->folder);
    struct rig_text text = {
        .people = people, .pipeline = pipeline, .config = config, .plugins = {plugin}};
    s->rig = (struct rig){.full = true};
    s->said_count = 0;
    s->seen = 0;
    rig_init(&s->rig, &text, "2026-01-01 00:00");
    json_t *first = json_loads(events, JSON_DISABLE_EOF_CHECK, NULL);
    s->rig.now = time_of(first, json_object_get(first, "at") ? "at" : "time");
    json_decref(first);
    rig_start(&s->rig);
    s->rig.restarts = restarts;
    for (const char *line = events; *line;) {
        size_t length = strcspn(line, "\n");
        if (length)
            play_line(s, line, length);
        look_at(s);
        line += length + (line[length] == '\n');
    }
    char *transcript = strbuf_take(&s->rig.lines);
    rig_done(&s->rig);
    return transcript;
}

/* --- comparing --- */

/* Decisions and messages: what a person would want to read. */
static char *without_states(const char *transcript)
{
    struct strbuf kept = {0};
    while (*transcript) {
        size_t length = strcspn(transcript, "\n") + 1;
        if (!str_starts(transcript, "STATE "))
            strbuf_add(&kept, transcript, length);
        transcript += length;
    }
    return strbuf_take(&kept);
}

static void assert_lines(const struct scenario *s, const char *what, const char *want,
                         const char *got)
{
    size_t line = 0;
    for (size_t i = 0; want[i] && want[i] == got[i]; i++)
        line = want[i] == '\n' ? i + 1 : line;
    if (strcmp(want, got) != 0)
        fail_msg("%s: %s:\nwanted: %.*s\ngot:    %.*s", s->folder, what,
                 (int)strcspn(want + line, "\n"), want + line, (int)strcspn(got + line, "\n"),
                 got + line);
}

static void write_transcript(const struct scenario *s, const char *text)
{
    char path[PATH_BYTES + 64];
    (void)snprintf(path, sizeof(path), "%s/transcript.ndjson", s->folder); /* fits */
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

static void scenario_gives_its_transcript(void **state)
{
    struct scenario *s = NEW(struct scenario);
    assert_true(folder_of(*state, s->folder));
    CLEANUP_FREE char *first = play(s, false), *second = play(s, false), *third = play(s, true);
    CLEANUP_FREE char *readable = without_states(first);
    assert_lines(s, "the second time", first, second);
    assert_lines(s, "with restarts", first, third);
    if (getenv("GRITD_SCENARIO_WRITE"))
        write_transcript(s, readable);
    CLEANUP_FREE char *expected = read_new(s, "transcript.ndjson");
    if (!expected)
        fail_msg("%s has no transcript.ndjson", s->folder);
    assert_lines(s, "the transcript", expected, readable);
    free(s);
}

static int is_folder(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && !strchr(entry->d_name, '.');
}

int main(void)
{
    char path[PATH_BYTES];
    struct dirent **folders = NULL;
    int count = folder_of("", path) ? scandir(path, &folders, is_folder, alphasort) : -1;
    if (count <= 0)
        return 77; /* the tests were taken away from their data */
    struct CMUnitTest *tests = NEW_ARRAY(struct CMUnitTest, (size_t)count);
    for (int i = 0; i < count; i++)
        tests[i] = (struct CMUnitTest){.name = folders[i]->d_name,
                                       .test_func = scenario_gives_its_transcript,
                                       .initial_state = folders[i]->d_name};
    int failed = _cmocka_run_group_tests("scenario", tests, (size_t)count, NULL, NULL);
    for (int i = 0; i < count; i++)
        free(folders[i]);
    free(folders);
    free(tests);
    return failed;
}
