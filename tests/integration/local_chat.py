"""local_chat.py BUILD_FOLDER [CASE...]: the embedded chat as interfaces.md promises it, over its websocket."""

import contextlib
import datetime
import json
import sys

sys.dont_write_bytecode = True
from lib import *  # noqa: E402,F403 - the test library is made for this

suite = Suite()
LOCAL = "chat:\n  platform: local\n"
LIMITS = ("limits:\n  prompts_per_day: 10\n  prompts_per_family_per_week: 30\n  open_conversations: 6\n"
          "  back_off_after: 6\n")
STAFF = """\
teams:
  - {id: west, manager: dana, zone: UTC}
people:
  - {id: ana, name: Ana Ruiz, team: west, zone: UTC}
  - {id: ben, name: Ben Osei, team: west, zone: UTC}
  - {id: dana, name: Dana Okafor, role: manager, zone: UTC}
"""


HELLO = "I am gritd, a bot"


class Chat(WebSocket):
    """One page of one person."""

    def __init__(self, gritd, person, **more):
        where = urllib.parse.urlsplit(gritd.get("/try/where").json["socket"])
        more.setdefault("subprotocol", "gritd-local")
        super().__init__(where.port, f"{where.path}?as={urllib.parse.quote(person)}", **more)

    def messages(self):
        return self.frames("message")

    def message(self, what, probe, limit=None):
        return self.wait_for(what, lambda one: one["type"] == "message" and probe(one), limit)

    def update(self, what, message, probe=lambda one: True):
        return self.wait_for(what, lambda one: one["type"] == "update" and one["id"] == message["id"]
                             and probe(one))

    def click(self, message, button, value=None):
        self.send({"type": "click", "message": message["id"], "button": button, "value": value})

    def say(self, text):
        self.send({"type": "say", "text": text})


@contextlib.contextmanager
def daemon(plugins=None, people=STAFF, limits=LIMITS, **more):
    with scratch() as folder:
        configure(folder, LOCAL, limits=limits, people=people, plugins=plugins, **more)
        gritd = Gritd(folder)
        try:
            yield gritd.wait_ready()
            check(gritd.running(), lambda: f"gritd ended: {gritd.log()[-1500:]}")
            equal(gritd.stop(), 0, "exit code after SIGTERM")
            for word in ("AddressSanitizer", "runtime error", "LeakSanitizer"):
                check(word not in gritd.log(), lambda: f"the sanitizer complains: {gritd.log()[-3000:]}")
        finally:
            gritd.kill()


def clock(gritd):
    return parse_utc(gritd.get("/try/where").json["now"])


def move_clock(gritd, to):
    answer = gritd.call("POST", "/try/clock", {"to": utc(to)}, {"Content-Type": "application/json"})
    check(answer.status == 200, lambda: f"the clock was refused: {answer}")
    return answer


def day_at(gritd, weekday, hour, minute=0):
    """The next such moment, UTC; Monday is 0."""
    now = datetime.datetime.fromtimestamp(clock(gritd), datetime.timezone.utc)
    then = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    then += datetime.timedelta(days=(weekday - now.weekday()) % 7)
    return (then if then > now else then + datetime.timedelta(days=7)).timestamp()


def asked_at(moment):
    """A question of that minute: the sandbox's clock runs on while a slow disk takes it."""
    return lambda one: one["input"] and 0 <= parse_utc(one["at"]) - moment < 60


def question(gritd, chat, deal="D1", rep="ana"):
    now = clock(gritd)
    gritd.take(created(deal, rep, at=now - 60), moved(deal, rep, "propose", at=now - 30))
    return chat.message("the question", lambda one: f"Deal {deal}" in one["text"] and one["input"])


def ids(message):
    return [one["id"] for one in message["buttons"]]


@suite.case
def where_tells_the_socket_and_a_tuesday_morning():
    import zoneinfo
    people = STAFF.replace("name: Ana Ruiz, team: west, zone: UTC", "name: Ana Ruiz, zone: America/Denver")
    with daemon(people=people) as gritd:
        where = gritd.get("/try/where").json
        check(where["socket"].startswith("ws://127.0.0.1:") and where["socket"].endswith("/try/socket"),
              where["socket"])
        try:
            zone = zoneinfo.ZoneInfo("America/Denver")
        except zoneinfo.ZoneInfoNotFoundError:
            return
        now = datetime.datetime.fromtimestamp(parse_utc(where["now"]), zone)
        equal((now.weekday(), now.hour), (1, 10), "weekday and hour there")
        equal(gritd.get("/try").status, 200, "/try")
        equal(gritd.get("/try/nothing-here").status, 404, "an unknown page")


