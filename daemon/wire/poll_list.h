/* poll_list.h: every kind of source that can be asked, one row each; see wire/poll.h. */
POLL(close)
POLL(hubspot)
POLL(pipedrive)
POLL(salesforce)
