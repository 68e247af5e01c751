/* act.h: POST /_ctl/user: does what a person in Mattermost would do. */
#pragma once

struct conn;

void act_handle(struct conn *c);
