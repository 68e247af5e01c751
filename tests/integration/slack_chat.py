"""slack_chat.py BUILD_FOLDER [CASE...]: gritd against the fake Slack, as a workspace would see it."""

import contextlib
import json
import sqlite3
import subprocess
import sys
import time

sys.dont_write_bytecode = True
from lib import *  # noqa: E402,F403 - the test library is made for this

suite = Suite()
INVITED = "Acme <!channel> & <@U2> <https://bad.example|here> @here"


@contextlib.contextmanager
def office(users=3, knobs=None, start=True, **config):
    """A fake Slack and a daemon that talks to it; both end with the block, the daemon cleanly."""
    with scratch() as folder:
        fake = Fake(folder, users)
        gritd = None
        try:
            if knobs:
                fake.set(**knobs)
            chat = config.pop("chat", None) or slack_chat(fake.api, more=config.pop("more_chat", ""))
            configure(folder, chat, **config)
            gritd = Gritd(folder)
            if start:
                gritd.wait_ready()
            yield fake, gritd
            if gritd.running():
                equal(gritd.stop(), 0, "exit code after SIGTERM")
            for word in ("AddressSanitizer", "runtime error", "LeakSanitizer"):
                check(word not in gritd.log(), lambda: f"the sanitizer complains: {gritd.log()[-3000:]}")
        finally:
            if gritd:
                gritd.kill()
            fake.kill()


def question(fake, gritd, deal="D1", rep="ana", user="U1", name=None):
    """Moves a deal to Propose and waits for the question about it."""
    name = name or f"Deal {deal}"
    before = {one["ts"] for one in fake.from_bot(user)}
    gritd.take(created(deal, rep, name), moved(deal, rep, "propose"))
    return until("the question", lambda: [one for one in fake.from_bot(user) if one["ts"] not in before])[0]


def press(fake, user, message, button, **more):
    return fake.act("click", user, ts=message["ts"], action_id=buttons_of(message)[button]["action_id"],
                    wait=True, **more)


def answer(fake, user, message, words, button="answer"):
    """Opens the form behind a button and sends it."""
    opened = len(fake.views())
    press(fake, user, message, button)
    view = until("the form", lambda: fake.views()[opened:])[0]["view"]
    return fake.act("submit", user, view_id=view["id"], values={"answer": {"value": words}}), view


def again(fake, message):
    """The message as it stands now."""
    return next(one for one in fake.messages(message["dm_user"]) if one["ts"] == message["ts"])


def replies(fake, user, but=()):
    known = {one["ts"] for one in but}
    return [one for one in fake.from_bot(user) if one["ts"] not in known]


def no_surprises(fake):
    stats = fake.stats()
    equal(stats["duplicates"], [], "messages stored twice")
    for name in ("bad_frames", "acks_double", "acks_unknown", "acks_too_big"):
        equal(stats[name], 0, name)
    # the machine may stand still for 3 s, but then the ack comes
    check(stats["envelopes_redelivered"] <= stats["acks_late"], f"delivered again: {stats}")
    return stats


@suite.case
def connects_and_is_ready():
    with office() as (fake, gritd):
        stats = fake.stats()
        equal(stats["sockets_open"], 1, "open sockets")
        status = gritd.control("status")
        equal((status["connection"], status["ready"], status["platform"]), ("up", True, "slack"), "status")
        until("the directory", lambda: gritd.metrics()["gritd_people"] == 3)


@suite.case
def stage_question_arrives_once_with_blocks_and_metadata():
    with office(plugins=shipped("stage-questions")) as (fake, gritd):
        gritd.take(created("D1", "ana", INVITED, stage="prospect"))
        first = until("the question", lambda: fake.from_bot("U1"))[0]
        equal([one["type"] for one in first["blocks"]], ["section", "context", "actions"], "blocks")
        equal(sorted(buttons_of(first)), ["answer", "later", "skip", "why"], "buttons")
        check("?" in first["text"], f"no question: {first['text']}")
        check(len(key_of(first)) == 26, f"the key {key_of(first)} has not 26 characters")
        equal(first["metadata"]["event_type"], "gritd", "event_type")
        gritd.take(moved("D1", "ana", "propose", "prospect"))
        until("the second question", lambda: len(fake.from_bot("U1")) == 2)
        equal(len([one for one in fake.messages() if key_of(one)]), 2, "messages in all")
        equal(fake.from_bot("U2"), [], "messages to somebody else")
        no_surprises(fake)


# FM-G01
@suite.case
def no_value_of_the_crm_can_mention_anyone():
    with office() as (fake, gritd):
        found = question(fake, gritd, name=INVITED)
        wanted = "Acme &lt;!channel&gt; &amp; &lt;@U2&gt; &lt;https://bad.example|here&gt; @here"
        texts = [found["text"], found["blocks"][0]["text"]["text"]]
        for text in texts:
            check(wanted in text, f"not escaped: {text}")
        check(all(block["text"]["verbatim"] for block in found["blocks"] if block["type"] == "section"),
              "a section guesses names")
        post = json.loads(_bodies(fake, "chat.postMessage")[0])
        equal((post["link_names"], post["parse"], post["unfurl_links"]), (False, "none", False), "post")
        _, view = answer(fake, "U1", found, "For <!here> & all")
        section = next(block for block in view["blocks"] if block["type"] == "section")
        check("<!" not in section["text"]["text"], f"not escaped in the form: {section}")
        until("the update", lambda: "Your answer" in again(fake, found)["text"])
        check("For &lt;!here&gt; &amp; all" in again(fake, found)["text"], again(fake, found)["text"])


