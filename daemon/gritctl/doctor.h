/* doctor.h: what the files of `gritctl doctor` share: what was found, and what all look at.
 * Layer: commands. */
#pragma once
#include <jansson.h>
#include <stdint.h>

#include "gritctl/ctl.h"

enum fault {
#define FAULT(row, code, level, todo) FAULT_##row,
#include "gritctl/doctor_list.h"
#undef FAULT
    FAULTS
};

struct finding {
    enum fault fault;
    char *text;
};

enum { DOCTOR_SAME_MAX = 5 }; /* findings of one fault that are told one by one */

struct doctor {
    struct call *call;
    struct setup *setup;
    const struct config *config; /* of the setup; never NULL */
    bool configured;             /* gritd.yaml could be read */
    json_t *status;              /* of the running daemon, or NULL */
    struct finding *list;
    size_t count, cap, more[FAULTS];
};

/* One sentence of what was seen. What to do about it stands in the list. */
void doctor_found(struct doctor *doctor, enum fault fault, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The parts, in this order. */
void doctor_config(struct doctor *doctor); /* gritd.yaml and what it names */
void doctor_daemon(struct doctor *doctor); /* asks it, or looks why it does not answer */
void doctor_files(struct doctor *doctor);  /* secrets, zone data, the store's folder and disk */
void doctor_store(struct doctor *doctor);  /* reads the store */
void doctor_chat(struct doctor *doctor);   /* asks the platform, as the daemon would */
