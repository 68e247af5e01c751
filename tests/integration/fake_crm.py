"""fake_crm.py: the CRMs that gritd asks, as far as it asks them: Salesforce, HubSpot's journal and deals, Close's
event log, Pipedrive's list of deals. Strict: a request that the real one would refuse is refused. Standard library
and the openssl command only."""

import base64
import datetime
import http.server
import json
import pathlib
import re
import subprocess
import threading
import time
import urllib.parse

STAGES = [("Prospecting", False, False), ("Needs Analysis", False, False), ("Proposal/Price Quote", False, False),
          ("Signed", True, True), ("Closed Won", True, True), ("Closed Lost", True, False)]


def stamp(at, zone="+0000"):
    """2027-02-21T10:05:04.000+0000"""
    return datetime.datetime.fromtimestamp(at, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.") + \
        f"{int(at * 1000) % 1000:03d}{zone}"


def parse(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00").replace("+0000", "+00:00")).timestamp()


def unbase64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class FakeCrm:
    """All of them behind one port. `trouble` holds what becomes of the next requests whose path has a word in it:
    (word, status, headers, body), or (word, "cut")."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.lock = threading.Lock()
        self.page_size = 2000
        self.requests, self.refusals, self.trouble, self.tokens = [], [], [], set()
        self.on_page = None  # called with the path before a page is answered
        self.client, self.user, self.secret = "3MVG9.consumer", "gritd@example.com", "client-secret"
        self.deals, self.rows, self.tasks, self.meetings = {}, [], [], []
        self.queries = {}
        self.more = []  # (beginning of a path, what answers it) of other CRMs
        self.journal, self.hubspot_deals = [], {}
        self.close_log, self.pipedrive = [], []
        self.key = self.folder / "sf.key"
        subprocess.run(["openssl", "genrsa", "-out", self.key, "2048"], check=True, capture_output=True)
        self.key.chmod(0o600)
        self.public = self.folder / "sf.pub"
        subprocess.run(["openssl", "rsa", "-in", self.key, "-pubout", "-out", self.public], check=True,
                       capture_output=True)
        fake = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, *args):
                pass

            def run(self):
                length = int(self.headers.get("content-length") or 0)
                fake.serve(self, self.rfile.read(length).decode())

            do_GET = do_POST = run

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, request, address):
                pass  # gritd is killed in the middle of it

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    # --- answering ---

    def serve(self, handler, body):
        with self.lock:
            self.requests.append(f"{handler.command} {handler.path}")
            mine = next((one for one in self.trouble if one[0] in handler.path), None)
            if mine:
                self.trouble.remove(mine)
        if mine and mine[1] == "cut":
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"records\":[")
            handler.close_connection = True
            return
        status, headers, answer = mine[1:] if mine else self.answer(handler, body)
        if self.on_page:
            self.on_page(handler.path)
        text = answer if isinstance(answer, str) else json.dumps(answer)
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(text.encode())))
        handler.end_headers()
        handler.wfile.write(text.encode())

    def refuse(self, status, why, answer=None):
        with self.lock:
            self.refusals.append(why)
        return status, {}, answer if answer is not None else {"error": why}

    def answer(self, handler, body):
        path, _, query = handler.path.partition("?")
        query = dict(urllib.parse.parse_qsl(query))
        form = dict(urllib.parse.parse_qsl(body)) if not body.startswith("{") else json.loads(body)
        routes = [("/services/oauth2/token", self.salesforce_token), ("/services/data/", self.salesforce),
                  ("/oauth/v1/token", self.hubspot_token), ("/webhooks-journal/", self.hubspot),
                  ("/journal-file/", self.hubspot_file), ("/crm/v3/objects/deals/", self.hubspot_deal),
                  ("/api/v1/event/", self.close_events), ("/api/v2/deals", self.pipedrive_deals)]
        for prefix, run in self.more + routes:
            if path.startswith(prefix):
                return run(handler, path, query, form)
        return self.refuse(404, f"nothing at {path}")

    def token(self):
        token = f"token-{len(self.tokens) + 1}"
        self.tokens = self.tokens | {token}
        self.valid = token
        return token

    def signed_in(self, handler):
        return handler.headers.get("authorization") == f"Bearer {getattr(self, 'valid', None)}"

    # --- Salesforce ---

    def salesforce_token(self, handler, path, query, form):
        if form.get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer":
            return self.refuse(400, "grant_type", {"error": "unsupported_grant_type"})
        head, claims, signature = form["assertion"].split(".")
        (self.folder / "jwt.sig").write_bytes(unbase64(signature))
        (self.folder / "jwt.txt").write_text(f"{head}.{claims}")
        good = subprocess.run(["openssl", "dgst", "-sha256", "-verify", self.public, "-signature",
                               self.folder / "jwt.sig", self.folder / "jwt.txt"], capture_output=True).returncode == 0
        said = json.loads(unbase64(claims))
        now = time.time()
        if (not good or json.loads(unbase64(head))["alg"] != "RS256" or said["iss"] != self.client or
                said["sub"] != self.user or said["aud"] != self.url or not now < said["exp"] <= now + 181):
            return self.refuse(400, f"assertion {said}",
                               {"error": "invalid_grant", "error_description": "invalid assertion"})
        return 200, {}, {"access_token": self.token(), "instance_url": self.url, "token_type": "Bearer"}

    def salesforce(self, handler, path, query, form):
        if not self.signed_in(handler):
            return self.refuse(401, "session", [{"errorCode": "INVALID_SESSION_ID", "message": "Session expired"}])
        if path.startswith("/services/data/v62.0/query/"):
            name, _, start = path.rsplit("/", 1)[1].partition("-")
            return 200, {}, self.salesforce_page(name, int(start))
        if path not in ("/services/data/v62.0/query", "/services/data/v62.0/queryAll"):
            return self.refuse(404, path, [{"errorCode": "NOT_FOUND"}])
        with self.lock:
            found = self.salesforce_query(query["q"], path.endswith("All"))
            name = f"01g{len(self.queries):012d}"
            self.queries[name] = found
        return 200, {}, self.salesforce_page(name, 0)

    def salesforce_page(self, name, start):
        rows = self.queries[name]
        page = {"totalSize": len(rows), "done": start + self.page_size >= len(rows),
                "records": rows[start:start + self.page_size]}
        if not page["done"]:
            page["nextRecordsUrl"] = f"/services/data/v62.0/query/{name}-{start + self.page_size}"
        return page

    def salesforce_query(self, soql, everything):
        kind = re.findall(r"FROM (\w+)", soql)[-1]
        since = re.search(r">= (\S+Z)", soql)
        since = parse(since[1]) if since else 0
        if kind == "OpportunityStage":
            return [{"ApiName": n, "MasterLabel": n, "IsClosed": c, "IsWon": w} for n, c, w in STAGES]
        if kind == "OpportunityHistory" and "OpportunityId =" in soql:
            return self.salesforce_history(soql, since)
        if kind == "OpportunityHistory":
            assert "ORDER BY CreatedDate, Id" in soql
            return [{k: v for k, v in row.items() if k != "at"} for row in
                    sorted(self.rows, key=lambda row: (row["at"], row["Id"])) if row["at"] >= since]
        if kind == "Opportunity" and " IN (" in soql:
            ids = re.findall(r"'(\w+)'", soql.split(" IN (")[1])
            assert 0 < len(ids) <= 25
            return [self.salesforce_deal(one) for one in ids if one in self.deals and not self.deals[one]["IsDeleted"]]
        if kind == "Opportunity":
            assert everything
            asked = soql.removeprefix("SELECT ").split(" FROM ")[0].split(", ")
            whole = [one | {"SystemModstamp": stamp(one["at"])} for one in self.deals.values() if one["at"] >= since]
            return [{name: one[name] for name in asked} for one in whole]
        if kind == "Task":
            return [one for one in self.tasks if parse(one["SystemModstamp"]) >= since]
        if kind == "Event":
            return [one for one in self.meetings if parse(one["SystemModstamp"]) >= since or
                    since <= parse(one["EndDateTime"]) <= time.time()]
        raise AssertionError(soql)

    def history(self, deal, newest_first):
        return [row for row in sorted(self.rows, key=lambda row: (row["at"], row["Id"]), reverse=newest_first)
                if row["OpportunityId"] == deal]

    @staticmethod
    def without(row):
        return {k: v for k, v in row.items() if k not in ("at", "OpportunityId")}

    def salesforce_history(self, soql, since):
        """Of one deal: the row before a moment, or all since."""
        deal = re.search(r"OpportunityId = '(\w+)'", soql)[1]
        before = re.search(r"CreatedDate < (\S+Z)", soql)
        if before:
            assert soql.endswith("ORDER BY CreatedDate DESC, Id DESC LIMIT 1")
            return [self.without(row) for row in self.history(deal, True) if row["at"] < parse(before[1])][:1]
        assert soql.endswith("ORDER BY CreatedDate, Id")
        return [self.without(row) for row in self.history(deal, False) if row["at"] >= since]

    def salesforce_deal(self, id):
        rows = [self.without(row) for row in self.history(id, True)]
        deal = {k: v for k, v in self.deals[id].items() if k != "at"}
        return deal | {"OpportunityHistories": {"totalSize": len(rows), "done": True, "records": rows[:100]}}

    def move(self, deal, stage, at=None, amount=1000.5, close="2027-03-31", owner="005A00000000001", name=None, late=0):
        """A row of the history; `late`: it is written down only now, though it is of `at`."""
        at = int(at if at is not None else time.time() - 1)
        with self.lock:
            id = f"008{len(self.rows):012d}"
            self.rows.append({"Id": id, "OpportunityId": deal, "StageName": stage, "Amount": amount, "CloseDate": close,
                              "Probability": 10, "CreatedById": owner, "CreatedDate": stamp(at), "at": at})
            self.deals[deal] = {"Id": deal, "Name": name or f"Deal {deal[-2:]}", "OwnerId": owner, "NextStep": None,
                                "StageName": stage, "Account": {"Name": "Harbour Freight"}, "IsDeleted": False, "at": at}
        return id

    # --- HubSpot ---

    def hubspot_token(self, handler, path, query, form):
        if (form.get("grant_type"), form.get("client_id"), form.get("client_secret")) != \
                ("client_credentials", self.client, self.secret) or \
                "developer.webhooks_journal.read" not in form.get("scope", "").split():
            return self.refuse(400, f"client {form}", {"status": "error", "message": "bad client"})
        return 200, {}, {"access_token": self.token(), "token_type": "bearer", "expires_in": 1800}

    def hubspot(self, handler, path, query, form):
        if not self.signed_in(handler):
            return self.refuse(401, "token", {"category": "EXPIRED_AUTHENTICATION", "message": "expired"})
        part = path.removeprefix("/webhooks-journal/journal/2026-03/")
        if part == "earliest":
            at = 0
        else:
            mark = re.fullmatch(r"offset/(mark-\d+)/next", part)
            if not mark:
                return self.refuse(404, path, {"category": "OBJECT_NOT_FOUND"})
            at = int(mark[1].split("-")[1]) + 1
        if at >= len(self.journal):
            return 204, {}, ""
        return 200, {}, {"url": f"{self.url}/journal-file/{at}", "expiresAt": stamp(time.time() + 60, "Z"),
                         "currentOffset": f"mark-{at}"}

    def hubspot_file(self, handler, path, query, form):
        if handler.headers.get("authorization"):
            return self.refuse(400, "a token for a file")
        return 200, {}, {"offset": path, "journalEvents": self.journal[int(path.rsplit("/", 1)[1])],
                         "publishedAt": stamp(time.time(), "Z")}

    def hubspot_deal(self, handler, path, query, form):
        if handler.headers.get("authorization") != "Bearer pat-token":
            return self.refuse(401, "token", {"category": "INVALID_AUTHENTICATION", "message": "bad token"})
        if query.get("propertiesWithHistory") != "dealstage" or "hubspot_owner_id" not in query.get("properties", ""):
            return self.refuse(400, f"query {query}")
        deal = self.hubspot_deals.get(path.rsplit("/", 1)[1])
        return (200, {}, deal) if deal else self.refuse(404, path, {"category": "OBJECT_NOT_FOUND"})

    # --- Close ---

    def close_events(self, handler, path, query, form):
        if handler.headers.get("authorization") != "Basic " + base64.b64encode(b"api_key:").decode():
            return self.refuse(401, "key")
        low, high = parse(query["date_updated__gte"]), parse(query["date_updated__lte"])
        found = [one for one in reversed(self.close_log) if low <= parse(one["date_updated"] + "+00:00") <= high]
        start, size = int(query.get("_cursor") or 0), min(self.page_size, int(query["_limit"]))
        more = str(start + size) if start + size < len(found) else None
        return 200, {}, {"data": found[start:start + size], "cursor_next": more, "cursor_previous": None}

    # --- Pipedrive ---

    def pipedrive_deals(self, handler, path, query, form):
        if handler.headers.get("x-api-token") != "api-token":
            return self.refuse(401, "token", {"success": False, "error": "unauthorized access"})
        low, high = parse(query["updated_since"]), parse(query["updated_until"])
        found = sorted((one for one in self.pipedrive if low <= parse(one["update_time"]) <= high),
                       key=lambda one: one["update_time"])
        start, size = int(query.get("cursor") or 0), min(self.page_size, int(query["limit"]))
        more = str(start + size) if start + size < len(found) else None
        return 200, {}, {"success": True, "data": found[start:start + size], "additional_data": {"next_cursor": more}}