def _bodies(fake, method):
    """Request bodies that the fake logged for a method."""
    found = []
    for one in fake.requests(method):
        body = one.get("body")
        found.append(body if isinstance(body, str) else json.dumps(body))
    return found


@suite.case
def answer_goes_through_a_form_into_the_store():
    with office() as (fake, gritd):
        found = question(fake, gritd)
        submitted, view = answer(fake, "U1", found, "Their head of finance wants fewer surprises.")
        equal(submitted["ack"], {"response_action": "clear"}, "ack of the form")
        equal(view["type"], "modal", "kind of view")
        now = until("the changed message",
                    lambda: (lambda one: one if one["edits"] else None)(again(fake, found)))
        check("Their head of finance wants fewer surprises." in now["text"], now["text"])
        equal(buttons_of(now), {}, "buttons of an answered question")
        prompt = gritd.store().prompts()[key_of(found)]
        equal((prompt["answer"], prompt["to"]), ("Their head of finance wants fewer surprises.", "ana"), "stored")
        for body in gritd.store().journal():
            check("fewer surprises" not in json.dumps(body), "the journal holds an answer")
        check("fewer surprises" not in gritd.log(), "the log holds an answer")
        no_surprises(fake)


@suite.case
def answer_typed_into_the_chat_counts_too():
    with office() as (fake, gritd):
        found = question(fake, gritd)
        fake.act("say", "U1", text="They want <it> & soon")
        until("the answer", lambda: gritd.store().prompts()[key_of(found)].get("answer"))
        equal(gritd.store().prompts()[key_of(found)]["answer"], "They want <it> & soon", "stored")
        until("thanks", lambda: [one for one in replies(fake, "U1", [found]) if "noted" in one["text"]])


@suite.case
def later_skip_and_why_work():
    with office() as (fake, gritd):
        one = question(fake, gritd, "D1")
        press(fake, "U1", one, "why")
        why = until("the reason", lambda: replies(fake, "U1", [one]))[0]
        check("entered" in why["text"] and "Deal D1" in why["text"], why["text"])
        press(fake, "U1", one, "later")
        until("the snooze", lambda: "come back" in again(fake, one)["text"])
        two = question(fake, gritd, "D2")
        press(fake, "U1", two, "skip")
        until("the skip", lambda: "Skipped" in again(fake, two)["text"])
        prompts = gritd.store().prompts()
        check("answer" not in prompts[key_of(two)] or not prompts[key_of(two)]["answer"], "a skip has an answer")
        no_surprises(fake)


@suite.case
def forget_me_is_one_press():
    """The question has two buttons; one keeps everything, the other erases."""
    with office() as (fake, gritd):
        found = question(fake, gritd)
        answer(fake, "U1", found, "soon to be erased")
        until("the answer", lambda: gritd.store().prompts()[key_of(found)].get("answer"))

        def asked():
            known = fake.from_bot("U1")
            fake.act("say", "U1", text="forget me")
            return until("the question", lambda: [one for one in replies(fake, "U1", known)
                                                  if "cannot be undone" in one["text"]])[0]
        first = asked()
        equal(sorted(buttons_of(first)), ["forget_no", "forget_yes"], "buttons")
        press(fake, "U1", first, "forget_no")
        until("that it was kept", lambda: "Nothing was erased" in again(fake, first)["text"])
        equal(buttons_of(again(fake, first)), {}, "buttons of a settled question")
        check(gritd.store().prompts()[key_of(found)].get("answer"), "erased all the same")
        second = asked()
        press(fake, "U1", second, "forget_yes")
        until("the erasure", lambda: key_of(found) not in gritd.store().prompts())
        until("the blank", lambda: "Erased at the wish" in again(fake, found)["text"])
        no_surprises(fake)


@suite.case
# FM-G05
def a_click_by_somebody_else_changes_nothing():
    with office() as (fake, gritd):
        found = question(fake, gritd)
        fake.try_act("click", "U2", ts=found["ts"], channel=found["channel"], wait=True,
                     action_id=buttons_of(found)["skip"]["action_id"])
        until("a word to the other one", lambda: fake.from_bot("U2"))
        equal(again(fake, found)["edits"], 0, "edits")
        fake.try_act("click", "U1", ts=found["ts"], wait=True, action_id="00-answer", value='{"k":"x","b":"skip"}')
        fake.try_act("click", "U1", ts=found["ts"], wait=True, action_id="00-answer", value="]][")
        gritd.alive()
        equal(again(fake, found)["edits"], 0, "edits after foreign values")


@suite.case
def words_typed_wrongly_are_answered_and_nothing_is_lost():
    """Commands by slash and in the chat, half understood, too long, empty, twice."""
    with office() as (fake, gritd):
        until("the directory", lambda: gritd.metrics()["gritd_people"] == 3)
        found = question(fake, gritd)

        def told(words):
            return until(words, lambda: [one for one in fake.from_bot("U1") if words in one["text"]])

        fake.act("slash", "U1", command="/grit", text="lesss")
        told("Did you mean less?")
        fake.act("slash", "U1", command="/grit", text="I call Rosa tomorrow")
        told("an answer to a question goes without the slash")
        fake.act("slash", "U1", command="/grit", text="less")
        told("at most 3 questions a week")
        fake.act("say", "U1", text="x" * 10000)
        told("longer than I can keep, 8000 characters at most")
        equal(again(fake, found)["edits"], 0, "edits of the question so far")
        fake.act("say", "U1", text="log email Deal D1, a \N{SLIGHTLY SMILING FACE} remark")
        told("Logged: an email about Deal D1. Your remark stays here")
        fake.act("say", "U1", text="quiet 17:00-09:00")
        told("nothing from me from 17:00 to 09:00")
        fake.act("say", "U1", text="\N{THUMBS UP SIGN}")
        told("Thank you, noted.")
        logged = [one for one in gritd.store().journal() if "activity.logged" in json.dumps(one)]
        equal(len(logged), 1, "activities in the journal")
        check("remark" not in json.dumps(gritd.store().journal()), "the remark is in the journal")
        no_surprises(fake)


