"""Every route of the API once, against a real server with a real Redis: shapes, scopes, paging, a test that stores nothing."""
import json
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
        scratch = Folder()
        folder = scratch.__enter__()
        cls.addClassCleanup(scratch.__exit__)
        cls.redis = Redis(folder).start()
        cls.addClassCleanup(cls.redis.stop)
        cls.server = Tocsin(folder, CONFIG.format(redis=cls.redis.port, closed=free_port())).start()
        cls.addClassCleanup(cls.server.stop)
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
        self.get("/api/v1/incidents/00000000-0000-7000-8000-000000000000", 404)

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
