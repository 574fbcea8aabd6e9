"""A dialogue on a real server: what a service says is sent back to it, its JSON is judged, and a password that it sends back is nowhere to be read."""
import base64
import contextlib
import json
import socketserver
import threading
import time
import unittest

from support import HOOK_SECRET, Folder, Receiver, Tocsin, until

CONFIG = """
version: 1
project: {{ id: shop, name: Shop }}
defaults: {{ interval: 1s, timeout: 2s }}
channels:
  ops: {{ type: webhook, url: "http://127.0.0.1:{hook}/hook", secret: "${{env:HOOK_SECRET}}" }}
"""

REQUEST = """
      - expect: {{ regex: "^\\\\+OK <(?P<stamp>[^>]+)>", refuse: ["^-ERR"] }}
      - send: "LOGIN ${{env:HOOK_SECRET}} {{{{stamp}}}}\\r\\n"
      - expect: {{ json: "$.status", is: {wanted} }}
"""


class Echo(socketserver.StreamRequestHandler):
    """Greets with a stamp, and sends back what it was told: as it is, in base64, and whether the stamp was right."""

    def handle(self):
        stamp = f"{time.monotonic_ns()}@mail"
        self.wfile.write(f"+OK <{stamp}> hello\r\n".encode())
        line = self.rfile.readline().strip()
        status = "ready" if line.endswith(stamp.encode()) else "wrong stamp"
        secret = line.split(b" ")[1] if line.count(b" ") > 1 else b""
        answer = json.dumps({"you": line.decode(), "base64": base64.b64encode(secret).decode(), "status": status})
        self.wfile.write(answer.encode() + b"\r\n")
        with contextlib.suppress(ConnectionError):  # who has failed cuts it off
            self.rfile.read()


def config(hook, port):
    monitors = ""
    for name, wanted in (("ready", "ready"), ("other", "elsewhere")):
        monitors += f'  {name}:\n    target: "127.0.0.1:{port}"\n    channels: [ops]\n    request:{REQUEST.format(wanted=wanted)}'
    return CONFIG.format(hook=hook) + "monitors:\n" + monitors


class Dialogue(unittest.TestCase):
    def test_captures_go_back_and_the_password_is_nowhere(self):
        with Folder() as folder, Receiver() as receiver, socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as service:
            service.daemon_threads = True
            threading.Thread(target=service.serve_forever, daemon=True).start()
            with Tocsin(folder, config(receiver.port, service.server_address[1])) as server:
                until("one is up, one is down", lambda: (server.status("ready"), server.status("other")) == ("up", "down"))
                until("it was told", lambda: receiver.notices("monitor.down", "other"))
                failed = server.results("other")[-1]
                detail = server.get(f"/api/v1/monitors/other/results/{failed['id']}")[1]
                self.assertEqual(detail["error"]["code"], "expect_mismatch")
                self.assertEqual([(s["kind"], s["failed"]) for s in detail["steps"]], [("expect", False), ("send", False), ("expect", True)])
                self.assertIn("LOGIN ***", detail["received"]["text"])
                self.assertIn("LOGIN ***", detail["sent"]["text"])
                self.assertIn("\"ready\" to equal \"elsewhere\"", detail["sentence"])
                seen = json.dumps([detail, server.results("ready"), receiver.notices("monitor.down", "other")])
                for path in ("/api/v1/monitors/other", "/api/v1/monitors/ready", "/api/v1/export", "/metrics", "/api/v1/incidents"):
                    seen += json.dumps(server.get(path)[1])
                seen += (server.folder / "tocsin.log").read_text()
            service.shutdown()
        for form in (HOOK_SECRET, base64.b64encode(HOOK_SECRET.encode()).decode(), HOOK_SECRET.encode().hex()):
            self.assertNotIn(form, seen)


if __name__ == "__main__":
    unittest.main()
