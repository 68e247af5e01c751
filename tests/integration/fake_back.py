"""fake_back.py: what CRMs answer when gritd reads records back, beside what fake_crm.py knows. As strict: a request
that the real one would refuse is refused."""

import json
import re


class HubSpot:
    """Activities by kind ("calls") and id, and the deals that they belong to; a kind in `forbidden` may not be read."""

    KINDS = ("calls", "emails", "meetings", "notes", "tasks", "communications")

    def __init__(self, crm):
        self.crm, self.records, self.deals, self.forbidden = crm, {kind: {} for kind in self.KINDS}, {}, set()
        self.batches, self.poison = [], None
        crm.more += [("/crm/objects/2026-03/", self.objects), ("/crm/associations/2026-03/", self.associations)]

    def refused(self, handler, kind, body):
        if handler.headers.get("authorization") != "Bearer pat-token":
            return self.crm.refuse(401, "token", {"category": "INVALID_AUTHENTICATION", "message": "bad token"})
        if handler.command != "POST" or handler.headers.get("content-type") != "application/json":
            return self.crm.refuse(405, handler.command)
        if kind not in self.KINDS or not 0 < len(body["inputs"]) <= 100:
            return self.crm.refuse(400, f"{kind} {len(body['inputs'])}", {"category": "VALIDATION_ERROR"})
        if any(one["id"] == self.poison for one in body["inputs"]):
            return 400, {}, {"category": "VALIDATION_ERROR", "message": "what is 666?"}
        if kind in self.forbidden:
            return 403, {}, {"category": "MISSING_SCOPES", "message": "This app hasn't been granted all scopes"}
        return None

    @staticmethod
    def answer(results, errors):
        if errors and not results:
            return 404, {}, errors[0]
        return (207 if errors else 200), {}, {"status": "COMPLETE", "results": results, "errors": errors,
                                              "numErrors": len(errors)}

    @staticmethod
    def missing(sub, ids):
        return [{"status": "error", "category": "OBJECT_NOT_FOUND", "subCategory": sub, "context": {"ids": ids}}] if ids else []

    def objects(self, handler, path, query, body):
        kind = re.fullmatch(r"/crm/objects/2026-03/(\w+)/batch/read", path)[1]
        refused = self.refused(handler, kind, body)
        if refused:
            return refused
        ids = [one["id"] for one in body["inputs"]]
        self.batches.append((kind, ids))
        found = self.records[kind]
        return self.answer([{"id": id, "properties": {name: found[id].get(name) for name in body["properties"]},
                             "archived": False} for id in reversed(ids) if id in found],
                           self.missing("crm.objects.NOT_FOUND", [id for id in ids if id not in found]))

    def associations(self, handler, path, query, body):
        kind = re.fullmatch(r"/crm/associations/2026-03/(\w+)/deals/batch/read", path)[1]
        refused = self.refused(handler, kind, body)
        if refused:
            return refused
        ids = [one["id"] for one in body["inputs"]]
        status, headers, answer = self.answer(
            [{"from": {"id": id}, "to": [{"toObjectId": deal, "associationTypes": [
                {"category": "HUBSPOT_DEFINED", "typeId": 206, "label": None}]} for deal in self.deals[id]]}
             for id in ids if id in self.deals],
            self.missing("crm.associations.NO_ASSOCIATIONS_FOUND", [id for id in ids if id not in self.deals]))
        return (207, {}, {"results": [], "errors": [answer]}) if status == 404 else (status, headers, answer)


