/* The team and its deals: who there is, what happens to them, and how they answer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/map.h"
#include "soak.h"

static const char *const zones[SOAK_ZONES] = {
    "America/Denver",     "America/New_York", "America/Los_Angeles", "America/Sao_Paulo",
    "America/St_Johns",   "America/Havana",   "America/Santiago",    "Europe/London",
    "Europe/Berlin",      "Europe/Lisbon",    "Europe/Athens",       "Europe/Istanbul",
    "Europe/Moscow",      "Africa/Cairo",     "Africa/Casablanca",   "Africa/Johannesburg",
    "Asia/Jerusalem",     "Asia/Tehran",      "Asia/Dubai",          "Asia/Karachi",
    "Asia/Kolkata",       "Asia/Kathmandu",   "Asia/Singapore",      "Asia/Tokyo",
    "Australia/Adelaide", "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Auckland",
    "Pacific/Chatham",    "Pacific/Apia",
};

static const char config[] = "limits: {prompts_per_day: 50, prompts_per_family_per_week: 50, "
                             "open_conversations: 50, back_off_after: 100, ramp: off, "
                             "hours: Mon-Sun 07:00-21:00}\n"
                             "introduction: false\n";

static const char plugin[] =
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: opportunity\n"
    "questions:\n"
    "  q: {kind: skill, reader: rep, answer: text, text: \"{{deal.name}}: what is next?\"}\n"
    "  day: {kind: activity, reader: rep, answer: text, text: \"What is your first step today?\"}\n"
    "rules:\n"
    "  - {rule: ask, about: s, when: deal.stage_changed, ask: q, reminders: false}\n"
    "  - {rule: tell, about: s, when: deal.won, tell: \"{{deal.name}} is won.\", unknown: drop}\n"
    "  - {rule: loud, about: s, when: deal.reopened, tell: \"{{deal.name}}.\", unknown: resend}\n"
    "  - {rule: daily, about: s, every: day at 09:00, ask: day, reminders: false}\n";

/* The times of the daily rule between two moments, over all people. */
uint64_t soak_days(struct soak *soak, msec_t from, msec_t to)
{
    uint64_t count = 0;
    for (int i = 0; i < soak->options.people; i++) {
        const struct tz *zone = zones_get(&soak->zones, zones[i % SOAK_ZONES]);
        msec_t due = from - 2 * MSEC_DAY;
        while (due <= to) {
            struct civil day;
            tz_local(zone, due + MSEC_DAY + MSEC_HOUR / 2, &day); /* a day has 23 to 25 hours */
            day = (struct civil){.year = day.year, .month = day.month, .day = day.day, .hour = 9};
            due = tz_instant(zone, &day, TZ_GAP_END);
            count += due > from && due <= to;
        }
    }
    return count;
}

static void fail(struct soak *soak, const char *what)
{
    struct strbuf text = {0};
    problems_print(&soak->problems, &text);
    (void)fprintf(stderr, "soak: %s\n%s", what, strbuf_text(&text));
    exit(2);
}

static void name_people(struct soak *soak, struct strbuf *yaml)
{
    soak->people = NEW_ARRAY(struct soak_person, (size_t)soak->options.people);
    strbuf_puts(yaml, "people:\n");
    for (int i = 0; i < soak->options.people; i++) {
        struct soak_person *person = &soak->people[i];
        (void)snprintf(person->id, sizeof(person->id), "p%d", i);     /* fits */
        (void)snprintf(person->chat, sizeof(person->chat), "U%d", i); /* fits */
        strbuf_printf(yaml, "  - {id: %s, name: Person %d, chat: %s, zone: %s}\n", person->id, i,
                      person->chat, zones[i % SOAK_ZONES]);
    }
}

void soak_book(struct soak *soak)
{
    struct strbuf yaml = {0};
    name_people(soak, &yaml);
    const struct load_file people = {"people.yaml", strbuf_text(&yaml), yaml.len};
    const struct load_file file = {"gritd.yaml", config, strlen(config)};
    const struct load_file plugins[] = {{"p.yaml", plugin, strlen(plugin)}};
    struct load_counts counts;
    problems_init(&soak->problems);
    if (load_config(&file, NULL, &soak->problems, &soak->config))
        fail(soak, "the configuration");
    const struct load_set set = {.people = &people,
                                 .plugins = plugins,
                                 .plugin_count = 1,
                                 .config = soak->config,
                                 .zone = zones_get,
                                 .zone_user = &soak->zones};
    if (load_book(&set, &soak->problems, &counts, &soak->book, NULL))
        fail(soak, "the book");
    strbuf_done(&yaml);
}

