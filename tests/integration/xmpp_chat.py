"""xmpp_chat.py BUILD_FOLDER [CASE...]: gritd on real XMPP servers, Prosody and ejabberd, as people would see it."""

import contextlib
import functools
import os
import random
import re
import signal
import sys
import time

sys.dont_write_bytecode = True
import xmpp_servers  # noqa: E402
from lib import *  # noqa: E402,F403 - the test library is made for this
from xmpp_person import Person  # noqa: E402

suite = Suite()
KILLS_USUAL = 8
KILLS, SEED = int(os.environ.get("XMPP_KILLS", KILLS_USUAL)), random.SystemRandom().randrange(1 << 31)
INSTALLED = [name for name in xmpp_servers.SERVERS if xmpp_servers.installed(name)]


def people_at(ana, ben):
    return ("people:\n" f"  - {{id: ana, name: Ana Ruiz, chat: {ana}@chat.test, zone: UTC}}\n"
            f"  - {{id: ben, name: Ben Osei, chat: {ben}@chat.test, zone: UTC}}\n")


PEOPLE_XMPP = people_at("rep1", "rep2")
# Cases that restart the daemon read what was said in the two minutes before: they have accounts of their own.
OWN_PEOPLE = {"words": people_at("rep3", "rep4"), "kills": people_at("rep5", "rep6"),
              "again": people_at("rep7", "rep8"), "late": people_at("rep6", "rep8")}
RUNNING = {}  # one server of a kind at a time: starting one takes seconds


def server_of(name, **options):
    wanted = (name, tuple(sorted(options.items())))
    if RUNNING.get("what") != wanted:
        stop_server()
        RUNNING.update(what=wanted, server=xmpp_servers.start(name, **options))
    return RUNNING["server"]


def stop_server():
    if RUNNING:
        RUNNING["server"].stop()
        RUNNING.clear()


def on_each(**options):
    """The case is run on each server that is installed."""
    def wrap(run):
        for name in INSTALLED:
            @functools.wraps(run)
            def one(name=name):
                run(server_of(name, **options))
            one.__name__ = f"{run.__name__}_{name}"
            ORDER.append((name, options, one))
        return run
    return wrap


ORDER = []


def xmpp(url, jid="gritbot@chat.test", more=""):
    return (f"chat:\n  platform: xmpp\n  xmpp:\n    url: {url}\n    jid: {jid}\n"
            f"    password: env:GRITD_TEST_XMPP\n{more}")


@contextlib.contextmanager
def office(server, start=True, url=None, password=None, env=None, chat=None, **config):
    with scratch() as folder:
        configure(folder, chat or xmpp(url or server.ws), people=config.pop("people", PEOPLE_XMPP), **config)
        gritd = Gritd(folder, env={"GRITD_TEST_XMPP": password or server.accounts["gritbot"], **(env or {})})
        try:
            if start:
                gritd.wait_ready()
            yield gritd
            if gritd.running():
                equal(gritd.stop(), 0, "exit code after SIGTERM")
            for word in ("AddressSanitizer", "runtime error", "LeakSanitizer"):
                check(word not in gritd.log(), lambda: f"the sanitizer complains: {gritd.log()[-3000:]}")
            check(server.accounts["gritbot"] not in gritd.log(whole=True), "the password is in the log")
        finally:
            gritd.kill()


@contextlib.contextmanager
def person(server, name="rep1"):
    one = Person(server, name)
    try:
        yield one
    finally:
        one.close()


def question(gritd, who, deal, rep="ana"):
    gritd.take(created(deal, rep, f"Deal {deal}"), moved(deal, rep, "propose"))
    return who.hear(f"What has changed for Deal {deal},")


def number_of(message, label):
    """The number that stands for a button."""
    return re.search(r"\[(\d+)\] " + label, message.text)[1]


def in_state(gritd, state):
    return len([one for one in gritd.store().outbox() if one["state"] == state])


def settled(gritd):
    """Nothing on its way, and the store knows it."""
    until("the outbox to be empty", lambda: all(one["state"] == "sent" for one in gritd.store().outbox()), 60)


def once(who, letter):
    """How many questions about deals of this letter the archive holds; Failed when it holds one of them twice."""
    texts = [one.text for one in who.archive() if one.text.startswith(f"What has changed for Deal {letter}")
             and not one.corrects and one.sender.startswith("gritbot")]
    equal(len(set(texts)), len(texts), f"questions that are there twice in {texts}")
    return len(set(texts))


def answer_of(gritd, found):
    return gritd.store().prompts()[found.id].get("answer")


