"""Accounts on a real server: the set-up link, signing in and out, limits, restarts, the command line, what leaves in headers and logs."""
import http.client
import json
import re
import subprocess
import threading
import unittest

from support import TOCSIN, Folder, Tocsin, free_port, until

CONFIG = """
version: 1
monitors: {{ nobody: {{ target: "127.0.0.1:{closed}", interval: 60s, timeout: 1s }} }}
"""
# A build with its web pages prints a link into them, one without says how to go on without.
LINK = re.compile(r"^set up: (?:POST )?(http://127\.0\.0\.1:\d+)(?:/#/setup/|/api/v1/setup with setup_token )([A-Za-z0-9_-]{43})$", re.M)
COOKIE = re.compile(r"__Host-tocsin=([A-Za-z0-9_-]{43}); Path=/; Max-Age=2592000; HttpOnly; Secure; SameSite=Strict")
CLEARED = "__Host-tocsin=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict"


class Browser:
    """Keeps a cookie and the CSRF token of its page, as a browser and a page would."""

    def __init__(self, server):
        self.server = server
        self.cookie = None
        self.csrf = None
        self.headers = None

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            body = json.dumps(body)
            sent["Content-Type"] = "application/json"
        if self.cookie:
            sent["Cookie"] = f"theme=dark; __Host-tocsin={self.cookie}"
        if self.csrf:
            sent.setdefault("X-CSRF-Token", self.csrf)
        connection.request(method, "/api/v1" + path, body, sent)
        reply = connection.getresponse()
        text = reply.read().decode()
        self.headers = reply.headers
        connection.close()
        answer = json.loads(text) if text else None
        self.keep(reply.headers.get("Set-Cookie"), answer)
        return reply.status, answer

    def keep(self, cookie, answer):
        if cookie is None:
            return
        found = COOKIE.fullmatch(cookie)
        assert found or cookie == CLEARED, cookie
        self.cookie = found.group(1) if found else None
        self.csrf = answer["csrf_token"] if found else None

    def sign_in(self, password="correct horse", user="ann"):
        return self.ask("POST", "/session", {"user": user, "password": password})

    def signed_in(self):
        return self.ask("GET", "/session")[0] == 200


