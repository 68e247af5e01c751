#include <string.h>

#include "base/str.h"
#include "wire/out.h"

enum { RETRY_AFTER_DIGITS = 9 }; /* more seconds than that are "very long" */

static msec_t clamp(msec_t wait)
{
    if (wait < MSEC_SECOND)
        return MSEC_SECOND;
    return wait > MSEC_HOUR ? MSEC_HOUR : wait;
}

/* Whole seconds, or with a fraction as Discord writes them; a fraction counts as a second more. */
static bool read_seconds(const char *text, msec_t *ret_wait)
{
    bool negative = *text == '-';
    text += negative || *text == '+';
    size_t digits = strspn(text, "0123456789");
    const char *rest = text + digits;
    bool fraction = *rest == '.';
    if (fraction)
        rest += 1 + strspn(rest + 1, "0123456789");
    if (digits == 0 || rest[strspn(rest, " \t")] != '\0')
        return false;
    msec_t seconds = 0;
    for (size_t i = 0; i < digits && digits <= RETRY_AFTER_DIGITS; i++)
        seconds = seconds * 10 + (text[i] - '0');
    if (digits > RETRY_AFTER_DIGITS)
        seconds = MSEC_DAY;
    *ret_wait = negative ? 0 : (seconds + fraction) * MSEC_SECOND;
    return true;
}

static int two_digits(const char *text)
{
    return (text[0] - '0') * 10 + (text[1] - '0');
}

/* IMF-fixdate only, all of whose fields have their places: the other two forms of HTTP dates are
 * obsolete since 1999. */
static bool read_date(const char *text, msec_t *ret_time)
{
    static const char form[] = "Aaa, 00 Aaa 0000 00:00:00 GMT";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    if (strlen(text) != sizeof(form) - 1)
        return false;
    for (size_t i = 0; form[i]; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == '0' ? !digit : form[i] != 'A' && form[i] != 'a' && form[i] != text[i])
            return false;
    }
    struct civil c = {.year = two_digits(text + 12) * 100 + two_digits(text + 14),
                      .day = two_digits(text + 5),
                      .hour = two_digits(text + 17),
                      .minute = two_digits(text + 20),
                      .second = two_digits(text + 23)};
    while (c.month < 12 && memcmp(months + (size_t)c.month * 3, text + 8, 3) != 0)
        c.month++;
    if (c.month++ == 12 || c.day < 1 || c.day > 31 || c.hour > 23 || c.minute > 59 ||
        c.second > 60 || c.year < 1970)
        return false;
    *ret_time = civil_to_msec(&c);
    return true;
}

msec_t wire_retry_after(const char *raw, msec_t date)
{
    msec_t value;
    if (str_empty(raw))
        return 0;
    raw += strspn(raw, " \t");
    if (read_seconds(raw, &value))
        return clamp(value);
    if (date != MSEC_NONE && read_date(raw, &value))
        return clamp(value - date);
    return 0;
}
