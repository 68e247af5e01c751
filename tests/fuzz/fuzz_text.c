/* Any bytes as a template: refused with words, or rendered twice to the same bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OUT_BYTES = 1 << 16 };

/* The first letter of a name decides what it is, so that every kind of section is met. */
static struct text_node lookup(void *user, const void *scope, const char *name, long bound)
{
    static const struct text_node kinds[] = {
        {TEXT_VALUE, "value <&\">", NULL}, {TEXT_LIST, NULL, "list"}, {TEXT_OBJECT, NULL, "object"},
        {TEXT_FALSE, NULL, NULL},          {TEXT_VALUE, "", NULL},    {TEXT_MISSING, NULL, NULL}};
    (void)user;
    if ((scope && bound % 2) || bound != (long)strlen(name))
        return (struct text_node){.kind = TEXT_MISSING};
    return kinds[(unsigned char)name[0] % ARRAY_LEN(kinds)];
}

static struct text_node item(void *user, const void *list, size_t index)
{
    (void)user;
    if (index >= 3)
        return (struct text_node){.kind = TEXT_MISSING};
    if (index == 2)
        return (struct text_node){.kind = TEXT_LIST, .data = list};
    return (struct text_node){.kind = index ? TEXT_OBJECT : TEXT_VALUE, .value = "i", .data = list};
}

static const char *filter(void *user, const char *name, struct text_node node)
{
    (void)user;
    return name[0] == 'd' ? node.value : NULL;
}

static long bind_length(void *user, const char *name, struct err *err)
{
    (void)user;
    if (name[0] == 'z')
        return err_set(err, 22, "'%s' is refused", name);
    return (long)strlen(name);
}

static void visit(void *user, const char *name, long bound)
{
    if ((long)strlen(name) != bound && strcmp(name, ".") != 0)
        abort();
    ++*(int *)user;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const filters[] = {"date", "money", NULL};
    static const struct text_source source = {.lookup = lookup, .item = item, .filter = filter};
    char *template = xstrndup((const char *)data, size);
    struct err err = {0};
    struct text *text = NULL;
    if (text_compile(template, filters, bind_length, NULL, &err, &text)) {
        if (!err.code || !err.text[0] || text)
            abort();
        free(template);
        return 0;
    }
    struct strbuf out[2];
    int missing[2] = {-1, -1}, names = 0;
    for (int i = 0; i < 2; i++) {
        strbuf_init(&out[i], OUT_BYTES);
        text_render(text, &source, &out[i], &missing[i]);
    }
    text_each_name(text, visit, &names);
    if (strcmp(strbuf_text(&out[0]), strbuf_text(&out[1])) != 0 || missing[0] != missing[1] ||
        (size_t)(missing[0] + names) > size || strcmp(text_template(text), template) != 0)
        abort();
    if (!strstr(template, "{{") && !out[0].overflow && strcmp(strbuf_text(&out[0]), template) != 0)
        abort();
    strbuf_done(&out[0]);
    strbuf_done(&out[1]);
    text_free(text);
    free(template);
    return 0;
}
