#include "dir.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "fake.h"
#include "util.h"

static const char *const zones[] = {
    "Europe/Berlin",    "America/New_York", "Asia/Kolkata",      "America/Los_Angeles",
    "Australia/Sydney", "Asia/Tokyo",       "America/Sao_Paulo", "Africa/Johannesburg",
};

static void free_user(struct user *u)
{
    free(u->id);
    free(u->name);
    free(u->email);
    free(u->head);
    free(u->tail);
    free(u->presence);
    free(u->dnd);
    free(u);
}

void dir_done(struct dir *d)
{
    for (size_t i = 0; i < d->n; i++)
        free_user(d->v[i]);
    free(d->v);
    map_done(&d->by_id, NULL);
    map_done(&d->by_email, NULL);
    *d = (struct dir){0};
}

/* Seconds east of UTC right now, as Slack's tz_offset. */
static long zone_offset(const char *zone)
{
    static char last_zone[64];
    static long last_offset;
    time_t now = time(NULL);
    struct tm tm;

    if (strcmp(zone, last_zone) != 0) {
        util_copy(last_zone, sizeof last_zone, zone);
        (void)setenv("TZ", zone, 1); /* nothing else here depends on TZ */
        tzset();
        (void)localtime_r(&now, &tm); /* in range */
        last_offset = tm.tm_gmtoff;
        (void)setenv("TZ", "UTC", 1);
        tzset();
    }
    return last_offset;
}

struct user *dir_user(const struct fake *f, const char *id)
{
    return map_get(&f->dir.by_id, id);
}

static void lower(const char *email, char *dst, size_t size)
{
    util_copy(dst, size, email);
    for (; *dst; dst++)
        *dst = (char)tolower((unsigned char)*dst);
}

struct user *dir_user_by_email(const struct fake *f, const char *email)
{
    char key[256];

    lower(email, key, sizeof key);
    return map_get(&f->dir.by_email, key);
}

void dir_write(struct buf *out, const struct user *u, bool with_email)
{
    buf_str(out, u->head);
    if (with_email && u->email) {
        buf_str(out, "\"email\":");
        buf_json(out, u->email);
        buf_str(out, ",");
    }
    buf_str(out, u->tail);
}

/* The object as it was, to merge changes into. */
static json_t *object_new(const struct user *u)
{
    struct buf b = {0};

    dir_write(&b, u, true);
    json_t *o = json_loadb(b.p, b.len, 0, NULL);
    buf_done(&b);
    return o;
}

static json_t *default_object(const char *id)
{
    return json_pack("{s:s,s:s,s:b,s:s,s:s,s:b,s:b,s:b,s:b,s:b,s:b,s:i,s:s,s:s,"
                     "s:{s:s,s:s,s:s,s:i,s:s,s:{}}}",
                     "id", id, "team_id", FAKE_TEAM, "deleted", 0, "color", "9f69e7", "tz",
                     "Europe/Berlin", "is_admin", 0, "is_owner", 0, "is_restricted", 0,
                     "is_ultra_restricted", 0, "is_bot", 0, "is_app_user", 0, "updated", 1700000000,
                     "locale", "en-US", "who_can_share_contact_card", "EVERYONE", "profile",
                     "display_name", "", "status_text", "", "status_emoji", "", "status_expiration",
                     0, "x_fake_unknown", "1", "fields");
}

/* Members that callers give at the top for convenience but Slack keeps in profile. */
static bool belongs_to_profile(const char *key)
{
    static const char *const keys[] = {"email",        "display_name",      "status_text",
                                       "status_emoji", "status_expiration", "fields",
                                       "huddle_state"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strcmp(key, keys[i]) == 0)
            return true;
    }
    return false;
}

static void merge(json_t *o, const json_t *given)
{
    json_t *profile = json_object_get(o, "profile"), *v;
    const char *key;

    /* Setting with the reference counts kept right cannot fail on objects that parsed. */
    json_object_foreach((json_t *)(uintptr_t)given, key, v)
    {
        if (belongs_to_profile(key))
            (void)json_object_set(profile, key, v);
        else if (strcmp(key, "profile") == 0)
            (void)json_object_update(profile, v);
        else if (strcmp(key, "presence") != 0 && strcmp(key, "dnd") != 0 &&
                 strcmp(key, "announce") != 0)
            (void)json_object_set(o, key, v);
    }
    const char *real = json_string_value(json_object_get(o, "real_name"));
    const char *tz = json_string_value(json_object_get(o, "tz"));
    const char *id = json_string_value(json_object_get(o, "id"));
    (void)json_object_set_new(profile, "real_name", json_string(real ? real : id));
    if (!real)
        (void)json_object_set_new(o, "real_name", json_string(id));
    if (!json_object_get(o, "name"))
        (void)json_object_set_new(o, "name", json_string(id));
    (void)json_object_set_new(o, "tz_label", json_string(tz ? tz : ""));
    (void)json_object_set_new(o, "tz_offset", json_integer(tz ? zone_offset(tz) : 0));
}

static void replace_text(char **dst, const char *s)
{
    char *copy = s ? util_dup(s) : NULL;

    free(*dst);
    *dst = copy;
}

