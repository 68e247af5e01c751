#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "load/blocks.h"
#include "load/load_book.h"

static const char *const role_words[] = {"rep", "manager", NULL};

static void read_role(struct reading *r, const struct node *node, void *into)
{
    int role;
    if (read_word(r, node, role_words, &role))
        ((struct person_def *)into)->manager = role == 1;
}

static void read_person_zone(struct reading *r, const struct node *node, void *into)
{
    (void)read_zone(r, node, &((struct person_def *)into)->zone, NULL); /* the problem is told */
}

static void read_person_language(struct reading *r, const struct node *node, void *into)
{
    (void)language_read(r, node, &((struct person_def *)into)->language); /* the problem is told */
}

static void read_person_hours(struct reading *r, const struct node *node, void *into)
{
    struct person_def *person = into;
    if (read_hours(r, node, &person->hours))
        person->has_hours = true;
}

/* "2026-07-01 to 2026-07-14", "2026-07-01" or {from, until}; both days are part of it. */
static void read_leave_entry(struct reading *r, const struct node *node, void *into)
{
    struct person_def *person = into;
    const char *from = NULL, *until = NULL;
    if (node->kind == NODE_MAP) {
        const struct node *first = node_get(node, "from"), *last = node_get(node, "until");
        if (!first || !last || node->count != 2) {
            read_wrong(r, node, "the first and the last day",
                       "{from: 2026-07-01, until: 2026-07-14}");
            return;
        }
        if (!read_date(r, first, &from) || !read_date(r, last, &until))
            return;
    } else if (node->kind == NODE_SCALAR && date_ok(node->text)) {
        from = until = arena_strdup(r->arena, node->text);
    } else if (node->kind == NODE_SCALAR && strlen(node->text) == 24 &&
               memcmp(node->text + 10, " to ", 4) == 0) {
        from = arena_strndup(r->arena, node->text, 10);
        until = arena_strdup(r->arena, node->text + 14);
    }
    if (!from || !date_ok(from) || !date_ok(until) || strcmp(until, from) < 0) {
        read_wrong(r, node, "days of leave", "2026-07-01 to 2026-07-14");
        return;
    }
    person->leave[person->leave_count].from = from;
    person->leave[person->leave_count++].until = until;
}

static void read_leave(struct reading *r, const struct node *node, void *into)
{
    struct person_def *person = into;
    size_t count = node->kind == NODE_LIST ? (size_t)node->count : 1;
    person->leave = arena_alloc(r->arena, (count + 1) * sizeof(*person->leave));
    read_each(r, node, read_leave_entry, person);
}

#define AT(member) offsetof(struct person_def, member)

/* What people.yaml and the people of a test have in common; both structs begin alike. */
#define PERSON_KEYS                                                                                \
    {.name = "name",                                                                               \
     .type = KEY_TEXT,                                                                             \
     .at = AT(name),                                                                               \
     .example = "Ana Ruiz",                                                                        \
     .help = "The name as people say it"},                                                         \
        {.name = "email",                                                                          \
         .type = KEY_TEXT,                                                                         \
         .at = AT(email),                                                                          \
         .example = "ana@example.com",                                                             \
         .help = "To find the chat account"},                                                      \
        {.name = "chat",                                                                           \
         .type = KEY_TEXT,                                                                         \
         .at = AT(chat),                                                                           \
         .example = "U024BE7LH",                                                                   \
         .help = "The platform's user id, or @name; else found by e-mail"},                        \
        {.name = "crm",                                                                            \
         .type = KEY_TEXTS,                                                                        \
         .at = AT(crm),                                                                            \
         .count_at = AT(crm_count),                                                                \
         .example = "[\"005A0000001\", \"ana@example.com\"]",                                      \
         .help = "Owner ids as the CRM writes them"},                                              \
        {.name = "team",                                                                           \
         .type = KEY_NAME,                                                                         \
         .at = AT(team),                                                                           \
         .example = "west",                                                                        \
         .help = "The id of a team"},                                                              \
        {.name = "zone",                                                                           \
         .type = KEY_OTHER,                                                                        \
         .read = read_person_zone,                                                                 \
         .form = FORM_ZONE,                                                                        \
         .example = "America/Denver",                                                              \
         .help = "IANA name; default: what the platform says, else the team's"},                   \
        {.name = "language",                                                                       \
         .type = KEY_OTHER,                                                                        \
         .read = read_person_language,                                                             \
         .form = FORM_LANGUAGE,                                                                    \
         .example = "de",                                                                          \
         .help = "For texts that come in several languages"},                                      \
        {.name = "hours",                                                                          \
         .type = KEY_OTHER,                                                                        \
         .read = read_person_hours,                                                                \
         .form = FORM_HOURS,                                                                       \
         .example = "08:30-18:00",                                                                 \
         .help = "Working hours"},                                                                 \
        {.name = "joined",                                                                         \
         .type = KEY_DATE,                                                                         \
         .at = AT(joined),                                                                         \
         .example = "2026-03-02",                                                                  \
         .help = "First day in the team"},                                                         \
        {.name = "role",                                                                           \
         .type = KEY_OTHER,                                                                        \
         .words = role_words,                                                                      \
         .read = read_role,                                                                        \
         .preset = "rep",                                                                          \
         .example = "manager",                                                                     \
         .help = "rep or manager"},                                                                \
    {                                                                                              \
        .name = "leave", .type = KEY_OTHER, .read = read_leave, .form = FORM_LEAVE,                \
        .example = "[2026-07-01 to 2026-07-14]", .help = "Days away; nothing is sent on them"      \
    }

