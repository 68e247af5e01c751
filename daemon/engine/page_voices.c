/* What was said at the anonymous door. The core shows whole groups of five people or more only,
 * none of which is part of another; so there is nothing here that could be taken from something
 * else. */
#include "base/alloc.h"
#include "core/voices.h"
#include "engine/page_feed.h"

static const char *team_name(const struct feed *feed, const char *id)
{
    for (int i = 0; i < feed->book->team_count; i++) {
        if (str_eq(feed->book->teams[i].id, id) && feed->book->teams[i].name)
            return feed->book->teams[i].name;
    }
    return *id ? id : "people without a team, and managers";
}

static const char *group_name(struct feed *feed, const struct voices_view *view)
{
    const char *names = "";
    for (int i = 0; i < view->team_count; i++)
        names = arena_printf(feed->arena, "%s%s%s", names, i ? ", " : "",
                             team_name(feed, view->teams[i]));
    return names;
}

static const char *day(const struct feed *feed, msec_t t)
{
    char text[MSEC_TEXT_BYTES];
    msec_format(t, text);
    return arena_strndup(feed->arena, text, 10);
}

void page_voices(struct feed *feed)
{
    static const struct column columns[] = {{"group", "Group", COLUMN_TEXT},
                                            {"opened", "Opened", COLUMN_TEXT},
                                            {"people", "People", COLUMN_COUNT},
                                            {"said", "Said by one of them", COLUMN_TEXT}};
    struct table *table = feed_table(
        feed, PAGE_VOICES, "Said anonymously",
        "What people put into the box for what nobody wants to say in the own name. A team's box "
        "is "
        "opened on a Monday once five different people of it have spoken; small teams are opened "
        "together. Nobody knows who said what: the order is shuffled and there are no days. An "
        "empty table does not tell whether anybody has spoken.",
        columns, ARRAY_LEN(columns));
    for (size_t i = core_voices_count(feed->core); i-- > 0;) {
        struct voices_view view = core_voices_at(feed->core, i);
        const char *viewer = feed->options->viewer;
        if (viewer && !core_voices_for(feed->core, i, viewer))
            continue;
        for (int k = 0; k < view.word_count; k++) {
            struct cell *row = table_row(table);
            row[0] = cell_text(group_name(feed, &view));
            row[1] = cell_text(day(feed, view.at));
            row[2] = cell_number(view.people);
            row[3] = cell_text(view.words[k]);
        }
    }
}
