"""doctor.py BUILD_FOLDER [CASE...]: each fault that `gritctl doctor` knows is planted once; doctor must find it by its code,
say what it saw, and say what to do. The list is daemon/gritctl/doctor_list.h; a row without a case fails.

A small Slack of its own answers the questions that doctor asks, over TLS where that matters."""

import contextlib
import email.utils
import http.server
import re
import resource
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
from lib import *  # noqa: E402,F403 - the test library is made for this

suite = Suite()
TOLD = {}  # code -> what to do, of doctor_list.h
for row in re.findall(r'^FAULT\((\w+), "([a-z-]+)", (ERROR|WARNING), "((?:[^"\\]|\\.)*)"\)',
                      (source_folder() / "daemon/gritctl/doctor_list.h").read_text(), re.M):
    TOLD[row[1]] = (row[2].lower(), row[3].replace('\\"', '"'))
planted = set()
PEOPLE = PEOPLE.replace("role: manager", "role: manager, zone: America/Denver")


# --- a Slack that says what it is told to ---


class Slack:
    """Answers auth.test and apps.connections.open."""

    def __init__(self, certificate=None, **says):
        self.says = {"bot": {"ok": True}, "app": {"ok": True, "url": "wss://none.invalid"}, "scopes": None, "date": 0, **says}
        self.asked = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def date_time_string(self, timestamp=None):
                return email.utils.formatdate(time.time() + outer.says["date"], usegmt=True)

            def do_POST(self):
                which = "bot" if self.path.endswith("/auth.test") else "app"
                outer.asked.append((which, self.headers.get("Authorization")))
                body = json.dumps(outer.says[which]).encode()
                self.send_response(outer.says.get("status", 200))
                if outer.says.get("chunked"):
                    self.send_header("Transfer-Encoding", "chunked")
                    body = b"".join(b"%x;x=y\r\n%s\r\n" % (len(part), part) for part in (body[:5], body[5:])) + b"0\r\n\r\n"
                else:
                    self.send_header("Content-Length", str(len(body)))
                if outer.says["scopes"]:
                    self.send_header("x-oauth-scopes", outer.says["scopes"])
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, *_):  # a handshake that the other side gave up
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.api = f"http{'s' if certificate else ''}://localhost:{self.port}/api/"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@contextlib.contextmanager
def slack(**says):
    one = Slack(**says)
    try:
        yield one
    finally:
        one.close()


HOLIDAYS = f"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//gritd//test//EN
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:{time.gmtime().tm_year}0101
SUMMARY:New Year
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


@contextlib.contextmanager
def office(api="http://127.0.0.1:1/api/", chat=None, people=PEOPLE, more="", holidays=HOLIDAYS, **whole):
    """A whole configuration without any fault but that the daemon does not run."""
    with scratch() as folder:
        if holidays:
            write(folder, "holidays.ics", holidays)
            more += "holidays: [holidays.ics]\n"
        configure(folder, chat if chat is not None else slack_chat(api), people=people, more=more, **whole)
        yield folder


def doctor(folder, env=None, args=(), meanwhile=None):
    """What it finds: [(code, level, text, do)], and its exit code. meanwhile(process) is called while it looks."""
    whole = {k: v for k, v in os.environ.items()
             if k.lower() not in ("https_proxy", "http_proxy", "all_proxy", "no_proxy", "ssl_cert_file", "credentials_directory")}
    whole.update({"GRITD_TEST_BOT": BOT_TOKEN, "GRITD_TEST_APP": APP_TOKEN, **(env or {})})
    with subprocess.Popen([binary("gritctl"), "doctor", "--json", "--config", folder / "gritd.yaml", *args],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=whole) as ran:
        try:
            if meanwhile:
                meanwhile(ran)
            out, complaint = ran.communicate(timeout=WAIT_S)
        except BaseException:
            ran.kill()
            raise
    check(complaint == "", f"doctor wrote to stderr: {complaint}")
    check(BOT_TOKEN not in out and APP_TOKEN not in out, "a token is in what doctor says")
    found = [json.loads(line) for line in out.splitlines()]
    for one in found:
        equal((one["level"], one["do"]), TOLD[one["code"]], one["code"])
    equal(ran.returncode, int(any(one["level"] == "error" for one in found)), f"exit code with {found}")
    return found


