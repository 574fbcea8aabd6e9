"""The way to a target: real SOCKS5 and HTTP proxies, a source address, resolvers of a monitor's own. What lies behind a working proxy is up or down as
it is, a broken proxy leaves it unknown, and no password is seen anywhere."""
import pathlib
import shutil
import socket
import subprocess
import unittest

from preset_services import SecurePostgres, make_certificate
from services import Redis, Service
from support import TOCSIN, Folder, Tocsin, free_port, until

PASSWORD = "an-end-to-end-proxy-password"


class LocalRedis(Redis):
    """On both addresses that `localhost` may have: microsocks tries the first alone, which /etc/hosts decides."""

    def command(self):
        return [*super().command(), "--bind", "127.0.0.1", "-::1"]


class Microsocks(Service):
    name = "microsocks"
    account = ()

    def command(self):
        return [shutil.which("microsocks"), "-i", "127.0.0.1", "-p", str(self.port), *self.account]


class ClosedMicrosocks(Microsocks):
    name = "closed-microsocks"
    account = ("-u", "probe", "-P", PASSWORD)


class Tinyproxy(Service):
    name = "tinyproxy"

    def prepare(self):
        (self.folder / "conf").write_text(f'Port {self.port}\nListen 127.0.0.1\nTimeout 60\nAllow 127.0.0.1\nMaxClients 50\nBasicAuth probe {PASSWORD}\n')

    def command(self):
        return [shutil.which("tinyproxy"), "-d", "-c", str(self.folder / "conf")]


class TlsServer(Service):
    """Speaks TLS from the first byte."""
    name = "tls-server"

    def prepare(self):
        make_certificate(self.folder)

    def command(self):
        return ["openssl", "s_server", "-accept", f"127.0.0.1:{self.port}", "-cert", str(self.folder / "cert.pem"), "-key", str(self.folder / "key.pem"), "-quiet"]


class Names(Service):
    """A resolver that knows one name, at its own address."""
    name = "names"
    answer = "127.0.0.1"

    def command(self):
        return ["/usr/sbin/dnsmasq", "--keep-in-foreground", "--user=nobody", "--no-hosts", "--no-resolv", "--conf-file=/dev/null", f"--port={self.port}",
                "--listen-address=127.0.0.1", "--bind-interfaces", f"--address=/db.example/{self.answer}", "--pid-file="]


class OtherNames(Names):
    name = "other-names"
    answer = "127.0.0.7"


class Peer:
    """Accepts on every loopback address and remembers who came."""

    def __init__(self):
        self.listener = socket.create_server(("0.0.0.0", 0))
        self.listener.setblocking(False)
        self.port = self.listener.getsockname()[1]
        self.clients = set()

    def seen(self):
        try:
            while True:
                connection, client = self.listener.accept()
                self.clients.add((client[0], connection.getsockname()[0]))
                connection.close()
        except BlockingIOError:
            return self.clients


