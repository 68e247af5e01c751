"""trouble.py BUILD_FOLDER [CASE...]: what goes wrong around a daemon that does nothing wrong itself."""

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading

sys.dont_write_bytecode = True
from lib import *  # noqa: E402,F403 - the test library is made for this

suite = Suite()
LOCAL = "chat:\n  platform: local\n"


@contextlib.contextmanager
def daemon(**more):
    with scratch() as folder:
        configure(folder, LOCAL, **more)
        gritd = Gritd(folder)
        try:
            yield gritd
        finally:
            gritd.kill()


def full_pipe():
    """(read end, write end) of a pipe that takes nothing more."""
    out, into = os.pipe()
    flags = fcntl.fcntl(into, fcntl.F_GETFL)
    fcntl.fcntl(into, fcntl.F_SETFL, flags | os.O_NONBLOCK)
    for block in (65536, 4096, 1):
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(into, b"x" * block)
    fcntl.fcntl(into, fcntl.F_SETFL, flags)
    return out, into


# FM-I01
@suite.case
def a_log_that_nobody_reads_holds_nothing_up():
    port = free_port()
    with scratch() as folder:
        configure(folder, LOCAL, listen=f"127.0.0.1:{port}", more="log: {level: debug}\n")
        out, into = full_pipe()
        gritd = subprocess.Popen([binary("gritd"), "--config", folder / "gritd.yaml"], stdin=subprocess.DEVNULL,
                                 stderr=into)
        try:
            os.close(into)

            def accepted():
                with contextlib.suppress(OSError):
                    return http_call(port, "POST", "/v1/events", created("D1", "ana"), CLOUDEVENT).status == 202
            until("a 202 with a full log", accepted)
            with os.fdopen(out, "rb", buffering=0) as log:
                text = b""
                os.set_blocking(out, False)

                def told():
                    nonlocal text
                    more = log.read(65536)
                    text = text[-200:] + (more or b"")
                    if not more:
                        gritd.send_signal(signal.SIGHUP)  # there is room now, and it has something to say
                    return b"lines were dropped" in text
                until("the line about what was dropped", told)
            gritd.send_signal(signal.SIGTERM)  # and now the other end is closed
            equal(gritd.wait(WAIT_S), 0, "exit code")
        finally:
            gritd.kill()
            gritd.wait()


# FM-E08
@suite.case
def pipes_devices_and_loops_beside_the_plugins_are_passed_over():
    with scratch() as folder:
        configure(folder, LOCAL)
        plugins = folder / "plugins"
        os.mkfifo(plugins / "a.yaml")
        (plugins / "b.yaml").symlink_to("/dev/zero")
        (plugins / "c.yaml").symlink_to("nothing.yaml")
        (plugins / "d.yaml").symlink_to("d.yaml")
        (plugins / "e.yaml").mkdir()
        (plugins / "f").symlink_to("..")
        gritd = Gritd(folder)
        try:
            gritd.wait_ready()
            log = gritd.log()
            for name in "abcde":
                check(f"plugins/{name}.yaml" in log, lambda: f"nothing about {name}.yaml: {log[-1500:]}")
            check("1 rules" in log, log[-500:])
            gritd.signal(signal.SIGHUP)
            until("the reload", lambda: "reload: " in gritd.log())
            equal(gritd.stop(), 0, "exit code")
        finally:
            gritd.kill()


