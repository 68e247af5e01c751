#include "engine/export.h"

#include <jansson.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "core/phrases_data.h"
#include "core/speech.h"
#include "engine/personal.h"

enum { PART_BYTES = 1500, PARTS_MOST = 5 };

struct exporting {
    const struct personal *who;
    struct jsonw json;
    struct strbuf *text;
    const char *heading; /* the last one */
    int entries;
};

/* --- to read --- */

static void put_heading(struct exporting *x, const char *heading)
{
    if (str_eq(x->heading, heading))
        return;
    strbuf_printf(x->text, "%s%s\n", x->heading ? "\n" : "", heading);
    x->heading = heading;
}

static void put_time(struct exporting *x, int64_t at)
{
    char stamp[MSEC_TEXT_BYTES];
    if (at > 0)
        strbuf_printf(x->text, "- %s ", msec_format(at, stamp));
    else
        strbuf_puts(x->text, "- ");
}

/* The members in words where the row has any, else all of it. */
static void put_members(struct exporting *x, const char *json, const char *const *members,
                        size_t count)
{
    json_t *root = json ? json_loads(json, JSON_ALLOW_NUL, NULL) : NULL;
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        const char *value = json_string_value(json_object_get(root, members[i]));
        if (value)
            strbuf_printf(x->text, "%s%s: %s", found++ ? "; " : "", members[i], value);
    }
    json_decref(root);
    if (!found)
        strbuf_puts(x->text, json ? json : "(its words are gone already)");
    strbuf_putc(x->text, '\n');
}

static int64_t time_in(const char *json)
{
    json_t *root = json ? json_loads(json, JSON_ALLOW_NUL, NULL) : NULL;
    int64_t at = json_integer_value(json_object_get(root, "at"));
    json_decref(root);
    return at;
}

static const char *const spoken[] = {"text", "answer", "by", "what"};

static void read_state(struct exporting *x, const struct row_state *row)
{
    const char *name = personal_state_name(row->kind);
    put_heading(x, name ? name : "other");
    put_time(x, time_in(row->value));
    put_members(x, row->value, spoken, ARRAY_LEN(spoken));
}

static void read_journal(struct exporting *x, const struct row_journal *row)
{
    put_heading(x, "what happened");
    put_time(x, row->time);
    strbuf_printf(x->text, "%s %s\n",
                  row->type >= 0 && row->type < EVENT_TYPES
                      ? event_type_name((enum event_type)row->type)
                      : "other",
                  row->body ? row->body : "");
}

static void read_outbox(struct exporting *x, const struct row_outbox *row)
{
    put_heading(x, "messages");
    put_time(x, row->at);
    put_members(x, row->message, spoken, 1);
}

static void read_decision(struct exporting *x, const struct row_decision *row)
{
    put_heading(x, "decisions to speak or not to");
    put_time(x, row->at);
    strbuf_printf(x->text, "%s: %s\n", row->rule ? row->rule : "", row->outcome);
}

/* --- as JSON --- */

static void put_json(struct jsonw *json, const char *key, const char *text)
{
    json_t *root = text ? json_loads(text, JSON_ALLOW_NUL | JSON_DECODE_ANY, NULL) : NULL;
    if (root)
        jsonw_raw(json, key, text);
    else
        jsonw_text_opt(json, key, text);
    json_decref(root);
}

static void write_state(struct exporting *x, const struct row_state *row)
{
    jsonw_text(&x->json, "table", "state");
    jsonw_int(&x->json, "kind", row->kind);
    jsonw_text_opt(&x->json, "what", personal_state_name(row->kind));
    jsonw_text(&x->json, "key", row->key);
    put_json(&x->json, "value", row->value);
}

static void write_journal(struct exporting *x, const struct row_journal *row)
{
    char id[40];
    (void)snprintf(id, sizeof(id), "%016llx%016llx", (unsigned long long)row->id.a,
                   (unsigned long long)row->id.b); /* fits */
    jsonw_text(&x->json, "table", "journal");
    jsonw_time(&x->json, "at", row->at);
    jsonw_time(&x->json, "time", row->time);
    jsonw_text(&x->json, "id", id);
    jsonw_int(&x->json, "type", row->type);
    jsonw_int(&x->json, "kind", row->kind);
    jsonw_int(&x->json, "direction", row->direction);
    jsonw_int(&x->json, "flags", (int64_t)row->flags);
    jsonw_text_opt(&x->json, "rep", row->rep);
    jsonw_text_opt(&x->json, "deal", row->deal);
    put_json(&x->json, "body", row->body);
}

