/* The macros of man(7), and text that cannot be taken for one. */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "gritctl/man.h"

/* At the start of a line a dot or an apostrophe would be a macro. */
static void put_char(char c, bool at_start)
{
    if (at_start && (c == '.' || c == '\''))
        (void)fputs("\\&", stdout);
    if (c == '\\')
        (void)fputs("\\e", stdout);
    else if (c == '-')
        (void)fputs("\\-", stdout);
    else if (c == '\'')
        (void)fputs("\\(aq", stdout);
    else if (c == '`')
        (void)fputs("\\(ga", stdout);
    else if (c == '^')
        (void)fputs("\\(ha", stdout);
    else if (c == '~')
        (void)fputs("\\(ti", stdout);
    else
        (void)putchar(c);
}

/* On one line: any run of spaces and line breaks is one space. */
static void put_words(const char *text)
{
    bool bold = false, start = true;
    for (const char *at = text; *at; at++) {
        if (str_starts(at, "**")) {
            bold = !bold;
            (void)fputs(bold ? "\\fB" : "\\fR", stdout);
            at++;
            start = false;
            continue;
        }
        bool space = *at == ' ' || *at == '\n';
        if (space && (start || at[1] == ' ' || at[1] == '\n' || !at[1]))
            continue;
        put_char(space ? ' ' : *at, start);
        start = false;
    }
    if (!start)
        (void)putchar('\n');
}

void man_begin(const char *name, int section, const char *about)
{
    (void)printf(".\\\" made by gritctl manual\n.TH ");
    for (const char *at = name; *at; at++)
        (void)putchar(*at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at);
    (void)printf(" %d \"\" \"gritd %s\" \"gritd\"\n.SH NAME\n%s \\- %s\n", section, GRITD_VERSION,
                 name, about);
}

void man_section(const char *title)
{
    (void)printf(".SH \"%s\"\n", title);
}

void man_part(const char *title)
{
    (void)printf(".SS \"");
    for (; *title; title++)
        put_char(*title, false);
    (void)puts("\"");
}

void man_text(const char *text)
{
    while (*text) {
        const char *end = strstr(text, "\n\n");
        size_t length = end ? (size_t)(end - text) : strlen(text);
        struct strbuf part = {0};
        strbuf_add(&part, text, length);
        (void)puts(".PP");
        put_words(strbuf_text(&part));
        strbuf_done(&part);
        text += length + (end ? strlen("\n\n") : 0);
    }
}

void man_lines(const char *text)
{
    bool start = true;
    (void)puts(".PP\n.nf");
    for (; *text; text++) {
        if (*text == '\n' && start)
            (void)puts(".sp");
        else
            put_char(*text, start);
        start = *text == '\n';
    }
    (void)puts(start ? ".fi" : "\n.fi");
}

void man_item(const char *term, const char *value, const char *text)
{
    (void)fputs(".TP\n\\fB", stdout);
    for (const char *at = term; *at; at++)
        put_char(*at, false);
    (void)fputs("\\fR", stdout);
    if (value) {
        (void)fputs(" \\fI", stdout);
        for (const char *at = value; *at; at++)
            put_char(*at, false);
        (void)fputs("\\fR", stdout);
    }
    (void)putchar('\n');
    put_words(text);
}

void man_see_also(const char *list)
{
    man_section("SEE ALSO");
    man_text(list);
}
