"""xmpp_person.py: somebody at an XMPP client, for tests: signs in over the websocket, talks, reads the archive.

Standard library only. It goes to the server directly, past the relay, so that only the daemon's line is cut or held.
"""

import base64
import hashlib
import hmac
import itertools
import secrets
import xml.etree.ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from lib import WebSocket, check, until

CLIENT = "{jabber:client}"
SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
MAM = "urn:xmpp:mam:2"
SID = "{urn:xmpp:sid:0}"
DELAY = "{urn:xmpp:delay}delay"


class Frames(WebSocket):
    read = staticmethod(ET.fromstring)

    def wait_for(self, what, probe, limit=None):
        """Elements without children count as false, so they are wrapped."""
        return until(what, lambda: [one for one in list(self.got) if probe(one)], limit)[0]


class Person:
    """One account that is signed in. `said` holds what came to it live, oldest first."""

    serial = itertools.count(1)

    def __init__(self, server, name):
        self.server, self.name, self.jid = server, name, f"{name}@{server.domain}"
        self.socket = Frames(server.port, server.path, subprotocol="xmpp")
        self.sign_in(server.accounts[name])
        self.ask("set", "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>")
        self.socket.send("<presence xmlns='jabber:client'/>")
        self.ask("get", "<query xmlns='jabber:iq:roster'/>")  # behind the presence: so that has been read

    def frame(self, what, probe):
        return self.socket.wait_for(f"{what} for {self.name}", probe)

    def open(self):
        before = len([one for one in self.socket.got if one.tag.endswith("}features")])
        self.socket.send(f"<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='{self.server.domain}' version='1.0'/>")
        until("features", lambda: len([one for one in self.socket.got if one.tag.endswith("}features")]) > before)

    def sign_in(self, password):
        """SCRAM-SHA-1: RFC 5802."""
        self.open()
        name = "SHA-256" if self.server.options["hash"] == "sha-256" else "SHA-1"
        kind = name.replace("-", "").lower()
        first = f"n={self.name},r={secrets.token_hex(12)}"
        self.socket.send(f"<auth xmlns='{SASL}' mechanism='SCRAM-{name}'>{self.coded('n,,' + first)}</auth>")
        given = base64.b64decode(self.frame("a challenge", lambda one: one.tag == f"{{{SASL}}}challenge").text).decode()
        parts = dict(part.split("=", 1) for part in given.split(","))
        salted = hashlib.pbkdf2_hmac(kind, password.encode(), base64.b64decode(parts["s"]), int(parts["i"]))
        key = hmac.digest(salted, b"Client Key", kind)
        final = f"c=biws,r={parts['r']}"
        proof = hmac.digest(hashlib.new(kind, key).digest(), f"{first},{given},{final}".encode(), kind)
        proof = base64.b64encode(bytes(a ^ b for a, b in zip(key, proof))).decode()
        self.socket.send(f"<response xmlns='{SASL}'>{self.coded(f'{final},p={proof}')}</response>")
        self.frame("success", lambda one: one.tag == f"{{{SASL}}}success")
        self.open()

    @staticmethod
    def coded(text):
        return base64.b64encode(text.encode()).decode()

    def ask(self, kind, inside):
        key = f"iq{next(self.serial)}"
        self.socket.send(f"<iq xmlns='jabber:client' type='{kind}' id='{key}'>{inside}</iq>")
        answer = self.frame("an answer", lambda one: one.tag == CLIENT + "iq" and one.get("id") == key)
        check(answer.get("type") == "result", lambda: ET.tostring(answer))
        return answer

    def say(self, words, to="gritbot"):
        """The words are with the server when this returns: it answers in order."""
        key = f"said{next(self.serial)}-{secrets.token_hex(4)}"
        self.socket.send(f"<message xmlns='jabber:client' type='chat' to='{to}@{self.server.domain}' id={quoteattr(key)}>"
                         f"<body>{escape(words)}</body></message>")
        self.ask("get", "<query xmlns='jabber:iq:roster'/>")

    @property
    def said(self):
        """What the bot said, live: a list of Said. What a server had kept for the account since an earlier session has
        a time on it and is left out: it belongs to another case."""
        return [Said(one) for one in list(self.socket.got)
                if one.tag == CLIENT + "message" and one.find(CLIENT + "body") is not None
                and one.find(DELAY) is None]

    def texts(self):
        return [one.text for one in self.said]

    def hear(self, words, but=()):
        """The first message that has these words and was not heard before."""
        known = {one.id for one in but}
        return until(f"{self.name} to hear '{words}'; heard {self.texts()}",
                     lambda: next((one for one in self.said if words in one.text and one.id not in known), None))

    def archive(self):
        """Everything between this account and the bot that the server keeps, oldest first."""
        found, after = [], ""
        while True:
            query = f"q{next(self.serial)}"
            answer = self.ask("set", f"<query xmlns='{MAM}' queryid='{query}'><set xmlns='http://jabber.org/protocol/rsm'>"
                                     f"<max>50</max>{after}</set></query>")
            for one in list(self.socket.got):
                result = one.find(f"{{{MAM}}}result")
                if result is not None and result.get("queryid") == query:
                    inside = result.find(f".//{CLIENT}message")
                    if inside is not None and inside.find(CLIENT + "body") is not None:
                        found.append(Said(inside))
            fin = answer.find(f"{{{MAM}}}fin")
            last = fin.find(".//{http://jabber.org/protocol/rsm}last")
            if fin.get("complete") == "true" or last is None:
                return found
            after = f"<after>{escape(last.text)}</after>"

    def close(self):
        self.socket.close()


class Said:
    """A message as it came."""

    def __init__(self, node):
        origin, replaced = node.find(SID + "origin-id"), node.find("{urn:xmpp:message-correct:0}replace")
        self.id, self.text = node.get("id"), node.find(CLIENT + "body").text
        self.origin = origin.get("id") if origin is not None else None
        self.corrects = replaced.get("id") if replaced is not None else None
        self.sender = (node.get("from") or "").split("/")[0]

    def __repr__(self):
        return f"{self.id}: {self.text!r}"
