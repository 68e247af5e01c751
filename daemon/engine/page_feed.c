#include "engine/page_feed.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "core/action.h"
#include "core/event_fields.h"
#include "engine/attention.h"

enum { FLAG_AUTOMATED = 1, FLAG_TIMES_SHIFT = 16, FLAG_TIMES_MASK = 0x7fff };

static const char *intern(struct feed *feed, const char *text)
{
    char *known = text ? map_get(&feed->names, text) : NULL;
    if (!text || known)
        return known;
    known = arena_strdup(feed->arena, text);
    map_set(&feed->names, known, known);
    return known;
}

int feed_rep(const struct feed *feed, const char *id)
{
    return id ? (int)(uintptr_t)map_get(&feed->rep_places, id) - 1 : -1;
}

int feed_week(const struct feed *feed, msec_t t)
{
    if (t >= feed->options->to || t < feed_week_start(feed, feed->week_count - 1))
        return -1;
    return (int)((feed->options->to - 1 - t) / MSEC_WEEK);
}

msec_t feed_week_start(const struct feed *feed, int week)
{
    return feed->options->to - (week + 1) * MSEC_WEEK;
}

struct table *feed_table(struct feed *feed, enum page_table which, const char *title,
                         const char *about, const struct column *columns, size_t count)
{
    struct table *table = &feed->page->tables[which];
    *table = (struct table){.id = page_table_id(which),
                            .title = title,
                            .about = about,
                            .columns = columns,
                            .column_count = count};
    return table;
}

void feed_share_cells(const struct stats_share *share, bool hidden, struct cell *cells)
{
    bool enough = share->verdict == STATS_ENOUGH;
    if (hidden || suppress_one(share->people)) {
        cells[0] = cells[1] = cells[2] = cell_hidden();
        return;
    }
    cells[0] = share->count ? cell_number(share->share) : cell_few();
    cells[1] = enough ? cell_number(share->low) : cell_few();
    cells[2] = enough ? cell_number(share->high) : cell_few();
}

/* --- people --- */

static bool is_in_view(const struct feed *feed, const struct member_view *member)
{
    const char *viewer = feed->options->viewer;
    return !viewer || str_eq(viewer, member->id) || core_leads(feed->core, viewer, member->id);
}

static int team_of(struct feed *feed, const struct member_view *member)
{
    const char *id = member->team ? member->team : "";
    const struct team_def *def = book_team(feed->book, id);
    for (int i = 0; i < feed->team_count; i++) {
        if (str_eq(feed->teams[i].id, id))
            return i;
    }
    feed->teams[feed->team_count] = (struct feed_team){.id = id,
                                                       .name = def && def->name ? def->name
                                                               : *id            ? id
                                                                                : "no team",
                                                       .manager = member->manager};
    return feed->team_count++;
}

static void find_reps(struct feed *feed)
{
    size_t count = core_person_count(feed->core);
    feed->reps = NEW_ARRAY(struct feed_rep, count + 1);
    feed->teams = NEW_ARRAY(struct feed_team, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct member_view member = core_member_at(feed->core, i);
        if ((!member.rep && !member.leads) || !is_in_view(feed, &member))
            continue;
        struct feed_rep *rep = &feed->reps[feed->rep_count++];
        *rep = (struct feed_rep){.member = member,
                                 .team = -1,
                                 .first = MSEC_NONE,
                                 .halves = NEW_ARRAY(long, (size_t)feed->week_count + 1)};
        if (member.rep) {
            rep->team = team_of(feed, &member);
            feed->teams[rep->team].reps++;
            feed->page->reps++;
        }
        map_set(&feed->rep_places, member.id, (void *)(uintptr_t)feed->rep_count);
    }
    feed->page->teams = feed->team_count;
}

/* --- decisions --- */

static const char *first_refusal(const json_t *line)
{
    const json_t *gates = json_object_get(line, "gates");
    for (size_t i = 0; i < json_array_size(gates); i++) {
        const json_t *gate = json_array_get(gates, i);
        if (json_is_false(json_object_get(gate, "ok")))
            return json_string_value(json_object_get(gate, "gate"));
    }
    return NULL;
}