CONFIG = """
version: 1
project: {{ id: ways, name: Ways }}
defaults: {{ interval: 1s, timeout: 5s }}
monitors:
  socks_redis: {{ target: "127.0.0.1:{redis}", proxy: "socks5://127.0.0.1:{socks}", request: [ {{ send: "PING\\r\\n" }}, {{ expect: "+PONG" }} ] }}
  socks_name: {{ target: "localhost:{redis}", proxy: "socks5://probe:{password}@127.0.0.1:{closed}", request: [ {{ send: "PING\\r\\n" }}, {{ expect: "+PONG" }} ] }}
  http_redis: {{ target: "127.0.0.1:{redis}", proxy: "http://probe:{password}@127.0.0.1:{http}", request: [ {{ send: "PING\\r\\n" }}, {{ expect: "+PONG" }} ] }}
  socks_starttls: {{ target: "127.0.0.1:{postgres}", proxy: "socks5://127.0.0.1:{socks}", {starttls} }}
  http_starttls: {{ target: "127.0.0.1:{postgres}", proxy: "http://probe:{password}@127.0.0.1:{http}", {starttls} }}
  socks_tls: {{ target: "127.0.0.1:{tls}", proxy: "socks5://127.0.0.1:{socks}", tls: {{ mode: direct, ca_file: "{trust}/cert.pem", server_name: localhost }} }}
  http_tls: {{ target: "127.0.0.1:{tls}", proxy: "http://probe:{password}@127.0.0.1:{http}", tls: {{ mode: direct, ca_file: "{trust}/cert.pem", server_name: localhost }} }}
  socks_refused: {{ target: "127.0.0.1:{dead}", proxy: "socks5://127.0.0.1:{socks}" }}
  http_refused: {{ target: "127.0.0.1:{dead}", proxy: "http://probe:{password}@127.0.0.1:{http}" }}
  socks_stranger: {{ target: "127.0.0.1:{redis}", proxy: "socks5://probe:wrong@127.0.0.1:{closed}" }}
  http_stranger: {{ target: "127.0.0.1:{redis}", proxy: "http://127.0.0.1:{http}" }}
  no_proxy: {{ target: "127.0.0.1:{redis}", proxy: "socks5://127.0.0.1:{dead}" }}
  mixed_up: {{ target: "127.0.0.1:{redis}", proxy: "http://127.0.0.1:{socks}", timeout: 1s }}
  from_there: {{ target: "127.0.0.1:{peer}", source: 127.0.0.9 }}
  from_nowhere: {{ target: "127.0.0.1:{peer}", source: 192.0.2.10 }}
  by_names: {{ target: "db.example:{peer}", resolver: ["127.0.0.1:{names}"] }}
  by_other_names: {{ target: "db.example:{peer}", resolver: ["127.0.0.1:{other}"] }}
  by_nobody: {{ target: "db.example:{peer}", resolver: ["127.0.0.1:{dead}"], timeout: 2s }}
"""


