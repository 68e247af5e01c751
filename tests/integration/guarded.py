"""guarded.py BUILD_FOLDER [CASE...]: what docs/security.md says of the running daemon: limits, secrets, proxies."""

import http.client
import re
import subprocess
import sys

sys.dont_write_bytecode = True
from lib import *  # noqa: E402,F403 - the test library is made for this

suite = Suite()
LOCAL = "chat:\n  platform: local\n"
SECRET = "kanarienvogel-4713"
BEARER = {"Authorization": f"Bearer {SECRET}", **CLOUDEVENT}
WRONG = {"Authorization": "Bearer no", **CLOUDEVENT}
HOOK = "intake:\n  - {name: crm, kind: cloudevents, secret: env:GRITD_TEST_HOOK, verify: bearer}\n"


@contextlib.contextmanager
def daemon(chat=LOCAL, env=None, ready=True, **more):
    with scratch() as folder:
        configure(folder, chat, **more)
        gritd = Gritd(folder, {"GRITD_TEST_HOOK": SECRET, **(env or {})})
        try:
            yield gritd.wait_ready() if ready else gritd
            equal(gritd.stop(), 0, "exit code")
        finally:
            gritd.kill()


def burst(host, port, path, headers, count, body=b"{}"):
    """Statuses of so many requests over one connection, and the last Retry-After."""
    link, got, after = http.client.HTTPConnection(host, port, timeout=WAIT_S), {}, None
    for _ in range(count):
        link.request("POST" if body else "GET", path, body=body, headers=headers)
        answer = link.getresponse()
        answer.read()
        got[answer.status] = got.get(answer.status, 0) + 1
        after = answer.getheader("Retry-After") or after
    link.close()
    return got, after


@suite.case
def wrong_proofs_are_limited_and_right_ones_are_not():
    with daemon(more=HOOK) as gritd:
        got, after = burst("127.0.0.1", gritd.port, "/v1/intake/crm", WRONG, 300)
        check(set(got) == {401, 429} and 100 <= got[401] < 150, got)
        check(after and int(after) > 0, f"Retry-After: {after}")
        body = json.dumps(created("D1", "ana"))
        equal(gritd.call("POST", "/v1/intake/crm", body, BEARER).status, 202, "who can prove it")
        check(gritd.log().count("refused:") == got[401], "lines in the log")
        check(SECRET not in gritd.log(), "the secret in the log")


def flood(port, path, headers, body, count, at_once=200, seconds=WAIT_S):
    """Statuses of so many requests over one connection that waits for no answer, and all that was read. It ends after the seconds."""
    end = time.monotonic() + seconds
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    one = f"POST {path} HTTP/1.1\r\nHost: x\r\n{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()
    got = b""
    with socket.create_connection(("127.0.0.1", port), timeout=WAIT_S) as link:
        for done in range(0, count, at_once):
            if time.monotonic() > end:
                break
            link.sendall(one * at_once)
            while got.count(b"HTTP/1.1 ") < done + at_once or not got.endswith(b"}"):
                part = link.recv(1 << 20)
                check(part, "the connection was closed")
                got += part
    words = re.findall(rb"HTTP/1.1 (\d+)", got)
    return {int(word): words.count(word) for word in set(words)}, got.decode()


@suite.case
def one_source_cannot_take_all_there_is():
    with daemon(more=HOOK) as gritd:
        body = json.dumps(created("D1", "ana"))
        begun = time.monotonic()
        got, text = flood(gritd.port, "/v1/intake/crm", BEARER, body, 20000, seconds=2)
        allowed = 10000 + 5000 * (time.monotonic() - begun)
        if allowed >= 19000:
            return  # a slow build or machine cannot send too much
        check(1 < got[202] <= allowed + 1 and got[202] + got[429] == 20000, f"{got}, allowed {allowed}")
        check("Retry-After: 1" in text, "no Retry-After")
        gritd.alive()


