"""crm_back.py BUILD_FOLDER [CASE...]: records of which CRMs tell too little are read from them after the answer."""

import signal
import sys
import time

sys.dont_write_bytecode = True
from crm_world import *  # noqa: E402,F403
from fake_back import Dataverse, HubSpot, Zoho  # noqa: E402
from fake_crm import stamp  # noqa: E402

suite = Together()
ANA = "61120443"
STATE_BACK = 21


def tell(w, body, status=202, **headers):
    answer = w.gritd.call("POST", "/v1/intake/crm", body, {"Content-Type": "application/json", **headers})
    equal(answer.status, status, f"the answer {answer.text}")
    return answer.json


def figure(w, name):
    return w.gritd.metrics()[f'gritd_read_back_{name}{{intake="crm"}}']


def back(w, prefix):
    """What was read back, by the object's id."""
    return {one["id"].split(":")[3]: one for one in w.events() if one["id"].startswith(prefix)}


HUBSPOT_BACK = '{name: crm, kind: hubspot, read_back: {url: "%s", secret: "env:CRM_READ"}}'


def made(kind, id, at, **more):
    return {"objectId": int(id), "objectTypeId": kind, "portalId": 1, "subscriptionType": "object.creation",
            "occurredAt": int(at * 1000), **more}


@suite.case
def hubspot_effort_has_its_owner_and_its_deal():
    with world() as w:
        now = time.time()
        crm = HubSpot(w.crm)
        own = {"hubspot_owner_id": ANA}
        big = "9007199254740993123"
        crm.records["calls"] = {big: {**own, "hs_call_direction": "OUTBOUND", "hs_call_duration": "95000",
                                      "hs_timestamp": stamp(now - 3600, "Z"),
                                      "hs_call_disposition": "73a0d17f-1163-4015-bdd5-ec830791da20"},
                                "12": {"hubspot_owner_id": None, "hs_timestamp": stamp(now, "Z")}}
        crm.records["emails"] = {"21": {**own, "hs_email_direction": "INCOMING_EMAIL", "hs_timestamp": stamp(now - 60, "Z")}}
        crm.records["notes"] = {"31": {**own, "hs_timestamp": str(int((now - 50) * 1000))}}
        crm.records["meetings"] = {"41": {**own, "hs_timestamp": stamp(now + 86400, "Z"), "hs_meeting_outcome": "SCHEDULED"}}
        crm.records["tasks"] = {"51": {**own, "hs_timestamp": stamp(now + 900, "Z"), "hs_task_status": "COMPLETED",
                                       "hs_task_completion_date": stamp(now - 40, "Z")}}
        crm.deals = {big: ["88", "4711"], "21": ["4711"], "41": ["4711"]}
        w.start(HUBSPOT_BACK % w.crm.url)
        w.crm.hubspot_deals["4711"] = {"id": "4711", "properties": {"hubspot_owner_id": ANA}}
        tell(w, [{"objectId": 4711, "portalId": 1, "subscriptionType": "deal.creation", "occurredAt": int(now * 1000) - 9000}])
        until("the deal", lambda: figure(w, "total") == 1)
        w.crm.trouble = [("/crm/associations/", 429, {"Retry-After": "1"}, {"message": "limit"})]
        equal(tell(w, [made("0-48", big, now), made("0-48", 12, now), made("0-48", 13, now),
                       made("0-49", 21, now, changeSource="SEQUENCES"), made("0-46", 31, now), made("0-47", 41, now),
                       made("0-27", 51, now)])["accepted"], 7, "accepted")
        until("all of them", lambda: figure(w, "total") == 8)
        until("what was read", lambda: len(back(w, "hs:read:")) >= 6)
        found = back(w, "hs:read:")
        call, email, note, meeting, task = (found[id] for id in (big, "21", "31", "41", "51"))
        equal([one["rep"] for one in (call, email, note, meeting, task)], [ANA] * 5, "whose they are")
        equal([one.get("deal") for one in (call, email, note, meeting, task)], ["4711", "4711", None, "4711", None],
              "the deals: of two the one that is known")
        equal((call["type"], call["direction"], call["outcome"], call["duration_s"], call["time"]),
              ("activity.logged", "outbound", "no_answer", 95, int((now - 3600) * 1000)), "the call")
        equal((email["direction"], email["automated"]), ("inbound", True), "the e-mail")
        equal((meeting["type"], meeting["due"]), ("activity.planned", int((now + 86400) * 1000)), "the meeting")
        equal((task["type"], task["outcome"], task["time"]), ("activity.logged", "completed", int((now - 40) * 1000)), "the task")
        check("12" not in found and "13" not in found, "one without an owner, and one that is gone")
        equal(w.gritd.metrics().get('gritd_read_back_skipped_total{intake="crm"}', 0), 0, "not read back")

        crm.records["meetings"]["41"]["hs_meeting_outcome"] = "COMPLETED"  # it was held; told twice, it is one
        done = made("0-47", 41, now + 1, subscriptionType="object.propertyChange", propertyName="hs_meeting_outcome",
                    propertyValue="COMPLETED")
        for later in (0, 1):
            tell(w, [{**done, "occurredAt": done["occurredAt"] + later}])
            until("read again", lambda: figure(w, "total") == 9 + later)
        until("the meeting", lambda: any(one["id"] == "hs:read:meeting:41:done" for one in w.events()))
        equal(sum(one.get("rep") == ANA and one["type"] == "activity.logged" for one in w.events()), 5, "logged for her")
        ids_are_unique(w)
        equal(w.crm.refusals, [], "what the CRM refused")


