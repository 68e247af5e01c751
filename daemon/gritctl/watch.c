#include "gritctl/watch.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/alloc.h"

enum { AGAIN_MS = 1000, ROWS = 24, COLUMNS = 80 };

/* Alternate screen, no cursor; and back. Source: ECMA-48, and xterm's private modes. */
#define SCREEN_BEGIN "\x1b[?1049h\x1b[?25l"
#define SCREEN_END   "\x1b[?25h\x1b[?1049l"
#define SCREEN_HOME  "\x1b[H"
#define LINE_END     "\x1b[K\r\n" /* what is left of the old line goes */
#define SCREEN_REST  "\x1b[J"

static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
    if (number != SIGWINCH) /* that one only ends the wait: the picture is drawn anew */
        stopped = 1;
}

static void catch_signals(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGWINCH};
    const struct sigaction action = {.sa_handler = on_signal}; /* without SA_RESTART: poll ends */
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
        (void)sigaction(numbers[i], &action, NULL); /* valid signals */
}

static void window(size_t *ret_rows, size_t *ret_columns)
{
    struct winsize size;
    bool known = !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
    *ret_rows = known && size.ws_row ? size.ws_row : ROWS;
    *ret_columns = known && size.ws_col ? size.ws_col : COLUMNS;
}

static void write_all(const struct strbuf *out)
{
    for (size_t done = 0; done < out->len;) {
        ssize_t some = write(STDOUT_FILENO, out->data + done, out->len - done);
        if (some <= 0)
            return; /* a terminal that is gone ends us by its signal */
        done += (size_t)some;
    }
}

/* The whole picture in one write: each line over the old one, cut to the window. */
static void draw(const char *text)
{
    size_t rows, columns;
    struct strbuf out = {0};
    window(&rows, &columns);
    strbuf_puts(&out, SCREEN_HOME);
    for (size_t row = 0; *text && row + 1 < rows; row++) {
        size_t length = strcspn(text, "\n");
        CLEANUP_FREE char *line = xcalloc(1, length + 1);
        memcpy(line, text, length);
        strbuf_add(&out, line, utf8_prefix(line, columns - 1));
        strbuf_puts(&out, LINE_END);
        text += length + (text[length] == '\n');
    }
    strbuf_puts(&out, SCREEN_REST "q ends" LINE_END);
    out.len -= strlen("\r\n"); /* the last line must not scroll the window */
    write_all(&out);
    strbuf_done(&out);
}

/* Waits for a second, a key or a signal. True: it is to end. */
static bool wait_key(bool keys)
{
    struct pollfd fd = {.fd = keys ? STDIN_FILENO : -1, .events = POLLIN};
    char key = 0;
    int got = poll(&fd, 1, AGAIN_MS);
    if (got > 0 && read(STDIN_FILENO, &key, 1) <= 0)
        return true;
    return stopped || key == 'q' || key == 'Q' || key == 4 /* ctrl-d */ || key == 3 /* ctrl-c */;
}

static int draw_until_stopped(struct call *call, int (*look)(struct call *call, struct strbuf *out))
{
    struct termios before, raw;
    bool keys = !tcgetattr(STDIN_FILENO, &before);
    struct strbuf begin = {0}, end = {0};
    if (keys) {
        raw = before;
        raw.c_lflag &= (tcflag_t) ~(ICANON | ECHO);
        (void)tcsetattr(STDIN_FILENO, TCSANOW, &raw); /* else q needs a return key */
    }
    strbuf_puts(&begin, SCREEN_BEGIN);
    write_all(&begin);
    call->quiet = true; /* what is wrong stands in the picture */
    do {
        struct strbuf out = {0};
        if (look(call, &out) == CTL_UNREACHABLE)
            strbuf_puts(&out, "gritd is not reachable; looking again every second\n");
        draw(strbuf_text(&out));
        strbuf_done(&out);
    } while (!wait_key(keys));
    strbuf_puts(&end, SCREEN_END);
    write_all(&end);
    strbuf_done(&begin);
    strbuf_done(&end);
    if (keys)
        (void)tcsetattr(STDIN_FILENO, TCSANOW, &before); /* as it was */
    return CTL_OK;
}

static int print_until_stopped(struct call *call,
                               int (*look)(struct call *call, struct strbuf *out))
{
    int status;
    do {
        struct strbuf out = {0};
        status = look(call, &out);
        if (!call->json)
            strbuf_puts(&out, status ? "" : "\n");
        (void)fputs(strbuf_text(&out), stdout); /* looked at below */
        strbuf_done(&out);
    } while (!fflush(stdout) && !wait_key(false));
    return stopped ? CTL_OK : status;
}

int watch_run(struct call *call, int (*look)(struct call *call, struct strbuf *out))
{
    catch_signals();
    return call->terminal && !call->json ? draw_until_stopped(call, look)
                                         : print_until_stopped(call, look);
}
