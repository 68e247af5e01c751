/* program.h: what gritd takes on its command line and how it ends. Its help, its exit codes and its
 * page of the manual are made of these rows. Layer: gritd; read by gritctl too. */
#pragma once

#define GRITD_CONFIG "/etc/gritd/gritd.yaml"

/* The option's letter for getopt, its name, its value or NULL, and what it does. */
#define GRITD_OPTIONS(ROW)                                                                         \
    ROW('c', "config", "FILE", "the configuration (default " GRITD_CONFIG ")")                     \
    ROW('k', "check", NULL, "read everything, name what is wrong, and end")                        \
    ROW('r', "restored", NULL,                                                                     \
        "the store is a backup that was put back: for a day, look up whether each message was "    \
        "sent before it is sent")                                                                  \
    ROW('v', "version", NULL, "print the version")                                                 \
    ROW('h', "help", NULL, "print this text")

/* Source of 65, 75 and 78: sysexits.h. */
#define GRITD_EXITS(ROW)                                                                           \
    ROW(CLEAN, 0, "stopped as asked, or nothing was wrong")                                        \
    ROW(RUNTIME, 1, "it could not go on; nothing that was acknowledged is lost")                   \
    ROW(USAGE, 2, "wrong usage")                                                                   \
    ROW(DAMAGED, 65, "the store is damaged, or none of gritd's")                                   \
    ROW(BUSY, 75, "another daemon has the store")                                                  \
    ROW(CONFIG, 78, "a mistake in the configuration or the plugins")
