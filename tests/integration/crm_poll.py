"""crm_poll.py BUILD_FOLDER [CASE...]: CRMs that are asked: nothing lost, nothing twice, whatever they answer."""

import datetime
import os
import signal
import sys
import time

sys.dont_write_bytecode = True
from crm_world import *  # noqa: E402,F403
from fake_crm import parse, stamp  # noqa: E402

suite = Together()
STATE_POLL = 20
DEAL = "006A0000000000{}"
OWNER = "005A00000000001"
HUMAN = 3600


def salesforce(crm, **more):
    keys = {"url": crm.url, "client_id": crm.client, "user": crm.user, "secret": "file:sf.key", "every": "1s",
            "currency": "EUR", **more}
    return "{name: crm, kind: salesforce, poll: {" + ", ".join(f'{k}: "{v}"' for k, v in keys.items()) + "}}"


@suite.case
def salesforce_history_owners_and_effort():
    with world() as w:
        now = time.time()
        w.crm.move(DEAL.format(1), "Prospecting", now - 600)
        w.crm.move(DEAL.format(1), "Needs Analysis", now - 500)
        w.crm.move(DEAL.format(1), "Needs Analysis", now - 400, amount=2000)
        w.crm.move(DEAL.format(1), "Proposal/Price Quote", now - 300, amount=2000, close="2027-04-30")
        w.crm.move(DEAL.format(1), "Signed", now - 200, amount=2000, close="2027-04-30")
        w.crm.move(DEAL.format(2), "Prospecting", now - 100 * 86400)
        w.crm.move(DEAL.format(2), "Closed Lost", now - 100)
        w.crm.tasks += [
            {"Id": "00T000000000001", "TaskSubtype": "Call", "CallType": "Outbound", "CallDurationInSeconds": 95,
             "CallDisposition": "Left Voicemail", "IsClosed": True, "OwnerId": OWNER, "WhatId": DEAL.format(1),
             "ActivityDate": "2026-01-02", "CompletedDateTime": stamp(now - 90), "SystemModstamp": stamp(now - 80)},
            {"Id": "00T000000000002", "TaskSubtype": "ListEmail", "CallType": None, "CallDurationInSeconds": None,
             "CallDisposition": None, "IsClosed": True, "OwnerId": OWNER, "WhatId": None, "ActivityDate": None,
             "CompletedDateTime": None, "SystemModstamp": stamp(now - 70)},
            {"Id": "00T000000000003", "TaskSubtype": "Task", "CallType": None, "CallDurationInSeconds": None,
             "CallDisposition": None, "IsClosed": False, "OwnerId": OWNER, "WhatId": DEAL.format(2),
             "ActivityDate": "2027-12-24", "CompletedDateTime": None, "SystemModstamp": stamp(now - 60)}]
        w.crm.meetings += [
            {"Id": "00U000000000001", "OwnerId": OWNER, "WhatId": DEAL.format(1), "StartDateTime": stamp(now - 1900),
             "EndDateTime": stamp(now - 100), "SystemModstamp": stamp(now - 90 * 86400)}]
        w.start(salesforce(w.crm))
        w.another()
        told = w.told()
        deal = [(kind, one) for kind, one in told if one.get("deal") == DEAL.format(1) and kind.startswith("deal.")]
        equal([kind for kind, one in deal], ["deal.created", "deal.stage_changed", "deal.amount_changed",
                                             "deal.stage_changed", "deal.close_date_changed", "deal.won"], "the deal")
        first, moved, amount, proposed, close, won = [one for kind, one in deal]
        equal(first["deal_name"], "Deal 01", "name")
        equal(first["owner"], OWNER, "owner")
        equal(first["account"], "Harbour Freight", "account")
        equal((first["amount"], first["currency"]), (100050, "EUR"), "value")
        equal((moved["from"], moved["to"]), ("Prospecting", "Needs Analysis"), "stages")
        equal(proposed["direction"], "forward", "direction")
        equal(amount["amount"], 200000, "amount")
        equal(close["to"], "2027-04-30", "close date")
        equal(deal[1][1]["id"], "008000000000001", "id of a row")
        equal([kind for kind, one in told if one.get("deal") == DEAL.format(2) and kind.startswith("deal.")], ["deal.lost"],
              "a deal whose beginning is older than is looked for")
        effort = {one["id"]: one for kind, one in told if kind.startswith("activity.")}
        equal(sorted(effort), ["00T000000000001:done", "00T000000000002:done",
                               next(id for id in effort if "003:planned" in id), "00U000000000001:done"], "effort")
        call = effort["00T000000000001:done"]
        equal((call["kind"], call["outcome"], call["duration_s"], call["rep"]),
              ("call", "voicemail", 95, OWNER), "the call")
        equal(effort["00T000000000002:done"]["automated"], True, "a list email is automated")
        equal(effort["00U000000000001:done"]["duration_s"], 1800, "the meeting")
        # an owner and a deletion, of which the history says nothing
        with w.crm.lock:
            w.crm.deals[DEAL.format(1)].update(OwnerId="005A00000000002", at=time.time())
            w.crm.deals[DEAL.format(2)].update(IsDeleted=True, at=time.time())
        until("owner and deletion", lambda: {"deal.owner_changed", "deal.deleted"} <= set(w.types()))
        w.another()
        equal(w.types().count("deal.owner_changed"), 1, "changes of owner")
        ids_are_unique(w)
        equal(w.crm.refusals, [], "what the CRM refused")


