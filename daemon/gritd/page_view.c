/* The figures of the page. They are made on a thread of their own, from the store and the files as
 * gritctl does it, so that nobody waits for them but who asked; and are kept for a short while. */
#include <string.h>

#include "base/alloc.h"
#include "engine/page_data.h"
#include "gritd/page.h"
#include "gritd/session.h"
#include "io/log.h"
#include "io/memory.h"
#include "io/state.h"

enum { VIEWS_KEPT = 4, FRESH_MS = 20000, WAITING_MOST = 64, JSON = -1 };

/* What one manager sees, as it was a moment ago: the tables and each one's CSV. */
struct view {
    char *viewer;
    msec_t at;
    uint64_t made_ms; /* by the loop's clock; that of the local platform may be moved */
    char *json;
    char *csv[PAGE_TABLE_COUNT];
};

/* One view in the making. The thread touches nothing else, and of the daemon only the book, which
 * nobody changes and nobody frees meanwhile. */
struct making {
    uv_work_t work;
    struct daemon *daemon;
    const struct book *book;
    struct book *book_after; /* a reload has left it to us */
    char *path;              /* of the configuration */
    struct page_options options;
    struct arena arena; /* of the options */
    uint64_t seed;
    struct view view;
    struct err err;
    int status;
};

struct waiting {
    struct httpd_request *request;
    char *viewer;
    int table; /* JSON: all of them */
};

struct page {
    struct sessions *sessions;
    struct view views[VIEWS_KEPT];
    size_t next;
    struct waiting waiting[WAITING_MOST];
    size_t waiting_count;
    struct making *making; /* or NULL */
};

static void view_done(struct view *view)
{
    for (int i = 0; i < PAGE_TABLE_COUNT; i++)
        free(view->csv[i]);
    free(view->viewer);
    free(view->json);
    *view = (struct view){.viewer = NULL};
}

struct page *page_open(void)
{
    struct page *page = NEW(struct page);
    page->sessions = page_sessions_new();
    return page;
}

void page_close(struct page *page)
{
    if (!page)
        return;
    for (size_t i = 0; i < VIEWS_KEPT; i++)
        view_done(&page->views[i]);
    sessions_free(page->sessions);
    free(page);
}

struct sessions *page_sessions(const struct page *page)
{
    return page->sessions;
}

void page_free_book(struct page *page, struct book *book)
{
    if (!page->making || page->making->book != book)
        book_free(book);
    else
        page->making->book_after = book;
}

/* --- on the thread --- */

static void view_fill(struct view *view, const struct page_data *data)
{
    struct strbuf out = {0};
    page_json(data, &out);
    view->json = strbuf_take(&out);
    for (int i = 0; i < PAGE_TABLE_COUNT; i++) {
        table_csv(&data->tables[i], &out);
        view->csv[i] = strbuf_take(&out);
    }
}

static int make_from(struct making *making, struct store *store, struct zones *zones)
{
    const struct core_options options = {
        .seed = making->seed, .zone = zones_get, .zone_user = zones};
    struct core *core = core_new(making->book, &options);
    struct page_data data;
    struct step step;
    int status = state_load(store, core, making->options.now, &making->err);
    if (!status) {
        step_init(&step);
        step.stateless = true;
        core_ready(core, making->options.now, &step); /* from then on it knows what is to come */
        step_done(&step);
        status = page_make(core, store, &making->options, &making->err, &data);
        if (!status)
            view_fill(&making->view, &data);
        page_done(&data);
    }
    core_free(core);
    return status;
}

static void on_work(uv_work_t *work)
{
    struct making *making = work->data;
    struct zones zones = {0};
    struct store *store;
    making->status = state_open_file(making->path, &making->err, &store);
    if (!making->status) {
        making->status = make_from(making, store, &zones);
        store->ops->close(store);
    }
    zones_done(&zones);
}

/* --- on the loop --- */

static void answer(struct httpd_request *request, const struct view *view, int table)
{
    struct strbuf name = {0};
    if (table == JSON) {
        page_reply(request, 200, "application/json", view->json, NULL);
        return;
    }
    strbuf_printf(&name, "attachment; filename=\"%s.csv\"", page_table_id(table));
    const struct httpd_header header = {"Content-Disposition", strbuf_text(&name)};
    page_reply(request, 200, "text/csv; charset=utf-8", view->csv[table], &header);
    strbuf_done(&name);
}

static void begin_next(struct daemon *daemon);

