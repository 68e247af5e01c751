/* Addresses: user@domain/resource. */
#include <errno.h>
#include <string.h>

#include "wire/xmpp_private.h"

enum { PART_BYTES = 1023 };

static bool has_control(const char *text)
{
    for (; *text; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return true;
    }
    return false;
}

int xmpp_jid_check(const char *jid, struct err *err)
{
    size_t bare = strcspn(jid, "/");
    const char *at = memchr(jid, '@', bare);
    const char *domain = at ? at + 1 : jid;
    size_t domain_bytes = bare - (size_t)(domain - jid);
    size_t user_bytes = at ? (size_t)(at - jid) : 0;
    const char *resource = jid[bare] ? jid + bare + 1 : NULL;
    if (strnlen(jid, XMPP_JID_BYTES + 1) > XMPP_JID_BYTES || user_bytes > PART_BYTES ||
        domain_bytes > PART_BYTES || (resource && strlen(resource) > PART_BYTES))
        return err_set(err, EINVAL, "the address is too long");
    if (!xml_fits(jid) || has_control(jid))
        return err_set(err, EINVAL, "the address has characters that cannot be in one");
    if ((at && !user_bytes) || !domain_bytes || (resource && !*resource))
        return err_set(err, EINVAL, "'%.200s' is not an address of the form user@domain", jid);
    size_t bad = strcspn(jid, " \"&'<>");
    if (bad < bare)
        return err_set(err, EINVAL, "'%c' cannot be in the address '%.200s'", jid[bad], jid);
    if (memchr(jid, ':', user_bytes) || memchr(domain, '@', domain_bytes))
        return err_set(err, EINVAL, "'%.200s' is not an address of the form user@domain", jid);
    return 0;
}

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

const char *xmpp_jid_bare(struct arena *arena, const char *jid)
{
    char *bare = arena_strndup(arena, jid, strcspn(jid, "/"));
    for (char *p = bare; *p; p++)
        *p = small(*p);
    return bare;
}

bool xmpp_jid_same(const char *a, const char *b)
{
    if (!a || !b)
        return false;
    while (*a && *a != '/' && small(*a) == small(*b))
        a++, b++;
    return (!*a || *a == '/') && (!*b || *b == '/');
}