@suite.case
def help_is_asked_for_after_a_yes():
    """B65: the draft, a change in the form, the helper's buttons, and what each of them hears."""
    with office() as (fake, gritd):
        until("the directory", lambda: gritd.metrics()["gritd_people"] == 3)
        fake.act("say", "U1", text="request Ben: could you look at my <slides>")
        draft = until("the draft", lambda: fake.from_bot("U1"))[0]
        check("pass this on to Ben Osei" in draft["text"], draft["text"])
        equal(sorted(buttons_of(draft)), ["edit", "no", "yes"], "buttons of the draft")
        answer(fake, "U1", draft, "Ben: could you listen to my opening", "edit")
        newer = until("the changed draft", lambda: replies(fake, "U1", [draft]))[0]
        equal(fake.from_bot("U2"), [], "messages to the helper before the yes")
        press(fake, "U1", newer, "yes")
        card = until("the request", lambda: fake.from_bot("U2"))[0]
        check("Ana Ruiz asks for your help" in card["text"] and "my opening" in card["text"], card["text"])
        equal(sorted(buttons_of(card)), ["accept", "cannot", "done"], "buttons of the helper")
        until("the draft's end", lambda: sorted(buttons_of(again(fake, newer))) == ["withdraw"])
        fake.try_act("click", "U3", ts=card["ts"], channel=card["channel"], wait=True,
                     action_id=buttons_of(card)["accept"]["action_id"])
        until("a word to the other one", lambda: fake.from_bot("U3"))
        press(fake, "U2", card, "accept")
        until("the yes", lambda: sorted(buttons_of(again(fake, card))) == ["cannot", "done"])
        until("the word to Ana", lambda: [one for one in fake.from_bot("U1") if "can help with" in one["text"]])
        fake.act("slash", "U1", command="/grit", text="request drop 1")
        until("the end", lambda: "does not need this any more" in again(fake, card)["text"])
        equal(buttons_of(again(fake, card)), {}, "buttons at the end")
        check("my opening" not in gritd.log(), "the log holds what was asked for")
        for body in gritd.store().journal():
            check("my opening" not in json.dumps(body), "the journal holds what was asked for")
        no_surprises(fake)


@suite.case
def hello_comes_before_the_first_message():
    """B85: a person hears first that it is a bot."""
    with office(introduction=True) as (fake, gritd):
        gritd.take(created("D1", "ana"), moved("D1", "ana", "propose"))
        until("the question", lambda: len(fake.from_bot("U1")) == 2)
        check("I am gritd, a bot" in fake.from_bot("U1")[0]["text"], "the first message is no introduction")
        check("Deal D1" in fake.from_bot("U1")[1]["text"], "the second is not the question")
        no_surprises(fake)


@suite.case
def slash_command_pauses_and_resumes():
    with office() as (fake, gritd):
        until("the directory", lambda: gritd.metrics()["gritd_people"] == 3)
        told = fake.act("slash", "U1", command="/grit", text="pause 2h")
        check("ack" in told, f"no ack: {told}")
        until("the confirmation", lambda: [one for one in fake.from_bot("U1") if "nothing from me" in one["text"]])
        gritd.take(created("D1", "ana"), moved("D1", "ana", "propose"))
        until("the decision", gritd.store().decisions)
        decision = gritd.store().decisions()[-1]
        check(decision["outcome"] != "sent", f"asked while paused: {decision}")
        fake.act("slash", "U1", command="/grit", text="resume")
        until("the welcome", lambda: [one for one in fake.from_bot("U1") if "Welcome back" in one["text"]])
        fake.act("slash", "U1", command="/grit", text="pause soonish")
        until("advice", lambda: [one for one in fake.from_bot("U1") if "For how long" in one["text"]])
        gritd.take(created("D2", "ana"), moved("D2", "ana", "propose"))
        until("a question", lambda: [one for one in fake.from_bot("U1") if "Deal D2" in one["text"]])
        equal([one for one in fake.from_bot("U1") if "Deal D1" in one["text"]], [], "questions from the pause")
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
        card = until("the card", lambda: fake.from_bot("U3"))[0]
        check("Ana Ruiz" in card["text"] and "3 calls" in card["text"], card["text"])
        equal(sorted(buttons_of(card)), ["edit", "not_true", "send", "skip"], "buttons of the card")
        equal(fake.from_bot("U1"), [], "messages to the rep before the manager confirmed")
        answer(fake, "U3", card, "You kept calling. I saw it.", button="edit")
        praise = until("the praise", lambda: fake.from_bot("U1"))[0]
        check("You kept calling. I saw it." in praise["text"] and "Dana Okafor" in praise["text"], praise["text"])
        until("the closed card", lambda: "Sent to Ana Ruiz" in again(fake, card)["text"])
        equal(len(fake.from_bot("U1")), 1, "messages to the rep")
        no_surprises(fake)


@suite.case
def rate_limit_is_obeyed():
    with office(knobs={"limit_next": "chat.postMessage", "retry_after": 1}) as (fake, gritd):
        begun = time.monotonic()
        found = question(fake, gritd)
        check(time.monotonic() - begun >= 1, "sent again before Retry-After")
        equal(fake.stats()["methods"]["chat.postMessage"], 2, "requests")
        equal(len(fake.from_bot("U1")), 1, f"messages beside {found['ts']}")
        equal(gritd.metrics()["gritd_sends_retried_total"], 1, "retries counted")
        no_surprises(fake)


