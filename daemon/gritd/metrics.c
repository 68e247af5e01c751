/* GET /metrics. The figures and their words are in metric_list.h. */
#include "gritd/metrics.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/alloc.h"
#include "gritd/daemon.h"
#include "gritd/intake_failed.h"
#include "gritd/intake_watch.h"
#include "gritd/poll.h"
#include "gritd/read_back.h"
#include "io/log.h"
#include "io/store_sqlite.h"

enum metric {
#define METRIC(row, name, type, labels, help) METRIC_##row,
#include "gritd/metric_list.h"
#undef METRIC
    METRICS
};

static const struct {
    const char *name, *type, *label, *help;
} rows[METRICS] = {
#define METRIC(row, name, type, label, help) [METRIC_##row] = {name, type, label, help},
#include "gritd/metric_list.h"
#undef METRIC
};

/* --- counting --- */

static const char *const outcome_words[METRICS_OUTCOMES] = {"sent",       "held",      "expired",
                                                            "suppressed", "cancelled", "missed"};

static const char *shut_gate(const struct decision *decision)
{
    for (int i = 0; i < decision->gate_count; i++) {
        if (!decision->gates[i].ok)
            return decision->gates[i].gate;
    }
    return NULL;
}

void metrics_decision(struct metrics *metrics, const struct decision *decision)
{
    const char *gate = shut_gate(decision);
    for (size_t i = 0; i < METRICS_OUTCOMES; i++)
        metrics->outcomes[i] += str_eq(outcome_words[i], decision->outcome);
    for (size_t i = 0; gate && i < METRICS_GATES; i++) {
        if (!metrics->stops[i].gate)
            metrics->stops[i].gate = xstrdup(gate);
        if (str_eq(metrics->stops[i].gate, gate)) {
            metrics->stops[i].count++;
            return;
        }
    }
}

void metrics_done(struct metrics *metrics)
{
    for (size_t i = 0; i < METRICS_GATES; i++)
        free(metrics->stops[i].gate);
}

/* --- writing --- */

struct sheet {
    struct daemon *daemon;
    struct strbuf out;
    enum metric row; /* of the one at hand */
    struct chat_status chat;
    double values[METRICS]; /* of those without a label */
};

static void put(struct strbuf *out, double value)
{
    bool whole = value == (double)(int64_t)value;
    strbuf_printf(out, whole ? " %.0f\n" : " %.6f\n", value);
}

/* One line of a figure with a label. Values are our own words: nothing has to be quoted. */
static void put_label(struct sheet *sheet, const char *label_value, double value)
{
    strbuf_printf(&sheet->out, "%s{%s=\"%s\"}", rows[sheet->row].name, rows[sheet->row].label,
                  label_value);
    put(&sheet->out, value);
}

/* One line about a source of events; outcome NULL: the figure has no second label. */
static void put_intake(void *user, const char *intake, const char *outcome, double value)
{
    struct sheet *sheet = user;
    strbuf_printf(&sheet->out, "%s{intake=\"%s\"", rows[sheet->row].name, intake);
    if (outcome)
        strbuf_printf(&sheet->out, ",outcome=\"%s\"", outcome);
    strbuf_putc(&sheet->out, '}');
    put(&sheet->out, value);
}

static void put_histogram(struct sheet *sheet, const struct histogram *histogram)
{
    static const uint64_t bounds[HISTOGRAM_CLASSES] = HISTOGRAM_BOUNDS_US;
    const char *name = rows[sheet->row].name;
    uint64_t sum = 0;
    for (int i = 0; i < HISTOGRAM_CLASSES; i++) {
        sum += atomic_load(&histogram->counts[i]);
        strbuf_printf(&sheet->out, "%s_bucket{le=\"%g\"} %llu\n", name, (double)bounds[i] / 1e6,
                      (unsigned long long)sum);
    }
    sum += atomic_load(&histogram->counts[HISTOGRAM_CLASSES]);
    strbuf_printf(&sheet->out, "%s_bucket{le=\"+Inf\"} %llu\n%s_sum %.6f\n%s_count %llu\n", name,
                  (unsigned long long)sum, name, (double)atomic_load(&histogram->sum_us) / 1e6,
                  name, (unsigned long long)sum);
}

