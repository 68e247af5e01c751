/* Reading the configuration again: what is good takes force, what is broken keeps its last good
 * version, and who owns a broken file is told. */
#include "gritd/reload.h"

#include <errno.h>
#include <systemd/sd-daemon.h>

#include "base/alloc.h"
#include "gritd/page.h"
#include "gritd/poll.h"
#include "gritd/read_back.h"
#include "io/log.h"
#include "io/memory.h"
#include "io/platforms.h"

static void add_text(char ***list, size_t *count, size_t *cap, const char *text)
{
    ARRAY_GROW(*list, *count, *cap);
    (*list)[(*count)++] = xstrdup(text);
}

static void free_texts(char **list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(list[i]);
    free(list);
}

void reload_done(struct reload *reload)
{
    for (size_t i = 0; i < reload->line_count; i++) {
        free(reload->lines[i].name);
        free(reload->lines[i].file);
    }
    free(reload->lines);
    free_texts(reload->kept, reload->kept_count);
    free_texts(reload->left_out, reload->left_count);
    free_texts(reload->problems, reload->problem_count);
    *reload = (struct reload){0};
}

static void on_change(void *user, enum rule_change change, const struct rule *rule)
{
    struct reload *reload = user;
    ARRAY_GROW(reload->lines, reload->line_count, reload->line_cap);
    reload->lines[reload->line_count++] = (struct reload_line){
        xstrdup(rule->id), xstrdup(rule->place.file), rule->place.line, change};
}

static void report_problems(const struct setup *setup, struct reload *reload)
{
    for (int i = 0; i < setup->problems.count; i++) {
        struct strbuf text = {0};
        problem_print(&setup->problems.list[i], &text);
        if (setup->problems.list[i].warning)
            log_warning("config", "%s", strbuf_text(&text));
        else
            log_error("config", "%s", strbuf_text(&text));
        add_text(&reload->problems, &reload->problem_count, &reload->problem_cap,
                 strbuf_text(&text));
        strbuf_done(&text);
    }
    reload->more_problems =
        setup->problems.errors + setup->problems.warnings - setup->problems.count;
}

static void report_files(const struct setup *setup, struct reload *reload)
{
    for (size_t i = 0; i < setup->found_count; i++) {
        const struct load_found *found = &setup->found[i];
        if (found->fate == LOAD_KEPT) {
            log_warning("config", "%s: the version from before stays in force", found->path);
            add_text(&reload->kept, &reload->kept_count, &reload->kept_cap, found->path);
        } else if (found->fate == LOAD_LEFT_OUT) {
            log_warning("config", "%s: left out", found->path);
            add_text(&reload->left_out, &reload->left_count, &reload->left_cap, found->path);
        }
    }
}

/* What only a start can change is named, so that nobody waits for it. */
static void tell_settings(const struct daemon *daemon, const struct setup *fresh)
{
    const struct config *now = daemon->setup->config, *next = fresh->config;
    if (!str_eq(next->platform, daemon->platform->name))
        log_warning("config", "another chat platform needs a restart; it stays %s for now",
                    daemon->platform->name);
    if (!str_eq(next->store, now->store) || next->store_kind != now->store_kind)
        log_warning("config", "another store needs a restart; it stays %s for now", now->store);
    if (!str_eq(next->listen_host, now->listen_host) || next->listen_port != now->listen_port)
        log_warning("config", "another address to listen on needs a restart; it stays %s:%d",
                    now->listen_host, now->listen_port);
    log_open(next->log_level, next->log_format);
}

void daemon_reload(struct daemon *daemon, struct reload *ret)
{
    struct err err = {0};
    struct intakes *intakes = NULL;
    struct polls *polls = NULL;
    struct read_backs *read_backs = NULL;
    const struct setup_override override = {.kept = &daemon->kept};
    (void)sd_notify(0, "RELOADING=1"); /* without a service manager there is nobody to tell */
    size_t zones = zones_refresh(&daemon->zones);
    if (zones)
        log_info("reload", "the rules of %zu time zones have changed", zones);
    struct setup *fresh =
        setup_load(daemon->setup->path, &override, platforms_for_load(), &daemon->zones);
    *ret = (struct reload){0};
    report_problems(fresh, ret);
    bool good = fresh->only_plugins_bad;
    if (good &&
        (intakes_open(daemon, fresh, &err, &intakes) || polls_open(daemon, fresh, &err, &polls) ||
         polls_restore(polls, daemon->polls, &err) ||
         read_backs_open(daemon, fresh, &err, &read_backs))) {
        log_error("config", "%s", err.text);
        add_text(&ret->problems, &ret->problem_count, &ret->problem_cap, err.text);
        good = false;
        intakes_free(intakes);
        polls_close(polls);
    }
    if (!good) {
        log_error("reload", "refused, the old configuration stays");
        ret->refused = true;
        keep_refused(daemon, fresh, err.text);
        setup_free(fresh);
        (void)sd_notify(0, "READY=1");
        return;
    }
    xstr_replace(&daemon->refused, NULL);
    report_files(fresh, ret);
    tell_settings(daemon, fresh);
    intakes_free(daemon->intakes);
    daemon->intakes = intakes;
    polls_close(daemon->polls);
    daemon->polls = polls;
    read_backs_inherit(read_backs, daemon->read_backs);
    read_backs_close(daemon->read_backs);
    daemon->read_backs = read_backs;
    struct book *book = setup_take_book(fresh);
    book_diff(daemon->book, book, on_change, ret);
    if (keep_take(daemon, fresh, book, &err))
        log_error("reload", "older events of new people or longer signals are not known: %s",
                  err.text);
    page_free_book(daemon->page, daemon->book);
    daemon->book = book;
    setup_free(daemon->setup);
    daemon->setup = fresh;
    polls_start(polls);
    daemon->configured = daemon_now(daemon);
    memory_trim(); /* as at start: of two books only one is left */
    daemon_chat_people(daemon);
    if (daemon_chat_reload(daemon, &err))
        log_warning("chat", "%s", err.text);
    ret->plugins = daemon->setup->counts.loaded;
    ret->rules = book->rule_count;
    log_info("reload", "%d plugins, %d rules, %zu of them changed, %zu files kept back",
             ret->plugins, ret->rules, ret->line_count, ret->kept_count + ret->left_count);
    (void)sd_notify(0, "READY=1");
}