static void write_outbox(struct exporting *x, const struct row_outbox *row)
{
    jsonw_text(&x->json, "table", "outbox");
    jsonw_text(&x->json, "key", row->key);
    jsonw_int(&x->json, "state", row->state);
    jsonw_int(&x->json, "attempt", row->attempt);
    jsonw_time(&x->json, "at", row->at);
    jsonw_int(&x->json, "due", row->due);
    if (row->deadline != MSEC_NONE)
        jsonw_int(&x->json, "deadline", row->deadline);
    jsonw_text_opt(&x->json, "rule", row->rule);
    jsonw_text_opt(&x->json, "rep", row->rep);
    jsonw_text_opt(&x->json, "deal", row->deal);
    jsonw_text_opt(&x->json, "channel", row->channel);
    jsonw_text_opt(&x->json, "platform_id", row->platform_id);
    put_json(&x->json, "message", row->message);
}

static void write_decision(struct exporting *x, const struct row_decision *row)
{
    jsonw_text(&x->json, "table", "decision");
    jsonw_time(&x->json, "at", row->at);
    jsonw_text_opt(&x->json, "rep", row->rep);
    jsonw_text_opt(&x->json, "rule", row->rule);
    jsonw_text_opt(&x->json, "outcome", row->outcome);
    put_json(&x->json, "line", row->line);
}

static void write_row(struct exporting *x, const struct row *row)
{
    switch (row->type) {
    case ROW_STATE:
        write_state(x, &row->state);
        read_state(x, &row->state);
        break;
    case ROW_JOURNAL:
        write_journal(x, &row->journal);
        read_journal(x, &row->journal);
        break;
    case ROW_OUTBOX:
        write_outbox(x, &row->outbox);
        read_outbox(x, &row->outbox);
        break;
    case ROW_DECISION:
        write_decision(x, &row->decision);
        read_decision(x, &row->decision);
        break;
    case ROW_ERASE:
    case ROW_SWEEP:
        break; /* orders, and nothing that is kept */
    }
}

/* Of what somebody else's row says only the lines with the name: the rest is about others. */
static void write_lines(struct exporting *x, const json_t *value)
{
    size_t index;
    const char *key, *text = json_string_value(value);
    json_t *child;
    for (const char *line = text; line && *line;) {
        size_t length = strcspn(line, "\n");
        CLEANUP_FREE char *copy = xcalloc(1, length + 1);
        memcpy(copy, line, length);
        if (personal_names(x->who, copy))
            jsonw_text(&x->json, NULL, copy);
        line += length + (line[length] == '\n');
    }
    json_array_foreach((json_t *)(uintptr_t)value, index, child)
    {
        write_lines(x, child);
    }
    json_object_foreach((json_t *)(uintptr_t)value, key, child)
    {
        if (!str_eq(key, "answer"))
            write_lines(x, child);
    }
}

static void write_mention(struct exporting *x, const struct row *row)
{
    const char *text = row->type == ROW_STATE     ? row->state.value
                       : row->type == ROW_JOURNAL ? row->journal.body
                       : row->type == ROW_OUTBOX  ? row->outbox.message
                                                  : row->decision.line;
    static const char *const tables[] = {[ROW_JOURNAL] = "journal",
                                         [ROW_STATE] = "state",
                                         [ROW_OUTBOX] = "outbox",
                                         [ROW_DECISION] = "decision"};
    const char *name = row->type == ROW_STATE ? personal_state_name(row->state.kind) : NULL;
    json_t *root = text ? json_loads(text, JSON_ALLOW_NUL, NULL) : NULL;
    jsonw_text(&x->json, "table", tables[row->type]);
    jsonw_text_opt(&x->json, "what", name);
    jsonw_bool(&x->json, "about_others", true);
    jsonw_array(&x->json, "lines");
    if (root)
        write_lines(x, root);
    jsonw_array_end(&x->json);
    json_decref(root);
}

static int on_row(void *user, const struct row *row)
{
    struct exporting *x = user;
    enum personal_kind kind = personal_look(x->who, row);
    bool deal = row->type == ROW_STATE && row->state.kind == STATE_DEAL;
    if (kind == PERSONAL_NOT)
        return 0;
    x->entries++;
    jsonw_object(&x->json, NULL);
    if (kind == PERSONAL_THEIRS || deal) /* the deals that the person looks after */
        write_row(x, row);
    else
        write_mention(x, row);
    jsonw_object_end(&x->json);
    return 0;
}

