#!/usr/bin/env python3
"""The fake Mattermost keeps the rules of the real one that gritd depends on."""
import contextlib
import http.server
import json
import pathlib
import threading
import urllib.parse

from lib import Process, Suite, WebSocket, binary, check, equal, http_call, scratch, until

suite = Suite()
BOT, REP, DM = "b" * 26, "r" * 26, "d" + "r" * 25


class Fake(Process):
    def __init__(self, folder):
        super().__init__([binary("fake_mattermost"), "--users", "5"], pathlib.Path(folder) / "fake.log")
        line = until("the fake to listen", lambda: self.log().split("\n")[0] if "\n" in self.log() else None)
        self.port = int(line.rsplit(":", 1)[1])
        equal(self.post("channels/direct", [BOT, REP]).status, 201, "the direct channel")

    def call(self, method, path, body=None, token="mm-test"):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return http_call(self.port, method, f"/api/v4/{path}", body, headers)

    def get(self, path, **more):
        return self.call("GET", path, **more)

    def post(self, path, body, **more):
        return self.call("POST", path, body, **more)

    def say(self, text="hello", pending="", **more):
        return self.post("posts", {"channel_id": DM, "message": text, "pending_post_id": pending, **more})

    def door(self, path, body=None):
        return http_call(self.port, "GET" if body is None else "POST", f"/_ctl/{path}", body)

    def set(self, **knobs):
        equal(self.door("set", knobs).status, 200, f"knobs {knobs}")

    def act(self, kind, user=REP, **more):
        return self.door("user", {"type": kind, "user": user, **more}).json

    def socket(self, query="", bearer="mm-test"):
        return WebSocket(self.port, f"/api/v4/websocket{query}", bearer=bearer)


@contextlib.contextmanager
def fake():
    with scratch() as folder:
        one = Fake(folder)
        try:
            yield one
        finally:
            one.kill()


class App:
    """What the server calls: keeps the calls, answers as told."""

    def __init__(self):
        self.calls, self.answer = [], {}
        app = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                app.calls.append((dict(self.headers), body))
                text = json.dumps(app.answer).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/mm"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def refused(answer, status, id):
    equal(answer.status, status, f"status of {answer}")
    equal(answer.json["id"], id, "the error's id")
    equal(answer.json["status_code"], status, "its status_code")
    equal(len(answer.json["request_id"]), 26, "length of its request_id")


@suite.case
def errors_have_their_shape():
    with fake() as one:
        refused(one.get("users/me", token="wrong"), 401, "api.context.session_expired.app_error")
        refused(one.get("users/me", token=None), 401, "api.context.session_expired.app_error")
        refused(one.get("nothing/here"), 404, "api.context.404.app_error")
        refused(one.post("posts", "{"), 400, "api.context.invalid_body_param.app_error")
        refused(one.say("x" * 16384), 400, "model.post.is_valid.message_length.app_error")
        refused(one.get(f"channels/{'x' * 26}/posts"), 404, "app.channel.get.existing.app_error")
        one.set(archive=DM)
        refused(one.say(), 400, "api.post.create_post.can_not_post_to_deleted.error")
        one.set(deactivate=BOT)
        refused(one.get("users/me"), 401, "api.context.session_expired.app_error")
        one.set(activate=BOT)
        one.set(revoke="api.context.token_disabled.app_error")
        refused(one.get("users/me"), 401, "api.context.token_disabled.app_error")


@suite.case
def pending_ids_last_a_while():
    with fake() as one:
        first = one.say(pending="p1").json["id"]
        equal(one.say(pending="p1").json["id"], first, "the post of a repeated pending id")
        one.set(pending_ttl_ms=0)
        check(one.say(pending="p1").json["id"] != first, "the pending id was never forgotten")
        one.set(pending_ttl_ms=30000, fail_before_store={"method": "posts.create", "status": 503})
        equal(one.say(pending="p2").status, 503, "the fault")
        equal(one.say(pending="p2").status, 201, "a pending id whose post was never made")
        one.set(hold_ms={"method": "posts.create", "ms": 60000, "store": "after", "count": 1})

        def held():
            with contextlib.suppress(OSError):
                one.say(pending="p3")

        threading.Thread(target=held, daemon=True).start()
        until("the call to be held", lambda: one.door("stats").json["held"] == 1)
        refused(one.say(pending="p3"), 500, "api.post.deduplicate_create_post.pending")