# FM-B12
@suite.case
def posts_beyond_the_burst_keep_flowing():
    people = "people:\n" + "".join(f"  - {{id: p{i}, name: Person {i}, chat: U{i}, zone: UTC}}\n"
                                   for i in range(1, 46))
    with office(users=45, people=people, more_chat="    messages_per_minute: 1200\n") as (fake, gritd):
        gritd.take([created(f"D{i}", f"p{1 + i % 45}") for i in range(90)])
        gritd.take([moved(f"D{i}", f"p{1 + i % 45}", "propose") for i in range(90)])
        until("all of them", lambda: fake.stats()["posts_stored"] == 90)
        no_surprises(fake)


# FM-B13
@suite.case
def sends_that_all_fail_make_a_few_lines_and_no_message():
    people = "people:\n" + "".join(f"  - {{id: p{i}, name: Person {i}, chat: U{i}, zone: UTC, role: {'manager' if i > 40 else 'rep'}}}\n"
                                   for i in range(1, 46))
    rule = {"method": "chat.postMessage", "status": "message_limit_exceeded", "count": -1}
    with office(users=45, people=people, more_chat="    messages_per_minute: 0\n", knobs={"fail_before_store": rule}) as (fake, gritd):
        gritd.take([moved(f"D{i}", f"p{1 + i % 40}", "propose") for i in range(40)])
        until("many tries", lambda: fake.stats()["methods"].get("chat.postMessage", 0) >= 60)
        until("their answers", lambda: gritd.metrics()["gritd_sends_retried_total"] >= 60)
        lines = [one for one in gritd.log().splitlines() if "message_limit_exceeded" in one]
        check(1 <= len(lines) <= 9, lambda: f"{len(lines)} lines: {lines[:12]}")
        equal(len(gritd.store().outbox()), 40, "messages in all, also about those that fail")
        fake.set(fail_before_store=None)
        until("all of them", lambda: fake.stats()["posts_stored"] == 40)
        no_surprises(fake)


def _stored_but_unsure(rule):
    """The fake stores the message and answers badly: it must be found, never sent again."""
    with office(knobs={"fail_after_store": {"method": "chat.postMessage", **rule}}) as (fake, gritd):
        gritd.take(created("D1", "ana"), moved("D1", "ana", "propose"))
        until("the message to be found", lambda: gritd.metrics()["gritd_messages_sent_total"] == 1)
        stats = no_surprises(fake)
        equal(stats["methods"]["chat.postMessage"], 1, "posts")
        check(stats["methods"].get("conversations.history", 0) >= 1, "nobody looked it up")
        until("the row to say so", lambda: gritd.store().outbox()[0]["state"] == "sent")
        message = fake.from_bot("U1")[0]
        answer(fake, "U1", message, "It is there.")
        until("the update at the place found", lambda: "It is there." in again(fake, message)["text"])


# FM-B04
@suite.case
def http_500_after_the_store_is_found_and_not_sent_again():
    _stored_but_unsure({"status": 500})


# FM-B01
@suite.case
def closed_without_a_byte_after_the_store_is_found():
    _stored_but_unsure({"status": "close"})


@suite.case
def reset_and_cut_answers_are_found():
    _stored_but_unsure({"status": "reset"})
    _stored_but_unsure({"status": "cut"})
    _stored_but_unsure({"status": "html"})
    _stored_but_unsure({"status": "truncated"})
    _stored_but_unsure({"status": "internal_error"})


# FM-B09
@suite.case
def http_500_before_the_store_is_sent_after_two_misses():
    rule = {"method": "chat.postMessage", "status": 500}
    with office(knobs={"fail_before_store": rule}) as (fake, gritd):
        begun = time.monotonic()
        question(fake, gritd)
        check(time.monotonic() - begun >= 1, "sent again before a quiet period was over")
        stats = no_surprises(fake)
        equal(stats["methods"]["chat.postMessage"], 2, "posts")
        check(stats["methods"]["conversations.history"] >= 2, "fewer than two look-ups")
        check(stats["methods"]["conversations.history"] < 6, f"look-ups run hot: {stats['methods']}")


# FM-B09
@suite.case
def unreadable_history_means_no_second_message():
    knobs = {"fail_after_store": {"method": "chat.postMessage", "status": 500}, "history_fail": "missing_scope"}
    with office(knobs=knobs) as (fake, gritd):
        gritd.take(created("D1", "ana"), moved("D1", "ana", "propose"))
        until("a look-up", lambda: fake.stats()["methods"].get("conversations.history"))
        holds("sent again without a look-up", lambda: fake.stats()["methods"]["chat.postMessage"] > 1, 2.5)
        equal(gritd.metrics()["gritd_outbox_unknown"], 1, "unknown messages")
        fake.set(history_fail=False)
        until("it to be found", lambda: gritd.metrics()["gritd_messages_sent_total"] == 1)
        no_surprises(fake)


# FM-A09
@suite.case
def a_thousand_unsure_rows_are_settled_by_a_few_readings():
    """A crash has left every row unsure; Slack lets nobody read a thousand times."""
    with office(more_chat="    messages_per_minute: 0\n", knobs={"fail_before_store": {
            "method": "chat.postMessage", "status": 429, "retry_after": 3600, "count": -1}}) as (fake, gritd):
        for start in range(0, 1000, 100):
            gritd.take([moved(f"D{n}", ("ana", "ben")[n % 2], "propose") for n in range(start, start + 100)])
        until("the questions to wait", lambda: gritd.metrics()["gritd_outbox_messages"] == 1000)
        gritd.kill()
        with contextlib.closing(sqlite3.connect(gritd.folder / "gritd.db")) as link, link:
            made = link.execute("UPDATE outbox SET state = 4, attempt = 1, due = at, deadline = ?", (int(time.time() * 1000),))
            equal(made.rowcount, 1000, "unsure rows")
        fake.set(fail_before_store=None)
        before = fake.stats()["methods"].get("conversations.history", 0)
        gritd.restart()
        until("all to be settled", lambda: gritd.metrics()["gritd_outbox_unknown"] == 0, 60, 0.1)
        until("the first to be sent", lambda: len(fake.from_bot()) > 2)
        readings = fake.stats()["methods"]["conversations.history"] - before
        check(readings <= 60, f"{readings} readings")  # 13 where the machine is quick; one by one there were a thousand
        no_surprises(fake)


