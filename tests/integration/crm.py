"""crm.py BUILD_FOLDER [CASE...]: webhooks of CRMs as they send them, at a running daemon."""

import base64
import datetime
import hashlib
import hmac
import json
import subprocess
import sys
import time

sys.dont_write_bytecode = True
from lib import *  # noqa: E402,F403 - the test library is made for this

suite = Suite()
LOCAL = "chat:\n  platform: local\n"
PUBLIC = "https://grit.example.com"
HUBSPOT, BASIC, CLOSE = "5b1c9f0e-3a77-4d26", "pipedrive:fjord-Kettle-88", "b9a066e27d2bca4c04407b61376a8214"
HEADER, TOKEN = "quiet-Lantern-41", "zt-dev-41"
ENV = {"T_HUBSPOT": HUBSPOT, "T_BASIC": BASIC, "T_CLOSE": CLOSE, "T_HEADER": HEADER, "T_TOKEN": TOKEN,
       "T_OLD": "the-one-before"}
INTAKES = f"""\
public_url: {PUBLIC}
intake:
  - {{name: hubspot, kind: hubspot, secret: env:T_HUBSPOT, old_secret: env:T_OLD}}
  - {{name: moved, kind: hubspot, secret: env:T_HUBSPOT, url: "https://hooks.example.com/in/hubspot?a=1"}}
  - {{name: pipedrive, kind: pipedrive, secret: env:T_BASIC}}
  - {{name: close, kind: close, secret: env:T_CLOSE}}
  - {{name: dataverse, kind: dataverse, secret: env:T_HEADER}}
  - {{name: named, kind: dataverse, secret: env:T_HEADER, header: X-Crm-Key, verify: header}}
  - {{name: zoho, kind: zoho, secret: env:T_TOKEN}}
"""


class daemon:
    def __init__(self, **more):
        self.more = more

    def __enter__(self):
        self.place = scratch()
        self.folder = self.place.__enter__()
        configure(self.folder, LOCAL, more=INTAKES, **self.more)
        self.gritd = Gritd(self.folder, ENV).wait_ready()
        return self.gritd

    def __exit__(self, *why):
        try:
            if why[0] is None:
                self.gritd.alive()
                equal(self.gritd.stop(), 0, "exit code")
        finally:
            self.gritd.kill()
            self.place.__exit__(*why)


def post(gritd, name, body, headers=None, media="application/json"):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return http_call(gritd.port, "POST", f"/v1/intake/{name}", body, {"Content-Type": media, **(headers or {})})


def note(deal, value="closedwon", at=None, **more):
    return {"objectId": deal, "propertyName": "dealstage", "propertyValue": value, "changeSource": "CRM_UI",
            "eventId": 1, "portalId": 77, "occurredAt": at or int(time.time() * 1000),
            "subscriptionType": "deal.propertyChange", "attemptNumber": 0, **more}


def hubspot(body, secret=HUBSPOT, uri=f"{PUBLIC}/v1/intake/hubspot", at=None):
    stamp = str(int((at or time.time()) * 1000))
    mac = hmac.new(secret.encode(), b"POST" + uri.encode() + body + stamp.encode(), hashlib.sha256).digest()
    return {"X-HubSpot-Signature-v3": base64.b64encode(mac).decode(), "X-HubSpot-Request-Timestamp": stamp}


def post_hubspot(gritd, notes, name="hubspot", **more):
    body = notes if isinstance(notes, bytes) else json.dumps(notes).encode()
    return post(gritd, name, body, hubspot(body, **more))


def basic(secret=BASIC):
    return {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()}


