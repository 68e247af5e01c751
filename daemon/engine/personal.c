#include "engine/personal.h"

#include <jansson.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "core/core.h"
#include "core/intent.h"
#include "engine/outbox.h"

/* How the rows of a kind of state belong to people. */
enum owner {
    OWNER_NOBODY, /* never about a person */
    OWNER_NAMED,  /* the key, or its first part, or a member that names somebody */
    OWNER_SHARED, /* of the team; may name people */
    OWNER_ASKED,  /* nobody's, but for a wish to be erased */
    OWNER_UNREAD, /* about nobody knows whom: goes when anybody is erased */
};

static const struct state_form {
    const char *name;
    enum owner owner;
} forms[] = {
    [STATE_PERSON] = {"profile, settings and limits", OWNER_NAMED},
    [STATE_DEAL] = {"deals", OWNER_SHARED},
    [STATE_PROMPT] = {"questions, answers and cards", OWNER_NAMED},
    [STATE_PENDING] = {"messages that wait for their time", OWNER_NAMED},
    [STATE_CURSOR] = {"how far schedules have come", OWNER_NOBODY},
    [STATE_META] = {"the daemon's own", OWNER_ASKED},
    [STATE_FLOW] = {"talks of several steps", OWNER_NAMED},
    [STATE_TRIAL] = {"parts in experiments", OWNER_NAMED},
    [STATE_RULE] = {"what rules know of themselves", OWNER_NOBODY},
    [STATE_PLUGIN] = {"plugin files", OWNER_NOBODY},
    [STATE_PAIR] = {"talks with colleagues", OWNER_NAMED},
    [STATE_GOAL] = {"goals, and your reasons for the work", OWNER_NAMED},
    [STATE_PLAN] = {"plans and what is practised", OWNER_NAMED},
    [STATE_LEDGER] = {"coaching of managers", OWNER_NAMED},
    [STATE_LADDER] = {"steps offered and taken, and programmes", OWNER_NAMED},
    [STATE_REQUEST] = {"requests for help", OWNER_NAMED},
    [STATE_DOOR] = {"words of the anonymous door", OWNER_NOBODY},
    [STATE_POLL] = {"how far CRMs were asked", OWNER_NOBODY},
    [STATE_ACCESS] = {"who has looked", OWNER_NAMED},
    [STATE_BACK] = {"records of CRMs that are still to be read", OWNER_NOBODY},
    [STATE_INTAKE] = {"requests that could not be read", OWNER_UNREAD},
};

static const struct state_form *form_of(int kind)
{
    /* a kind of a newer version: better looked at than kept by mistake */
    static const struct state_form unknown = {"other", OWNER_NAMED};
    return kind > 0 && (size_t)kind < ARRAY_LEN(forms) && forms[kind].name ? &forms[kind]
                                                                           : &unknown;
}

const char *personal_state_name(int kind)
{
    const struct state_form *form = form_of(kind);
    return str_eq(form->name, "other") ? NULL : form->name;
}

/* Members that hold a person: there every key of the person counts (ids of the CRM are plain
 * numbers, and elsewhere such a number is something else). */
static const char *const person_members[] = {"rep",     "owner", "to", "about", "chat",
                                             "manager", "email", "by", "name",  "with"};
/* What another person wrote is that person's. */
static const char *const own_words[] = {"answer", "secret"};
/* Things whose ids may look like a person's. */
static const char *const thing_members[] = {"deal", "id", "key", "activity", "stage", "rule"};

static bool is_in(const char *const *list, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(list[i], word))
            return true;
    }
    return false;
}

#define IS_IN(list, word) is_in((list), ARRAY_LEN(list), (word))

static bool is_id(const struct personal *who, const char *text)
{
    return text && str_eq(text, who->id);
}

static bool is_them(const struct personal *who, const char *text)
{
    bool them = is_id(who, text) || (text && str_eq(text, who->name));
    for (size_t i = 0; !them && text && i < who->key_count; i++)
        them = str_ieq(text, who->keys[i]);
    return them;
}

/* --- words in texts --- */

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool equal_here(const char *text, const char *word, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (small(text[i]) != small(word[i]))
            return false;
    }
    return true;
}

static bool in_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '@' || (unsigned char)c >= 0x80;
}

/* The next place where the word stands by itself, or NULL. */
static const char *find_word(const char *start, const char *text, const char *word)
{
    size_t length = strlen(word);
    for (; *text; text++) {
        if (small(*text) != small(*word) || strlen(text) < length ||
            !equal_here(text, word, length))
            continue;
        if ((text == start || !in_word(text[-1])) && !in_word(text[length]))
            return text;
    }
    return NULL;
}

/* A single word such as "may" or "17" can mean anything inside a sentence; a whole name and an
 * address cannot. */
static bool is_telling(const char *word)
{
    return word && (strchr(word, ' ') || strchr(word, '@'));
}

