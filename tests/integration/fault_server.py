#!/usr/bin/env python3
"""A server that misbehaves on request: WebSocket and HTTP, plain and TLS. Standard library only.

Prints one line `name=value ...` with its ports and the CA file when it is ready, and ends when its
standard input does. The first part of the path chooses the behaviour, see WS_MODES and HTTP_MODES.
Nothing here waits for a fixed time: a paused mode goes on when /go/NAME is asked for.
"""
import base64
import contextlib
import hashlib
import os
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import urllib.parse
import warnings

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
gates, counts, lock = {}, {}, threading.Lock()


def gate(name):
    with lock:
        return gates.setdefault(name, threading.Event())


def count(name, step=1):
    with lock:
        counts[name] = counts.get(name, 0) + step
        return counts[name]


class Gone(Exception):
    pass


class Connection:
    def __init__(self, sock):
        self.sock, self.buffer = sock, b""

    def fill(self):
        data = self.sock.recv(65536)
        if not data:
            raise Gone
        self.buffer += data

    def take(self, n):
        while len(self.buffer) < n:
            self.fill()
        data, self.buffer = self.buffer[:n], self.buffer[n:]
        return data

    def request(self):
        """-> (method, path, headers, body)"""
        while b"\r\n\r\n" not in self.buffer:
            self.fill()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        method, path, _ = lines[0].split(" ", 2)
        headers = {}
        for line in lines[1:]:
            name, value = line.split(":", 1)
            headers[name.strip().lower()] = value.strip()
        return method, path, headers, self.take(int(headers.get("content-length", 0)))

    def send(self, data):
        self.sock.sendall(data)

    def reply(self, status, body=b"", *lines):
        head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *lines, "", ""]
        self.send("\r\n".join(head).encode() + body)


def upgrade(headers, *lines):
    accept = base64.b64encode(hashlib.sha1(headers["sec-websocket-key"].encode() + GUID).digest())
    head = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade",
            f"Sec-WebSocket-Accept: {accept.decode()}"]
    if "sec-websocket-protocol" in headers:
        head.append("Sec-WebSocket-Protocol: " + headers["sec-websocket-protocol"].split(",")[0])
    return "\r\n".join([*head, *lines, "", ""]).encode()


def frame(opcode, data, final=True):
    head = bytes([opcode | (0x80 if final else 0)])
    if len(data) < 126:
        head += bytes([len(data)])
    elif len(data) < 65536:
        head += b"\x7e" + struct.pack(">H", len(data))
    else:
        head += b"\x7f" + struct.pack(">Q", len(data))
    return head + data


