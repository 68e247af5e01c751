/* views.h: modals, home tabs and the trigger ids that open them.
 * Lifetime: until reset; closed views stay known. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "map.h"

enum { VIEWS_STACK_MAX = 3 };

struct fake;

struct view {
    char id[24], hash[40];
    char root[24], previous[24]; /* previous "": the first of its stack */
    char *user;
    json_t *content; /* as the app gave it */
    bool open, home;
    int updates;
};

struct views {
    struct view **v;
    size_t n, cap;
    struct map triggers;
};

void views_done(struct views *vs);
struct view *views_find(const struct views *vs, const char *id);
struct view *views_find_external(const struct views *vs, const char *external_id);
/* The open view the user looks at, NULL if there is none. */
struct view *views_top(const struct views *vs, const char *user);
struct view *views_home(const struct views *vs, const char *user);
/* content gets one more reference. below NULL: a new stack. */
struct view *views_add(struct fake *f, const char *user, json_t *content, struct view *below);
void views_replace(struct view *v, json_t *content);
void views_close_stack(struct views *vs, const struct view *v);
int views_depth(const struct views *vs, const struct view *v);
/* The view object as Slack shows it; values (taken over) NULL: none typed in. */
json_t *views_object_new(const struct view *v, json_t *values);
void views_write(struct buf *out, const struct view *v);
void views_write_all(const struct views *vs, struct buf *out);

enum { VIEWS_TRIGGER = 64 };
/* Valid once and for trigger_ttl_ms; view_id: the view it was made in, or NULL. */
void views_trigger_new(struct fake *f, const char *user, const char *view_id,
                       char ret_id[VIEWS_TRIGGER]);
/* NULL or Slack's error name; *ret_user is good until reset, ret_view_id "" without a view. */
const char *views_trigger_use(struct fake *f, const char *id, const char **ret_user,
                              char ret_view_id[24]);
