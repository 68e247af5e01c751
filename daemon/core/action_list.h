/* action_list.h: one row an action; expanded twice (declarations and the table). */
ACTION(ask)
ACTION(digest)
ACTION(praise)
ACTION(start)
ACTION(stretch)
ACTION(suggest)
ACTION(tell)