# FM-E08
@suite.case
def a_link_out_of_the_plugins_is_not_followed():
    """Not to a secret, and not to a plugin either; one within is, as deployments by link make them."""
    with scratch() as folder, scratch() as outside:
        configure(folder, LOCAL)
        plugins = folder / "plugins"
        (plugins / "..v1").mkdir()
        (plugins / "asking.yaml").rename(plugins / "..v1" / "asking.yaml")
        (plugins / "..data").symlink_to("..v1")
        (plugins / "asking.yaml").symlink_to("..data/asking.yaml")
        (outside / "secret").write_text("xoxb-canary: 1\n")
        write(outside, "plugins-too/more.yaml", ASKING.replace("plugin: asking", "plugin: more").replace("entered", "came"))
        (plugins / "secret.yaml").symlink_to(outside / "secret")
        (plugins / "more.yaml").symlink_to(outside / "plugins-too/more.yaml")
        (plugins / "beside.yaml").symlink_to("../people.yaml")
        gritd = Gritd(folder)
        try:
            gritd.wait_ready()
            log = gritd.log()
            for name in ("secret", "more", "beside"):
                check(f"plugins/{name}.yaml" in log, lambda: f"nothing about {name}.yaml: {log[-1500:]}")
            equal(log.count("leads out of its folder"), 3, "links that are refused")
            check("canary" not in log, log)
            check("1 rules" in log, log[-500:])
            for name in ("secret", "beside"):
                (plugins / f"{name}.yaml").unlink()
            (outside / "itself").symlink_to("plugins-too")  # the folder, and a file by name, may be links
            (plugins / "more.yaml").rename(folder / "more.yaml")
            config = folder / "gritd.yaml"
            for more in (f"{outside}/plugins-too", f"{outside}/itself", "more.yaml"):
                config.write_text(config.read_text().replace("plugins: [plugins]", f"plugins: [plugins, {more}]"))
                answer = gritd.control("reload")
                equal((answer["ok"], answer["rules"]), (True, 2), f"reload with {more}: {answer}")
                config.write_text(config.read_text().replace(f", {more}]", "]"))
            equal(gritd.stop(), 0, "exit code")
        finally:
            gritd.kill()