/* --- what is worked out --- */

static void write_derived(struct exporting *x, const struct core *core, msec_t now)
{
    const struct book *book = core_book(core);
    jsonw_object(&x->json, "derived");
    jsonw_object(&x->json, "signals");
    for (int i = 0; i < book->signal_count; i++) {
        const struct signal *signal = book->signals[i];
        int64_t value =
            signal->per_deal ? NUMBER_NONE : core_signal(core, signal->name, x->who->id, NULL, now);
        if (value == NUMBER_NONE)
            continue;
        put_heading(x, "worked out from it just now (thousandths)");
        strbuf_printf(x->text, "- %s: %lld\n", signal->name, (long long)value);
        jsonw_int(&x->json, signal->name, value);
        x->entries++;
    }
    jsonw_object_end(&x->json);
    jsonw_object_end(&x->json);
}

static void write_head(struct exporting *x, const struct core *core, msec_t now)
{
    const struct book *book = core_book(core);
    const struct personal *who = x->who;
    jsonw_text(&x->json, "person", who->id);
    jsonw_text_opt(&x->json, "name", who->name);
    jsonw_array(&x->json, "known_as");
    for (size_t i = 0; i < who->key_count; i++)
        jsonw_text(&x->json, NULL, who->keys[i]);
    jsonw_array_end(&x->json);
    jsonw_time(&x->json, "exported_at", now);
    jsonw_text_opt(&x->json, "purpose", book->purpose);
    jsonw_text_opt(&x->json, "controller", book->controller);
    strbuf_printf(x->text, "%s%s%s%s\n", who->id, who->name ? ", " : "", who->name ? who->name : "",
                  who->key_count ? ", known as" : "");
    for (size_t i = 0; i < who->key_count; i++)
        strbuf_printf(x->text, "- %s\n", who->keys[i]);
    x->heading = who->id;
}

int export_person(const struct core *core, struct store *store, const struct personal *who,
                  msec_t now, struct strbuf *json, struct strbuf *text, int *ret_entries,
                  struct err *err)
{
    struct exporting x = {.who = who, .text = text};
    jsonw_begin(&x.json, json);
    jsonw_object(&x.json, NULL);
    write_head(&x, core, now);
    write_derived(&x, core, now);
    jsonw_array(&x.json, "rows");
    int status = store->ops->load_all(store, on_row, &x, err);
    jsonw_array_end(&x.json);
    jsonw_object_end(&x.json);
    if (!status)
        *ret_entries = x.entries;
    return status;
}

/* --- in the chat --- */

/* Up to PART_BYTES, to the end of a line where there is one. */
static size_t part_length(const char *text)
{
    size_t length = strlen(text), cut = PART_BYTES;
    if (length <= PART_BYTES)
        return length;
    while (cut > PART_BYTES / 2 && text[cut - 1] != '\n')
        cut--;
    if (text[cut - 1] == '\n')
        return cut;
    for (cut = PART_BYTES; ((unsigned char)text[cut] & 0xC0) == 0x80; cut--)
        ; /* not inside a letter */
    return cut;
}

static int split(const struct core *core, const char *text, int entries, const char *id,
                 struct arena *arena, const char **parts)
{
    const char *pieces[PARTS_MOST];
    int count = 0;
    for (; *text && count < PARTS_MOST; count++) {
        size_t length = part_length(text);
        pieces[count] = arena_strndup(arena, text, length);
        text += length;
    }
    if (*text)
        pieces[count - 1] =
            arena_printf(arena, "%s%s", pieces[count - 1],
                         arena_printf(arena, core_say(core, id, SAY_EXPORT_REST), entries, id));
    for (int i = 0; i < count; i++)
        parts[i] =
            arena_printf(arena, core_say(core, id, SAY_EXPORT_BEGIN), i + 1, count, pieces[i]);
    return count;
}

void export_to_chat(struct core *core, struct store *store, const struct event *said,
                    struct step *step)
{
    struct personal who;
    struct strbuf json = {0}, text = {0};
    struct err err = {0};
    const char *parts[PARTS_MOST] = {core_say(core, step->export, SAY_EXPORT_UNREADABLE)};
    int entries = 0, count = 1;
    engine_personal(core, step->export, 0, &step->arena, &who);
    if (!export_person(core, store, &who, step->now, &json, &text, &entries, &err))
        count = split(core, strbuf_text(&text), entries, step->export, &step->arena, parts);
    core_exported(core, said, parts, count, step);
    strbuf_done(&json);
    strbuf_done(&text);
}