void soak_book_free(struct soak *soak)
{
    book_free(soak->book);
    config_free(soak->config);
    problems_done(&soak->problems);
    zones_done(&soak->zones);
    free(soak->people);
}

/* --- what they do --- */

static void happens(struct soak *soak, const struct soak_event *made, msec_t time)
{
    struct soak_event *event = NEW(struct soak_event);
    *event = *made;
    event->soak = soak;
    event->number = soak->serial;
    soak_add(soak, &(struct soak_thing){.time = time, .kind = SOAK_EVENT, .event = event});
}

/* The next deal of a person, and when there will be another one: twice a week or so. */
void soak_work(struct soak *soak, int person)
{
    msec_t next = soak->now + (msec_t)soak_random(soak, 7 * (uint64_t)MSEC_DAY);
    unsigned which = (unsigned)soak_random(soak, 100);
    enum event_type type = which < 75   ? EVENT_DEAL_STAGE_CHANGED
                           : which < 88 ? EVENT_DEAL_WON
                                        : EVENT_DEAL_REOPENED;
    happens(soak, &(struct soak_event){.type = type, .person = person}, soak->now);
    if (next < soak->end)
        soak_add(soak, &(struct soak_thing){.time = next, .kind = SOAK_WORK, .at = person});
}

/* Half of what has buttons is answered or put away some time. */
void soak_reacts(struct soak *soak, int key, const struct message *message)
{
    if (!message->button_count || message->reply || soak->now > soak->end || soak_chance(soak, 500))
        return;
    msec_t time = soak->now + MSEC_MINUTE + (msec_t)soak_random(soak, 20 * (uint64_t)MSEC_HOUR);
    happens(
        soak,
        &(struct soak_event){.type = EVENT_CLICKED, .person = atoi(message->to + 1), .key = key},
        time);
}

static void on_done(void *user, int status)
{
    struct soak_event *event = user;
    if (!status && !event->soak->dead)
        event->acked = true;
}

/* An acknowledged deal is one that must be decided. */
static void count_deal(struct soak *soak, const char *name)
{
    struct soak_deal *deal = soak_deal(soak, name);
    soak->deals_taken += !deal->acked;
    deal->acked = true;
}

void soak_settle(struct soak *soak)
{
    size_t kept = 0;
    for (size_t i = 0; i < soak->waiting_count; i++) {
        struct soak_event *event = soak->waiting[i];
        char deal[32];
        if (!event->acked) {
            soak->waiting[kept++] = event;
            continue;
        }
        (void)snprintf(deal, sizeof(deal), "D%llu", (unsigned long long)event->number); /* fits */
        if (event->type != EVENT_CLICKED)
            count_deal(soak, deal);
        free(event);
    }
    soak->waiting_count = kept;
}

void soak_take(struct soak *soak, struct soak_event *made)
{
    char id[32], deal[32], key[MESSAGE_KEY_BYTES];
    struct event event;
    bool click = made->type == EVENT_CLICKED;
    (void)snprintf(id, sizeof(id), "e%llu", (unsigned long long)made->number);     /* fits */
    (void)snprintf(deal, sizeof(deal), "D%llu", (unsigned long long)made->number); /* fits */
    event_init(&event, made->type, soak->now);
    event.id = id;
    event.source = "/soak";
    event.key = event_key(event.source, event.id);
    if (click) {
        memcpy(key, soak->keys[made->key].key, sizeof(key));
        event.chat = soak->people[made->person].chat;
        event.message = key;
        event.button = made->number % 2 ? "skip" : "answer";
        event.text = made->number % 2 ? NULL : "A call with their head of finance.";
    } else {
        event.rep = soak->people[made->person].id;
        event.deal = deal;
        event.to = made->type == EVENT_DEAL_STAGE_CHANGED ? "propose" : NULL;
    }
    ARRAY_GROW(soak->waiting, soak->waiting_count, soak->waiting_cap);
    soak->waiting[soak->waiting_count++] = made;
    soak_note(soak, "event", id, soak->now);
    soak->counts.events += !click;
    soak->counts.clicks += click;
    if (engine_take(soak->engine, &event, soak->now, on_done, made) == ENGINE_FULL)
        soak_complain(soak, "%s is refused", id);
    soak_settle(soak);
}
