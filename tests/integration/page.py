"""page.py BUILD_FOLDER [CASE...]: the manager's page from outside: signing in over the chat, who sees what, and that
nothing opens it but a fresh link."""

import sys

sys.dont_write_bytecode = True
from lib import *  # noqa: E402,F403 - the test library is made for this
from page_office import *  # noqa: E402,F403

suite = Suite()
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def token_of(link):
    return link.split("token=")[1]


def cookie_of(answer):
    return answer.headers.get("set-cookie", "").split(";")[0]


def look(gritd, token):
    return gritd.get(f"/sign-in?token={token}")


def press(gritd, token, cookie=None, form=None, **headers):
    """The button of the page behind the link; with the cookie and the field that it came with."""
    if cookie is None:
        seen = look(gritd, token)
        cookie = cookie_of(seen)
        form = cookie.split("=")[1] if cookie else ""
    return gritd.call("POST", "/sign-in", f"token={token}&form={form}", {**FORM, "Cookie": cookie, **headers})


def sign_in(one, person):
    """The cookie of a session."""
    answer = press(one.gritd, token_of(one.link(person)))
    equal(answer.status, 303, "after the button")
    return cookie_of(answer)


def data(gritd, cookie):
    return gritd.call("GET", "/page/data", None, {"Cookie": cookie})


def is_out(gritd, cookie=""):
    equal(data(gritd, cookie).status, 401, "the figures without a session")
    equal(gritd.call("GET", "/page/csv?table=level", None, {"Cookie": cookie}).status, 401, "a file without one")
    page = gritd.call("GET", "/", None, {"Cookie": cookie})
    check(page.status == 200 and "write <b>page</b> to the bot" in page.text, lambda: f"the page says {page}")


@suite.case
def a_link_works_once():
    with office() as one:
        token = token_of(one.link("kim"))
        for _ in range(3):  # previews of the chat platform
            equal(look(one.gritd, token).status, 200, "a look at the link")
        before = look(one.gritd, token)
        cookie = cookie_of(before)
        answer = press(one.gritd, token)
        equal((answer.status, answer.headers["location"]), (303, "./"), "the button")
        session = cookie_of(answer)
        check("This link is over" in look(one.gritd, token).text, "the used link is not told so")
        equal(look(one.gritd, token).status, 410, "a look at a used link")
        again = press(one.gritd, token, cookie, cookie.split("=")[1])
        equal(again.status, 410, "the button a second time")
        check("Write <b>page</b> to the bot" in again.text, "the way on is not told")
        equal(data(one.gritd, session).status, 200, "the figures")


@suite.case
def a_link_ends_after_ten_minutes_and_a_session_after_twelve_hours():
    with office() as one:
        token, other = token_of(one.link("kim")), token_of(one.link("dana"))
        seen = look(one.gritd, token)
        session = cookie_of(press(one.gritd, other))
        move_clock(one.gritd, one.now() + 601)
        equal(look(one.gritd, token).status, 410, "a look, too late")
        cookie = cookie_of(seen)
        equal(press(one.gritd, token, cookie, cookie.split("=")[1]).status, 410, "the button, too late")
        equal(data(one.gritd, session).status, 200, "the session")
        move_clock(one.gritd, one.now() + 12 * 3600)
        is_out(one.gritd, session)


@suite.case
def forged_cookies_open_nothing():
    with office() as one:
        good = sign_in(one, "kim")
        name, value = good.split("=")
        is_out(one.gritd)
        for forged in ("0" * 64, value[:-1], value + "0", value.upper(), "", "kim", "../" * 20, "a" * 5000,
                       token_of(one.link("kim"))):
            is_out(one.gritd, f"{name}={forged}")
        is_out(one.gritd, f"x{name}={value}")
        equal(data(one.gritd, f"other=1; {good}; more=2").status, 200, "the right one among others")