class Ways(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(Folder())
        cls.redis, postgres, tls, socks, closed, http, names, other = (
            cls.enterClassContext(kind(folder)) for kind in (LocalRedis, SecurePostgres, TlsServer, Microsocks, ClosedMicrosocks, Tinyproxy, Names, OtherNames))
        cls.socks, cls.peer = socks, Peer()
        starttls = f'tls: {{ mode: starttls, protocol: postgres, ca_file: "{postgres.folder}/cert.pem", server_name: localhost }}'
        cls.server = cls.enterClassContext(Tocsin(folder, CONFIG.format(
            redis=cls.redis.port, postgres=postgres.port, tls=tls.port, trust=tls.folder, socks=socks.port, closed=closed.port, http=http.port, names=names.port, other=other.port,
            dead=free_port(), peer=cls.peer.port, password=PASSWORD, starttls=starttls)))

    def result_of(self, name):
        result = until(f"a result of {name}", lambda: self.server.results(name))[-1]
        return self.server.get(f"/api/v1/monitors/{name}/results/{result['id']}")[1]

    def expect(self, name, verdict, code=None, words=""):
        result = self.result_of(name)
        error = result["error"]
        self.assertEqual((result["verdict"], error and error["code"]), (verdict, code), result["reason"])
        self.assertIn(words, result["reason"])
        return result

    def test_what_lies_behind_a_proxy_is_spoken_to(self):
        for name in ("socks_redis", "socks_name", "http_redis", "socks_starttls", "http_starttls", "socks_tls", "http_tls"):
            with self.subTest(name):
                result = self.expect(name, "passed")
                self.assertLessEqual(result["proxy"]["reached_us"] + result["proxy"]["through_us"], result["connect_us"])
                self.assertIsNone(result["resolved_ip"])
        for name in ("socks_starttls", "http_tls"):
            self.assertEqual(self.result_of(name)["tls"]["subject"], "CN=localhost")

    def test_what_the_proxy_says_of_the_target_is_the_targets(self):
        self.expect("socks_refused", "failed", "tcp_refused", "connection refused (SOCKS5 reply 5)")
        self.expect("http_refused", "failed", "host_unreachable", "HTTP status 500")

    def test_a_broken_proxy_is_not_the_target_down(self):
        self.expect("socks_stranger", "unknown", "proxy_failed", "refused the name or the password")
        self.expect("http_stranger", "unknown", "proxy_failed", "HTTP status 40")
        self.expect("no_proxy", "unknown", "proxy_failed", "cannot be reached")
        self.expect("mixed_up", "unknown", "proxy_failed")

    def test_a_probe_comes_from_its_source(self):
        self.expect("from_there", "passed")
        self.assertIn(("127.0.0.9", "127.0.0.1"), self.peer.seen())
        self.expect("from_nowhere", "unknown", "local_resource", "does not have the source address 192.0.2.10")

    def test_each_monitor_asks_its_own_resolver(self):
        self.assertEqual(self.expect("by_names", "passed")["resolved_ip"], "127.0.0.1")
        self.assertEqual(self.expect("by_other_names", "passed")["resolved_ip"], "127.0.0.7")
        self.expect("by_nobody", "unknown", "resolver_down")
        addresses = self.server.get("/api/v1/monitors/by_other_names")[1]["addresses"]
        self.assertEqual((addresses["now"], addresses["moved"]), (["127.0.0.7"], None))

    def test_no_password_is_seen_anywhere(self):
        self.result_of("socks_name")
        shown = self.server.get("/api/v1/monitors/socks_name")[1]
        self.assertEqual(shown["config"]["proxy"], shown["definition"]["proxy"])
        self.assertIn("//probe:***@127.0.0.1:", shown["config"]["proxy"])
        for path in ("/api/v1/monitors/socks_name", "/api/v1/export", "/api/v1/monitors?limit=100"):
            self.assertNotIn(PASSWORD, str(self.server.get(path)[1]))
        for file in [*pathlib.Path(self.server.data).rglob("*"), self.server.folder / "tocsin.log"]:
            if file.is_file():
                self.assertNotIn(PASSWORD.encode(), file.read_bytes(), file)

    def test_a_hidden_password_stays_and_goes_nowhere_else(self):
        made = {"id": "mine", "target": f"127.0.0.1:{self.redis.port}", "proxy": f"socks5://probe:{PASSWORD}@127.0.0.1:{self.socks.port}"}
        self.assertEqual(self.server.request("POST", "/api/v1/monitors", made)[0], 201)
        self.assertEqual(self.server.request("PATCH", "/api/v1/monitors/mine", {"name": "Mine"})[0], 200)
        status, shown = self.server.request("PATCH", "/api/v1/monitors/mine", {"timeout": "3s"})
        self.assertEqual((status, shown["config"]["proxy"]), (200, f"socks5://probe:***@127.0.0.1:{self.socks.port}"))
        status, problem = self.server.request("PATCH", "/api/v1/monitors/mine", {"proxy": "socks5://probe:***@127.0.0.9:1080"})
        self.assertEqual((status, problem["errors"][0]["code"]), (422, "secret_needed"))

    def test_the_command_line_goes_the_same_ways(self):
        probe = subprocess.run([TOCSIN, "probe", f"localhost:{self.redis.port}", "--proxy", f"socks5://127.0.0.1:{self.socks.port}", "-v",
                                "--send", r"PING\r\n", "--expect", "+PONG"], capture_output=True, text=True)
        self.assertEqual(probe.returncode, 0, probe.stdout + probe.stderr)
        self.assertIn(f"127.0.0.1:{self.socks.port}, reached in", probe.stdout)


class SilentFamily(unittest.TestCase):
    """localhost has two addresses; the queue of [::1] is full, so that Linux drops what comes."""

    def setUp(self):
        for _ in range(20):
            silent = socket.socket(socket.AF_INET6)
            self.addCleanup(silent.close)
            silent.bind(("::1", 0))
            silent.listen(0)
            self.port = silent.getsockname()[1]
            try:
                self.addCleanup(socket.create_server(("127.0.0.1", self.port)).close)
                break
            except OSError:
                continue
        else:
            self.fail("no port is free in both families")
        for _ in range(4):
            waiting = socket.socket(socket.AF_INET6)
            self.addCleanup(waiting.close)
            waiting.setblocking(False)
            waiting.connect_ex(("::1", self.port))

    def probe(self, *flags):
        return subprocess.run([TOCSIN, "probe", f"localhost:{self.port}", *flags], capture_output=True, text=True)

    def test_the_other_family_answers_in_its_place(self):
        probe = self.probe("--auto", "--timeout", "5s", "-v")
        self.assertEqual(probe.returncode, 0, probe.stdout + probe.stderr)
        self.assertIn(f"127.0.0.1:{self.port}", probe.stdout)

    def test_each_address_is_told_for_itself(self):
        probe = self.probe("--all-addresses", "--timeout", "500ms")
        self.assertEqual(probe.returncode, 1, probe.stdout + probe.stderr)
        self.assertIn(f"1 of 2 addresses did not pass: [::1]:{self.port}", probe.stdout)


if __name__ == "__main__":
    unittest.main()