@on_each()
def question_and_answer_go_both_ways(server):
    with office(server) as gritd, person(server) as ana, person(server, "rep2") as ben:
        one = question(gritd, ana, "A1")
        equal(one.origin, one.id, "origin-id")
        equal(len(one.id), 26, "length of the key")
        check("[1]" in one.text, f"no numbers: {one.text}")
        ana.say("They want <it> & soon")
        until("the answer", lambda: answer_of(gritd, one))
        equal(answer_of(gritd, one), "They want <it> & soon", "stored")
        ana.hear("Thank you, noted")
        equal([said for said in ben.said], [], "what somebody else heard")
        check("They want" not in gritd.log(), "the log holds an answer")


HOSTILE = ("<https://evil.example|Acme> [x](javascript:alert(1)) `rm` *b* _i_ > q | a | ]]> </body><html> "
           "&lt;b&gt; {{deal.amount}}")


# FM-G01: markup out of the CRM is words: no element but ours, and they are as they stood.
@on_each()
def no_value_of_the_crm_becomes_markup(server):
    with office(server) as gritd, person(server) as ana:
        gritd.take(created("G1", "ana", f"G1 {HOSTILE}"), moved("G1", "ana", "propose"))
        one = ana.hear("What has changed for G1")
        check(HOSTILE in one.text, one.text)
        frame = next(got for got in ana.socket.got if any(HOSTILE in (part.text or "") for part in got.iter()))
        names = {part.tag.split("}")[-1] for part in frame.iter()}
        check("unstyled" in names, f"the client may make bold of it: {names}")
        check(not names & {"html", "a", "b", "markup", "span"}, f"elements: {names}")
        equal(len([part for part in frame.iter() if part.tag.endswith("}body")]), 1, "bodies")


@on_each()
def numbers_stand_for_buttons_and_a_change_is_a_correction(server):
    with office(server) as gritd, person(server) as ana:
        one = question(gritd, ana, "B1")
        ana.say(number_of(one, "Skip"))
        changed = ana.hear("Skipped")
        equal(changed.corrects, one.id, "what the change stands for")
        check(changed.id != one.id, "the change has a key of its own")
        two = question(gritd, ana, "B2")
        ana.say(number_of(two, "Why"))
        ana.hear("entered", but=[one, two, changed])
        ana.say("Fewer surprises")
        until("the answer", lambda: answer_of(gritd, two) == "Fewer surprises")
        check(not answer_of(gritd, one), "a skip has an answer")


# FM-B01: what the server has is not sent again, what it lacks is, and words come once.
@on_each()
def broken_line_goes_on_without_loss_or_repeat(server):
    with office(server) as gritd, person(server) as ana, person(server, "rep2") as ben:
        question(gritd, ana, "C0")
        settled(gritd)
        server.hold("back")  # the server has it, and we do not hear so
        arrived = question(gritd, ana, "C1")
        server.hold("out")  # this one never leaves
        gritd.take(created("C2", "ben", "Deal C2"), moved("C2", "ben", "propose"))
        until("both to be on their way", lambda: in_state(gritd, "intent") == 2)
        ana.say("Said into a dead line")
        server.cut()
        until("the session to go on", lambda: gritd.metrics()["gritd_chat_signins_total"] == 2)
        ben.hear("What has changed for Deal C2,")
        settled(gritd)
        until("the words", lambda: "Said into a dead line" in [one.get("answer") for one in
                                                              gritd.store().prompts().values()])
        equal((once(ana, "C"), once(ben, "C")), (2, 1), "questions in the archives")
        equal(gritd.metrics()["gritd_sends_unknown_total"], 0, "sends of unknown outcome: the session told all")
        ana.say("help")
        ana.hear("I ask one question at a time")  # and what came before has been heard
        equal([(one.id, one.text) for one in ana.said if "noted" in one.text][1:], [], "thanks beyond the first")
        equal(len([one for one in ana.said if one.id == arrived.id]), 1, "times the question was heard")


# FM-A02: unknown after a kill -9 is looked up, and found or sent once more.
@on_each()
def killed_after_the_server_took_it_it_is_found_in_the_archive(server):
    with office(server) as gritd, person(server) as ana:
        question(gritd, ana, "D0")
        settled(gritd)
        server.hold("back")
        question(gritd, ana, "D1")
        until("the row", lambda: in_state(gritd, "intent") == 1)
        gritd.kill()
        server.cut()
        gritd.restart()
        settled(gritd)
        server.hold("out")
        gritd.take(created("D2", "ana", "Deal D2"), moved("D2", "ana", "propose"))
        until("the row", lambda: in_state(gritd, "intent") == 1)
        gritd.kill()
        server.cut()
        gritd.restart()
        ana.hear("What has changed for Deal D2,")
        settled(gritd)
        equal(once(ana, "D"), 3, "questions in the archive")


