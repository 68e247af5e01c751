/* react.h: emoji reactions on stored messages. */
#pragma once

struct message;

/* NULL or Slack's error name. */
const char *react_add(struct message *m, const char *user, const char *name);
const char *react_remove(struct message *m, const char *user, const char *name);
