"""What people read of the history, from a real server: statistics, heartbeats, one result explained, files, alerts, notes, counts."""
import csv
import io
import json
import unittest
import urllib.request

from services import Redis
from support import Folder, Receiver, Tocsin, free_port, until

CONFIG = """
version: 1
project: {{ id: shop, name: Shop }}
defaults: {{ interval: 1s, timeout: 1s }}
channels:
  ops:   {{ type: webhook, url: "http://127.0.0.1:{hook}/hook", secret: "${{env:HOOK_SECRET}}" }}
  quiet: {{ type: webhook, url: "http://127.0.0.1:{hook}/quiet", secret: "${{env:HOOK_SECRET}}", send: [monitor.recovered] }}
monitors:
  redis:
    name: Redis sessions
    target: 127.0.0.1:{redis}
    tags: [prod, cache]
    group: Storage
    channels: [ops, quiet]
    request: [ {{ send: {{ text: "PING\\r\\n" }} }} ]
    assert: [ 'response_data contains "+PONG"' ]
  closed: {{ target: "127.0.0.1:{closed}", tags: [prod] }}
"""


class History(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(Folder())
        cls.redis = cls.enterClassContext(Redis(folder))
        cls.receiver = cls.enterClassContext(Receiver())
        cls.server = cls.enterClassContext(Tocsin(folder, CONFIG.format(redis=cls.redis.port, closed=free_port(), hook=cls.receiver.port)))
        until("both have three results", lambda: all(len(cls.server.results(m)) >= 3 for m in ("redis", "closed")))
        # One outage, so that there is an incident with alerts that is over.
        cls.redis.stop()
        until("redis is down", lambda: cls.server.status("redis") == "down")
        cls.redis.start()
        until("redis is up again", lambda: cls.server.status("redis") == "up")
        until("the recovery was told", lambda: cls.receiver.notices("monitor.recovered", "redis"))

    def get(self, path, wanted=200):
        status, body = self.server.get("/api/v1" + path)
        self.assertEqual(status, wanted, body)
        return body

    def file(self, path, accept):
        request = urllib.request.Request(f"http://127.0.0.1:{self.server.port}/api/v1{path}",
                                         headers={"Authorization": f"Bearer {self.server.token}", "Accept": accept})
        with urllib.request.urlopen(request, timeout=20) as reply:
            return reply.headers, reply.read().decode()

    def test_the_first_failure_was_looked_into(self):
        first = self.server.results("closed", 1000)[-1]
        found = self.get(f"/monitors/closed/results/{first['id']}")["evidence"]
        self.assertEqual(found["state"], "gathered")
        self.assertEqual(found["second_try"]["error"], "tcp_refused")
        self.assertIsNone(found["walk"], "a reset is an answer: the host lives")
        self.assertEqual(found["summary"], "A second try at once failed in the same way.")
        second = self.server.results("closed", 1000)[-2]
        self.assertIsNone(self.get(f"/monitors/closed/results/{second['id']}")["evidence"])
        incident = self.get("/incidents?monitor=closed")["data"][0]
        self.assertIn(("evidence", found["summary"]), [(e["kind"], e["text"]) for e in self.get(f"/incidents/{incident['id']}")["timeline"]])

    def test_stats_count_what_the_list_shows(self):
        for name in ("1h", "24h", "30d"):
            before = self.server.results("redis", 1000)
            stats = self.get(f"/monitors/redis/stats?range={name}")
            after = self.server.results("redis", 1000)
            for verdict in ("passed", "failed"):
                count = stats["now"][verdict]
                self.assertLessEqual(len([r for r in before if r["verdict"] == verdict]), count, name)
                self.assertGreaterEqual(len([r for r in after if r["verdict"] == verdict]), count, name)
                self.assertEqual(sum(b[verdict] for b in stats["buckets"]), count, name)
            self.assertEqual(stats["before"]["runs"], 0)
            self.assertIsNone(stats["before"]["availability"])
            known = stats["now"]["passed"] + stats["now"]["degraded"] + stats["now"]["failed"]
            self.assertAlmostEqual(stats["now"]["availability"], 1 - stats["now"]["failed"] / known, places=5)
            self.assertEqual(stats["now"]["incidents"], 1)
            self.assertIsNotNone(stats["now"]["mttr_s"])
            self.assertEqual(stats["locations"][0]["location"], "local")
            filled = [b for b in stats["buckets"] if b["passed"]]
            self.assertTrue(filled and all(b["mean"]["connect_us"] and b["mean"]["data_us"] for b in filled), name)
            self.assertTrue(all(b["mean"]["tls_us"] is None for b in stats["buckets"]))
            gaps = [b for b in stats["buckets"] if not (b["passed"] or b["failed"] or b["unknown"] or b["degraded"])]
            self.assertTrue(gaps and all(b["availability"] is None and b["p50_us"] is None for b in gaps), name)
            self.assertLess(stats["from"], stats["to"])
        self.get("/monitors/redis/stats?range=2h", 422)
        self.get("/monitors/nobody/stats", 404)

    # Single results of two days are not there any more: hours are, and nothing looks like a gap.
    def test_short_retention_shows_hours_instead(self):
        with Folder() as folder:
            config = CONFIG.format(redis=self.redis.port, closed=free_port(), hook=self.receiver.port)
            server = Tocsin(folder, config + "server: { retention: { raw: 1d } }\n").start()
            try:
                until("a result", lambda: server.results("closed"))
                stats = {name: server.get(f"/api/v1/monitors/closed/stats?range={name}")[1] for name in ("1h", "24h")}
                self.assertEqual({name: one["bucket_s"] for name, one in stats.items()}, {"1h": 60, "24h": 3600})
                self.assertGreater(stats["24h"]["now"]["failed"], 0)
            finally:
                server.stop()

    def test_heartbeats_of_many_oldest_first(self):
        rows = self.get("/heartbeats?ids=closed,nobody,redis&count=3")["data"]
        self.assertEqual([row["id"] for row in rows], ["closed", "redis"])
        for row in rows:
            slots = [beat["slot"] for beat in row["beats"]]
            self.assertEqual(slots, sorted(slots))
            self.assertEqual(len(slots), 3)
        self.assertEqual({beat["error"] for beat in rows[0]["beats"]}, {"tcp_refused"})
        self.get("/heartbeats", 422)
        self.get("/heartbeats?ids=redis&count=101", 422)

    def test_one_result_is_explained(self):
        failed = [r for r in self.server.results("redis", 1000) if r["verdict"] == "failed"][-1]
        detail = self.get(f"/monitors/redis/results/{failed['id']}")
        self.assertEqual({key: detail[key] for key in failed if key != "received"},
                         {key: failed[key] for key in failed if key != "received"})
        self.assertEqual(detail["sentence"], failed["reason"])
        self.assertEqual(detail["explanation"]["docs"], "errors#tcp_refused")
        self.assertIn(f"tocsin probe 127.0.0.1:{self.redis.port} -v --timeout 1s", detail["explanation"]["try"])
        self.assertIn(f"nc -zv 127.0.0.1 {self.redis.port}", detail["explanation"]["try"])
        self.assertGreater(detail["medians"]["response_time_us"], 0)
        self.assertEqual(detail["limits"]["timeout_us"], 1_000_000)
        good = self.get(f"/monitors/redis/results/{detail['last_good_id']}")
        self.assertEqual(good["verdict"], "passed")
        self.assertEqual(self.get(f"/monitors/redis/results/{detail['next_id']}")["previous_id"], failed["id"])
        # The first pass after a failure is kept in full: what came is shown, what a file sends is not.
        recovered = until("a pass in full", lambda: [r for r in self.server.results("redis", 1000)
                                                     if r["verdict"] == "passed" and r["has_details"]])[0]
        whole = self.get(f"/monitors/redis/results/{recovered['id']}")
        self.assertEqual((whole["received"]["text"], whole["received"]["base64"]), ("+PONG\\r\\n", "K1BPTkcNCg=="))
        self.assertEqual(whole["sent"], {"bytes": 6, "hidden": False, "text": "PING\\r\\n", "base64": "UElORw0K"})
        reader = self.server.make_token("read")
        status, read = self.server.request("GET", f"/api/v1/monitors/redis/results/{recovered['id']}", token=reader)
        self.assertEqual((status, read["sent"]), (200, {"bytes": 6, "hidden": True, "text": None, "base64": None}))
        self.assertNotIn("PING", json.dumps(read["transcript"]))
        self.get("/monitors/closed/results/" + failed["id"], 404)
        self.get("/monitors/redis/results/nonsense", 404)

    def test_lists_filter_and_come_as_files(self):
        refused = self.get("/monitors/redis/results?error=tcp_refused&location=local&limit=1000")["data"]
        self.assertTrue(refused and all(r["error"]["code"] == "tcp_refused" for r in refused))
        self.assertEqual(self.get("/monitors/redis/results?error=timeout")["data"], [])
        self.assertEqual(self.get("/monitors/redis/results?location=location-3")["data"], [])
        self.assertIn("tcp_refused", json.dumps(self.get("/monitors/redis/results?error=tcp_refusd", 422)))
        headers, text = self.file("/monitors/redis/results?error=tcp_refused", "text/csv")
        self.assertTrue(headers["Content-Type"].startswith("text/csv"))
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        self.assertEqual([row["id"] for row in rows], [r["id"] for r in refused])
        self.assertEqual(rows[0]["reason"], refused[0]["reason"])
        headers, text = self.file("/monitors/redis/results?error=tcp_refused", "application/x-ndjson")
        self.assertEqual([json.loads(line) for line in text.splitlines()], refused)
        headers, text = self.file("/monitors/closed/results?limit=2", "text/csv")
        self.assertEqual(text.count("\r\n"), 3)
        more = headers["X-Next-Cursor"]
        rest = list(csv.DictReader(io.StringIO(self.file(f"/monitors/closed/results?limit=1&cursor={more}", "text/csv")[1])))
        self.assertEqual(len(rest), 1)
        self.assertNotIn(rest[0]["id"], text)

    def test_alerts_and_why_not(self):
        alerts = self.get("/alerts?monitor=redis&limit=1000")["data"]
        told = [(a["event"], a["channel"], a["state"]) for a in alerts]
        self.assertIn(("monitor.down", "ops", "delivered"), told)
        self.assertIn(("monitor.down", "quiet", "suppressed"), told)
        self.assertEqual(alerts[0]["monitor"]["name"], "Redis sessions")
        self.assertEqual([a["at"] for a in alerts], sorted((a["at"] for a in alerts), reverse=True))
        kept_quiet = self.get("/alerts?state=suppressed&channel=quiet")["data"]
        self.assertTrue(kept_quiet and all("does not send" in a["suppressed"] for a in kept_quiet))
        paged, cursor = [], ""
        while cursor is not None:
            page = self.get("/alerts?monitor=redis&limit=1" + (f"&cursor={cursor}" if cursor else ""))
            paged += [a["key"] for a in page["data"]]
            cursor = page["next_cursor"]
        self.assertEqual(paged, [a["key"] for a in alerts])
        one = self.get("/alerts/" + [a for a in alerts if a["channel"] == "ops"][-1]["key"])
        self.assertTrue(one["log"][0]["ok"])
        self.assertEqual(one["payload"]["data"]["monitor"]["id"], "redis")
        self.get("/alerts/none", 404)
        self.get("/alerts?state=sent", 422)

    def test_notes_to_what_is_open_and_what_is_over(self):
        by_monitor = {i["monitor"]["id"]: i for i in self.server.incidents()}
        self.assertFalse(by_monitor["redis"]["open"])
        for name, incident in by_monitor.items():
            for text in ("It was the switch.", "Replaced."):
                status, body = self.server.post(f"/api/v1/incidents/{incident['id']}/note", {"note": text})
                self.assertEqual(status, 200, body)
            said = [e["text"] for e in body["timeline"] if e["kind"] == "note"]
            self.assertEqual([text.split(": ", 1)[1] for text in said], ["It was the switch.", "Replaced."], name)
        path = f"/api/v1/incidents/{incident['id']}/note"
        self.assertEqual(self.server.post(path, {"note": " "})[0], 422)
        for control in ("\x00", "\x1b[2J", "\x7f"):
            self.assertEqual(self.server.post(path, {"note": f"one{control}two"})[1]["errors"][0]["code"], "invalid_field")
        self.assertEqual(self.server.post(path, {"note": "two\n\tlines"})[0], 200)
        self.assertEqual(self.server.post(path, {})[0], 422)
        self.assertEqual(self.server.post("/api/v1/incidents/00000000-0000-7000-8000-000000000000/note", {"note": "x"})[0], 404)

    def test_counts_system_and_form(self):
        summary = self.get("/summary")
        self.assertEqual((summary["monitors"], summary["by_status"]["down"]), (2, 1), summary)
        self.assertEqual(summary["open_incidents"], 1)
        self.assertEqual([(t["name"], t["monitors"]) for t in self.get("/tags")["data"]], [("cache", 1), ("prod", 2)])
        self.assertEqual([g["name"] for g in self.get("/groups")["data"]], ["Storage"])
        system = self.get("/system")
        self.assertEqual(system["monitors"], 2)
        self.assertGreater(system["store"]["bytes"], 4096)
        self.assertGreater(system["store"]["results_written"], 5)
        self.assertEqual(system["config"]["files"], [str(self.server.config)])
        self.assertEqual(system["retention"]["raw_s"], 35 * 24 * 3600)
        fields = {f["name"] for f in self.get("/schema/monitor")["fields"]}
        self.assertLessEqual({"target", "interval", "timeout", "assert"}, fields)


if __name__ == "__main__":
    unittest.main(verbosity=2)
