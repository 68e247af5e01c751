/* phrases_page.h: sentences about the page of figures.
 * Layer: core (pure). */
#pragma once

/* the manager's page; the link comes where [link] stands, else behind */
#define SAY_HELP_PAGE "page: a link to your team's figures"
#define SAY_PAGE                                                                                   \
    "Here is the way to your page: [link]\n"                                                       \
    "It works once, for ten minutes, and is meant for you alone."
#define SAY_PAGE_NO_ADDRESS                                                                        \
    "The page has no address yet. Whoever runs me sets public_url in gritd.yaml; then say page "   \
    "again."
