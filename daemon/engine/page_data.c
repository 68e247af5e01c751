#include "engine/page_data.h"

#include "base/alloc.h"
#include "engine/page_feed.h"

static const char *const ids[PAGE_TABLE_COUNT] = {
#define TABLE(name, id) [PAGE_##name] = id,
    PAGE_TABLES(TABLE)
#undef TABLE
};

const char *page_table_id(int index)
{
    return index >= 0 && index < PAGE_TABLE_COUNT ? ids[index] : NULL;
}

static const char *name_of(const struct core *core, const char *id)
{
    for (size_t i = 0; id && i < core_person_count(core); i++) {
        struct member_view member = core_member_at(core, i);
        if (str_eq(member.id, id))
            return member.name;
    }
    return NULL;
}

int page_make(const struct core *core, struct store *store, const struct page_options *options,
              struct err *err, struct page_data *ret)
{
    struct feed feed = {.core = core,
                        .book = core_book(core),
                        .options = options,
                        .page = ret,
                        .arena = &ret->arena};
    *ret = (struct page_data){.from = options->from,
                              .to = options->to,
                              .now = options->now,
                              .viewer = name_of(core, options->viewer)};
    arena_init(&ret->arena);
    int status = feed_read(&feed, store, err);
    if (!status) {
        page_level(&feed);
        page_rules(&feed);
        page_experiments(&feed);
        page_measures(&feed);
        page_mix(&feed);
        page_thirds(&feed);
        page_praise(&feed);
        page_voices(&feed);
        page_attention(&feed);
        page_upcoming(&feed);
        page_health(&feed);
    }
    feed_done(&feed);
    return status;
}

void page_done(struct page_data *page)
{
    for (int i = 0; i < PAGE_TABLE_COUNT; i++)
        table_done(&page->tables[i]);
    arena_done(&page->arena);
}

const struct table *page_find(const struct page_data *page, const char *id)
{
    for (int i = 0; i < PAGE_TABLE_COUNT; i++) {
        if (str_eq(ids[i], id))
            return &page->tables[i];
    }
    return NULL;
}

void page_json(const struct page_data *page, struct strbuf *out)
{
    struct jsonw json;
    jsonw_begin(&json, out);
    jsonw_object(&json, NULL);
    jsonw_time(&json, "at", page->now);
    jsonw_time(&json, "from", page->from);
    jsonw_time(&json, "to", page->to);
    jsonw_text(&json, "viewer", page->viewer);
    jsonw_int(&json, "least", SUPPRESS_LEAST);
    if (suppress_one(page->reps))
        jsonw_null(&json, "reps");
    else
        jsonw_int(&json, "reps", page->reps);
    jsonw_int(&json, "teams", page->teams);
    jsonw_array(&json, "tables");
    for (int i = 0; i < PAGE_TABLE_COUNT; i++)
        table_json(&page->tables[i], &json);
    jsonw_array_end(&json);
    jsonw_object_end(&json);
}
