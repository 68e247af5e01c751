/* SCRAM against the vectors of its RFCs, and against servers that are not what they say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "base/alloc.h"
#include "wire/scram.h"

struct vector {
    const char *mechanism, *nonce, *first, *challenge, *last, *final;
};

static const struct vector vectors[] = {
    /* RFC 5802, 5 */
    {"SCRAM-SHA-1", "fyko+d2lbbFgONRv9qkxdawL", "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
     "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
     "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
     "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="},
    /* RFC 7677, 3 */
    {"SCRAM-SHA-256", "rOprNGfwEbeRWgbNEkqO", "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
     "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
     "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
     "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
     "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="},
};

static void start(struct scram *scram, const struct vector *vector, struct strbuf *out)
{
    strbuf_clear(out);
    scram_start(scram, scram_find(vector->mechanism), "user", vector->nonce, out);
}

static void scram_vectors_of_the_rfcs(void **state)
{
    (void)state;
    struct strbuf out = {0};
    for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
        struct scram scram;
        struct scram_salted salted = {0};
        struct err err = {0};
        for (int again = 0; again < 2; again++) { /* the second time the salted key is known */
            start(&scram, &vectors[i], &out);
            assert_string_equal(strbuf_text(&out), vectors[i].first);
            strbuf_clear(&out);
            assert_int_equal(
                scram_prove(&scram, vectors[i].challenge, "pencil", &salted, &err, &out), 0);
            assert_string_equal(strbuf_text(&out), vectors[i].last);
            assert_int_equal(scram_verify(&scram, vectors[i].final, &err), 0);
            scram_done(&scram);
        }
        scram_forget(&salted);
    }
    strbuf_done(&out);
}

static void scram_wrong_password_shows_on_both_sides(void **state)
{
    (void)state;
    struct scram scram;
    struct scram_salted salted = {0};
    struct err err = {0};
    struct strbuf out = {0};
    start(&scram, &vectors[1], &out);
    strbuf_clear(&out);
    assert_int_equal(scram_prove(&scram, vectors[1].challenge, "pencils", &salted, &err, &out), 0);
    assert_string_not_equal(strbuf_text(&out), vectors[1].last);
    assert_int_equal(scram_verify(&scram, vectors[1].final, &err), -EACCES);
    assert_null(strstr(err.text, "pencil"));
    assert_int_equal(scram_verify(&scram, "v=", &err), -EACCES);
    assert_int_equal(scram_verify(&scram, "e=other-error", &err), -EPROTO);
    scram_done(&scram);
    strbuf_done(&out);
}

static void scram_crooked_challenges_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *challenge, *why;
    } cases[] = {
        {"", "not r=, s=, i="},
        {"s=QSXCR+Q6sek8bf92,r=fyko+d2lbbFgONRv9qkxdawLx,i=4096", "not r=, s=, i="},
        {"m=ext,r=fyko+d2lbbFgONRv9qkxdawLx,s=QSXCR+Q6sek8bf92,i=4096", "not r=, s=, i="},
        {"r=someone-else,s=QSXCR+Q6sek8bf92,i=4096", "does not continue our nonce"},
        {"r=fyko+d2lbbFgONRv9qkxdawL,s=QSXCR+Q6sek8bf92,i=4096", "does not continue our nonce"},
        {"r=fyko+d2lbbFgONRv9qkxdawLx,s=QSX,i=4096", "salt is not base64"},
        {"r=fyko+d2lbbFgONRv9qkxdawLx,s=,i=4096", "salt is not base64"},
        {"r=fyko+d2lbbFgONRv9qkxdawLx,s=QSXCR+Q6sek8bf92,i=4095", "fewer than 4096"},
        {"r=fyko+d2lbbFgONRv9qkxdawLx,s=QSXCR+Q6sek8bf92,i=-1", "fewer than 4096"},
        {"r=fyko+d2lbbFgONRv9qkxdawLx,s=QSXCR+Q6sek8bf92,i=1000001", "more than 1000000"},
        {"r=fyko+d2lbbFgONRv9qkxdawLx,s=QSXCR+Q6sek8bf92,i=4096x", "fewer than 4096"},
    };
    struct strbuf out = {0};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct scram scram;
        struct scram_salted salted = {0};
        struct err err = {0};
        start(&scram, &vectors[0], &out);
        assert_int_equal(scram_prove(&scram, cases[i].challenge, "pencil", &salted, &err, &out),
                         -EPROTO);
        assert_non_null(strstr(err.text, cases[i].why));
        /* "success" without a proof is no success */
        assert_int_equal(scram_verify(&scram, vectors[0].final, &err), -EPROTO);
        scram_done(&scram);
    }
    strbuf_done(&out);
}

static void scram_user_names_are_escaped(void **state)
{
    (void)state;
    struct scram scram;
    struct strbuf out = {0};
    scram_start(&scram, scram_at(0), "a,b=c", "xyz", &out);
    assert_string_equal(strbuf_text(&out), "n,,n=a=2Cb=3Dc,r=xyz");
    scram_done(&scram);
    strbuf_done(&out);
}

static void scram_passwords_that_need_preparation_are_refused(void **state)
{
    (void)state;
    struct err err = {0};
    assert_int_equal(scram_check_password("p&<\"' ~", &err), 0);
    assert_int_equal(scram_check_password("", &err), -EINVAL);
    assert_int_equal(scram_check_password("geheimniß", &err), -EINVAL);
    assert_null(strstr(err.text, "geheim"));
    assert_int_equal(scram_check_password("secret\n", &err), -EINVAL);
}

static void scram_strongest_comes_first(void **state)
{
    (void)state;
    assert_string_equal(scram_name(scram_at(0)), "SCRAM-SHA-512");
    assert_string_equal(scram_name(scram_at(2)), "SCRAM-SHA-1");
    assert_null(scram_at(3));
    assert_null(scram_find("SCRAM-SHA-1-PLUS"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scram_vectors_of_the_rfcs),
        cmocka_unit_test(scram_wrong_password_shows_on_both_sides),
        cmocka_unit_test(scram_crooked_challenges_are_refused),
        cmocka_unit_test(scram_user_names_are_escaped),
        cmocka_unit_test(scram_passwords_that_need_preparation_are_refused),
        cmocka_unit_test(scram_strongest_comes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
