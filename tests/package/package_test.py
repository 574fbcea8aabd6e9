"""The package on a bare Debian 12: installed, set up, watching, killed, hung, reloaded, upgraded, removed, purged.

  tests/package/package_test.py DEB NEWER_DEB      (tests/package/run builds both)
"""
import http.client
import json
import pathlib
import re
import shutil
import sys
import tempfile
import unittest

from bare import Bare, Unable, check, until

DEB = NEWER = None
LINK = re.compile(r"^http://127\.0\.0\.1:8400/#/setup/([A-Za-z0-9_-]{43})\n$")
DATA = ("--data", "/var/lib/tocsin")
CONFIG = """version: 1
monitors:
  by-address: { target: "127.0.0.1:8400", interval: 1s }
  by-name:
    target: "localhost:8400"
    interval: 1s
    request: "GET /livez HTTP/1.0\\r\\n\\r\\n"
    assert: [ 'response_data matches "^HTTP/1.[01] 200"' ]
"""


def ask(method, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", 8400, timeout=10)
    connection.request(method, path, json.dumps(body) if body else None, {"Content-Type": "application/json"} if body else {})
    reply = connection.getresponse()
    text = reply.read()
    connection.close()
    return reply.status, text


class Package(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.mkdtemp(prefix="tocsin-package-")
        self.addCleanup(shutil.rmtree, scratch)
        try:
            self.bare = Bare(pathlib.Path(scratch) / "bare")
        except Unable as reason:
            self.skipTest(str(reason))
        self.addCleanup(self.bare.stop)
        self.deb, self.newer = self.bare.put(DEB), self.bare.put(NEWER)
        self.bare.fetch(self.deb)

    def service(self, name):
        return self.bare.run("systemctl", "show", "--value", "-p", name, "tocsin").strip()

    def statuses(self):
        rows = json.loads(self.bare.run("tocsin", "monitors", "list", "--json", *DATA))["monitors"]
        return {row["id"]: row["status"] for row in rows}

    def all_up(self):
        return set(self.statuses().values()) == {"up"} and len(self.statuses()) == 2

    def test_life_of_an_installation(self):
        try:
            self.bare.boot()
        except Unable as reason:
            self.skipTest(str(reason))
        before = self.bare.files()
        with self.bare.network():
            self.installed()
            self.set_up()
            self.watches()
            self.survives()
            self.upgraded()
        self.removed(before)

    def installed(self):
        said = self.bare.apt("install", self.deb)
        self.assertIn("sudo tocsin setup-link", said)
        self.assertEqual(self.service("ActiveState"), "active")
        self.assertEqual(self.service("StatusErrno"), "0")
        self.assertEqual(self.bare.run("systemctl", "is-enabled", "tocsin").strip(), "enabled")
        self.assertEqual(self.bare.run("stat", "-c", "%U %a", "/var/lib/tocsin").strip(), "tocsin 700")
        status, page = ask("GET", "/")
        self.assertEqual((status, b"<script" in page), (200, True), "the program carries its pages")
        self.assertEqual(self.bare.run("tocsin", "validate", "/etc/tocsin", ok=False).count("error"), 0)
        for page in ("man1/tocsin.1.gz", "man1/tocsin-probe.1.gz", "man5/tocsin.yaml.5.gz"):
            self.bare.run("test", "-s", "/usr/share/man/" + page)
        print("  installed: the service is active", flush=True)

    def set_up(self):
        link = LINK.match(self.bare.run("tocsin", "setup-link"))
        self.assertTrue(link)
        journal = self.bare.run("journalctl", "-u", "tocsin", "--no-pager")
        self.assertIn("sudo tocsin setup-link", journal)
        self.assertNotIn(link[1], journal, "the link is in no log")
        refused = self.bare.run("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "tocsin", "setup-link", ok=False)
        self.assertNotIn(link[1], refused, "nobody else is told")
        body = {"setup_token": link[1], "user": "ann", "password": "correct horse"}
        self.assertEqual(ask("POST", "/api/v1/setup", body)[0], 201)
        self.assertIn("This server is set up", self.bare.run("tocsin", "setup-link", ok=False))
        print("  set up: by the link, which no log has", flush=True)

    def watches(self):
        (self.bare.folder / "etc/tocsin/tocsin.yaml").write_text(CONFIG)
        self.bare.run("systemctl", "reload", "tocsin")
        until("both monitors are up, under all restrictions of the unit", self.all_up)
        (self.bare.folder / "etc/tocsin/tocsin.yaml").write_text("version: 1\nmonitors: { x: { target: nothing } }\n")
        self.assertIn("failed", self.bare.run("systemctl", "reload", "tocsin", ok=False))
        until("the log says what is wrong", lambda: "tocsin.yaml:2:" in self.bare.run("journalctl", "-u", "tocsin", "--no-pager"))
        self.assertTrue(self.all_up(), "and the old configuration stays")
        self.bare.run("systemctl", "restart", "tocsin", ok=False)
        until("a wrong configuration is not tried again and again", lambda: self.service("ActiveState") == "failed")
        self.assertEqual((self.service("NRestarts"), self.service("ExecMainStatus")), ("0", "3"))
        (self.bare.folder / "etc/tocsin/tocsin.yaml").write_text(CONFIG)
        self.bare.run("systemctl", "start", "tocsin")
        until("it watches again", self.all_up)
        print("  watches: by address and by name, over reloads", flush=True)

    def survives(self):
        self.bare.run("systemctl", "kill", "-s", "KILL", "tocsin")
        until("it is started again after kill -9", lambda: self.service("NRestarts") == "1" and self.service("ActiveState") == "active")
        until("and watches", self.all_up)
        # As short as a hang can be told from a busy machine.
        self.bare.run("mkdir", "-p", "/run/systemd/system/tocsin.service.d")
        (pathlib.Path(f"/proc/{self.bare.init}/root/run/systemd/system/tocsin.service.d") / "test.conf").write_text(
            "[Service]\nWatchdogSec=5s\nTimeoutAbortSec=2s\n")
        self.bare.run("systemctl", "daemon-reload")
        self.bare.run("systemctl", "restart", "tocsin")
        hung = self.service("MainPID")
        self.bare.run("systemctl", "kill", "-s", "STOP", "tocsin")
        until("a hung one is ended and started again", lambda: self.service("MainPID") not in (hung, "0"), 60)
        self.assertIn("Watchdog timeout", self.bare.run("journalctl", "-u", "tocsin", "--no-pager"))
        self.bare.run("rm", "-r", "/run/systemd/system/tocsin.service.d")
        self.bare.run("systemctl", "daemon-reload")
        until("and watches", self.all_up)
        print("  survives: kill -9 and a hang", flush=True)

    def upgraded(self):
        old = self.service("MainPID")
        self.bare.run("apt-get", "-q", "-y", "install", self.newer)
        self.assertNotIn(self.service("MainPID"), (old, "0"), "the new program runs")
        self.assertEqual((self.bare.folder / "etc/tocsin/tocsin.yaml").read_text(), CONFIG, "what was edited stays")
        self.assertEqual(ask("GET", "/api/v1/setup"), (200, b'{"open":false}'), "and the user too")
        until("it watches", self.all_up)
        print("  upgraded: configuration, accounts and history stay", flush=True)

    def removed(self, before):
        self.bare.apt("remove", "tocsin")
        self.assertEqual(self.service("ActiveState"), "inactive")
        self.assertFalse((self.bare.folder / "usr/bin/tocsin").exists())
        for kept in ("var/lib/tocsin/tocsin.db", "etc/tocsin/tocsin.yaml"):
            self.assertTrue((self.bare.folder / kept).exists(), kept)
        self.bare.apt("purge", "tocsin")
        self.assertEqual(self.bare.run("getent", "passwd", "tocsin", ok=False), "")
        self.assertNotIn("tocsin", self.bare.run("systemctl", "list-unit-files", "--no-pager") + self.bare.run("dpkg", "-l"))
        named = [path for path in self.bare.files() if "tocsin" in path]
        self.assertEqual(named, [], "nothing of ours stays")
        # What it depends on is still there, with what those packages made themselves.
        of_others = ("/etc/ssl/certs/", "/etc/ca-certificates", "/usr/local/share/ca-certificates", "/var/lib/systemd/")
        left = self.bare.files() - before - self.bare.packaged()
        self.assertEqual([path for path in left if not path.startswith(of_others) and not path.endswith("-")], [], "nor what nobody owns")
        print("  removed: data and configuration stay; purged: nothing does", flush=True)

    # In a container or under another supervisor nothing starts it; the same user and folder do.
    def test_without_systemd(self):
        bare = self.bare
        said = bare.chroot("apt-get", "-q", "-y", "--no-install-recommends", "install", self.deb)
        self.assertIn("systemd does not run here", said)
        serve = "tocsin serve --config /etc/tocsin --data /var/lib/tocsin --listen 127.0.0.1:0"
        story = f"""
            setpriv --reuid=tocsin --regid=tocsin --clear-groups {serve} >/tmp/out 2>&1 & server=$!
            for i in $(seq 200); do grep -q '^set up' /tmp/out && break; sleep 0.05; done
            tocsin setup-link; kill -TERM $server; wait $server; echo "status $?"; cat /tmp/out"""
        told = bare.chroot("sh", "-c", story)
        printed = re.search(r"^set up: (\S+)$", told, re.M)
        self.assertTrue(printed, told)
        self.assertTrue(told.startswith(printed[1] + "\n"), "setup-link says what serve printed")
        self.assertIn("status 0", told)
        bare.chroot("apt-get", "-q", "-y", "purge", "tocsin")
        self.assertEqual([path for path in bare.files() if "tocsin" in path], [])
        print("  without systemd: runs as its user, and is purged", flush=True)


if __name__ == "__main__":
    DEB, NEWER = sys.argv[1:3]
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