# FM-A02
@suite.case
def unknown_send_survives_a_kill():
    rule = {"method": "chat.postMessage", "status": "hang"}
    with office(knobs={"fail_after_store": rule}) as (fake, gritd):
        gritd.take(created("D1", "ana"), moved("D1", "ana", "propose"))
        until("the message", lambda: fake.from_bot("U1"))
        gritd.kill()
        gritd.restart()
        until("it to be found", lambda: gritd.metrics()["gritd_messages_sent_total"] == 1)
        equal(fake.stats()["methods"]["chat.postMessage"], 1, "posts")
        no_surprises(fake)


@suite.case
def a_refused_message_is_dead_and_the_next_one_goes():
    rule = {"method": "chat.postMessage", "status": "channel_not_found"}
    with office(knobs={"fail_before_store": rule}) as (fake, gritd):
        gritd.take(created("D1", "ana"), moved("D1", "ana", "propose"))
        until("it to be given up", lambda: gritd.metrics()["gritd_messages_dead_total"] == 1)
        check("channel_not_found" in gritd.log(), "the log does not say why")
        question(fake, gritd, "D2")
        equal(len(fake.from_bot("U1")), 1, "messages")


# FM-C04
@suite.case
def renewal_leaves_no_gap_while_events_arrive():
    with office() as (fake, gritd):
        until("the directory", lambda: gritd.metrics()["gritd_people"] == 3)
        said = 0
        for reason in ("warning", "refresh_requested", "refresh_requested"):
            opened = fake.stats()["sockets_opened"]
            fake.door("push", {"type": "disconnect", "reason": reason, "debug_info": {"host": "h"}})
            # people talk while it happens
            end = time.monotonic() + WAIT_S
            while fake.stats()["sockets_opened"] == opened:
                check(time.monotonic() < end, f"no new socket: {fake.stats()}")
                fake.act("say", "U1", text="help")
                said += 1
                time.sleep(0.02)
        until("every word to be answered", lambda: fake.stats()["envelopes_waiting"] == 0)
        until("every word to be taken", lambda: len(
            [one for one in gritd.store().journal() if "said" in json.dumps(one)]) == said)
        stats = no_surprises(fake)
        equal(stats["max_no_socket_ms"], 0, "longest time without a socket")
        check(stats["sockets_opened"] >= 4, f"sockets opened: {stats['sockets_opened']}")


@suite.case
def a_dropped_socket_is_opened_again():
    with office() as (fake, gritd):
        for code in (0, 1006, 1011):
            opened = fake.stats()["sockets_opened"]
            fake.door("drop", {"code": 0 if code == 1006 else code, "which": "all"})
            until("a new socket", lambda: fake.stats()["sockets_opened"] > opened)
            until("ready again", lambda: gritd.get("/readyz").status == 200)
        question(fake, gritd)
        no_surprises(fake)


# FM-K04
@suite.case
def refused_token_is_named_and_the_daemon_stays_up():
    with office(knobs={"bot_token": "xoxb-other"}, start=False) as (fake, gritd):
        until("the log line", lambda: "invalid_auth" in gritd.log())
        line = next(one for one in gritd.log().splitlines() if "invalid_auth" in one)
        check("error" in line and "token" in line, line)
        equal(gritd.get("/readyz").status, 503, "/readyz")
        check("refuses" in gritd.get("/readyz").text, gritd.get("/readyz").text)
        gritd.alive()
        gritd.take(created("D1", "ana"), moved("D1", "ana", "propose"))
        equal(gritd.control("status")["connection"], "refused", "connection")
        asked = fake.stats()["methods"]["auth.test"]
        holds("asks again and again", lambda: fake.stats()["methods"]["auth.test"] > asked, 1.5)
        for secret in (BOT_TOKEN, APP_TOKEN):
            check(secret not in gritd.log() + gritd.get("/metrics").text, "a token in log or metrics")
        # nothing was lost meanwhile
        fake.set(bot_token=BOT_TOKEN)
        gritd.signal(signal.SIGHUP)
        until("ready after the reload", lambda: gritd.get("/readyz").status == 200)
        until("the question", lambda: fake.from_bot("U1"))


# FM-K04
@suite.case
def revoked_token_stops_the_sending_and_loses_nothing():
    with office() as (fake, gritd):
        question(fake, gritd, "D1")
        fake.set(revoke="token_revoked")
        gritd.take(created("D2", "ana"), moved("D2", "ana", "propose"))
        until("the log line", lambda: "token_revoked" in gritd.log())
        gritd.alive()
        equal(gritd.get("/readyz").status, 503, "/readyz")
        posts = fake.stats()["methods"]["chat.postMessage"]
        holds("keeps posting", lambda: fake.stats()["methods"]["chat.postMessage"] > posts, 1.5)
        fake.set(revoke=False)
        gritd.signal(signal.SIGHUP)
        until("the question that waited", lambda: len(fake.from_bot("U1")) == 2)
        no_surprises(fake)


