/* gritctl words: a file of words to begin with: every sentence of the daemon, in English. */
#include <stdio.h>

#include "base/str.h"
#include "core/speech.h"
#include "gritctl/ctl.h"

/* In double quotes, as YAML reads them. */
static void put_quoted(struct strbuf *out, const char *text)
{
    strbuf_putc(out, '"');
    for (; *text; text++) {
        if (*text == '\n')
            strbuf_puts(out, "\\n");
        else if (*text == '"' || *text == '\\')
            strbuf_printf(out, "\\%c", *text);
        else
            strbuf_putc(out, *text);
    }
    strbuf_putc(out, '"');
}

static int run(struct call *call)
{
    struct strbuf out = {0};
    if (call->arg_count && !language_ok(call->args[0]))
        return call_usage(call, "'%s' is no language; write de or pt-BR", call->args[0]);
    strbuf_puts(&out, "# What gritd says itself. Change the words, keep the values (%s, %d); with "
                      "%1$s, %2$s they can change places.\n"
                      "# Leave out what you leave as it is. Name the file under words: in "
                      "gritd.yaml.\n");
    if (call->arg_count)
        strbuf_printf(&out, "language: %s\n", call->args[0]);
    strbuf_puts(&out, "words:\n");
    for (size_t i = 0; i < phrase_count(); i++) {
        strbuf_printf(&out, "  %s: ", phrase_at(i)->name);
        put_quoted(&out, phrase_at(i)->english);
        strbuf_putc(&out, '\n');
    }
    (void)fputs(strbuf_text(&out), stdout);
    strbuf_done(&out);
    return CTL_OK;
}

const struct command command_words = {
    .name = "words",
    .args = "[LANGUAGE]",
    .help = "a file with all that gritd says itself, to rephrase or translate",
    .more = "gritctl words de > words.de.yaml, then in gritd.yaml: words: [words.de.yaml].\n"
            "People get them by `language: de` in people.yaml; without a language they are for "
            "everybody.",
    .args_max = 1,
    .run = run,
};