@suite.case
def salesforce_pages_overlap_and_a_restart():
    with world() as w:
        w.crm.page_size = 2
        now = time.time()
        for i in range(7):
            w.crm.move(DEAL.format(i), "Prospecting", now - 100 + i)
        w.start(salesforce(w.crm))
        until("all of them", lambda: w.types().count("deal.created") == 7)
        check(any("/query/01g" in one for one in w.crm.requests), "no further page was asked for")
        w.another()
        w.crm.move(DEAL.format(8), "Prospecting", now - 120)  # written down late, before the last round
        until("the late one", lambda: w.types().count("deal.created") == 8)
        w.another()
        cursor = w.gritd.store().states(STATE_POLL)["crm"]
        equal(cursor["kind"], "salesforce", "whose cursor")
        check(len(cursor["seen"]) >= 8, cursor)
        equal(w.gritd.stop(), 0, "exit code")
        w.crm.move(DEAL.format(8), "Needs Analysis", now - 90)
        asked = len(w.crm.requests)
        w.gritd.restart()
        until("what came meanwhile", lambda: w.types().count("deal.stage_changed") == 1)
        query = next(one for one in w.crm.requests[asked:] if "OpportunityHistory" in one)
        since = parse_utc(query.split("%3E%3D%20")[1].split("%20")[0].replace("%3A", ":"))
        check(now - 600 < since < now, f"it began anew: {query}")
        # a reload goes on as well
        w.gritd.signal(signal.SIGHUP)
        w.another()
        equal(w.types().count("deal.created"), 8, "after all that")
        ids_are_unique(w)


def expected_rows(rows):
    """Ids of the events that these rows are, oldest first: of a new stage, and of another amount."""
    wanted, before = set(), {}
    for row in sorted(rows, key=lambda row: (row["at"], row["Id"])):
        last = before.get(row["OpportunityId"])
        if not last or last["StageName"] != row["StageName"]:
            wanted.add(row["Id"])
        if last and last["Amount"] != row["Amount"]:
            wanted.add(f"{row['Id']}:deal.amount_changed")
        before[row["OpportunityId"]] = row
    return wanted


