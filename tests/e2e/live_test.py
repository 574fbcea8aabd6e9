"""What a browser has open: live events that come within a second and go on where they stopped, a probe told as it happens, the pages' address."""
import datetime
import http.client
import json
import socket
import time
import unittest

from support import Folder, Receiver, Tocsin, free_port, until

CONFIG = """
version: 1
project: {{ id: live, name: Live }}
defaults: {{ interval: 1s, timeout: 1s }}
channels:
  ops: {{ type: webhook, url: "http://127.0.0.1:{hook}/hook", secret: "${{env:HOOK_SECRET}}" }}
monitors:
  steady: {{ target: "127.0.0.1:{steady}" }}
  shaky:  {{ target: "127.0.0.1:{shaky}", alert: {{ after_runs: 1 }}, channels: [ops] }}
"""


class Door:
    """A port that listens or not, and says one line to whoever speaks."""

    def __init__(self):
        self.port = free_port()
        self.listener = None

    def open(self):
        self.listener = socket.create_server(("127.0.0.1", self.port), backlog=64)
        return self

    def close(self):
        if self.listener:
            self.listener.close()
            self.listener = None


class Stream:
    """One answer of server-sent events, read as the standard says."""

    def __init__(self, server, path="/api/v1/events", method="GET", body=None, **headers):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        sent = {"Authorization": f"Bearer {server.token}", "Accept": "text/event-stream", **headers}
        if body is not None:
            sent["Content-Type"] = "application/json"
        self.connection.request(method, path, body=body, headers=sent)
        self.reply = self.connection.getresponse()
        self.last_id = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.reply.close()
        self.connection.close()

    def next(self):
        """(name, data) of the next event; None at the end of the stream."""
        name, data = "message", []
        while line := self.reply.readline():
            line = line.decode().rstrip("\n")
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if line == "":
                if data:
                    return name, json.loads("\n".join(data))
                name = "message"
            elif field == "event":
                name = value
            elif field == "data":
                data.append(value)
            elif field == "id":
                self.last_id = value
        return None

    def until(self, holds, seconds=20):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            event = self.next()
            if event is None:
                raise AssertionError("the stream ended")
            if holds(*event):
                return event[1]
        raise AssertionError(f"no such event within {seconds} s")


def age(text):
    return (datetime.datetime.now(datetime.timezone.utc) - datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))).total_seconds()