def finds(code, sentence, folder, alone=True, **more):
    """Planted: it is found, in these words, and nothing else but that gritd does not run."""
    planted.add(code)
    found = doctor(folder, **more)
    texts = [one["text"] for one in found if one["code"] == code]
    check(any(re.search(sentence, text) for text in texts), f"{code} is not told as {sentence!r}: {found}")
    others = {one["code"] for one in found} - {code, "daemon-down"}
    check(not alone or not others, f"besides {code}: {[one for one in found if one['code'] in others]}")
    return found


# --- nothing is wrong ---


@suite.case
def nothing_is_found_where_nothing_is_wrong():
    with scratch() as folder:
        fake = Fake(folder)
        gritd = None
        try:
            write(folder, "holidays.ics", HOLIDAYS)
            configure(folder, slack_chat(fake.api), more="holidays: [holidays.ics]\n")
            gritd = Gritd(folder)
            gritd.wait_ready()
            equal(doctor(folder), [], "what was found")
            said = subprocess.run([binary("gritctl"), "doctor", "--config", folder / "gritd.yaml"], capture_output=True,
                                  text=True, timeout=WAIT_S, env={**os.environ, "GRITD_TEST_BOT": BOT_TOKEN,
                                                                 "GRITD_TEST_APP": APP_TOKEN})
            equal(said.stdout, f"looked for {len(TOLD)} faults: 0 errors, 0 warnings\n", "what it says")
        finally:
            if gritd:
                gritd.kill()
            fake.kill()


# --- tokens and the network ---


@suite.case
def tokens():
    rows = [
        ("token-wrong", "Slack refuses slack.bot_token: invalid_auth", {"bot": {"ok": False, "error": "invalid_auth"}}),
        ("token-wrong", "Slack refuses slack.app_token: invalid_auth", {"app": {"ok": False, "error": "invalid_auth"}}),
        ("token-wrong", "Slack refuses slack.bot_token: invalid_auth",
         {"bot": {"ok": False, "error": "invalid_auth"}, "chunked": True}),
        ("token-revoked", "refuses slack.bot_token: token_revoked", {"bot": {"ok": False, "error": "token_revoked"}}),
        ("scope-missing", "refuses slack.app_token: missing_scope, needed: connections:write",
         {"app": {"ok": False, "error": "missing_scope", "needed": "connections:write"}}),
        ("scope-missing", "slack.bot_token has not the scope im:history$",
         {"scopes": "chat:write,im:write,users:read,users:read.email"}),
        ("token-kind", "not_allowed_token_type", {"bot": {"ok": False, "error": "not_allowed_token_type"}}),
        ("chat-refused", "team_disabled: the workspace itself is switched off",
         {"bot": {"ok": False, "error": "team_disabled"}}),
        ("chat-refused", "slack answers auth.test with status 503", {"status": 503}),
    ]
    for code, sentence, says in rows:
        with slack(**says) as server, office(server.api) as folder:
            finds(code, sentence, folder)
    with slack() as server, office(slack_chat(server.api), chat=slack_chat(
            server.api, app="env:GRITD_TEST_BOT", bot="env:GRITD_TEST_APP")) as folder:
        finds("token-kind", "app_token begins with xapp-", folder)
        equal(server.asked, [], "a token of the wrong kind leaves nowhere")


