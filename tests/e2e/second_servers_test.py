"""Presets and STARTTLS against the second server of a protocol, as presets_test.py tries the first."""
import os
import unittest

from presets_test import Probed
from second_servers import Bind, Ejabberd, Postfix


class SecondServers(Probed):
    @unittest.skipUnless(os.geteuid() == 0, "Postfix begins as root")
    def test_postfix(self):
        self.leave_no_complaint(Postfix, ("port", "--preset", "smtp"), ("port", "--preset", "smtp", "--starttls", "smtp", "--no-verify"),
                                ("tls_port", "--preset", "smtps", "--no-verify"))

    def test_bind(self):
        self.leave_no_complaint(Bind, ("port", "--preset", "dns"))

    def test_ejabberd(self):
        named = ("--tls-name", "localhost", "--starttls", "xmpp", "--no-verify")
        self.leave_no_complaint(Ejabberd, ("port", "--preset", "xmpp"), ("port", *named), ("port", "--preset", "xmpp", *named))


if __name__ == "__main__":
    unittest.main()
