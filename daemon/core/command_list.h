/* command_list.h: one row a word of the chat; expanded twice (declarations and the table). The order
 * is that of help within a group. Where one command's words begin with another's, the longer is
 * meant. */
SPOKEN(help)
SPOKEN(why)
SPOKEN(later)
SPOKEN(skip)
SPOKEN(pause)
SPOKEN(resume)
SPOKEN(privacy)
SPOKEN(team)
SPOKEN(pause_team)
SPOKEN(resume_team)
SPOKEN(ledger)
SPOKEN(prepare)
SPOKEN(leaders)
SPOKEN(expectations)