# FM-A02: the server ends a session whose name another one takes, so what was held on its way can land no more.
@on_each()
def held_on_its_way_and_let_go_late_it_lands_nowhere(server):
    with office(server, people=OWN_PEOPLE["late"]) as gritd, person(server, "rep8") as ana:
        question(gritd, ana, "M0", "ben")
        settled(gritd)
        late(server, gritd, ana, "M1")
        equal(once(ana, "M"), 2, "questions in the archive")
        if KILLS == KILLS_USUAL:
            return
        # A session of another name ends nothing: here the assumption about late landing is broken on purpose
        configure(gritd.folder, xmpp(server.ws, more="    resource: another\n"), people=OWN_PEOPLE["late"])
        late(server, gritd, ana, "M2")
        until("assumption A1 to break, a message that lands after the quiet period: twice in the archive",
              lambda: len([one for one in ana.archive() if "Deal M2," in one.text]) == 2)


def late(server, gritd, who, deal):
    """A question that is held on its way while gritd is killed and asks again, and is let go only then."""
    known = who.said
    server.hold("out")
    server.hold("back")  # else the relay sees that nobody is there any more, and hangs up
    gritd.take(created(deal, "ben", f"Deal {deal}"), moved(deal, "ben", "propose"))
    until("the row", lambda: in_state(gritd, "intent") == 1)
    gritd.kill()
    gritd.restart()
    who.hear(f"What has changed for Deal {deal},")
    settled(gritd)
    server.flow("out")
    who.say("help")  # there and back once more, so that it had its time
    who.hear("I ask one question at a time", but=known)


@on_each()
def server_that_restarts_leaves_nothing_open(server):
    with office(server) as gritd:
        with person(server) as ana:
            question(gritd, ana, "E0")
            settled(gritd)
            server.hold("back")
            question(gritd, ana, "E1")
            server.cut()
            server.restart()
        settled(gritd)
        until("the look-up", lambda: gritd.metrics()["gritd_chat_signins_total"] >= 2)
        with person(server) as ana:
            equal(once(ana, "E"), 2, "questions in the archive")
            question(gritd, ana, "E2")


@on_each()
def words_said_while_nobody_listened_are_read_later(server):
    """Stopped, and killed: each word comes once, in its order."""
    with (office(server, people=OWN_PEOPLE["words"]) as gritd, person(server, "rep3") as ana,
          person(server, "rep4") as ben):
        one, two = question(gritd, ana, "F1"), question(gritd, ben, "F2", "ben")
        settled(gritd)
        equal(gritd.stop(), 0, "exit code")
        ana.say("Said while it was stopped")
        gritd.restart()
        until("the first answer", lambda: answer_of(gritd, one) == "Said while it was stopped")
        gritd.kill()
        ben.say("Said while it was dead")
        ben.say("help")
        gritd.restart()
        until("the second answer", lambda: answer_of(gritd, two) == "Said while it was dead")
        ben.hear("I ask one question at a time")
        settled(gritd)
        for who in (ana, ben):
            equal(len([said for said in who.said if "noted" in said.text]), 1, f"thanks to {who.name}")
        equal(len([said for said in ben.said if "I ask one question" in said.text]), 1, "helps")


# What is read again from the archive has been heard: it must not answer what was asked since.
@on_each()
def words_heard_before_a_restart_answer_nothing_new(server):
    with (office(server, people=OWN_PEOPLE["again"]) as gritd, person(server, "rep7") as ana):
        one = question(gritd, ana, "L1")
        ana.say("The first words")
        ana.hear("Thank you, noted")
        two = question(gritd, ana, "L2")
        settled(gritd)
        gritd.kill()
        ana.say("help")  # the last in the archive
        gritd.restart()
        ana.hear("I ask one question at a time")
        equal((answer_of(gritd, one), answer_of(gritd, two)), ("The first words", None), "answers")
        said = [event["id"] for event in gritd.store().journal() if event["type"] == "chat.said"]
        equal(len(said), len(set(said)), f"events of the journal that are there twice: {said}")


# FM-B09: no history, no blind resend: the policy holds it, and the operator sees it.
@on_each(mam="off")
def without_an_archive_what_is_unknown_stays_so(server):
    with office(server) as gritd, person(server) as ana:
        question(gritd, ana, "G0")
        settled(gritd)
        server.hold("back")
        question(gritd, ana, "G1")
        gritd.kill()
        server.cut()
        gritd.restart()
        until("the look-up", lambda: "keeps no archive" in gritd.log())
        question(gritd, ana, "G2")
        equal(gritd.metrics()["gritd_outbox_unknown"], 1, "messages that nobody can know about")
        equal(len([one for one in ana.said if "Deal G1," in one.text]), 1, "times it was heard")