class Zoho:
    """Records by module and id, the history of each deal's stage; a module in `forbidden` is out of scope."""

    MODULES = ("Deals", "Calls", "Events", "Tasks")

    def __init__(self, crm):
        self.crm, self.records, self.history, self.forbidden = crm, {name: {} for name in self.MODULES}, {}, set()
        self.refresh = "1000.refresh"
        crm.more += [("/oauth/v2/token", self.token), ("/crm/v7/", self.read)]

    def token(self, handler, path, query, form):
        if form != {"grant_type": "refresh_token", "client_id": self.crm.client, "client_secret": self.crm.secret,
                    "refresh_token": self.refresh}:
            return 200, {}, {"error": "invalid_client" if form.get("client_secret") != self.crm.secret else "invalid_code"}
        return 200, {}, {"access_token": self.crm.token(), "api_domain": self.crm.url, "token_type": "Bearer",
                         "expires_in": 3600}

    def read(self, handler, path, query, form):
        if handler.headers.get("authorization") != f"Zoho-oauthtoken {getattr(self.crm, 'valid', None)}":
            return 401, {}, {"code": "INVALID_TOKEN", "message": "invalid oauth token", "status": "error", "details": {}}
        module, _, rest = path.removeprefix("/crm/v7/").partition("/")
        if module in self.forbidden:
            return 401, {}, {"code": "OAUTH_SCOPE_MISMATCH", "message": "invalid oauth scope to access this URL"}
        if module not in self.MODULES or not query.get("fields"):
            return self.crm.refuse(400, f"{path} {query}", {"code": "REQUIRED_PARAM_MISSING"})
        if rest:
            id = re.fullmatch(r"(\d+)/Stage_History", rest)[1]
            return self.rows(self.history.get(id, []), query)
        ids = query["ids"].split(",")
        if len(ids) > 100:
            return self.crm.refuse(400, f"{len(ids)} ids", {"code": "LIMIT_EXCEEDED"})
        return self.rows([self.records[module][id] | {"id": id} for id in ids if id in self.records[module]], query)

    @staticmethod
    def rows(rows, query):
        if not rows:
            return 204, {}, ""
        return 200, {}, {"data": [{"id": one.get("id")} | {name: one.get(name) for name in query["fields"].split(",")}
                                  for one in rows], "info": {"more_records": False}}


class Dataverse:
    """Rows by table and id; the audit of each opportunity, the newest first, or None: it may not be seen."""

    GUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    TABLES = ("opportunities", "phonecalls", "emails", "appointments", "tasks")

    def __init__(self, crm, secret):
        self.crm, self.secret, self.rows, self.audit = crm, secret, {name: {} for name in self.TABLES}, {}
        crm.more += [("/directory.example/oauth2/v2.0/token", self.token), ("/api/data/v9.2/", self.read)]

    def token(self, handler, path, query, form):
        if form.get("client_secret") != self.secret:
            return 401, {}, {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret provided."}
        if (form.get("grant_type"), form.get("client_id"), form.get("scope")) != \
                ("client_credentials", self.crm.client, f"{self.crm.url}/.default"):
            return self.crm.refuse(400, f"{form}", {"error": "invalid_scope"})
        return 200, {}, {"access_token": self.crm.token(), "token_type": "Bearer", "expires_in": 3599}

    @staticmethod
    def error(status, code, message):
        return status, {}, {"error": {"code": code, "message": message}}

    def read(self, handler, path, query, form):
        if not self.crm.signed_in(handler):
            return self.error(401, "0x80072560", "The user is not a member of the organization.")
        rest = path.removeprefix("/api/data/v9.2/")
        if rest == "RetrieveRecordChangeHistory(Target=@target,PagingInfo=@page)":
            id = re.fullmatch(rf'{{"@odata.id":"opportunities\(({self.GUID})\)"}}', query["@target"])[1]
            if json.loads(query["@page"])["PageNumber"] != 1 or id not in self.rows["opportunities"]:
                return self.crm.refuse(400, f"{query}")
            if self.audit.get(id) is None:
                return self.error(403, "0x80040220", "Principal user is missing prvReadRecordAuditHistory privilege")
            return 200, {}, {"AuditDetailCollection": {"MoreRecords": False, "AuditDetails": [
                {"@odata.type": "#Microsoft.Dynamics.CRM.AttributeAuditDetail", "OldValue": old, "NewValue": new}
                for old, new in self.audit[id]]}}
        table, id = re.fullmatch(rf"(\w+)\(({self.GUID})\)", rest).groups()
        row = self.rows[table].get(id)
        if row is None:
            return self.error(404, "0x80040217", f"{table} With Id = {id} Does Not Exist")
        marks = "Prefer" in handler.headers and handler.headers["Prefer"] == 'odata.include-annotations="*"'
        wanted = query["$select"].split(",")
        return 200, {}, {k: v for k, v in row.items() if k in wanted or (marks and k.partition("@")[0] in wanted)}
