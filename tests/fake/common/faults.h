/* faults.h: rules that spoil answers of the Web API. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum { FAULTS_MAX = 64 };

enum faults_phase {
    FAULTS_BEFORE,     /* nothing is stored */
    FAULTS_AFTER,      /* stored, then answered badly */
    FAULTS_HOLD,       /* stored, answered late */
    FAULTS_HOLD_FIRST, /* stored and answered late */
};

struct fault {
    enum faults_phase phase;
    char method[64];      /* "*": all */
    char channel[64];     /* "": any */
    char kind[64];        /* "close", "reset", ...; "" with status; else Slack's error name */
    char retry_after[64]; /* raw header value, "": header left out */
    int status;
    int64_t ms;          /* hold */
    int64_t count, skip; /* count -1: until taken away */
    double chance;
};

struct faults {
    struct fault v[FAULTS_MAX];
    int n;
};

/* spec: object, array of objects, or null/false to take all rules of the phase away.
 * Returns false when it cannot be understood or the table is full. */
bool faults_set(struct faults *r, enum faults_phase phase, const json_t *spec);
bool faults_add(struct faults *r, struct fault rule);
void faults_drop_method(struct faults *r, enum faults_phase phase, const char *method);
/* The rule that applies to this call, counted as used; false: none. channel may be NULL. */
bool faults_take(struct faults *r, enum faults_phase phase, const char *method, const char *channel,
                 struct fault *ret_rule);
