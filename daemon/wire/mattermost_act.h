/* mattermost_act.h: what people do with a message: buttons, forms, words.
 * Layer: wire (pure). Source: Mattermost, "Interactive messages" and "Interactive dialogs"; the
 * server signs nothing, so what we are called with carries a signature of ours. */
#pragma once
#include "wire/mattermost.h"

enum { MM_SIGN_BYTES = 33, MM_CALL_BYTES = 64 * 1024, MM_ANSWER_POINTS = 2000 };

/* --- written into a message --- */

/* A member of props with a comma before it: attachments with buttons whose clicks come to
 * mm->actions. */
void mm_buttons_write(struct mattermost *mm, const struct message *message, const char *key,
                      const char *user, struct strbuf *to, struct wire_out *out);

/* 32 hex digits over the parts of a click. NULL counts as "". */
void mm_sign(const char *secret, const char *key, const char *button, const char *choice,
             const char *user, char ret[MM_SIGN_BYTES]);

/* --- read from what comes in --- */

struct mm_act {
    const char *key, *button;
    const char *choice;  /* or NULL */
    const char *text;    /* of a form, or NULL */
    const char *user;    /* who did it */
    const char *form;    /* what is to be asked first, a kind of input; or NULL */
    const char *label;   /* of that form */
    const char *trigger; /* opens it within 3 s; of a form that was sent: what tells it apart */
    const char *post;    /* "" of a form */
    bool submitted;      /* a form */
    bool cancelled;      /* a form that was closed: nothing happened */
};

/* A call of the server at mm->actions, of a button as well as of a form. user is proven by the
 * server only: the address must not be reachable for others.
 *
 * Owns:   the texts live in the arena.
 * Errors: -EINVAL not such a call; -EACCES the signature is not ours; -EPERM the person is not the
 * one we wrote. */
int mm_act_read(const struct mattermost *mm, const char *body, size_t len, struct arena *arena,
                struct err *err, struct mm_act *ret);
/* Asks the server to show the form that the act wants first. */
void mm_form_open(struct mattermost *mm, const struct mm_act *act, struct wire_out *out);
/* The event of an act that wants nothing first. conn: the call that is answered once it is durable;
 * 0: none. */
void mm_act_event(const struct mattermost *mm, const struct mm_act *act, uint32_t conn, msec_t now,
                  struct wire_out *out);

/* --- what people said --- */

/* Adds an event for a post of a person. Returns false for all other posts. */
bool mm_said(const struct mattermost *mm, const struct mm_post *post, uint32_t conn,
             struct wire_out *out);
/* Reads what was written in one place since then, while no websocket was there. Leads to exactly
 * one CAUGHT_UP. Posts that were taken already come once more: their ids tell. */
void mm_catch_up(struct mattermost *mm, const struct chat_place *place, msec_t since,
                 struct wire_out *out);
/* Handles MISSED_DIRECT and MISSED. */
void mm_missed_reply(struct mattermost *mm, const struct wire_tag *tag,
                     const struct wire_reply *reply, struct wire_out *out);