def pipedrive(deal, action="create", **data):
    return {"meta": {"action": action, "entity": "deal", "company_id": "44", "entity_id": str(deal),
                     "id": f"m{deal}", "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())},
            "data": {"id": deal, "status": "open", "owner_id": 20113, **data}, "previous": None}


def closed(body, at=None):
    stamp = str(int(at or time.time()))
    mac = hmac.new(bytes.fromhex(CLOSE), stamp.encode() + body, hashlib.sha256).hexdigest()
    return {"close-sig-hash": mac, "close-sig-timestamp": stamp}


def gritctl(gritd, *words):
    return subprocess.run([binary("gritctl"), "intake", *words, "--config", str(gritd.folder / "gritd.yaml")],
                          capture_output=True, timeout=WAIT_S, check=False)


# FM-F02 FM-F03
@suite.case
def each_crm_proves_itself_in_its_way():
    with daemon() as gritd:
        body = json.dumps([note(1)]).encode()
        equal(post_hubspot(gritd, body).status, 202, "hubspot")
        equal(post_hubspot(gritd, body, secret=ENV["T_OLD"]).status, 202, "the secret before")
        equal(post_hubspot(gritd, body, secret="other").status, 401, "a wrong secret")
        equal(post_hubspot(gritd, body, at=time.time() - 301).status, 401, "too old")
        equal(post_hubspot(gritd, body, uri=f"{PUBLIC}/v1/intake/hubspot/").status, 401, "another address")
        equal(post_hubspot(gritd, body, "moved", uri="https://hooks.example.com/in/hubspot?a=1").status, 202, "url")
        legacy = hashlib.sha256(HUBSPOT.encode() + body).hexdigest()
        equal(post(gritd, "hubspot", body, {"X-HubSpot-Signature": legacy, "X-HubSpot-Signature-Version": "v1"})
              .status, 401, "version 1, which nobody asked for")
        equal(post(gritd, "pipedrive", pipedrive(71), basic()).status, 202, "pipedrive")
        equal(post(gritd, "pipedrive", pipedrive(71), basic("pipedrive:x")).status, 401, "another password")
        equal(post(gritd, "pipedrive", pipedrive(71)).status, 401, "no password")
        event = json.dumps({"event": {"object_type": "contact", "action": "updated"}}).encode()
        equal(post(gritd, "close", event, closed(event)).status, 202, "close")
        equal(post(gritd, "close", event + b" ", closed(event)).status, 401, "another body")
        context = {"MessageName": "Update", "PrimaryEntityName": "account", "PrimaryEntityId": "a"}
        equal(post(gritd, "dataverse", context, {"x-gritd-secret": HEADER}).status, 202, "dataverse")
        equal(post(gritd, "named", context, {"X-CRM-KEY": HEADER}).status, 202, "a header of its own")
        equal(post(gritd, "named", context, {"x-gritd-secret": HEADER}).status, 401, "the other header")
        told = {"module": "Contacts", "operation": "update", "ids": ["1"], "server_time": 1, "token": TOKEN}
        equal(post(gritd, "zoho", told).status, 202, "zoho")
        equal(post(gritd, "zoho", {**told, "token": "nope"}).status, 401, "another token")
        log = gritd.log()
        for secret in ENV.values():
            check(secret not in log, "a secret in the log")


@suite.case
def statuses_are_those_that_the_senders_want():
    with daemon() as gritd:
        answer = post_hubspot(gritd, [note(5), {**note(6), "propertyName": "hs_lastmodifieddate"}])
        equal((answer.status, answer.json), (202, {"accepted": 1, "repeated": 0, "ignored": 1}), "one of two")
        equal(post_hubspot(gritd, []).status, 202, "nothing at all")
        equal(post_hubspot(gritd, b'{"objectId":1}').status, 400, "not a list")
        equal(post(gritd, "pipedrive", b"<a/>", basic(), "text/xml").status, 415, "XML")
        equal(post(gritd, "pipedrive", b"x" * (1 << 20) + b"x", basic()).status, 413, "more than a megabyte")
        equal(post(gritd, "nobody", {}, basic()).status, 404, "no such source")
        metrics = gritd.metrics()
        for outcome, count in (("taken", 1), ("empty", 1), ("unread", 1), ("refused", 0)):
            equal(metrics[f'gritd_intake_requests_total{{intake="hubspot",outcome="{outcome}"}}'], count, outcome)
        check(metrics['gritd_intake_last_time_seconds{intake="hubspot"}'] > 0, "heard last")
        status = gritd.control("status")["intakes"]
        equal((status["hubspot"]["taken"], status["pipedrive"]["unread"]), (1, 1), "gritctl status")


# FM-F05
@suite.case
def a_repeated_delivery_is_one_event_and_survives_a_restart():
    with daemon() as gritd:
        at = int(time.time() * 1000)
        first = [note(9007199254740995, "contractsent", at), note(5, "closedlost", at + 1)]
        equal(post_hubspot(gritd, first).json["accepted"], 2, "first")
        again = [{**one, "attemptNumber": 1, "eventId": 99} for one in first]
        equal(post_hubspot(gritd, again).json["repeated"], 2, "again")
        gritd.stop()
        gritd.restart()
        equal(post_hubspot(gritd, again).json["repeated"], 2, "after a restart")
        events = {one["deal"]: one for one in gritd.store().journal() if "deal" in one}
        equal(events["5"]["type"], "deal.lost", "closing beats moving")
        equal(events["9007199254740995"]["object"], "deal", "beyond 2^53")
        equal(events["5"]["id"], f"hs:77:deal.propertyChange:5:dealstage:{at + 1}", "the id")


@suite.case
def what_cannot_be_read_is_kept_a_day_and_taken_after_a_mending():
    words = "Harbour Freight told us in confidence"
    with daemon() as gritd:
        bad = json.dumps([{**note(7), "note": words, "occurredAt": None}]).encode()
        for _ in range(3):
            equal(post_hubspot(gritd, bad).status, 400, "unreadable")
        equal(post(gritd, "pipedrive", b"\xff\xfe not text", basic()).status, 400, "no text")
        kept = gritd.control("intake_failed")["failed"]
        equal([(one["intake"], one["number"]) for one in kept], [("hubspot", 1), ("pipedrive", 2)], "kept")
        check(words not in gritd.log(), "a customer's words in the log")
        gritd.stop()
        gritd.restart()
        shown = gritd.control("intake_show", number=1)["request"]
        equal(shown["body"].encode(), bad, "the body after a restart")
        equal(base64.b64decode(gritd.control("intake_show", number=2)["request"]["base64"]), b"\xff\xfe not text",
              "bytes that are no text")
        again = gritd.control("intake_again", number=1)
        check(not again["ok"] and "note 1" in again["error"], again)
        equal(gritd.metrics()["gritd_intake_unread"], 2, "still kept")
        check(not gritd.control("intake_again", number=9)["ok"], "a number that is not there")
        gritd.control("erase", rep="ana")
        until("erased", lambda: not gritd.control("erasing", rep="ana")["erasing"])
        until("emptied", lambda: gritd.control("intake_failed")["failed"] == [])
        gritd.stop()
        raw = (gritd.folder / "gritd.db").read_bytes()
        check(words.encode() not in raw, "a customer's words in the store")
        gritd.restart()


@suite.case
def a_request_that_can_be_read_now_is_taken():
    """The media type was refused; somebody mends the sender and has what came taken as well."""
    with daemon() as gritd:
        equal(post(gritd, "pipedrive", b"{}", basic(), "text/plain").status, 415, "a media type nobody reads")
        body = json.dumps(pipedrive(72)).encode()
        equal(post(gritd, "pipedrive", body, basic(), "text/plain").status, 415, "and a good body")
        lines = gritctl(gritd, "--failed").stdout.decode().splitlines()
        check(len(lines) == 2 and "pipedrive" in lines[1] and "text/plain" in lines[1], lines)
        shown = gritctl(gritd, "--show", "2")
        equal((shown.stdout, shown.returncode), (body, 0), "the body, as it came")
        equal(gritctl(gritd, "--again", "2").stdout, b"1 accepted, 0 repeated\n", "taken")
        equal(gritctl(gritd, "--again", "2").returncode, 1, "once")
        equal(gritctl(gritd, "--failed", "--show", "1").returncode, 2, "two wishes")
        equal(len(gritctl(gritd, "--failed").stdout.splitlines()), 1, "the other one stays")
        equal(gritd.metrics()["gritd_deals"], 1, "its deal")


def moved_in_pipedrive(deal, number, **meta):
    told = pipedrive(deal, "change", title=f"Deal {deal}", stage_id=3, pipeline_id=1)
    told["previous"] = {"stage_id": 2}
    told["meta"].update({"id": f"m{deal}-{number}", **meta})
    return told


@suite.case
def what_a_crm_tells_leads_to_a_question():
    people = PEOPLE.replace("name: Ana Ruiz,", "name: Ana Ruiz, crm: ['20113'],")
    pipeline = PIPELINE.replace("id: propose,", "id: propose, crm: ['1/3'],")
    with daemon(people=people, pipeline=pipeline) as gritd:
        equal(post(gritd, "pipedrive", moved_in_pipedrive(71, 1), basic()).json["accepted"], 1, "taken")
        equal(post(gritd, "pipedrive", moved_in_pipedrive(71, 1, attempt=2), basic()).json["repeated"], 1, "again")
        until("asked", lambda: [one for one in gritd.store().decisions() if one["deal"] == "71"], 20)
        equal(post(gritd, "pipedrive", moved_in_pipedrive(72, 1, is_bulk_edit=True), basic()).status, 202, "bulk")
        until("decided", lambda: [one for one in gritd.store().decisions() if one["deal"] == "72"], 20)
        made = {one["deal"]: (one["rep"], one["outcome"]) for one in gritd.store().decisions()}
        equal(made, {"71": ("ana", "sent"), "72": ("ana", "expired")}, "decisions")


@suite.case
def an_owner_whom_nobody_knows_is_matched_later():
    pipeline = PIPELINE.replace("id: propose,", "id: propose, crm: ['3'],")
    with daemon(pipeline=pipeline) as gritd:
        equal(post(gritd, "pipedrive", moved_in_pipedrive(71, 1), basic()).status, 202, "taken")
        until("stored", lambda: gritd.store().states(STATE_DEAL))
        equal(gritd.store().decisions(), [], "nobody is asked")
        write(gritd.folder, "people.yaml", PEOPLE.replace("name: Ana Ruiz,", "name: Ana Ruiz, crm: ['20113'],"))
        equal(gritd.control("reload")["ok"], True, "reloaded")
        told = moved_in_pipedrive(71, 2)
        told["data"].update(stage_id=3, owner_id=None)
        equal(post(gritd, "pipedrive", told, basic()).json["accepted"], 1, "the next change, without its owner")
        until("asked", lambda: [one["rep"] for one in gritd.store().decisions()] == ["ana"], 20)


@suite.case
def an_unmapped_stage_is_told_of_once():
    with daemon() as gritd:
        for deal in (1, 2, 3):
            equal(post_hubspot(gritd, [note(deal, "98213377")]).status, 202, "taken")
        equal(gritd.log().count("98213377"), 1, "one warning")


@suite.case
def a_crm_s_default_stages_need_no_mapping():
    with daemon() as gritd:
        post_hubspot(gritd, [note(1, "contractsent")])
        equal([one["to"] for one in gritd.store().journal() if "to" in one], ["negotiate"], "the stage")


@suite.case
def a_cloudevents_sender_may_ask_first():
    with daemon() as gritd:
        asked = {"WebHook-Request-Origin": "sender.example.com", "WebHook-Request-Rate": "120"}
        answer = http_call(gritd.port, "OPTIONS", "/v1/events", None, asked)
        told = {name.lower(): value for name, value in answer.headers.items()}
        equal((answer.status, told["webhook-allowed-origin"], told["webhook-allowed-rate"]),
              (200, "sender.example.com", "*"), "agreed")
        check("POST" in told["allow"], told)
        answer = http_call(gritd.port, "OPTIONS", "/v1/events", None, {"WebHook-Request-Origin": "a b"})
        check("webhook-allowed-origin" not in {name.lower() for name in answer.headers}, "no origin")


def move_on(gritd, hours):
    """The local platform's clock, so many hours on; signatures are held against the real one."""
    now = datetime.datetime.fromisoformat(gritd.control("status")["now"].replace("Z", "+00:00"))
    to = (now + datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
    answer = gritd.call("POST", "/try/clock", {"to": to}, {"Content-Type": "application/json"}, 60)
    equal(answer.status, 200, f"the clock ({answer})")


@suite.case
def what_cannot_be_read_is_gone_after_a_day():
    with daemon() as gritd:
        equal(post_hubspot(gritd, b"{").status, 400, "unreadable")
        move_on(gritd, 23)
        equal(len(gritd.control("intake_failed")["failed"]), 1, "kept for a day")
        move_on(gritd, 2)
        until("swept", lambda: gritd.control("intake_failed")["failed"] == [], 20)
        gritd.stop()
        equal(gritd.store().states(19), {}, "in the store")
        gritd.restart()


@suite.case
def a_silent_source_is_told_of_once():
    with daemon() as gritd:
        for day in range(9):
            equal(post_hubspot(gritd, [note(day + 1)]).status, 202, "heard")
            move_on(gritd, 24)
        equal(gritd.get("/readyz").status, 200, "ready")
        check("is silent" not in gritd.log(), gritd.log()[-500:])
        usual = gritd.control("status")["intakes"]["hubspot"]["usual_gap"]
        check(usual.startswith("1d"), usual)
        move_on(gritd, 24)
        until("told of", lambda: "hubspot is silent" in gritd.log(), 20)
        equal(gritd.metrics()['gritd_intake_silent{intake="hubspot"}'], 1, "the metric")
        equal((gritd.control("status")["intakes"]["hubspot"]["silent"], gritd.get("/readyz").status), (True, 200),
              "status, and still ready")
        equal(post_hubspot(gritd, [note(99)]).status, 202, "heard")
        equal(gritd.metrics()['gritd_intake_silent{intake="hubspot"}'], 0, "no more")
        equal(gritd.log().count("is silent"), 1, "once")


suite.run()