@suite.case
def limits_are_told_in_headers():
    with fake() as one:
        one.set(rate_per_s=1, rate_burst=2)
        good = one.get("users/me")
        equal(good.headers.get("x-ratelimit-limit"), "2", "X-RateLimit-Limit")
        one.get("users/me")
        bad = one.get("users/me")
        equal((bad.status, bad.text), (429, "limit exceeded"), "the refusal")
        check(int(bad.headers.get("retry-after")) > 0, "no Retry-After")


@suite.case
def lists_of_posts():
    with fake() as one:
        ids = [one.say(f"m{n}").json["id"] for n in range(5)]
        base = f"channels/{DM}/posts"
        equal(one.get(base).json["order"], ids[::-1], "newest first")
        equal(one.get(f"{base}?page=1&per_page=2").json["order"], [ids[2], ids[1]], "the second page")
        equal(one.get(f"{base}?after={ids[1]}&per_page=2").json["order"], [ids[3], ids[2]], "what is next to a post")
        start = one.get(f"posts/{ids[0]}").json["create_at"]
        equal(one.call("DELETE", f"posts/{ids[2]}").status, 200, "deleting")
        check(ids[2] not in one.get(base).json["order"], "a deleted post is listed")
        since = one.get(f"{base}?since={start}").json
        check(since["posts"][ids[2]]["delete_at"] > 0, "a list by time does not show what was deleted")
        refused(one.call("PUT", f"posts/{one.act('say', text='mine')['post']}/patch", {"message": "x"}), 403,
                "api.context.permissions.app_error")


@suite.case
def sign_in_by_challenge():
    with fake() as one:
        good = one.socket(bearer=None)
        good.send({"seq": 1, "action": "authentication_challenge", "data": {"token": "mm-test"}})
        good.wait_for("the reply", lambda frame: frame.get("seq_reply") == 1)
        equal([frame.get("event", "reply") for frame in good.got[:2]], ["hello", "reply"], "the order")
        bad = one.socket(bearer=None)
        bad.send({"seq": 1, "action": "authentication_challenge", "data": {"token": "wrong"}})
        until("a wrong token to end it", lambda: bad.closed)
        equal(bad.got, [], "what a wrong token is told")
        one.set(auth_ms=50)
        late = one.socket(bearer=None)
        until("silence to end it", lambda: late.closed)


@suite.case
def requests_over_the_socket():
    with fake() as one:
        link = one.socket()
        link.wait_for("hello", lambda frame: frame.get("event") == "hello")
        link.send({"seq": 1, "action": "authentication_challenge", "data": {"token": "mm-test"}})
        link.send({"seq": 2, "action": "ping"})
        link.wait_for("the pong", lambda frame: frame.get("seq_reply") == 2 and frame["data"]["text"] == "pong")
        check(all(frame.get("seq_reply") != 1 for frame in link.got), "a challenge too many was answered")
        link.send({"seq": 3, "action": "dance"})
        link.wait_for("the refusal", lambda frame: frame.get("seq_reply") == 3 and frame["status"] == "FAIL")
        link.send({"action": "ping"})
        link.wait_for("the refusal of no number", lambda frame: frame.get("error", {}).get("id") ==
                      "api.web_socket_router.bad_seq.app_error")
        link.send("x" * 8193)
        until("a frame of more than 8 KiB to end it", lambda: link.closed)


def dropped(one, link):
    one.door("drop", {"code": 0})
    until("the socket to end", lambda: link.closed)