static const struct key person_keys[] = {
    {.name = "id",
     .type = KEY_NAME,
     .required = true,
     .at = AT(id),
     .example = "ana",
     .help = "a short name, used in every file and report"},
    PERSON_KEYS,
};

static void read_manager(struct reading *r, const struct node *node, void *into)
{
    (void)read_name(r, node, &((struct test_person *)into)->manager); /* the problem is told */
}

static const struct key test_person_keys[] = {
    PERSON_KEYS,
    {.name = "manager",
     .type = KEY_OTHER,
     .read = read_manager,
     .form = FORM_NAME,
     .example = "dana",
     .help = "The id of her manager"},
};

const struct block test_person_block =
    BLOCK("a person of a test", test_person_keys, "zone, team, manager, ...");
const struct block person_block = BLOCK("a person", person_keys, "id, name, team, zone, ...");
#undef AT

static void read_team_zone(struct reading *r, const struct node *node, void *into)
{
    (void)read_zone(r, node, &((struct team_def *)into)->zone, NULL); /* the problem is told */
}

#define AT(member) offsetof(struct team_def, member)

static const struct key team_keys[] = {
    {.name = "id",
     .type = KEY_NAME,
     .required = true,
     .at = AT(id),
     .example = "west",
     .help = "a short name"},
    {.name = "name",
     .type = KEY_TEXT,
     .at = AT(name),
     .example = "West",
     .help = "The name as people say it"},
    {.name = "manager",
     .type = KEY_NAME,
     .at = AT(manager),
     .example = "dana",
     .help = "The id of a person"},
    {.name = "zone",
     .type = KEY_OTHER,
     .read = read_team_zone,
     .form = FORM_ZONE,
     .example = "America/Denver",
     .help = "For people of the team who have none"},
    {.name = "channel",
     .type = KEY_TEXT,
     .at = AT(channel),
     .example = "C024BE91L",
     .help = "The platform's id of the team's channel, for rules with 'to: team'"},
};

static const struct block team_block =
    BLOCK("a team", team_keys, "id, name, manager, zone, channel");
#undef AT

static void told_twice(struct reading *r, struct source_place place, const char *what,
                       const char *id, struct source_place first)
{
    read_error_at(r, place, "duplicate-id",
                  "%s '%s' stands here a second time; the first is at %s:%d:%d", what, id,
                  first.file, first.line, first.col);
}

enum { PEOPLE_MAX = 165000 }; /* a check has 64 MiB for them and their file */

/* One entry; its tree is gone afterwards. */
static void read_person(void *reading, const struct node *node)
{
    struct reading *r = reading;
    struct loading *load = loading_of(r);
    struct book *book = load->book;
    int errors = r->errors, before = book->person_count + load->broken.count;
    if (before >= PEOPLE_MAX) {
        if (!load->too_many_people)
            read_error(r, node, "yaml-limit", "more than %d people in one file", PEOPLE_MAX);
        load->too_many_people = true;
        return;
    }
    ARRAY_GROW(book->people, book->person_count, load->person_cap);
    struct person_def *person = &book->people[book->person_count];
    *person = (struct person_def){.place = read_place(r, node)};
    read_map(r, node, &person_block, person);
    if (r->errors == errors) {
        book->person_count++;
    } else if (person->id) {
        ARRAY_GROW(load->broken.list, load->broken.count, load->broken.cap);
        load->broken.list[load->broken.count++] =
            (struct known_id){person->id, person->place, book->person_count};
    }
}

