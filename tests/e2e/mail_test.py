"""E-mail to a real server that wants STARTTLS and a login: delivered when both are right; when the certificate is not trusted or the password is
wrong, not delivered, the reason on record, and the password nowhere."""
import unittest

from services import SecureExim
from support import Folder, Tocsin, free_port, until

CONFIG = """
version: 1
channels:
  good: {{ type: email, to: [a@example.com], from: t@example.com, smtp: {{ host: 127.0.0.1, port: {smtp}, security: starttls, username: watcher, password: "${{env:MAIL_PASSWORD}}", verify: false }} }}
  untrusted: {{ type: email, to: [b@example.com], from: t@example.com, smtp: {{ host: 127.0.0.1, port: {smtp}, security: starttls, username: watcher, password: "${{env:MAIL_PASSWORD}}" }} }}
  wrong: {{ type: email, to: [c@example.com], from: t@example.com, smtp: {{ host: 127.0.0.1, port: {smtp}, security: starttls, username: watcher, password: "${{env:WRONG_PASSWORD}}", verify: false }} }}
monitors:
  gone: {{ target: "127.0.0.1:{closed}", interval: 1s, timeout: 1s, channels: [good, untrusted, wrong] }}
"""


class Mail(unittest.TestCase):
    def test_starttls_and_login(self):
        folder = self.enterContext(Folder())
        exim = self.enterContext(SecureExim(folder))
        server = Tocsin(folder, CONFIG.format(smtp=exim.port, closed=free_port()))
        self.addCleanup(server.stop)
        server.start(MAIL_PASSWORD="the-mail-password", WRONG_PASSWORD="another-password")
        until("the mail arrives: " + server.log_tail(), exim.messages, 30)

        def deliveries():
            incident = server.incidents()[0]
            rows = server.get(f"/api/v1/incidents/{incident['id']}")[1]["deliveries"]
            by_channel = {row["channel"]: row for row in rows}
            return by_channel if all(row["attempts"] for row in rows) and len(rows) == 3 else None

        rows = until("every channel was tried", lambda: server.incidents() and deliveries(), 30)
        self.assertEqual(rows["good"]["state"], "delivered", rows)
        for channel, word in (("untrusted", "certificate"), ("wrong", "authentication")):
            self.assertEqual(rows[channel]["state"], "waiting", rows)
            self.assertIn(word, rows[channel]["last_result"].lower(), rows)
        self.assertEqual(len(exim.messages()), 1)
        self.assertIn("with esmtpsa", exim.messages()[0].lower(), "by TLS and with a login")
        for text in (server.log_tail(), str(rows)):
            self.assertNotIn("the-mail-password", text)
            self.assertNotIn("another-password", text)


if __name__ == "__main__":
    unittest.main(verbosity=2)
