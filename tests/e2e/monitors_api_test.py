"""Monitors made over the API: against a real listener, through pause, change, delete, restore and restarts of the server."""
import json
import socket
import threading
import unittest
import urllib.error
import urllib.request

from support import Folder, Running, Tocsin, free_port, until

CONFIG = """
version: 1
project: {{ id: shop, name: Shop }}
monitors:
  of-file: {{ target: "127.0.0.1:{port}", interval: 1s, timeout: 1s }}
"""


class Greeter(Running):
    """Accepts and says one line. Can stop and begin again on its port."""

    def __init__(self):
        self.port = free_port()
        self.socket = None

    def start(self):
        self.socket = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self.serve, args=(self.socket,), daemon=True).start()
        return self

    @staticmethod
    def serve(listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with client:
                client.sendall(b"hello\r\n")

    def stop(self):
        if self.socket:
            self.socket.shutdown(socket.SHUT_RDWR)
            self.socket.close()
            self.socket = None


class MonitorsApi(unittest.TestCase):
    def setUp(self):
        folder = self.enterContext(Folder())
        self.greeter = self.enterContext(Greeter())
        self.server = self.enterContext(Tocsin(folder, CONFIG.format(port=self.greeter.port)))

    def call(self, method, path, body=None, wanted=200, **options):
        status, answer = self.server.request(method, "/api/v1/" + path, body=body, **options)
        self.assertEqual(status, wanted, answer)
        return answer

    def headers_of(self, method, path, body=None, **headers):
        request = urllib.request.Request(f"http://127.0.0.1:{self.server.port}/api/v1/{path}", method=method,
                                         data=None if body is None else json.dumps(body).encode(), headers={
                                             "Authorization": f"Bearer {self.server.token}", "Content-Type": "application/json", **headers})
        try:
            with urllib.request.urlopen(request, timeout=20) as reply:
                return reply.status, dict(reply.headers), reply.read()
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), error.read()

    def status(self, monitor):
        return self.call("GET", f"monitors/{monitor}")["status"]

    def restart(self):
        self.server.stop()
        self.server.start()

    def make(self, **more):
        return self.call("POST", "monitors", {"id": "hello", "target": f"127.0.0.1:{self.greeter.port}", "interval": "1s", "timeout": "1s",
                                              "assert": ['response_data contains "hello"'], **more}, wanted=201)

    def test_life_of_a_monitor(self):
        made = self.make()
        until("it is up", lambda: self.status("hello") == "up")
        self.assertEqual(self.call("GET", "summary")["by_status"]["down"], 0)

        self.call("POST", "monitors/hello/pause")
        self.assertEqual(self.status("hello"), "paused")
        self.restart()
        self.assertEqual(self.status("hello"), "paused")
        self.assertEqual(self.call("POST", "monitors/hello/run", wanted=409)["code"], "conflict")
        seen = len(self.server.results("hello"))
        self.call("POST", "monitors/hello/resume")
        until("it is checked again", lambda: len(self.server.results("hello")) > seen)

        # The listener goes: down, and what people are told about is open.
        self.greeter.stop()
        until("it is down", lambda: self.status("hello") == "down")
        incident = self.call("GET", "monitors/hello")["incident"]

        self.call("DELETE", "monitors/hello", wanted=204)
        self.call("GET", "monitors/hello", wanted=404)
        closed = self.call("GET", f"incidents/{incident}")
        self.assertEqual((closed["open"], closed["close_reason"]), (False, "removed"))
        self.restart()
        self.call("GET", "monitors/hello", wanted=404)

        self.greeter.start()
        restored = self.call("POST", f"monitors/{made['uid']}/restore")
        self.assertEqual((restored["uid"], restored["config"]), (made["uid"], made["config"]))
        until("it is up again", lambda: self.status("hello") == "up")
        self.assertGreater(len(self.server.results("hello")), seen, "its history goes on")

        # Reload and restart: the file's and ours, side by side.
        self.call("POST", "reload")
        self.restart()
        self.assertEqual({m["id"]: m["owner"]["kind"] for m in self.call("GET", "monitors")["data"]}, {"of-file": "project", "hello": "ui"})
        until("both are up", lambda: self.status("hello") == self.status("of-file") == "up")

    def test_change_with_revision(self):
        self.make()
        _, headers, _ = self.headers_of("GET", "monitors/hello")
        status, after, _ = self.headers_of("PATCH", "monitors/hello", {"interval": "2s", "tags": ["prod"]}, **{"If-Match": headers["ETag"]})
        self.assertEqual(status, 200)
        self.assertNotEqual(after["ETag"], headers["ETag"])
        status, _, body = self.headers_of("PATCH", "monitors/hello", {"name": "late"}, **{"If-Match": headers["ETag"]})
        self.assertEqual((status, json.loads(body)["code"]), (412, "revision_differs"))
        self.restart()
        self.assertEqual(self.headers_of("GET", "monitors/hello")[1]["ETag"], after["ETag"], "the same after a restart")
        self.assertEqual(self.call("GET", "monitors/hello")["config"]["tags"], ["prod"])
        self.assertEqual(self.call("GET", "tags")["data"][0]["name"], "prod")

    # A client that lost the answer asks again and makes nothing twice; 204 has no body to wait for.
    def test_keys_and_no_content(self):
        body = {"target": f"127.0.0.1:{self.greeter.port}"}
        first = self.headers_of("POST", "monitors", body, **{"Idempotency-Key": "k-1"})
        again = self.headers_of("POST", "monitors", body, **{"Idempotency-Key": "k-1"})
        self.assertEqual((first[0], again[0], first[2]), (201, 201, again[2]))
        self.assertEqual(again[1]["Idempotency-Replayed"], "true")
        self.assertEqual(again[1]["Location"], first[1]["Location"])
        self.assertEqual(len(self.call("GET", "monitors")["data"]), 2)
        status, headers, _ = self.headers_of("DELETE", "monitors/" + json.loads(first[2])["uid"])
        self.assertEqual((status, headers.get("Content-Length")), (204, None))

    def test_files_monitor_names_its_line(self):
        refused = self.call("PATCH", "monitors/of-file", {"interval": "5s"}, wanted=409)
        self.assertEqual(refused["code"], "owned_by_project")
        self.assertIn("tocsin.yaml:5)", refused["detail"])
        self.call("POST", "monitors/of-file/pause")
        self.call("POST", "reload")
        self.restart()
        self.assertEqual(self.status("of-file"), "paused", "state outlives the file")

    # An editor's monitor of this machine is never connected to, also not by the schedule after a restart.
    def test_editor_stays_within_reach(self):
        editor = self.server.make_token("write")
        self.call("POST", "monitors", {"id": "inside", "target": f"127.0.0.1:{self.greeter.port}", "interval": "1s", "timeout": "1s"},
                  wanted=201, token=editor)
        until("it was refused", lambda: self.server.results("inside"))
        self.restart()
        seen = len(self.server.results("inside"))
        until("it was refused again", lambda: len(self.server.results("inside")) > seen)
        self.assertEqual({r["error"]["code"] for r in self.server.results("inside")}, {"reach_denied"})

    def test_batch_of_many(self):
        for number in range(20):
            self.call("POST", "monitors", {"id": f"m{number}", "target": f"127.0.0.1:{self.greeter.port}"}, wanted=201)
        ids = [f"m{number}" for number in range(20)] + ["of-file", "nobody"]
        answer = self.call("POST", "monitors/batch", {"action": "add_tag", "ids": ids, "tag": "bulk"})
        self.assertEqual([row["ok"] for row in answer["data"]], [True] * 20 + [False, False])
        self.assertEqual([row["problem"]["code"] for row in answer["data"][20:]], ["owned_by_project", "not_found"])
        self.assertEqual(self.call("GET", "tags")["data"], [{"name": "bulk", "monitors": 20, **{
            "by_status": self.call("GET", "tags")["data"][0]["by_status"]}}])
        answer = self.call("POST", "monitors/batch", {"action": "delete", "ids": ids[:20]})
        self.assertTrue(all(row["ok"] for row in answer["data"]))
        self.assertEqual(len(self.call("GET", "monitors")["data"]), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
