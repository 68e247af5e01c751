"""What somebody tries who may not: a web page that is open on the machine, another user of it, and whoever
keeps the control socket busy."""

import contextlib
import json
import os
import socket
import sys

sys.dont_write_bytecode = True
from lib import *  # noqa: E402,F403 - the test library is made for this

suite = Suite()
LOCAL = "chat:\n  platform: local\n"
CONFIG_ERROR = 78
WEBHOOK = {"id": "w1", "type": "deal.created", "timestamp": "2026-03-02T10:00:00Z", "repid": "ana",
           "data": {"deal": {"id": "W1", "name": "Acme"}}}


@contextlib.contextmanager
def daemon(more=""):
    with scratch() as folder:
        configure(folder, LOCAL, more=more)
        gritd = Gritd(folder)
        try:
            gritd.alive()
            yield gritd
            gritd.alive()
            equal(gritd.stop(), 0, "exit code after SIGTERM")
        finally:
            gritd.kill()


def open_files(gritd):
    try:
        return len(os.listdir(f"/proc/{gritd.pid}/fd"))
    except PermissionError:  # it lets nobody look into it but root
        return 0


@suite.case
def a_web_page_may_not_send_events_to_a_listener_without_secrets():
    more = "intake:\n  - {name: crm, kind: cloudevents}\n  - {name: own, kind: generic}\n"
    with daemon(more) as gritd:
        for origin in ("https://evil.example", "null", "http://localhost.evil.example", "http://127.0.0.1.evil.example",
                       "http://evil.example:8467"):
            for path, body, kind in (("/v1/events", created("D1", "ana"), CLOUDEVENT),
                                     ("/v1/intake/crm", created("D1", "ana"), CLOUDEVENT),
                                     # a form may send this from any page, and no browser asks before
                                     ("/v1/intake/own", WEBHOOK, {"Content-Type": "text/plain"})):
                answer = gritd.call("POST", path, json.dumps(body).encode(), {**kind, "Origin": origin})
                equal(answer.status, 401, f"{path} from {origin} ({answer})")
        equal(gritd.metrics()["gritd_deals"], 0, "deals that a page has made")
        for headers in ({}, {"Origin": "http://localhost:8467"}, {"Origin": f"http://127.0.0.1:{gritd.port}"}):
            answer = gritd.call("POST", "/v1/intake/own", json.dumps(WEBHOOK).encode(),
                                {"Content-Type": "application/json", **headers})
            equal(answer.status, 202, f"our own ({answer})")


# FM-H01
@suite.case
def a_secret_that_others_can_read_is_refused():
    more = "intake: [{name: own, kind: generic, secret: 'file:hook', verify: bearer}]\n"
    with scratch() as folder:
        configure(folder, LOCAL, more=more)
        (folder / "hook").write_text("a-secret-for-the-hook\n")
        for mode in (0o644, 0o604, 0o640, 0o660, 0o606):
            (folder / "hook").chmod(mode)
            gritd = Gritd(folder)
            try:
                equal(gritd.wait(), CONFIG_ERROR, f"exit code with mode {mode:o}")
                log = gritd.log()
                for word in ("gritd.yaml:", "hook", f"{mode:04o}", "chmod 600"):
                    check(word in log, f"nothing about {word!r} in: {log}")
                check("a-secret" not in log, "the secret in the log")
            finally:
                gritd.kill()
        for mode in (0o600, 0o400):
            (folder / "hook").chmod(mode)
            gritd = Gritd(folder)
            try:
                gritd.alive()
            finally:
                gritd.kill()


def ask(gritd, request):
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(str(gritd.folder / "control.sock"))  # blocking: while the queue is full it waits its turn
        link.settimeout(WAIT_S)
        link.sendall(json.dumps(request).encode() + b"\n")
        return json.loads(link.makefile().readline())


@suite.case
def numbers_at_the_control_socket_have_bounds():
    with daemon() as gritd:
        for length in (0, -1, 2**63 - 1, -2**63, 1e300, "1d", [], None, 3661 * 86400000):
            answer = ask(gritd, {"cmd": "pause", "rep": "ana", "for_ms": length})
            check(not answer["ok"] and "for_ms" in answer["error"], f"{length}: {answer}")
        for length in (1, 86400000, 3660 * 86400000):
            check(ask(gritd, {"cmd": "pause", "rep": "ana", "for_ms": length})["ok"], f"{length} is refused")
        check(ask(gritd, {"cmd": "resume", "rep": "ana"})["ok"], "resume")


@suite.case
def silent_callers_of_the_control_socket_make_room():
    with daemon() as gritd:
        before = open_files(gritd)
        links = []
        try:
            for turn in range(200):
                link = socket.socket(socket.AF_UNIX)
                link.connect(str(gritd.folder / "control.sock"))
                if turn % 2:
                    link.sendall(b'{"cmd":"sta')  # and no more of it
                links.append(link)
                if turn % 50 == 49:
                    check(ask(gritd, {"cmd": "status"})["ok"], "status")
            now = open_files(gritd)
            check(now - before <= 40, f"{now - before} more files are open")
            gritd.take(created("D1", "ana"), moved("D1", "ana", "propose"))
        finally:
            for link in links:
                link.close()
        until("all are gone", lambda: open_files(gritd) <= before + 2)


suite.run()
