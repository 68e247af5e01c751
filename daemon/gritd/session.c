#include "gritd/session.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"

/* A token of somebody's, known by its hash. */
struct token {
    unsigned char hash[SHA256_DIGEST_LENGTH];
    char *person; /* NULL: free */
    msec_t until;
    char form[SESSION_TEXT_BYTES]; /* of a session */
};

struct sessions {
    session_random random;
    struct token links[SESSION_LINKS_MOST], open[SESSIONS_MOST];
    msec_t failures_from;
    int failures;
};

struct sessions *sessions_new(session_random random)
{
    struct sessions *sessions = NEW(struct sessions);
    sessions->random = random;
    return sessions;
}

static void forget(struct token *token)
{
    free(token->person);
    OPENSSL_cleanse(token, sizeof(*token));
}

void sessions_free(struct sessions *sessions)
{
    if (!sessions)
        return;
    for (size_t i = 0; i < SESSION_LINKS_MOST; i++)
        forget(&sessions->links[i]);
    for (size_t i = 0; i < SESSIONS_MOST; i++)
        forget(&sessions->open[i]);
    free(sessions);
}

bool session_token(const struct sessions *sessions, char ret[SESSION_TEXT_BYTES])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[SESSION_TOKEN_BYTES];
    if (!sessions->random(bytes, sizeof(bytes)))
        return false;
    for (size_t i = 0; i < sizeof(bytes); i++) {
        ret[2 * i] = digits[bytes[i] >> 4];
        ret[2 * i + 1] = digits[bytes[i] & 15];
    }
    ret[SESSION_TEXT_BYTES - 1] = '\0';
    OPENSSL_cleanse(bytes, sizeof(bytes));
    return true;
}

bool session_is_token(const char *text)
{
    return text && strlen(text) == SESSION_TEXT_BYTES - 1 &&
           strspn(text, "0123456789abcdef") == SESSION_TEXT_BYTES - 1;
}

bool session_same(const char *a, const char *b)
{
    return a && b && strlen(a) == strlen(b) && CRYPTO_memcmp(a, b, strlen(a)) == 0;
}

static void hash_of(const char *text, unsigned char ret[SHA256_DIGEST_LENGTH])
{
    (void)SHA256((const unsigned char *)text, strlen(text), ret); /* returns ret */
}

static struct token *find(const struct token *list, size_t count, const char *text, msec_t now)
{
    unsigned char hash[SHA256_DIGEST_LENGTH];
    if (!session_is_token(text))
        return NULL;
    hash_of(text, hash);
    for (size_t i = 0; i < count; i++) {
        if (list[i].person && now < list[i].until &&
            CRYPTO_memcmp(hash, list[i].hash, sizeof(hash)) == 0)
            return (struct token *)(uintptr_t)&list[i];
    }
    return NULL;
}

/* A free place; else the one that ends first, of this person where there are `each` already. */
static struct token *place_for(struct token *list, size_t count, const char *person, int each,
                               msec_t now)
{
    struct token *free_place = NULL, *own = NULL, *oldest = NULL;
    int owned = 0;
    for (size_t i = 0; i < count; i++) {
        struct token *token = &list[i];
        if (token->person && now >= token->until)
            forget(token);
        if (!token->person) {
            free_place = free_place ? free_place : token;
            continue;
        }
        if (!oldest || token->until < oldest->until)
            oldest = token;
        if (!str_eq(token->person, person))
            continue;
        owned++;
        if (!own || token->until < own->until)
            own = token;
    }
    struct token *place = owned >= each ? own : free_place ? free_place : oldest;
    forget(place);
    return place;
}

bool session_link(struct sessions *sessions, const char *person, msec_t now,
                  char ret_token[SESSION_TEXT_BYTES])
{
    if (!session_token(sessions, ret_token))
        return false;
    struct token *token =
        place_for(sessions->links, SESSION_LINKS_MOST, person, SESSION_LINKS_EACH, now);
    token->person = xstrdup(person);
    token->until = now + SESSION_LINK_LASTS;
    hash_of(ret_token, token->hash);
    return true;
}

bool session_link_holds(const struct sessions *sessions, const char *token, msec_t now)
{
    return find(sessions->links, SESSION_LINKS_MOST, token, now) != NULL;
}

static enum session_result wrong(struct sessions *sessions, msec_t now)
{
    if (now - sessions->failures_from >= MSEC_MINUTE || now < sessions->failures_from) {
        sessions->failures_from = now;
        sessions->failures = 0;
    }
    return ++sessions->failures > SESSION_FAILURES_MOST ? SESSION_TOO_MANY : SESSION_WRONG;
}

enum session_result session_open(struct sessions *sessions, const char *token, msec_t now,
                                 char ret_cookie[SESSION_TEXT_BYTES])
{
    char form[SESSION_TEXT_BYTES];
    struct token *link = find(sessions->links, SESSION_LINKS_MOST, token, now);
    if (!link)
        return wrong(sessions, now);
    if (!session_token(sessions, ret_cookie) || !session_token(sessions, form))
        return SESSION_NO_RANDOM;
    CLEANUP_FREE char *person = link->person;
    link->person = NULL;
    forget(link);
    struct token *open = place_for(sessions->open, SESSIONS_MOST, person, SESSIONS_EACH, now);
    open->person = xstrdup(person);
    open->until = now + SESSION_LASTS;
    hash_of(ret_cookie, open->hash);
    memcpy(open->form, form, sizeof(form));
    return SESSION_OPENED;
}

bool session_find(const struct sessions *sessions, const char *cookie, msec_t now,
                  struct session *ret)
{
    const struct token *token = find(sessions->open, SESSIONS_MOST, cookie, now);
    if (token)
        *ret = (struct session){token->person, token->form};
    return token != NULL;
}

void session_close(struct sessions *sessions, const char *cookie)
{
    struct token *token = find(sessions->open, SESSIONS_MOST, cookie, MSEC_NONE);
    if (token)
        forget(token);
}