@suite.case
def the_network():
    with office("https://host.invalid/api/") as folder:
        finds("host-unknown", "slack.api_url https://host.invalid/api/: ", folder)
        finds("proxy-unreachable", "proxy 127.0.0.1 port 1: Connection refused", folder, env={"https_proxy": "http://127.0.0.1:1"})
    with office(f"http://127.0.0.1:{free_port()}/api/") as folder:
        finds("host-refused", "127.0.0.1 port [0-9]+: Connection refused", folder)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        with office(f"http://127.0.0.1:{deaf.getsockname()[1]}/api/") as folder:
            finds("host-silent", "no answer in time", folder, args=("--wait", "1s"))
            deaf.accept()[0].close()

            def stand_still(ran):
                with deaf.accept()[0] as link:
                    link.recv(1)  # it waits for the answer now
                    ran.send_signal(signal.SIGSTOP)
                    until("it to stand still", lambda: ") T " in pathlib.Path(f"/proc/{ran.pid}/stat").read_text())
                    ran.send_signal(signal.SIGCONT)
                    ran.wait(WAIT_S)
            finds("host-silent", "no answer in time", folder, args=("--wait", "1s"), meanwhile=stand_still)
    with slack() as plain, office(f"https://localhost:{plain.port}/api/") as folder:
        finds("tls-failed", "no TLS: ", folder)


@suite.case
def a_clock_that_is_off():
    for off, sentence in ((-600, "10m ahead compared with slack"), (600, "behind compared with slack")):
        with slack(date=off) as server, office(server.api) as folder:
            finds("clock-off", sentence, folder)


def certificate(folder, name, *more, days="1"):
    """A certificate and its key in one file, its own root; the name it is for."""
    path = folder / "server.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
                    f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-days", days, "-keyout", path, "-out",
                    folder / "root.pem", *more], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + (folder / "root.pem").read_bytes())
    return path


def expired(folder):
    """One whose day is over, under a root that is trusted."""
    certificate(folder, "root")
    (folder / "root.key").write_bytes((folder / "server.pem").read_bytes())
    config = write(folder, "ca.cnf", "[ca]\ndefault_ca=a\n[a]\nnew_certs_dir=.\ndatabase=index.txt\nserial=serial\n"
                   "default_md=sha256\npolicy=p\nx509_extensions=e\n[p]\ncommonName=supplied\n"
                   "[e]\nsubjectAltName=DNS:localhost\n")
    write(folder, "index.txt", "")
    write(folder, "serial", "01\n")
    run = lambda *words: subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)  # noqa: E731
    run("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
        "-keyout", "old.key", "-out", "old.csr")
    run("ca", "-batch", "-config", config.name, "-in", "old.csr", "-cert", "root.pem", "-keyfile", "root.key", "-out",
        "old.crt", "-notext", "-startdate", "20200101000000Z", "-enddate", "20200201000000Z")
    path = folder / "old.pem"
    path.write_bytes((folder / "old.key").read_bytes() + (folder / "old.crt").read_bytes())
    return path


def tunnel(listener, port, seen):
    """A proxy that leads every CONNECT to this port, once."""
    link, _ = listener.accept()
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += link.recv(1)
    seen.append(head.decode())
    there = socket.create_connection(("127.0.0.1", port))
    link.sendall(b"HTTP/1.1 200 Connection established\r\nX: y\r\n\r\n")

    def carry(a, b):
        with contextlib.suppress(OSError):
            while part := a.recv(65536):
                b.sendall(part)
            b.shutdown(socket.SHUT_WR)
    threading.Thread(target=carry, args=(link, there), daemon=True).start()
    carry(there, link)


@suite.case
def a_way_through_a_proxy():
    with scratch() as keys, socket.create_server(("127.0.0.1", 0)) as listener:
        seen = []
        with slack(certificate=certificate(keys, "chat.example.com"), bot={"ok": False, "error": "invalid_auth"},
                   app={"ok": False, "error": "invalid_auth"}) as server:
            threading.Thread(target=lambda: [tunnel(listener, server.port, seen) for _ in range(2)], daemon=True).start()
            with office(f"https://chat.example.com:{server.port}/api/") as folder:
                env = {"SSL_CERT_FILE": str(keys / "root.pem"),
                       "https_proxy": f"http://user:pass@127.0.0.1:{listener.getsockname()[1]}"}
                finds("token-wrong", "Slack refuses slack.bot_token: invalid_auth", folder, env=env)
                equal(len(seen), 2, "tunnels")
                check(seen[0].startswith(f"CONNECT chat.example.com:{server.port} HTTP/1.1\r\n") and
                      "Proxy-Authorization: Basic dXNlcjpwYXNz\r\n" in seen[0], f"asked the proxy: {seen[0]}")
                finds("host-unknown", "chat.example.com: ", folder, env={**env, "no_proxy": "other.test,.example.com"})