@suite.case
def hello_comes_before_all_else_and_once():
    """B85: a person hears first that it is a bot, also over a restart and when she writes first."""
    with scratch() as folder:
        configure(folder, LOCAL, limits=LIMITS, people=STAFF, introduction=True)
        gritd = Gritd(folder)
        try:
            gritd.wait_ready()
            ana, ben = Chat(gritd, "ana"), Chat(gritd, "ben")
            asked = question(gritd, ana)
            first = ana.frames("message")[0]
            check(first["text"].startswith("Hello Ana. " + HELLO), first["text"])
            equal(len(first["text"].split("\n")), 3, "lines")
            ana.click(asked, "skip")
            ben.say("resume")
            ben.message("the answer", lambda m: "Welcome back" in m["text"])
            equal([HELLO in one["text"] for one in ben.frames("message")], [True, False], "to who writes first")
            gritd.kill()
            gritd = Gritd(folder).wait_ready()
            ana, ben = Chat(gritd, "ana"), Chat(gritd, "ben")
            ana.say("resume")
            ana.message("the answer", lambda m: "Welcome back" in m["text"])
            question(gritd, ben, "D2", "ben")
            for chat in (ana, ben):
                check(not any(HELLO in one["text"] for one in chat.frames("message")), "a second introduction")
        finally:
            gritd.kill()


@suite.case
def words_typed_wrongly_are_answered_and_nothing_is_lost():
    """Half understood, empty, with emoji, and a choice by number that a kill does not forget."""
    with scratch() as folder:
        configure(folder, LOCAL, limits=LIMITS, people=STAFF)
        gritd = Gritd(folder)
        try:
            gritd.wait_ready()
            chat = Chat(gritd, "ana")
            now = clock(gritd)
            gritd.take(created("D1", "ana", "Acme Renewal", at=now - 60), created("D2", "ana", "Acme Rollout", at=now - 60))
            for words, reply in (("log dinner Acme", "What did you do?"), ("pause a bit", "For how long?"),
                                 ("   ", "there were none in that"), ("topics off beleif", "I do not know the topic"),
                                 ("quiet noon", "Which hours?"), ("less bother", "How many questions a week"),
                                 ("/grit gooals", "I do not know"), ("\N{ROCKET}", "Nothing is waiting"),
                                 ("log call Acme", "Which one do you mean?")):
                chat.say(words)
                chat.message(reply, lambda m: reply in m["text"])
            gritd.kill()
            gritd = Gritd(folder).wait_ready()
            chat = Chat(gritd, "ana")
            chat.say("2")
            chat.message("it", lambda m: "Logged: a call about Acme Rollout." in m["text"])
            chat.say("2")
            chat.message("that it is done", lambda m: "Nothing is waiting" in m["text"])
            equal(len([one for one in gritd.store().journal() if "activity.logged" in json.dumps(one)]), 1, "activities")
        finally:
            gritd.kill()


@suite.case
def handshake_wants_the_subprotocol_and_a_local_origin():
    with daemon() as gritd:
        chat = Chat(gritd, "ana")
        equal(chat.headers.get("sec-websocket-protocol"), "gritd-local", "subprotocol")
        for origin in ("http://127.0.0.1", "http://localhost:8467", "http://127.0.0.1:1"):
            Chat(gritd, "ana", origin=origin)
        for origin in ("https://evil.example", "http://127.0.0.1.evil.example", "null",
                       "http://localhost.evil.example:80", "file://"):
            try:
                Chat(gritd, "ana", origin=origin)
            except Refused:
                continue
            raise Failed(f"a page from {origin} may read the chat")
        for more in ({"subprotocol": None}, {"subprotocol": "other"}):
            try:
                other = Chat(gritd, "ana", **more)
            except Refused:
                continue
            question(gritd, chat, "D9")
            until("the stranger to be closed", lambda: other.closed)
            equal(other.got, [], "frames without the subprotocol")
        where = urllib.parse.urlsplit(gritd.get("/try/where").json["socket"])
        for path in ("/try/socket", "/try/socket?as=", "/try/socket?as=%zz", "/try/socket?as=a%20b",
                     "/elsewhere?as=ana", "/try/socket?as=" + "x" * 4000):
            try:
                WebSocket(where.port, path, "gritd-local")
            except (Refused, OSError):
                continue
            raise Failed(f"{path[:40]} was accepted")
        gritd.alive()


