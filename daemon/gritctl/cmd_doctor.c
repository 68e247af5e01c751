/* gritctl doctor: what is wrong, and what to do about it. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "base/str.h"
#include "gritctl/control.h"
#include "gritctl/doctor.h"

enum { LEVEL_OF_ERROR, LEVEL_OF_WARNING };

static const struct {
    const char *code, *todo;
    bool warning;
} faults[FAULTS] = {
#define FAULT(row, code, level, todo) [FAULT_##row] = {code, todo, LEVEL_OF_##level},
#include "gritctl/doctor_list.h"
#undef FAULT
};

void doctor_found(struct doctor *doctor, enum fault fault, const char *format, ...)
{
    char text[1024];
    size_t same = 0;
    va_list args;
    for (size_t i = 0; i < doctor->count; i++)
        same += doctor->list[i].fault == fault;
    if (same >= DOCTOR_SAME_MAX) {
        doctor->more[fault]++;
        return;
    }
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args); /* cut at the end is fine */
    va_end(args);
    ARRAY_GROW(doctor->list, doctor->count, doctor->cap);
    doctor->list[doctor->count++] = (struct finding){fault, xstrdup(text)};
}

static void print_one(const struct doctor *doctor, const struct finding *finding)
{
    const char *level = faults[finding->fault].warning ? "warning" : "error";
    if (!doctor->call->json) {
        (void)printf("%s: %s [%s]\n    do: %s\n", level, finding->text, faults[finding->fault].code,
                     faults[finding->fault].todo);
        return;
    }
    struct strbuf line = {0};
    struct jsonw json;
    jsonw_begin(&json, &line);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "code", faults[finding->fault].code);
    jsonw_text(&json, "level", level);
    jsonw_text(&json, "text", finding->text);
    jsonw_text(&json, "do", faults[finding->fault].todo);
    jsonw_object_end(&json);
    (void)puts(strbuf_text(&line)); /* main looks for what failed */
    strbuf_done(&line);
}

static void print_more(const struct doctor *doctor, enum fault fault)
{
    if (doctor->more[fault] && !doctor->call->json)
        (void)printf("    and %zu more like this [%s]\n", doctor->more[fault], faults[fault].code);
}

/* Errors first; within them in the order of looking. */
static int print_all(const struct doctor *doctor)
{
    size_t counts[2] = {0};
    for (int warning = 0; warning < 2; warning++) {
        for (size_t i = 0; i < doctor->count; i++) {
            if (faults[doctor->list[i].fault].warning != (bool)warning)
                continue;
            print_one(doctor, &doctor->list[i]);
            counts[warning]++;
        }
        for (int fault = 0; fault < FAULTS; fault++) {
            if (faults[fault].warning != (bool)warning)
                continue;
            print_more(doctor, (enum fault)fault);
            counts[warning] += doctor->more[fault];
        }
    }
    if (!doctor->call->json)
        (void)printf("looked for %d faults: %zu errors, %zu warnings\n", (int)FAULTS, counts[0],
                     counts[1]);
    return counts[0] ? CTL_FOUND : CTL_OK;
}

static int run(struct call *call)
{
    struct doctor doctor = {.call = call};
    doctor.setup = ctl_setup(call, ctl_config_path(call), NULL);
    doctor.config = doctor.setup->config;
    doctor_config(&doctor);
    doctor_daemon(&doctor);
    doctor_files(&doctor);
    if (doctor.configured) {
        doctor_store(&doctor);
        doctor_chat(&doctor);
    }
    int status = print_all(&doctor);
    for (size_t i = 0; i < doctor.count; i++)
        free(doctor.list[i].text);
    free(doctor.list);
    json_decref(doctor.status);
    setup_free(doctor.setup);
    return status;
}

static void print_faults(FILE *out)
{
    (void)fputs("\nwhat it looks for:\n", out);
    for (int i = 0; i < FAULTS; i++)
        (void)fprintf(out, "  %-24s %s\n", faults[i].code, faults[i].todo);
}

static const struct option options[] = {
    {"wait", OPTION_LENGTH, "D", "how long to wait for an answer (default 10s)", false},
    CONTROL_SOCKET_OPTION,
};

const struct command command_doctor = {
    .name = "doctor",
    .args = "[--wait D] [--socket PATH] [--json]",
    .help = "what is wrong with tokens, TLS, clock, zones, store or files, and what to do",
    .more = "Looks at the files, the store, the machine, the running gritd, and asks the chat "
            "platform\n"
            "with the configured tokens; it changes nothing. Run it as the user that gritd runs "
            "as, or\n"
            "as root. Exit: 0 no errors (there may be warnings), 1 errors.",
    .options = options,
    .option_count = ARRAY_LEN(options),
    .run = run,
    .more_print = print_faults,
};
