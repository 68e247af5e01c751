/* chat_slack_errors.h: what each error word of Slack means for a request, and for the operator.
 * Layer: wire (pure). */
#pragma once

enum slack_class {
    SLACK_STOP,    /* the bot as a whole cannot work */
    SLACK_REFUSED, /* this request never will */
    SLACK_LATER,   /* nothing was done, try again */
    SLACK_LIMITED, /* the same, after Retry-After */
    SLACK_UNSURE,  /* part of the work may have been done */
    SLACK_NEW,     /* not in the table: as LATER */
};

/* Source: error tables of the methods on docs.slack.dev. */
enum slack_class slack_error_class(const char *error);
const char *slack_error_todo(const char *error); /* for the operator, of a STOP error */
