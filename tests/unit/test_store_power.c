/* test_store_power.c: the power goes at every write and every sync of a store; what was
 * acknowledged is there, in whole batches, and nothing has to be repaired by hand.
 * GRITD_POWER_SEEDS=N cuts each moment N times over (2 without); a failure names moment and seed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "io/store_sqlite.h"
#include "shim/power.h"
#include "store_fixture.h"

enum { BATCHES = 200, GROUP = 3, MOMENTS = 20000, SEEDS = 2 };

struct run {
    struct fixture fixture;
    size_t begun, done;
    size_t known[MOMENTS]; /* batches that were acknowledged before the moment */
};

static void on_written(void *user, struct store_batch *batch, int status)
{
    struct run *run = user;
    store_batch_free(batch);
    assert_int_equal(status, 0);
    run->done++;
    /* whoever was told saw it after everything that was written so far */
    for (size_t i = power_moment(); i < MOMENTS && run->known[i] < run->done; i++)
        run->known[i] = run->done;
}

static const char *key_of(size_t number, char ret[24])
{
    (void)snprintf(ret, 24, "k%zu", number); /* fits */
    return ret;
}

/* Batch n says of message n that it goes, and of the one before that it has arrived. */
static void submit_next(struct run *run)
{
    struct store_batch *batch = store_batch_new();
    char mine[24], former[24], value[700];
    size_t n = run->begun++;
    memset(value, 'v', sizeof(value) - 1);
    value[sizeof(value) - 1] = '\0';
    const struct row rows[] = {journal_row((msec_t)n + 10, value),
                               state_row(1, key_of(n % 9, mine), value),
                               state_row(2, key_of(n, mine), "{}"), outbox_row(mine, OPEN, 1)};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        store_batch_add(batch, &rows[i]);
    struct row change = outbox_change(key_of(n ? n - 1 : 0, former));
    change.outbox.state = SENT;
    if (n)
        store_batch_add(batch, &change);
    batch->done = on_written;
    batch->user = run;
    run->fixture.store->ops->submit(run->fixture.store, batch);
}

static void write_all(struct run *run)
{
    while (run->done < BATCHES) {
        for (int i = 0; i <= (int)(run->begun % GROUP) && run->begun < BATCHES; i++)
            submit_next(run);
        while (run->done < run->begun)
            (void)uv_run(&run->fixture.loop, UV_RUN_ONCE); /* done() is what counts */
    }
}

static void put_file(const char *path, const char *suffix, const struct strbuf *bytes)
{
    char name[200];
    (void)snprintf(name, sizeof(name), "%s%s", path, suffix); /* fits */
    FILE *file = fopen(name, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(strbuf_text(bytes), 1, bytes->len, file), bytes->len);
    assert_int_equal(fclose(file), 0);
}

struct found {
    size_t journal, open, sent, states;
};

static int count_row(void *user, const struct row *row)
{
    struct found *found = user;
    char wanted[24];
    switch (row->type) {
    case ROW_JOURNAL:
        return row->journal.at == (msec_t)found->journal++ + 10 ? 0 : -1;
    case ROW_STATE:
        found->states += row->state.kind == 2;
        return 0;
    case ROW_OUTBOX: /* all but the last have arrived */
        if (!str_eq(row->outbox.key, key_of(found->open + found->sent, wanted)))
            return -2;
        found->open += row->outbox.state == OPEN;
        found->sent += row->outbox.state == SENT;
        return found->open > 1 ? -3 : 0;
    case ROW_DECISION:
    case ROW_ERASE:
    case ROW_SWEEP:
        break;
    }
    return -4;
}

static int whole_word(void *user, int count, char **values, char **names)
{
    (void)count, (void)names;
    *(bool *)user = str_eq(values[0], "ok");
    return 0;
}