@suite.case
def certificates():
    with scratch() as keys:
        good = certificate(keys, "localhost")
        trusted = {"SSL_CERT_FILE": str(keys / "root.pem")}
        with slack(certificate=good) as server, office(server.api) as folder:
            finds("ca-unknown", "self.signed certificate", folder)
            finds("ca-unreadable", "none.pem", folder, env={"SSL_CERT_FILE": str(keys / "none.pem")})
            check(not {one["code"] for one in doctor(folder, env=trusted)} - {"daemon-down"}, "trusted, and refused")
    with scratch() as keys:
        other = certificate(keys, "chat.example.com")
        with slack(certificate=other) as server, office(server.api) as folder:
            finds("certificate-host", "hostname mismatch", folder, env={"SSL_CERT_FILE": str(keys / "root.pem")})
    with scratch() as keys:
        old = expired(keys)
        with slack(certificate=old) as server, office(server.api) as folder:
            finds("certificate-expired", "certificate has expired", folder, env={"SSL_CERT_FILE": str(keys / "root.pem")})


# --- files ---


LOCAL = "chat:\n  platform: local\n"


@suite.case
def the_configuration():
    with office(chat=LOCAL) as folder:
        equal({one["code"] for one in doctor(folder)}, {"daemon-down"}, "what is found with no fault planted")
        (folder / "gritd.yaml").rename(folder / "away.yaml")
        finds("config-missing", "gritd.yaml: No such file", folder)
    with office(chat=LOCAL, more="listne: 1\n") as folder:
        finds("config-wrong", "gritd.yaml:[0-9]+:1: .*did you mean 'listen'", folder)
    with office(chat=LOCAL) as folder:
        (folder / "people.yaml").unlink()
        finds("people-missing", "people.yaml: No such file", folder)
        write(folder, "people.yaml", PEOPLE.replace("id: ben", "idd: ben"))
        finds("people-wrong", "people.yaml:5:", folder)
    with office(chat=LOCAL, plugins={"broken.yaml": ASKING.replace("ask: words", "aks: words"), "asking.yaml": ASKING}) as folder:
        finds("plugin-broken", "broken.yaml:[0-9]+:", folder)
    with office(chat=LOCAL, plugins={}) as folder:
        (folder / "plugins").mkdir()
        finds("rules-missing", "leads to no rules", folder)
    with office(chat=LOCAL, holidays=None) as folder:
        finds("holidays-missing", f"no holidays of {time.gmtime().tm_year} are known", folder)
    with office(chat=LOCAL, holidays=HOLIDAYS.replace(str(time.gmtime().tm_year), "2019")) as folder:
        finds("holidays-missing", f"have no day of {time.gmtime().tm_year}", folder)
    with office(chat=LOCAL, more="public_url: http://grit.example.com\n") as folder:
        finds("public-url-not-https", "public_url is http://grit.example.com", folder)


@suite.case
def people():
    with slack() as server:
        with office(server.api, people=PEOPLE.replace(", chat: U2", "")) as folder:
            finds("person-without-chat", "nothing says who 'ben' is on slack", folder)
        with office(server.api, people=PEOPLE.replace("manager: dana, ", "")) as folder:
            finds("manager-missing", "the team 'west' has no manager", folder)
    with office(chat=LOCAL, people=PEOPLE.replace(", zone: America/Denver", "")) as folder:
        finds("person-without-zone", "no time zone is known for 'ana'", folder)


