"""The API and its description agree, both ways: every operation is asked, every answer is one that the document has, every code it names was
seen or has a reason why it cannot be, and requests made from the schemas, right and wrong, never break the server.

contract_test.py                        what CI runs
contract_test.py --requests 50000 --seed 7    more of the last part
"""
import argparse
import contextlib
import copy
import json
import pathlib
import re
import socket
import sys
import threading
import time
import unittest

from contract import METHODS, Client, Contract, Mismatch
from contract_fuzz import Fuzz
from support import Folder, Receiver, Tocsin, free_port, until

REQUESTS = 2000
SEED = 20261121
CONFIG = """
version: 1
project: {{ id: shop, name: Shop }}
defaults: {{ interval: 1s, timeout: 1s }}
server: {{ rate_limit: {{ per_second: 1000000, burst: 1000000 }}, reach: {{ allow: [127.0.0.0/8, "::1/128"] }}, dns: {{ servers: ["127.0.0.1:{closed}"] }} }}
channels:
  ops: {{ type: webhook, url: "http://127.0.0.1:{hook}/hook", secret: "${{env:HOOK_SECRET}}" }}
monitors:
  of-file: {{ target: "127.0.0.1:{open}", tags: [prod], group: Shop, assert: [ 'response_data contains "hello"', 'response_time < 900ms' ],
             request: [ {{ send: "PING\\r\\n" }}, {{ expect: {{ regex: "h.llo", refuse: ["^5"] }} }} ] }}
  broken:  {{ target: "127.0.0.1:{closed}", channels: [ops], degraded_after: 100ms, fail_after: 500ms, retry: {{ strategy: fixed, base: 1s, max: 1 }},
             alert: {{ locations: {{ percent: 50 }}, reminders: {{ every: 10m, count: 3 }}, escalate: [ {{ after: 15m, channels: [ops] }} ] }} }}
  hushed:  {{ target: "127.0.0.1:{closed}", muted: true, channels: [ops], tls: direct }}
"""
PASSWORD = "correct horse battery"

# What no honest request brings about. All else that the document names must be seen.
NEVER_SEEN = {
    "io": "the disk would have to fail", "corrupt": "the store would have to be damaged", "newer_version": "the store would have to be newer",
    "internal": "a mistake of ours", "method_not_allowed": "another method is no operation; EveryRoute asks for it", "busy": "takes a thousand requests at once", "unavailable": "only while the server stops",
    "disk_full": "the disk would have to be full", "request_timeout": "takes 10 s",
    "conflict": "of a race but where it is tried below", "still_running": "needs a slow answer; tried with a probe",
    "too_many_channels": "takes a thousand channels", "too_many_tests": "needs a slow receiver",
    "too_many_requests": "the limit would stand in the way here; rate_limit_test", "no_pages": "of a build without pages; accounts_test",
    "notices_waiting": "needs a dead receiver that nobody names any more; channel_stories_test, channels_test.cpp",
}