@suite.case
def forms_need_their_token():
    with office() as one:
        token = token_of(one.link("kim"))
        cookie = cookie_of(look(one.gritd, token))
        form = cookie.split("=")[1]
        for wrong in ({"cookie": "", "form": form}, {"cookie": cookie, "form": ""},
                      {"cookie": cookie, "form": "0" * 64}, {"cookie": "gritd-form=x", "form": "x"}):
            answer = press(one.gritd, token, **wrong)
            equal(answer.status, 403, f"the button with {wrong}")
            check("Once more, please" in answer.text, answer.text[:200])
        for site in ("cross-site", "same-site"):
            equal(press(one.gritd, token, cookie, form, **{"Sec-Fetch-Site": site}).status, 403, f"from {site}")
        answer = press(one.gritd, token, cookie, form, **{"Sec-Fetch-Site": "same-origin"})
        equal(answer.status, 303, "and as it should be: none of that used the link up")
        session = cookie_of(answer)
        out = one.gritd.call("POST", "/sign-out", "form=", {**FORM, "Cookie": session})
        equal(out.status, 403, "signing out without the token")
        equal(data(one.gritd, session).status, 200, "the figures after that")
        page = one.gritd.call("GET", "/", None, {"Cookie": session}).text
        mine = re.search(r'name="form" value="([0-9a-f]{64})"', page)[1]
        out = one.gritd.call("POST", "/sign-out", f"form={mine}", {**FORM, "Cookie": session})
        equal(out.status, 303, "signing out")
        is_out(one.gritd, session)