@suite.case
def hubspot_reads_a_hundred_at_once():
    with world() as w:
        now = time.time()
        crm = HubSpot(w.crm)
        crm.records["calls"] = {str(i): {"hubspot_owner_id": ANA, "hs_timestamp": stamp(now, "Z")} for i in range(1, 131)}
        w.start(HUBSPOT_BACK % w.crm.url)
        tell(w, [made("0-48", i, now) for i in range(1, 131)])
        until("all of them", lambda: figure(w, "total") == 130)
        equal(sorted(len(ids) for kind, ids in crm.batches), [30, 100], "batches")
        until("the calls", lambda: len(back(w, "hs:read:call:")) == 130)
        equal(w.crm.refusals, [], "what the CRM refused")


@suite.case
def hubspot_kind_that_may_not_be_read_holds_up_no_other():
    with world() as w:
        now = time.time()
        crm = HubSpot(w.crm)
        crm.forbidden = {"emails"}
        crm.records["calls"] = {"1": {"hubspot_owner_id": ANA, "hs_timestamp": stamp(now, "Z")}}
        crm.records["emails"] = {"2": {"hubspot_owner_id": ANA, "hs_timestamp": stamp(now, "Z")}}
        w.start(HUBSPOT_BACK % w.crm.url)
        tell(w, [made("0-49", 2, now)])
        until("the refusal", lambda: figure(w, "failures_total") == 1)
        tell(w, [made("0-48", 1, now)])
        until("the call", lambda: "1" in back(w, "hs:read:call:"))
        equal(len([one for one in w.crm.requests if "/emails/" in one]), 1, "how often the e-mail was asked for")
        until("the line", lambda: "it answers 403, look at the app's scopes" in w.gritd.log())
        log = w.gritd.log()
        check("sales-email-read" in log and "MISSING_SCOPES" in log and "again\n" not in log, log)
        equal((figure(w, "waiting"), figure(w, "dropped_total")), (1, 0), "the e-mail waits")
        crm.forbidden = set()
        w.gritd.signal(signal.SIGHUP)
        until("the e-mail once it is allowed", lambda: "2" in back(w, "hs:read:email:"))
        check("pat-token" not in w.gritd.log(), "a secret in the log")


