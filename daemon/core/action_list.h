/* action_list.h: one row an action; expanded twice (declarations and the table). */
ACTION(ask)
ACTION(praise)
ACTION(tell)
