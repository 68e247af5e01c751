"""rig.py: throw-away Debian 12 roots for the package's long forms. Root, debootstrap, overlayfs and a mirror needed."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
here = pathlib.Path(__file__).resolve().parent
source = here.parents[1]
sys.path.insert(0, str(here.parent / "integration"))
from lib import Failed, MISSING, Suite, check, equal, until  # noqa: E402,F401

MIRROR = os.environ.get("DEBIAN_MIRROR", "http://deb.debian.org/debian")
WITH = "systemd,systemd-sysv,dbus,ca-certificates,curl,python3-minimal"


def skip(why):
    print(f"skipped: {why}")
    sys.exit(MISSING)


def run(*command, wanted=0, **more):
    """Its output, both streams; Failed when it ends otherwise."""
    done = subprocess.run([str(one) for one in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
    check(wanted is None or done.returncode == wanted, lambda: f"{' '.join(map(str, command))[:200]}: {done.returncode}: {done.stdout[-1500:]}")
    return done.stdout if wanted is not None else done.returncode


def base(build):
    """The untouched root, made once: bookworm with systemd, and what gritd depends on."""
    if os.getuid():
        skip("only root can make a root")
    for tool in ("debootstrap", "dpkg-deb"):
        if not shutil.which(tool):
            skip(f"{tool} is not installed")
    root = build / "debian"
    if not (root / "made").exists():
        shutil.rmtree(root, ignore_errors=True)
        print("  debootstrap ...", flush=True)
        if run("debootstrap", "--variant=minbase", f"--include={WITH}", "bookworm", root, MIRROR, wanted=None):
            skip(f"no Debian from {MIRROR}: see {root}/debootstrap/debootstrap.log")
        for name in ("resolv.conf",):
            shutil.copy(f"/etc/{name}", root / "etc" / name)
        depends = run("dpkg-deb", "-f", package(build), "Depends").replace("\n", " ")
        names = [one.split("|")[0].split("(")[0].strip() for one in depends.split(",")]
        with inside(root):
            run("chroot", root, "apt-get", "update", "-qq")
            run("chroot", root, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *names,
                env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})
        (root / "made").write_text("")
    return root


@contextlib.contextmanager
def inside(root):
    for name in ("proc", "dev"):
        run("mount", "--rbind" if name == "dev" else "--bind", f"/{name}", root / name)
    try:
        yield
    finally:
        for name in ("proc", "dev"):
            run("umount", "-l", root / name)


@contextlib.contextmanager
def throw_away(build):
    """A root over the base; what is written to it goes with the block."""
    lower = base(build)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="gritd-root-"))
    for name in ("up", "work", "root"):
        (folder / name).mkdir()
    root = folder / "root"
    run("mount", "-t", "overlay", "overlay", "-o", f"lowerdir={lower},upperdir={folder}/up,workdir={folder}/work", root)
    try:
        yield root
    finally:
        run("umount", "-l", root)
        shutil.rmtree(folder, ignore_errors=True)


def package(build):
    found = sorted(build.glob("gritd_*_*.deb"))
    if len(found) != 1:
        skip(f"there is not one package in {build}: ninja -C {build} package")
    return found[0]


def older(build, tree):
    """The package as the source in `tree` would have made it: its programs, rules and sample, and a lower version."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="gritd-deb-"))
    try:
        whole = folder / "tree"
        run("dpkg-deb", "-R", package(build), whole)
        if tree:
            for name in ("gritd", "gritctl"):
                shutil.copy(tree / "build" / name, whole / "usr/bin" / name)
            shutil.rmtree(whole / "usr/share/gritd/plugins")
            shutil.copytree(tree / "plugins", whole / "usr/share/gritd/plugins")
            for name in ("gritd", "people", "pipeline"):
                shutil.copy(tree / "config" / f"{name}.yaml", whole / "etc/gritd")
        control = whole / "DEBIAN/control"
        control.write_text("".join("Version: 0.0.9\n" if line.startswith("Version:") else line
                                   for line in control.read_text().splitlines(True)))
        (whole / "DEBIAN/md5sums").unlink(missing_ok=True)
        target = build / "older.deb"
        run("dpkg-deb", "-b", "--root-owner-group", whole, target)
        return target
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def older_tree(build, commit):
    """A commit, built once; None where there is no history."""
    tree = build / f"source-{commit}"
    if not (tree / "build/gritd").exists():
        archive = subprocess.run(["git", "-C", source, "archive", commit], capture_output=True)
        if archive.returncode:
            return None
        shutil.rmtree(tree, ignore_errors=True)
        tree.mkdir(parents=True)
        run("tar", "-x", "-C", tree, input=archive.stdout.decode("latin-1"), encoding="latin-1")
        print(f"  building {commit} ...", flush=True)
        run("cmake", "-S", tree, "-B", tree / "build", "-G", "Ninja", "-DCMAKE_BUILD_TYPE=RelWithDebInfo", "-DBUILD_TESTING=OFF")
        run("ninja", "-C", tree / "build", "gritd", "gritctl")
    return tree