@suite.case
def salesforce_histories_of_any_length():
    with world() as w:
        w.crm.page_size = 90
        now = int(time.time())
        stages = ("Prospecting", "Needs Analysis", "Proposal/Price Quote")
        w.crm.move(DEAL.format(1), "Prospecting", now - 100 * 86400)  # known before; the other one begins
        for i in range(330):  # three a second, so that a page ends within one
            w.crm.move(DEAL.format(1), stages[i // 2 % 3], now - 250 + i // 3, amount=1000 + i // 5)
            if i < 250:
                w.crm.move(DEAL.format(2), stages[(i + 1) % 3], now - 250 + i // 3)
        w.crm.move(DEAL.format(3), "Prospecting", now - 60)
        w.start(salesforce(w.crm, since="1d", every="1h"))
        wanted = expected_rows(w.crm.rows) - {w.crm.rows[0]["Id"]}
        until("all of them", lambda: {one["id"] for one in w.events()} == wanted, 30)
        moved = {one["id"]: one for kind, one in w.told() if kind == "deal.stage_changed"}
        for deal in (1, 2):  # each holds on to the one before it
            rows = [row for row in w.crm.rows if row["OpportunityId"] == DEAL.format(deal)]
            for last, row in zip(rows, rows[1:]):
                if row["Id"] in moved:
                    equal((moved[row["Id"]]["from"], moved[row["Id"]]["to"]), (last["StageName"], row["StageName"]), "move")
        equal(w.gritd.stop(), 0, "exit code")
        for i in range(150):  # while nobody listened
            w.crm.move(DEAL.format(1), stages[i % 2], now - 40 + i // 5)
        w.gritd.restart()
        until("those as well", lambda: {one["id"] for one in w.events()} == expected_rows(w.crm.rows) - {w.crm.rows[0]["Id"]}, 30)
        ids_are_unique(w)
        alone = [one for one in w.crm.requests if "OpportunityId%20%3D" in one and "%3C%20" in one]
        equal(len(alone), 4, "histories that were read alone, once in a round")
        equal(w.crm.refusals, [], "what the CRM refused")


def outbound(kind, number, **fields):
    """An outbound message about one record."""
    inner = "".join(f"<sf:{name}>{value}</sf:{name}>" for name, value in fields.items())
    return ('<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><e:Body><notifications '
            'xmlns="http://soap.sforce.com/2005/09/outbound"><OrganizationId>00DA00000000001</OrganizationId><Notification>'
            f'<Id>04lA0000000000{number:02d}</Id><sObject xsi:type="sf:{kind}" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">'
            f'{inner}</sObject></Notification></notifications></e:Body></e:Envelope>').encode()


def change(how, number, *ids, kind="Opportunity", **fields):
    """A change event as a flow passes it on."""
    return {"schema": "s", "event": {"replayId": number}, "payload": {"ChangeEventHeader": {
        "entityName": kind, "changeType": how, "changedFields": sorted(fields), "transactionKey": f"t-{number}",
        "sequenceNumber": 1, "commitTimestamp": int(time.time() * 1000), "recordIds": list(ids)}, **fields}}


def tell(w, body):
    media = {"Content-Type": "text/xml" if isinstance(body, bytes) else "application/json"}
    answer = w.gritd.call("POST", "/v1/intake/crm", body, media)
    equal(answer.status, 200 if isinstance(body, bytes) else 202, "the answer")
    return answer


def tell_stage(w, number, deal, stage):
    tell(w, outbound("Opportunity", number, Id=deal, Name="Deal", StageName=stage, OwnerId=OWNER,
                     LastModifiedDate=stamp(time.time(), "Z")))


@suite.case
def salesforce_told_makes_it_ask_soon():
    with world() as w:
        w.crm.move(DEAL.format(1), "Prospecting", time.time() - 100)
        w.start(salesforce(w.crm, every="60s"))
        until("the first round", lambda: w.rounds() == 1)
        ended = time.monotonic()
        w.crm.move(DEAL.format(1), "Needs Analysis")
        tell_stage(w, 1, DEAL.format(1), "Needs Analysis")
        until("the row", lambda: any(one["id"] == w.crm.rows[1]["Id"] for one in w.events()))
        check(time.monotonic() - ended < 28, "that is the time of the next round anyway")
        equal(w.gritd.control("status")["intakes"]["crm"]["taken"], 1, "what was taken")


@suite.case
def salesforce_told_and_asked_is_one_event():
    with world() as w:
        deal, other = DEAL.format(1), DEAL.format(2)
        w.crm.move(deal, "Prospecting", time.time() - 100)
        w.crm.move(other, "Prospecting", time.time() - 100)
        w.start(salesforce(w.crm, every="2s"))
        until("the deals", lambda: w.types() == ["deal.created"] * 2)
        w.crm.move(deal, "Needs Analysis")  # told first
        tell_stage(w, 1, deal, "Needs Analysis")
        until("the move", lambda: w.types().count("deal.stage_changed") == 1)
        w.crm.move(deal, "Proposal/Price Quote")  # asked first
        until("the other move", lambda: w.types().count("deal.stage_changed") == 2)
        tell_stage(w, 2, deal, "Proposal/Price Quote")
        tell_stage(w, 1, deal, "Needs Analysis")  # once more, and late
        equal(tell(w, change("UPDATE", 1, deal, StageName="Proposal/Price Quote")).json,
              {"accepted": 0, "repeated": 0, "asked": 1}, "what becomes of a change event")
        w.crm.move(other, "Signed")
        tell(w, change("UPDATE", 2, other, StageName="Signed"))
        until("the win", lambda: "deal.won" in w.types())
        task = {"Id": "00T000000000001", "TaskSubtype": "Call", "CallType": "Outbound", "CallDurationInSeconds": 95,
                "CallDisposition": None, "IsClosed": True, "OwnerId": OWNER, "WhatId": deal, "ActivityDate": None,
                "CompletedDateTime": stamp(time.time() - 5), "SystemModstamp": stamp(time.time() - 2)}
        w.crm.tasks.append(task)
        tell(w, outbound("Task", 3, Id=task["Id"], TaskSubtype="Call", IsClosed="true", OwnerId=OWNER, WhatId=deal))
        until("the call", lambda: "activity.logged" in w.types())
        tell(w, change("CREATE", 3, task["Id"], kind="Task", TaskSubtype="Call", IsClosed=True, OwnerId=OWNER))
        w.another(2)
        equal(sorted(w.types()), ["activity.logged"] + ["deal.created"] * 2 + ["deal.stage_changed"] * 2 + ["deal.won"],
              "after all that")
        # what belongs to no record comes through as ever
        answer = tell(w, {"type": "training.completed", "id": "t1", "rep": OWNER, "topic": "calls"})
        equal(answer.json["accepted"], 1, "a flat event")
        ids_are_unique(w)
        equal(w.crm.refusals, [], "what the CRM refused")


@suite.case
def salesforce_gaps_are_asked_for():
    with world() as w:
        deal, other = DEAL.format(1), DEAL.format(2)
        w.crm.move(deal, "Prospecting", time.time() - 100)
        w.crm.move(other, "Closed Lost", time.time() - 100)
        w.start(salesforce(w.crm, every="4s"))
        until("the deals", lambda: w.types().count("deal.created") == 2)

        def gap(how, number, *ids, type, count=1):
            equal(tell(w, change(how, number, *ids)).json["asked"], len(ids), "records")
            until(f"{how}: {type}", lambda: w.types().count(type) == count)
        w.crm.move(deal, "Needs Analysis")
        gap("GAP_UPDATE", 1, deal, other, type="deal.stage_changed")
        w.crm.move(DEAL.format(3), "Prospecting")
        gap("GAP_CREATE", 2, DEAL.format(3), type="deal.created", count=3)
        w.crm.move(deal, "Proposal/Price Quote")
        gap("GAP_OVERFLOW", 3, "000000000000000AAA", type="deal.stage_changed", count=2)

        def mark(one, **what):
            with w.crm.lock:
                w.crm.deals[one].update(at=time.time(), **what)
        mark(deal, IsDeleted=True)
        gap("GAP_DELETE", 4, deal, type="deal.deleted")
        mark(deal, IsDeleted=False)
        gap("GAP_UNDELETE", 5, deal, type="deal.reopened")
        back = next(one for kind, one in w.told() if kind == "deal.reopened")
        equal((back["stage"], back["owner"], back["bulk"]), ("Proposal/Price Quote", OWNER, True), "what has come back")
        mark(other, IsDeleted=True)
        gap("GAP_DELETE", 6, other, type="deal.deleted", count=2)
        mark(other, IsDeleted=False)
        gap("GAP_UNDELETE", 7, other, type="deal.owner_changed")
        equal(w.types().count("deal.lost"), 1, "losses: what has come back is not lost once more")
        status = w.gritd.control("status")["intakes"]["crm"]
        equal((status["taken"], status.get("not_read_back")), (7, None), "nothing was left unread")
        ids_are_unique(w)
        equal(w.crm.refusals, [], "what the CRM refused")


@suite.case
def trouble_is_told_once_and_waited_out():
    with world() as w:
        w.crm.move(DEAL.format(1), "Prospecting")
        w.crm.trouble = [
            ("OpportunityHistory", 429, {"Retry-After": "2"}, [{"errorCode": "REQUEST_LIMIT_EXCEEDED"}]),
            ("OpportunityHistory", 401, {}, [{"errorCode": "INVALID_SESSION_ID"}])]
        start = time.monotonic()
        w.start(salesforce(w.crm))
        until("the failure in the status", lambda: "REQUEST_LIMIT_EXCEEDED" in (w.poll()["error"] or ""))
        until("the deal", lambda: w.types() == ["deal.created"], limit=30)
        check(time.monotonic() - start >= 2, "Retry-After was not waited for")
        check(len(w.crm.tokens) >= 2, "no new token after 401")
        until("being well", lambda: w.poll()["error"] is None)
        for trouble in ("cut", 500):
            before = w.gritd.metrics()['gritd_poll_failures_total{intake="crm"}']
            with w.crm.lock:
                w.crm.trouble = [("Stage", trouble)] if trouble == "cut" else [("Stage", 500, {}, "<html>")]
            until(f"failure by {trouble}", lambda: w.gritd.metrics()[
                'gritd_poll_failures_total{intake="crm"}'] > before)
            until("being well again", lambda: w.poll()["error"] is None, limit=30)
        log = w.gritd.log()
        equal(log.count("cannot be asked"), 3, "lines that it fails")
        equal(log.count("can be asked again"), 3, "lines that it is well")
        check("token-" not in log and "BEGIN" not in log, "a secret in the log")
        equal(w.types(), ["deal.created"], "after all that")


@suite.case
def kill_9_between_answer_and_durable():
    with world() as w:
        now = time.time()
        w.crm.page_size = 3
        for i in range(9):
            w.crm.move(DEAL.format(i), "Prospecting", now - 100 + i)
        w.start(salesforce(w.crm))
        for word in ("Needs Analysis",):
            for k, at in enumerate(("OpportunityHistory", "Histories", "query/01g", "Task")):
                for i in range(3):
                    w.crm.move(DEAL.format(i), word if k % 2 == 0 else "Prospecting", now - 80 + 10 * k + i)

                def die(path):
                    if at in path:
                        w.crm.on_page = None
                        w.gritd.process.kill()  # the answer is on its way
                w.crm.on_page = die
                until(f"being killed at {at}", lambda: not w.gritd.running())
                w.gritd.restart()
            now += 45
        w.another(2)
        ids_are_unique(w)
        rows = {one["id"] for one in w.events() if one["id"].startswith("008")}
        stages = {}
        for row in sorted(w.crm.rows, key=lambda row: (row["at"], row["Id"])):
            if stages.get(row["OpportunityId"]) != row["StageName"]:
                check(row["Id"] in rows, f"lost: {row}")
            stages[row["OpportunityId"]] = row["StageName"]


@suite.case
def a_key_that_is_none_is_refused_at_the_start():
    with world() as w:
        write(w.folder, "no.key", "-----BEGIN PRIVATE KEY-----\nsecret-words\n-----END PRIVATE KEY-----\n").chmod(0o600)
        configure(w.folder, slack_chat(w.slack.api), people=PEOPLE_CRM, pipeline=STAGES_CRM,
                  more=f"intake:\n  - {salesforce(w.crm, secret='file:no.key')}\n")
        w.gritd = Gritd(w.folder)
        equal(w.gritd.wait(), 78, "exit code")
        log = w.gritd.log()
        check("gritd.yaml:" in log and "private key in PEM" in log, log)
        check("secret-words" not in log, "the key is in the log")


def note(action, deal, at, **changes):
    return {"type": "crmObject", "portalId": 7714402, "occurredAt": stamp(at, "Z"), "action": action,
            "objectTypeId": "0-3", "objectId": deal, "propertyChanges": changes}


@suite.case
def hubspot_journal():
    with world() as w:
        now = time.time()
        w.crm.journal = [[note("CREATE", 9007199254740993123, now - 50)],
                         [note("UPDATE", 9007199254740993123, now - 40, dealstage="contractsent",
                               hubspot_owner_id="61120443"), note("UPDATE", 71, now - 39, dealname="x")]]
        w.crm.hubspot_deals["9007199254740993123"] = None
        w.start('{name: crm, kind: hubspot, poll: {url: "%s", client_id: %s, secret: "env:CRM_SECRET", every: 1s}}' %
                (w.crm.url, w.crm.client))
        until("the entries", lambda: {"deal.created", "deal.stage_changed", "deal.owner_changed"} <= set(w.types()))
        check(all(one["deal"] == "9007199254740993123" for kind, one in w.told()), w.told())
        until("the mark", lambda: w.gritd.store().states(STATE_POLL).get("crm", {}).get("place") == "mark-1")
        # the same by webhook is the same
        moved = next(one for kind, one in w.told() if kind == "deal.stage_changed")
        answer = w.gritd.call("POST", "/v1/intake/crm", [{
            "objectId": 9007199254740993123, "propertyName": "dealstage", "propertyValue": "contractsent",
            "portalId": 7714402, "eventId": 1, "subscriptionType": "deal.propertyChange",
            "occurredAt": moved["time"]}], {"Content-Type": "application/json"})
        equal(answer.json["repeated"], 1, "repeated")
        # told first, by an app of the newer kind
        answer = w.gritd.call("POST", "/v1/intake/crm", [{
            "objectId": 9007199254740993123, "objectTypeId": "0-3", "propertyName": "dealstage",
            "propertyValue": "closedwon", "portalId": 7714402, "eventId": 2, "subscriptionType": "object.propertyChange",
            "occurredAt": int(parse(stamp(now - 20, "Z")) * 1000 + 0.5)}], {"Content-Type": "application/json"})
        equal(answer.json["accepted"], 1, "accepted")
        w.crm.journal.append([note("UPDATE", 9007199254740993123, now - 20, dealstage="closedwon")])
        until("that it was read", lambda: w.gritd.store().states(STATE_POLL)["crm"]["place"] == "mark-2")
        equal(w.types().count("deal.won"), 1, "told and asked for")
        w.crm.journal.append([note("DELETE", 9007199254740993123, now - 10)])
        until("the deletion", lambda: "deal.deleted" in w.types())
        ids_are_unique(w)
        equal(w.crm.refusals, [], "what the CRM refused")


@suite.case
def hubspot_deal_is_read_back_after_the_answer():
    with world() as w:
        now = time.time()
        w.crm.hubspot_deals["4711"] = {"id": "4711", "properties": {
            "dealname": "Harbour Freight", "dealstage": "contractsent", "pipeline": "default", "amount": "12500.5",
            "hubspot_owner_id": "61120443", "closedate": "2027-03-31T00:00:00Z"},
            "propertiesWithHistory": {"dealstage": [
                {"value": "contractsent", "timestamp": stamp(now - 60, "Z"), "sourceType": "CRM_UI"},
                {"value": "decisionmakerboughtin", "timestamp": stamp(now - 9000, "Z"), "sourceType": "CRM_UI"}]}}
        w.start('{name: crm, kind: hubspot, read_back: {url: "%s", secret: "env:CRM_READ"}}' % w.crm.url)
        w.crm.trouble = [("/crm/v3/", 429, {"Retry-After": "1"}, {"message": "limit"}), ("/crm/v3/", 502, {}, "")]
        notes = [{"objectId": 4711, "propertyName": "dealstage", "propertyValue": "contractsent", "portalId": 1,
                  "eventId": i, "subscriptionType": "deal.propertyChange", "occurredAt": int((now - 60 + i) * 1000)}
                 for i in range(2)]
        answer = w.gritd.call("POST", "/v1/intake/crm", notes, {"Content-Type": "application/json"})
        equal((answer.status, answer.json["accepted"]), (202, 2), "the answer")
        until("what was read", lambda: "deal.owner_changed" in w.types())
        until("the move once more", lambda: w.types().count("deal.stage_changed") == 3)
        again = next(one for kind, one in w.told() if one["id"].startswith("hs:read:") and "stage" in kind)
        equal((again["owner"], again["deal_name"], again["amount"], again["close_date"]),
              ("61120443", "Harbour Freight", 1250050, "2027-03-31"), "what was missing")
        check(again["from"] != again["to"] and again["from"], again)
        reads = len([one for one in w.crm.requests if "/crm/v3/" in one])
        equal(reads, 3, "reads: one deal, and two that failed")
        notes[0].update(occurredAt=int(now * 1000), propertyValue="closedwon")
        w.gritd.call("POST", "/v1/intake/crm", notes[:1], {"Content-Type": "application/json"})
        until("another read", lambda: len([one for one in w.crm.requests if "/crm/v3/" in one]) == 4)
        until("its end", lambda: w.gritd.metrics()['gritd_read_back_total{intake="crm"}'] == 2)
        equal(w.types().count("deal.owner_changed"), 1, "an owner that is known is not told again")
        equal(w.gritd.log().count("cannot be read"), 1, "lines that it fails")
        check("pat-token" not in w.gritd.log(), "a secret in the log")
        equal(w.crm.refusals, [], "what the CRM refused")


def entry(i, at, **data):
    previous = {"status_label": "Prospecting"} | ({"status_type": "active"} if "status_type" in data else {})
    iso = datetime.datetime.fromtimestamp(at, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")
    return {"id": f"ev_{i}", "object_type": "opportunity", "object_id": "oppo_1", "action": "updated" if i else "created",
            "changed_fields": sorted(previous), "previous_data": previous,
            "data": {"id": "oppo_1", "lead_id": "lead_1", "user_id": "user_ana", "status_type": "active",
                     "status_label": "Needs Analysis", "value": 1250050, "value_currency": "EUR", **data},
            "user_id": "user_ana", "organization_id": "orga_1", "date_created": iso, "date_updated": iso}


@suite.case
def close_event_log():
    with world() as w:
        now = time.time()
        w.crm.page_size = 2
        w.crm.close_log = [entry(0, now - 26 * HUMAN, status_label="Prospecting"), entry(1, now - 25 * HUMAN),
                           entry(2, now - 3000, status_label="Proposal/Price Quote"),
                           entry(3, now - 2000, status_type="won", status_label="Won")]
        w.crm.close_log.insert(2, {"id": "ev_odd", "date_updated": "2026-01-01T00:00:00", "object_type": 7})
        w.start('{name: crm, kind: close, poll: {url: "%s", secret: "env:CRM_KEY", every: 1s, since: 2d}}' % w.crm.url)
        until("the deal", lambda: "deal.won" in w.types())
        equal(w.types(), ["deal.created", "deal.stage_changed", "deal.stage_changed", "deal.won"], "the log")
        w.another()
        ids_are_unique(w)
        equal(len(w.events()), 4, "events")
        equal(w.crm.refusals, [], "what the CRM refused")


@suite.case
def close_told_and_asked_is_one_event():
    with world() as w:
        now = time.time()
        said = [entry(0, now - 90), entry(1, now - 80), entry(2, now - 70, status_label="Proposal/Price Quote"),
                entry(3, now - 60, status_type="won", status_label="Won")]

        def told(one):
            answer = w.gritd.call("POST", "/v1/intake/crm", {"event": one}, {"Content-Type": "application/json"})
            return answer.json["accepted"], answer.json["repeated"]
        w.start('{name: crm, kind: close, poll: {url: "%s", secret: "env:CRM_KEY", every: 1s, since: 1h}}' % w.crm.url)
        equal([told(one) for one in said[:2]], [(1, 0)] * 2, "told first")
        w.crm.close_log = said
        until("all of them", lambda: len(w.events()) == 4)
        w.another()
        equal([told(one) for one in said], [(0, 1)] * 4, "asked first")
        equal(w.types(), ["deal.created", "deal.stage_changed", "deal.stage_changed", "deal.won"], "the events")
        ids_are_unique(w)


@suite.case
def close_has_more_than_is_held_at_once():
    with world() as w:
        now = time.time()
        w.crm.page_size = 2  # a hundred pages are held
        times = [now - 280 + i for i in range(150)] + [int(now - 100)] * 230 + [now - 60 + i / 10 for i in range(50)]
        w.crm.close_log = [entry(i, at, id=f"oppo_{i}") | {"action": "created", "object_id": f"oppo_{i}"}
                           for i, at in enumerate(times)]
        w.start('{name: crm, kind: close, poll: {url: "%s", secret: "env:CRM_KEY", every: 1h, since: 5m}}' % w.crm.url)
        w.long("the round", lambda: w.rounds() == 1)
        until("all events", lambda: len(w.events()) == len(times))
        ids_are_unique(w)
        equal(w.crm.refusals, [], "what the CRM refused")


@suite.case
def close_goes_on_where_a_round_was_cut():
    with world() as w:
        now = time.time()
        w.crm.close_log = [entry(i, now - 2 * 86400 + 60 + i * 15000, id=f"oppo_{i}") | {
            "action": "created", "object_id": f"oppo_{i}"} for i in range(12)]

        def refuse(path):  # each third request: no round comes to its end at once
            if len(w.crm.requests) % 3 == 0:
                w.crm.trouble.append(("/event/", 429, {"Retry-After": "0"}, {"error": "limit"}))
        w.crm.on_page = refuse
        w.start('{name: crm, kind: close, poll: {url: "%s", secret: "env:CRM_KEY", every: 1h, since: 2d}}' % w.crm.url)
        w.long("the end of the round", lambda: w.rounds() == 1)
        until("all of them", lambda: w.types() == ["deal.created"] * 12)
        equal(w.gritd.log().count("cannot be asked"), 1, "lines that it fails")
        ids_are_unique(w)


@suite.case
def answers_that_are_too_long_are_asked_for_in_parts():
    for kind, count, size in (("pipedrive", 20, 300_000), ("pipedrive", 55, 400_000), ("salesforce", 30, 60_000)):
        with world() as w:
            now = time.time()
            if kind == "pipedrive":
                w.crm.pipedrive = [pipe(i, now - 4000 + i, custom_fields={"long": "x" * size}) for i in range(count)]
                w.start('{name: crm, kind: pipedrive, poll: {url: "%s", secret: "env:CRM_TOKEN", every: 1h}}' % w.crm.url)
            else:
                for i in range(count):
                    w.crm.move(f"006A000000000{i:02d}", "Prospecting", now - 100 + i)
                    w.crm.deals[f"006A000000000{i:02d}"]["NextStep"] = "x" * size
                w.start(salesforce(w.crm, every="1h"))
            w.long("all of them", lambda: w.types() == ["deal.created"] * count)
            w.long("the end of the round", lambda: w.rounds() == 1)
            check("1048576 bytes" not in w.gritd.log(), w.gritd.log())  # a slow answer may have failed, a long one not
            ids_are_unique(w)
    with world() as w:  # what cannot be had in parts is told, and nothing behind it is passed over
        w.crm.pipedrive = [pipe(1, now - 4000), pipe(2, now - 3999, custom_fields={"long": "x" * 1_100_000})]
        w.start('{name: crm, kind: pipedrive, poll: {url: "%s", secret: "env:CRM_TOKEN", every: 1h}}' % w.crm.url)
        until("the failure", lambda: "more than 1048576 bytes" in (w.poll()["error"] or ""))
        check("1048576 bytes" in w.gritd.log(), w.gritd.log())
        equal(w.gritd.store().states(STATE_POLL), {}, "how far it has come")


@suite.case
def a_long_file_of_the_journal():
    with world() as w:
        now = time.time()
        w.crm.journal = [[note("UPDATE", 4711, now - 50, dealname="x" * 5_000_000), note("CREATE", None, now - 50),
                          note("UPDATE", 4711, now - 50, dealstage="contractsent")], [note("CREATE", 4712, now - 40)]]
        w.start('{name: crm, kind: hubspot, poll: {url: "%s", client_id: %s, secret: "env:CRM_SECRET", every: 1s}}' %
                (w.crm.url, w.crm.client))
        until("what is beside and behind it", lambda: w.types() == ["deal.stage_changed", "deal.created"])


@suite.case
def a_source_that_is_silent_is_asked_at_once():
    with world() as w:  # the next round anyway would come after all these waits
        w.start('{name: crm, kind: close, poll: {url: "%s", secret: "env:CRM_KEY", every: 150s}}' % w.crm.url,
                "chat:\n  platform: local\n")

        def day():  # of the local platform's clock
            to = parse_utc(w.gritd.control("status")["now"]) + 24 * HUMAN
            body = {"to": datetime.datetime.fromtimestamp(to, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")}
            equal(w.gritd.call("POST", "/try/clock", body, {"Content-Type": "application/json"}, 60).status, 200, "clock")
        for i in range(9):
            equal(w.gritd.call("POST", "/v1/intake/crm", {"event": entry(i, time.time())},
                               {"Content-Type": "application/json"}).status, 202, "heard")
            day()
        until("the first round", lambda: w.rounds() == 1)
        w.crm.close_log = [entry(77, time.time() - 100, id="oppo_9") | {"action": "created", "object_id": "oppo_9"}]
        day()
        within("told of", lambda: "crm is silent" in w.gritd.log(), 20 * SLOW)
        within("what its webhook did not tell", lambda: any(one["id"].startswith("ev_77:") for one in w.events()), 30 * SLOW)


def pipe(id, at, **more):
    return {"id": id, "title": f"Deal {id}", "owner_id": 20113, "stage_id": 1, "pipeline_id": 1, "status": "open",
            "value": 100.5, "currency": "EUR", "add_time": stamp(at, "Z"), "update_time": stamp(at, "Z"),
            "stage_change_time": None, "won_time": None, "lost_time": None, "lost_reason": None,
            "expected_close_date": "2027-03-31", "is_deleted": False, **more}


@suite.case
def pipedrive_catches_up_after_an_outage():
    with world() as w:
        now = time.time()
        w.crm.page_size = 1
        fields = {f"{i:040x}": {"value": i} for i in range(700)}  # of the account's own
        w.crm.pipedrive = [pipe(71, now - 4000, custom_fields=fields), pipe(72, now - 3900), pipe(73, now - 10)]
        w.start('{name: crm, kind: pipedrive, poll: {url: "%s", secret: "env:CRM_TOKEN", every: 1s}}' % w.crm.url)
        until("the deals", lambda: w.types() == ["deal.created"] * 2)
        w.another()
        equal(len(w.events()), 2, "what is young is left to the webhook")
        w.gritd.stop()
        w.crm.pipedrive = [
            pipe(71, now - 4000, stage_id=3, update_time=stamp(now - 310, "Z"), stage_change_time=stamp(now - 350, "Z")),
            pipe(72, now - 3900, status="lost", lost_reason="price", update_time=stamp(now - 320, "Z"),
                 lost_time=stamp(now - 330, "Z"), value=90)]
        w.gritd.restart()
        until("what has changed", lambda: len(w.events()) == 5)
        told = dict(w.told()[2:])
        equal(sorted(told), ["deal.amount_changed", "deal.lost", "deal.stage_changed"], "what has changed")
        equal(told["deal.lost"]["reason"], "price", "reason")
        equal(told["deal.stage_changed"]["to"], "3", "stage")
        w.another()
        equal(len(w.events()), 5, "told once")
        equal(w.crm.refusals, [], "what the CRM refused")


def hook(number, deal, at, before):
    """What the webhook tells of a change to a deal as the API has it."""
    return {"meta": {"action": "change", "entity": "deal", "company_id": "4471203", "entity_id": str(deal["id"]),
                     "id": f"9a1be6c4-{number}", "is_bulk_edit": False, "timestamp": stamp(at + 0.12, "Z"), "version": "2.0",
                     "attempt": 1}, "data": deal, "previous": before}


@suite.case
def pipedrive_told_and_asked_is_one_event():
    with world() as w:
        now = time.time()
        w.crm.pipedrive = [pipe(i, now - 4000) for i in (71, 72, 73)]
        w.start('{name: crm, kind: pipedrive, poll: {url: "%s", secret: "env:CRM_TOKEN", every: 1s}}' % w.crm.url)
        until("the deals", lambda: w.types() == ["deal.created"] * 3)

        def told(*hook_of):
            answer = w.gritd.call("POST", "/v1/intake/crm", hook(*hook_of), {"Content-Type": "application/json"})
            return answer.json["accepted"], answer.json["repeated"]
        moved = pipe(71, now - 4000, stage_id=3, update_time=stamp(now - 400, "Z"), stage_change_time=stamp(now - 400, "Z"))
        lost = pipe(72, now - 4000, status="lost", lost_reason="price", update_time=stamp(now - 390, "Z"),
                    lost_time=stamp(now - 390, "Z"))
        dearer = pipe(73, now - 4000, value=200, stage_id=4, update_time=stamp(now - 380, "Z"),
                      stage_change_time=stamp(now - 380, "Z"))
        equal(told(1, moved, now - 400, {"stage_id": 1}), (1, 0), "told first")
        w.crm.pipedrive = [moved, lost, dearer]
        until("what was not told", lambda: len(w.events()) == 7)
        w.another()
        equal(told(2, lost, now - 390, {"status": "open", "lost_reason": None}), (0, 1), "asked first: a loss")
        equal(told(3, dearer, now - 380, {"value": 100.5, "stage_id": 1}), (0, 2), "asked first: a move and a value")
        equal(told(1, moved, now - 400, {"stage_id": 1}), (0, 1), "told once more")
        back = dict(moved, stage_id=1, update_time=stamp(now - 9, "Z"), stage_change_time=stamp(now - 9, "Z"))
        w.crm.pipedrive = [lost, dearer, back]
        equal(told(4, back, now - 9, {"stage_id": 3}), (1, 0), "another move is news")
        equal(sorted(w.types()), ["deal.amount_changed"] + ["deal.created"] * 3 + ["deal.lost"] +
              ["deal.stage_changed"] * 3, "the events")
        ids_are_unique(w)
        equal(w.crm.refusals, [], "what the CRM refused")


suite.run()