/* Turns the object into the texts dir_write puts together. Takes o. */
static void freeze(struct user *u, json_t *o)
{
    struct buf b = {0};
    json_t *profile = json_incref(json_object_get(o, "profile"));
    const char *email = json_string_value(json_object_get(profile, "email"));

    replace_text(&u->email, email && email[0] ? email : NULL);
    replace_text(&u->name, json_string_value(json_object_get(o, "name")));
    u->deleted = json_is_true(json_object_get(o, "deleted"));
    u->bot = json_is_true(json_object_get(o, "is_bot"));
    (void)json_object_del(profile, "email"); /* may be missing */
    (void)json_object_del(o, "profile");
    buf_dump(&b, o);
    b.len--; /* the closing brace */
    buf_str(&b, ",\"profile\":{");
    free(u->head);
    u->head = buf_take(&b);
    buf_dump(&b, profile);
    memmove(b.p, b.p + 1, b.len); /* the opening brace is in head */
    b.len--;
    buf_str(&b, "}");
    free(u->tail);
    u->tail = buf_take(&b);
    json_decref(profile);
    json_decref(o);
}

static struct user *add_user(struct dir *d, const char *id)
{
    struct user *u = util_alloc(sizeof *u);

    u->id = util_dup(id);
    u->presence = util_dup("active");
    /* What Slack reports while no schedule is set. */
    u->dnd = util_dup("{\"dnd_enabled\":false,\"next_dnd_start_ts\":1,\"next_dnd_end_ts\":1}");
    if (d->n == d->cap) {
        d->cap = d->cap ? d->cap * 2 : 16;
        d->v = util_realloc(d->v, d->cap * sizeof(*d->v));
    }
    d->v[d->n++] = u;
    (void)map_put(&d->by_id, id, u); /* id was not there */
    return u;
}

static void announce(struct fake *f, const struct user *u, bool is_new)
{
    json_t *event = json_pack("{s:s,s:o,s:I}", "type", is_new ? "team_join" : "user_change", "user",
                              object_new(u), "cache_ts", (json_int_t)(store_now(f) / 1000000));

    envelope_event(f, event, NULL, NULL);
}

bool dir_upsert(struct fake *f, const json_t *user)
{
    const char *id = json_string_value(json_object_get(user, "id"));
    const char *presence = json_string_value(json_object_get(user, "presence"));
    const json_t *dnd = json_object_get(user, "dnd");
    char key[256];

    if (!id || strlen(id) > 60)
        return false;
    struct user *u = dir_user(f, id);
    bool is_new = !u;
    if (is_new)
        u = add_user(&f->dir, id);
    else if (u->email) {
        lower(u->email, key, sizeof key);
        (void)map_del(&f->dir.by_email, key); /* put back below if it is still so */
    }
    json_t *o = is_new ? default_object(id) : object_new(u);
    merge(o, user);
    freeze(u, o);
    if (u->email) {
        lower(u->email, key, sizeof key);
        (void)map_put(&f->dir.by_email, key, u); /* the last owner wins */
    }
    if (presence)
        replace_text(&u->presence, presence);
    if (dnd) {
        struct buf b = {0};
        buf_dump(&b, dnd);
        free(u->dnd);
        u->dnd = buf_take(&b);
    }
    if (json_is_true(json_object_get(user, "announce")))
        announce(f, u, is_new);
    return true;
}

bool dir_replace(struct fake *f, const json_t *users)
{
    size_t i;
    json_t *u;

    if (!json_is_array(users))
        return false;
    dir_done(&f->dir);
    json_array_foreach(users, i, u)
    {
        if (!dir_upsert(f, u))
            return false;
    }
    return true;
}

static void add_special(struct fake *f)
{
    json_t *gone = json_pack("{s:s,s:s,s:s,s:s,s:b}", "id", "UDEL", "name", "udel", "real_name",
                             "Former Rep", "email", "udel@example.com", "deleted", 1);
    json_t *bot = json_pack("{s:s,s:s,s:s,s:b}", "id", FAKE_BOT_USER, "name", "grit", "real_name",
                            "grit", "is_bot", 1);

    (void)dir_upsert(f, gone); /* both have an id */
    (void)dir_upsert(f, bot);
    json_decref(gone);
    json_decref(bot);
}

void dir_fill(struct fake *f, int n)
{
    for (int i = 1; i <= n; i++) {
        char id[16], name[16], real[24], email[40];
        (void)snprintf(id, sizeof id, "U%d", i);
        (void)snprintf(name, sizeof name, "u%d", i);
        (void)snprintf(real, sizeof real, "Rep %d", i);
        (void)snprintf(email, sizeof email, "u%d@example.com", i);
        json_t *u =
            json_pack("{s:s,s:s,s:s,s:s,s:s}", "id", id, "name", name, "real_name", real, "email",
                      email, "tz", zones[(size_t)(i - 1) % (sizeof zones / sizeof *zones)]);
        /* Both forms have been seen where an object is documented. */
        if (i == 1)
            (void)json_object_set_new(u, "fields", json_array());
        else if (i == 2)
            (void)json_object_set_new(u, "fields", json_null());
        (void)dir_upsert(f, u);
        json_decref(u);
    }
    if (n >= 5)
        add_special(f);
}