/* The entries have been read one by one when this is asked. */
static void read_people(struct reading *r, const struct node *node, void *into)
{
    (void)into;
    if (node->kind != NODE_LIST)
        read_wrong(r, node, "a list of people", "[{id: ana, name: Ana Ruiz}]");
}

static void read_team(struct reading *r, const struct node *node, void *into)
{
    struct book *book = into;
    struct team_def *team = &book->teams[book->team_count];
    int errors = r->errors;
    team->place = read_place(r, node);
    read_map(r, node, &team_block, team);
    for (int i = 0; team->id && i < book->team_count; i++) {
        if (str_eq(book->teams[i].id, team->id))
            told_twice(r, read_place(r, node), "the team", team->id, book->teams[i].place);
    }
    if (r->errors == errors)
        book->team_count++;
    else
        memset(team, 0, sizeof(*team));
}

static void read_teams(struct reading *r, const struct node *node, void *into)
{
    struct book *book = into;
    if (node->kind != NODE_LIST) {
        read_wrong(r, node, "a list of teams", "[{id: west, manager: dana}]");
        return;
    }
    book->teams = arena_alloc(r->arena, (size_t)(node->count + 1) * sizeof(*book->teams));
    read_each(r, node, read_team, book);
}

enum { EXPECTATIONS_MAX = 10, EXPECTATION_POINTS = 200 };

#define AT(level)    offsetof(struct expectations, lists[level])
#define COUNT(level) offsetof(struct expectations, counts[level])

static const struct key expectation_keys[] = {
    {.name = "reps",
     .type = KEY_TEXTS,
     .at = AT(EXPECTED_REPS),
     .count_at = COUNT(EXPECTED_REPS),
     .example = "\"Choose your own next step, and say what you learned\"",
     .help = "What is expected of reps; one sentence or a list"},
    {.name = "managers",
     .type = KEY_TEXTS,
     .at = AT(EXPECTED_MANAGERS),
     .count_at = COUNT(EXPECTED_MANAGERS),
     .example = "\"A one-to-one with everybody every two weeks\"",
     .help = "What is expected of managers"},
    {.name = "leaders",
     .type = KEY_TEXTS,
     .at = AT(EXPECTED_LEADERS),
     .count_at = COUNT(EXPECTED_LEADERS),
     .example = "\"Ask each manager every week how the coaching goes\"",
     .help = "What is expected of those who lead managers"},
};
#undef COUNT
#undef AT

static const struct block expectations_block =
    BLOCK("expectations", expectation_keys, "reps, managers, leaders");

static void read_expectations(struct reading *r, const struct node *node, void *into)
{
    struct expectations *all = &((struct book *)into)->expectations;
    read_map(r, node, &expectations_block, all);
    for (int level = 0; level < EXPECTED_LEVELS; level++) {
        if (all->counts[level] > EXPECTATIONS_MAX)
            read_error(r, node, "wrong-value",
                       "at most %d expectations of each level; more are not remembered",
                       EXPECTATIONS_MAX);
        for (int i = 0; i < all->counts[level]; i++) {
            const char *text = all->lists[level][i];
            if (utf8_length(text, strlen(text)) > EXPECTATION_POINTS)
                read_error(r, node, "wrong-value", "an expectation has at most %d characters",
                           EXPECTATION_POINTS);
        }
    }
}

/* A person of this file for each role; looked up once all are read. */
static void read_helper(struct reading *r, const struct node *node, struct helper *helper)
{
    helper->place = read_place(r, node);
    (void)read_text(r, node, &helper->who); /* what is wrong with it has been told */
}

#define HELPER_READER(word, role)                                                                  \
    static void read_helper_##word(struct reading *r, const struct node *node, void *into)         \
    {                                                                                              \
        read_helper(r, node, &((struct helper *)into)[role]);                                      \
    }