@suite.case
def secrets():
    with slack() as server, scratch() as keys:
        token = write(keys, "bot", BOT_TOKEN + "\n")
        with office(chat=slack_chat(server.api, bot=f"file:{token}")) as folder:
            token.chmod(0o644)
            finds("secret-open", "bot has mode 644: others can read it", folder)
            token.chmod(0o600)
            equal({one["code"] for one in doctor(folder)}, {"daemon-down"}, "with mode 600")
            token.unlink()
            finds("secret-missing", "slack.bot_token: .*bot: No such file", folder)
        with office(chat=slack_chat(server.api, bot="credential:slack-bot-token")) as folder:
            finds("secret-missing", "credential:slack-bot-token", folder)
        more = ("intake:\n  - {name: crm, kind: zoho, secret: env:GRITD_TEST_BOT, read_back: {client_id: c, "
                "secret: env:GRITD_TEST_APP, refresh_token: file:no-such-token}}\n"
                "  - {name: asked, kind: close, secret: env:GRITD_TEST_BOT, poll: {secret: env:NO_SUCH_KEY}}\n")
        with office(chat=LOCAL, more=more) as folder:
            finds("secret-missing", "intake 'crm', read_back, refresh_token: .*no-such-token", folder, alone=False)
            finds("secret-missing", "intake 'asked', poll: .*NO_SUCH_KEY", folder, alone=False)


@suite.case
def zone_data():
    with office(chat=LOCAL) as folder, scratch() as zones:
        finds("zones-missing", "holds no zone data", folder, alone=False, env={"TZDIR": str(zones)})
        for name in os.listdir("/usr/share/zoneinfo"):
            if name not in ("tzdata.zi", "+VERSION"):
                (zones / name).symlink_to(f"/usr/share/zoneinfo/{name}")
        write(zones, "tzdata.zi", "# version 2019c\n")
        finds("zones-old", "is of 2019", folder, env={"TZDIR": str(zones)})


# --- the store ---


@contextlib.contextmanager
def tmpfs(size):
    """A small disk of its own: needs the right to mount."""
    with scratch() as folder:
        if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", folder], capture_output=True).returncode:
            yield None
            return
        try:
            yield folder
        finally:
            subprocess.run(["umount", "-l", folder], check=False)


def stored(folder):
    """A store as a daemon leaves it, with one deal."""
    gritd = Gritd(folder)
    gritd.wait_ready()
    gritd.take(created("D1", "ana"))
    equal(gritd.stop(), 0, "exit code")
    return gritd


@suite.case
def the_place_of_the_store():
    with office(chat=LOCAL) as folder:
        text = (folder / "gritd.yaml").read_text()
        (folder / "gritd.yaml").write_text(text.replace("sqlite:gritd.db", "sqlite:none/gritd.db"))
        finds("store-folder-missing", "none/.: No such file", folder)
        (folder / "none").mkdir()
        (folder / "none").chmod(0o500)
        finds("store-folder-read-only", "nothing can be written", folder)
        for code, size, sentence in (("disk-full", "8m", "the disk is full: [0-9]+ KiB left"),
                                     ("disk-low", "100m", "little room is left on the disk: 100 MiB")):
            with tmpfs(size) as disk:
                if not disk:
                    print(f"not played: {code} (no right to mount)")
                    planted.add(code)
                    continue
                (folder / "gritd.yaml").write_text(text.replace("sqlite:gritd.db", f"sqlite:{disk}/gritd.db"))
                finds(code, sentence, folder)


@suite.case
def the_store():
    with office(chat=LOCAL) as folder:
        stored(folder)
        store = folder / "gritd.db"
        whole = store.read_bytes()
        store.chmod(0o644)
        finds("store-open", "gritd.db has mode 644", folder)
        store.chmod(0o600)
        with contextlib.closing(sqlite3.connect(store)) as link, link:
            link.execute("PRAGMA user_version = 9999")
        finds("store-newer", "schema version 9999 is newer", folder)
        store.write_bytes(b"SQLite format 3\0" + os.urandom(len(whole) - 16))
        finds("store-damaged", "gritd.db: ", folder)
        store.write_bytes(whole[:4096] + os.urandom(4096) + whole[8192:])
        finds("store-damaged", "gritd.db: ", folder)
        store.write_bytes(whole)
        with open(f"{store}.lock", "rb") as lock:
            import fcntl
            fcntl.flock(lock, fcntl.LOCK_EX)
            finds("store-locked", f"in use by process {os.getpid()}", folder)