static void count_sent(struct feed *feed, const struct rule *rule, int rep, msec_t at)
{
    int week = feed_week(feed, at);
    int to = feed_rep(feed, core_receiver(feed->core, rule, feed->reps[rep].member.id));
    if (week >= 0 && to >= 0)
        feed->reps[to].halves[week] += attention_halves(rule);
    if (week >= 0 && str_eq(rule->action->name, "suggest"))
        feed->content[week] = true;
    if (rule->action == &action_praise && rule->via_bot) {
        feed->reps[rep].praised++;
        feed->reps[rep].praised_recently += at >= feed->options->to - PAGE_RECENT_DAYS * MSEC_DAY;
    }
}

static int on_decision(void *user, const struct row *row)
{
    struct feed *feed = user;
    const struct row_decision *decision = &row->decision;
    const struct rule *rule = book_rule(feed->book, decision->rule);
    int rep = feed_rep(feed, decision->rep);
    if (decision->at < feed->begun)
        feed->begun = decision->at;
    if (!rule || rep < 0)
        return 0;
    json_t *line = json_loads(decision->line, 0, NULL);
    if (str_eq(decision->outcome, "sent")) {
        const char *deal = json_string_value(json_object_get(line, "deal"));
        ARRAY_GROW(feed->sents, feed->sent_count, feed->sent_cap);
        feed->sents[feed->sent_count++] =
            (struct feed_sent){rule, rep, intern(feed, deal), decision->at};
        count_sent(feed, rule, rep, decision->at);
    } else if (!str_eq(decision->outcome, "held")) { /* held ones are decided once more */
        ARRAY_GROW(feed->kept_back, feed->kept_back_count, feed->kept_back_cap);
        feed->kept_back[feed->kept_back_count++] =
            (struct feed_kept_back){rule, rep, intern(feed, first_refusal(line))};
    }
    json_decref(line);
    return 0;
}

/* --- the journal --- */

static struct feed_deal *deal_get(struct feed *feed, const char *id)
{
    size_t place = (size_t)(uintptr_t)map_get(&feed->deal_places, id);
    if (place)
        return &feed->deals[place - 1];
    ARRAY_GROW(feed->deals, feed->deal_count, feed->deal_cap);
    struct feed_deal *deal = &feed->deals[feed->deal_count++];
    *deal = (struct feed_deal){
        .id = intern(feed, id), .rep = -1, .gate_at = MSEC_NEVER, .closed_at = MSEC_NONE};
    map_set(&feed->deal_places, deal->id, (void *)(uintptr_t)feed->deal_count);
    return deal;
}

static void add_move(struct feed *feed, struct feed_deal *deal, const struct row_journal *journal)
{
    struct event event;
    struct err unread;
    arena_reset(&feed->scratch);
    if (!journal->body || event_decode(journal->body, &feed->scratch, &unread, &event))
        return; /* retention has emptied it */
    const struct stage_def *stage = book_stage(feed->book, event.to ? event.to : event.stage);
    if (!stage)
        return;
    ARRAY_GROW(deal->moves, deal->move_count, deal->move_cap);
    deal->moves[deal->move_count++] =
        (struct feed_move){journal->time, (int)(stage - feed->book->stages)};
}

static void count_activity(struct feed *feed, struct feed_rep *rep,
                           const struct row_journal *journal)
{
    msec_t recent = feed->options->to - PAGE_RECENT_DAYS * MSEC_DAY;
    uint64_t times = journal->flags >> FLAG_TIMES_SHIFT & FLAG_TIMES_MASK;
    if (journal->flags & FLAG_AUTOMATED || journal->time >= feed->options->to ||
        journal->time < recent - PAGE_BASELINE_DAYS * MSEC_DAY)
        return;
    if (rep->first == MSEC_NONE || journal->time < rep->first)
        rep->first = journal->time;
    *(journal->time >= recent ? &rep->recent : &rep->baseline) += times ? (int64_t)times : 1;
}

static void note_deal(struct feed *feed, int rep, const struct row_journal *journal)
{
    struct feed_deal *deal = deal_get(feed, journal->deal);
    deal->rep = rep;
    switch (journal->type) {
    case EVENT_DEAL_CREATED:
    case EVENT_DEAL_STAGE_CHANGED:
        add_move(feed, deal, journal);
        break;
    case EVENT_GATE_COMPLETED:
        if (journal->time < deal->gate_at)
            deal->gate_at = journal->time;
        break;
    case EVENT_DEAL_WON:
    case EVENT_DEAL_LOST:
        if (journal->time >= deal->closed_at) {
            deal->closed_at = journal->time;
            deal->won = journal->type == EVENT_DEAL_WON;
        }
        break;
    case EVENT_DEAL_REOPENED:
        deal->closed_at = MSEC_NONE;
        break;
    default: /* says nothing that the page tells */
        break;
    }
}

