/* post.h: changes of a post, by the API and by people. */
#pragma once
#include <jansson.h>
#include <stdbool.h>

struct fake;
struct post;

/* message and props NULL: stay as they are. */
void post_change(struct fake *f, struct post *p, const char *message, const json_t *props);
void post_delete(struct fake *f, struct post *p);
void post_react(struct fake *f, struct post *p, const char *user, const char *name, bool add);
