/* load_config.h: gritd.yaml while it is being read; shared by the load_config_*.c files only.
 * Layer: load (pure). Lifetime: of one load_config(). */
#pragma once
#include "load/load.h"
#include "load/read.h"

struct config_reading {
    struct reading r;                       /* first: the tables hand it around */
    const struct load_platforms *platforms; /* or NULL */
};

/* chat: platform, and a block of options for each platform. */
void config_read_chat(struct reading *r, const struct node *node, void *config);
extern const struct block config_chat_block;

/* intake: a list of sources. */
void config_read_intakes(struct reading *r, const struct node *node, void *config);
void config_check_intakes(struct reading *r, struct config *config);
extern const struct block config_mix_block;
void config_read_mix(struct reading *r, const struct node *node, void *into);
extern const struct block config_intake_block;

/* poll: and read_back: of an intake. */
void config_read_poll(struct reading *r, const struct node *node, void *intake);
void config_read_read_back(struct reading *r, const struct node *node, void *intake);
void config_check_poll(struct reading *r, const struct node *node, struct config_intake *intake);
extern const struct block config_poll_block, config_read_back_block;

extern const struct block config_limits_block;
extern const struct block config_keep_block;

/* A secret's place; a literal is refused and never repeated in the problem. */
bool config_read_secret(struct reading *r, const struct node *node, struct secret *ret);

/* Refuses http:// and ws:// to anything but this machine. */
void config_check_url(struct reading *r, const struct node *node);
bool config_host_is_loopback(const char *host);
