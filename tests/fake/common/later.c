#include "later.h"

#include <stdlib.h>

#include "util.h"

struct later {
    uv_timer_t timer;
    void (*fn)(void *);
    void *arg;
};

static void on_closed(uv_handle_t *h)
{
    free(h->data);
}

static void on_timer(uv_timer_t *t)
{
    struct later *l = t->data;
    void (*fn)(void *) = l->fn;
    void *arg = l->arg;

    later_cancel(l);
    fn(arg);
}

struct later *later_start(uv_loop_t *loop, int64_t ms, void (*fn)(void *), void *arg)
{
    struct later *l = util_alloc(sizeof *l);

    l->fn = fn;
    l->arg = arg;
    (void)uv_timer_init(loop, &l->timer); /* always 0 */
    l->timer.data = l;
    (void)uv_timer_start(&l->timer, on_timer, ms > 0 ? (uint64_t)ms : 0, 0); /* fn is not NULL */
    return l;
}

void later_cancel(struct later *l)
{
    if (l && !uv_is_closing((uv_handle_t *)&l->timer))
        uv_close((uv_handle_t *)&l->timer, on_closed);
}
