"""mattermost_chat.py BUILD_FOLDER [CASE...]: gritd against the fake Mattermost, as a team would see it."""

import contextlib
import json
import re
import signal
import sqlite3
import sys
import time

sys.dont_write_bytecode = True
from lib import *  # noqa: E402,F403 - the test library is made for this
from lib_mattermost import *  # noqa: E402,F403 - its own key_of, buttons_of and office

suite = Suite()
ANA, BEN, DANA = user_id(1), user_id(2), user_id(3)
INVITED = "Acme @channel & [x](javascript:alert) ![i](https://bad.example/p.png) `rm` **b**"


def question(fake, gritd, deal="D1", rep="ana", user=ANA, name=None):
    """Moves a deal to Propose and waits for the question about it."""
    before = {one["id"] for one in fake.from_bot(user)}
    gritd.take(created(deal, rep, name or f"Deal {deal}"), moved(deal, rep, "propose"))
    return until("the question", lambda: [one for one in fake.from_bot(user) if one["id"] not in before
                                          and "What has changed" in one["message"]])[0]


def again(fake, message):
    """The message as it stands now."""
    return next(one for one in fake.messages() if one["id"] == message["id"])


def replies(fake, user, but=()):
    known = {one["id"] for one in but}
    return [one for one in fake.from_bot(user) if one["id"] not in known]


def posts(fake):
    return len(fake.requests("/api/v4/posts")) - len(fake.requests("/patch"))


def stored(gritd, message):
    return gritd.store().prompts().get(key_of(message), {}).get("answer")


def no_surprises(fake):
    stats = fake.stats()
    equal(stats["duplicates"], [], "posts stored twice")
    equal((stats["bad_frames"], stats["callouts_failed"]), (0, 0), "bad frames, failed calls")
    return stats


@suite.case
def connects_and_is_ready():
    with office() as (fake, gritd):
        equal(fake.stats()["sockets_open"], 1, "open sockets")
        status = gritd.control("status")
        equal((status["connection"], status["ready"], status["platform"]), ("up", True, "mattermost"), "status")
        until("the directory", lambda: gritd.metrics()["gritd_people"] == 3)


@suite.case
def question_is_answered_by_words():
    """With buttons as well as without: what somebody writes is the answer."""
    for buttons in (True, False):
        with office(buttons=buttons) as (fake, gritd):
            found = question(fake, gritd)
            equal(len(key_of(found)), 26, "characters of the key")
            equal(found["props"]["disable_mentions"], True, "mentions are off")
            equal("attachments" in found["props"], buttons, "buttons")
            fake.act("say", ANA, text="They want <it> & *soon*")
            until("the answer", lambda: stored(gritd, found))
            equal(stored(gritd, found), "They want <it> & *soon*", "stored")
            until("thanks", lambda: [one for one in replies(fake, ANA, [found]) if "noted" in one["message"]])
            check("soon" not in gritd.log(), "the log holds an answer")
            no_surprises(fake)


@suite.case
def question_is_answered_by_number():
    """Without an address of ours there are no buttons: numbers stand for them."""
    with office(buttons=False) as (fake, gritd):
        found = question(fake, gritd)
        numbers = {label: number for number, label in
                   re.findall(r"\\\[(\d+)\\\] (\w+)", found["message"])}
        equal(sorted(numbers), ["Later", "Skip", "Why"], "what has a number")
        fake.act("say", ANA, text=numbers["Skip"])
        until("the skip", lambda: "Skipped" in again(fake, found)["message"])
        check(not stored(gritd, found), "a number was kept as an answer")
        no_surprises(fake)


