/* Where in our source a line is written says nothing: it is always the same place. */
#define SD_JOURNAL_SUPPRESS_LOCATION
#include "io/log.h"

#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <systemd/sd-journal.h>
#include <time.h>
#include <unistd.h>

#include "base/jsonw.h"
#include "base/str.h"

static enum log_level log_max = LEVEL_INFO;
static enum log_format log_form = LOG_TEXT;
static atomic_uint_least64_t counts[LEVEL_DEBUG + 1], all_dropped;

uint64_t log_lines(enum log_level level)
{
    return atomic_load(&counts[level]);
}

uint64_t log_dropped(void)
{
    return atomic_load(&all_dropped);
}

static const struct {
    const char *word;
    int priority; /* of syslog */
} levels[] = {[LEVEL_ERROR] = {"error", 3},
              [LEVEL_WARNING] = {"warning", 4},
              [LEVEL_INFO] = {"info", 6},
              [LEVEL_DEBUG] = {"debug", 7}};

/* systemd says in JOURNAL_STREAM which device and inode its stream has. */
static bool stderr_is_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    struct stat info;
    char mine[64];
    if (!stream || fstat(STDERR_FILENO, &info))
        return false;
    (void)snprintf(mine, sizeof(mine), "%llu:%llu", (unsigned long long)info.st_dev,
                   (unsigned long long)info.st_ino); /* fits */
    return str_eq(mine, stream);
}

void log_open(enum log_level level, enum log_format format)
{
    log_max = level;
    log_form = format;
    if (format == LOG_AUTO)
        log_form = stderr_is_journal() ? LOG_JOURNAL : LOG_TEXT;
}

/* Whether a line can be written without waiting. Whoever reads our log may have stopped: a full
 * pipe must not hold the daemon up. A pipe that is ready takes PIPE_BUF bytes, more than a line
 * has. */
static bool has_room(void)
{
    struct pollfd fd = {.fd = STDERR_FILENO, .events = POLLOUT};
    return poll(&fd, 1, 0) > 0 && (fd.revents & POLLOUT);
}

static void write_line(const struct strbuf *line)
{
    static atomic_uint dropped; /* lines, since the last one that could be written */
    if (!has_room()) {
        atomic_fetch_add(&dropped, 1);
        atomic_fetch_add(&all_dropped, 1);
        return;
    }
    ssize_t done;
    unsigned lost = atomic_exchange(&dropped, 0);
    if (lost) {
        char text[64];
        int length = snprintf(text, sizeof(text), "log: %u lines were dropped\n", lost); /* fits */
        done = write(STDERR_FILENO, text, (size_t)length);
    }
    if (!lost || has_room())
        done = write(STDERR_FILENO, line->data, line->len);
    (void)done; /* a log that cannot be written must not stop anything */
}

/* What comes from outside (a path, a platform's word) must not make lines of its own. */
static void one_line(char *text)
{
    for (; *text; text++) {
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            *text = ' ';
    }
}

void log_at(enum log_level level, const char *area, const char *format, ...)
{
    char text[2048];
    va_list args;
    if (level > log_max)
        return;
    atomic_fetch_add(&counts[level], 1);
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args); /* cut at the end is fine */
    va_end(args);
    one_line(text);
    if (log_form == LOG_JOURNAL) {
        (void)sd_journal_send("MESSAGE=%s", text, "PRIORITY=%i", levels[level].priority,
                              "GRITD_AREA=%s", area, NULL); /* see write_line */
        return;
    }
    struct timespec now;
    struct strbuf line = {0};
    char stamp[MSEC_TEXT_BYTES];
    (void)clock_gettime(CLOCK_REALTIME, &now); /* cannot fail for this clock */
    (void)msec_format(now.tv_sec * MSEC_SECOND + now.tv_nsec / 1000000, stamp);
    if (log_form == LOG_JSON) {
        struct jsonw json;
        jsonw_begin(&json, &line);
        jsonw_object(&json, NULL);
        jsonw_text(&json, "at", stamp);
        jsonw_text(&json, "level", levels[level].word);
        jsonw_text(&json, "area", area);
        jsonw_text(&json, "text", text);
        jsonw_object_end(&json);
        strbuf_putc(&line, '\n');
    } else {
        strbuf_printf(&line, "%s %-7s %s: %s\n", stamp, levels[level].word, area, text);
    }
    write_line(&line);
    strbuf_done(&line);
}