static size_t telling_words(const struct personal *who, const char *ret[], size_t most)
{
    size_t count = 0;
    if (is_telling(who->name))
        ret[count++] = who->name;
    for (size_t i = 0; i < who->key_count && count < most; i++) {
        if (is_telling(who->keys[i]))
            ret[count++] = who->keys[i];
    }
    return count;
}

enum { TELLING_MOST = 16 };

bool personal_names(const struct personal *who, const char *text)
{
    const char *words[TELLING_MOST];
    size_t count = telling_words(who, words, TELLING_MOST);
    for (size_t i = 0; text && i < count; i++) {
        if (find_word(text, text, words[i]))
            return true;
    }
    return false;
}

/* NULL: the text does not name the person. */
static char *without_names(const struct personal *who, const char *text)
{
    const char *words[TELLING_MOST];
    size_t count = telling_words(who, words, TELLING_MOST);
    char *made = NULL;
    for (size_t i = 0; i < count; i++) {
        const char *from = made ? made : text, *place, *rest = from;
        struct strbuf out = {0};
        if (!find_word(from, from, words[i]))
            continue;
        while ((place = find_word(from, rest, words[i]))) {
            strbuf_add(&out, rest, (size_t)(place - rest));
            strbuf_puts(&out, who->pseudonym);
            rest = place + strlen(words[i]);
        }
        strbuf_puts(&out, rest);
        free(made);
        made = strbuf_take(&out);
    }
    return made;
}

/* --- JSON --- */

/* What the text is without the person; NULL: the same. The caller frees it. */
static char *changed_text(const struct personal *who, const char *member, const char *text)
{
    if (member && IS_IN(own_words, member))
        return NULL;
    bool them = member && IS_IN(person_members, member)  ? is_them(who, text)
                : member && IS_IN(thing_members, member) ? false
                                                         : is_id(who, text);
    return them ? xstrdup(who->pseudonym) : without_names(who, text);
}

/* True: something was replaced. `member` names the value, or the list it stands in. */
static bool change_json(const struct personal *who, const char *member, json_t *value)
{
    bool changed = false;
    size_t index;
    const char *key;
    json_t *child;
    void *next;
    if (json_is_string(value)) {
        CLEANUP_FREE char *text = changed_text(who, member, json_string_value(value));
        return text && !json_string_set(value, text);
    }
    json_array_foreach(value, index, child)
    {
        changed |= change_json(who, member, child);
    }
    json_object_foreach_safe(value, next, key, child)
    {
        changed |= change_json(who, key, child);
    }
    return changed;
}

/* The JSON without the person, or NULL when it does not name her. In the arena. */
static const char *changed_json(const struct personal *who, const char *text, struct arena *arena)
{
    json_t *root = text ? json_loads(text, JSON_ALLOW_NUL, NULL) : NULL;
    const char *made = NULL;
    if (root && change_json(who, NULL, root)) {
        CLEANUP_FREE char *dumped = json_dumps(root, JSON_COMPACT);
        made = arena_strdup(arena, dumped);
    }
    json_decref(root);
    return made;
}

/* Whether one of the members says that it is about the person. */
static bool names_owner(const struct personal *who, const char *text, const char *const *members,
                        size_t count)
{
    json_t *root = text ? json_loads(text, JSON_ALLOW_NUL, NULL) : NULL;
    bool theirs = false;
    for (size_t i = 0; root && i < count; i++)
        theirs |= is_them(who, json_string_value(json_object_get(root, members[i])));
    json_decref(root);
    return theirs;
}

/* --- keys of rows: parts with '|' between --- */

static bool first_part_is(const char *key, const struct personal *who)
{
    size_t length = strcspn(key, "|");
    bool theirs = strlen(who->id) == length && !strncmp(key, who->id, length);
    for (size_t i = 0; !theirs && i < who->key_count; i++)
        theirs = strlen(who->keys[i]) == length && equal_here(key, who->keys[i], length);
    return theirs;
}

/* NULL: no part of the key is the person's id or name. */
static const char *changed_key(const struct personal *who, const char *key, struct arena *arena)
{
    struct strbuf out = {0};
    bool changed = false;
    for (const char *part = key; *part;) {
        size_t length = strcspn(part, "|");
        CLEANUP_FREE char *text = xcalloc(1, length + 1);
        memcpy(text, part, length);
        CLEANUP_FREE char *named =
            is_id(who, text) ? xstrdup(who->pseudonym) : without_names(who, text);
        changed |= named != NULL;
        strbuf_puts(&out, named ? named : text);
        part += length;
        if (*part)
            strbuf_putc(&out, *part++);
    }
    const char *made = changed ? arena_strdup(arena, strbuf_text(&out)) : NULL;
    strbuf_done(&out);
    return made;
}

/* --- rows --- */

/* Reading JSON of every row would take minutes where there are millions; few of them hold any of
 * these words. */
static bool may_name(const struct personal *who, const char *text)
{
    bool may = text && (strstr(text, who->id) || (who->name && strstr(text, who->name)));
    for (size_t i = 0; !may && text && i < who->key_count; i++) {
        size_t length = strlen(who->keys[i]);
        for (const char *c = text; *c && !may; c++)
            may = small(*c) == small(*who->keys[i]) && strlen(c) >= length &&
                  equal_here(c, who->keys[i], length);
    }
    return may;
}