@suite.case
def question_is_answered_through_a_form():
    with office() as (fake, gritd):
        found = question(fake, gritd)
        equal(sorted(buttons_of(found)), ["answer", "later", "skip", "why"], "buttons")
        equal(fake.press(ANA, found, "answer")["status"], 200, "status of the click")
        dialog = until("the form", fake.dialogs)[0]["dialog"]
        equal(dialog["elements"][0]["type"], "textarea", "kind of field")
        sent = fake.act("submit", ANA, values={"value": "Fewer surprises at month's end."})
        equal((sent["status"], sent["answer"]), (200, {}), "answer to the form")
        equal(stored(gritd, found), "Fewer surprises at month's end.", "stored before it was answered")
        until("the changed message", lambda: "Fewer surprises" in again(fake, found)["message"])
        equal(buttons_of(again(fake, found)), {}, "buttons of an answered question")
        # sent once more, as somebody whose first answer was lost: one gesture
        fake.act("submit", ANA, values={"value": "Something else."})
        equal(stored(gritd, found), "Fewer surprises at month's end.", "stored after the second")
        no_surprises(fake)


@suite.case
def later_skip_and_why_work():
    with office() as (fake, gritd):
        one = question(fake, gritd, "D1")
        fake.press(ANA, one, "why")
        why = until("the reason", lambda: replies(fake, ANA, [one]))[0]
        check("Deal D1" in why["message"], why["message"])
        fake.press(ANA, one, "later")
        until("the snooze", lambda: "come back" in again(fake, one)["message"])
        two = question(fake, gritd, "D2")
        fake.press(ANA, two, "skip")
        until("the skip", lambda: "Skipped" in again(fake, two)["message"])
        no_surprises(fake)


# FM-G05
@suite.case
def somebody_elses_click_changes_nothing():
    """A click by another person, a forged one and one without a signature."""
    with office() as (fake, gritd):
        found = question(fake, gritd)
        got = fake.press(BEN, found, "skip")
        check("somebody else" in json.dumps(got["answer"]), got)
        context = buttons_of(found)["skip"]["integration"]["context"]
        for change in ({"u": BEN}, {"k": "x"}, {"s": "0" * 32}, {"b": "answer", "v": "yes"}):
            body = {"user_id": BEN if "u" in change else ANA, "post_id": found["id"], "trigger_id": "t",
                    "context": {**context, **change}}
            forged = gritd.call("POST", "/chat/mattermost", body, {"Content-Type": "application/json"})
            check("ephemeral_text" in forged.text, f"{change}: {forged}")
        for body in ("{}", "]][[", json.dumps({"user_id": ANA, "context": {"k": key_of(found), "b": "skip"}})):
            equal(gritd.call("POST", "/chat/mattermost", body).status, 400, f"status of {body}")
        equal(gritd.call("POST", "/chat/mattermost/more", "{}").status, 404, "status of another path")
        equal(gritd.call("POST", "/chat/slack", "{}").status, 404, "status of another platform")
        equal(again(fake, found)["edits"], 0, "edits")
        check(not stored(gritd, found), "an answer was stored")
        gritd.alive()


# FM-G01
@suite.case
def no_value_of_the_crm_can_mention_or_link():
    """Markup out of the CRM is shown as it stands."""
    with office() as (fake, gritd):
        text = question(fake, gritd, name=INVITED)["message"]
        for word in ("@channel", "[x](", "![i](", "`rm`", "**b**"):
            check(word not in text, f"{word} in {text}")


@suite.case
def slash_command_pauses_and_resumes():
    """With buttons and without: the command has an address and a token of its own."""
    for buttons in (True, False):
        with office(buttons=buttons) as (fake, gritd):
            def told(words):
                return until(words, lambda: [one for one in fake.from_bot(ANA) if words in one["message"]])
            got = fake.act("slash", ANA, command="/grit", text="pause 2h")
            equal(got["status"], 200, "status")
            equal((got["answer"]["response_type"], "direct message" in got["answer"]["text"]), ("ephemeral", True), "answer")
            told("nothing from me")
            gritd.take(created("D1", "ana"), moved("D1", "ana", "propose"))
            until("the decision", gritd.store().decisions)
            check(gritd.store().decisions()[-1]["outcome"] != "sent", "asked while paused")
            fake.act("slash", ANA, command="/grit", text="resume")
            told("Welcome back")
            fake.act("slash", ANA, command="/grit", text="pause soonish")
            told("For how long")
            fake.act("slash", ANA, command="/grit")
            told("I ask one question at a time")
            found = question(fake, gritd, "D2")
            fake.act("slash", ANA, command="/grit", text="I call Rosa & Zoë tomorrow")
            told("an answer to a question goes without the slash")
            check(not stored(gritd, found), "a command was kept as an answer")
            equal([one for one in fake.from_bot(ANA) if "Deal D1" in one["message"]], [], "questions from the pause")
            no_surprises(fake)


