/* What became of a request. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "io/httpc_private.h"
#include "io/url.h"

enum verdict {
    LATE = 0, /* the request may have left, wholly or in part: unknown */
    EARLY,    /* comes before a request too: not sent when libcurl was never about to send */
    DONE,
};

/* Every code that is not named here is LATE, those of later libcurl versions as well.
 * CURLE_SEND_FAIL_REWIND and CURLE_ABORTED_BY_CALLBACK are LATE on purpose: they end what libcurl
 * would have sent a second time. Source: libcurl-errors(3) of 7.88. */
static const unsigned char VERDICTS[CURL_LAST] = {
    [CURLE_OK] = DONE,
    [CURLE_UNSUPPORTED_PROTOCOL] = EARLY,
    [CURLE_FAILED_INIT] = EARLY,
    [CURLE_URL_MALFORMAT] = EARLY,
    [CURLE_NOT_BUILT_IN] = EARLY,
    [CURLE_COULDNT_RESOLVE_PROXY] = EARLY,
    [CURLE_COULDNT_RESOLVE_HOST] = EARLY,
    [CURLE_COULDNT_CONNECT] = EARLY,
    [CURLE_OUT_OF_MEMORY] = EARLY,
    [CURLE_OPERATION_TIMEDOUT] = EARLY,
    [CURLE_SSL_CONNECT_ERROR] = EARLY,
    [CURLE_UNKNOWN_OPTION] = EARLY,
    [CURLE_GOT_NOTHING] = EARLY,
    [CURLE_SSL_ENGINE_NOTFOUND] = EARLY,
    [CURLE_SSL_ENGINE_SETFAILED] = EARLY,
    [CURLE_SEND_ERROR] = EARLY,
    [CURLE_RECV_ERROR] = EARLY,
    [CURLE_SSL_CERTPROBLEM] = EARLY,
    [CURLE_SSL_CIPHER] = EARLY,
    [CURLE_PEER_FAILED_VERIFICATION] = EARLY,
    [CURLE_USE_SSL_FAILED] = EARLY,
    [CURLE_SSL_ENGINE_INITFAILED] = EARLY,
    [CURLE_SSL_CACERT_BADFILE] = EARLY,
    [CURLE_SSL_CRL_BADFILE] = EARLY,
    [CURLE_SSL_ISSUER_ERROR] = EARLY,
    [CURLE_NO_CONNECTION_AVAILABLE] = EARLY,
    [CURLE_SSL_PINNEDPUBKEYNOTMATCH] = EARLY,
    [CURLE_SSL_INVALIDCERTSTATUS] = EARLY,
    [CURLE_PROXY] = EARLY,
    [CURLE_SSL_CLIENTCERT] = EARLY,
};

static enum httpc_outcome outcome_of(const struct httpc_job *job, CURLcode code)
{
    unsigned verdict = (unsigned)code < CURL_LAST ? VERDICTS[code] : LATE;
    if (verdict == DONE)
        return HTTPC_ANSWERED;
    return verdict == EARLY && job->begun == 0 ? HTTPC_NOT_SENT : HTTPC_UNKNOWN;
}

static const char *header_of(CURL *curl, const char *name)
{
    struct curl_header *header;
    CURLHcode r = curl_easy_header(curl, name, 0, CURLH_HEADER, -1, &header);
    return r == CURLHE_OK ? header->value : NULL;
}

static int two_digits(const char *text)
{
    return (text[0] - '0') * 10 + (text[1] - '0');
}

/* "Sun, 06 Nov 1994 08:49:37 GMT"; the obsolete forms go to libcurl's slower parser.
 * Source: RFC 9110, 5.6.7. */
static msec_t date_parse(const char *text)
{
    static const char SHAPE[] = "aaa, 00 aaa 0000 00:00:00 GMT";
    static const char MONTHS[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    bool fits = strlen(text) == sizeof(SHAPE) - 1;
    for (size_t i = 0; fits && SHAPE[i]; i++)
        fits = SHAPE[i] == 'a'   ? (text[i] | 0x20) >= 'a' && (text[i] | 0x20) <= 'z'
               : SHAPE[i] == '0' ? text[i] >= '0' && text[i] <= '9'
                                 : text[i] == SHAPE[i];
    char name[4] = "";
    if (fits)
        memcpy(name, text + 8, 3);
    const char *month = fits ? strstr(MONTHS, name) : NULL;
    if (!month || (month - MONTHS) % 3) {
        time_t seconds = curl_getdate(text, NULL);
        return seconds == (time_t)-1 ? MSEC_NONE : (msec_t)seconds * MSEC_SECOND;
    }
    struct civil civil = {.year = two_digits(text + 12) * 100 + two_digits(text + 14),
                          .month = (int)(month - MONTHS) / 3 + 1,
                          .day = two_digits(text + 5),
                          .hour = two_digits(text + 17),
                          .minute = two_digits(text + 20),
                          .second = two_digits(text + 23)};
    return civil_to_msec(&civil);
}

static void keep_fill(CURL *curl, const char *const *keep, struct httpc_result *ret)
{
    for (size_t i = 0; keep && keep[i] && i < HTTPC_KEPT_MAX; i++) {
        const char *value = header_of(curl, keep[i]);
        (void)snprintf(ret->kept[i], sizeof(ret->kept[i]), "%s",
                       value ? value : ""); /* may be cut */
    }
}

static void headers_fill(CURL *curl, struct httpc_result *ret)
{
    const char *date = header_of(curl, "Date");
    const char *after = header_of(curl, "Retry-After");
    int64_t seconds;
    if (date)
        ret->date = date_parse(date);
    if (!after)
        return;
    (void)snprintf(ret->retry_after, sizeof(ret->retry_after), "%s", after); /* may be cut */
    if (str_to_i64(after, &seconds) == 0 && seconds >= 0 && seconds <= INT32_MAX)
        ret->retry_after_s = (long)seconds;
}

void httpc_result_fill(struct httpc_job *job, CURLcode code, struct httpc_result *ret)
{
    ret->outcome = outcome_of(job, code);
    ret->status = 0;
    ret->retry_after_s = -1;
    ret->retry_after[0] = '\0';
    for (size_t i = 0; i < HTTPC_KEPT_MAX; i++)
        ret->kept[i][0] = '\0';
    ret->date = MSEC_NONE;
    ret->body = strbuf_text(&job->answer);
    ret->len = job->answer.len;
    ret->too_long = job->answer.overflow;
    ret->error[0] = '\0';
    if (!job->easy) {
        (void)strcpy(ret->error, "given up before it was started");
        return;
    }
    CURL *curl = job->easy->curl;
    (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &ret->status);
    if (ret->outcome == HTTPC_ANSWERED) {
        headers_fill(curl, ret);
        keep_fill(curl, job->keep, ret);
        return;
    }
    const char *text = job->easy->error[0] ? job->easy->error : curl_easy_strerror(code);
    if (job->answer.overflow)
        (void)snprintf(ret->error, sizeof(ret->error), "the response is longer than %zu bytes",
                       job->answer.max);
    else if (job->begun > 1 && code == CURLE_ABORTED_BY_CALLBACK)
        (void)snprintf(ret->error, sizeof(ret->error),
                       "a reused connection ended without an answer");
    else if (job->refused[0] && code == CURLE_COULDNT_CONNECT)
        (void)snprintf(ret->error, sizeof(ret->error), "%s is an address that may not be called",
                       job->refused);
    else
        (void)snprintf(ret->error, sizeof(ret->error), "%.160s%s", text,
                       code == CURLE_PEER_FAILED_VERIFICATION ? URL_CERTIFICATE_TODO : "");
}
