"""xmpp_servers.py: real XMPP servers on loopback for the tests: Prosody and ejabberd of Debian's packages.

From Python:

    with xmpp_servers.start("prosody", mam=False) as server:
        server.ws, server.wss, server.ca, server.domain, server.accounts["gritbot"]

From elsewhere it is a program: `xmpp_servers.py NAME [OPTION=VALUE...]` prints one line `KEY=VALUE ...` once the server
answers, obeys commands on its input (one a line, each answered by `ok` or `no: why`), and stops the server when that
input ends. Exit code 77: the server is not installed.

Everything is in a new folder below the temporary one, the ports are free ones, and the server runs as `nobody` where the
test runs as root. Between client and server stands a relay, which can cut all connections or hold them silently.
"""

import contextlib
import http.client
import json
import os
import pathlib
import secrets
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

MISSING = 77
DOMAIN = "chat.test"
NAMES = ("gritbot", "rep1", "rep2", "rep3", "rep4", "rep5", "rep6", "rep7", "rep8",
         "blocked")
START_S = 240
# What can be asked for; the first is the usual one.
OPTIONS = {
    "mam": ("on", "off", "never"),  # never: there is an archive and nothing is kept unless a client asks for it
    "sm": ("on", "off"),  # stream management
    "hash": ("sha-1", "sha-256"),  # how passwords are kept, and so which SCRAM is offered
    "plain": ("off", "on"),
    "certificate": ("right", "wrong"),  # wrong: made out to another name
}


def free_ports(count):
    """All are held until the last one is found, so that none comes twice."""
    held = [socket.socket() for _ in range(count)]
    for one in held:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def identity():
    """For subprocess: who a server runs as."""
    return {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}


class Pair:
    """A connection through the relay; each way can be held by itself."""

    def __init__(self, near, far):
        self.ends = (near, far)
        self.flows = {"out": threading.Event(), "back": threading.Event()}
        for way, source, sink in (("out", near, far), ("back", far, near)):
            self.flows[way].set()
            threading.Thread(target=self.pump, args=(source, sink, self.flows[way]), daemon=True).start()

    def pump(self, source, sink, flows):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                flows.wait()
                sink.sendall(data)
        self.close()

    def close(self):
        for one in self.ends:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def cut(self):
        """Both ends see it end without a word; what was held is gone."""
        for one in self.ends:
            with contextlib.suppress(OSError):
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()
        self.flow()

    def flow(self, *ways):
        for way in ways or self.flows:
            self.flows[way].set()


class Relay:
    """One TCP port before another: for cutting lines that neither end knows to be cut."""

    def __init__(self, target):
        self.target, self.pairs, self.lock = target, [], threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                near.close()
                continue
            with self.lock:
                self.pairs.append(Pair(near, far))

    def cut(self):
        with self.lock:
            pairs, self.pairs = self.pairs, []
        for pair in pairs:
            pair.cut()

    def hold(self, way):
        """Of the connections that there are: "out" is what clients send, "back" what they get."""
        with self.lock:
            for pair in self.pairs:
                pair.flows[way].clear()

    def flow(self, *ways):
        with self.lock:
            for pair in self.pairs:
                pair.flow(*ways)

    def stop(self):
        self.listener.close()
        self.cut()


