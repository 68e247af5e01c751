/* zoho.h: what Zoho's notifications (crm_zoho.c) and its records read back (back_zoho.c) have in
 * common. Private to wire/.
 * Layer: wire (pure). */
#pragma once
#include "wire/crm_put.h"

/* The stages that a new organisation has. */
extern const struct crm_word zoho_stages[];
/* Modules by what their records are: "deal", or the kind of an activity. */
extern const struct crm_word zoho_modules[];

/* A user is an id, or an object that has one. */
const char *zoho_owner(struct arena *arena, const struct jtree *values);
