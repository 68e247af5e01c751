/* address.h: "127.0.0.1:8467" and "[::1]:0" as the system wants them.
 * Layer: io. */
#pragma once
#include <stdint.h>
#include <sys/socket.h>

/* Numeric only. Errors: -EINVAL; nothing is set then. */
int address_parse(const char *text, struct sockaddr_storage *ret, socklen_t *ret_size);

uint16_t address_port(const struct sockaddr_storage *address);
