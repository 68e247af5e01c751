/* control.h: asking the running daemon: one line of JSON out, one back.
 * Layer: commands. */
#pragma once
#include <jansson.h>

#include "gritctl/ctl.h"

/* Sends `line` (JSON without its line end) to the daemon of this configuration: --socket, else the
 * variable GRITD_SOCKET, else where that daemon has its socket.
 *
 * Owns:   *ret_answer is freed with json_decref(), *ret_text (NULL: not wanted) with free().
 * Errors: told on stderr; the exit code: CTL_UNREACHABLE, or CTL_FOUND for {"ok":false}. */
int control_ask(struct call *call, const char *line, json_t **ret_answer, char **ret_text);

/* The same where there may be no daemon: nothing is told. -errno: none answers. */
int control_try(struct call *call, const char *line, json_t **ret_answer);

/* Where that socket is, or would be. Owns: the caller frees it. Errors: told, NULL. */
char *control_place(struct call *call);

#define CONTROL_SOCKET_OPTION                                                                      \
    {                                                                                              \
        "socket", OPTION_TEXT, "PATH", "the daemon's control socket", false                        \
    }
