"""package.py BUILD_FOLDER: the Debian package installed, upgraded over an older store, removed and purged in a root of its own.

The daemon is started by hand here, as its user; nspawn.py has the service manager.
"""

import http.client
import json
import sqlite3
import time

from rig import *  # noqa: E402,F403 - the rig is made for this
from lib import ASKING, CLOUDEVENT, created  # noqa: E402

BUILD = pathlib.Path(sys.argv[1]).resolve()
OLDER = "05db381"  # the last source whose store has schema version 1
DEALS = 25
suite = Suite()

CONFIG = """\
purpose: a test of the package
chat: {platform: local}
people: people.yaml
pipeline: pipeline.yaml
plugins: [/usr/share/gritd/plugins, plugins]
store: sqlite:/var/lib/gritd/gritd.db
listen: 127.0.0.1:0
introduction: false
"""


def install(root, deb):
    shutil.copy(deb, root / "tmp" / "gritd.deb")
    return run("chroot", root, "apt-get", "install", "-y", "-qq", "--no-install-recommends", "-o",
               "Dpkg::Options::=--force-confold", "/tmp/gritd.deb",
               env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})


@contextlib.contextmanager
def daemon(root):
    """gritd as its user; what the unit would make is made here."""
    for name in ("var/lib/gritd", "run/gritd"):
        run("chroot", root, "install", "-d", "-o", "gritd", "-g", "gritd", "-m", "700", f"/{name}")
    log = open(root / "tmp/gritd.log", "w+")
    process = subprocess.Popen(["chroot", "--userspec=gritd:gritd", root, "/usr/bin/gritd"], stdout=log, stderr=log)

    def address():
        log.seek(0)
        text = log.read()
        check(process.poll() is None, f"it ended with {process.poll()}: {text[-500:]}")
        return text.split("listening on http://")[1].split(",")[0] if "listening on http://" in text else None

    try:
        yield until("the daemon", address)
        process.terminate()
        equal(process.wait(10), 0, "exit code")
    finally:
        process.kill()
        process.wait()
        log.close()


def post(address, count, first=0):
    host, port = address.split(":")
    for i in range(first, first + count):
        link = http.client.HTTPConnection(host, int(port))
        link.request("POST", "/v1/events", json.dumps(created(f"D{i}", "ana", id=f"d{i}", at=time.time() - 60)), CLOUDEVENT)
        equal(link.getresponse().status, 202, "answer")
        link.close()


def store(root, sql):
    with contextlib.closing(sqlite3.connect(root / "var/lib/gritd/gritd.db")) as link:
        return link.execute(sql).fetchone()[0]


def modes(root, path):
    return run("chroot", root, "stat", "-c", "%U:%G %a", f"/{path}").strip()


def listed(root, path):
    return (root / path).exists() or (root / path).is_symlink()


@suite.case
def lintian_finds_no_error():
    if not shutil.which("lintian"):
        print("  lintian is not installed")
        return
    found = run("lintian", "--allow-root", "--fail-on", "error", package(BUILD))
    print("".join(f"  {line}\n" for line in found.splitlines() if not line.startswith("warning:")), end="")


@suite.case
def install_upgrade_remove_purge():
    tree = older_tree(BUILD, OLDER)
    old = older(BUILD, tree)
    with throw_away(BUILD) as root, inside(root):
        install(root, old)
        equal(modes(root, "etc/gritd"), "root:gritd 750", "the configuration's folder")
        equal(modes(root, "etc/gritd/people.yaml"), "root:gritd 640", "people.yaml")
        equal(modes(root, "etc/gritd/credentials"), "root:root 700", "the secrets' folder")
        check("gritd" in run("chroot", root, "getent", "passwd", "gritd"), "no user")
        check(not listed(root, "etc/systemd/system/multi-user.target.wants/gritd.service"), "it starts by itself")
        run("chroot", root, "/usr/bin/gritd", "--check")  # the sample as it comes
        (root / "etc/gritd/gritd.yaml").write_text(CONFIG)
        (root / "etc/gritd/plugins/ours.yaml").write_text(ASKING.replace("plugin: asking", "plugin: ours"))
        (root / "etc/gritd/credentials/crm-secret").write_text("secret\n")
        with daemon(root) as address:
            post(address, DEALS)
        if tree:
            equal(store(root, "PRAGMA user_version"), 1, "schema of the older store")
        else:
            print("  no history here: the older package has this source's programs")
        install(root, package(BUILD))
        equal((root / "etc/gritd/gritd.yaml").read_text(), CONFIG, "the operator's configuration after the upgrade")
        equal(modes(root, "etc/gritd/people.yaml"), "root:gritd 640", "people.yaml after the upgrade")
        with daemon(root) as address:
            post(address, 1, DEALS)
            run("chroot", root, "/usr/bin/gritctl", "status")
        check(store(root, "PRAGMA user_version") >= 2, "the store was not brought forward")
        equal(store(root, "SELECT count(*) FROM journal WHERE deal LIKE 'D%'"), DEALS + 1, "events after the upgrade")
        equal(store(root, "PRAGMA integrity_check"), "ok", "integrity")
        if tree:
            older_one = root / "tmp/older"  # with its own files, as it does not know the new ones
            older_one.mkdir()
            for name in ("build/gritd", "config/people.yaml", "config/pipeline.yaml"):
                shutil.copy(tree / name, older_one)
            (older_one / "gritd.yaml").write_text(CONFIG.replace("plugins: [/usr/share/gritd/plugins, plugins]", "plugins: [/etc/gritd/plugins]"))
            said = subprocess.run(["chroot", "--userspec=gritd:gritd", root, "/tmp/older/gritd", "--config", "/tmp/older/gritd.yaml"],
                                  capture_output=True, text=True, timeout=60)
            check(said.returncode == 1 and "is newer than this gritd" in said.stderr, f"the older one takes the newer store: {said.stderr[-300:]}")
        for page in ("man1/gritctl.1", "man8/gritd.8", "man5/gritd.yaml.5", "man5/gritd-plugins.5"):
            check(listed(root, f"usr/share/man/{page}.gz"), f"no {page}")
        run("chroot", root, "apt-get", "remove", "-y", "-qq", "gritd")
        check(not listed(root, "usr/bin/gritd"), "the program is still there")
        check(listed(root, "etc/gritd/gritd.yaml") and listed(root, "var/lib/gritd/gritd.db"), "a removal took more than the programs")
        install(root, package(BUILD))
        equal((root / "etc/gritd/gritd.yaml").read_text(), CONFIG, "the configuration after remove and install")
        with daemon(root) as address:
            equal(store(root, "SELECT count(*) FROM journal WHERE deal LIKE 'D%'"), DEALS + 1, "events after remove and install")
        run("chroot", root, "apt-get", "purge", "-y", "-qq", "gritd")
        for gone in ("var/lib/gritd", "etc/gritd/credentials", "etc/gritd/gritd.yaml", "etc/gritd/people.yaml", "etc/apparmor.d/gritd"):
            check(not listed(root, gone), f"/{gone} is there after a purge")
        check(listed(root, "etc/gritd/plugins/ours.yaml"), "a purge took the team's own rules")


suite.run()