class Greeter:
    """Says hello to who says PING, and keeps silent otherwise."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.greet, args=(client,), daemon=True).start()

    @staticmethod
    def greet(client):
        with client:
            try:
                if client.recv(100).startswith(b"PING"):
                    client.sendall(b"hello\r\n")
                else:
                    client.recv(100)
            except OSError:
                pass

    def close(self):
        self.listener.close()


class WithServer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(Folder())
        cls.greeter = cls.enterClassContext(contextlib.closing(Greeter()))
        cls.hook = cls.enterClassContext(Receiver())
        cls.closed = free_port()
        cls.server = cls.enterClassContext(Tocsin(folder, CONFIG.format(open=cls.greeter.port, closed=cls.closed, hook=cls.hook.port)))
        cls.tokens = {scope: cls.server.make_token(scope) for scope in ("read", "write", "admin")}
        status, document = cls.server.get("/api/v1/openapi.json", auth=False)
        assert status == 200, document
        cls.document = document
        cls.contract = Contract(document)
        cls.client = Client(cls.server, cls.contract)

    def ask(self, wanted, method, path, body=None, by="admin", **more):
        headers = {**({"Authorization": f"Bearer {self.tokens[by]}"} if by else {}), **more.pop("headers", {})}
        target = path if path.startswith(("/livez", "/readyz", "/metrics", "/assets", "/incidents/", "/docs/", "/api/", "/?")) or path == "/" else f"/api/v1/{path}"
        answer = self.client.ask(method, target, body, headers, **more)
        self.assertEqual(answer.status, wanted, f"{method} {target}: {answer.body!r:.600}")
        return answer

    def refuse(self, status, code, method, path, body=None, **more):
        answer = self.ask(status, method, path, body, **more)
        self.assertEqual(answer.body["code"], code, answer.body)


class EveryOperation(WithServer):
    """In the order of a day: set up, make, watch, read, change, remove. Then every way to be refused."""

    def test_the_document_is_kept(self):
        monitors_and_their_refusals(self)
        results(self)
        incidents_and_alerts(self)
        if "/api/v1/channels" in self.document["paths"]:
            channels(self)
        accounts(self)
        about_the_server(self)
        every_usual_refusal(self)
        self.nothing_was_left_out()

    def nothing_was_left_out(self):
        has_pages = ("getPages", 200, "text/html") in self.contract.seen
        missing = []
        for name, (_, _, operation) in self.contract.operations.items():
            if not any(seen[0] == name for seen in self.contract.seen):
                missing.append(f"{name} was not asked")
            for status, described in operation["responses"].items():
                content = self.contract.resolve(described).get("content", {"": {}})
                for media, known in content.items():
                    missing += self.missing_of(name, operation, status, media, known, has_pages)
        self.assertEqual(missing, [], "in the document and never seen")

    def missing_of(self, name, operation, status, media, known, has_pages):
        if operation["operationId"] in ("getApiDocs", "followIncidentLink") and status == "404" and has_pages:
            return []
        if (operation["operationId"], status) == ("getSetupLink", "200") and not has_pages:
            return []
        if media == "application/problem+json":
            codes = known["schema"]["allOf"][1]["properties"]["code"]["enum"]
            return [f"{name} {status} {code}" for code in codes
                    if code not in NEVER_SEEN and not any(seen[0] == name and seen[2] == code for seen in self.contract.codes)]
        if operation["tags"] == ["Pages"] and (not has_pages or media == "text/plain"):
            return []  # built without pages there are none, and with them no plain line
        if (name, status) == ("getReadiness", "503"):
            return []  # the server would have to be unwell
        if media == "*/*":
            media = next((seen[2] for seen in self.contract.seen if seen[:2] == (name, int(status))), media)
        return [] if (name, int(status), media) in self.contract.seen else [f"{name} {status} {media}"]


def monitors_and_their_refusals(t):
    port = t.greeter.port
    hello = {"id": "hello", "name": "Hello", "target": f"127.0.0.1:{port}", "interval": "1s", "timeout": "1s", "tags": ["prod"],
             "request": [{"send": "PING\r\n"}, {"send": {"hex": "00ff"}}, {"expect": "hello"}]}
    t.ask(200, "POST", "monitors?dry_run=true", hello)
    t.ask(200, "POST", "monitors?dry_run=true", {"target": "nowhere"})
    made = t.ask(201, "POST", "monitors", hello, headers={"Idempotency-Key": "walk-1"})
    again = t.ask(201, "POST", "monitors", hello, headers={"Idempotency-Key": "walk-1"})
    t.assertEqual(again.headers["idempotency-replayed"], "true")
    t.ask(201, "POST", "monitors", {"id": "many", "host": "127.0.0.1", "for_each": [port, t.closed]})
    t.refuse(409, "id_taken", "POST", "monitors", hello)
    t.refuse(422, "validation_failed", "POST", "monitors", {"target": "unix:/run/x", "prot": 1})
    until("it is up", lambda: t.ask(200, "GET", "monitors/hello").body["status"] == "up")
    until("the broken one is down", lambda: t.ask(200, "GET", "monitors/broken").body["status"] == "down")
    for query in ("", "?limit=1", "?fields=status,error", "?status=up&tag=prod&group=&owner=ui&project=&search=hello"):
        t.ask(200, "GET", "monitors" + query)
    t.ask(200, "GET", "monitors?limit=1&cursor=" + t.ask(200, "GET", "monitors?limit=1").body["next_cursor"])
    t.refuse(422, "validation_failed", "GET", "monitors?cursor=x")
    for query in ("", "?fields=status"):
        t.ask(200, "GET", "monitors" + query, headers={"Accept": "application/x-ndjson"})
    for path in ("tags", "groups", "summary", "export", "export?format=json"):
        t.ask(200, "GET", path)

    etag = t.ask(200, "GET", "monitors/hello").headers["etag"]
    t.ask(200, "PUT", "monitors/hello", {"target": hello["target"], "interval": "2s", "tls": {"mode": "off"}, "alert": {"after_runs": 3}},
          headers={"If-Match": etag})
    t.ask(200, "PATCH", "monitors/hello", {"name": "Hello again", "retry": {"strategy": "linear", "base": "1s"}, "alert": None,
                                           "request": [{"send": {"hex": "00ff"}}]})
    t.ask(200, "PUT", "monitors/hello?dry_run=true", {"target": hello["target"], "interval": "2s"})
    t.ask(200, "PATCH", "monitors/hello?dry_run=true", {"interval": 5})
    t.ask(200, "PATCH", "monitors/hello", {"name": None}, headers={"Content-Type": "application/merge-patch+json"})
    for method, body in (("PUT", hello), ("PATCH", {"name": "x"}), ("DELETE", None)):
        body = {k: v for k, v in body.items() if k != "id"} if body else None
        t.refuse(412, "revision_differs", method, "monitors/hello", body, headers={"If-Match": etag})
        t.refuse(409, "owned_by_project", method, "monitors/of-file", body)
        t.refuse(404, "not_found", method, "monitors/nobody", body)
    for action in ("pause", "resume", "mute", "unmute", "run"):
        t.ask(200, "POST", f"monitors/of-file/{action}")
        t.refuse(404, "not_found", "POST", f"monitors/nobody/{action}")
    t.ask(200, "POST", "monitors/hello/pause")
    t.refuse(409, "conflict", "POST", "monitors/hello/run")
    t.ask(200, "POST", "monitors/hello/resume", {})

    t.ask(201, "POST", "monitors/hello/clone", {"id": "copy"})
    t.refuse(409, "id_taken", "POST", "monitors/hello/clone", {"id": "copy"})
    t.refuse(404, "not_found", "POST", "monitors/nobody/clone")
    t.refuse(409, "owned_by_project", "POST", "monitors/of-file/clone")
    operator = t.client.ask("POST", "/api/v1/monitors", {"id": "local", "target": "unix:/nowhere"}, local=True)
    t.assertEqual(operator.status, 201, operator.body)
    t.refuse(409, "operator_only", "POST", "monitors/local/clone")
    t.ask(200, "POST", "monitors/batch", {"action": "add_tag", "ids": ["copy", "of-file", "nobody"], "tag": "bulk"})
    for action in ("pause", "resume", "mute", "unmute", "run", "remove_tag", "delete"):
        t.ask(200, "POST", "monitors/batch", {"action": action, "ids": ["copy"], "tag": "bulk"})

    uid = made.body["uid"]
    t.ask(204, "DELETE", "monitors/hello")
    t.refuse(404, "not_found", "GET", "monitors/hello")
    t.refuse(404, "not_found", "POST", "monitors/nobody/restore")
    t.refuse(409, "owned_by_project", "POST", "monitors/of-file/restore")
    # A file takes the id meanwhile.
    before = t.server.config.read_text()
    t.server.write_config(before + f'  hello: {{ target: "127.0.0.1:{t.closed}" }}\n')
    t.ask(200, "POST", "reload")
    t.refuse(409, "id_taken", "POST", f"monitors/{uid}/restore")
    t.server.write_config(before)
    t.ask(200, "POST", "reload")
    t.ask(200, "POST", f"monitors/{uid}/restore")


def results(t):
    until("there are some", lambda: len(t.server.results("broken")) > 3)
    page = t.ask(200, "GET", "monitors/broken/results?attempts=all&limit=2").body
    t.ask(200, "GET", f"monitors/broken/results?attempts=all&limit=2&cursor={page['next_cursor']}")
    t.ask(200, "GET", "monitors/broken/results?verdict=failed&error=tcp_refused&location=local&from=2026-01-01T00:00:00Z&to=2099-01-01T00:00:00Z")
    for media in ("text/csv", "application/x-ndjson"):
        t.ask(200, "GET", "monitors/broken/results", headers={"Accept": media})
        limited = t.ask(200, "GET", "monitors/broken/results?limit=1", headers={"Accept": media})
        t.assertIn("x-next-cursor", limited.headers)
    t.refuse(404, "not_found", "GET", "monitors/nobody/results")
    for monitor in ("of-file", "broken", "hushed"):
        newest = t.ask(200, "GET", f"monitors/{monitor}/results?limit=1").body["data"][0]["id"]
        t.ask(200, "GET", f"monitors/{monitor}/results/{newest}")
    t.refuse(404, "not_found", "GET", "monitors/of-file/results/nothing")
    for span in ("1h", "6h", "24h", "7d", "30d", "90d"):
        t.ask(200, "GET", f"monitors/broken/stats?range={span}")
    t.refuse(404, "not_found", "GET", "monitors/nobody/stats")
    t.ask(200, "GET", "heartbeats?ids=of-file,broken,nobody&count=5")

    probe = {"target": f"127.0.0.1:{t.greeter.port}", "request": [{"send": "PING"}, {"expect": "hello"}], "timeout": "1s"}
    t.ask(200, "POST", "probe", probe)
    t.ask(200, "POST", "probe", {"target": f"127.0.0.1:{t.closed}", "tls": "direct"})
    stream = t.ask(200, "POST", "probe", probe, headers={"Accept": "text/event-stream"}, until_event="event: result")
    t.assertIn("event: phase", stream.body)
    slow = {"target": f"127.0.0.1:{t.greeter.port}", "request": [{"send": "x"}, {"expect": "never"}], "timeout": "1500ms"}
    crowd = Crowd(t, slow)
    t.assertIn((429, "too_many_probes"), crowd.answers)
    t.assertIn((409, "still_running"), crowd.answers)


class Crowd:
    """Many slow probes at once, two with one key."""

    def __init__(self, t, body):
        self.answers = []
        bearer = {"Authorization": f"Bearer {t.tokens['admin']}"}

        def ask(headers):
            answer = t.client.ask("POST", "/api/v1/probe", body, {**bearer, **headers})
            self.answers.append((answer.status, answer.body.get("code")))

        keys = [{"Idempotency-Key": "crowd"}] * 2 + [{}] * 30
        threads = [threading.Thread(target=ask, args=(headers,)) for headers in keys]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def incidents_and_alerts(t):
    page = t.ask(200, "GET", "incidents?limit=1&open=true&monitor=broken").body
    t.ask(200, "GET", "incidents?limit=1")
    t.refuse(404, "not_found", "GET", "incidents?monitor=nobody")
    incident = page["data"][0]["id"]
    t.ask(200, "GET", f"incidents?cursor={incident}")
    t.ask(200, "POST", f"incidents/{incident}/acknowledge", {"note": "looking"})
    t.ask(200, "POST", f"incidents/{incident}/note", {"note": "found it"})
    until("it was told", lambda: t.hook.notices("monitor.down", "broken"))
    until("its delivery is kept", lambda: any(one["log"] for one in t.ask(200, "GET", f"incidents/{incident}").body["deliveries"]))
    nobody = "019aa5c8-9b2a-7c3e-8a4d-1f2e3d4c5b6a"
    t.refuse(404, "not_found", "GET", f"incidents/{nobody}")
    t.refuse(404, "not_found", "POST", f"incidents/{nobody}/acknowledge")
    t.refuse(404, "not_found", "POST", f"incidents/{nobody}/note", {"note": "x"})
    alerts = t.ask(200, "GET", "alerts?monitor=broken&channel=ops&limit=1").body
    for state in ("waiting", "delivered", "dead", "suppressed"):
        t.ask(200, "GET", f"alerts?state={state}")
    t.refuse(404, "not_found", "GET", "alerts?monitor=nobody")
    t.ask(200, "GET", "alerts/" + alerts["data"][0]["key"])
    t.refuse(404, "not_found", "GET", "alerts/00")
    for event in ("monitor", "incident", "alert", "removed"):
        worker = threading.Timer(0.3, lambda: stir(t))
        worker.start()
        t.ask(200, "GET", f"events?topics={'monitor' if event == 'removed' else event}", until_event=f"event: {event}\n")
        worker.join()
    t.ask(200, "GET", "events", headers={"Last-Event-ID": "long-ago-1"}, until_event="event: reset")


def stir(t):
    """Something of every kind happens: a monitor is made, falls, is told about and removed."""
    bearer = {"Authorization": f"Bearer {t.tokens['admin']}"}
    t.client.ask("POST", "/api/v1/monitors", {"id": "stirred", "target": f"127.0.0.1:{t.closed}", "interval": "1s", "timeout": "1s",
                                              "channels": ["ops"]}, bearer)
    until("it is down", lambda: t.client.ask("GET", "/api/v1/monitors/stirred", None, bearer).body.get("status") == "down")
    time.sleep(0.2)  # nothing is decided by it: the events have their second
    t.client.ask("DELETE", "/api/v1/monitors/stirred", None, bearer)


def channels(t):
    url = f"http://127.0.0.1:{t.hook.port}/hook"
    hook = {"id": "hook", "type": "webhook", "url": url, "secret": "an-end-to-end-secret-of-32-bytes", "headers": {"X-Team": "shop"}}
    mail = {"id": "mail", "type": "email", "to": ["a@example.com"], "from": "t@example.com", "smtp": {"host": "127.0.0.1", "port": t.closed}}
    etag = t.ask(201, "POST", "channels", hook).headers["etag"]
    t.ask(201, "POST", "channels", mail)
    t.refuse(409, "id_taken", "POST", "channels", hook)
    t.ask(200, "GET", "channels")
    t.ask(200, "GET", "channels/hook")
    t.refuse(404, "not_found", "GET", "channels/nobody")
    whole = {name: value for name, value in hook.items() if name != "id"}
    t.ask(200, "PUT", "channels/hook", {**whole, "name": "Hook"}, headers={"If-Match": etag})
    t.ask(200, "PATCH", "channels/hook", {"name": "Hooks"})
    t.ask(200, "PATCH", "channels/hook", {"name": None}, headers={"Content-Type": "application/merge-patch+json"})
    for method, body in (("PUT", whole), ("PATCH", {"name": "x"}), ("DELETE", None)):
        t.refuse(412, "revision_differs", method, "channels/hook", body, headers={"If-Match": etag})
        t.refuse(409, "owned_by_project", method, "channels/ops", body)
        t.refuse(404, "not_found", method, "channels/nobody", body)
    t.ask(200, "POST", "channels/hook/test")
    t.ask(200, "POST", "channels/mail/test")
    t.refuse(404, "not_found", "POST", "channels/nobody/test")
    for kind in ("webhook", "email"):
        t.ask(200, "POST", "channels/preview", {"type": kind, "event": "monitor.down"})
    t.ask(201, "POST", "monitors", {"id": "user-of-hook", "target": "127.0.0.1:9", "enabled": False, "channels": ["hook"]})
    t.refuse(409, "in_use", "DELETE", "channels/hook")
    t.ask(204, "DELETE", "channels/mail")


def accounts(t):
    t.ask(200, "GET", "setup", by=None)
    link = t.server.setup_token()
    who = {"user": "ann", "password": PASSWORD}
    t.assertIn(link, t.client.ask("GET", "/api/v1/setup/link", local=True).body["link"])
    refuse_bodies(t, "POST", "setup", {"by": None})  # once it is closed nothing is read any more
    t.refuse(403, "bad_setup_token", "POST", "setup", {"setup_token": "x" * 43, **who}, by=None)
    made = t.ask(201, "POST", "setup", {"setup_token": link, **who}, by=None)
    t.refuse(409, "setup_closed", "POST", "setup", {"setup_token": link, **who}, by=None)
    t.assertEqual(t.client.ask("GET", "/api/v1/setup/link", local=True).body["code"], "setup_closed")
    t.refuse(401, "unauthorized", "GET", "session", by=None)
    t.refuse(401, "bad_login", "POST", "session", {"user": "ann", "password": "no"}, by=None)
    signed_in = t.ask(200, "POST", "session", who, by=None)
    for _ in range(6):
        t.client.ask("POST", "/api/v1/session", {"user": "eve", "password": "no"})
    t.refuse(429, "too_many_attempts", "POST", "session", {"user": "eve", "password": "no"}, by=None)

    t.session = {"Cookie": signed_in.headers["set-cookie"].split(";")[0]}
    t.csrf = {**t.session, "X-CSRF-Token": signed_in.body["csrf_token"]}
    t.assertEqual(t.ask(200, "GET", "session", by=None, headers=t.session).body["user"]["name"], "ann")
    change = {"current": PASSWORD, "new": PASSWORD + "!"}
    t.ask(204, "POST", "password", change, by=None, headers=t.csrf)
    t.refuse(403, "forbidden", "POST", "password", change)
    for _ in range(5):
        t.refuse(403, "bad_password", "POST", "password", {**change, "current": "wrong"}, by=None, headers=t.csrf)
    t.refuse(429, "too_many_attempts", "POST", "password", {**change, "current": "wrong"}, by=None, headers=t.csrf)
    t.ask(204, "DELETE", "session", by=None, headers={"Cookie": made.headers["set-cookie"].split(";")[0], "X-CSRF-Token": made.body["csrf_token"]})

    t.refuse(403, "forbidden", "POST", "users", who)
    ben = {"user": "ben", "password": PASSWORD}
    t.assertEqual(t.client.ask("POST", "/api/v1/users", ben, local=True).status, 201)
    t.assertEqual(t.client.ask("POST", "/api/v1/users", ben, local=True).body["code"], "conflict")
    t.assertEqual(t.client.ask("PUT", "/api/v1/users/ben/password", {"password": PASSWORD}, local=True).status, 204)
    t.assertEqual(t.client.ask("PUT", "/api/v1/users/nobody/password", {"password": PASSWORD}, local=True).body["code"], "not_found")

    token = t.ask(201, "POST", "tokens", {"scope": "read", "name": "graphs"}).body
    t.ask(204, "DELETE", "tokens/" + token["id"])
    t.refuse(404, "not_found", "DELETE", "tokens/nobody")
    t.assertTrue(any(row["revoked"] for row in t.ask(200, "GET", "tokens").body["data"]))


def about_the_server(t):
    for path in ("system", "version", "presets", "schema/monitor"):
        t.ask(200, "GET", path)
    t.ask(200, "POST", "reload")
    before = t.server.config.read_text()
    t.server.write_config(before + "monitors: {}\n")
    t.refuse(422, "config_invalid", "POST", "reload")
    t.server.write_config(before)
    t.ask(200, "POST", "reload")
    for path in ("/api/v1/openapi.json", "/", "/api/docs"):
        page = t.client.ask("GET", path)
        if "etag" in page.headers:
            t.ask(304, "GET", path, by=None, headers={"If-None-Match": page.headers["etag"]})
            parts = re.findall(r'"\.?/?((?:assets|docs)/)([^"]+\.(?:js|css))"', page.body) if isinstance(page.body, str) else []
            for kind, name in parts[:2]:
                target = f"/{kind}{name}" if kind == "assets/" else f"/api/{kind}{name}"
                part = t.ask(200, "GET", target, by=None)
                t.ask(304, "GET", target, by=None, headers={"If-None-Match": part.headers["etag"]})
    for path in ("/assets/nothing.js", "/api/docs/nothing.js"):
        t.refuse(404, "not_found", "GET", path, by=None)
    t.ask(302, "GET", "docs", by=None)
    t.assertIn(t.client.ask("GET", "/incidents/019aa5c8-9b2a-7c3e-8a4d-1f2e3d4c5b6a").status, (302, 404))
    t.ask(200, "GET", "/docs/errors", by=None)
    for path in ("/livez", "/livez?verbose", "/readyz", "/readyz?verbose=1", "/metrics"):
        t.ask(200, "GET", path, by=None)
    t.ask(200, "GET", "/metrics", by=None, headers={"Accept": "application/openmetrics-text"})


def refuse_bodies(t, method, target, by):
    t.refuse(400, "invalid_json", method, target, b"{", **by)
    more = {**by, "headers": {**by.get("headers", {}), "Content-Type": "text/plain"}}
    t.refuse(415, "unsupported_media_type", method, target, b"{}", **more)


def is_for_people(operation):
    """Opened in a browser, by links that carry names of their own: it passes over a query."""
    return operation["tags"] == ["Pages"]


def every_usual_refusal(t):
    """What every operation of its kind must refuse, from the document alone."""
    for name, (method, path, operation) in t.contract.operations.items():
        target = re.sub(r"\{\w+\}", "x", path)
        t.refuse(401, "unauthorized", method, target, by=None, headers={"Authorization": "Bearer tocsin_" + "x" * 43})
        if is_for_people(operation):
            t.client.ask(method, target + "?utm_source=mail", None, {})
        else:
            t.refuse(422, "validation_failed", method, target + "?no_such_parameter=1")
        t.refuse(400, "bad_request_target", method, target + "?a=%zz")
        t.assertEqual(t.client.raw(method, target, f"{method} {target} HTTP/1.1\r\n\r\n".encode()).body["code"], "bad_request")
        length = f"{method} {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n"
        t.assertEqual(t.client.raw(method, target, length.encode()).body["code"], "too_large")
        t.refuse(414, "target_too_long", method, target + "?a=" + "x" * 9000)
        if operation["x-scope"] in ("write", "admin"):
            t.refuse(403, "forbidden", method, target, by="read")
        if method != "GET":
            t.refuse(403, "csrf", method, target, by=None, headers=t.session)
            t.refuse(403, "origin", method, target, by=None, headers={**t.csrf, "Origin": "https://evil.example"})
        local = name in ("createUser", "setUserPassword")
        by = {"by": None, "headers": t.csrf} if name == "changePassword" else {"local": True} if local else {}
        if "requestBody" in operation and name != "setUp":
            refuse_bodies(t, method, target, by)
        if method == "POST":
            key = {"headers": {"Idempotency-Key": f"refusal-{name}"}}
            t.client.ask(method, target, b"{", {"Authorization": f"Bearer {t.tokens['admin']}", **key["headers"]})
            t.refuse(422, "idempotency_key_reused", method, target, b"[", **key)


class EveryRoute(WithServer):
    """What the document has not, the server has not: a path beside it is 404, another method 405."""

    def test_nothing_else_is_there(self):
        for path in self.document["paths"]:
            target = re.sub(r"\{\w+\}", "x", path)
            for method in METHODS:
                answer = self.server.request(method.upper(), target + "?no_such_parameter=1", token=self.tokens["admin"])
                known = self.contract.operation_of(method, target)
                if known is not None and is_for_people(known):
                    self.assertIn(answer[0], (200, 302, 404), f"{method} {target}: {answer[1]}")
                else:
                    self.assertEqual(answer[0], 405 if known is None else 422, f"{method} {target}: {answer[1]}")
        self.assertEqual(self.server.get("/api/v1/nothing")[0], 404)

    def test_the_repository_has_this_document(self):
        kept = pathlib.Path(__file__).parents[2] / "docs" / "openapi.json"
        self.assertTrue(json.loads(kept.read_text()) == self.document, "docs/openapi.json is of another program")


class TheJudge(WithServer):
    """A judge that never says no would be worth nothing: one thing is taken out of the document, and the same answers are refused."""

    def without(self, *path):
        document = copy.deepcopy(self.document)
        node = document
        for step in path[:-1]:
            node = node[step]
        if isinstance(node, list):
            node.remove(path[-1])
        else:
            del node[path[-1]]
        return Client(self.server, Contract(document))

    def refused(self, client, words, method, target, body=None, by="admin"):
        headers = {"Authorization": f"Bearer {self.tokens[by]}"}
        self.client.ask(method, target, body, headers)
        with self.assertRaisesRegex(Mismatch, words):
            client.ask(method, target, body, headers)

    def test_what_is_not_described_is_refused(self):
        row = ("components", "schemas", "MonitorRow", "properties")
        monitors = "/api/v1/monitors"
        self.refused(self.without(*row, "revision"), "revision", "GET", monitors)
        self.refused(self.without("components", "schemas", "Status", "enum", "pending"), "pending", "POST", monitors, {"target": "127.0.0.1:9"})
        self.refused(self.without("paths", monitors, "get"), "no such path", "GET", monitors)
        self.refused(self.without("paths", monitors, "get", "responses", "422"), "validation_failed", "GET", monitors + "?x=1")
        self.refused(self.without("paths", monitors + "/{id}", "get", "responses", "200", "headers", "ETag"), "etag", "GET", monitors + "/of-file")
        self.refused(self.without("paths", "/metrics", "get", "responses", "200", "content", "text/plain"), "type", "GET", "/metrics")


class MadeRequests(WithServer):
    """Requests from the schemas, right and wrong: never a 5xx, always an answer of the document, and the server lives on."""

    def test_no_request_breaks_it(self):
        fuzz = Fuzz(self, SEED)
        fuzz.run(REQUESTS)
        self.assertEqual(self.server.process.child.poll(), None, "the server ended: " + self.server.log_tail())
        self.assertEqual(fuzz.refused_without_reason, [])
        print(fuzz.summary(), file=sys.stderr)


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--requests", type=int, default=REQUESTS)
    options.add_argument("--seed", type=int, default=SEED)
    known, rest = options.parse_known_args()
    REQUESTS, SEED = known.requests, known.seed
    unittest.main(verbosity=2, argv=[sys.argv[0], *rest])