LINES = {"invalid_auth": "copy it again", "token_revoked": "install the app again",
         "account_inactive": "install it again", "team_access_not_granted": "of another workspace",
         "team_disabled": "switched off", "not_allowed_token_type": "must begin with xapp-"}


@suite.case
def what_slack_refuses_is_said_in_one_line_with_what_to_do():
    for error, todo in LINES.items():
        with office(knobs={"revoke": error}, start=False) as (_, gritd):
            until(error, lambda: gritd.get("/readyz").status == 503 and todo in gritd.get("/readyz").text)
            lines = [one for one in gritd.log().splitlines() if error in one and " error " in f" {one} "]
            equal(len(lines), 1, f"lines about {error}: {gritd.log()}")
            check(todo in lines[0], lines[0])
            gritd.alive()


@suite.case
def a_missing_scope_is_named():
    with office(knobs={"missing_scopes": ["users:read"]}) as (fake, gritd):
        until("the line", lambda: "missing_scope, needed: users:read; add the missing scope" in gritd.log())
        equal(gritd.get("/readyz").status, 200, "/readyz")  # it can talk
        gritd.alive()
    with office(knobs={"missing_scopes": ["chat:write"]}) as (fake, gritd):
        gritd.take(created("D1", "ana"), moved("D1", "ana", "propose"))
        until("the line", lambda: "missing_scope, needed: chat:write; add the missing scope" in gritd.log())
        equal(gritd.get("/readyz").status, 503, "/readyz")
        fake.set(missing_scopes=None)
        gritd.signal(signal.SIGHUP)
        until("the question", lambda: fake.from_bot("U1"))
        no_surprises(fake)


@suite.case
def another_web_server_is_not_taken_for_slack():
    with office(chat=slack_chat("http://127.0.0.1:1/api/"), start=False) as (fake, gritd):
        gritd.alive()
        (gritd.folder / "gritd.yaml").write_text((gritd.folder / "gritd.yaml").read_text().replace(
            "http://127.0.0.1:1/api/", f"http://127.0.0.1:{gritd.port}/no/"))
        gritd.signal(signal.SIGHUP)
        until("a hint", lambda: "is api_url right?" in gritd.get("/readyz").text)
        (gritd.folder / "gritd.yaml").write_text((gritd.folder / "gritd.yaml").read_text().replace(
            f"http://127.0.0.1:{gritd.port}/no/", fake.api))
        gritd.signal(signal.SIGHUP)
        gritd.wait_ready()


# FM-D08
@suite.case
def a_zone_that_nobody_knows_is_told_and_the_teams_counts():
    with office(start=False) as (fake, gritd):
        fake.set(user={"id": "U1", "tz": "Mars/Phobos", "announce": True})
        fake.set(user={"id": "U2", "tz": "Mars/Phobos", "announce": True})
        gritd.wait_ready()
        said = until("the line", lambda: [line for line in gritd.log().splitlines() if "Mars/Phobos" in line])
        check("people.yaml" in said[0] and "not known here" in said[0], said)
        until("the directory", lambda: gritd.metrics()["gritd_people"] == 3)
        question(fake, gritd)
        equal(len([line for line in gritd.log().splitlines() if "Mars/Phobos" in line]), 1, "lines about it")
        for who in ("U1", "U2"):  # as many bytes as the characters that are kept can have
            fake.set(user={"id": who, "tz": "\U0001f30d" * 60, "announce": True})
        fake.set(user={"id": "U2", "tz": "Asia/Nowhere", "announce": True})
        until("the next one", lambda: "'Asia/Nowhere'" in gritd.log())
        equal(gritd.log().count("\U0001f30d" * 60), 1, "lines about a long one")


# FM-J01
@suite.case
def deactivated_person_gets_nothing():
    with office() as (fake, gritd):
        until("the directory", lambda: gritd.metrics()["gritd_people"] == 3)
        fake.set(user={"id": "U1", "deleted": True, "announce": True})
        until("the news", lambda: any("person" in json.dumps(one).lower() and "gone" in json.dumps(one)
                                      for one in gritd.store().journal()))
        gritd.take(created("D1", "ana"), moved("D1", "ana", "propose"), created("D2", "ben"),
                   moved("D2", "ben", "propose"))
        until("the colleague's question", lambda: fake.from_bot("U2"))
        equal(fake.from_bot("U1"), [], "messages to somebody who has left")


# FM-J01
@suite.case
def deactivated_before_the_start_gets_nothing():
    with office(knobs={"deactivate": "U1"}) as (fake, gritd):
        until("the directory", lambda: fake.stats()["methods"].get("users.list"))
        until("the directory in the journal", lambda: len(gritd.store().journal()) >= 3)
        gritd.take(created("D1", "ana"), moved("D1", "ana", "propose"), created("D2", "ben"),
                   moved("D2", "ben", "propose"))
        until("the colleague's question", lambda: fake.from_bot("U2"))
        equal(fake.from_bot("U1"), [], "messages to somebody who has left")


@suite.case
def directory_comes_in_pages_and_brings_zones():
    many = 450
    people = ("teams:\n  - {id: west, manager: dana}\npeople:\n"
              + "".join(f"  - {{id: p{i}, name: Person {i}, email: u{i}@example.com, team: west}}\n"
                        for i in range(1, many))
              + "  - {id: dana, name: Dana Okafor, role: manager, email: u450@example.com}\n")
    with office(users=many, people=people) as (fake, gritd):
        until("three pages", lambda: fake.stats()["methods"].get("users.list", 0) >= 3)
        def zones():
            states = gritd.store().states(STATE_PERSON)
            return [one for one in states.values() if one.get("zone")] if len(states) >= many else None
        known = until("everybody with a zone", lambda: (lambda z: z if z and len(z) >= many else None)(zones()))
        check(len({one["zone"] for one in known}) > 2, "all have the same zone")
        equal(fake.stats()["methods"]["users.list"], 3, "pages")
        question(fake, gritd, "D1", "p444", "U444")


