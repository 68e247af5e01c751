/* Any rows as what a store holds: "KIND KEY<tab>VALUE" a line, each key once. Refused with words,
 * or taken; then the core begins, something happens, and it can be written and read once more. */
#include "fuzz_core.h"

enum { ROWS_MOST = 32 };

static void load(struct rig *rig, char *line)
{
    struct err err = {0};
    char *tab = strchr(line, '\t');
    char *key = line + strspn(line, "0123456789");
    int kind = atoi(line);
    if (!tab || *key != ' ' || kind > 100)
        return;
    *tab = '\0';
    struct rig_row *row = rig_row(rig, kind, key + 1);
    if (row->value)
        return;
    row->value = xstrdup(tab + 1);
    int result = core_load_state(rig->core, kind, key + 1, tab + 1, &err);
    if (result && !err.text[0])
        abort();
}

static void decode_message(const char *json)
{
    struct arena arena;
    struct err err = {0};
    struct message message, again;
    struct strbuf out = {0};
    arena_init(&arena);
    if (message_decode(json, &arena, &err, &message)) {
        if (!err.text[0])
            abort();
    } else {
        message_encode(&message, &out);
        if (message_decode(strbuf_text(&out), &arena, &err, &again) ||
            !str_eq(message.text, again.text) || message.button_count != again.button_count)
            abort();
        free(message_dup(&message));
    }
    strbuf_done(&out);
    arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP_FREE char *text = xstrndup((const char *)data, size);
    struct rig rig;
    struct strbuf dump = {0};
    if (utf8_length(text, strlen(text)) < 0)
        return 0; /* the store's columns are text */
    fuzz_core(&rig);
    char *rest = text, *line;
    for (int i = 0; i < ROWS_MOST && (line = strsep(&rest, "\n")); i++) {
        char *tab = strchr(line, '\t');
        decode_message(tab ? tab + 1 : line);
        load(&rig, line);
    }
    core_ready(rig.core, rig.now, &rig.step);
    fuzz_take(&rig);
    struct event event = fuzz_event(EVENT_DEAL_STAGE_CHANGED);
    event.rep = "ana";
    event.deal = "D1";
    event.to = "propose";
    fuzz_step(&rig, event);
    event = fuzz_event(EVENT_SAID);
    event.chat = "ana";
    event.text = "goals";
    fuzz_step(&rig, event);
    fuzz_pass(&rig, 3 * MSEC_DAY);
    core_dump(rig.core, &dump);
    strbuf_done(&dump);
    fuzz_core_done(&rig);
    return 0;
}
