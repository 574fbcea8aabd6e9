"""A server of ours watches real servers through STARTTLS, with certificates that it verifies: all are up with the facts of TLS. A certificate that
nobody vouches for and a server without TLS are down with their own errors, and what a monitor ends quietly its service never sees."""
import socket
import unittest

from preset_services import Dovecot, LoggedExim, Mariadb, Prosody, SecurePostgres, Slapd, Vsftpd
from services import Postgres
from support import Folder, Tocsin, free_port, until

# Each names its protocol, or its preset does.
UPGRADES = {
    "exim": (LoggedExim, "port", "preset: submission, tls: {{ mode: starttls, {trust} }}"),
    "imap": (Dovecot, "port", "tls: {{ mode: starttls, protocol: imap, {trust} }}"),
    "pop3": (Dovecot, "pop3_port", "preset: pop3, tls: {{ mode: starttls, {trust} }}"),
    "vsftpd": (Vsftpd, "port", "tls: {{ mode: starttls, protocol: ftp, {trust} }}"),
    "slapd": (Slapd, "port", "tls: {{ mode: starttls, protocol: ldap, {trust} }}"),
    "prosody": (Prosody, "port", "tls: {{ mode: starttls, protocol: xmpp, {trust} }}"),
    "postgres": (SecurePostgres, "port", "tls: {{ mode: starttls, protocol: postgres, {trust} }}"),
    "mariadb": (Mariadb, "port", "tls: {{ mode: starttls, protocol: mysql, {trust} }}"),
    # The same by hand: a dialogue of its own before TLS, and another inside it.
    "steps": (LoggedExim, "port", """request: [ { expect: { regex: "^220 " } }, { send: "EHLO a.example\\r\\n" }, { expect: { regex: "^250 " } },
      { send: "STARTTLS\\r\\n" }, { expect: { regex: "^220 [^\\n]*\\n" } }, starttls,
      { send: "EHLO a.example\\r\\n" }, { expect: { regex: "^250[- ]AUTH PLAIN" } }, { send: "QUIT\\r\\n" } ], tls: { mode: starttls, TRUST }"""
              .replace("{", "{{").replace("}", "}}").replace("TRUST", "{trust}")),
}
HEAD = """
version: 1
project: { id: upgrades, name: Upgrades }
defaults: { interval: 1s, timeout: 5s }
monitors:
"""


class Unseen:
    """A service that would notice whoever gets through to it."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.setblocking(False)
        self.port = self.listener.getsockname()[1]

    def accepted(self):
        try:
            self.listener.accept()[0].close()
            return True
        except BlockingIOError:
            return False


class Upgrades(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(Folder())
        cls.services = {}
        lines = []
        for name, (kind, port, fields) in UPGRADES.items():
            if kind not in cls.services:
                cls.services[kind] = cls.enterClassContext(kind(folder))
            service = cls.services[kind]
            trust = f'ca_file: "{service.folder}/cert.pem", server_name: localhost'
            lines.append(f"  {name}: {{ target: \"127.0.0.1:{getattr(service, port)}\", {fields.format(trust=trust)} }}")
        plain = cls.enterClassContext(Postgres(folder))
        secure = cls.services[SecurePostgres]
        cls.unseen, cls.seen = Unseen(), Unseen()
        lines.append(f'  untrusted: {{ target: "127.0.0.1:{secure.port}", preset: postgres, tls: {{ mode: starttls, server_name: localhost }} }}')
        lines.append(f'  without: {{ target: "127.0.0.1:{plain.port}", preset: postgres, tls: starttls }}')
        lines.append(f'  unseen: {{ target: "127.0.0.1:{cls.unseen.port}", close: quiet }}')
        lines.append(f'  seen: {{ target: "127.0.0.1:{cls.seen.port}" }}')
        cls.server = cls.enterClassContext(Tocsin(folder, HEAD + "\n".join(lines) + "\n"))

    def result_of(self, name):
        return until(f"a result of {name}", lambda: self.server.results(name))[0]

    def test_each_protocol_is_upgraded_and_its_certificate_verified(self):
        for name in UPGRADES:
            with self.subTest(name):
                result = self.result_of(name)
                self.assertEqual((result["verdict"], result["error"]), ("passed", None))
                self.assertGreater(result["tls_us"], 0)
                self.assertEqual(result["data_us"] is not None, name == "steps", "phase data is what was said inside TLS")

    def test_what_is_wrong_has_its_own_name(self):
        self.assertEqual(self.result_of("untrusted")["error"]["code"], "tls_untrusted")
        self.assertEqual(self.result_of("without")["error"]["code"], "starttls_refused")

    def test_a_quiet_monitor_is_up_and_its_service_saw_nobody(self):
        until("three checks", lambda: len(self.server.results("unseen")) >= 3)
        self.assertEqual(self.server.status("unseen"), "up")
        self.assertFalse(self.unseen.accepted())
        until("a check that is seen", lambda: self.server.results("seen"))
        self.assertTrue(self.seen.accepted(), "another way of closing is seen, so the look at the service is sound")


if __name__ == "__main__":
    unittest.main()