static int on_journal(void *user, const struct row *row)
{
    struct feed *feed = user;
    const struct row_journal *journal = &row->journal;
    int rep = feed_rep(feed, core_person_id(feed->core, journal->rep));
    if (journal->at < feed->begun)
        feed->begun = journal->at;
    if (rep < 0 || feed->reps[rep].team < 0)
        return 0;
    if (journal->type == EVENT_ACTIVITY_LOGGED)
        count_activity(feed, &feed->reps[rep], journal);
    else if (journal->type == EVENT_CONTENT_SHARED && feed_week(feed, journal->time) >= 0)
        feed->content[feed_week(feed, journal->time)] = true;
    else if (journal->deal && journal->time < feed->options->to)
        note_deal(feed, rep, journal);
    return 0;
}

static int by_time(const void *a, const void *b)
{
    const struct feed_move *x = a, *y = b;
    return (x->time > y->time) - (x->time < y->time);
}

/* --- conversations --- */

static void find_contacts(struct feed *feed)
{
    size_t count = core_contact_count(feed->core);
    feed->contacts = NEW_ARRAY(struct contact_view, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct contact_view contact = core_contact_at(feed->core, i);
        int place = feed_rep(feed, contact.rep), week = feed_week(feed, contact.at);
        if (place < 0 || contact.at < feed->options->from || contact.at >= feed->options->to)
            continue;
        struct feed_rep *rep = &feed->reps[place];
        feed->contacts[feed->contact_count++] = contact;
        if (!contact.done || contact.kind == CONTACT_OTHER)
            continue;
        if (week >= 0)
            rep->coached |= UINT64_C(1) << week;
        if (contact.kind == CONTACT_CARD) {
            rep->praised++;
            rep->praised_recently += contact.at >= feed->options->to - PAGE_RECENT_DAYS * MSEC_DAY;
        }
    }
}

static bool covers(void *user, const char *rep)
{
    return feed_rep(user, rep) >= 0;
}

int feed_read(struct feed *feed, struct store *store, struct err *err)
{
    const struct page_options *o = feed->options;
    msec_t weeks = (o->to - o->from) / MSEC_WEEK;
    msec_t journal = o->to - (PAGE_RECENT_DAYS + PAGE_BASELINE_DAYS) * MSEC_DAY;
    feed->week_count = weeks > PAGE_WEEKS_MOST ? PAGE_WEEKS_MOST : (int)weeks;
    feed->period_count = feed->week_count / PAGE_PERIOD_WEEKS;
    feed->begun = MSEC_NEVER;
    arena_init(&feed->scratch);
    find_reps(feed);
    const struct report_of of = {covers, feed};
    int status = report_make(feed->core, store, &of, o->from, o->to, o->now, err, &feed->report);
    if (status >= 0)
        status = store->ops->load_decisions(store, NULL, o->from, o->to, SIZE_MAX, on_decision,
                                            feed, err);
    if (status >= 0)
        status = store->ops->load_journal(store, journal < o->from ? journal : o->from, true,
                                          on_journal, feed, err);
    for (size_t i = 0; i < feed->deal_count; i++) {
        if (feed->deals[i].move_count > 1)
            qsort(feed->deals[i].moves, feed->deals[i].move_count, sizeof(struct feed_move),
                  by_time);
    }
    find_contacts(feed);
    return status < 0 ? status : 0;
}

void feed_done(struct feed *feed)
{
    for (int i = 0; i < feed->rep_count; i++)
        free(feed->reps[i].halves);
    for (size_t i = 0; i < feed->deal_count; i++)
        free(feed->deals[i].moves);
    free(feed->reps);
    free(feed->teams);
    free(feed->sents);
    free(feed->kept_back);
    free(feed->deals);
    free(feed->contacts);
    map_done(&feed->rep_places);
    map_done(&feed->names);
    map_done(&feed->deal_places);
    arena_done(&feed->scratch);
    report_done(&feed->report);
}
