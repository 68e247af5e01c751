/* Any lines as what people write to the bot, with things happening in between. A line's first
 * letter says who and how: a rep, another one or the manager, in words or by a button of the last
 * message, or that time passes or a deal moves. After it all the daemon is started once more from
 * what was to be stored, and goes on. */
#include "fuzz_core.h"

enum { LINES_MOST = 40 };

static void say(struct rig *rig, const char *who, const char *words, bool plain)
{
    struct event event = fuzz_event(EVENT_SAID);
    event.chat = who;
    event.text = words;
    event.plain = plain;
    fuzz_step(rig, event);
}

static void press(struct rig *rig, const char *words)
{
    static const char *const buttons[] = {"answer", "later", "skip", "why", "send",   "edit",
                                          "stop",   "less",  "yes",  "no",  "choose", "never"};
    struct event event = fuzz_event(EVENT_CLICKED);
    char key[64];
    (void)snprintf(key, sizeof(key), "%s", rig->last_key); /* same size */
    event.chat = "ana";
    event.message = key;
    event.button = *words ? buttons[(unsigned char)*words % ARRAY_LEN(buttons)] : "answer";
    event.text = *words ? words + 1 : NULL;
    fuzz_step(rig, event);
}

static void happen(struct rig *rig, const char *words)
{
    static const enum event_type types[] = {EVENT_DEAL_STAGE_CHANGED, EVENT_DEAL_REOPENED,
                                            EVENT_GOAL_SET,           EVENT_GOAL_PROGRESS,
                                            EVENT_ACTIVITY_LOGGED,    EVENT_DEAL_CREATED};
    struct event event = fuzz_event(types[(unsigned char)*words % ARRAY_LEN(types)]);
    event.rep = "ana";
    event.deal = "D1";
    event.deal_name = *words ? words + 1 : "Acme";
    event.to = "propose";
    event.kind = "call";
    event.goal = "calls";
    event.target = 10000;
    fuzz_step(rig, event);
}

static void line_of(struct rig *rig, char letter, const char *words)
{
    switch (letter) {
    case 'b':
        say(rig, "ben", words, false);
        break;
    case 'd':
        say(rig, "dana", words, false);
        break;
    case 'n':
        say(rig, "ana", words, true);
        break;
    case 'p':
        press(rig, words);
        break;
    case 'h':
        happen(rig, words);
        break;
    case 't':
        fuzz_pass(rig, (1 + (msec_t)strlen(words)) * 8 * MSEC_HOUR);
        break;
    default:
        say(rig, "ana", words, false);
        break;
    }
}

static void restart(struct rig *rig)
{
    struct err err = {0};
    core_free(rig->core);
    rig->core = core_new(rig->book, &rig->options);
    for (int kind = 0; kind < 64; kind++) {
        for (size_t i = 0; i < rig->count; i++) {
            const struct rig_row *row = &rig->rows[i];
            if (row->kind == kind && row->value &&
                core_load_state(rig->core, kind, row->key, row->value, &err))
                abort(); /* its own words */
        }
    }
    core_ready(rig->core, rig->now, &rig->step);
    fuzz_take(rig);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP_FREE char *text = xstrndup((const char *)data, size);
    struct rig rig;
    if (utf8_length(text, strlen(text)) < 0)
        return 0; /* platforms hand on text only */
    fuzz_core(&rig);
    core_ready(rig.core, rig.now, &rig.step);
    fuzz_take(&rig);
    char *rest = text, *line;
    for (int i = 0; i < LINES_MOST && (line = strsep(&rest, "\n")); i++) {
        if (strlen(line) <= MESSAGE_SAID_MAX)
            line_of(&rig, *line, *line ? line + 1 : line);
    }
    restart(&rig);
    say(&rig, "ana", "help", false);
    fuzz_pass(&rig, MSEC_DAY);
    fuzz_core_done(&rig);
    return 0;
}
