/* handed.h: the listener that an earlier run of the service left with the service manager.
 * Layer: io. Depends on: libsystemd.
 *
 * While the daemon restarts, whoever connects waits in the listener's queue instead of being
 * refused. A listener of a socket unit comes the same way.
 *
 * Source: sd_listen_fds(3), sd_pid_notify_with_fds(3), FileDescriptorStoreMax= of
 * systemd.service(5). */
#pragma once
#include "base/err.h"

/* Takes over the listener for `address` ("127.0.0.1:8467"). What was handed over and is for another
 * address is closed and let go of.
 *
 * Owns:   the caller closes *ret_fd; -1: there is none, or the port is 0, which fits none.
 * Errors: -EINVAL not an address. To be called once: what was handed over is spoken for then. */
int handed_take(const char *address, struct err *err, int *ret_fd);

/* Leaves the listener with the service manager, if there is one that takes it. */
void handed_leave(int fd);