@suite.case
def what_came_in():
    intake = "intake:\n  - {name: crm, kind: cloudevents}\n"
    with scratch() as elsewhere, contextlib.closing(Fake(elsewhere)) as fake, office(fake.api, more=intake) as folder:
        gritd = Gritd(folder)
        gritd.wait_ready()
        finds("intake-silent", r"nothing has come from the CRM for 4 days \(intake 'crm'\)", folder)
        gritd.take(created("D1", "ana"))
        equal(doctor(folder), [], "after one event")
        gritd.take(event("deal.stage_changed", "ana", "D1", to={"canonical": "unmapped", "raw": "Ready to sign"}))
        finds("stages-unmapped", "in the stage 'Ready to sign'", folder)
        gritd.kill()


# --- the daemon ---


@suite.case
def the_daemon():
    with office(chat=LOCAL) as folder:
        finds("daemon-down", "gritd does not answer at .*control.sock: No such file", folder)
        gritd = Gritd(folder)
        gritd.wait_ready()
        socket_path = folder / "control.sock"
        equal(doctor(folder), [], "while it runs")
        socket_path.chmod(0o666)
        finds("socket-open", "control.sock has mode 666", folder)
        socket_path.chmod(0o660)
        (folder / "people.yaml").write_text(PEOPLE + "# a remark\n")
        finds("config-older", "the files have changed since gritd read them", folder)
        gritd.control("reload")
        equal(doctor(folder), [], "after the reload")
        (folder / "people.yaml").write_text("people: [\n")
        gritd.control("reload")
        finds("config-refused", "changed and refused, .*people.yaml:", folder, alone=False)
        gritd.kill()
        finds("daemon-down", "control.sock: Connection refused", folder, alone=False)


@suite.case
def a_port_that_is_taken():
    with socket.create_server(("127.0.0.1", 0)) as other:
        with office(chat=LOCAL, listen=f"127.0.0.1:{other.getsockname()[1]}") as folder:
            finds("listen-taken", f"another program listens on 127.0.0.1:{other.getsockname()[1]}", folder)


@suite.case
def a_daemon_that_is_not_well():
    """Few files, nobody at the other end, and an address that leads elsewhere."""
    with slack(bot={"ok": True, "team_id": "T1", "user_id": "U0"}) as elsewhere, slack() as server:
        with office(server.api, more=f"public_url: http://localhost:{elsewhere.port}\n") as folder:
            before = resource.getrlimit(resource.RLIMIT_NOFILE)
            resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
            try:
                gritd = Gritd(folder)
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, before)
            until("its listener", lambda: "listening on" in gritd.log())
            finds("files-few", "only 256 files and sockets", folder, alone=False)
            finds("daemon-unwell", "gritd is not well: not connected to the chat platform", folder, alone=False)
            finds("public-url-wrong", "/healthz does not lead to gritd: something else answers there", folder, alone=False)
            gritd.kill()


@suite.case
def a_socket_that_may_not_be_opened():
    if os.getuid():
        planted.add("socket-denied")
        print("not played: socket-denied (needs root to become somebody else)")
        return
    with office(chat=LOCAL) as folder:
        gritd = Gritd(folder)
        gritd.wait_ready()
        folder.chmod(0o755)
        (folder / "control.sock").chmod(0o600)
        ran = subprocess.run(["setpriv", "--reuid=65534", "--clear-groups", binary("gritctl"), "doctor", "--json", "--config",
                              folder / "gritd.yaml"], capture_output=True, text=True, timeout=WAIT_S)
        codes = {json.loads(line)["code"]: json.loads(line)["text"] for line in ran.stdout.splitlines()}
        check("may not be opened by you" in codes.get("socket-denied", ""), f"{codes} {ran.stderr}")
        planted.add("socket-denied")
        gritd.kill()


@suite.case
def every_fault_of_the_list_is_planted():
    if len(sys.argv) == 2:
        equal(sorted(set(TOLD) - planted), [], "rows of doctor_list.h that no case plants")
    check(len(TOLD) >= 25, f"only {len(TOLD)} faults")


suite.run()