class Live(unittest.TestCase):
    def setUp(self):
        folder = self.enterContext(Folder())
        self.receiver = self.enterContext(Receiver())
        self.steady, self.shaky = Door().open(), Door().open()
        self.addCleanup(self.steady.close)
        self.addCleanup(self.shaky.close)
        self.server = self.enterContext(Tocsin(folder, CONFIG.format(hook=self.receiver.port, steady=self.steady.port, shaky=self.shaky.port)))
        until("both are up", lambda: all(m["status"] == "up" for m in self.server.monitors().values()))

    def test_change_is_seen_within_a_second(self):
        with Stream(self.server) as live:
            self.assertEqual(live.reply.status, 200)
            self.assertEqual(live.reply.headers["Content-Type"], "text/event-stream")
            self.assertEqual(live.reply.headers["X-Accel-Buffering"], "no")
            self.shaky.close()
            row = live.until(lambda name, data: name == "monitor" and data["id"] == "shaky" and data["status"] == "down")
            self.assertLess(age(row["since"]), 1.0)
            self.assertEqual(set(row), set(self.server.monitors()["shaky"]), "the row of the list")

    def test_incidents_and_alerts_are_told(self):
        with Stream(self.server, "/api/v1/events?topics=incident,alert") as live:
            self.shaky.close()
            incident = live.until(lambda name, _: name == "incident")
            self.assertEqual((incident["monitor"]["id"], incident["open"]), ("shaky", True))
            self.assertEqual(self.server.get(f"/api/v1/incidents/{incident['id']}")[0], 200, "what is told can be read")
            alert = live.until(lambda name, data: name == "alert" and data["state"] == "delivered")
            self.assertEqual((alert["channel"], alert["event"], alert["incident"]), ("ops", "monitor.down", incident["id"]))
            self.assertEqual(alert["monitor"]["id"], "shaky")

    def test_a_client_goes_on_where_it_stopped(self):
        with Stream(self.server) as live:
            live.until(lambda name, data: name == "monitor" and data["id"] == "steady")
            last = live.last_id
        self.shaky.close()
        until("it went down unseen", lambda: self.server.status("shaky") == "down")
        with Stream(self.server, **{"Last-Event-ID": last}) as again:
            first = again.next()
            self.assertNotEqual(first[0], "reset")
            self.assertGreater(int(again.last_id.split("-")[1]), int(last.split("-")[1]))
            if first[1].get("id") != "shaky":
                again.until(lambda name, data: name == "monitor" and data["id"] == "shaky" and data["status"] == "down")
        with Stream(self.server, **{"Last-Event-ID": "of-another-start-1"}) as stranger:
            self.assertEqual(stranger.next()[0], "reset")

    def test_a_removed_monitor_is_told(self):
        with Stream(self.server) as live:
            live.next()
            text = self.server.config.read_text()
            self.server.write_config("\n".join(line for line in text.splitlines() if "shaky:" not in line))
            self.assertEqual(self.server.post("/api/v1/reload")[0], 200)
            self.assertEqual(live.until(lambda name, _: name == "removed")["id"], "shaky")

    def test_events_need_a_token(self):
        self.assertEqual(self.server.get("/api/v1/events", auth=False)[0], 401)
        self.assertEqual(self.server.get("/api/v1/events?topics=monitors")[0], 422)

    def test_stop_does_not_wait_for_streams(self):
        with Stream(self.server) as live:
            live.next()
            begun = time.monotonic()
            self.assertEqual(self.server.stop(), 0)
            self.assertLess(time.monotonic() - begun, 4)  # answers under way would have 5 s

    def probe(self, body, **headers):
        return Stream(self.server, "/api/v1/probe", "POST", json.dumps(body), **headers)

    def test_a_probe_is_told_as_it_happens(self):
        body = {"target": f"127.0.0.1:{self.steady.port}"}
        with self.probe(body) as live:
            self.assertEqual(live.reply.status, 200)
            name, phase = live.next()
            self.assertEqual((name, phase["phase"]), ("phase", "connect"))
            name, result = live.next()
            self.assertEqual((name, result["verdict"]), ("result", "passed"))
            self.assertEqual(phase["took_us"], result["connect_us"])
            self.assertIsNone(live.next(), "and that is the end")
        status, plain = self.server.post("/api/v1/probe", body)
        self.assertEqual((status, set(plain)), (200, set(result)), "the same answer, whole")

    def test_a_probe_that_cannot_begin_is_an_ordinary_problem(self):
        with self.probe({"target": "nonsense"}) as refused:
            self.assertEqual(refused.reply.status, 422)
            self.assertEqual(refused.reply.headers["Content-Type"], "application/problem+json")

    def test_the_address_itself(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        self.addCleanup(connection.close)
        connection.request("GET", "/")
        page = connection.getresponse()
        body = page.read()
        self.assertEqual(page.status, 200)
        if page.headers["Content-Type"].startswith("text/html"):
            self.assertIn("script-src 'self'", page.headers["Content-Security-Policy"])
            connection.request("GET", "/", headers={"If-None-Match": page.headers["ETag"]})
            known = connection.getresponse()
            self.assertEqual((known.status, known.read()), (304, b""))
        else:
            self.assertIn(b"built without its web pages", body)
        connection.request("HEAD", "/")
        head = connection.getresponse()
        self.assertEqual((head.headers["Content-Length"], head.read()), (str(len(body)), b""))
        connection.request("GET", "/assets/nothing.js")
        missing = connection.getresponse()
        missing.read()
        self.assertEqual((missing.status, missing.headers["Content-Type"]), (404, "application/problem+json"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
