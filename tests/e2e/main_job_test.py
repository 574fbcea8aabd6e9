"""The main job with real services: all up with right phases and assertions; one stops: one notice by webhook and by mail; it starts: one recovery."""
import email
import email.policy
import unittest

from services import Exim, Nginx, Postgres, Redis, Sshd
from support import Folder, Receiver, Tocsin, until

CONFIG = """
version: 1
project: {{ id: shop, name: Shop }}
defaults: {{ interval: 1s, timeout: 5s, channels: [ops, mail] }}
channels:
  ops:  {{ type: webhook, url: "http://127.0.0.1:{hook}/hook", secret: "${{env:HOOK_SECRET}}" }}
  mail: {{ type: email, to: ["oncall@example.com"], from: "tocsin@example.com", smtp: {{ host: 127.0.0.1, port: {smtp}, security: none }} }}
monitors:
  redis:
    name: Redis sessions
    target: 127.0.0.1:{redis}
    tags: [prod, cache]
    request: [ {{ send: {{ text: "PING\\r\\n" }} }} ]
    assert:
      - response_data contains "+PONG"
      - response_time < 2s
    alert: {{ after_runs: 2 }}
  postgres:
    name: Orders database
    target: 127.0.0.1:{postgres}
    request: [ {{ send: {{ hex: "0000000804d2162f" }} }} ]
    assert: [ 'response_data matches "^[SN]"' ]
  nginx:
    name: Shop window
    target: 127.0.0.1:{nginx}
    request: [ {{ send: {{ text: "GET / HTTP/1.0\\r\\n\\r\\n" }} }} ]
    assert: [ 'response_data contains "OK Farm"' ]
  ssh:
    name: Admin access
    target: 127.0.0.1:{sshd}
    request: [ {{ expect: {{ regex: "^SSH-2.0-" }} }}, {{ send: {{ text: "SSH-2.0-tocsin\\r\\n" }} }} ]
  smtp:
    name: Mail
    target: 127.0.0.1:{smtp}
    request: [ {{ expect: {{ regex: "^220 " }} }}, {{ send: {{ text: "QUIT\\r\\n" }} }}, {{ expect: {{ regex: "221 " }} }} ]
  plain:
    name: Port only
    target: 127.0.0.1:{redis}
    channels: []
"""


class MainJob(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(Folder())
        cls.services = {kind.name: cls.enterClassContext(kind(folder)) for kind in (Redis, Postgres, Nginx, Sshd, Exim)}
        cls.receiver = cls.enterClassContext(Receiver())
        ports = {name: service.port for name, service in cls.services.items()}
        cls.server = cls.enterClassContext(Tocsin(folder, CONFIG.format(hook=cls.receiver.port, smtp=ports.pop("exim"), **ports)))

    def test_1_all_are_up_with_phases_and_assertions(self):
        until("all monitors are up", lambda: all(m["status"] == "up" for m in self.server.monitors().values()))
        for name in self.server.monitors():
            result = until(f"a result of {name}", lambda: self.server.results(name))[0]
            self.assertEqual(result["verdict"], "passed", (name, result))
            self.assertGreater(result["connect_us"], 0)
            self.assertIsNone(result["error"])
            self.assertIsNone(result["dns_us"])
            self.assertIsNone(result["tls_us"])
            if name == "plain":
                self.assertIsNone(result["data_us"])
                self.assertEqual(result["response_time_us"], result["connect_us"])
            else:
                self.assertGreater(result["data_us"], 0)
                self.assertGreaterEqual(result["response_time_us"], result["connect_us"] + result["data_us"] - 5)
        self.assertEqual(self.receiver.notices(), [])

    def test_2_one_down_notice_by_webhook_and_mail(self):
        self.services["redis"].stop()
        until("redis is down", lambda: self.server.status("redis") == "down")
        until("a webhook", lambda: self.receiver.notices("monitor.down", "redis"))
        until("a mail", lambda: self.services["exim"].messages(), 30)
        key, body = self.receiver.notices("monitor.down", "redis")[0]
        self.assertEqual(body["data"]["error"]["code"], "tcp_refused")
        self.assertEqual(body["data"]["error_status"], "tcp_refused")
        self.assertEqual(body["data"]["status"], "down")
        self.assertEqual(body["data"]["monitor"]["name"], "Redis sessions")
        incident = body["data"]["incident"]
        self.assertEqual(incident["url"], f"http://127.0.0.1:{self.server.port}/incidents/{incident['id']}", "which leads to the page")
        self.assertIn("connect_us", body["data"]["result"])
        mail = email.message_from_string(self.services["exim"].messages()[0], policy=email.policy.default)
        self.assertIn("Redis sessions", mail["Subject"])
        text = mail.get_body(("plain",)).get_content()
        self.assertIn("tcp_refused", text)
        self.assertIn(body["data"]["incident"]["url"], text)
        # Three further ticks change nothing: one notice is one.
        seen = len(self.server.results("redis"))
        until("three more ticks", lambda: len(self.server.results("redis")) >= seen + 3)
        self.assertEqual(len(self.receiver.notices("monitor.down", "redis")), 1)
        self.assertEqual(len(self.services["exim"].messages()), 1)
        incident = [i for i in self.server.incidents() if i["monitor"]["id"] == "redis"][0]
        status, acknowledged = self.server.post(f"/api/v1/incidents/{incident['id']}/acknowledge", {"note": "on it"})
        self.assertEqual(status, 200, acknowledged)

    def test_3_one_recovery(self):
        self.assertEqual(self.server.status("redis"), "down")
        self.services["redis"].start()
        until("redis is up again", lambda: self.server.status("redis") == "up")
        until("the recovery", lambda: self.receiver.notices("monitor.recovered", "redis"))
        until("the second mail", lambda: len(self.services["exim"].messages()) == 2, 30)
        self.assertEqual(len(self.receiver.notices("monitor.recovered", "redis")), 1)
        self.assertEqual(self.receiver.bad, [], "a signature that an independent check refuses")
        first, second = (email.message_from_string(m, policy=email.policy.default) for m in
                         sorted(self.services["exim"].messages(), key=lambda m: "recovered" in m.lower()))
        self.assertNotEqual(first["Message-ID"], second["Message-ID"])
        self.assertEqual(first["References"], second["References"])
        closed = [i for i in self.server.incidents() if i["monitor"]["id"] == "redis"][0]
        self.assertIsNotNone(closed["closed"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
