"""Below a path behind nginx with HTTPS, with the very lines of docs/install.md: pages, sign-in, changes from the browser's own address, live events."""
import http.client
import json
import pathlib
import re
import ssl
import subprocess
import unittest

from services import Nginx
from support import Folder, Tocsin, free_port, until

ROOT = pathlib.Path(__file__).resolve().parents[2]
ADDRESS = "https://status.example.com"
USER = {"user": "ann", "password": "correct horse"}


class DocumentedNginx(Nginx):
    """The server block of the manual; only ports and files are those of this test."""

    def __init__(self, folder, tocsin_port):
        self.tocsin_port = tocsin_port
        super().__init__(folder)

    def prepare(self):
        self.certificate, key = self.folder / "cert.pem", self.folder / "key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                        "/CN=status.example.com", "-addext", "subjectAltName=DNS:status.example.com", "-keyout", key, "-out", self.certificate],
                       check=True, capture_output=True)
        block = re.search(r"```nginx\n(.*?)```", (ROOT / "docs/install.md").read_text(), re.S)[1]
        for documented, ours in {"listen 443 ssl;": f"listen 127.0.0.1:{self.port} ssl;", "/etc/ssl/status.example.com.pem": str(self.certificate),
                                 "/etc/ssl/private/status.example.com.key": str(key), "127.0.0.1:8400/": f"127.0.0.1:{self.tocsin_port}/"}.items():
            assert block.count(documented) == 1, documented
            block = block.replace(documented, ours)
        temporary = "\n".join(f"{kind}_temp_path {self.folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (self.folder / "nginx.conf").write_text(f"daemon off; master_process off; pid {self.folder}/pid; error_log {self.folder}/error.log;\n"
                                                f"events {{}}\nhttp {{ access_log off; {temporary}\n{block}}}\n")


class BehindNginx(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(Folder())
        documented = re.search(r"```yaml\n(server:\n  trusted_proxies:.*?)```", (ROOT / "docs/install.md").read_text(), re.S)[1]
        config = f'version: 1\nmonitors: {{ nobody: {{ target: "127.0.0.1:{free_port()}", interval: 1s, timeout: 1s }} }}\n{documented}'
        cls.server = Tocsin(folder, config)
        cls.addClassCleanup(cls.server.stop)
        cls.server.start(arguments=("--public-url", ADDRESS + "/tocsin"))
        cls.nginx = cls.enterClassContext(DocumentedNginx(folder, cls.server.port))
        cls.trust = ssl.create_default_context(cafile=cls.nginx.certificate)
        cls.trust.check_hostname = False  # the name is status.example.com, the connection goes to this machine
        link = until("the set-up link", lambda: re.findall(re.escape(ADDRESS) + r"/tocsin/#/setup/([\w-]{43})", cls.server.log_tail()))[-1]
        reply, text = cls.ask("POST", "/tocsin/api/v1/setup", {"setup_token": link, **USER}, Origin=ADDRESS)
        assert reply.status == 201, text
        cls.cookie = reply.headers["Set-Cookie"].split(";")[0]
        cls.csrf = json.loads(text)["csrf_token"]

    @classmethod
    def connect(cls, client="127.0.0.1"):
        return http.client.HTTPSConnection("127.0.0.1", cls.nginx.port, context=cls.trust, timeout=20, source_address=(client, 0))

    @classmethod
    def ask(cls, method, path, body=None, client="127.0.0.1", **headers):
        connection = cls.connect(client)
        sent = {"Host": "status.example.com", **{name.replace("_", "-"): value for name, value in headers.items()}}
        if body is not None:
            sent["Content-Type"] = "application/json"
        connection.request(method, path, None if body is None else json.dumps(body), sent)
        reply = connection.getresponse()
        text = reply.read()
        connection.close()
        return reply, text

    def test_who_guesses_passwords_shuts_nobody_else_out(self):
        guess = {"user": "ann", "password": "wrong horse"}
        statuses = [self.ask("POST", "/tocsin/api/v1/session", guess, client="127.0.0.5", Origin=ADDRESS)[0].status for _ in range(6)]
        self.assertEqual(statuses, [401] * 5 + [429])
        claimed = self.ask("POST", "/tocsin/api/v1/session", guess, client="127.0.0.5", Origin=ADDRESS, X_Forwarded_For="127.0.0.7")[0]
        self.assertEqual(claimed.status, 429, "what the client wrote itself does not count")
        self.assertEqual(self.ask("POST", "/tocsin/api/v1/session", USER, client="127.0.0.6", Origin=ADDRESS)[0].status, 200)

    def test_the_page_and_all_it_loads_are_below_the_path(self):
        reply, _ = self.ask("GET", "/tocsin")
        self.assertEqual((reply.status, reply.headers["Location"].endswith("/tocsin/")), (301, True))
        reply, page = self.ask("GET", "/tocsin/")
        self.assertEqual(reply.status, 200)
        parts = re.findall(r'(?:src|href)="([^"]+)"', page.decode())
        self.assertGreater(len(parts), 2)
        for part in parts:
            self.assertFalse(part.startswith("/"), f"{part} would leave the path")
            self.assertEqual(self.ask("GET", "/tocsin/" + part.removeprefix("./"))[0].status, 200, part)

    def test_a_notice_leads_to_its_page(self):
        reply, _ = self.ask("GET", "/tocsin/incidents/abc")
        self.assertEqual(reply.status, 302)
        self.assertEqual(reply.headers["Location"], "../#/incidents/abc")

    def test_the_browser_may_change_things_and_no_other_site(self):
        new = {"id": "made-here", "target": "127.0.0.1:9", "enabled": False}
        mine = {"Cookie": self.cookie, "X-CSRF-Token": self.csrf}
        reply, text = self.ask("POST", "/tocsin/api/v1/monitors", new, Origin=ADDRESS, **mine)
        self.assertEqual((reply.status, reply.headers["Location"]), (201, "/tocsin/api/v1/monitors/" + json.loads(text)["uid"]), text)
        reply, text = self.ask("DELETE", "/tocsin/api/v1/monitors/made-here", Origin="https://elsewhere.example.com", **mine)
        self.assertEqual((reply.status, json.loads(text)["code"]), (403, "origin"), text)
        reply, _ = self.ask("DELETE", "/tocsin/api/v1/monitors/made-here", Origin=ADDRESS, **mine)
        self.assertEqual(reply.status, 204)

    def test_live_events_come_through_at_once(self):
        connection = self.connect()
        connection.request("GET", "/tocsin/api/v1/events", headers={"Host": "status.example.com", "Cookie": self.cookie})
        reply = connection.getresponse()
        self.assertEqual((reply.status, reply.headers.get_content_type()), (200, "text/event-stream"))
        names = []
        while "monitor" not in names:  # the monitor runs every second; a buffer would hold them for many more
            line = reply.readline().decode()
            if line.startswith("event: "):
                names.append(line.removeprefix("event: ").strip())
        connection.close()


if __name__ == "__main__":
    unittest.main(verbosity=2)