@suite.case
def message_has_the_promised_form():
    with daemon() as gritd:
        chat = Chat(gritd, "ana")
        one = question(gritd, chat)
        equal(sorted(one), ["at", "buttons", "id", "input", "reader", "text", "type"], "members")
        equal(ids(one), ["answer", "later", "skip", "why"], "buttons")
        check(all(sorted(button) >= ["id", "label"] and button["label"] for button in one["buttons"]), one)
        equal(one["input"]["kind"], "text", "kind of input")
        check("options" in one["input"], f"no options: {one['input']}")
        check("you" in one["reader"].lower(), f"who reads it: {one['reader']}")
        check(abs(parse_utc(one["at"]) - clock(gritd)) < 60, f"the time is {one['at']}")


# FM-G01
@suite.case
def a_value_of_the_crm_is_told_as_it_stands():
    """And no script of the pages makes markup of a text."""
    hostile = "<img src=x onerror=alert(1)> [x](javascript:alert(1)) `rm` *b* </script> {{deal.amount}}"
    with daemon() as gritd:
        chat = Chat(gritd, "ana")
        now = clock(gritd)
        gritd.take(created("D1", "ana", hostile, at=now - 60), moved("D1", "ana", "propose", at=now - 30))
        one = chat.message("the question", lambda one: one["input"])
        check(hostile in one["text"], one["text"])
        policy = gritd.get("/try").headers["content-security-policy"]
        check("unsafe" not in policy and "default-src 'none'" in policy, policy)
    scripts = list((source_folder() / "daemon/web").rglob("*.js"))
    check(len(scripts) > 20, f"only {len(scripts)} scripts")
    for script in scripts:
        for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "createContextualFragment", "eval("):
            check(word not in script.read_text(), f"{word} in {script.name}")


@suite.case
def kinds_of_input_and_their_checks():
    kinds = {"scale 1-5": ("scale", "3", "9"), "yes_no": ("yes_no", "yes", "perhaps"),
             "choice [green, red]": ("choice", "red", "blue"), "date": ("date", "2027-02-01", "soon")}
    for form, (kind, good, bad) in kinds.items():
        plugin = ASKING.replace("answer: text", f"answer: {form}")
        with daemon({"asking.yaml": plugin}) as gritd:
            chat = Chat(gritd, "ana")
            one = question(gritd, chat)
            equal(one["input"]["kind"], kind, "kind")
            chat.click(one, "answer", bad)
            chat.message("a correction", lambda m: "Please" in m["text"])
            chat.click(one, "answer", good)
            chat.update("the answer", one, lambda u: f"Your answer: {good}" in u["text"])


@suite.case
def answer_later_skip_and_why():
    with daemon() as gritd:
        chat = Chat(gritd, "ana")
        one = question(gritd, chat, "D1")
        chat.click(one, "why")
        chat.message("the reason", lambda m: "You got this because" in m["text"] and "Deal D1" in m["text"])
        chat.click(one, "answer")
        chat.message("a word about the empty answer", lambda m: "did not get any words" in m["text"])
        chat.click(one, "answer", "They want it quicker")
        done = chat.update("the answer", one)
        check("They want it quicker" in done["text"] and not done["buttons"] and not done["input"], done)
        equal(gritd.store().prompts()[one["id"]]["answer"], "They want it quicker", "stored")
        two = question(gritd, chat, "D2")
        chat.click(two, "skip")
        chat.update("the skip", two, lambda u: "Skipped" in u["text"] and not u["buttons"])
        three = question(gritd, chat, "D3")
        chat.click(three, "later")
        chat.update("the snooze", three, lambda u: "come back" in u["text"])
        move_clock(gritd, clock(gritd) + 3 * 3600)
        back = chat.message("the question again", lambda m: "You asked me to come back" in m["text"])
        check(back["id"] != three["id"] and "Deal D3" in back["text"], back)
        chat.click(back, "answer", "Now I know")
        chat.update("the late answer", back, lambda u: "Now I know" in u["text"])