@suite.case
def what_waits_to_be_read_outlives_a_kill():
    """It was answered, and HubSpot does not tell it again. What nobody reads back any more goes."""
    with world() as w:
        now = time.time()
        crm = HubSpot(w.crm)
        own = {"hubspot_owner_id": ANA}
        crm.forbidden = {"calls", "emails"}
        crm.records["calls"] = {str(i): {**own, "hs_timestamp": stamp(now, "Z")} for i in range(1, 21)}
        crm.records["emails"] = {"2": {**own, "hs_email_direction": "EMAIL", "hs_timestamp": stamp(now, "Z")}}
        intake = HUBSPOT_BACK % w.crm.url
        w.start(intake)
        for again in range(2):
            tell(w, [made("0-48", i, now, changeSource="SEQUENCES") for i in range(1, 21)])
            w.gritd.kill()  # at once: nothing was asked for, or it is being asked for
            w.start(None)
            equal({one["id"] for one in w.gritd.store().states(STATE_BACK).values()}, set(crm.records["calls"]), "what waits")
        tell(w, [made("0-49", 2, now), made("0-48", 20, now)])
        crm.forbidden = {"emails"}
        w.gritd.kill()
        w.start(None)
        until("the calls", lambda: len(back(w, "hs:read:call:")) == 20)
        equal({one.get("automated") for one in back(w, "hs:read:call:").values()}, {True}, "what they were told of as")
        until("that nothing but the e-mail waits", lambda: [
            (one["object"], one["id"]) for one in w.gritd.store().states(STATE_BACK).values()] == [("email", "2")])
        w.gritd.kill()
        w.start(intake.partition(", read_back")[0] + ', secret: "env:CRM_SECRET"}')
        until("that it is gone", lambda: w.gritd.store().states(STATE_BACK) == {})
        check("records dropped, as nothing reads them back any more: 1\n" in w.gritd.log(), w.gritd.log())
        ids_are_unique(w)


@suite.case
def so_much_waits_to_be_read_that_no_more_is_taken():
    with world() as w:
        now = time.time()
        crm = HubSpot(w.crm)
        crm.forbidden = {"calls"}
        w.start(HUBSPOT_BACK % w.crm.url)
        for at in range(0, 5000, 100):
            tell(w, [made("0-48", i, now) for i in range(at, at + 100)])
        tell(w, [made("0-48", 5000, now)], status=503)
        tell(w, [{"objectId": 4711, "portalId": 1, "subscriptionType": "deal.deletion", "occurredAt": int(now * 1000)}])
        equal((figure(w, "waiting"), figure(w, "dropped_total")), (5000, 0), "what waits")
        crm.forbidden = set()
        w.gritd.signal(signal.SIGHUP)
        until("that some were read", lambda: figure(w, "waiting") < 5000)
        tell(w, [made("0-48", 5000, now)])


@suite.case
def hubspot_record_that_cannot_be_read_is_alone_in_the_end():
    with world() as w:
        now = time.time()
        crm = HubSpot(w.crm)
        crm.poison = "666"
        crm.records["calls"] = {str(i): {"hubspot_owner_id": ANA, "hs_timestamp": stamp(now, "Z")} for i in range(664, 669)}
        w.start(HUBSPOT_BACK % w.crm.url)
        tell(w, [made("0-48", i, now) for i in range(664, 669)])
        until("all but one", lambda: len(back(w, "hs:read:call:")) == 4)
        until("the line", lambda: "it answers 400: what is 666?" in w.gritd.log())
        until("the one to wait", lambda: figure(w, "waiting") == 1)
        equal(figure(w, "dropped_total"), 0, "dropped")


ZOHO = ('{name: crm, kind: zoho, secret: "env:CRM_TOKEN", read_back: {sign_in: "%s", client_id: "%s", '
        'secret: "env:CRM_SECRET", refresh_token: "env:CRM_READ"}}')


def changed(module, id, at, operation="update", **more):
    return {"server_time": int(at * 1000), "module": module, "operation": operation, "ids": [id],
            "token": "api-token", "channel_id": "1", **more}


def zoho_deal(stage, **more):
    return {"Deal_Name": "Harbour Freight", "Stage": stage, "Pipeline": "Standard", "Amount": 12500.5,
            "Owner": {"name": "Ana", "id": ANA, "email": "ana@example.com"}, "Closing_Date": "2027-03-31",
            "Account_Name": {"name": "Harbour", "id": "9"}, **more}


def zoho_row(stage, at):
    return {"Stage": stage, "Modified_Time": stamp(at, "+00:00")}


