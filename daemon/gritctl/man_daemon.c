/* gritd(8): its own rows of options and exit codes. */
#include <stdio.h>

#include "base/str.h"
#include "gritctl/man.h"
#include "gritd/program.h"

static void put_options(void)
{
#define ROW(letter, name, value, help) man_item("--" name, value, help ".");
    GRITD_OPTIONS(ROW)
#undef ROW
}

static void put_exits(void)
{
#define ROW(name, code, help) man_item(#code, NULL, help ".");
    GRITD_EXITS(ROW)
#undef ROW
}

static void put_signals(void)
{
    man_section("SIGNALS");
    man_item("SIGHUP", NULL,
             "The configuration and the plugins are read again. A plugin with a mistake keeps its "
             "last good version; a mistake elsewhere refuses the whole, and the old configuration "
             "stays. **gritctl reload** does the same and says what came of it.");
    man_item("SIGTERM, SIGINT", NULL,
             "It ends within five seconds. What was on its way is taken or told to come again.");
}

static void put_service(void)
{
    man_section("UNDER SYSTEMD");
    man_text(
        "The unit gritd.service runs it as the user gritd. It says when it is ready, when it "
        "reloads and when it stops, and gives a sign of life from its event loop: one that "
        "stands still for 30 seconds is ended and started again. The listener stays with the "
        "service manager over a restart, an upgrade or a crash, so that whoever posts an event "
        "meanwhile waits a moment instead of being refused; **systemctl stop** lets go of it.");
    man_text(
        "Each file in /etc/gritd/credentials is a secret: **credential:NAME** in gritd.yaml is "
        "the file NAME there. The folder belongs to root alone. Secrets are read at a start; "
        "after a change, restart.");
    man_text(
        "A further chat account has a daemon of its own: gritd@NAME.service with the folders "
        "/etc/gritd-NAME, /var/lib/gritd-NAME and /run/gritd-NAME. Ask it with **gritctl --config "
        "/etc/gritd-NAME/gritd.yaml**.");
    man_text("Core dumps are off. The journal has its lines: **journalctl -u gritd**.");
}

static void put_files(void)
{
    man_section("FILES");
    man_item(GRITD_CONFIG, NULL, "The configuration, see **gritd.yaml**(5).");
    man_item("/etc/gritd/people.yaml, /etc/gritd/pipeline.yaml", NULL,
             "Who is spoken to, and the stages of a deal.");
    man_item("/etc/gritd/plugins/", NULL, "The team's own rules, see **gritd-plugins**(5).");
    man_item("/etc/gritd/credentials/", NULL, "Secrets, one a file.");
    man_item("/usr/share/gritd/plugins/", NULL, "The rules that come with gritd.");
    man_item("/var/lib/gritd/gritd.db", NULL, "The store. One daemon at a time uses it.");
    man_item("/run/gritd/control.sock", NULL,
             "Where **gritctl**(1) asks; for root and the group gritd.");
}

void man_gritd(void)
{
    man_begin("gritd", 8, "coaching daemon for sales teams");
    man_section("SYNOPSIS");
    man_text("**gritd** [--config FILE] [--check] [--restored]");
    man_section("DESCRIPTION");
    man_text(
        "gritd holds a websocket to the team's chat, hears what happens in the sales pipeline, "
        "and at the right moment sends a rep one good question about the stage a deal is in. "
        "What it says and when is written in plugins. It stays in the foreground and writes "
        "its log to the standard error or the journal.");
    man_section("OPTIONS");
    put_options();
    put_signals();
    put_service();
    man_section("EXIT STATUS");
    put_exits();
    put_files();
    man_see_also("**gritctl**(1), **gritd.yaml**(5), **gritd-plugins**(5)");
}