@on_each()
def wrong_password_says_what_to_do_and_waits_for_it(server):
    with scratch() as beside:
        secret = write(beside, "password", "not it")
        secret.chmod(0o600)
        chat = xmpp(server.ws).replace("env:GRITD_TEST_XMPP", f"file:{secret}")
        with office(server, start=False, chat=chat) as gritd, person(server) as ana:
            until("the line", lambda: "does not accept the account's name or password" in gritd.log())
            check("check jid and password" in gritd.log(), gritd.log())
            gritd.alive()
            equal(gritd.control("status")["connection"], "refused", "connection")
            equal(gritd.get("/readyz").status, 503, "/readyz")
            gritd.take(created("H1", "ana", "Deal H1"), moved("H1", "ana", "propose"))
            secret.write_text(server.accounts["gritbot"] + "\n")
            gritd.signal(signal.SIGHUP)
            ana.hear("What has changed for Deal H1,")
            settled(gritd)
            # a reload of other things keeps the connection
            gritd.signal(signal.SIGHUP)
            question(gritd, ana, "H2")
            equal(gritd.metrics()["gritd_chat_signins_total"], 1, "sign-ins")


# FM-H04 FM-K04: a domain, a path and a certificate that do not fit, each with what to do.
@on_each()
def what_is_set_wrongly_is_said_in_one_line(server):
    wrong = server.ws.rsplit("/", 1)[0] + "/nothing-here"
    for chat, line in ((xmpp(server.ws, "gritbot@elsewhere.test"), "does not serve the domain"),
                       (xmpp(wrong), "there is no websocket of an XMPP server (HTTP 404); check url"),
                       (xmpp(server.wss, more="    resource: two\n"), "certificate")):
        with office(server, start=False, chat=chat) as gritd:
            until(line, lambda: line in gritd.log())
            gritd.alive()
            equal(gritd.get("/readyz").status, 503, "/readyz")
    for chat, line in ((xmpp("ws://chat.example/ws"), "must be encrypted"),
                       (xmpp(server.ws, "gritbot"), "is not of the form user@domain")):
        with office(server, start=False, chat=chat) as gritd:
            check(gritd.wait() != 0 and line in gritd.log(), gritd.log())


@on_each()
def signs_in_over_tls_with_the_server_s_own_root(server):
    with office(server, url=server.wss, env={"SSL_CERT_FILE": str(server.ca)}) as gritd, person(server) as ana:
        question(gritd, ana, "I1")


@on_each()
def strange_domains_are_kept_out(server):
    people = PEOPLE_XMPP.replace("rep2@chat.test", "rep2@elsewhere.test")
    with office(server, people=people) as gritd, person(server) as ana:
        gritd.take(created("J1", "ben", "Deal J1"), moved("J1", "ben", "propose"))
        until("the refusal", lambda: "chat.xmpp.domains" in gritd.log())
        question(gritd, ana, "J2")
        equal([one["state"] for one in gritd.store().outbox() if one["deal"] == "J1"], ["dead"], "state")


# FM-A01: a sample of kills at random moments, on a real server.
@on_each()
def killed_again_and_again_each_question_is_there_once(server):
    dice = random.Random(SEED)
    with (office(server, listen=f"127.0.0.1:{free_port()}", people=OWN_PEOPLE["kills"]) as gritd,
          person(server, "rep5") as ana):
        answered = []
        for number in range(KILLS):
            gritd.take(created(f"K{number}", "ana", f"Deal K{number}"))
            gritd.take(moved(f"K{number}", "ana", "propose"))
            if dice.random() < 0.3:
                server.cut()
            if dice.random() < 0.5:
                ana.say("help")
                answered.append(number)
            time.sleep(dice.uniform(0, 0.15))  # the random moment itself
            gritd.kill()
            if number % 40 == 39:
                gritd.forget_sign_ins()
            gritd.restart()
        settled(gritd)
        # ejabberd loses some of what reaches an account while one session of it takes another's place: what its own
        # archive of the account does not hold nobody can read
        with person(server, "gritbot") as bot:
            def reached():
                return len({one.id for one in bot.archive() if one.text == "help" and one.sender.startswith("rep5")})
            def helped():
                return len([one for one in ana.said if "I ask one question" in one.text])
            # the archive shows a word a moment after it was passed on
            until("one reply to each help", lambda: helped() == reached(), every=0.5)
            check(reached() == len(answered) or server.name == "ejabberd" and reached() >= len(answered) * 0.9,
                  lambda: f"only {reached()} of {len(answered)} words reached the account")
        equal(once(ana, "K"), KILLS, "questions in the archive")
        heard = [one.id for one in ana.said]
        equal(sorted(set(heard)), sorted(heard), "what was heard twice")


ORDER.sort(key=lambda row: (row[0], sorted(row[1].items())))
for _, _, _run in ORDER:
    suite.case(_run)
if not INSTALLED:
    print("skipped: neither prosody nor ejabberd is installed")
    sys.exit(MISSING)
try:
    suite.run()
finally:
    stop_server()
