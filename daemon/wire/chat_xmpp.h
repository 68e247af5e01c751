/* chat_xmpp.h: what the files of the platform xmpp share; nobody else includes it.
 * Layer: wire (pure). Lifetime: process.
 *
 * chat_xmpp.c options, connections and time; chat_xmpp_out.c what we send and ask;
 * chat_xmpp_items.c what the session tells. */
#pragma once
#include "base/str.h"
#include "wire/chat.h"
#include "wire/xmpp.h"

enum { XMPP_TEXT_POINTS = 3000 };

enum xmpp_option { XMPP_URL, XMPP_JID, XMPP_PASSWORD, XMPP_RESOURCE, XMPP_DOMAINS, XMPP_OPTIONS };

/* COUNT(enumerator, name) */
#define XMPP_COUNT_LIST(COUNT)                                                                     \
    COUNT(FOREIGN, "foreign_domain")     /* said or asked by somebody of no domain of ours */      \
    COUNT(BOUNCED_LATE, "bounced_late")  /* came back after the server had taken it */             \
    COUNT(NO_ARCHIVE, "nothing_to_read") /* catch-ups without an archive */                        \
    COUNT(RESUMED, "resumed")            /* connections that went on where another broke */        \
    COUNT(NOT_KEPT, "words_not_kept")    /* dropped for the server to deliver again */

enum xmpp_count {
#define COUNT(name, text) XMPP_COUNT_##name,
    XMPP_COUNT_LIST(COUNT)
#undef COUNT
        XMPP_COUNTS
};

/* A look-up that waits for its turn. */
struct xmpp_ask {
    struct xmpp_ask *next;
    char *key, *with;
    msec_t since;
};

struct chat_xmpp {
    struct xmpp *session;
    struct xmpp_out out; /* of the call under way */
    char *url, *next_url;
    char *domains; /* " one two " in small letters */
    char *source;
    unsigned char secret[CHAT_SECRET_BYTES];
    uint64_t nonces;

    uint32_t conn;
    bool opening; /* conn is open and the session does not know yet */
    msec_t now;   /* of the last call that said */

    struct xmpp_ask *first, **last;

    /* One reading of the archive answers for all places. */
    unsigned places; /* that wait */
    bool owed;       /* a reading failed, and will be asked for again */
    bool reading;
    bool at_once;      /* inside the call that asks for it */
    msec_t read_from;  /* by the one under way */
    msec_t want_from;  /* by the places */
    msec_t known_from; /* all that came after is known; MSEC_NEVER */

    struct chat_counter counters[XMPP_COUNTS];
};

void chat_xmpp_counted(struct chat_xmpp *chat, enum xmpp_count which);
bool chat_xmpp_knows_domain(const struct chat_xmpp *chat, const char *jid);

/* Does what is in chat->out, and sets the timer. fresh: chat->now is now. */
void chat_xmpp_run(struct chat_xmpp *chat, bool fresh, struct wire_out *out);

/* chat_xmpp_items.c */
void chat_xmpp_do(struct chat_xmpp *chat, const struct xmpp_item *item, struct wire_out *out);

/* chat_xmpp_out.c */
void chat_xmpp_send(void *state, const struct message *message, const struct chat_place *place,
                    msec_t now, struct wire_out *out);
void chat_xmpp_look_up(void *state, const char *key, const struct chat_place *place, msec_t sent_at,
                       struct wire_out *out);
void chat_xmpp_catch_up(void *state, const struct chat_place *place, msec_t since,
                        struct wire_out *out);
/* Whether something waits that could begin when there is a session. */
bool chat_xmpp_waits(const struct chat_xmpp *chat);
void chat_xmpp_begin(struct chat_xmpp *chat, struct wire_out *out); /* as much of it as can */
void chat_xmpp_caught_up(struct chat_xmpp *chat, msec_t again_ms, struct wire_out *out);
/* There is no connection: look-ups and catching up end. */
void chat_xmpp_give_up(struct chat_xmpp *chat, struct wire_out *out);