HELPER_READER(crm, HELPER_CRM)
HELPER_READER(practice, HELPER_PRACTICE)
HELPER_READER(company, HELPER_COMPANY)
#undef HELPER_READER

#define HELPER(word, text)                                                                         \
    {                                                                                              \
        .name = #word, .type = KEY_OTHER, .read = read_helper_##word, .form = FORM_TEXT,           \
        .example = "ana", .help = (text)                                                           \
    }

static const struct key helper_keys[] = {
    HELPER(crm, "Who helps with the CRM; a person of this file"),
    HELPER(practice, "Who practises with people"),
    HELPER(company, "Who knows whom to ask in the company"),
};

#undef HELPER

static const struct block helpers_block = BLOCK("helpers", helper_keys, "crm, practice, company");

static void read_helpers(struct reading *r, const struct node *node, void *into)
{
    read_map(r, node, &helpers_block, ((struct book *)into)->helpers);
}

static const struct key people_keys[] = {
    {.name = "expectations",
     .type = KEY_OTHER,
     .read = read_expectations,
     .holds = HOLDS_ONE,
     .block = &expectations_block,
     .help = "What is expected of reps, managers and leaders when it comes to coaching; everybody "
             "can read it with the word expectations"},
    {.name = "helpers",
     .type = KEY_OTHER,
     .read = read_helpers,
     .holds = HOLDS_ONE,
     .block = &helpers_block,
     .help = "Who is asked when somebody wants help without naming anybody (see the word request)"},
    {.name = "teams",
     .type = KEY_OTHER,
     .read = read_teams,
     .holds = HOLDS_LIST,
     .block = &team_block,
     .help = "The teams"},
    {.name = "people",
     .type = KEY_OTHER,
     .read = read_people,
     .holds = HOLDS_LIST,
     .block = &person_block,
     .help = "Reps and managers"},
};

const struct block load_people_block =
    BLOCK("people.yaml", people_keys, "the lists 'teams' and 'people'");

/* One key by which an event or the platform finds a person: it may belong to one person only. */
struct claim {
    uint32_t person;
    uint32_t key; /* its place in crm; behind the last one: chat */
};

static const char *claim_key(const struct book *book, const struct claim *claim)
{
    const struct person_def *person = &book->people[claim->person];
    return claim->key < (uint32_t)person->crm_count ? person->crm[claim->key] : person->chat;
}

static int compare_claims(const void *a, const void *b, void *book)
{
    const struct claim *x = a, *y = b;
    int order = strcmp(claim_key(book, x), claim_key(book, y));
    return order ? order : (x->person > y->person) - (x->person < y->person);
}

static void check_claims(struct reading *r, struct book *book)
{
    size_t count = 0, most = 0;
    for (int i = 0; i < book->person_count; i++)
        most += (size_t)book->people[i].crm_count + 1;
    struct claim *claims = NEW_ARRAY(struct claim, most + 1);
    for (int i = 0; i < book->person_count; i++) {
        const struct person_def *person = &book->people[i];
        int keys = person->crm_count + (person->chat != NULL);
        for (int k = 0; k < keys; k++)
            claims[count++] = (struct claim){(uint32_t)i, (uint32_t)k};
    }
    if (count > 1)
        qsort_r(claims, count, sizeof(*claims), compare_claims, book);
    for (size_t i = 1; i < count; i++) {
        const struct person_def *one = &book->people[claims[i - 1].person];
        const struct person_def *other = &book->people[claims[i].person];
        const char *key = claim_key(book, &claims[i]);
        if (one != other && str_eq(key, claim_key(book, &claims[i - 1])))
            read_error_at(r, other->place, "duplicate-id",
                          "'%s' is said to be '%s' as well as '%s' (%d:%d)", key, other->id,
                          one->id, one->place.line, one->place.col);
    }
    free(claims);
}

/* --- who is there twice --- */

static int compare_ids(const void *a, const void *b, void *people)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    const struct person_def *list = people;
    int order = strcmp(list[x].id, list[y].id);
    return order ? order : (x > y) - (x < y);
}

static uint32_t *sorted_new(struct book *book)
{
    size_t count = (size_t)book->person_count;
    uint32_t *order = NEW_ARRAY(uint32_t, count + 1);
    for (size_t i = 0; i < count; i++)
        order[i] = (uint32_t)i;
    if (count > 1)
        qsort_r(order, count, sizeof(*order), compare_ids, book->people);
    return order;
}