@suite.case
def zoho_records_without_their_values():
    with world() as w:
        now, id = time.time(), "2290417700000000123"
        crm = Zoho(w.crm)
        crm.refresh = "pat-token"
        crm.records["Deals"] = {id: zoho_deal("Needs Analysis")}
        crm.history[id] = [zoho_row("Needs Analysis", now - 60), zoho_row("Needs Analysis", now - 90),
                           zoho_row("Prospecting", now - 9000)]
        w.start(ZOHO % (w.crm.url, w.crm.client))
        tell(w, changed("Deals", id, now))
        until("the deal", lambda: len(w.events()) == 2)
        moved, owner = (one for kind, one in w.told())
        equal((moved["type"], moved["from"], moved["to"], moved["direction"], moved["time"], moved["owner"]),
              ("deal.stage_changed", "Prospecting", "Needs Analysis", "forward", int((now - 90) * 1000), ANA), "the move")
        equal((moved["deal_name"], moved["amount"], moved["close_date"], moved["account"]),
              ("Harbour Freight", 1250050, "2027-03-31", "Harbour"), "what belongs to it")
        equal((owner["type"], owner["to"], owner["time"]), ("deal.owner_changed", ANA, int(now * 1000)), "the owner")

        crm.records["Deals"][id] = zoho_deal("Closed Won", Amount=13000)  # the token is too old by now
        crm.history[id].insert(0, zoho_row("Closed Won", now - 5))
        w.crm.valid = "another"
        tell(w, changed("Deals", id, now + 1))
        until("the end", lambda: len(w.events()) == 4)
        won = next(one for kind, one in w.told() if kind == "deal.won")
        equal((won["from"], won["time"]), ("Needs Analysis", int((now - 5) * 1000)), "how it was won")
        tell(w, changed("Deals", id, now + 2))
        tell(w, changed("Deals", "404", now))
        until("nothing new", lambda: figure(w, "total") == 4)
        equal(sorted(w.types()), ["deal.amount_changed", "deal.owner_changed", "deal.stage_changed", "deal.won"], "all of it")
        ids_are_unique(w)

        about = {"What_Id": {"id": id, "name": "x"}, "$se_module": "Deals", "Owner": {"id": ANA}}
        crm.records["Calls"] = {"1": about | {"Call_Type": "Outbound", "Call_Duration_in_seconds": 95,
                                              "Call_Start_Time": stamp(now - 600, "+00:00"), "Outgoing_Call_Status": "Completed"},
                                "2": about | {"Call_Type": "Outbound", "Call_Start_Time": stamp(now + 600, "+00:00"),
                                              "Outgoing_Call_Status": "Scheduled"}}
        crm.records["Events"] = {"3": about | {"Start_DateTime": stamp(now - 7200, "+00:00"), "End_DateTime": stamp(now - 3600, "+00:00")}}
        crm.records["Tasks"] = {"4": about | {"$se_module": "Accounts", "Status": "Completed", "Due_Date": "2026-01-02",
                                              "Closed_Time": stamp(now - 30, "+00:00")}}
        w.crm.trouble = [("/crm/v7/Calls", 429, {"Retry-After": "1"}, {"code": "TOO_MANY_REQUESTS"})]
        for module, one in (("Calls", "1"), ("Calls", "2"), ("Events", "3"), ("Tasks", "4")):
            tell(w, changed(module, one, now, "insert"))
        until("the effort", lambda: len(back(w, "zo:read:Calls:") | back(w, "zo:read:Tasks:") | back(w, "zo:read:Events:")) == 4)
        found = back(w, "zo:read:Calls:") | back(w, "zo:read:Tasks:") | back(w, "zo:read:Events:")
        equal([(found[i]["type"], found[i]["kind"], found[i].get("deal"), found[i]["rep"]) for i in "1234"],
              [("activity.logged", "call", id, ANA), ("activity.planned", "call", id, ANA),
               ("activity.logged", "meeting", id, ANA), ("activity.logged", "task", None, ANA)], "what it is")
        equal((found["1"]["duration_s"], found["3"]["duration_s"]), (95, 3600), "how long")
        equal(w.crm.refusals, [], "what the CRM refused")


