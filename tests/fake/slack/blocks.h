/* blocks.h: Block Kit and view limits (section 9 of the fact sheet the fake is built on). */
#pragma once
#include <jansson.h>
#include <stdbool.h>

enum blocks_surface { BLOCKS_MESSAGE, BLOCKS_MODAL, BLOCKS_HOME };
enum { BLOCKS_PROBLEM = 256 };

/* Checks the array and gives every block and element without an id one, as Slack does.
 * Returns NULL or Slack's error name with the place in problem. */
const char *blocks_check(json_t *blocks, enum blocks_surface surface, char problem[BLOCKS_PROBLEM]);
/* The same for a view with its title, buttons and size. */
const char *blocks_check_view(json_t *view, enum blocks_surface surface,
                              char problem[BLOCKS_PROBLEM]);
/* Is there an input block? */
bool blocks_have_input(const json_t *blocks);