const struct person_def *loading_person(const struct loading *load, const char *id)
{
    size_t low = 0, high = (size_t)load->book->person_count;
    while (id && load->people_by_id && low < high) {
        size_t middle = (low + high) / 2;
        const struct person_def *person = &load->book->people[load->people_by_id[middle]];
        int order = strcmp(person->id, id);
        if (!order)
            return person;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* Only the first one stays. Those with a mistake of their own are told of it as well. */
static void check_ids(struct reading *r, struct loading *load)
{
    struct book *book = load->book;
    uint32_t *order = load->people_by_id = sorted_new(book);
    bool *again = NEW_ARRAY(bool, (size_t)book->person_count + 1);
    const struct person_def *first = book->people;
    int kept = 0;
    for (int i = 0; i < book->person_count; i++) {
        const struct person_def *person = &book->people[order[i]];
        again[order[i]] = i > 0 && strcmp(person->id, first->id) == 0;
        if (again[order[i]])
            told_twice(r, person->place, "the person", person->id, first->place);
        else
            first = person;
    }
    for (int i = 0; i < load->broken.count; i++) {
        const struct known_id *broken = &load->broken.list[i];
        const struct person_def *same = loading_person(load, broken->id);
        if (same && same - book->people < broken->order)
            told_twice(r, broken->place, "the person", broken->id, same->place);
    }
    for (int i = 0; i < book->person_count; i++) {
        if (!again[i])
            book->people[kept++] = book->people[i];
    }
    free(again);
    if (kept < book->person_count) {
        book->person_count = kept;
        free(order);
        load->people_by_id = sorted_new(book);
    }
}

static void unknown_person(struct reading *r, const struct book *book, struct source_place place,
                           const char *id)
{
    struct name_list people = {0};
    for (int i = 0; i < book->person_count; i++)
        names_add(&people, book->people[i].id);
    read_unknown(r, place, "unknown-person", "person", id, people.names, (size_t)people.count);
    names_done(&people);
}

static void check_helpers(struct reading *r, const struct loading *load)
{
    for (int i = 0; i < HELPER_ROLES; i++) {
        const struct helper *helper = &load->book->helpers[i];
        if (helper->who && !loading_person(load, helper->who))
            unknown_person(r, load->book, helper->place, helper->who);
    }
}

static void check_teams(struct reading *r, const struct loading *load)
{
    const struct book *book = load->book;
    struct name_list teams = {0};
    struct map known = {0};
    for (int i = 0; i < book->team_count; i++) {
        names_add(&teams, book->teams[i].id);
        map_set(&known, book->teams[i].id, &book->teams[i]);
    }
    for (int i = 0; i < book->person_count; i++) {
        const struct person_def *person = &book->people[i];
        if (person->team && !map_get(&known, person->team))
            read_unknown(r, person->place, "unknown-team", "team", person->team, teams.names,
                         (size_t)teams.count);
    }
    for (int i = 0; i < book->team_count; i++) {
        const struct team_def *team = &book->teams[i];
        const struct person_def *manager = loading_person(load, team->manager);
        if (team->manager && !manager)
            unknown_person(r, book, team->place, team->manager);
        else if (manager && !manager->manager)
            problem_warning(r->problems, manager->place, "manager-role",
                            "'%s' manages the team '%s' but has no 'role: manager'", manager->id,
                            team->id);
    }
    map_done(&known);
    names_done(&teams);
}

void load_people(struct loading *load, const struct load_file *file)
{
    struct yaml_entries entries = {.key = "people", .read = read_person};
    struct book *book = load->book;
    struct file_reading f;
    struct node *root;
    if (!file)
        return;
    load->has_people = true;
    if (!file_open(load, file, &yaml_lists, &entries, &f, &root)) {
        book->person_count = 0; /* half a list is none */
        return;
    }
    if (book->person_count) /* they stay as long as the book */
        book->people = xrealloc(book->people, (size_t)book->person_count, sizeof(*book->people));
    read_map(&f.r, root, &load_people_block, book);
    check_ids(&f.r, load);
    check_claims(&f.r, book);
    check_teams(&f.r, load);
    check_helpers(&f.r, load);
    load->errors += f.r.errors;
}
