"""What every kind of answer carries: the headers that keep a browser safe, the right rule for caches, and a cookie only where one begins or ends."""
import gzip
import http.client
import json
import re
import socket
import unittest

from support import Folder, Tocsin, free_port, until

CONFIG = """
version: 1
monitors: {{ nobody: {{ target: "127.0.0.1:{closed}", interval: 60s, timeout: 1s }} }}
"""
API_POLICY = "default-src 'none'; frame-ancestors 'none'"
PAGE_POLICY = {"default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self' data:", "connect-src": "'self'", "font-src": "'self'",
               "base-uri": "'none'", "form-action": "'self'", "frame-ancestors": "'none'"}
COOKIE = re.compile(r"__Host-tocsin=[A-Za-z0-9_-]{43}; Path=/; Max-Age=2592000; HttpOnly; Secure; SameSite=Strict")
CLEARED = "__Host-tocsin=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict"
USER = {"user": "ann", "password": "correct horse"}


def policy_of(text):
    return dict(part.strip().split(" ", 1) for part in text.split(";"))


class Headers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(Folder())
        cls.server = cls.enterClassContext(Tocsin(folder, CONFIG.format(closed=free_port())))
        until("a first result", lambda: cls.server.results("nobody"))
        token = cls.server.setup_token()
        connection = http.client.HTTPConnection("127.0.0.1", cls.server.port, timeout=20)
        connection.request("POST", "/api/v1/setup", json.dumps({"setup_token": token, **USER}), {"Content-Type": "application/json"})
        reply = connection.getresponse()
        cls.first_cookie = reply.headers.get_all("Set-Cookie")
        cls.csrf = json.loads(reply.read())["csrf_token"]
        cls.cookie = cls.first_cookie[0].split(";")[0]
        cls.setup_reply = (reply.status, reply.headers)
        connection.close()

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if isinstance(body, dict):
            body = json.dumps(body)
            sent.setdefault("Content-Type", "application/json")
        connection.request(method, path, body, sent)
        reply = connection.getresponse()
        is_stream = reply.headers.get("Content-Type", "").startswith("text/event-stream")
        text = reply.read(1) if is_stream else reply.read()
        connection.close()
        self.check(f"{method} {path} {reply.status}", reply.headers)
        return reply.status, reply.headers, text

    def allowed(self, **headers):
        return {"Authorization": f"Bearer {self.server.token}", **headers}

    def check(self, what, headers):
        """What holds for each answer, whatever it is."""
        for name, value in {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin"}.items():
            self.assertEqual(headers.get_all(name), [value], f"{what}: {name}")
        policies = headers.get_all("Content-Security-Policy") or []
        self.assertEqual(len(policies), 1, f"{what}: one policy")
        policy = policy_of(policies[0])
        self.assertEqual((policy["default-src"], policy["frame-ancestors"]), ("'none'", "'none'"), what)
        self.assertNotIn("unsafe", policies[0], what)
        self.assertEqual(len(headers.get_all("Cache-Control")), 1, what)
        self.assertRegex(headers["X-Request-Id"], r"^[\w.-]+$", what)
        self.assertEqual(headers.get_all("Server"), ["tocsin"], f"{what}: no version for strangers")
        for name in headers.keys():
            self.assertFalse(name.lower().startswith("access-control-"), f"{what}: {name} opens the API to other sites")
        for cookie in headers.get_all("Set-Cookie") or []:
            self.assertTrue(COOKIE.fullmatch(cookie) or cookie == CLEARED, f"{what}: {cookie}")

    def check_problem(self, answer, status, code=None):
        self.assertEqual(answer[0], status, answer[2])
        self.assertEqual(answer[1]["Content-Type"], "application/problem+json")
        self.assertEqual(answer[1]["Cache-Control"], "no-store")
        self.assertEqual(answer[1]["Content-Security-Policy"], API_POLICY)
        body = json.loads(answer[2])
        self.assertEqual((body["status"], body["request_id"]), (status, answer[1]["X-Request-Id"]))
        if code:
            self.assertEqual(body["code"], code)

    def test_answers_of_the_api(self):
        for path, kind in {"/api/v1/monitors": "application/json", "/api/v1/monitors/nobody": "application/json", "/api/v1/monitors/nobody/results": "application/json",
                           "/api/v1/incidents": "application/json", "/api/v1/alerts": "application/json", "/api/v1/summary": "application/json",
                           "/api/v1/tokens": "application/json", "/api/v1/system": "application/json", "/api/v1/schema/monitor": "application/json"}.items():
            status, headers, _ = self.ask("GET", path, **self.allowed())
            self.assertEqual((status, headers["Content-Type"], headers["Cache-Control"], headers["Content-Security-Policy"]), (200, kind, "no-store", API_POLICY), path)
            self.assertIsNone(headers.get("Set-Cookie"), path)
        for accept, kind in {"text/csv": "text/csv", "application/x-ndjson": "application/x-ndjson"}.items():
            status, headers, _ = self.ask("GET", "/api/v1/monitors/nobody/results", **self.allowed(Accept=accept))
            self.assertEqual((status, headers["Content-Type"].split(";")[0], headers["Cache-Control"]), (200, kind, "no-store"))
        status, headers, _ = self.ask("GET", "/api/v1/export?format=yaml", **self.allowed())
        self.assertEqual(status, 200)
        self.assertTrue(headers["Content-Disposition"].startswith("attachment"), "an address alone leads here: no browser shall show it")
        status, headers, _ = self.ask("GET", "/api/v1/events", **self.allowed(Accept="text/event-stream"))
        self.assertEqual((status, headers["Content-Type"], headers["Cache-Control"]), (200, "text/event-stream", "no-store"))
        status, headers, body = self.ask("POST", "/api/v1/monitors", {"id": "made", "target": "127.0.0.1:1"}, **self.allowed())
        self.assertEqual((status, headers["Location"]), (201, "/api/v1/monitors/" + json.loads(body)["uid"]))
        self.assertRegex(headers["ETag"], r'^"[0-9a-f]{16}"$')
        self.assertEqual(self.ask("HEAD", "/api/v1/monitors", **self.allowed())[0], 200)
        self.assertEqual(self.ask("DELETE", "/api/v1/monitors/made", **self.allowed())[0], 204)
        for path in ("/livez", "/readyz", "/metrics"):
            self.assertIn(self.ask("GET", path)[0], (200, 401), path)

    def test_every_refusal(self):
        self.check_problem(self.ask("GET", "/api/v1/monitors"), 401)
        self.check_problem(self.ask("GET", "/api/v1/monitors", Authorization="Bearer no"), 401)
        self.check_problem(self.ask("GET", "/api/v1/monitors/none", **self.allowed()), 404)
        self.check_problem(self.ask("GET", "/api/v1/nothing", **self.allowed()), 404)
        self.check_problem(self.ask("GET", "/nothing"), 404)
        self.check_problem(self.ask("GET", "/assets/nothing-12345678.js"), 404)
        self.check_problem(self.ask("GET", "/assets/../../etc/passwd"), 400)
        answer = self.ask("PATCH", "/api/v1/tokens", {}, **self.allowed())
        self.check_problem(answer, 405)
        self.assertIn("GET", answer[1]["Allow"])
        self.check_problem(self.ask("OPTIONS", "/api/v1/monitors", Origin="https://evil.example", Access_Control_Request_Method="POST"), 405)
        self.check_problem(self.ask("POST", "/api/v1/monitors", {"target": "a"}, **self.allowed()), 422)
        self.check_problem(self.ask("POST", "/api/v1/monitors", "{", **self.allowed(Content_Type="application/json")), 400)
        self.check_problem(self.ask("POST", "/api/v1/monitors", "a: 1", **self.allowed(Content_Type="text/plain")), 415)
        self.check_problem(self.ask("PUT", "/api/v1/monitors/nobody", {"target": "a:1"}, **self.allowed()), 409)
        self.check_problem(self.ask("POST", "/api/v1/monitors", "x" * (2 << 20), **self.allowed(Content_Type="application/json")), 413)
        self.check_problem(self.ask("DELETE", "/api/v1/session", Cookie=self.cookie), 403, "csrf")
        self.check_problem(self.ask("DELETE", "/api/v1/session", Cookie=self.cookie, X_CSRF_Token=self.csrf, Origin="https://evil.example"), 403, "origin")
        self.check_problem(self.ask("POST", "/api/v1/setup", {"setup_token": "A" * 43, **USER}), 409)

    # What no HTTP library would send.
    def test_what_is_no_request(self):
        for text in (b"GET / HTTP/9.9\r\n\r\n", b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 40000 + b"\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", self.server.port), 10) as raw:
                raw.sendall(text)
                reply = http.client.HTTPResponse(raw)
                reply.begin()
                self.assertGreaterEqual(reply.status, 400, text[:30])
                self.check(str(text[:30]), reply.headers)
                self.assertEqual(reply.headers["Connection"], "close")

    def test_the_pages(self):
        status, headers, body = self.ask("GET", "/")
        self.assertEqual(status, 200)
        if not headers["Content-Type"].startswith("text/html"):
            self.skipTest("this program was built without its pages")
        self.assertEqual(policy_of(headers["Content-Security-Policy"]), PAGE_POLICY)
        self.assertEqual((headers["Cache-Control"], headers["Vary"]), ("no-cache", "Accept-Encoding"))
        html = body.decode()
        assets = re.findall(r'(?:src|href)="\./(assets/[^"]+)"', html)
        self.assertGreater(len(assets), 2)
        for asset in assets:
            status, headers, plain = self.ask("GET", "/" + asset)
            self.assertEqual((status, headers["Cache-Control"], headers["Vary"]), (200, "public, max-age=31536000, immutable", "Accept-Encoding"), asset)
            self.assertEqual(policy_of(headers["Content-Security-Policy"]), PAGE_POLICY, asset)
            kinds = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "svg": "image/svg+xml"}
            self.assertEqual(headers["Content-Type"], kinds[asset.rsplit(".", 1)[1]], asset)
            status, zipped_headers, zipped = self.ask("GET", "/" + asset, Accept_Encoding="gzip")
            self.assertEqual((status, zipped_headers["Content-Encoding"]), (200, "gzip"))
            self.assertEqual(gzip.decompress(zipped), plain, asset)
            self.assertNotEqual(headers["ETag"], zipped_headers["ETag"], "one name for each form")
            status, again, nothing = self.ask("GET", "/" + asset, If_None_Match=headers["ETag"])
            self.assertEqual((status, nothing, again["ETag"]), (304, b"", headers["ETag"]))
            self.assertEqual(again["Cache-Control"], headers["Cache-Control"])
        status, headers, body = self.ask("HEAD", "/")
        self.assertEqual((status, body), (200, b""))
        self.assertEqual(int(headers["Content-Length"]), len(html.encode()))

    def test_what_leads_elsewhere_and_what_is_for_people(self):
        status, headers, _ = self.ask("GET", "/incidents/0190")
        self.assertIn(status, (302, 404), "404: built without pages")
        if status == 302:
            self.assertEqual((headers["Location"], headers["Cache-Control"]), ("../#/incidents/0190", "no-store"))
        status, headers, _ = self.ask("GET", "/incidents/%0d%0aSet-Cookie:%20a=b")
        self.assertNotIn("\n", headers.get("Location", ""))
        for path in ("/docs/errors", "/api/docs", "/api/v1/docs", "/api/v1/openapi.json"):
            self.assertIn(self.ask("GET", path)[0], (200, 301, 302, 308, 404), path)

    def test_cookies_begin_and_end_where_a_session_does(self):
        status, headers = self.setup_reply
        self.check("set-up", headers)
        self.assertEqual((status, len(self.first_cookie)), (201, 1))
        self.assertTrue(COOKIE.fullmatch(self.first_cookie[0]))
        status, headers, _ = self.ask("GET", "/api/v1/session", Cookie=self.cookie)
        self.assertEqual((status, headers.get("Set-Cookie")), (200, None))
        status, headers, _ = self.ask("GET", "/", Cookie=self.cookie)
        self.assertEqual((status, headers.get("Set-Cookie")), (200, None), "no cookie on what caches may keep")
        status, headers, _ = self.ask("POST", "/api/v1/session", {**USER, "password": "wrong password"})
        self.assertEqual((status, headers.get("Set-Cookie")), (401, None))
        status, headers, body = self.ask("POST", "/api/v1/session", USER)
        self.assertEqual(status, 200)
        fresh = headers.get_all("Set-Cookie")
        self.assertEqual(len(fresh), 1)
        self.assertNotIn(self.cookie, fresh[0], "another id than that of any session before")
        self.assertNotIn(fresh[0].split("=", 1)[1].split(";")[0], body.decode(), "the id stands in the cookie alone")
        status, headers, _ = self.ask("DELETE", "/api/v1/session", Cookie=fresh[0].split(";")[0], X_CSRF_Token=json.loads(body)["csrf_token"])
        self.assertEqual((status, headers.get_all("Set-Cookie")), (204, [CLEARED]))


if __name__ == "__main__":
    unittest.main()