@suite.case
def words_are_answers_and_commands():
    with daemon() as gritd:
        chat, page = Chat(gritd, "ana"), Chat(gritd, "ana")
        chat.say("help")
        chat.message("help", lambda m: "privacy" in m["text"])
        page.wait_for("the word on the other page", lambda one: one["type"] == "said" and one["text"] == "help")
        one = question(gritd, chat)
        chat.say("In my own words: ça va, “good” & <b>")
        chat.update("the answer", one, lambda u: "ça va, “good” & <b>" in u["text"])
        chat.say("pause 2h")
        chat.message("the pause", lambda m: "nothing from me until" in m["text"])
        gritd.take(created("D2", "ana", at=clock(gritd) - 60), moved("D2", "ana", "propose", at=clock(gritd) - 30))
        chat.say("resume")
        chat.message("the welcome", lambda m: "Welcome back" in m["text"])
        check(not [m for m in chat.messages() if "Deal D2" in m["text"]], "asked while paused")
        chat.say("hepl")
        chat.message("a guess", lambda m: "help" in m["text"] and "Did you mean" in m["text"])


def evidence(gritd, lead, deal="D1"):
    now = clock(gritd)
    gritd.take(created(deal, "ana", "Acme rollout", at=now - 7200), created("D2", "ana", "Birchwood", at=now - 7000),
               event("deal.lost", "ana", deal, at=now - 3600, **{"from": {"canonical": "discover"}}),
               *[logged("D2", "ana", at=now - 3000 + 600 * i) for i in range(3)])
    return lead.message("the card", lambda m: "3 calls" in m["text"])


@suite.case
def card_can_be_sent_edited_skipped_and_denied():
    for button, value, told in (("send", None, True), ("edit", "My own words for you.", True),
                                ("skip", None, False), ("not_true", None, False)):
        with daemon(shipped("grit-praise")) as gritd:
            lead, rep, other = Chat(gritd, "dana"), Chat(gritd, "ana"), Chat(gritd, "ben")
            card = evidence(gritd, lead)
            equal(ids(card), ["send", "edit", "skip", "not_true"], "buttons")
            check("Ana Ruiz" in card["text"], card["text"])
            equal(rep.messages(), [], "messages to the rep before the manager spoke")
            if button == "edit":
                draft = card["input"].get("value") or ""
                check(len(draft) > 20, f"no draft to edit: {card['input']}")
            lead.click(card, button, value)
            closed = lead.update(f"the card after {button}", card)
            equal(closed["buttons"], [], "buttons of the closed card")
            if told:
                praise = rep.message("the praise", lambda m: "Dana Okafor" in m["text"])
                check(value is None or value in praise["text"], praise["text"])
                lead.click(card, button, value)  # once is once
            lead.say("help")
            lead.message("help", lambda m: "privacy" in m["text"])
            equal(len(rep.messages()), 1 if told else 0, f"messages to the rep after {button}")
            equal(other.messages(), [], "messages to a colleague")


@suite.case
def clock_brings_what_falls_due_in_order():
    with daemon(shipped("weekly", "stage-questions")) as gritd:
        ana, ben = Chat(gritd, "ana"), Chat(gritd, "ben")
        now = clock(gritd)
        gritd.take(created("D1", "ana", at=now - 60), moved("D1", "ana", "propose", at=now - 30))
        first = ana.message("the stage question", lambda m: m["input"])
        ana.click(first, "later")
        ana.update("the snooze", first)
        friday, monday = day_at(gritd, 4, 16), day_at(gritd, 0, 9)
        check(friday < monday, "the sandbox begins on a Tuesday")
        answer = move_clock(gritd, monday)
        check(0 <= parse_utc(answer.json["now"]) - monday < 60, "the clock")
        for chat in (ana, ben):
            plan = chat.message("the plan", asked_at(monday))
            look = chat.message("the look back", asked_at(friday))
            whole = chat.messages()
            check(whole.index(look) < whole.index(plan), "Monday came before Friday")
            times = [parse_utc(m["at"]) for m in whole]
            equal(times, sorted(times), "times of the messages")
            chat.wait_for("the clock's frame", lambda one: one["type"] == "clock" and
                          parse_utc(one["at"]) >= monday)
        back = [m for m in ana.messages() if "You asked me to come back" in m["text"]]
        equal([parse_utc(m["at"]) - now < 3 * 3600 for m in back], [True], "the snoozed question")