/* All who wait for this view; NULL: they are told that it did not come. */
static void answer_waiting(struct page *page, const char *viewer, const struct view *view)
{
    size_t kept = 0;
    for (size_t i = 0; i < page->waiting_count; i++) {
        struct waiting *one = &page->waiting[i];
        if (viewer && !str_eq(one->viewer, viewer)) {
            page->waiting[kept++] = *one;
            continue;
        }
        if (view)
            answer(one->request, view, one->table);
        else
            http_problem(one->request, 503, "Not now",
                         "the figures cannot be read; the log says why");
        free(one->viewer);
    }
    page->waiting_count = kept;
}

static void on_made(uv_work_t *work, int status)
{
    struct making *making = work->data;
    struct daemon *daemon = making->daemon;
    struct page *page = daemon->page;
    struct view *view = &page->views[page->next++ % VIEWS_KEPT];
    page->making = NULL;
    book_free(making->book_after);
    if (!status)
        status = making->status;
    making->view.viewer = xstrdup(making->options.viewer);
    making->view.at = making->options.now;
    making->view.made_ms = uv_now(&daemon->loop);
    view_done(view);
    if (status) {
        log_warning("page", "%s", *making->err.text ? making->err.text : uv_strerror(status));
        answer_waiting(page, making->options.viewer, NULL);
        view_done(&making->view);
    } else {
        *view = making->view;
        answer_waiting(page, view->viewer, view);
    }
    arena_done(&making->arena);
    free(making->path);
    free(making);
    memory_trim(); /* of a whole core only the tables are left */
    if (daemon->stopping)
        answer_waiting(page, NULL, NULL);
    begin_next(daemon);
}

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static const char *first_mistake(const struct setup *setup, const char *path)
{
    for (int i = 0; i < setup->problems.count; i++) {
        const struct problem *problem = &setup->problems.list[i];
        if (!problem->warning && str_eq(problem->file, path))
            return problem->text;
    }
    return "see the log";
}

static void find_files(const struct setup *setup, struct arena *arena, struct page_options *options)
{
    struct page_file *files = arena_alloc(arena, (setup->found_count + 1) * sizeof(*files));
    for (size_t i = 0; i < setup->found_count; i++) {
        const struct load_found *found = &setup->found[i];
        if (found->fate != LOAD_TAKEN)
            files[options->file_count++] = (struct page_file){
                arena_strdup(arena, file_name(found->path)), found->fate == LOAD_KEPT,
                arena_strdup(arena, first_mistake(setup, found->path))};
    }
    options->files = files;
}

static void begin_next(struct daemon *daemon)
{
    struct page *page = daemon->page;
    msec_t now = daemon_now(daemon);
    if (page->making || !page->waiting_count)
        return;
    struct making *making = NEW(struct making);
    making->daemon = daemon;
    making->book = daemon->book;
    making->seed = daemon->setup->config->seed;
    making->path = setup_store_path(daemon->setup);
    making->work.data = making;
    arena_init(&making->arena);
    making->options =
        (struct page_options){.viewer = arena_strdup(&making->arena, page->waiting[0].viewer),
                              .from = now - REPORT_DAYS * MSEC_DAY,
                              .to = now,
                              .now = now};
    find_files(daemon->setup, &making->arena, &making->options);
    page->making = making;
    (void)uv_queue_work(&daemon->loop, &making->work, on_work, on_made); /* fails without a cb */
}

static bool is_fresh(const struct daemon *daemon, const struct view *view, const char *viewer)
{
    msec_t age = daemon_now(daemon) - view->at;
    return str_eq(view->viewer, viewer) && uv_now(&daemon->loop) - view->made_ms < FRESH_MS &&
           age >= 0 && age < FRESH_MS;
}

static void give(struct daemon *daemon, struct httpd_request *request, int table)
{
    struct page *page = daemon->page;
    struct session session;
    if (!page_signed_in(daemon, request, &session)) {
        http_problem(request, 401, "Not signed in", "say page to the bot for a link");
        return;
    }
    for (size_t i = 0; i < VIEWS_KEPT; i++) {
        if (is_fresh(daemon, &page->views[i], session.person)) {
            answer(request, &page->views[i], table);
            return;
        }
    }
    if (page->waiting_count == WAITING_MOST || daemon->stopping) {
        http_problem(request, 429, "Too many at once", "the figures are being made; try again");
        return;
    }
    page->waiting[page->waiting_count++] =
        (struct waiting){request, xstrdup(session.person), table};
    begin_next(daemon);
}

void http_page_data(struct daemon *daemon, struct httpd_request *request)
{
    give(daemon, request, JSON);
}

void http_page_csv(struct daemon *daemon, struct httpd_request *request)
{
    const char *wanted = httpd_query(request, "table");
    struct session session;
    int table = 0;
    while (page_table_id(table) && !str_eq(page_table_id(table), wanted))
        table++;
    if (page_table_id(table) || !page_signed_in(daemon, request, &session))
        give(daemon, request, table);
    else
        http_problem(request, 404, "Not found", "there is no such table");
}