# FM-C07
@suite.case
def an_envelope_delivered_twice_counts_once():
    for kind in ("envelope", "event", "gesture"):
        with office(knobs={"duplicate": kind}) as (fake, gritd):
            found = question(fake, gritd)
            press(fake, "U1", found, "why")
            until("one reason", lambda: replies(fake, "U1", [found]))
            fake.act("say", "U1", text="Once is enough")
            until("both copies to be acknowledged",
                  lambda: fake.stats()["envelopes_waiting"] == 0 and fake.stats()["envelope_frames"] >= 2)
            until("the answer", lambda: gritd.store().prompts()[key_of(found)].get("answer"))
            until("thanks", lambda: len(replies(fake, "U1", [found])) > 1)
            holds("a second reply", lambda: len(replies(fake, "U1", [found])) > 2, 0.3)
            equal(fake.stats()["duplicates"], [], "duplicates")


@suite.case
def unacknowledged_words_come_again_after_a_kill():
    with office() as (fake, gritd):
        found = question(fake, gritd)
        gritd.kill()
        fake.act("say", "U1", text="Said while nobody listened")
        gritd.restart()
        until("the answer", lambda: gritd.store().prompts()[key_of(found)].get("answer"))
        until("the update", lambda: "Said while nobody listened" in again(fake, found)["text"])
        equal(fake.stats()["duplicates"], [], "duplicates")


@suite.case
def acks_come_in_time_under_load():
    with office() as (fake, gritd):
        found = question(fake, gritd)
        late = []
        while 0 not in late:  # unless the machine stands still all are in time
            check(len(late) < 10, f"acks after more than 3 s, of 200: {late}")
            before = fake.stats()["acks_late"]
            for serial in range(200):
                fake.act("say", "U2", text=f"word {serial}")
                if serial % 10 == 0:
                    gritd.take(created(f"L{len(late)}-{serial}", "ben"))
            until("all acks", lambda: fake.stats()["envelopes_waiting"] == 0)
            late.append(fake.stats()["acks_late"] - before)
        no_surprises(fake)
        equal(again(fake, found)["edits"], 0, "edits of another person's question")


TOGETHER = """\
plugin: together
area: skill
rules:
  - {rule: news, about: a word to all, when: deal.won, to: team, tell: "A deal was won. Thank you, {{team.name}}."}
  - rule: talk
    about: hard weeks
    when: deal.lost
    suggest: {text: "Would a talk with a colleague help?", peer: true, topic: objections}
"""
WITH_CHANNEL = PEOPLE.replace("manager: dana,", "name: West, manager: dana, channel: C1,")


@suite.case
def team_message_goes_to_its_channel_once():
    with office(people=WITH_CHANNEL, plugins={"together.yaml": TOGETHER}) as (fake, gritd):
        gritd.take(created("D1", "ana", "Acme"), event("deal.won", "ana", "D1"))
        found = until("the message", lambda: [one for one in fake.messages(channel="C1") if key_of(one)])
        equal([one["text"] for one in found], ["A deal was won. Thank you, West."], "in the channel")
        equal(fake.from_bot("U1") + fake.from_bot("U2") + fake.from_bot("U3"), [], "to people")
        gritd.take(created("D2", "ben", "Beta"), event("deal.won", "ben", "D2"))
        until("the second decision", lambda: [one for one in gritd.store().decisions()
                                              if one["rule"] == "news" and one["outcome"] == "suppressed"])
        equal(len([one for one in fake.messages() if key_of(one)]), 1, "one a day")
        check(not fake.requests("conversations.open"), "a channel needs no opening")
        no_surprises(fake)


@suite.case
def talk_between_colleagues_is_arranged_by_buttons():
    with office(people=WITH_CHANNEL, plugins={"together.yaml": TOGETHER}) as (fake, gritd):
        gritd.take(created("D1", "ana", "Acme"), event("deal.lost", "ana", "D1"))
        offer = until("the offer", lambda: fake.from_bot("U1"))[0]
        equal(sorted(buttons_of(offer)), ["no", "why", "yes"], "buttons")
        press(fake, "U1", offer, "yes")
        asked = until("the colleague's question", lambda: fake.from_bot("U2"))[0]
        check("Ana" not in json.dumps(asked), f"a name before both agreed: {asked}")
        press(fake, "U2", asked, "yes")
        until("the name for the colleague", lambda: "Ana Ruiz" in again(fake, asked)["text"])
        met = until("the name for the rep", lambda: replies(fake, "U1", but=[offer]))[0]
        check(met["text"].startswith("Ben Osei is glad"), met["text"])
        no_surprises(fake)


def updated(fake):
    """The messages that the bot asked Slack to change."""
    return [json.loads(body).get("ts") for body in _bodies(fake, "chat.update")]


def say_forget(fake, but):
    fake.act("say", "U1", text="forget me")
    asked = until("the question back", lambda: [one for one in replies(fake, "U1", but=but)
                                                if "cannot be undone" in one["text"]])[0]
    fake.act("say", "U1", text="yes")
    begun = until("the promise", lambda: [one for one in replies(fake, "U1", but=[*but, asked])
                                          if "I am erasing everything now" in one["text"]])[0]
    return [*but, asked], begun


