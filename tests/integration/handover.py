"""handover.py BUILD_FOLDER [CASE...]: the service manager keeps the listener; a restart refuses nobody.

The test plays the service manager's part: it takes the listener that the daemon leaves (FDSTORE=1) and hands it to the
next daemon as descriptor 3, as FileDescriptorStoreMax= of systemd does.
"""

import array
import sys

sys.dont_write_bytecode = True
from lib import *  # noqa: E402,F403 - the test library is made for this

suite = Suite()
LOCAL = "chat:\n  platform: local\n"
RESTARTS, CLIENTS = 4, 4


class Manager:
    """The notification socket, and what was left there."""

    def __init__(self, folder):
        self.path = str(folder / "notify.sock")
        self.link = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.link.bind(self.path)
        self.link.settimeout(WAIT_S)
        self.kept = []

    def hear(self, word):
        """Listens until another message has this word in it."""
        text = b""
        while word not in text.decode():
            fds = array.array("i")
            text, more, _, _ = self.link.recvmsg(4096, socket.CMSG_SPACE(4))
            for level, kind, data in more:
                if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                    fds.frombytes(data)
            if b"FDSTOREREMOVE=1" in text:
                self.drop()
            if b"FDSTORE=1" in text:
                self.kept += fds

    def drop(self):
        for fd in self.kept:
            os.close(fd)
        self.kept = []

    def close(self):
        self.drop()
        self.link.close()


class Service(Gritd):
    """gritd as the service manager starts it."""

    def __init__(self, folder, manager):
        self.manager = manager
        super().__init__(folder, env={"NOTIFY_SOCKET": manager.path})

    def spawn(self):
        self.started_at = self.log_path.stat().st_size if self.log_path.exists() else 0
        command, kept = self.command, self.manager.kept
        if kept:
            hand = f'export LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=http; exec "$@" 3<&{kept[0]} {kept[0]}<&-'
            command = ["/bin/bash", "-c", hand, "gritd", *command]
        with open(self.log_path, "ab") as out:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=self.env,
                                            pass_fds=kept)

    def again(self):
        self.process.wait()
        self._port = None
        self.spawn()
        self.manager.hear("READY=1")


@contextlib.contextmanager
def service(port=None):
    with scratch() as folder:
        configure(folder, LOCAL, listen=f"127.0.0.1:{port or free_port()}")
        manager = Manager(folder)
        gritd = Service(folder, manager)
        try:
            manager.hear("READY=1")
            yield gritd, manager
            if gritd.running():
                equal(gritd.stop(), 0, "exit code")
        finally:
            gritd.kill()
            manager.close()


class Senders:
    """Clients that post one event after the other, each over its own connection or all over one."""

    def __init__(self, port):
        self.port, self.going = port, True
        self.taken, self.wrong, self.refused = [], [], []
        self.threads = [threading.Thread(target=self.send, args=(i, i % 2)) for i in range(CLIENTS)]
        for one in self.threads:
            one.start()

    def send(self, number, stays):
        count, link = 0, None
        while self.going:
            count += 1
            used = link is not None
            link = link or http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT_S)
            one = created(f"S{number}-{count}", "ana", id=f"s{number}-{count}")
            try:
                link.request("POST", "/v1/events", json.dumps(one), CLOUDEVENT)
                answer = link.getresponse()
                answer.read()
                (self.taken if answer.status == 202 else self.wrong).append((one["id"], answer.status))
                closes = answer.will_close
            except ConnectionRefusedError as error:
                self.refused.append(repr(error))
                closes = True
            except (OSError, http.client.HTTPException) as error:
                if not used:  # one that was used before may be closed while we write: every client knows that
                    self.wrong.append((one["id"], repr(error)))
                closes = True
            if closes or not stays:
                link.close()
                link = None

    def stop(self):
        self.going = False
        for one in self.threads:
            one.join()


@suite.case
def restart_drops_no_event():
    with service() as (gritd, manager):
        equal(len(manager.kept), 1, "listeners left with the service manager")
        senders = Senders(gritd.port)
        try:
            for _ in range(RESTARTS):
                before = len(senders.taken)
                until("some events", lambda: len(senders.taken) >= before + 50)
                equal(gritd.stop(), 0, "exit code")
                gritd.again()
        finally:
            senders.stop()
        equal((senders.refused, senders.wrong), ([], []), "refused, or not taken")
        until("the store", lambda: gritd.store().rows("SELECT count(*) FROM journal")[0][0] >= len(senders.taken))
        stored = [row[0] for row in gritd.store().rows("SELECT deal FROM journal WHERE deal LIKE 'S%'")]
        for one in senders.taken:
            equal(stored.count(one[0].upper()), 1, f"times that {one[0]} is in the journal")
        print(f"  {RESTARTS} restarts, {len(senders.taken)} events")