@suite.case
def slash_command_of_a_stranger_is_refused():
    """Another token, none, a body that is none, and one that was taken: nothing happens."""
    with office() as (fake, gritd):
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        for body, status in ((f"token=guess&user_id={ANA}&text=forget+me", 401), (f"user_id={ANA}&text=help", 400),
                             ("", 400), ("%%%=&&&", 400), ("token=" + "x" * 100000, 400)):
            equal(gritd.call("POST", "/chat/mattermost", body, form).status, status, f"status of {body[:60]}")
        equal(gritd.call("POST", "/chat/mattermost/more", "", form).status, 404, "status of another path")
        equal(fake.from_bot(), [], "messages")
        gritd.alive()


@suite.case
def forget_me_tells_what_cannot_be_changed():
    with office() as (fake, gritd):
        found, other = question(fake, gritd), question(fake, gritd, "D2")
        fake.set(fail_before_store={"method": "posts.patch", "status": "api.context.permissions.app_error", "http": 403,
                                    "count": 1})
        fake.act("say", ANA, text="forget me")
        until("the question back", lambda: [one for one in replies(fake, ANA) if "cannot be undone" in one["message"]])
        fake.act("say", ANA, text="yes")
        told = until("what is left", lambda: [one for one in replies(fake, ANA)
                                              if "could not be blanked" in one["message"]])[0]
        check("1 could not be blanked" in told["message"], told["message"])
        until("the erasure", lambda: "one person was erased" in gritd.log())
        blank = [one for one in (found, other) if "Erased at the wish" in again(fake, one)["message"]]
        equal(len(blank), 1, "questions that were blanked")
        no_surprises(fake)


@suite.case
def evidence_card_and_the_confirmed_praise():
    with office(plugins=shipped("grit-praise")) as (fake, gritd):
        now = time.time()
        gritd.take(created("D1", "ana", "Acme rollout", at=now - 7200),
                   created("D2", "ana", "Birchwood", at=now - 7000),
                   event("deal.lost", "ana", "D1", at=now - 3600, **{"from": {"canonical": "discover"}}),
                   logged("D2", "ana", at=now - 1800), logged("D2", "ana", at=now - 1200),
                   logged("D2", "ana", at=now - 600))
        card = until("the card", lambda: fake.from_bot(DANA))[0]
        check("Ana Ruiz" in card["message"] and "3 calls" in card["message"], card["message"])
        equal(sorted(buttons_of(card)), ["edit", "not_true", "send", "skip"], "buttons of the card")
        equal(fake.from_bot(ANA), [], "messages to the rep before the manager confirmed")
        fake.press(DANA, card, "send")
        praise = until("the praise", lambda: fake.from_bot(ANA))[0]
        check("Dana Okafor" in praise["message"], praise["message"])
        until("the closed card", lambda: "Sent to Ana Ruiz" in again(fake, card)["message"])
        equal(len(fake.from_bot(ANA)), 1, "messages to the rep")
        no_surprises(fake)


# --- what went wrong on the way ---


# FM-A02
@suite.case
def stored_but_answered_badly_is_found():
    """Whatever the answer, the post is looked up and never sent again."""
    for status in (500, "close", "cut", "html"):
        knobs = {"no_echo": True, "fail_after_store": {"method": "posts.create", "status": status}}
        with office(knobs=knobs) as (fake, gritd):
            gritd.take(created("D1", "ana"), moved("D1", "ana", "propose"))
            until("the message to be found", lambda: gritd.metrics()["gritd_messages_sent_total"] == 1)
            equal(posts(fake), 1, f"posts after {status}")
            until("the row to say so", lambda: gritd.store().outbox()[0]["state"] == "sent")
            fake.act("say", ANA, text="It is there.")
            message = fake.from_bot(ANA)[0]
            until("the answer", lambda: stored(gritd, message))
            no_surprises(fake)