@suite.case
def answers_are_guarded():
    with office(more="public_url: https://grit.example.com\n") as one:
        link = one.link("kim")
        check(link.startswith("https://grit.example.com/sign-in?token="), link)
        token = token_of(link)
        seen = look(one.gritd, token)
        answer = press(one.gritd, token)
        for got in (seen, answer):
            cookie = got.headers["set-cookie"]
            for word in ("__Host-gritd-", "; Path=/", "; HttpOnly", "; SameSite=Strict", "; Secure"):
                check(word in cookie, f"{word} is missing in {cookie}")
        check("Max-Age=43200" in answer.headers["set-cookie"], "twelve hours")
        session = cookie_of(answer)
        for path in ("/", "/page/data", "/page/csv?table=mix"):
            got = one.gritd.call("GET", path, None, {"Cookie": session})
            equal(got.status, 200, path)
            policy = got.headers["content-security-policy"]
            check("default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy, policy)
            equal(got.headers["cache-control"], "no-store", f"{path}: Cache-Control")
            equal(got.headers["x-frame-options"], "DENY", f"{path}: X-Frame-Options")
            equal(got.headers["x-content-type-options"], "nosniff", f"{path}: X-Content-Type-Options")
            equal(got.headers["referrer-policy"], "no-referrer", f"{path}: Referrer-Policy")
        check("<script>" not in one.gritd.call("GET", "/", None, {"Cookie": session}).text, "a script in the page")
        equal(one.gritd.get("/page/../page/page.html").status, 404, "the page's file itself")
        equal(one.gritd.call("GET", "/page/csv?table=nothing", None, {"Cookie": session}).status, 404, "an unknown table")
        equal(one.gritd.get("/sign-out").status, 405, "GET of what is only posted")


@suite.case
def wrong_links_are_limited_and_right_ones_are_not():
    with office() as one:
        token = token_of(one.link("kim"))
        cookie = cookie_of(look(one.gritd, token))
        form = cookie.split("=")[1]
        got = [press(one.gritd, "f" * 64, cookie, form).status for _ in range(40)]
        check(got[0] == 410 and got[-1] == 429 and sorted(set(got)) == [410, 429], got)
        equal(press(one.gritd, token, cookie, form).status, 303, "the right one")


@suite.case
def only_managers_get_a_link():
    with office() as one:
        chat = one.chat("west0")
        chat.say("page")
        text = chat.wait_for("an answer", lambda found: found["type"] == "message")["text"]
        check("for managers" in text and "sign-in" not in text and "[link]" not in text, text)
        chat = one.chat("kim")
        chat.say("help")
        check("; page\n" in chat.wait_for("help", lambda found: found["type"] == "message")["text"], "help of a manager")


@suite.case
def who_is_no_manager_any_more_is_out():
    with office() as one:
        session = sign_in(one, "dana")
        equal(data(one.gritd, session).status, 200, "before")
        people = PEOPLE.replace("manager: dana", "manager: emil").replace("Dana Boss, role: manager", "Dana Boss")
        write(one.gritd.folder, "people.yaml", people)
        check(one.gritd.control("reload").get("ok"), "the reload")
        is_out(one.gritd, session)


@suite.case
def a_restart_signs_everybody_out_and_leaves_no_token_behind():
    with office() as one:
        link = one.link("kim")
        token, session = token_of(link), sign_in(one, "kim")
        value = session.split("=")[1]
        until("the messages to be stored", lambda: len(one.gritd.store().outbox()) >= 2)
        for file in one.gritd.folder.glob("gritd.*"):
            kept = file.read_bytes()
            for secret in (token, value, "sign-in?token"):
                check(secret.encode() not in kept, f"a token is in {file.name}")
        equal(one.gritd.stop(), 0, "exit code")
        one.gritd.restart()
        one.chats.clear()
        is_out(one.gritd, session)
        equal(look(one.gritd, token).status, 410, "the link after a restart")


@suite.case
def each_manager_sees_the_own_teams():
    with office() as one:
        one.quarter(6)
        seen = {who: data(one.gritd, sign_in(one, who)) for who in ("dana", "emil", "nora", "kim")}
        for who, answer in seen.items():
            equal(answer.status, 200, who)
            for word in ["Canary", "CANARYWORDS"] + REPS:
                check(word not in answer.text, f"{word} is on the page of {who}")
        teams = {who: {row[0] for table in answer.json["tables"] if table["id"] == "attention" for row in table["rows"]}
                 for who, answer in seen.items()}
        equal(teams["dana"], {"West"}, "of dana")
        equal(teams["emil"], {"East"}, "of emil")
        equal(teams["kim"], {"West", "East", "North", "all reps", "managers"}, "of kim")
        equal(seen["dana"].json["reps"], 9, "people of dana")
        equal(seen["nora"].json["reps"], None, "three people are not counted")
        rules = next(table for table in seen["nora"].json["tables"] if table["id"] == "rules")
        check(rules["rows"] and all(row[1] == {"is": "hidden"} for row in rules["rows"]), rules["rows"])


@suite.case
def gritctl_report_gives_the_same_tables():
    with office() as one:
        one.quarter(6)

        def gritctl(table, *more, code=0):
            got = subprocess.run([binary("gritctl"), "--config", str(one.gritd.folder / "gritd.yaml"), "report", "--csv",
                                  table, *more], capture_output=True, text=True, timeout=WAIT_S, check=False)
            equal(got.returncode, code, f"exit code: {got.stderr}")
            return got

        session = sign_in(one, "kim")  # who leads everybody
        to = data(one.gritd, session).json["to"]
        for table in ("rules", "mix", "praise", "attention"):
            page = one.gritd.call("GET", f"/page/csv?table={table}", None, {"Cookie": session})
            mine = [line for line in gritctl(table, "--to", to).stdout.splitlines() if not line.startswith("managers")]
            equal(mine, [line for line in page.text.splitlines() if not line.startswith("managers")], table)
        check("did you mean 'rules'" in gritctl("ruels", code=2).stderr, "the nearest table")


@suite.case
def without_an_address_the_chat_says_so():
    with scratch() as folder:
        fake = Fake(folder)
        try:
            for more, wanted in (("", "no address yet"), ("public_url: http://grit.example.com/coach\n",
                                                         "http://grit.example.com/coach/sign-in?token=")):
                configure(folder, slack_chat(fake.api), more=more)
                gritd = Gritd(folder)
                try:
                    gritd.wait_ready()
                    before = len(fake.from_bot("U3"))
                    fake.act("say", "U3", text="page")
                    got = until("an answer", lambda: fake.from_bot("U3")[before:])
                    check(wanted in json.dumps(got[0]) and "[link]" not in json.dumps(got[0]), got[0])
                    equal(gritd.stop(), 0, "exit code")
                finally:
                    gritd.kill()
        finally:
            fake.kill()


suite.run()