@suite.case
def zoho_values_that_were_told_are_not_told_twice():
    with world() as w:
        now, id = time.time(), "77"
        crm = Zoho(w.crm)
        crm.refresh = "pat-token"
        crm.records["Deals"] = {id: zoho_deal("Proposal/Price Quote")}
        crm.history[id] = [zoho_row("Proposal/Price Quote", now), zoho_row("Needs Analysis", now - 900)]
        w.start(ZOHO % (w.crm.url, w.crm.client))
        values = lambda **more: {"affected_values": [{"record_id": id, "values": more}]}  # noqa: E731
        tell(w, changed("Deals", id, now - 800, **values(Stage="Needs Analysis", Owner={"id": ANA})))
        until("the first", lambda: figure(w, "total") == 1)
        tell(w, changed("Deals", id, now, **values(Stage="Proposal/Price Quote")))
        until("the second", lambda: figure(w, "total") == 2)
        equal(sorted(w.types()), ["deal.owner_changed", "deal.stage_changed", "deal.stage_changed"], "as it was told")


@suite.case
def zoho_refusals_say_what_to_do():
    for refresh, forbidden, words in (("another", set(), "signing in answers 200, look at 'client_id', 'secret' and"),
                                      ("pat-token", {"Tasks"}, "it answers 401, look at the scope of the refresh token: "
                                                               "ZohoCRM.modules.READ: OAUTH_SCOPE_MISMATCH")):
        with world() as w:
            crm = Zoho(w.crm)
            crm.refresh, crm.forbidden = refresh, forbidden
            w.start(ZOHO % (w.crm.url, w.crm.client))
            tell(w, changed("Tasks", "4", time.time()))
            until("the line", lambda: words in w.gritd.log())
            signed = len([one for one in w.crm.requests if "/oauth/" in one])
            equal(signed, 1, "sign-ins: a right that lacks is no old token")
            check(not [one for one in ("pat-token", w.crm.secret) if one in w.gritd.log()], "a secret in the log")


DATAVERSE = ('{name: crm, kind: dataverse, secret: "env:CRM_TOKEN", read_back: {url: "%s", sign_in: "%s", '
             'tenant: directory.example, client_id: "%s", secret: "env:CRM_READ"}}')


def guid(number):
    return f"3f0c1d52-77aa-4a3e-9d5b-{number:012d}"


def cut(entity, id, at, message="Update"):
    """A message of more than 256 KB: what it is about, and no more."""
    return {"MessageName": message, "PrimaryEntityName": entity, "PrimaryEntityId": id, "OrganizationId": guid(0),
            "OperationId": guid(int(at * 1000) % 10 ** 12), "OperationCreatedOn": f"/Date({int(at * 1000)}+0000)/",
            "InputParameters": None, "PreEntityImages": None, "PostEntityImages": None}


def tell_cut(w, *what):
    tell(w, cut(*what), **{"x-gritd-secret": "api-token", "x-ms-dynamics-msg-size-exceeded": "true"})


def opportunity(stage, state=0):
    return {"name": "Harbour Freight", "salesstage": stage, "statecode": state, "_ownerid_value": ANA, "estimatedvalue": 12500.5,
            "estimatedclosedate": "2027-03-31", "_customerid_value": guid(9),
            "_customerid_value@OData.Community.Display.V1.FormattedValue": "Harbour"}


