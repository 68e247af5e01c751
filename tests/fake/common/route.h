/* route.h: which module answers a request; each program has its own. */
#pragma once

struct conn;

/* c->req is complete; somebody calls conn_reply or closes, now or later. */
void route_request(struct conn *c);