class Accounts(unittest.TestCase):
    def setUp(self):
        folder = self.enterContext(Folder())
        self.server = self.enterContext(Tocsin(folder, CONFIG.format(closed=free_port())))

    def link(self):
        return until("the set-up link", lambda: LINK.findall(self.server.log_tail()))[-1]

    def set_up(self):
        browser = Browser(self.server)
        status, body = browser.ask("POST", "/setup", {"setup_token": self.link()[1], "user": "ann", "password": "correct horse"})
        self.assertEqual(status, 201, body)
        return browser

    def user(self, *words, password):
        return subprocess.run([TOCSIN, "user", *words, "--data", str(self.server.data)], input=password, capture_output=True, text=True)

    def test_a_fresh_server_is_set_up_once(self):
        address, token = self.link()
        self.assertEqual(address, f"http://127.0.0.1:{self.server.port}")
        log = self.server.log_tail()
        has_pages = self.server.get("/")[1].startswith("<!")
        self.assertEqual("/#/setup/" in log, has_pages, "a link only where it leads somewhere")
        self.assertEqual(f"first user: tocsin user create NAME --data {self.server.data}" in log, not has_pages)
        stranger = Browser(self.server)
        self.assertEqual(stranger.ask("GET", "/setup"), (200, {"open": True}))
        wrong = {"setup_token": "A" * 43, "user": "eve", "password": "correct horse"}
        self.assertEqual(stranger.ask("POST", "/setup", wrong)[0], 403)

        browser = self.set_up()
        status, session = browser.ask("GET", "/session")
        self.assertEqual((status, session["user"], session["scope"]), (200, {"name": "ann"}, "admin"))
        self.assertEqual(browser.ask("GET", "/monitors")[1]["data"][0]["id"], "nobody")
        again = {"setup_token": token, "user": "eve", "password": "correct horse"}
        for _ in range(2):
            self.assertEqual(stranger.ask("GET", "/setup"), (200, {"open": False}))
            self.assertEqual(stranger.ask("POST", "/setup", again)[0], 409)
            self.server.stop()
            self.server.start()
            self.assertTrue(browser.signed_in(), "a restart signs nobody out")
        self.assertEqual(len(LINK.findall(self.server.log_tail())), 1, "no link once there is a user")

    # Each start without a user has a token of its own; yesterday's link opens nothing.
    def test_the_link_is_good_for_one_start(self):
        old = self.link()[1]
        self.server.stop()
        self.server.start()
        until("another link", lambda: len(LINK.findall(self.server.log_tail())) == 2)
        body = {"setup_token": old, "user": "ann", "password": "correct horse"}
        self.assertEqual(Browser(self.server).ask("POST", "/setup", body)[0], 403)
        self.set_up()

    # Who runs the server as a service asks for the link on its machine, again and again until somebody has used it.
    def test_the_machine_itself_is_told_the_link(self):
        def ask():
            return subprocess.run([TOCSIN, "setup-link", "--data", str(self.server.data)], capture_output=True, text=True)

        address, token = self.link()
        has_pages = self.server.get("/")[1].startswith("<!")
        for _ in range(2):
            told = ask()
            if has_pages:
                self.assertEqual((told.returncode, told.stdout), (0, f"{address}/#/setup/{token}\n"), told.stderr)
            else:
                self.assertEqual((told.returncode, told.stdout), (1, ""))
                self.assertIn(f"tocsin user create NAME --data {self.server.data}", told.stderr)
        self.set_up()
        late = ask()
        self.assertEqual((late.returncode, late.stdout), (1, ""))
        self.assertIn("This server is set up: sign in.", late.stderr)

    # Real threads, real hashes: of ten at once one is made.
    def test_of_concurrent_setups_one_wins(self):
        token = self.link()[1]
        answers = []

        def try_it(name):
            body = {"setup_token": token, "user": name, "password": "correct horse"}
            answers.append(Browser(self.server).ask("POST", "/setup", body)[0])

        threads = [threading.Thread(target=try_it, args=(f"user{i}",)) for i in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(answers), [201] + [409] * 9)

    def test_sign_in_limits_and_out(self):
        self.set_up()
        browser = Browser(self.server)
        self.assertEqual(browser.sign_in()[0], 200)
        first = browser.cookie
        self.assertEqual(browser.ask("POST", "/monitors/none/nothing")[0], 404)
        self.assertEqual(browser.ask("DELETE", "/session", X_CSRF_Token="no")[0], 403)
        self.assertEqual(browser.ask("DELETE", "/session", Origin="https://evil.example")[0], 403)
        self.assertTrue(browser.signed_in())
        self.assertEqual(browser.ask("DELETE", "/session", Origin=f"http://127.0.0.1:{self.server.port}"), (204, None))
        self.assertIsNone(browser.headers.get("Content-Length"))
        self.assertIsNone(browser.cookie)
        browser.cookie = first
        self.assertFalse(browser.signed_in(), "the old cookie is no good")

        wrong, nobody = Browser(self.server), Browser(self.server)
        refusals = [wrong.sign_in("wrong password"), nobody.sign_in(user="bob")]
        for status, body in refusals:
            self.assertEqual((status, body["code"]), (401, "bad_login"))
        self.assertEqual(refusals[0][1]["detail"], refusals[1][1]["detail"])
        for _ in range(4):
            self.assertEqual(wrong.sign_in("wrong password")[0], 401)
        status, body = wrong.sign_in()
        self.assertEqual((status, body["code"]), (429, "too_many_attempts"), "the right one waits too")
        self.assertTrue(800 < int(wrong.headers["Retry-After"]) <= 900, wrong.headers["Retry-After"])

    def test_a_changed_password_ends_other_sessions_at_once(self):
        mine, other = self.set_up(), Browser(self.server)
        self.assertEqual(other.sign_in()[0], 200)
        change = {"current": "correct horse", "new": "battery staple"}
        self.assertEqual(mine.ask("POST", "/password", change)[0], 204)
        self.assertFalse(other.signed_in())
        self.assertTrue(mine.signed_in())
        self.assertEqual(other.sign_in()[0], 401)
        self.assertEqual(other.sign_in("battery staple")[0], 200)

    # The command line: through the socket of a running server, and in the store of one that is not.
    def test_users_from_the_command_line(self):
        made = self.user("create", "ann", password="correct horse\n")
        self.assertEqual((made.returncode, made.stdout, made.stderr), (0, "ann can sign in.\n", ""))
        twice = self.user("create", "ann", password="correct horse\n")
        self.assertEqual(twice.returncode, 1)
        self.assertIn("There is a user of this name already.", twice.stderr)
        browser = Browser(self.server)
        self.assertEqual(browser.ask("GET", "/setup"), (200, {"open": False}), "it closes set-up")
        self.assertEqual(browser.sign_in()[0], 200)

        lost = self.user("password", "ann", password="battery staple\n")
        self.assertEqual(lost.returncode, 0, lost.stderr)
        self.assertFalse(browser.signed_in())
        self.assertEqual(browser.sign_in("battery staple")[0], 200)
        self.assertEqual(self.user("password", "bob", password="battery staple\n").returncode, 5)

        self.server.stop()
        self.assertEqual(self.user("password", "ann", password="third password\n").returncode, 0)
        self.assertEqual(self.user("create", "bob", password="correct horse\n").returncode, 0)
        self.server.start()
        self.assertFalse(browser.signed_in())
        self.assertEqual(browser.sign_in("third password")[0], 200)
        self.assertEqual(Browser(self.server).sign_in(user="bob")[0], 200)

    # A token or a session cannot make users, whatever its scope; only the machine itself can.
    def test_no_token_makes_users(self):
        status, body = self.server.post("/api/v1/users", {"user": "eve", "password": "correct horse"})
        self.assertEqual((status, body["code"]), (403, "forbidden"))

    def test_tokens_are_listed_and_revoked(self):
        browser = self.set_up()
        reader = self.server.make_token("read")
        rows = {row["scope"]: row for row in browser.ask("GET", "/tokens")[1]["data"]}
        self.assertEqual(set(rows), {"admin", "read"})
        self.assertNotIn("token", rows["read"])
        self.assertEqual(self.server.get("/api/v1/version", token=reader)[0], 200)
        self.assertEqual(browser.ask("DELETE", f"/tokens/{rows['read']['id']}")[0], 204)
        self.assertEqual(self.server.get("/api/v1/version", token=reader)[0], 401)
        self.server.stop()
        self.server.start()
        self.assertEqual(self.server.get("/api/v1/version", token=reader)[0], 401)

    # T4, T22: whoever reads the log or the files finds nothing to sign in with.
    def test_no_secret_is_kept_or_logged(self):
        token = self.link()[1]
        browser = self.set_up()
        self.server.stop()
        files = b"".join(path.read_bytes() for path in self.server.data.iterdir() if path.is_file())
        log = "\n".join(line for line in self.server.log_tail().splitlines() if not line.startswith("set up: "))
        for secret in (token, browser.cookie, browser.csrf, "correct horse"):
            self.assertNotIn(secret.encode(), files)
            self.assertNotIn(secret, log)
        self.assertIn(b"$argon2id$v=19$m=19456,t=2,p=1$", files)


if __name__ == "__main__":
    unittest.main()