# FM-F04
@suite.case
def one_event_fifty_times_at_once_and_over_restarts_counts_once():
    with daemon(listen=f"127.0.0.1:{free_port()}") as gritd:
        gritd.wait_ready()
        gritd.take(created("D1", "ana", id="made"))
        one = moved("D1", "ana", "propose", id="moved")
        for _ in range(3):
            answers = []

            def post():
                answers.append(gritd.post(one).status)
            threads = [threading.Thread(target=post) for _ in range(50)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            equal(answers, [202] * 50, "answers")
            gritd.kill()
            gritd.restart()
        equal(gritd.stop(), 0, "exit code")
        store = gritd.store()
        equal([one["id"] for one in store.journal() if one.get("id") == "moved"], ["moved"], "rows of the journal")
        equal(len([one for one in store.decisions() if one["outcome"] == "sent"]), 1, "decisions to send")


# FM-K02
@suite.case
def signals_at_any_moment_do_what_they_say():
    for turn in range(6):
        with daemon() as gritd:
            if turn % 2:  # else in the middle of starting
                gritd.wait_ready()
            else:
                until("its first words or the end", lambda: gritd.log() or not gritd.running())
            for number in range(1700):
                gritd.signal(signal.SIGPIPE if number % 3 else signal.SIGHUP)
            for _ in range(20):
                gritd.signal(signal.SIGTERM)
                gritd.signal(signal.SIGHUP)
            equal(gritd.wait(), 0, "exit code")
            equal(gritd.log().count("stopped"), 1, "times that it stopped")


# FM-E02 FM-E01
@suite.case
def a_thousand_reloads_send_nothing_and_lose_nothing():
    with scratch() as folder:
        fake = Fake(folder)
        gritd = None
        try:
            configure(folder, slack_chat(fake.api))
            gritd = Gritd(folder)
            gritd.wait_ready()
            for turn in range(5):
                fake.set(hold_ms={"method": "chat.postMessage", "ms": 150, "store": "before"})
                gritd.take(created(f"D{turn}", "ana"), moved(f"D{turn}", "ana", "propose"))
                for number in range(200):
                    text = ASKING if number % 2 else "# the same\n" + ASKING
                    write(folder, "asking.new", text).rename(folder / "plugins/asking.yaml")
                    gritd.signal(signal.SIGHUP)
                until("the question", lambda: len(fake.from_bot("U1")) == turn + 1)
            until("an empty outbox", lambda: gritd.metrics()["gritd_outbox_messages"] == 0)
            equal(len(fake.from_bot("U1")), 5, "questions")
            equal(fake.stats()["duplicates"], [], "messages stored twice")
            equal(fake.stats()["methods"]["chat.postMessage"], 5, "posts")
            equal(gritd.stop(), 0, "exit code")
            equal([one["state"] for one in gritd.store().outbox()], ["sent"] * 5, "rows")
        finally:
            if gritd:
                gritd.kill()
            fake.kill()


# FM-A12
@suite.case
def a_backup_that_was_put_back_says_nothing_again():
    with scratch() as folder:
        fake, gritd = Fake(folder), None
        try:
            configure(folder, slack_chat(fake.api))
            gritd = Gritd(folder).wait_ready()
            gritd.take(created("D1", "ana"), created("D2", "ana"), created("D3", "ben"))
            equal(gritd.stop(), 0, "exit code")
            backup = (folder / "gritd.db").read_bytes()
            gritd = Gritd(folder).wait_ready()
            first, second = moved("D1", "ana", "propose"), moved("D2", "ana", "propose")
            gritd.take(first, second)
            until("the questions", lambda: len(fake.from_bot("U1")) == 2)
            fake.act("say", "U1", text="help")
            until("the reply", lambda: len(fake.from_bot("U1")) == 3)
            equal(gritd.stop(), 0, "exit code")

            (folder / "gritd.db").write_bytes(backup)
            for name in ("gritd.db-wal", "gritd.db-shm"):
                (folder / name).unlink(missing_ok=True)
            gritd = Gritd(folder, args=["--restored"]).wait_ready()
            gritd.take(first)  # the CRM sends again what came since
            until("it to be settled", lambda: gritd.store().outbox() and not gritd.metrics()["gritd_outbox_messages"])
            gritd.kill()
            gritd = Gritd(folder).wait_ready()  # as the service manager starts it
            gritd.take(second, moved("D3", "ben", "propose"))
            until("the new question", lambda: len(fake.from_bot("U2")) == 1)
            until("the others to be settled", lambda: not gritd.metrics()["gritd_outbox_messages"])
            equal(len(fake.from_bot("U1")), 3, "messages")
            equal(fake.stats()["duplicates"], [], "messages stored twice")
            equal(gritd.stop(), 0, "exit code")
            equal({one["state"] for one in gritd.store().outbox()}, {"sent"}, "rows")
        finally:
            if gritd:
                gritd.kill()
            fake.kill()


# FM-C11
@suite.case
def a_platform_that_comes_up_later_is_found():
    port = free_port()
    with scratch() as folder:
        fake = Fake(folder)
        gritd = relay = None
        try:
            configure(folder, slack_chat(f"http://127.0.0.1:{port}/api/"))
            gritd = Gritd(folder)
            until("the listener", lambda: gritd.get("/readyz").status == 503)
            check("not connected" in gritd.get("/readyz").text, gritd.get("/readyz").text)
            gritd.take(created("D1", "ana"), moved("D1", "ana", "propose"))
            equal(fake.from_bot("U1"), [], "questions before")
            relay = Relay(port, fake.port)
            until("the connection", lambda: gritd.get("/readyz").status == 200, 70)
            until("the question", lambda: len(fake.from_bot("U1")) == 1)
            equal(gritd.stop(), 0, "exit code")
        finally:
            for one in (gritd, relay, fake):
                if one:
                    one.kill()


class Relay:
    """Hands every connection at `port` on to another one."""

    def __init__(self, port, to):
        self.to = to
        self.listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                one = self.listener.accept()[0]
                two = socket.create_connection(("127.0.0.1", self.to))
                for pair in ((one, two), (two, one)):
                    threading.Thread(target=self.hand_on, args=pair, daemon=True).start()

    @staticmethod
    def hand_on(one, two):
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                two.sendall(data)
        with contextlib.suppress(OSError):
            two.shutdown(socket.SHUT_WR)

    def kill(self):
        self.listener.close()


suite.run()