@suite.case
def clock_never_goes_back():
    with daemon() as gritd:
        chat = Chat(gritd, "ana")
        now = clock(gritd)
        json_type = {"Content-Type": "application/json"}
        for body, status in (({"to": utc(now - 3600)}, 409), ({"to": "soon"}, 400), ({}, 400), ("]", 400),
                             ({"to": 12}, 400), ({"to": utc(now + 1000 * 86400)}, 400)):
            answer = gritd.call("POST", "/try/clock", body, json_type)
            equal(answer.status, status, f"status for {body}")
            check(answer.json["detail"], f"no words for {body}")
        check(now <= clock(gritd) < now + 60, "the clock moved")
        equal(chat.frames("clock"), [], "clock frames")
        check(gritd.get("/try/clock").status in (404, 405), "GET of the clock")


@suite.case
def open_messages_come_first_on_connecting():
    with daemon() as gritd:
        chat = Chat(gritd, "ana")
        one, two, three = (question(gritd, chat, deal) for deal in ("D1", "D2", "D3"))
        chat.click(one, "answer", "Done")
        chat.update("the answer", one)
        chat.say("help")
        chat.message("help", lambda m: "privacy" in m["text"])
        late = Chat(gritd, "ana")
        until("the open ones", lambda: len(late.messages()) >= 3)
        equal([m["id"] for m in late.messages()[:2]], [two["id"], three["id"]], "first messages")
        check(all(m["buttons"] for m in late.messages()[:2]), "open ones without buttons")
        check(not [m for m in late.messages() if m["id"] == one["id"] and m["buttons"]], "an answered one is open")


@suite.case
def open_messages_survive_restart_and_kill():
    with daemon() as gritd:
        chat = Chat(gritd, "ana")
        one, two = question(gritd, chat, "D1"), question(gritd, chat, "D2")
        chat.click(one, "skip")
        chat.update("the skip", one)
        until("all of it in the store", lambda: gritd.metrics()["gritd_store_rows_queued"] == 0)
        later = clock(gritd) + 86400
        move_clock(gritd, later)
        gritd.take(created("D7", "ben", at=later))
        for end in (gritd.stop, gritd.kill):
            end()
            gritd.restart()
            chat = Chat(gritd, "ana")
            found = chat.message("the open question", lambda m: m["id"] == two["id"])
            equal(ids(found), ["answer", "later", "skip", "why"], "buttons")
            equal(chat.messages()[0]["id"], two["id"], "the first message")
            check(not [m for m in chat.messages() if m["id"] == one["id"]], "a skipped one is open")
            check(clock(gritd) >= later, "the clock fell back before what happened")
            equal(Chat(gritd, "ben").messages(), [], "messages to somebody else")
        chat.click(found, "answer", "After all that")
        chat.update("the answer", found, lambda u: "After all that" in u["text"])


FLOW = """\
plugin: short
area: skill
flows:
  gps:
    command: gps
    steps:
      - ask: {id: goal, text: "What is to move?"}
      - ask: {id: owner, text: "Whose goal is it?", answer: "choice [mine, given to me]"}
      - if: {answer.owner: given to me}
        ask: {id: why, text: "What in “{{answer.goal}}” matters to you?"}
      - plan: {id: start, text: "When do you start?"}
"""