def own_address():
    """Of this machine, but not loopback; None where there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one, contextlib.suppress(OSError):
        one.connect(("192.0.2.1", 9))  # nothing is sent
        return one.getsockname()[0]
    return None


@suite.case
def one_address_cannot_take_all_there_is():
    host = own_address()
    if not host:
        return
    with daemon(more=HOOK, listen=f"{host}:0", ready=False) as gritd:
        port = gritd.port
        begun = time.monotonic()
        got, after = burst(host, port, "/healthz", {}, 4000, None)
        allowed = 2000 + 1000 * (time.monotonic() - begun)
        check(got[200] <= allowed + 1, f"{got}, allowed {allowed}")
        if allowed < 4000:
            check(got.get(429) and int(after) > 0, got)


@suite.case
def one_address_cannot_have_all_connections():
    with daemon() as gritd, contextlib.ExitStack() as stack:
        links, answered = [], 0
        for _ in range(400):
            link = stack.enter_context(socket.create_connection(("127.0.0.1", gritd.port), timeout=WAIT_S))
            links.append(link)
            link.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        for link in links:
            with contextlib.suppress(OSError):
                answered += link.recv(12).startswith(b"HTTP/1.1 200")
        equal(answered, 384, "connections that were served")
        stack.pop_all().close()
        until("the others to be let go", lambda: quiet(lambda: gritd.get("/healthz").status) == 200)


def quiet(run):
    """None where it fails."""
    with contextlib.suppress(OSError):
        return run()
    return None


@suite.case
def gritctl_sends_events_to_this_machine_only():
    with scratch() as folder:
        configure(folder, LOCAL)
        write(folder, "one.json", json.dumps(created("D1", "ana")))
        for address in ("192.0.2.1:8467", "[2001:db8::1]:8467"):
            done = subprocess.run([binary("gritctl"), "event", str(folder / "one.json"), "--address", address, "--config",
                                   str(folder / "gritd.yaml")], capture_output=True, text=True, timeout=WAIT_S, check=False)
            check(done.returncode != 0 and "not on this machine" in done.stderr, f"{address}: {done}")


@suite.case
def no_core_file_is_ever_written():
    with daemon() as gritd:
        limits = pathlib.Path(f"/proc/{gritd.pid}/limits").read_text()
        line = [one for one in limits.splitlines() if one.startswith("Max core file size")][0]
        equal(line.split()[4:6], ["0", "0"], "the limit")


@contextlib.contextmanager
def fault_server():
    """Ports by name; proxy among them."""
    script = source_folder() / "tests/integration/fault_server.py"
    server = subprocess.Popen([sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        words = server.stdout.readline().split()
        yield dict(word.split("=", 1) for word in words if "=" in word)
    finally:
        server.stdin.close()
        server.wait()


def asked(ports, path):
    return int(http_call(int(ports["plain"]), "GET", f"/count/{path}").text)


@suite.case
def the_proxy_of_the_environment_is_used():
    with fault_server() as ports:
        chat = ("chat:\n  platform: mattermost\n  mattermost:\n    token: env:GRITD_TEST_HOOK\n"
                f"    url: https://HOST:{ports['tls']}\n")
        env = {"https_proxy": f"http://user:p%40ss@127.0.0.1:{ports['proxy']}", "no_proxy": "around.gritd.test",
               "SSL_CERT_FILE": ports["ca"]}
        with daemon(chat=chat.replace("HOST", "chat.gritd.test"), env=env, ready=False) as gritd:
            until("a call through the proxy", lambda: asked(ports, "CONNECT%20chat.gritd.test"))
            check("go through the proxy 127.0.0.1" in gritd.log(), gritd.log()[-600:])
            check("p@ss" not in gritd.log() and "p%40ss" not in gritd.log(), "the password in the log")
        with daemon(chat=chat.replace("HOST", "around.gritd.test"), env=env, ready=False) as gritd:
            until("a refusal", lambda: "around.gritd.test" in gritd.log())
            equal(asked(ports, "CONNECT%20around.gritd.test"), 0, "calls through the proxy")
    with scratch() as folder:
        configure(folder, LOCAL)
        gritd = Gritd(folder, {"https_proxy": "socks5://me:geheim@proxy:1080"})
        equal(gritd.wait(), 78, "exit code")
        check("https_proxy: not a proxy" in gritd.log() and "geheim" not in gritd.log(), gritd.log())


@suite.case
def crms_are_asked_through_the_proxy_too():
    with fault_server() as ports:
        env = {"https_proxy": f"http://user:p%40ss@127.0.0.1:{ports['proxy']}", "SSL_CERT_FILE": ports["ca"]}
        more = ("intake:\n"
                f"  - {{name: asked, kind: close, poll: {{url: 'https://poll.gritd.test:{ports['tls']}', "
                "secret: env:GRITD_TEST_HOOK}}\n"
                f"  - {{name: crm, kind: hubspot, read_back: {{url: 'https://read.gritd.test:{ports['tls']}', "
                "secret: env:GRITD_TEST_HOOK}}\n")
        with daemon(env=env, more=more) as gritd:
            until("a poll through the proxy", lambda: asked(ports, "CONNECT%20poll.gritd.test"))
            note = {"objectId": 4711, "portalId": 1, "subscriptionType": "deal.creation", "occurredAt": 1803204304120}
            equal(gritd.call("POST", "/v1/intake/crm", [note], {"Content-Type": "application/json"}).status, 202, "taken")
            until("reading back through the proxy", lambda: asked(ports, "CONNECT%20read.gritd.test"))
            check("p@ss" not in gritd.log() and "p%40ss" not in gritd.log(), "the password in the log")


suite.run()