class Server:
    """What both have in common. A subclass writes its configuration and says how it is started."""

    path = ""

    def __init__(self, **options):
        self.options = {key: options.get(key, values[0]) for key, values in OPTIONS.items()}
        for key, value in options.items():
            if value not in OPTIONS.get(key, ()):
                raise ValueError(f"{key}={value}: there is {OPTIONS}")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gritd-xmpp-"))
        self.folder.chmod(0o711)  # the root in it is read by a gritd that is another user, without root's rights
        self.domain = DOMAIN
        self.accounts = {name: secrets.token_hex(10) for name in NAMES}
        self.port, self.tls_port, self.c2s_port = free_ports(3)
        self.process = self.relay = self.tls_relay = None
        self.certificate()
        self.configure()
        if os.getuid() == 0:
            for root, folders, files in os.walk(self.folder):
                for one in (root, *(os.path.join(root, name) for name in files)):
                    shutil.chown(one, "nobody", "nogroup")

    def on(self, key):
        return self.options[key] != "off"

    def certificate(self):
        folder = self.folder / "certs"
        folder.mkdir()
        self.key, self.ca = folder / f"{DOMAIN}.key", folder / f"{DOMAIN}.crt"
        names = f"DNS:{DOMAIN},DNS:localhost,IP:127.0.0.1"
        if self.options["certificate"] == "wrong":
            names = "DNS:elsewhere.test"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-subj", "/CN=" + names.split(",")[0][4:], "-addext", "subjectAltName=" + names, "-keyout", self.key, "-out",
             self.ca], check=True, capture_output=True)
        both = folder / "both.pem"
        both.touch(0o600)
        both.write_bytes(self.key.read_bytes() + self.ca.read_bytes())

    def spawn(self, command, **env):
        with open(self.folder / "stdout", "wb") as out:
            self.process = subprocess.Popen(
                command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
                env={"PATH": os.environ["PATH"], "HOME": str(self.folder), **env}, **identity())

    def answers(self):
        try:
            door = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
            door.request("GET", self.path)
            door.getresponse().read()
            return True
        except OSError:
            return False

    def start(self):
        end = time.monotonic() + START_S
        self.launch()
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{self.name} does not start:\n{self.words()}")
            time.sleep(0.05)
        self.register()
        self.relay, self.tls_relay = Relay(self.port), Relay(self.tls_port)
        self.ws = f"ws://127.0.0.1:{self.relay.port}{self.path}"
        self.wss = f"wss://localhost:{self.tls_relay.port}{self.path}"
        return self

    def words(self):
        found = [path for path in self.folder.glob("*") if path.name in ("stdout", "server.log", "error.log")]
        return "\n".join(path.read_text(errors="replace")[-3000:] for path in found)

    def restart(self):
        """The process ends and comes back with what it had on disk."""
        self.end()
        end = time.monotonic() + START_S
        self.launch()
        while not self.answers():
            if self.process.poll() is not None:  # somebody else's connection has one of its ports for a moment
                self.launch()
            if time.monotonic() > end:
                raise RuntimeError(f"{self.name} does not start again:\n{self.words()}")
            time.sleep(0.05)

    def end(self):
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def stop(self):
        for relay in (self.relay, self.tls_relay):
            if relay:
                relay.stop()
        self.end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def cut(self):
        self.relay.cut()
        self.tls_relay.cut()

    def hold(self, way="out"):
        self.relay.hold(way)
        self.tls_relay.hold(way)

    def flow(self, *ways):
        self.relay.flow(*ways)
        self.tls_relay.flow(*ways)


class Prosody(Server):
    name = "prosody"
    path = "/xmpp-websocket"

    @staticmethod
    def installed():
        return shutil.which("prosody") and shutil.which("prosodyctl")

    def configure(self):
        (self.folder / "data").mkdir()
        modules = ["roster", "saslauth", "tls", "disco", "ping", "carbons", "time", "version", "offline", "websocket",
                   "posix"]
        modules += ["mam"] if self.on("mam") else []
        modules += ["smacks"] if self.on("sm") else []
        self.config = self.folder / "prosody.cfg.lua"
        keep = "true" if self.options["mam"] == "on" else "false"
        self.config.write_text(f"""
pidfile = "{self.folder}/server.pid"; data_path = "{self.folder}/data"; daemonize = false
log = {{ info = "{self.folder}/server.log" }}
interfaces = {{ "127.0.0.1" }}; local_interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {self.c2s_port} }}; s2s_ports = {{}}; component_ports = {{}}
http_ports = {{ {self.port} }}; https_ports = {{ {self.tls_port} }}
http_interfaces = {{ "127.0.0.1" }}; https_interfaces = {{ "127.0.0.1" }}; http_default_host = "{DOMAIN}"
modules_enabled = {{ {", ".join(f'"{name}"' for name in modules)} }}
modules_disabled = {{ "s2s" }}
authentication = "internal_hashed"; storage = "internal"
password_hash = "{self.options['hash'].upper()}"
default_archive_policy = {keep}; max_archive_query_results = 50
smacks_hibernation_time = 60
c2s_require_encryption = false; consider_websocket_secure = true; allow_unencrypted_plain_auth = false
disable_sasl_mechanisms = {{ {'' if self.on("plain") else '"PLAIN"'} }}
certificates = "{self.folder}/certs"; https_certificate = "{self.ca}"
ssl = {{ key = "{self.key}", certificate = "{self.ca}" }}
VirtualHost "{DOMAIN}"
VirtualHost "localhost"
""")  # the second one only answers to the name that clients of this machine ask for

    def launch(self):
        self.spawn(["prosody", "-F", "--config", str(self.config)])

    def control(self, *words):
        done = subprocess.run(["prosodyctl", "--config", str(self.config), *words], cwd=self.folder,
                              capture_output=True, text=True, **identity())
        if done.returncode:
            raise RuntimeError(f"prosodyctl {words[0]}: {done.stdout}{done.stderr}")

    def register(self):
        for name, password in self.accounts.items():
            self.control("register", name, DOMAIN, password)

    def disable(self, name):
        """This version has no switch for it: the account goes."""
        self.control("deluser", f"{name}@{DOMAIN}")