@suite.case
def forget_me_blanks_what_the_bot_said_and_says_what_it_cannot_reach():
    with office() as (fake, gritd):
        first = question(fake, gritd)
        answer(fake, "U1", first, "Their head of finance wants fewer surprises.")
        until("the changed message", lambda: "fewer surprises" in again(fake, first)["text"])
        second = question(fake, gritd, "D2")
        other = question(fake, gritd, "D3", "ben", "U2")
        fake.act("say", "U1", text="privacy")
        until("the reply", lambda: len(replies(fake, "U1", but=[first, second])) > 0)
        before = fake.from_bot("U1")
        check(len(before) >= 3, f"only {len(before)} messages")
        old, begun = say_forget(fake, before)
        for one in old:
            until("each message blanked", lambda one=one: "Erased at the wish" in again(fake, one)["text"])
            check(one["ts"] in updated(fake), f"no chat.update for {one['text'][:60]}")
            equal(buttons_of(again(fake, one)), {}, "buttons of a blank message")
        check("Older ones and your own words in this chat stay until you delete them" in begun["text"], begun["text"])
        check("fewer surprises" not in json.dumps(fake.from_bot("U1")), "an answer is still there")
        check("Deal D3" in again(fake, other)["text"], "a colleague's message was blanked")
        check(other["ts"] not in updated(fake), "a colleague's message was changed")
        until("the end", lambda: not gritd.control("erasing", rep="ana")["erasing"])
        no_surprises(fake)


@suite.case
def forget_me_goes_on_where_a_message_cannot_be_changed():
    with office() as (fake, gritd):
        first = question(fake, gritd)
        second = question(fake, gritd, "D2")
        fake.set(fail_before_store={"method": "chat.update", "status": "message_not_found", "count": 1})
        old, _ = say_forget(fake, [first, second])
        until("the end", lambda: not gritd.control("erasing", rep="ana")["erasing"])
        blank = [one for one in old if "Erased at the wish" in again(fake, one)["text"]]
        equal(len(blank), len(old) - 1, "messages that were blanked")
        equal([one for one in gritd.store().prompts().values() if one["to"] == "ana"], [], "her questions in the store")
        told = [one["text"] for one in fake.from_bot("U1") if "could not be blanked" in one["text"]]
        equal(len(told), 1, "words about it")
        check("about you, 1 could not be blanked" in told[0] and "offers to delete" in told[0], told[0])
        check("1 messages stay on the chat platform" in gritd.log(), "the log does not say so")


@suite.case
def erase_by_the_operator_says_what_cannot_be_changed():
    with office() as (fake, gritd):
        question(fake, gritd)
        question(fake, gritd, "D2")
        fake.set(fail_before_store={"method": "chat.update", "status": "edit_window_closed", "count": 1})
        def erase(rep):
            done = subprocess.run([binary("gritctl"), "erase", "--rep", rep, "--yes", "--socket",
                                   str(gritd.folder / "control.sock")], capture_output=True, text=True, timeout=WAIT_S)
            equal(done.returncode, 0, f"exit code (it said: {done.stderr[-800:]})")
            return done.stdout
        said = erase("ana")
        check("Nothing about ana is in the store any more" in said and "But 1 of them stay as they were" in said, said)
        check("stay as they were" not in erase("ben"), "something of ben's stays")


# FM-B15: a workspace each has a daemon of its own, so there is nothing that they could share
@suite.case
def one_workspace_down_never_blocks_another():
    with office() as (dark, first), office() as (fine, second):
        question(dark, first)
        dark.signal(signal.SIGSTOP)  # takes connections and says nothing, on any of them
        try:
            for number in range(4):
                first.take(created(f"E{number}", "ana"), moved(f"E{number}", "ana", "propose"))
                question(fine, second, f"E{number}", "ben", "U2")
            check(first.get("/healthz").status == 200, "the daemon of the dark one does not answer")
        finally:
            dark.signal(signal.SIGCONT)
        until("all that waited", lambda: len(dark.from_bot("U1")) == 5)
        equal(len({one["text"] for one in dark.from_bot("U1")}), 5, "different questions")


REACTIONS = """plugin: reactions
area: opportunity
questions:
  passed-on: {kind: skill, reader: rep, answer: text, text: "{{event.content}} was passed on at {{deal.name}}. To whom?"}
  quiet: {kind: skill, reader: rep, answer: text, text: "You sent {{event.content}} to {{deal.name}}. What is in it for them?"}
rules:
  - {rule: shared, about: something was sent, when: {event: content.shared, channel: email}, ask: quiet}
  - {rule: passed-on, about: it was passed on, when: {event: customer.reaction, reaction: forwarded}, ask: passed-on}
"""


# B74: shared content and a customer's reaction come in as events; what is unknown is kept
@suite.case
def what_customers_do_with_content_reaches_the_rules():
    with office(plugins={"reactions.yaml": REACTIONS}) as (fake, gritd):
        gritd.take(created("D1", "ana", "Acme"),
                   event("content.shared", "ana", "D1", content="the price sheet", channel="email"))
        first = until("the question about what was sent", lambda: fake.from_bot("U1"))[0]
        check("You sent the price sheet to Acme" in first["text"], first["text"])
        gritd.take(event("customer.reaction", None, "D1", content="the price sheet", reaction="opened"),
                   event("customer.reaction", None, "D1", content="the price sheet", reaction="forwarded"))
        second = until("the question about the reaction", lambda: replies(fake, "U1", but=[first]))[0]
        check("the price sheet was passed on at Acme" in second["text"], second["text"])
        gritd.take(event("customer.sneezed", "ana", "D1", loudness="quite"))
        until("the unknown event in the journal", lambda: "sneezed" in json.dumps(gritd.store().journal()))
        gritd.kill()
        gritd.restart()
        check("sneezed" in json.dumps(gritd.store().journal()), "lost over a kill")
        equal(len(fake.from_bot("U1")), 2, "messages")


suite.run()