@suite.case
def crash_refuses_nobody():
    with service() as (gritd, manager):
        senders = Senders(gritd.port)
        try:
            until("some events", lambda: len(senders.taken) >= 50)
            gritd.process.kill()
            before = len(senders.taken)
            gritd.again()
            until("more events", lambda: len(senders.taken) >= before + 50)
        finally:
            senders.stop()
        equal(senders.refused, [], "refused")
        check(len(senders.wrong) <= CLIENTS, f"cut off: {senders.wrong}")


def event_bytes(name):
    body = json.dumps(created(name, "ana", id=name)).encode()
    head = f"POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/cloudevents+json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode(), body


def answer_of(link):
    got = b""
    while b"}" not in got:
        part = link.recv(4096)
        if not part:
            break
        got += part
    return got.decode()


@suite.case
def what_has_begun_is_taken_while_it_stops():
    with service() as (gritd, manager):
        head, body = event_bytes("HALF")
        with socket.create_connection(("127.0.0.1", gritd.port), WAIT_S) as half, \
                socket.create_connection(("127.0.0.1", gritd.port), WAIT_S) as fresh:
            half.sendall(head + body[:20])
            until("two connections", lambda: gritd.alive() is None)  # both came before this request
            gritd.signal(signal.SIGTERM)
            manager.hear("STOPPING=1")
            fresh.sendall(b"".join(event_bytes("FRESH")))
            half.sendall(body[20:])
            for link in (half, fresh):
                answer = answer_of(link)
                check(answer.startswith("HTTP/1.1 202") and "Connection: close" in answer, answer)
        equal(gritd.wait(), 0, "exit code")
        equal(gritd.store().rows("SELECT count(*) FROM journal WHERE deal IN ('HALF', 'FRESH')"), [(2,)], "in the journal")
        gritd.again()


@suite.case
def idle_connection_does_not_hold_a_stop_up():
    with service() as (gritd, manager):
        with contextlib.ExitStack() as links:
            def occupy():
                link = links.enter_context(socket.create_connection(("127.0.0.1", gritd.port), WAIT_S))
                link.sendall(b"".join(event_bytes("IDLE")))
                check("202" in answer_of(link), "not taken")
            occupy()
            fastest("to stop", 1, lambda: equal(gritd.stop(), 0, "exit code"), again=lambda: (gritd.again(), occupy()))


@suite.case
def listener_for_another_address_is_let_go():
    with service() as (gritd, manager):
        old = gritd.port
        equal(gritd.stop(), 0, "exit code")
        configure(gritd.folder, LOCAL, listen=f"127.0.0.1:{free_port()}")
        gritd.again()
        check(gritd.port != old, "it still listens at the old address")
        check("handed over a listener for another address" in gritd.log(), gritd.log())
        equal(len(manager.kept), 1, "listeners left with the service manager")
        gritd.take(created("D1", "ana"))
        with contextlib.suppress(ConnectionRefusedError):
            http_call(old, "GET", "/healthz")
            raise Failed("somebody listens at the old address")


@suite.case
def each_file_of_the_folder_is_a_credential():
    """LoadCredential=gritd:FOLDER makes gritd_NAME of each file NAME."""
    intake = "intake:\n  - {name: crm, kind: cloudevents, secret: credential:crm-secret, verify: bearer}\n"
    with scratch() as folder:
        configure(folder, LOCAL, more=intake)
        for file in ("gritd_crm-secret", "crm-secret"):  # one that is named by itself comes first
            write(folder, f"credentials/{file}", f"{file}-word\n").chmod(0o400)
            gritd = Gritd(folder, env={"CREDENTIALS_DIRECTORY": str(folder / "credentials")}).wait_ready()
            try:
                for word, wanted in ((file, 202), ("other", 401)):
                    proof = {"Authorization": f"Bearer {word}-word", **CLOUDEVENT}
                    equal(gritd.call("POST", "/v1/intake/crm", created(f"C-{file}", "ana"), proof).status, wanted, f"answer to {word}")
                equal(gritd.stop(), 0, "exit code")
            finally:
                gritd.kill()


if __name__ == "__main__":
    suite.run()