@suite.case
def dataverse_rows_of_messages_that_were_too_long():
    with world() as w:
        now, seen, unseen = time.time(), guid(1), guid(2)
        crm = Dataverse(w.crm, "pat-token")
        crm.rows["opportunities"] = {seen: opportunity(2), unseen: opportunity(2)}
        crm.audit = {seen: [({"name": "a"}, {"name": "b"}), ({"salesstage": 1}, {"salesstage": 2}),
                            ({"salesstage": 2}, {"salesstage": 1}), ({"salesstage": 0}, {"salesstage": 2})]}
        w.start(DATAVERSE % (w.crm.url, w.crm.url, w.crm.client))
        tell_cut(w, "opportunity", seen, now)
        until("the deal", lambda: len(w.events()) == 2)
        moved = next(one for kind, one in w.told() if kind == "deal.stage_changed")
        equal((moved["from"], moved["to"], moved["direction"], moved["owner"], moved["amount"], moved["account"], moved["close_date"]),
              ("1", "propose", "forward", ANA, 1250050, "Harbour", "2027-03-31"), "the move, by the audit")
        tell_cut(w, "opportunity", unseen, now)
        until("the other", lambda: len(w.events()) == 4)
        begun = next(one for kind, one in w.told() if kind == "deal.created")
        equal((begun["deal"], begun["stage"], begun.get("from")), (unseen, "propose", None), "one without an audit")
        until("a word of it", lambda: "auditing of opportunities is off" in w.gritd.log())
        crm.rows["opportunities"][unseen] = opportunity(3)  # by now gritd knows the stage before
        tell_cut(w, "opportunity", unseen, now + 1)
        until("its move", lambda: w.types().count("deal.stage_changed") == 2)
        equal([one["from"] for kind, one in w.told() if one["type"] == "deal.stage_changed" and one["deal"] == unseen],
              ["propose"], "from where")
        crm.rows["opportunities"][seen] = opportunity(2, state=1)
        w.crm.valid = "another"  # an hour later
        tell_cut(w, "opportunity", seen, now + 2, "Win")
        until("the end", lambda: "deal.won" in w.types())
        equal(next(one for kind, one in w.told() if kind == "deal.won")["from"], "propose", "how it was won")
        tell_cut(w, "opportunity", guid(3), now, "Delete")
        until("a deletion needs no reading", lambda: "deal.deleted" in w.types())
        equal(w.gritd.log().count("auditing of opportunities is off"), 1, "words of it")

        about = {"_ownerid_value": ANA, "_regardingobjectid_value": seen, "statecode": 1,
                 "_regardingobjectid_value@Microsoft.Dynamics.CRM.lookuplogicalname": "opportunity"}
        crm.rows["emails"] = {guid(4): about | {"directioncode": True, "actualend": stamp(now - 60, "Z")}}
        crm.rows["appointments"] = {guid(5): about | {"statecode": 0, "scheduledend": stamp(now + 900, "Z")}}
        w.crm.trouble = [("/emails", 503, {"Retry-After": "1"}, "")]
        tell_cut(w, "email", guid(4), now)
        tell_cut(w, "appointment", guid(5), now)
        tell_cut(w, "task", guid(6), now)
        until("the effort", lambda: {"activity.logged", "activity.planned"} <= set(w.types()))
        mail, meeting = (next(one for kind, one in w.told() if kind == f"activity.{what}") for what in ("logged", "planned"))
        equal((mail["kind"], mail["direction"], mail["rep"], mail["deal"], mail["time"]),
              ("email", "outbound", ANA, seen, int((now - 60) * 1000)), "the e-mail")
        equal((meeting["kind"], meeting["due"], meeting["deal"]), ("meeting", int((now + 900) * 1000), seen), "the meeting")
        until("the one that is gone", lambda: figure(w, "waiting") == 0)
        ids_are_unique(w)
        equal(w.crm.refusals, [], "what the CRM refused")


@suite.case
def dataverse_refusals_say_what_to_do():
    with world() as w:
        Dataverse(w.crm, "another")
        w.start(DATAVERSE % (w.crm.url, w.crm.url, w.crm.client))
        tell_cut(w, "opportunity", guid(1), time.time())
        until("the line", lambda: "signing in answers 401, look at 'client_id', 'secret' (it may be over its date) and 'tenant'"
              in w.gritd.log())
        check("AADSTS7000215" in w.gritd.log() and "pat-token" not in w.gritd.log(), w.gritd.log())


@suite.case
def what_nobody_reads_back_is_counted():
    with world() as w:
        w.start('{name: crm, kind: zoho, secret: "env:CRM_TOKEN"}')
        tell(w, changed("Deals", "4", time.time()))
        until("the count", lambda: w.gritd.metrics()['gritd_read_back_skipped_total{intake="crm"}'] == 1)
        equal(w.gritd.control("status")["intakes"]["crm"]["not_read_back"], 1, "the same in the status")


suite.run()