@suite.case
def talk_goes_on_after_a_kill_at_every_step_and_can_be_corrected():
    with daemon(plugins={"short.yaml": FLOW}) as gritd:
        chat = Chat(gritd, "ana")

        def again():
            until("all of it in the store", lambda: gritd.metrics()["gritd_store_rows_queued"] == 0)
            gritd.kill()
            gritd.restart()
            return Chat(gritd, "ana")

        chat.say("gps")
        goal = chat.message("the goal", lambda m: m["text"] == "What is to move?")
        equal(ids(goal), ["answer", "later", "skip", "end", "why"], "buttons of a step")
        equal(goal["reader"], "Only you can read your answer.", "the reader")
        chat = again()
        chat.message("the goal again", lambda m: m["id"] == goal["id"])
        chat.click(goal, "answer", "Acme")
        owner = chat.message("whose it is", lambda m: m["text"] == "Whose goal is it?")
        chat.click(owner, "answer", "mine")
        changed = chat.update("the answer", owner, lambda u: "mine" in u["text"])
        equal([(one["id"], one["label"]) for one in changed["buttons"]], [("answer", "Change")], "what is left of them")
        equal(changed["input"]["value"], "mine", "what stands in the form")
        start = chat.message("the plan", lambda m: m["text"] == "When do you start?")
        chat = again()
        chat.click(owner, "answer", "given to me")
        why = chat.message("the other branch", lambda m: "“Acme”" in m["text"])
        chat = again()
        chat.message("the open step", lambda m: m["id"] == why["id"])
        check(not [m for m in chat.messages() if m["id"] == start["id"]], "two steps are open")
        chat.say("The people there")
        start = chat.message("the plan once more", lambda m: m["text"] == "When do you start?")
        chat.click(start, "answer", "After lunch")
        chat.message("the end", lambda m: "Your plan: “After lunch”" in m["text"])
        check("Acme" not in gritd.log(), "an answer is in the log")


@suite.case
def several_pages_of_one_person_agree():
    with daemon() as gritd:
        pages = [Chat(gritd, "ana") for _ in range(3)]
        one = question(gritd, pages[0])
        for page in pages:
            page.message("the question", lambda m: m["id"] == one["id"])
        pages[2].close()
        until("the page to be gone", lambda: pages[2].closed)
        pages[1].click(one, "answer", "From the second page")
        pages[0].click(one, "answer", "From the first page")
        for page in pages[:2]:
            page.update("the answer", one, lambda u: "From the" in u["text"])
        stored = gritd.store().prompts()[one["id"]]["answer"]
        check(stored in ("From the second page", "From the first page"), stored)
        equal(len({m["id"] for m in pages[0].messages() if m["input"]}), 1, "questions")


# FM-J03
@suite.case
def nobody_sees_what_is_not_theirs():
    with daemon() as gritd:
        ana, ben, dana = (Chat(gritd, one) for one in ("ana", "ben", "dana"))
        nobody = Chat(gritd, "nobody")
        one, two = question(gritd, ana, "D1", "ana"), question(gritd, ben, "D2", "ben")
        ana.click(one, "answer", "A private thought")
        ana.update("the answer", one)
        ben.click(one, "skip")  # not his
        ben.message("a word about it", lambda m: "meant for" in m["text"])
        nobody.click(two, "answer", "x")
        nobody.say("help")
        ben.say("help")
        ben.message("help", lambda m: "privacy" in m["text"])
        for chat in (ben, dana, nobody):
            check("Deal D1" not in json.dumps(chat.got) and "A private thought" not in json.dumps(chat.got),
                  f"somebody else sees it: {chat.got}")
        check("Deal D2" not in json.dumps(ana.got), "she sees his")
        equal(nobody.messages(), [], "messages to nobody")
        equal(gritd.store().prompts()[one["id"]]["answer"], "A private thought", "the answer")
        check(not gritd.store().prompts()[two["id"]].get("answer"), "a stranger answered")


@suite.case
def wrong_ids_and_broken_frames_do_no_harm():
    with daemon() as gritd:
        chat = Chat(gritd, "ana")
        one = question(gritd, chat)
        chat.click({"id": "no-such-message"}, "skip")
        chat.message("a word about it", lambda m: "closed already" in m["text"])
        chat.click(one, "no-such-button", "x")
        for frame in ("", "{", "[]", "7", "null", '{"type":"click"}', '{"type":"say"}', '{"type":"say","text":7}',
                      '{"type":"click","message":7,"button":[]}', '{"type":"nothing"}', '{"type":"say","text":""}',
                      '{"type":"click","message":"' + "x" * 2000 + '","button":"skip"}',
                      '{"type":"say","type":"say","text":"twice"}', "[" * 5000):
            chat.send(frame)
        chat.say("x" * 5000)
        chat.wait_for("a word about the length", lambda f: f["type"] == "problem" and "too long" in f["text"])
        chat.say("help")
        chat.message("help", lambda m: "privacy" in m["text"])
        check(not chat.closed, "the connection was closed")
        equal([u for u in chat.frames("update") if u["id"] == one["id"]], [], "changes of the question")
        chat.send('{"type":"say","text":"' + "y" * 200000 + '"}')  # over the frame limit: this page goes, others stay
        until("the page to be closed", lambda: chat.closed)
        Chat(gritd, "ana").message("the question", lambda m: m["id"] == one["id"])
        gritd.alive()


