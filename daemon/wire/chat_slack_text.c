#include <errno.h>
#include <string.h>

#include "wire/chat_slack.h"

static const struct {
    char plain;
    const char *entity;
} entities[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}};

static const char *entity_of(char c)
{
    for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
        if (entities[i].plain == c)
            return entities[i].entity;
    }
    return NULL;
}

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* Bytes of `text` whose escaped form has at most `max_points`; entities are never split. */
static size_t fitting(const char *text, size_t max_points)
{
    size_t points = 0, i = 0;
    for (; text[i]; i++) {
        const char *entity = entity_of(text[i]);
        points += entity ? strlen(entity) : !is_continuation(text[i]);
        if (points > max_points)
            break;
    }
    return i;
}

void slack_escape(struct strbuf *out, const char *text, size_t max_points)
{
    size_t len = strlen(text), keep = fitting(text, max_points);
    if (keep < len)
        keep = fitting(text, max_points - 1);
    const char *start = text, *end = text + keep;
    for (const char *p = text; p < end; p++) {
        const char *entity = entity_of(*p);
        if (!entity)
            continue;
        strbuf_add(out, start, (size_t)(p - start));
        strbuf_puts(out, entity);
        start = p + 1;
    }
    strbuf_add(out, start, (size_t)(end - start));
    if (keep < len)
        strbuf_puts(out, "\xE2\x80\xA6"); /* the ellipsis */
}

static size_t decode_entity(const char *text, char *ret)
{
    for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
        size_t len = strlen(entities[i].entity);
        if (strncmp(text, entities[i].entity, len) == 0) {
            *ret = entities[i].plain;
            return len;
        }
    }
    return 0;
}

/* Copies text[0..len) with entities decoded; returns the new end. */
static char *decode(char *to, const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        char plain;
        size_t used = text[i] == '&' ? decode_entity(text + i, &plain) : 0;
        *to++ = used ? plain : text[i];
        i += used ? used : 1;
    }
    return to;
}

/* What stands between < and >: a mention, a channel, a special word or a link, with or without
 * a label. The label is what the person saw. */
static char *decode_token(char *to, const char *token, size_t len)
{
    const char *bar = memchr(token, '|', len);
    char kind = len ? *token : '\0';
    const char *shown = bar ? bar + 1 : token;
    size_t shown_len = len - (size_t)(shown - token);
    if (kind == '#' && bar && shown_len > 0)
        *to++ = '#';
    if (kind == '!' && !bar && shown_len > 0) {
        *to++ = '@';
        shown++, shown_len--;
    }
    return decode(to, shown, shown_len);
}

const char *slack_unescape(struct arena *arena, const char *text)
{
    size_t len = strlen(text);
    char *plain = arena_alloc(arena, len + 2), *to = plain;
    const char *end = text + len;
    while (text < end) {
        const char *open = memchr(text, '<', (size_t)(end - text));
        const char *close = open ? memchr(open, '>', (size_t)(end - open)) : NULL;
        to = decode(to, text, (size_t)((close ? open : end) - text));
        if (!close)
            break;
        to = decode_token(to, open + 1, (size_t)(close - open) - 1);
        text = close + 1;
    }
    *to = '\0';
    plain[utf8_prefix(plain, SLACK_TEXT_POINTS)] = '\0';
    return plain;
}

int slack_time(const char *ts, msec_t *ret)
{
    int64_t seconds = 0, fraction = 0;
    size_t digits = ts ? strspn(ts, "0123456789") : 0;
    if (digits == 0 || digits > 12)
        return -EINVAL;
    for (size_t i = 0; i < digits; i++)
        seconds = seconds * 10 + (ts[i] - '0');
    ts += digits;
    int scale = 100;
    for (ts += *ts == '.'; *ts >= '0' && *ts <= '9'; ts++, scale /= 10)
        fraction += (*ts - '0') * scale;
    if (*ts)
        return -EINVAL;
    *ret = seconds * MSEC_SECOND + fraction;
    return 0;
}
