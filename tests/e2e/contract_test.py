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
import unittest

import contract_day
from contract import METHODS, Client, Contract, Mismatch
from contract_fuzz import Fuzz
from support import Folder, Receiver, Tocsin, free_port

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
        contract_day.monitors_and_their_refusals(self)
        contract_day.results(self)
        contract_day.incidents_and_alerts(self)
        if "/api/v1/channels" in self.document["paths"]:
            contract_day.channels(self)
        contract_day.accounts(self)
        contract_day.about_the_server(self)
        contract_day.every_usual_refusal(self)
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


class EveryRoute(WithServer):
    """What the document has not, the server has not: a path beside it is 404, another method 405."""

    def test_nothing_else_is_there(self):
        for path in self.document["paths"]:
            target = re.sub(r"\{\w+\}", "x", path)
            for method in METHODS:
                answer = self.server.request(method.upper(), target + "?no_such_parameter=1", token=self.tokens["admin"])
                known = self.contract.operation_of(method, target)
                if known is not None and contract_day.is_for_people(known):
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