# FM-B08
@suite.case
def a_post_that_is_still_being_made_is_waited_for():
    """The server says so to the second request; the first is seen a moment later."""
    rule = {"method": "posts.create", "status": "api.post.deduplicate_create_post.pending", "http": 500, "ms": 400}
    with office(knobs={"no_echo": True, "fail_before_store": rule}) as (fake, gritd):
        gritd.take(created("D1", "ana"), moved("D1", "ana", "propose"))
        until("it to be found", lambda: gritd.metrics()["gritd_messages_sent_total"] == 1)
        equal(posts(fake), 1, "posts")
        equal(gritd.metrics()["gritd_sends_unknown_total"], 1, "sends of unknown outcome")
        check(question(fake, gritd, "D2"), "the next one")
        no_surprises(fake)


# FM-B07
@suite.case
def a_server_that_forgets_its_pending_ids_is_looked_at():
    """What it had stored is found; what it had not is sent once more, though the key says nothing to it."""
    for knob, wanted in (("fail_after_store", 1), ("fail_before_store", 2)):
        rule = {"method": "posts.create", "status": 500}
        held = {"method": "posts.create", "ms": 300}  # the answer is held beyond the 200 ms that a key is remembered
        with office(knobs={"no_echo": True, "pending_ttl_ms": 200, "hold_ms": held, knob: rule}) as (fake, gritd):
            gritd.take(created("D1", "ana"), moved("D1", "ana", "propose"))
            until("the message to be known", lambda: gritd.metrics()["gritd_messages_sent_total"] == 1)
            equal(posts(fake), wanted, f"posts after {knob}")
            equal(len(fake.from_bot(ANA)), 1, f"messages after {knob}")
            no_surprises(fake)


# FM-B06
@suite.case
def nothing_new_is_taken_for_something_of_before():
    """The server swallows each post whose pending id it has seen, and says ok. Kills change nothing of the ids that are
    used; nor does a daemon on another machine, with a store of its own, use one of them for the same events."""
    with office(knobs={"no_echo": True, "pending_ttl_ms": 86400000}) as (fake, gritd):
        def talk(before):
            for number in range(4):
                gritd.take(moved(f"D{number % 2}", "ana", "propose", id=f"moved-{number}"))
                until("the question", lambda: len(fake.from_bot(ANA)) == before + number + 1)
                if number % 2:
                    gritd.kill()
                    gritd.restart()
        talk(0)
        gritd.kill()
        for path in gritd.folder.glob("gritd.db*"):
            path.unlink()
        gritd.restart()
        talk(4)
        equal(len({key_of(one) for one in fake.from_bot(ANA)}), 8, "different keys")
        no_surprises(fake)


@suite.case
def not_stored_is_sent_after_two_misses():
    with office(knobs={"fail_before_store": {"method": "posts.create", "status": 500}}) as (fake, gritd):
        begun = time.monotonic()
        question(fake, gritd)
        check(time.monotonic() - begun >= 1, "sent again before a quiet period was over")
        equal(posts(fake), 2, "posts")
        check(len(fake.requests("/posts")) - posts(fake) >= 2, "fewer than two look-ups")
        no_surprises(fake)


# FM-C08
@suite.case
def words_of_an_outage_are_answered_once():
    """Dropped with and without a session that goes on; the words come, and are answered once."""
    with office() as (fake, gritd):
        for forget in (False, True):
            before = len([one for one in fake.from_bot(ANA) if "I ask one question" in one["message"]])
            fake.set(forget=forget)
            fake.door("drop", {"code": 0})
            fake.act("say", ANA, text="help")
            until("help", lambda: len([one for one in fake.from_bot(ANA)
                                       if "I ask one question" in one["message"]]) > before)
        holds("help comes twice", lambda: len([one for one in fake.from_bot(ANA)
                                               if "I ask one question" in one["message"]]) > 2, 1.5)
        no_surprises(fake)