class Ejabberd(Server):
    name = "ejabberd"
    path = "/ws"

    @staticmethod
    def installed():
        return shutil.which("ejabberdctl") and shutil.which("erl")

    def configure(self):
        (self.folder / "spool").mkdir()
        keep = "always" if self.options["mam"] == "on" else "never"
        mam = f"  mod_mam: {{ db_type: mnesia, default: {keep}, assume_mam_usage: {str(keep == 'always').lower()} }}"
        sm = "  mod_stream_mgmt: { resend_on_timeout: if_offline, resume_timeout: 60 }"
        refused = ["digest-md5", "x-oauth2"] + ([] if self.on("plain") else ["plain"])
        (self.folder / "ejabberd.yml").write_text(f"""
hosts: [ "{DOMAIN}" ]
loglevel: info
certfiles: [ "{self.folder}/certs/both.pem" ]
ca_file: "{self.ca}"
auth_method: internal
auth_password_format: scram
auth_scram_hash: {self.options['hash'].replace('-', '').replace('sha1', 'sha')}
disable_sasl_mechanisms: [ {", ".join(refused)} ]
acme: {{ auto: false }}
listen:
  - {{ port: {self.c2s_port}, ip: "127.0.0.1", module: ejabberd_c2s, max_stanza_size: 262144, starttls: true }}
  - {{ port: {self.port}, ip: "127.0.0.1", module: ejabberd_http, request_handlers: {{ /ws: ejabberd_http_ws, /api: mod_http_api }} }}
  - {{ port: {self.tls_port}, ip: "127.0.0.1", module: ejabberd_http, tls: true, request_handlers: {{ /ws: ejabberd_http_ws }} }}
acl: {{ loopback: {{ ip: [ 127.0.0.0/8 ] }}, local: {{ user_regexp: "" }} }}
api_permissions:
  "loopback": {{ who: {{ ip: 127.0.0.1/8 }}, what: [ "*" ] }}
modules:
  mod_admin_extra: {{}}
  mod_http_api: {{}}
  mod_carboncopy: {{}}
  mod_disco: {{}}
  mod_last: {{}}
  mod_offline: {{}}
  mod_ping: {{ send_pings: true, ping_interval: 5, timeout_action: none }}
  mod_roster: {{}}
{mam if self.on("mam") else ""}
{sm if self.on("sm") else ""}
  mod_version: {{}}
""")
        (self.folder / "inetrc").write_text('{lookup,["file","native"]}.\n')

    def launch(self):
        libraries = next(str(path.parent) for path in pathlib.Path("/usr/lib").glob("*/ejabberd-[0-9]*"))
        self.spawn(
            ["erl", "+K", "true", "+S", "2", "-noinput", "-mnesia", "dir", f'"{self.folder}/spool"', "-s", "ejabberd"],
            EJABBERD_CONFIG_PATH=f"{self.folder}/ejabberd.yml", EJABBERD_LOG_PATH=f"{self.folder}/server.log",
            EJABBERD_PID_PATH=f"{self.folder}/server.pid", ERL_LIBS=libraries, ERL_INETRC=f"{self.folder}/inetrc",
            ERL_CRASH_DUMP=f"{self.folder}/crash.dump", ERL_CRASH_DUMP_BYTES="0")

    def api(self, command, **fields):
        door = http.client.HTTPConnection("127.0.0.1", self.port, timeout=START_S)
        door.request("POST", "/api/" + command, json.dumps(fields))
        answer = door.getresponse()
        text = answer.read().decode()
        if answer.status != 200:
            raise RuntimeError(f"ejabberd {command}: {answer.status} {text}")
        return text

    def answers(self):
        try:
            self.api("status")
            return True
        except (OSError, RuntimeError, http.client.HTTPException):
            return False

    def register(self):
        for name, password in self.accounts.items():
            self.api("register", user=name, host=DOMAIN, password=password)

    def disable(self, name):
        self.api("ban_account", user=name, host=DOMAIN, reason="left")


SERVERS = {one.name: one for one in (Prosody, Ejabberd)}


def installed(name):
    return bool(SERVERS[name].installed())


def start(name, **options):
    server = SERVERS[name](**options)
    try:
        return server.start()
    except BaseException:
        server.stop()
        raise


def obey(server, line):
    command, *words = line.split()
    if command not in ("cut", "hold", "flow", "restart", "disable"):
        return f"no: there is no {command}"
    try:
        getattr(server, command)(*words)
        return "ok"
    except (RuntimeError, TypeError) as error:
        return "no: " + " ".join(str(error).split())


def main():
    name = sys.argv[1]
    if not installed(name):
        print(f"skipped: {name} is not installed", file=sys.stderr)
        return MISSING
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with start(name, **dict(word.split("=", 1) for word in sys.argv[2:])) as server:
        words = " ".join(f"{one}={password}" for one, password in server.accounts.items())
        print(f"ws={server.ws} wss={server.wss} ca={server.ca} domain={server.domain} {words}", flush=True)
        for line in sys.stdin:
            if line.strip():
                print(obey(server, line), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