static const char *const doers[] = {"rep", "chat", "email", "owner"};
static const char *const owners[] = {"rep", "to", "about", "person"};

static bool owns_journal(const struct personal *who, const struct row_journal *row)
{
    if (row->rep)
        return is_them(who, row->rep);
    return may_name(who, row->body) && names_owner(who, row->body, doers, ARRAY_LEN(doers));
}

static bool owns_state(const struct personal *who, const struct row_state *row)
{
    bool sum = row->kind == STATE_TRIAL && row->key[0] == '='; /* an arm's figures stay right */
    if (form_of(row->kind)->owner == OWNER_ASKED)
        return str_starts(row->key, FORGET_KEY) && is_id(who, row->key + strlen(FORGET_KEY));
    if (form_of(row->kind)->owner != OWNER_NAMED || sum)
        return false;
    return first_part_is(row->key, who) ||
           (may_name(who, row->value) && names_owner(who, row->value, owners, ARRAY_LEN(owners)));
}

static bool owns_outbox(const struct personal *who, const struct row_outbox *row)
{
    return is_them(who, row->rep) || (may_name(who, row->message) &&
                                      names_owner(who, row->message, owners, ARRAY_LEN(owners)));
}

static bool owns(const struct personal *who, const struct row *row)
{
    switch (row->type) {
    case ROW_JOURNAL:
        return owns_journal(who, &row->journal);
    case ROW_STATE:
        return owns_state(who, &row->state);
    case ROW_OUTBOX:
        return owns_outbox(who, &row->outbox);
    case ROW_DECISION:
        return is_them(who, row->decision.rep);
    case ROW_ERASE:
    case ROW_SWEEP:
        break; /* orders, and nothing that is kept */
    }
    return false;
}

/* What of a row that is not theirs names them; true: `ret` is another row now. */
static bool change_row(const struct personal *who, struct arena *arena, struct row *ret)
{
    const char *key = NULL, *text = NULL, **place = NULL;
    enum owner owner;
    switch (ret->type) {
    case ROW_JOURNAL:
        place = &ret->journal.body;
        break;
    case ROW_STATE:
        owner = form_of(ret->state.kind)->owner;
        if (owner == OWNER_NOBODY || owner == OWNER_ASKED || owner == OWNER_UNREAD)
            return false;
        if (owner == OWNER_NAMED)
            key = changed_key(who, ret->state.key, arena);
        place = &ret->state.value;
        break;
    case ROW_OUTBOX:
        place = &ret->outbox.message;
        break;
    case ROW_DECISION:
        place = &ret->decision.line;
        break;
    case ROW_ERASE:
    case ROW_SWEEP:
        return false;
    }
    if (may_name(who, *place))
        text = changed_json(who, *place, arena);
    if (text)
        *place = text;
    if (key)
        ret->state.key = key;
    return text || key;
}

enum personal_kind personal_look(const struct personal *who, const struct row *row)
{
    struct arena arena;
    struct row other = *row;
    if (owns(who, row))
        return PERSONAL_THEIRS;
    arena_init(&arena);
    bool named = change_row(who, &arena, &other);
    arena_done(&arena);
    return named ? PERSONAL_MENTION : PERSONAL_NOT;
}

/* What happened to a deal is the team's history too: it stays, without the person. */
static bool is_deal_history(const struct row_journal *row)
{
    return row->deal && (row->type <= EVENT_DEAL_DELETED || row->type == EVENT_GATE_COMPLETED ||
                         row->type == EVENT_GATE_REVERTED);
}

/* A message that was once sent must never be sent again: its key stays, which says nothing, and no
 * word of it. */
static void empty_outbox(const struct row_outbox *row, struct row_outbox *ret)
{
    bool over = outbox_is_final((enum outbox_state)row->state);
    *ret = (struct row_outbox){.key = row->key,
                               .state = over ? row->state : (int)OUTBOX_CANCELLED,
                               .attempt = row->attempt,
                               .at = row->at,
                               .due = row->due,
                               .deadline = MSEC_NONE};
}

enum personal_rest personal_erase(const struct personal *who, const struct row *row,
                                  struct arena *arena, struct row *ret)
{
    struct row made = *row;
    if (row->type == ROW_STATE && form_of(row->state.kind)->owner == OWNER_UNREAD)
        return REST_GONE;
    if (!owns(who, row)) {
        if (!change_row(who, arena, &made))
            return REST_SAME;
    } else if (row->type == ROW_OUTBOX) {
        empty_outbox(&row->outbox, &made.outbox);
        if (!row->outbox.rep && !row->outbox.message)
            return REST_SAME;
    } else if (row->type == ROW_JOURNAL && is_deal_history(&row->journal)) {
        (void)change_row(who, arena, &made); /* the column at least is another */
        made.journal.rep = who->pseudonym;
    } else {
        return REST_GONE;
    }
    *ret = made;
    return REST_CHANGED;
}