@suite.case
def words_while_the_daemon_was_away_are_read_at_the_start():
    with office() as (fake, gritd):
        found = question(fake, gritd)
        until("the row", lambda: gritd.store().outbox()[0]["state"] == "sent")
        gritd.kill()
        fake.act("say", ANA, text="Said to nobody.")
        gritd.restart()
        until("the answer", lambda: stored(gritd, found))
        equal(stored(gritd, found), "Said to nobody.", "stored")
        no_surprises(fake)


# FM-C08
@suite.case
def words_read_again_after_a_restart_are_not_taken_twice():
    """The start reads two minutes more than were missed: an answer to one question is none to the next."""
    with office() as (fake, gritd):
        one = question(fake, gritd, "D1")
        fake.act("say", ANA, text="About the first one.")
        until("the answer", lambda: stored(gritd, one))
        two = question(fake, gritd, "D2")
        until("the row", lambda: all(row["state"] == "sent" for row in gritd.store().outbox()))
        gritd.kill()
        gritd.restart()
        until("the reading", lambda: fake.requests("/posts?since=") or fake.requests("d" + ANA[1:] + "/posts"))
        fake.act("say", ANA, text="About the second one.")
        until("the second answer", lambda: stored(gritd, two))
        equal(stored(gritd, two), "About the second one.", "the answer of the second question")
        equal(stored(gritd, one), "About the first one.", "the answer of the first question")
        no_surprises(fake)


# FM-J04
@suite.case
def words_around_an_erasure():
    """What others say while the rows of somebody go is not lost, and what was said before does not come back."""
    word = "zaunkoenig"
    with office() as (fake, gritd):
        found = question(fake, gritd)
        fake.act("say", ANA, text=f"A {word} of mine.")
        until("the answer", lambda: stored(gritd, found))
        fake.act("say", ANA, text="forget me")
        until("the question back", lambda: replies(fake, ANA, but=[found]))
        fake.act("say", ANA, text="yes")
        fake.act("say", BEN, text="help")  # while nothing can be taken
        until("the erasure", lambda: "one person was erased" in gritd.log())
        until("help", lambda: fake.from_bot(BEN))
        reading = "d" + ANA[1:] + "/posts"
        before = len(fake.requests(reading))
        gritd.kill()
        gritd.restart()
        until("the reading", lambda: len(fake.requests(reading)) > before)
        fake.act("say", BEN, text="privacy")
        until("what came after the reading", lambda: len(fake.from_bot(BEN)) > 1)
        for path in gritd.folder.glob("gritd.db*"):
            check(word.encode() not in path.read_bytes(), lambda: f"{path.name} has words from before the erasure")


# FM-A02
@suite.case
def unknown_send_survives_a_kill():
    """Accepted, the answer withheld, killed, started again: found, not sent twice."""
    with office(knobs={"no_echo": True,
                       "hold_ms": {"method": "posts.create", "ms": 60000}}) as (fake, gritd):
        gritd.take(created("D1", "ana"), moved("D1", "ana", "propose"))
        until("the post", lambda: fake.from_bot(ANA))
        gritd.kill()
        fake.set(hold_ms=False)
        gritd.restart()
        until("it to be found", lambda: gritd.store().outbox()[0]["state"] == "sent")
        equal(posts(fake), 1, "posts")
        no_surprises(fake)


