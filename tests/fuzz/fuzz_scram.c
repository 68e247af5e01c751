/* Any two lines as the server's side of a sign-in: refused with words that do not show the
 * password, or answered. A proof that the server made is only taken when it was made for what we
 * sent: with one letter changed it is not. */
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "wire/scram.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PASSWORD "pencil"
#define NONCE    "rOprNGfwEbeRWgbNEkqO"

/* More rounds are allowed and take too long here. */
static bool is_slow(const char *challenge)
{
    const char *rounds = strstr(challenge, "i=");
    size_t digits = rounds ? strspn(rounds + 2, "0123456789") : 0;
    return digits > 4 || (rounds && strstr(rounds + 2, "i="));
}

static void check(const struct scram_mechanism *mechanism, const char *challenge, char *final)
{
    struct scram scram;
    struct scram_salted salted = {0};
    struct strbuf out = {0};
    struct err err = {0};
    scram_start(&scram, mechanism, "user", NONCE, &out);
    strbuf_clear(&out);
    if (scram_verify(&scram, final, &err) == 0)
        abort(); /* before we proved anything */
    err = (struct err){0};
    if (scram_prove(&scram, challenge, PASSWORD, &salted, &err, &out)) {
        if (!err.text[0] || strstr(err.text, PASSWORD))
            abort();
    } else if (scram_verify(&scram, final, &err) == 0) {
        if (strlen(final) < 3)
            abort();
        final[2] = final[2] == 'A' ? 'B' : 'A';
        if (scram_verify(&scram, final, &err) == 0)
            abort();
    }
    scram_done(&scram);
    scram_forget(&salted);
    strbuf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP_FREE char *challenge = xstrndup((const char *)data, size);
    char *line = strchr(challenge, '\n');
    if (line)
        *line = '\0';
    CLEANUP_FREE char *final = xstrdup(line ? line + 1 : "");
    if (is_slow(challenge))
        return 0;
    for (size_t i = 0; scram_at(i); i++) {
        CLEANUP_FREE char *copy = xstrdup(final);
        check(scram_at(i), challenge, copy);
    }
    return 0;
}
