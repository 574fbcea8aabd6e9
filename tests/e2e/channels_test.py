"""Channels made over the API: tried out, named by the files, told by webhook and by a real mail server, over reload and restart; their secrets stand in
no answer, no log and no file of the store; without the key the server does not start, or must be told to forget them."""
import socket
import unittest

from services import SecureExim
from support import Folder, Receiver, Tocsin, free_port, until

HOOK_SECRET = "canary-4711-of-a-webhook-secret"
CANARIES = ("canary-4711", "the-mail-password")
CONFIG = """
version: 1
project: {{ id: shop, name: Shop }}
channels:
  ops: {{ type: webhook, url: "http://127.0.0.1:{closed}/canary-4711" }}
monitors:
  db: {{ target: "127.0.0.1:{target}", interval: 1s, timeout: 1s, channels: [{channels}] }}
"""


class Channels(unittest.TestCase):
    maxDiff = None

    def test_channels(self):
        folder = self.enterContext(Folder())
        exim = self.enterContext(SecureExim(folder))
        receiver = self.enterContext(Receiver(HOOK_SECRET))
        self.ports = {"closed": free_port(), "target": free_port()}
        server = self.enterContext(Tocsin(folder, CONFIG.format(channels="ops", **self.ports)))
        self.make(server, receiver, exim)
        self.try_out(server, receiver, exim)
        self.name_in_files(server, receiver, exim)
        self.survive_restart(server, receiver, exim)
        self.keep_secrets(server)
        self.lose_key(server)

    def make(self, server, receiver, exim):
        hook = {"id": "hook", "name": "Hook", "type": "webhook", "url": f"http://canary-4711:x@127.0.0.1:{receiver.port}/canary-4711",
                "secret": HOOK_SECRET, "headers": {"X-Key": "canary-4711"}}
        mail = {"id": "mail", "type": "email", "to": ["a@example.com"], "from": "t@example.com",
                "smtp": {"host": "127.0.0.1", "port": exim.port, "username": "watcher", "password": "the-mail-password", "verify": False}}
        for scope in ("read", "write"):
            status, _ = server.post("/api/v1/channels", hook, token=server.make_token(scope))
            self.assertEqual(status, 403, "channels are an administrator's")
        for definition in (hook, mail):
            status, answer = server.post("/api/v1/channels", definition)
            self.assertEqual(status, 201, answer)
        status, answer = server.get("/api/v1/channels")
        self.assertEqual(status, 200)
        by_id = {channel["id"]: channel for channel in answer["data"]}
        self.assertEqual(sorted(by_id), ["hook", "mail", "ops"])
        self.assertEqual(by_id["hook"]["webhook"], {"url_set": True, "url_shown": f"http://127.0.0.1:{receiver.port}/…", "secret_set": True,
                                                    "headers": ["X-Key"]})
        self.assertTrue(by_id["mail"]["email"]["smtp"]["password_set"])
        self.assertEqual(by_id["ops"]["owner"], {"kind": "project", "project": "shop", "file": str(server.config), "line": 5})
        status, answer = server.request("PATCH", "/api/v1/channels/ops", {"name": "mine"})
        self.assertEqual((status, answer["code"]), (409, "owned_by_project"))
        self.assertIn(f"{server.config}:5", answer["detail"])

    def try_out(self, server, receiver, exim):
        status, answer = server.post("/api/v1/channels/hook/test")
        self.assertEqual((status, answer["ok"], answer["result"]), (200, True, "204 No Content"), answer)
        until("the test came by webhook", lambda: receiver.notices("test"))
        status, answer = server.post("/api/v1/channels/mail/test")
        self.assertEqual((status, answer["ok"]), (200, True), answer)
        until("the test came by mail", lambda: len(exim.messages()) == 1)
        status, answer = server.post("/api/v1/channels/ops/test")
        self.assertEqual((status, answer["ok"]), (200, False), answer)
        self.assertIn("refused", answer["result"])
        # Another host gets no password that was kept; the wrong password is told by name.
        status, answer = server.request("PATCH", "/api/v1/channels/mail", {"smtp": {"host": "localhost"}})
        self.assertEqual((status, answer["errors"][0]["pointer"]), (422, "/smtp/password"), answer)
        self.assertEqual(server.request("PATCH", "/api/v1/channels/mail", {"smtp": {"password": "wrong-canary-4711"}})[0], 200)
        answer = server.post("/api/v1/channels/mail/test")[1]
        self.assertFalse(answer["ok"])
        self.assertIn("authentication", answer["result"].lower())
        self.assertEqual(server.request("PATCH", "/api/v1/channels/mail", {"smtp": {"password": "the-mail-password"}})[0], 200)
        status, answer = server.post("/api/v1/channels/preview", {"type": "email", "event": "monitor.down"})
        self.assertEqual(status, 200)
        self.assertTrue(answer["subject"].startswith("DOWN"), answer["subject"])

    def name_in_files(self, server, receiver, exim):
        """A reload finds the names, and what they tell arrives."""
        server.write_config(CONFIG.format(channels="hook, mail", **self.ports))
        status, answer = server.post("/api/v1/reload")
        self.assertEqual(status, 200, answer)
        status, answer = server.request("DELETE", "/api/v1/channels/hook")
        self.assertEqual((status, answer["code"]), (409, "in_use"), answer)
        self.assertIn("Monitor db names", answer["detail"])
        # The channels that are new in the incident hear of it, and of its end.
        with socket.create_server(("127.0.0.1", self.ports["target"])):
            until("db is up: " + server.log_tail(), lambda: server.status("db") == "up")
        until("down is told by webhook: " + server.log_tail(), lambda: receiver.notices("monitor.down", "db"), 30)
        until("and by mail", lambda: any("DOWN" in mail for mail in exim.messages()), 30)

    def survive_restart(self, server, receiver, exim):
        until("db is down again: " + server.log_tail(), lambda: server.status("db") == "down")
        self.assertEqual(server.stop(), 0)
        server.start()
        before = len(receiver.notices("monitor.recovered", "db"))
        mails = len(exim.messages())
        with socket.create_server(("127.0.0.1", self.ports["target"])):
            until("the recovery is told: " + server.log_tail(), lambda: len(receiver.notices("monitor.recovered", "db")) > before, 30)
            until("by mail too", lambda: len(exim.messages()) > mails, 30)
            self.assertEqual(receiver.bad, [], "a signature that an independent check refuses")
            health = server.get("/api/v1/channels/hook")[1]["health"]
            self.assertGreaterEqual(health["delivered"], 1)
            self.assertEqual(health["last_result"], "204 No Content")

    def keep_secrets(self, server):
        incident = server.incidents()[0]["id"]
        result = server.results("db")[0]["id"]
        paths = ["/", "/livez?verbose", "/readyz?verbose", "/metrics"]
        paths += ["/api/v1/" + path for path in ("channels", "channels/hook", "channels/mail", "channels/ops", "monitors", "monitors/db",
                                                 "monitors/db/results", f"monitors/db/results/{result}", "incidents", f"incidents/{incident}",
                                                 "presets", "version", "alerts", "export", "system", "summary", "heartbeats?ids=db", "openapi.json")]
        texts = {path: str(server.get(path)[1]) for path in paths}
        self.assertIn("127.0.0.1", texts["/api/v1/channels"])
        texts["the log"] = (server.folder / "tocsin.log").read_text(errors="replace")
        for place, text in texts.items():
            for canary in CANARIES:
                self.assertNotIn(canary, text, place)
        files = [path for path in server.data.iterdir() if path.is_file()]
        self.assertIn("tocsin.db-wal", [path.name for path in files])
        for path in files:
            for canary in CANARIES:
                self.assertNotIn(canary.encode(), path.read_bytes(), path)
        self.assertEqual((server.data / "key").stat().st_mode & 0o777, 0o600)

    def lose_key(self, server):
        """No key, no start, and the sentence says what to do; the key put back is as if nothing was; given up, the secrets are asked for."""
        key = server.data / "key"
        kept = server.folder / "kept-key"
        server.stop()
        key.rename(kept)
        server.start(expect_ready=False)
        self.assertEqual(server.process.child.wait(timeout=20), 1)
        self.assertIn(f"the secrets of channels made over the API cannot be read (hook, mail): {key} is gone. Put the right key back in its place. "
                      "If it is lost, start once with --forget-secrets and enter them again", server.log_tail())
        server.stop()
        kept.rename(key)
        server.start()
        self.assertFalse(server.get("/api/v1/channels/hook")[1]["secrets_lost"])
        self.assertTrue(server.post("/api/v1/channels/hook/test")[1]["ok"])
        server.stop()
        key.unlink()
        server.start(arguments=["--forget-secrets"])
        hook = server.get("/api/v1/channels/hook")[1]
        self.assertTrue(hook["secrets_lost"], hook)
        self.assertEqual(hook["webhook"], {"url_set": False, "url_shown": None, "secret_set": False, "headers": ["X-Key"]})
        self.assertIn("secrets of a channel are lost", server.log_tail())
        status, answer = server.request("PATCH", "/api/v1/channels/mail", {"smtp": {"password": "the-mail-password"}})
        self.assertEqual((status, answer["secrets_lost"]), (200, False), answer)
        self.assertTrue(server.post("/api/v1/channels/mail/test")[1]["ok"])
        server.stop()
        server.start()
        lost = {channel["id"]: channel["secrets_lost"] for channel in server.get("/api/v1/channels")[1]["data"]}
        self.assertEqual(lost, {"hook": True, "mail": False, "ops": False})


if __name__ == "__main__":
    unittest.main(verbosity=2)
