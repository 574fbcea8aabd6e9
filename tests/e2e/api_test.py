"""Every route of the API once, against a real server with a real Redis: shapes, scopes, paging, a test that stores nothing."""
import json
import socket
import subprocess
import unittest

from services import Redis
from support import TOCSIN, Folder, Tocsin, free_port, until

CONFIG = """
version: 1
project: {{ id: api, name: API }}
monitors:
  redis: {{ name: "Redis", target: "127.0.0.1:{redis}", interval: 1s, timeout: 1s, tags: [prod],
            request: [ {{ send: "PING\\r\\n" }} ], assert: [ 'response_data contains "+PONG"' ] }}
  "with/slash#1": {{ target: "127.0.0.1:{closed}", interval: 1s, timeout: 1s }}
"""
RESULT_FIELDS = {"id", "slot", "started_at", "location", "attempt", "verdict", "response_time_us", "dns_us", "connect_us", "tls_us",
                 "data_us", "error"}


class Api(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(Folder())
        cls.redis = cls.enterClassContext(Redis(folder))
        cls.server = cls.enterClassContext(Tocsin(folder, CONFIG.format(redis=cls.redis.port, closed=free_port())))
        until("both have results", lambda: all(cls.server.results(m) for m in ("redis", "with/slash#1")))

    def get(self, path, wanted=200, **options):
        status, body = self.server.get(path, **options)
        self.assertEqual(status, wanted, body)
        return body

    def test_monitors(self):
        page = self.get("/api/v1/monitors?limit=1")
        self.assertEqual(len(page["data"]), 1)
        rest = self.get(f"/api/v1/monitors?limit=1&cursor={page['next_cursor']}")
        self.assertEqual({page["data"][0]["id"], rest["data"][0]["id"]}, {"redis", "with/slash#1"})
        self.assertLessEqual({"id", "name", "target", "status"}, set(page["data"][0]))
        self.assertEqual([m["id"] for m in self.get("/api/v1/monitors?tag=prod")["data"]], ["redis"])
        self.assertEqual([m["id"] for m in self.get("/api/v1/monitors?status=down")["data"]], ["with/slash#1"])
        one = self.get("/api/v1/monitors/with%2Fslash%231")
        self.assertEqual(one["id"], "with/slash#1")
        self.assertEqual(self.get(f"/api/v1/monitors/{one['uid']}")["id"], one["id"])

    def test_results_page_without_gaps(self):
        until("five results", lambda: len(self.server.results("redis")) >= 5)
        whole = [r["id"] for r in self.server.results("redis", 4)]
        first = self.get("/api/v1/monitors/redis/results?limit=2")
        self.assertLessEqual(RESULT_FIELDS, set(first["data"][0]))
        second = self.get(f"/api/v1/monitors/redis/results?limit=2&cursor={first['next_cursor']}")
        ids = [r["id"] for r in first["data"] + second["data"]]
        self.assertEqual(len(set(ids)), 4)
        self.assertEqual([i for i in whole if i in ids], [i for i in ids if i in whole])
        failed = self.get("/api/v1/monitors/with%2Fslash%231/results?verdict=failed")["data"][0]
        self.assertEqual((failed["error"]["code"], failed["error_status"]), ("tcp_refused", "tcp_refused"))
        self.get("/api/v1/monitors/redis/results?from=yesterday", 422)
        self.get("/api/v1/monitors/redis/results?limit=0", 422)

    def test_incident_acknowledged_once_and_again(self):
        incident = until("an incident", self.server.incidents)[0]
        status, body = self.server.post(f"/api/v1/incidents/{incident['id']}/acknowledge", {"note": "looking"})
        self.assertEqual(status, 200, body)
        again = self.server.post(f"/api/v1/incidents/{incident['id']}/acknowledge", {"note": "twice"})[1]
        self.assertEqual(again["acknowledged"], body["acknowledged"])
        whole = self.get(f"/api/v1/incidents/{incident['id']}")
        self.assertTrue(any("looking" in json.dumps(entry) for entry in whole["timeline"]))
        self.assertEqual([e["at"] for e in whole["timeline"]], sorted(e["at"] for e in whole["timeline"]))
        self.get("/api/v1/incidents/00000000-0000-7000-8000-000000000000", 404)
        self.assertEqual((again["acknowledged_by"], again["acknowledge_note"]), (body["acknowledged_by"], "looking"))

    # Too late is told as such, before and after a restart; 404 is for what never was.
    def test_closed_incident_cannot_be_acknowledged(self):
        with Folder() as folder:
            server = Tocsin(folder, CONFIG.format(redis=self.redis.port, closed=free_port())).start()
            try:
                incident = until("an incident", server.incidents)[0]["id"]
                server.write_config(CONFIG.format(redis=self.redis.port, closed=self.redis.port))
                self.assertEqual(server.post("/api/v1/reload")[0], 200)
                until("it closed", lambda: not server.incidents()[0]["open"])
                closed = server.incidents()[0]["closed"]
                for restart in (False, True):
                    if restart:
                        server.stop()
                        server.start()
                    status, body = server.post(f"/api/v1/incidents/{incident}/acknowledge", {"note": "late"})
                    self.assertEqual((status, body["code"]), (409, "conflict"), body)
                    self.assertEqual(body["detail"], f"The incident was closed at {closed} (recovered); "
                                                     "there is nothing to acknowledge.")
                nobody = "/api/v1/incidents/00000000-0000-7000-8000-000000000000/acknowledge"
                self.assertEqual(server.post(nobody)[0], 404)
            finally:
                server.stop()

    # Settings that only a start reads: the answer names each, and goes on doing so until then.
    def test_reload_says_what_needs_a_restart(self):
        before = self.server.config.read_text()
        self.addCleanup(self.server.write_config, before)
        self.assertEqual(self.server.post("/api/v1/reload")[1]["warnings"], [])
        self.server.write_config(before + "server: { retention: { raw: 3d }, dns: { canary: canary.example } }\n")
        for _ in range(2):
            status, body = self.server.post("/api/v1/reload")
            self.assertEqual(status, 200, body)
            self.assertEqual(body["warnings"],
                             [f"server.{name} was changed: it counts after a restart of the server."
                              for name in ("retention.raw", "dns.canary")])
        self.server.write_config(before)
        self.assertEqual(self.server.post("/api/v1/reload")[1]["warnings"], [])

    def test_probe_stores_nothing(self):
        before = self.get("/api/v1/monitors/redis")["uid"]
        body = self.server.post("/api/v1/probe", {"target": f"127.0.0.1:{self.redis.port}", "request": [{"send": "PING\r\n"}],
                                                  "assert": ['response_data contains "+PONG"']})
        self.assertEqual(body[0], 200, body)
        self.assertEqual(body[1]["verdict"], "passed", body)
        self.assertGreater(body[1]["data_us"], 0)
        self.assertEqual(len(self.get("/api/v1/monitors")["data"]), 2)
        self.assertEqual(self.get("/api/v1/monitors/redis")["uid"], before)

    def test_editor_may_not_reach_loopback(self):
        editor = self.server.make_token("write")
        body = self.server.post("/api/v1/probe", {"target": f"127.0.0.1:{self.redis.port}"}, token=editor)[1]
        self.assertIn("reach_denied", json.dumps(body))

    def test_presets_version_and_metrics(self):
        presets = self.get("/api/v1/presets")["data"]
        self.assertEqual([p["port"] for p in presets[:16]],
                         [21, 22, 25, 53, 80, 443, 587, 993, 995, 3306, 4222, 5432, 5672, 6379, 8080, 27017])
        self.assertIn("version", self.get("/api/v1/version"))
        metrics = self.get("/metrics", auth=False)
        for name in ("tocsin_build_info", "tocsin_monitor_up", "tocsin_scheduler_lag_seconds_bucket", "tocsin_probe_results_total"):
            self.assertIn(name, metrics)
        self.assertIn("[+]", self.get("/readyz?verbose", auth=False))

    # Cursors that no answer ever gave are refused, not taken for the beginning: a client would page for ever.
    def test_made_up_cursors_are_refused(self):
        for path in ("monitors?cursor=9223372036854775807", "monitors?cursor=0", "monitors?cursor=abc",
                     "incidents?cursor=" + "z" * 36, "incidents?cursor=1", "monitors/redis/results?cursor=1-0-0-0-0"):
            with self.subTest(path):
                self.assertEqual(self.get("/api/v1/" + path, 422)["errors"][0]["code"], "invalid_cursor")

    # Requests that come faster than they are answered are answered in order, each whole.
    def test_pipelined_requests_are_answered_in_order(self):
        head = f"Host: a\r\nAuthorization: Bearer {self.server.token}\r\n"
        asked = ["/livez", "/api/v1/monitors/redis", "/nope", "/metrics", "/api/v1/version"] * 10
        wire = "".join(f"GET {path} HTTP/1.1\r\n{head}\r\n" for path in asked[:-1])
        wire += f"GET {asked[-1]} HTTP/1.1\r\n{head}Connection: close\r\n\r\n"
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=20) as client:
            client.sendall(wire.encode())
            got = client.makefile("rb")
            for path in asked:
                status = int(got.readline().split()[1])
                self.assertEqual(status, 404 if path == "/nope" else 200, path)
                headers = dict(iter(lambda: tuple(got.readline().decode().strip().lower().split(": ", 1)), ("",)))
                body = got.read(int(headers["content-length"]))
                self.assertIn({"/metrics": b"tocsin_build_info", "/livez": b"ok", "/nope": b"not_found",
                               "/api/v1/version": b'"version"'}.get(path, b'"redis"'), body)
            self.assertEqual(got.read(), b"")

    # Two of what may stand once are refused before anybody has to choose.
    def test_two_authorization_headers(self):
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=20) as client:
            client.sendall(f"GET /api/v1/version HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {self.server.token}\r\n"
                           "Authorization: Bearer tocsin_x\r\n\r\n".encode())
            answer = client.makefile("rb").read()
        self.assertTrue(answer.startswith(b"HTTP/1.1 400 "), answer)
        self.assertIn(b"more than one Authorization header", answer)

    def test_read_token_reads_only(self):
        read = self.server.make_token("read")
        self.get("/api/v1/monitors", token=read)
        for path in ("/api/v1/probe", "/api/v1/reload", "/api/v1/tokens"):
            self.assertEqual(self.server.post(path, {}, token=read)[0], 403, path)

    def test_cli_lists_monitors(self):
        for options in (["--data", str(self.server.data)], ["--server", f"http://127.0.0.1:{self.server.port}"]):
            run = subprocess.run([TOCSIN, "monitors", "list", *options], capture_output=True, text=True, timeout=20,
                                 env={"TOCSIN_TOKEN": self.server.token, "PATH": "/usr/bin"})
            self.assertEqual(run.returncode, 0, run.stderr)
            self.assertIn("with/slash#1", run.stdout)
        refused = subprocess.run([TOCSIN, "monitors", "list", "--server", f"http://127.0.0.1:{self.server.port}"],
                                 capture_output=True, text=True, timeout=20, env={"PATH": "/usr/bin"})
        self.assertEqual(refused.returncode, 4)

    def test_token_without_a_server(self):
        folder = self.server.folder / "apart"
        made = subprocess.run([TOCSIN, "token", "create", "--data", str(folder), "--scope", "read"], capture_output=True, text=True, timeout=20)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertEqual(len(made.stdout.split()), 1)
        later = Tocsin(self.server.folder, CONFIG.format(redis=self.redis.port, closed=free_port()))
        later.data, later.config = folder, self.server.config
        later.token = made.stdout.strip()
        self.addCleanup(later.stop)
        later.start()
        self.assertEqual(set(later.monitors()), {"redis", "with/slash#1"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
