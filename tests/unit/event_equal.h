/* event_equal.h: compares two events member by member, for tests and fuzz targets. */
#pragma once
#include <stddef.h>

#include "base/str.h"
#include "core/event.h"

/* The name of the first member that differs, or NULL. */
static inline const char *event_difference(const struct event *a, const struct event *b)
{
#define TEXT(m)                                                                                    \
    if (!str_eq(a->m, b->m))                                                                       \
        return #m;
#define PLAIN(m)                                                                                   \
    if (a->m != b->m)                                                                              \
        return #m;
    /* clang-format off */
    PLAIN(type) TEXT(type_name) PLAIN(at) PLAIN(time) TEXT(id) TEXT(source) TEXT(rep) TEXT(deal)
    TEXT(deal_name) TEXT(account) TEXT(owner) TEXT(contact) TEXT(currency) TEXT(next_step)
    TEXT(stage) TEXT(close_date) PLAIN(amount) PLAIN(created) TEXT(from) TEXT(to) TEXT(kind)
    TEXT(direction) TEXT(outcome) TEXT(reason) PLAIN(duration_s) PLAIN(count) PLAIN(automated)
    PLAIN(due) TEXT(activity) TEXT(gate) TEXT(side) TEXT(evidence) TEXT(goal) TEXT(metric)
    TEXT(period)
    PLAIN(target) PLAIN(actual) TEXT(topic) TEXT(area) TEXT(content) TEXT(channel) TEXT(reaction)
    TEXT(manager) TEXT(team) TEXT(zone) PLAIN(away_from) PLAIN(away_until) TEXT(text)
    TEXT(raw_kind) TEXT(crm) TEXT(object) TEXT(object_id) PLAIN(attempt) PLAIN(bulk)
    TEXT(message) TEXT(button) TEXT(chat) TEXT(name) TEXT(email) PLAIN(gone)
#undef TEXT
#undef PLAIN
    return hash128_eq(a->key, b->key) ? NULL : "key";
    /* clang-format on */
}