static void write_build(struct sheet *sheet)
{
    put_label(sheet, GRITD_VERSION, 1);
}

static void on_reason(void *user, const char *word, const char *text)
{
    (void)text;
    put_label(user, word, text != NULL);
}

static void write_not_ready(struct sheet *sheet)
{
    health_each(sheet->daemon, on_reason, sheet);
}

static void write_watches(struct sheet *sheet)
{
    watches_each(sheet->daemon, (enum watch_figure)(sheet->row - METRIC_INTAKE), put_intake, sheet);
}

static void write_polls(struct sheet *sheet)
{
    polls_each(sheet->daemon->polls, (enum poll_figure)(sheet->row - METRIC_POLL_ROUNDS),
               put_intake, sheet);
}

static void write_backs(struct sheet *sheet)
{
    read_backs_each(sheet->daemon->read_backs, (enum back_figure)(sheet->row - METRIC_BACK),
                    put_intake, sheet);
}

static void write_outcomes(struct sheet *sheet)
{
    for (size_t i = 0; i < METRICS_OUTCOMES; i++)
        put_label(sheet, outcome_words[i], (double)sheet->daemon->metrics.outcomes[i]);
}

static void write_stops(struct sheet *sheet)
{
    const struct metrics *metrics = &sheet->daemon->metrics;
    for (size_t i = 0; i < METRICS_GATES && metrics->stops[i].gate; i++)
        put_label(sheet, metrics->stops[i].gate, (double)metrics->stops[i].count);
}

static void write_plugins(struct sheet *sheet)
{
    const struct setup *setup = sheet->daemon->setup;
    int kept = 0;
    for (size_t i = 0; i < setup->found_count; i++)
        kept += setup->found[i].fate == LOAD_KEPT;
    put_label(sheet, "loaded", setup->counts.loaded);
    put_label(sheet, "failed", setup->counts.failed);
    put_label(sheet, "kept", kept);
}

static void write_connected(struct sheet *sheet)
{
    put_label(sheet, sheet->daemon->platform->name, sheet->chat.state == CHAT_UP);
}

static void write_results(struct sheet *sheet)
{
    static const char *const words[METRICS_RESULTS] = {[CHAT_SENT] = "sent",
                                                       [CHAT_RETRY] = "retry",
                                                       [CHAT_REJECTED] = "rejected",
                                                       [CHAT_UNKNOWN] = "unknown",
                                                       [CHAT_FOUND] = "found",
                                                       [CHAT_MISSING] = "missing",
                                                       [CHAT_UNREADABLE] = "unreadable"};
    for (size_t i = 0; i < METRICS_RESULTS; i++)
        put_label(sheet, words[i], (double)sheet->daemon->metrics.results[i]);
}

static void write_requests(struct sheet *sheet)
{
    put_label(sheet, "in_flight", (double)sheet->chat.in_flight);
    put_label(sheet, "waiting", (double)sheet->chat.waiting);
}

static void write_counts(struct sheet *sheet)
{
    const struct chat_counter *list = NULL;
    size_t count = chat_counters(sheet->daemon->chat, &list);
    for (size_t i = 0; i < count; i++)
        put_label(sheet, list[i].name, (double)list[i].value);
}

static void write_commits(struct sheet *sheet)
{
    put_histogram(sheet, store_sqlite_commits(sheet->daemon->store));
}

static double file_bytes(const char *path, const char *ending)
{
    struct strbuf name = {0};
    struct stat info;
    strbuf_printf(&name, "%s%s", path, ending);
    double bytes = stat(strbuf_text(&name), &info) ? 0 : (double)info.st_size;
    strbuf_done(&name);
    return bytes;
}

