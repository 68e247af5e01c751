/* ctl.h: the control door under /_ctl/, for tests only. */
#pragma once

struct conn;

/* Answers the request. */
void ctl_handle(struct conn *c);