# FM-A09
@suite.case
def a_thousand_unsure_rows_are_settled_by_a_few_readings():
    rule = {"method": "posts.create", "status": 429, "retry_after": 3600, "count": -1}
    with office(more_chat="    messages_per_minute: 0\n", knobs={"fail_before_store": rule}) as (fake, gritd):
        for start in range(0, 1000, 100):
            gritd.take([moved(f"D{n}", ("ana", "ben")[n % 2], "propose") for n in range(start, start + 100)])
        until("the questions to wait", lambda: gritd.metrics()["gritd_outbox_messages"] == 1000)
        gritd.kill()
        with contextlib.closing(sqlite3.connect(gritd.folder / "gritd.db")) as link, link:
            made = link.execute("UPDATE outbox SET state = 4, attempt = 1, due = at, deadline = ?", (int(time.time() * 1000),))
            equal(made.rowcount, 1000, "unsure rows")
        fake.set(fail_before_store=None)
        def readings():
            return len([one for one in fake.requests("/posts") if "/channels/" in one["path"]])
        before = readings()
        gritd.restart()
        until("all to be settled", lambda: gritd.metrics()["gritd_outbox_unknown"] == 0, 60, 0.1)
        check(readings() - before <= 60, f"{readings() - before} readings")  # one by one there were two thousand
        until("the first to be sent", lambda: len(fake.from_bot()) > 2)
        no_surprises(fake)


@suite.case
def refused_token_is_named_and_the_daemon_heals():
    with office(knobs={"token": "mm-other"}, start=False) as (fake, gritd):
        until("the log line", lambda: "session_expired" in gritd.log())
        line = next(one for one in gritd.log().splitlines() if "session_expired" in one)
        check("error" in line and "Bot Accounts" in line, line)
        equal(gritd.get("/readyz").status, 503, "/readyz")
        equal(gritd.control("status")["connection"], "refused", "connection")
        gritd.take(created("D1", "ana"), moved("D1", "ana", "propose"))
        fake.set(token=TOKEN)
        gritd.signal(signal.SIGHUP)
        until("ready after the reload", lambda: gritd.get("/readyz").status == 200)
        until("the question", lambda: fake.from_bot(ANA))
        check(TOKEN not in gritd.get("/metrics").text, "the token in the metrics")


@suite.case
def address_of_something_else_is_named():
    with office(start=False, chat=mattermost_chat("http://127.0.0.1:9/")) as (_, gritd):
        until("the log line", lambda: "onnect" in gritd.log())
        gritd.alive()
    with office(start=False, knobs={"fail_before_store": {"method": "users.get", "status": "html", "http": 404,
                                                          "count": -1}}) as (_, gritd):
        until("the log line", lambda: "no Mattermost server answers" in gritd.log())
        line = next(one for one in gritd.log().splitlines() if "no Mattermost server" in one)
        check("chat.mattermost.url" in line, line)


# FM-J01
@suite.case
def deactivated_person_gets_nothing():
    """Mattermost takes posts to people who left; the daemon knows better."""
    with office() as (fake, gritd):
        until("the directory", lambda: gritd.metrics()["gritd_people"] == 3)
        fake.set(deactivate=ANA)
        until("the news", lambda: gone(gritd))
        gritd.take(created("D1", "ana"), moved("D1", "ana", "propose"), created("D2", "ben"),
                   moved("D2", "ben", "propose"))
        until("the colleague's question", lambda: fake.from_bot(BEN))
        equal(fake.from_bot(ANA), [], "messages to somebody who has left")


def gone(gritd):
    return any("gone" in json.dumps(one) for one in gritd.store().journal())


# FM-J01
@suite.case
def deactivated_while_the_listing_is_on_its_way():
    """The list of people is from before it: it brings nobody back."""
    with office(knobs={"hold_ms": {"method": "users.list", "ms": 1500}}) as (fake, gritd):
        until("the listing to be asked for", lambda: [one for one in fake.requests("/api/v4/users") if one["path"].split("?")[0] == "/api/v4/users"])
        fake.set(deactivate=ANA)
        until("the news", lambda: gone(gritd))
        until("the listing", lambda: any(one.get("chat") == BEN for one in gritd.store().journal()))
        gritd.take(created("D1", "ana"), moved("D1", "ana", "propose"), created("D2", "ben"),
                   moved("D2", "ben", "propose"))
        until("the colleague's question", lambda: fake.from_bot(BEN))
        equal(fake.from_bot(ANA), [], "messages to somebody who has left")


suite.run()