static void write_disk(struct sheet *sheet)
{
    CLEANUP_FREE char *path = setup_store_path(sheet->daemon->setup);
    put_label(sheet, "database", file_bytes(path, ""));
    put_label(sheet, "log", file_bytes(path, "-wal"));
}

static void write_busy(struct sheet *sheet)
{
    put_histogram(sheet, &sheet->daemon->metrics.busy);
}

static void write_log(struct sheet *sheet)
{
    static const char *const words[] = {[LEVEL_ERROR] = "error",
                                        [LEVEL_WARNING] = "warning",
                                        [LEVEL_INFO] = "info",
                                        [LEVEL_DEBUG] = "debug"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        put_label(sheet, words[i], (double)log_lines((enum log_level)i));
}

/* Those that are more than one value. The figures of one source of values follow each other in the
 * table as in its enum. */
static void (*const writers[METRICS])(struct sheet *sheet) = {
    [METRIC_BUILD_INFO] = write_build,       [METRIC_NOT_READY] = write_not_ready,
    [METRIC_OUTCOMES] = write_outcomes,      [METRIC_STOPS] = write_stops,
    [METRIC_PLUGINS] = write_plugins,        [METRIC_CHAT_CONNECTED] = write_connected,
    [METRIC_CHAT_RESULTS] = write_results,   [METRIC_CHAT_FLIGHT] = write_requests,
    [METRIC_CHAT_COUNTS] = write_counts,     [METRIC_STORE_COMMIT] = write_commits,
    [METRIC_STORE_BYTES] = write_disk,       [METRIC_LOOP_BUSY] = write_busy,
    [METRIC_LOG_LINES] = write_log,          [METRIC_INTAKE] = write_watches,
    [METRIC_INTAKE_LAST] = write_watches,    [METRIC_INTAKE_SILENT] = write_watches,
    [METRIC_INTAKE_SKIPPED] = write_watches, [METRIC_POLL_ROUNDS] = write_polls,
    [METRIC_POLL_FAILURES] = write_polls,    [METRIC_POLL_EVENTS] = write_polls,
    [METRIC_POLL_LAST] = write_polls,        [METRIC_BACK] = write_backs,
    [METRIC_BACK_FAILURES] = write_backs,    [METRIC_BACK_DROPPED] = write_backs,
    [METRIC_BACK_WAITING] = write_backs,
};

static double seconds(msec_t t)
{
    return t == MSEC_NONE || t == MSEC_NEVER || t < 0 ? 0 : (double)t / 1000;
}

static void fill_work(struct sheet *sheet)
{
    struct daemon *daemon = sheet->daemon;
    struct engine_stats stats = engine_stats(daemon->engine);
    struct core_counts counts = core_counts(engine_core(daemon->engine));
    const double from[][2] = {
        {METRIC_UP, health_good(daemon, NULL)},
        {METRIC_PROCESS_START, seconds(daemon->started)},
        {METRIC_EVENTS, (double)stats.events},
        {METRIC_REPEATED, (double)stats.repeated},
        {METRIC_LAST_EVENT, seconds(stats.last_event)},
        {METRIC_INTAKE_UNREAD, (double)failed_count(daemon)},
        {METRIC_HELD, (double)daemon->held.count},
        {METRIC_DECISIONS, (double)stats.decisions},
        {METRIC_RULES, daemon->book->rule_count},
        {METRIC_RULES_PAUSED, (double)counts.paused_rules},
        {METRIC_CONFIG_REFUSED, daemon->refused != NULL},
        {METRIC_CONFIG_TIME, seconds(daemon->configured)},
        {METRIC_SENT, (double)stats.sent},
        {METRIC_DEAD, (double)stats.dead},
        {METRIC_UNKNOWN_SEEN, (double)stats.unknown_seen},
        {METRIC_RETRIES, (double)stats.retries},
        {METRIC_OUTBOX, (double)stats.outbox},
        {METRIC_OUTBOX_UNKNOWN, (double)stats.unknown},
        {METRIC_PEOPLE, (double)counts.people},
        {METRIC_DEALS, (double)counts.deals},
        {METRIC_CONVERSATIONS, (double)counts.open_prompts},
        {METRIC_WATCHDOG, (double)daemon->metrics.watchdog},
        {METRIC_CHAT_LOOKUPS, (double)daemon->metrics.lookups},
        {METRIC_LOG_DROPPED, (double)log_dropped()},
    };
    for (size_t i = 0; i < ARRAY_LEN(from); i++)
        sheet->values[(int)from[i][0]] = from[i][1];
}

static void fill_chat(struct sheet *sheet)
{
    const struct chat_status *chat = &sheet->chat;
    chat_status(sheet->daemon->chat, &sheet->chat);
    sheet->values[METRIC_CHAT_CONNECTIONS] = chat->connections;
    sheet->values[METRIC_CHAT_SIGNINS] = (double)chat->signins;
    sheet->values[METRIC_CHAT_FAILURES] = (double)chat->failures;
    sheet->values[METRIC_CHAT_BUDGET] = chat->signins_spent;
    sheet->values[METRIC_CHAT_FRAME] = seconds(chat->last_frame);
    sheet->values[METRIC_CHAT_LIMITED] = (double)chat->limited;
    sheet->values[METRIC_CHAT_ACKS] = (double)chat->acks;
}

static void fill_store(struct sheet *sheet)
{
    const struct store *store = sheet->daemon->store;
    CLEANUP_FREE char *path = setup_store_path(sheet->daemon->setup);
    struct statvfs disk;
    sheet->values[METRIC_STORE_QUEUED] = (double)store->ops->queued(store);
    if (!statvfs(path, &disk))
        sheet->values[METRIC_STORE_FREE] = (double)disk.f_bavail * (double)disk.f_frsize;
}

static double open_files(void)
{
    DIR *folder = opendir("/proc/self/fd");
    double count = 0;
    while (folder && readdir(folder))
        count++;
    if (folder)
        (void)closedir(folder);           /* it was only read */
    return count > 3 ? count - 3 : count; /* "." and ".." and the folder itself */
}

static double memory_bytes(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file && fscanf(file, "%*u %lu", &pages) != 1)
        pages = 0;
    if (file)
        (void)fclose(file); /* it was only read */
    return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

static double cpu_seconds(const struct timeval *time)
{
    return (double)time->tv_sec + (double)time->tv_usec / 1e6;
}

static void fill_process(struct sheet *sheet)
{
    struct rusage usage = {0};
    struct rlimit files = {0};
    (void)getrusage(RUSAGE_SELF, &usage); /* neither can fail with these arguments */
    (void)getrlimit(RLIMIT_NOFILE, &files);
    sheet->values[METRIC_CPU] = cpu_seconds(&usage.ru_utime) + cpu_seconds(&usage.ru_stime);
    sheet->values[METRIC_MEMORY] = memory_bytes();
    sheet->values[METRIC_FDS] = open_files();
    sheet->values[METRIC_FDS_MAX] = (double)files.rlim_cur;
}

void http_metrics(struct daemon *daemon, struct httpd_request *request)
{
    struct sheet sheet = {.daemon = daemon};
    fill_work(&sheet);
    fill_chat(&sheet);
    fill_store(&sheet);
    fill_process(&sheet);
    for (int i = 0; i < METRICS; i++) {
        sheet.row = (enum metric)i;
        strbuf_printf(&sheet.out, "# HELP %s %s\n# TYPE %s %s\n", rows[i].name, rows[i].help,
                      rows[i].name, rows[i].type);
        if (writers[i]) {
            writers[i](&sheet);
            continue;
        }
        strbuf_puts(&sheet.out, rows[i].name);
        put(&sheet.out, sheet.values[i]);
    }
    httpd_reply(request, 200, "text/plain; version=0.0.4; charset=utf-8", sheet.out.data,
                sheet.out.len, NULL, 0);
    strbuf_done(&sheet.out);
}
