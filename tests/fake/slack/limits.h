/* limits.h: the message and method rates of the knob limit_rate. */
#pragma once
#include <stddef.h>
#include <stdint.h>

struct fake;

/* 0: the call may go on and is counted; else the seconds for Retry-After. channel may be NULL. */
int64_t limits_check(struct fake *f, size_t method, const char *channel);