def read_frame(conn):
    """-> (opcode, final, payload)"""
    a, b = conn.take(2)
    n = b & 0x7f
    if n == 126:
        n = struct.unpack(">H", conn.take(2))[0]
    elif n == 127:
        n = struct.unpack(">Q", conn.take(8))[0]
    mask = conn.take(4) if b & 0x80 else bytes(4)
    data = conn.take(n)
    word = (mask * (n // 4 + 1))[:n]
    clear = (int.from_bytes(data, "big") ^ int.from_bytes(word, "big")).to_bytes(n, "big")
    return a & 15, bool(a & 0x80), clear


def read_message(conn, pong=True):
    """-> (opcode, payload); a close frame is answered and ends with (8, payload)."""
    kind, data = 0, b""
    while True:
        opcode, final, part = read_frame(conn)
        if opcode == 9:
            if pong:
                conn.send(frame(10, part))
        elif opcode == 8:
            return 8, part
        elif opcode != 10:
            kind, data = kind or opcode, data + part
            if final:
                return kind, data


def text_of_close(data):
    code = struct.unpack(">H", data[:2])[0] if len(data) >= 2 else 1005
    return f"{code}:{data[2:].decode()}"


# ---- WebSocket ----

def ws_silent(conn, headers):
    conn.sock.recv(1)  # until the other side gives up


def ws_drop(conn, headers):
    pass


def ws_echo(conn, headers, pong=True):
    conn.send(upgrade(headers))
    while True:
        kind, data = read_message(conn, pong)
        if kind == 8:
            with lock:
                counts["close"] = text_of_close(data)
            conn.send(frame(8, data[:2]))
            return
        conn.send(frame(kind, data))


def ws_headers(conn, headers):
    text = "\n".join(f"{name}: {value}" for name, value in sorted(headers.items()))
    conn.send(upgrade(headers) + frame(1, text.encode()))
    read_message(conn)


def ws_hello(conn, headers):
    conn.send(upgrade(headers) + frame(1, b"hello") + frame(1, b"again"))
    read_message(conn)


def ws_bytes(conn, headers):
    for byte in upgrade(headers) + frame(1, b"slowly") + frame(8, struct.pack(">H", 4002) + b"end"):
        conn.send(bytes([byte]))
    read_message(conn)


def ws_pings(conn, headers):
    """One ping at a time: while a pong waits to be sent, lws drops further pings."""
    conn.send(upgrade(headers) + frame(1, b"one ", False) + frame(9, b"p"))
    assert read_frame(conn)[::2] == (10, b"p")
    conn.send(frame(0, b"two ", False) + frame(9, b"q") + frame(0, b"three"))
    assert read_frame(conn)[::2] == (10, b"q")
    conn.send(frame(1, b"pong q"))
    read_message(conn)


def ws_edges(conn, headers):
    """All of it is legal: empty messages and fragments, a letter split over two of them, a ping and a pong between."""
    euro = "\u20ac".encode()
    conn.send(upgrade(headers) + frame(1, b"") + frame(1, b"5 " + euro[:1], False) + frame(10, b"unasked")
              + frame(0, b"", False) + frame(0, euro[1:], False) + frame(9, b""))
    assert read_frame(conn)[::2] == (10, b"")
    conn.send(frame(0, b"") + frame(1, b"end"))
    read_message(conn)


def refused(conn, headers, data):
    """None of this is legal: it is not answered by anything but the end."""
    conn.send(upgrade(headers) + frame(1, b"good") + data + frame(1, b"after"))
    with contextlib.suppress(EOFError, OSError):
        while read_message(conn)[0] != 8:
            pass


def ws_reserved(conn, headers):
    refused(conn, headers, bytes([0xc1, 3]) + b"no!")


def ws_opcode(conn, headers):
    refused(conn, headers, bytes([0x83, 3]) + b"no!")


def ws_controllong(conn, headers):
    refused(conn, headers, frame(9, b"p" * 126))


def ws_controlsplit(conn, headers):
    refused(conn, headers, frame(9, b"p", False))


def ws_orphan(conn, headers):
    refused(conn, headers, frame(0, b"no!"))


def ws_interrupted(conn, headers):
    refused(conn, headers, frame(1, b"no", False) + frame(1, b"no!"))


def ws_passed(conn, headers):
    """Nor is this legal, but libwebsockets lets it through: bad UTF-8, within a frame and over two, and a mask."""
    refused(conn, headers, frame(1, b"no \xc3\x28") + frame(1, b"no \xe2\x82", False) + frame(0, b"!")
            + bytes([0x81, 0x83]) + b"mask" + bytes(a ^ b for a, b in zip(b"no!", b"mas")))


def ws_big(conn, headers):
    conn.send(upgrade(headers) + frame(1, b"x" * (4 << 20)))  # four times the limit; it is read on until the close is seen
    kind, data = read_message(conn)
    with lock:
        counts["close"] = text_of_close(data) if kind == 8 else "none"


def ws_paused(conn, headers):
    conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    conn.send(upgrade(headers))
    gate("paused").wait()
    total = 0
    while total < 13 << 20:
        total += len(read_message(conn)[1])
    conn.send(frame(1, str(total).encode()))
    read_message(conn)


def ws_nopong(conn, headers):
    ws_echo(conn, headers, False)


def ws_close4001(conn, headers):
    conn.send(upgrade(headers) + frame(8, struct.pack(">H", 4001) + "grüße".encode()))
    with lock:
        counts["close"] = text_of_close(read_message(conn)[1])


def ws_noanswer(conn, headers):
    """Never answers a close frame."""
    conn.send(upgrade(headers))
    while True:
        read_frame(conn)


def ws_reset(conn, headers):
    """After the first message: a reset earlier would also take back the answer to the upgrade."""
    conn.send(upgrade(headers) + frame(1, b"unfinished", False))
    read_message(conn)
    conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def ws_redirect(conn, headers):
    conn.reply("302 Found", b"", "Location: /echo", "Connection: close")


def ws_unauthorized(conn, headers):
    conn.reply("401 Unauthorized", b"no", "Connection: close")


def ws_doubleext(conn, headers):
    line = "Sec-WebSocket-Extensions: permessage-deflate"
    conn.send(upgrade(headers, line, line))
    read_message(conn)


def ws_count(conn, headers):
    count("handshakes")
    ws_echo(conn, headers)


WS_MODES = {name[3:]: value for name, value in list(globals().items()) if name.startswith("ws_")}


# ---- HTTP; each returns True to keep the connection ----

def http_ok(conn, method, path, headers, body):
    conn.reply("200 OK", method.encode() + b" " + body,
               "Date: Sun, 06 Nov 1994 08:49:37 GMT", "Content-Type: text/plain")
    return True


def http_headers(conn, method, path, headers, body):
    text = "\n".join(f"{name}: {value}" for name, value in sorted(headers.items()))
    conn.reply("200 OK", text.encode())
    return True


def http_dies(conn, method, path, headers, body):
    """Answers the first request of a connection; a later one is counted, then the end comes."""
    count("requests " + path)
    if not hasattr(conn, "answered"):
        conn.answered = True
        conn.reply("200 OK", b"first")
        return True
    return False


def http_resets(conn, method, path, headers, body):
    keep = http_dies(conn, method, path, headers, body)
    if not keep:
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return keep


def http_count(conn, method, path, headers, body):
    with lock:
        value = counts.get("requests /" + urllib.parse.unquote(path.split("/", 2)[2]), 0)
    conn.reply("200 OK", str(value).encode())
    return True


def http_half(conn, method, path, headers, body):
    conn.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    return False


def http_silent(conn, method, path, headers, body):
    conn.sock.recv(1)
    return False


def http_redirect(conn, method, path, headers, body):
    count("requests " + path)
    conn.reply("307 Temporary Redirect", b"", "Location: " + path)
    return True


def http_big(conn, method, path, headers, body):
    conn.reply("200 OK", b"y" * (3 << 20))
    return False


def http_limited(conn, method, path, headers, body):
    conn.reply("429 Too Many Requests", b"{}", "Retry-After: 30")
    return True


def http_limited_date(conn, method, path, headers, body):
    conn.reply("503 Service Unavailable", b"{}", "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT",
               "Date: Sunday, 06-Nov-94 08:49:37 GMT")
    return True


def http_close(conn, method, path, headers, body):
    with lock:
        text = str(counts.get("close", ""))
    conn.reply("200 OK", text.encode())
    return True


def http_go(conn, method, path, headers, body):
    gate(path.split("/")[2]).set()
    conn.reply("200 OK")
    return True


HTTP_MODES = {name[5:]: value for name, value in list(globals().items())
              if name.startswith("http_")}


def serve(sock, context):
    try:
        if context:
            sock = context.wrap_socket(sock, server_side=True)
        conn = Connection(sock)
        keep = True
        while keep:
            method, path, headers, body = conn.request()
            name = path.split("?")[0].split("/")[1]
            if headers.get("upgrade", "").lower() == "websocket":
                WS_MODES[name](conn, headers)
                keep = False
            else:
                keep = HTTP_MODES[name](conn, method, path, headers, body)
    except (Gone, OSError):
        pass
    finally:
        sock.close()


def listen(context=None, handler=None):
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)

    def accept():
        while True:
            sock, _ = listener.accept()
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=handler or serve, args=(sock,) if handler else (sock, context),
                             daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


# ---- a proxy: CONNECT to any host leads to this machine, to the port that was asked for ----

BEYOND = "chat.gritd.test"  # no resolver knows it
LOGIN = ["basic", base64.b64encode(b"user:p@ss").decode()]


def pump(source, target):
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for one in (source, target):
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


def serve_proxy(sock):
    conn = Connection(sock)
    try:
        method, target, headers, _ = conn.request()
        host, port = target.rsplit(":", 1)
        count(f"requests /{method} {host}")
        scheme, _, login = headers.get("proxy-authorization", "").partition(" ")
        if [scheme.lower(), login] == LOGIN:
            count("requests /login")
        if host == "forbidden.gritd.test":
            conn.reply("403 Forbidden", b"no")
            return
        inner = socket.create_connection(("127.0.0.1", int(port)))
        conn.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
        threading.Thread(target=pump, args=(inner, sock), daemon=True).start()
        pump(sock, inner)
        inner.close()
    except (Gone, OSError, ValueError):
        pass
    finally:
        sock.close()


def openssl(folder, *arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def authority(folder, name):
    openssl(folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.pem", "-days", "2",
            "-subj", f"/CN=gritd test {name}", "-addext", "keyUsage=keyCertSign")


def certificate(folder, name, ca, host):
    with open(os.path.join(folder, f"{name}.ext"), "w", encoding="ascii") as file:
        file.write(names_of(",".join(f"DNS:{one}" for one in host.split(","))))
    openssl(folder, "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", "/CN=gritd test")
    openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-CA", f"{ca}.pem", "-CAkey", f"{ca}.key",
            "-CAcreateserial", "-days", "2", "-extfile", f"{name}.ext", "-out", f"{name}.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(folder, f"{name}.pem"),
                            os.path.join(folder, f"{name}.key"))
    return context


CA_CONFIG = """[ca]
default_ca = d
[d]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = p
unique_subject = no
[p]
commonName = supplied
"""

# what is wrong with each: digest, key, subject alternative name, begin, end
BAD_CERTIFICATES = {
    "expired": ("sha256", "ec", "localhost", "20200101000000Z", "20200201000000Z"),
    "future": ("sha256", "ec", "localhost", "20980101000000Z", "20990101000000Z"),
    "weak": ("sha256", "rsa:1024", "localhost", None, None),
    "sha1": ("sha1", "ec", "localhost", None, None),
    "star": ("sha256", "ec", "*", None, None),
    "part": ("sha256", "ec", "local*", None, None),
    "noname": ("sha256", "ec", None, None, None),  # a common name only
    "mailonly": ("sha256", "ec", "email:localhost@example.com", None, None),
}


def names_of(host):
    if not host:
        return "basicConstraints=CA:FALSE\n"
    return f"subjectAltName={host if ':' in host else 'DNS:' + host}\n"


def bad_certificate(folder, name):
    digest, key, host, begin, end = BAD_CERTIFICATES[name]
    serial = f"{len(name):02x}{ord(name[0]):02x}\n"
    for file, text in (("ca.cnf", CA_CONFIG), ("index.txt", ""), ("serial", serial),
                       (f"{name}.ext", names_of(host))):
        with open(os.path.join(folder, file), "w", encoding="ascii") as out:
            out.write(text)
    curve = ["-pkeyopt", "ec_paramgen_curve:P-256"] if key == "ec" else []
    openssl(folder, "req", "-new", "-newkey", key, *curve, "-nodes", "-keyout", f"{name}.key",
            "-out", f"{name}.csr", "-subj", "/CN=localhost")
    days = ["-startdate", begin, "-enddate", end] if begin else ["-days", "2"]
    openssl(folder, "ca", "-batch", "-config", "ca.cnf", "-in", f"{name}.csr", "-cert", "ca.pem",
            "-keyfile", "ca.key", "-md", digest, *days, "-extfile", f"{name}.ext", "-notext",
            "-out", f"{name}.pem")
    return lax(folder, name)


def lax(folder, name):
    """A server that minds nothing."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.load_cert_chain(os.path.join(folder, f"{name}.pem"), os.path.join(folder, f"{name}.key"))
    return context


def old(folder, version):
    context = lax(folder, "good")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = version
    return context


def own(folder, name):
    """Signed by itself."""
    openssl(folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", f"{name}.key", "-out", f"{name}.pem", "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost")
    return lax(folder, name)


def main():
    folder = tempfile.mkdtemp(prefix="gritd-fault-")
    try:
        for name in ("ca", "stranger"):
            authority(folder, name)
        ports = {
            "plain": listen(),
            "tls": listen(certificate(folder, "good", "ca", f"localhost,{BEYOND}")),
            "wrong": listen(certificate(folder, "wrong", "ca", "elsewhere.example")),
            "unknown": listen(certificate(folder, "unknown", "stranger", "localhost")),
            "proxy": listen(handler=serve_proxy),
        }
        bad = {name: listen(bad_certificate(folder, name)) for name in BAD_CERTIFICATES}
        bad["own"] = listen(own(folder, "own"))
        bad["tls1_0"] = listen(old(folder, ssl.TLSVersion.TLSv1))
        bad["tls1_1"] = listen(old(folder, ssl.TLSVersion.TLSv1_1))
        print(*(f"{name}={port}" for name, port in ports.items()),
              f"ca={os.path.join(folder, 'ca.pem')}",
              *(f"{name}:{port}" for name, port in bad.items()), flush=True)
        sys.stdin.read()
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