/* What a start finds after the cut. */
static void check_image(uv_loop_t *loop, const char *path, size_t moment, unsigned seed,
                        size_t known)
{
    const struct store_sqlite_options options = {.finished = FINISHED, .pace_ms = -1};
    struct power_image image;
    struct store *store;
    struct err err = {0};
    struct found found = {0};
    bool whole = false;
    char shm[200];
    power_cut(moment, seed, &image);
    put_file(path, "", &image.files[POWER_DB]);
    put_file(path, "-wal", &image.files[POWER_WAL]);
    power_image_done(&image);
    (void)snprintf(shm, sizeof(shm), "%s-shm", path); /* fits */
    (void)unlink(shm);                                /* it is memory: gone with the power */
    if (store_sqlite_open(loop, path, &options, &err, &store))
        fail_msg("moment %zu seed %u: %s", moment, seed, err.text);
    int status = store->ops->load_all(store, count_row, &found, &err);
    if (status || found.journal < known || found.states != found.journal ||
        found.open + found.sent != found.journal)
        fail_msg("moment %zu seed %u: %d: %zu of %zu known batches, %zu states, %zu messages",
                 moment, seed, status, found.journal, known, found.states, found.open + found.sent);
    store->ops->close(store);
    (void)uv_run(loop, UV_RUN_DEFAULT); /* what closing left */
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    (void)sqlite3_exec(db, "PRAGMA integrity_check", whole_word, &whole, NULL); /* `whole` tells */
    (void)sqlite3_close(db); /* it was only a look */
    if (!whole)
        fail_msg("moment %zu seed %u: integrity_check", moment, seed);
}

static void open_run(struct run *run, const char *path)
{
    /* a short log, so that it is moved into the file again and again */
    const struct store_sqlite_options options = {
        .finished = FINISHED, .pace_ms = -1, .checkpoint_pages = 25};
    struct err err = {0};
    if (store_sqlite_open(&run->fixture.loop, path, &options, &err, &run->fixture.store))
        fail_msg("%s", err.text);
}

/* FM-A03: Power loss: un-synced writes vanish, are torn, or come in another order */
static void power_loss_at_every_write_loses_nothing_acknowledged(void **state)
{
    (void)state;
    char folder[] = "/dev/shm/gritd-power-XXXXXX", other[] = "/tmp/gritd-power-XXXXXX";
    const char *in = mkdtemp(folder) ? folder : mkdtemp(other);
    const char *wish = getenv("GRITD_POWER_SEEDS");
    unsigned seeds = wish ? (unsigned)atoi(wish) : SEEDS;
    struct run *run = NEW(struct run);
    char path[100], image[100], command[200];
    assert_non_null(in);
    (void)snprintf(path, sizeof(path), "%s/gritd.db", in);   /* fits */
    (void)snprintf(image, sizeof(image), "%s/image.db", in); /* fits */
    assert_int_equal(uv_loop_init(&run->fixture.loop), 0);
    open_run(run, path);
    power_begin(path);
    write_all(run);
    size_t moments = power_moment();
    power_end();
    run->fixture.store->ops->close(run->fixture.store);
    (void)uv_run(&run->fixture.loop, UV_RUN_DEFAULT); /* what closing left */
    assert_in_range(moments, 150, MOMENTS);
    for (size_t moment = 0; moment <= moments; moment++) {
        size_t known = run->known[moment];
        for (unsigned seed = 0; seed < seeds + 2; seed++)
            check_image(&run->fixture.loop, image, moment, seed, known);
    }
    print_message("%zu moments, %zu cuts\n", moments, (moments + 1) * (seeds + 2));
    assert_int_equal(uv_loop_close(&run->fixture.loop), 0);
    free(run);
    power_free();
    (void)snprintf(command, sizeof(command), "rm -rf %s", in); /* fits */
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(power_loss_at_every_write_loses_nothing_acknowledged),
    };
    power_install();
    return cmocka_run_group_tests_name("store_power", tests, NULL, NULL);
}