@suite.case
def resume_needs_header_number_and_ring():
    with fake() as one:
        link = one.socket()
        hello = link.wait_for("hello", lambda frame: frame.get("event") == "hello")
        id = hello["data"]["connection_id"]
        equal((hello["seq"], len(id)), (0, 26), "hello")
        dropped(one, link)
        one.say("while away")
        again = one.socket(f"?connection_id={id}&sequence_number=1")
        replayed = again.wait_for("the replay", lambda frame: frame.get("event") == "posted")
        equal(replayed["seq"], 1, "its number")
        equal(json.loads(replayed["data"]["post"])["message"], "while away", "its post")
        check(all(frame["event"] != "hello" for frame in again.got), "hello after a resume")
        dropped(one, again)
        for query in (f"?connection_id={id}", f"?connection_id={id}&sequence_number=x", "?connection_id=short"):
            until(f"{query} to be closed", lambda link=one.socket(query): link.closed)
        for _ in range(130):
            one.door("push", {"event": "typing", "data": {}})
        late = one.socket(f"?connection_id={id}&sequence_number=2")
        fresh = late.wait_for("a new hello", lambda frame: frame.get("event") == "hello")
        check(fresh["data"]["connection_id"] != id, "the ring never overflows")
        dropped(one, late)
        one.set(notice_ms=60000)  # the server has not noticed yet that the connection is gone
        early = one.socket(f"?connection_id={fresh['data']['connection_id']}&sequence_number=1")
        early.wait_for("a new hello", lambda frame: frame.get("event") == "hello")


def button(app, **context):
    return {"attachments": [{"actions": [{"id": "b0", "name": "Yes", "type": "button",
                                          "integration": {"url": app.url, "context": context}}]}]}


@suite.case
def buttons_call_the_app():
    with fake() as one, App() as app:
        post = one.say("Called?", props=button(app, k="K1")).json["id"]
        app.answer = {"update": {"message": "Thanks."}, "ephemeral_text": "noted"}
        told = one.act("click", post=post, action="b0")
        equal((told["ok"], told["status"]), (True, 200), "the click")
        call = json.loads(app.calls[0][1])
        equal((call["user_id"], call["post_id"], call["context"]), (REP, post, {"k": "K1"}), "what the app is told")
        equal(one.get(f"posts/{post}").json["message"], "Thanks.", "the post afterwards")
        check(any(m["message"] == "noted" for m in one.door("messages").json), "the ephemeral text is lost")
        one.set(refuse_internal=True)
        equal(one.act("click", post=post, action="b0")["ok"], False, "a call to a private address")
        props = button(app)
        props["attachments"][0]["actions"][0]["id"] = "b_0"
        one.say("Called?", props=props)
        equal(one.act("click", post="last", action="b_0").get("error"), "bad_action_id", "an id with a sign in it")


@suite.case
def forms_open_within_the_time_of_a_trigger():
    with fake() as one, App() as app:
        one.say("Called?", props=button(app, k="K1"))
        one.act("click", post="last", action="b0")
        form = {"trigger_id": json.loads(app.calls[0][1])["trigger_id"], "url": app.url,
                "dialog": {"callback_id": "c", "title": "Your step", "state": "S",
                           "elements": [{"display_name": "Step", "name": "value", "type": "textarea"}]}}
        equal(one.post("actions/dialogs/open", form).status, 200, "opening")
        one.act("submit", values={"value": "Call Acme"})
        call = json.loads(app.calls[1][1])
        equal((call["type"], call["state"], call["submission"]), ("dialog_submission", "S", {"value": "Call Acme"}),
              "the submission")
        one.act("cancel")
        equal(json.loads(app.calls[2][1])["cancelled"], True, "a form that was closed")
        form["dialog"]["title"] = "x" * 25
        equal(one.post("actions/dialogs/open", form).status, 400, "a title of 25 characters")
        one.set(trigger_ttl_ms=0)
        until("the trigger to end", lambda: one.post("actions/dialogs/open", form).json["id"] ==
              "interactive_message.decode_trigger_id.expired")


@suite.case
def commands_carry_their_token():
    with fake() as one, App() as app:
        token = one.post("commands", {"team_id": "t" * 26, "trigger": "coach", "url": app.url}).json["token"]
        app.answer = {"text": "Look in our direct message.", "response_type": "ephemeral"}
        equal(one.act("slash", command="/coach", text="goals & plans")["ok"], True, "the command")
        headers, body = app.calls[0]
        equal(headers["Authorization"], f"Token {token}", "the header")
        equal(urllib.parse.parse_qs(body)["text"], ["goals & plans"], "the words")
        equal(one.act("slash", command="/other")["error"], "no_such_command", "an unknown command")


@suite.case
def knobs_with_no_meaning_are_refused():
    with fake() as one:
        equal(one.door("set", {"mute_all": True}).json["knob"], "mute_all", "the knob named")
        equal(one.door("set", {"ping_ms": "often"}).status, 400, "a bad value")


if __name__ == "__main__":
    suite.run()