@suite.case
def pages_of_other_sites_cannot_use_the_sandbox():
    with daemon() as gritd:
        before = clock(gritd)
        evil = {"Origin": "https://evil.example", "Content-Type": "text/plain"}
        body = json.dumps({"to": utc(before + 86400)})
        check(gritd.call("POST", "/try/clock", body, evil).status in (403, 404), "a foreign page moves the clock")
        for path in ("/try/state", "/try/where"):
            check(gritd.call("GET", path, None, {"Host": "evil.example"}).status in (403, 404),
                  f"{path} under a foreign name (DNS rebinding)")
        check(clock(gritd) < before + 3600, "the clock moved")
        local = {"Origin": f"http://127.0.0.1:{gritd.port}", "Content-Type": "application/json"}
        equal(gritd.call("POST", "/try/clock", {"to": utc(before + 60)}, local).status, 200, "its own page")


@suite.case
def team_message_stands_in_every_member_s_chat():
    people = STAFF.replace("manager: dana,", "manager: dana, channel: \"#west\",")
    rule = ("plugin: p\narea: skill\nrules:\n  - {rule: news, about: a word to all, when: deal.won, to: team, "
            "tell: A deal was won.}\n")
    with daemon(plugins={"p.yaml": rule}, people=people,
                limits="limits:\n  hours: Mon-Sun 00:00-24:00\n") as gritd:
        chats = [Chat(gritd, who) for who in ("ana", "ben", "dana")]
        gritd.take(created("D1", "ana", "Acme"), event("deal.won", "ana", "D1"))
        for chat in chats:
            got = chat.message("the word to the team", lambda one: one["text"] == "A deal was won.")
            equal((got["reader"], got["buttons"]), ("To the team", []), "how it is marked")


@suite.case
def help_is_asked_for_on_the_page():
    """B65: a talk's last step, the draft with its buttons, and the helper's page."""
    people = STAFF.replace("teams:", "helpers: {practice: ben}\nteams:", 1)
    plugin = ("plugin: p\nabout: A talk about help.\nversion: 1\narea: skill\nflows:\n  support:\n"
              "    about: who could help\n    command: support\n    steps:\n"
              "      - ask: {id: who, kind: activity, answer: \"choice [practice, nothing]\", text: \"Who could help?\"}\n"
              "      - request: {id: what, kind: activity, text: \"What will you ask for?\"}\n")
    with daemon(plugins={"p.yaml": plugin}, people=people) as gritd:
        move_clock(gritd, day_at(gritd, 1, 10))
        ana, ben = Chat(gritd, "ana"), Chat(gritd, "ben")
        ana.say("support")
        first = ana.message("the first step", lambda one: "Who could help" in one["text"])
        ana.click(first, "answer", "practice")
        second = ana.message("the request", lambda one: "ask for" in one["text"])
        ana.click(second, "answer", "ten minutes of objections, by Friday")
        draft = ana.message("the draft", lambda one: "pass this on to Ben Osei" in one["text"])
        equal([one["id"] for one in draft["buttons"]], ["yes", "edit", "no"], "buttons of the draft")
        ana.click(draft, "yes")
        card = ben.message("the request", lambda one: "Ana Ruiz asks for your help" in one["text"])
        equal([one["id"] for one in card["buttons"]], ["accept", "done", "cannot"], "buttons of the helper")
        ben.click(card, "cannot")
        ana.message("the kind no", lambda one: "Who else comes to mind?" in one["text"])
        ben.update("the end", card, lambda one: "no reason is needed" in one["text"])


if __name__ == "__main__":
    suite.run()
