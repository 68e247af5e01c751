"""nspawn.py BUILD_FOLDER: the unit as it is, under a real systemd, in a container made by systemd-nspawn.

inside.sh does the acts in the container and writes a line for each; this names those that are missing or wrong.
"""

from rig import *  # noqa: E402,F403 - the rig is made for this
from lib import ASKING, LIMITS_WIDE, NO_HELLO, PEOPLE, PIPELINE  # noqa: E402

BUILD = pathlib.Path(sys.argv[1]).resolve()
suite = Suite()
BOOT_S = 300
CONFIG = f"""\
purpose: a test of the unit
chat: {{platform: local}}
people: people.yaml
pipeline: pipeline.yaml
plugins: [plugins]
store: sqlite:/var/lib/gritd/gritd.db
listen: 127.0.0.1:8467
intake:
  - {{name: crm, kind: generic, secret: credential:crm-secret, verify: bearer}}
{LIMITS_WIDE}{NO_HELLO}"""
DRIVE = """\
[Unit]
After=basic.target
[Service]
Type=oneshot
ExecStart=/bin/bash /inside.sh
ExecStopPost=/bin/systemctl poweroff --no-block
StandardOutput=file:/inside.log
StandardError=file:/inside.log
"""
WANTED = ["a-first-install-starts-nothing", "started", "its-user", "secrets-by-the-folder", "nothing-to-write-elsewhere", "no-core",
          "files-are-closed", "reloaded", "bad-reload-fails-and-changes-nothing", "restart-refuses-nobody", "upgrade-refuses-nobody",
          "killed-comes-back", "stands-still-comes-back", "bad-configuration-is-not-tried-again", "stopped-in-five-seconds",
          "stop-lets-go-of-the-listener", "gritctl-by-the-group", "security", "starts-without-a-secret",
          "an-instance-beside-the-service", "instance-has-its-own-store-and-secrets", "gritctl-asks-the-instance-it-is-told",
          "instance-reloads", "one-that-is-down-holds-up-no-other", "an-upgrade-restarts-instances",
          "a-removal-stops-them-all", "a-purge-takes-their-stores-and-secrets"]


def prepare(root):
    deb = root / "gritd.deb"
    shutil.copy(package(BUILD), deb)
    with inside(root):
        run("chroot", root, "apt-get", "install", "-y", "-qq", "--no-install-recommends", "/gritd.deb",
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})
    (root / "sample.yaml").write_text((root / "etc/gritd/gritd.yaml").read_text())
    for name, text in (("gritd.yaml", CONFIG), ("people.yaml", PEOPLE), ("pipeline.yaml", PIPELINE), ("plugins/asking.yaml", ASKING)):
        (root / "etc/gritd" / name).write_text(text)
    (root / "etc/gritd/credentials/crm-secret").write_text("from-the-folder\n")
    shutil.copy(here / "inside.sh", root / "inside.sh")
    (root / "etc/systemd/system/drive.service").write_text(DRIVE)
    wants = root / "etc/systemd/system/multi-user.target.wants"
    wants.mkdir(parents=True, exist_ok=True)
    (wants / "drive.service").symlink_to("/etc/systemd/system/drive.service")


def boot(root):
    """Until the container has switched itself off; its console in case that it does not."""
    command = ["systemd-nspawn", "-q", "-D", root, "-b", "--private-network", "--register=no", "--keep-unit"]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", timeout=BOOT_S)
        return done.stdout
    except subprocess.TimeoutExpired as late:
        return (late.stdout or b"").decode(errors="replace")


def main():
    if not shutil.which("systemd-nspawn"):
        skip("systemd-nspawn is not installed (systemd-container)")
    with throw_away(BUILD) as root:
        prepare(root)
        console = boot(root)
        results = root / "results"
        if not results.exists():
            skip(f"the container does not start here: {console[-1500:]}")
        found = dict(line.split("\t", 1) for line in results.read_text().splitlines())
        log = (root / "inside.log").read_text(errors="replace") if (root / "inside.log").exists() else ""
    for name in WANTED:
        suite.one(name, lambda: check(found.get(name, "").split(":")[0] == "ok", found.get(name, "not done")))
        if found.get(name, "").startswith("ok: "):
            print(f"  {found[name][4:]}")
    if suite.failed:
        print(log[-4000:])
    sys.exit(suite.close())


main()
