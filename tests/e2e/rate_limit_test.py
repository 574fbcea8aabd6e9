"""The limit of requests: each credential has its own, a refusal says when to come back, and the operator's socket and who watches over us are free."""
import http.client
import json
import subprocess
import unittest

from support import TOCSIN, Folder, Tocsin, free_port

CONFIG = """
version: 1
server: {{ rate_limit: {{ per_second: 1, burst: 20 }} }}
monitors: {{ nobody: {{ target: "127.0.0.1:{closed}", interval: 60s, timeout: 1s }} }}
"""


class RateLimit(unittest.TestCase):
    def setUp(self):
        folder = self.enterContext(Folder())
        self.server = self.enterContext(Tocsin(folder, CONFIG.format(closed=free_port())))

    def ask(self, path, token=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"} if token else {})
        reply = connection.getresponse()
        body = reply.read().decode()
        connection.close()
        return reply.status, reply.headers, body

    def spend(self, path, token=None):
        """Asks until it is refused; 20 pass at once, and one more for each second that it takes."""
        for count in range(40):
            status, headers, body = self.ask(path, token)
            if status == 429:
                return count, headers, body
            self.assertEqual(headers["RateLimit-Limit"], "20")
        self.fail("it is never refused")

    def test_each_credential_has_its_own_limit(self):
        greedy, other = self.server.make_token("read"), self.server.make_token("read")
        passed, headers, body = self.spend("/api/v1/monitors", greedy)
        self.assertGreaterEqual(passed, 20)
        self.assertEqual((headers["Retry-After"], headers["RateLimit-Remaining"]), ("1", "0"))
        self.assertEqual(headers["Content-Type"], "application/problem+json")
        problem = json.loads(body)
        self.assertEqual((problem["status"], problem["code"]), (429, "too_many_requests"))
        self.assertEqual(self.ask("/api/v1/monitors", other)[0], 200, "another token is not meant")
        # A token that is none counts for its address, so guessing gets nobody further.
        self.spend("/api/v1/monitors", "tocsin_" + "A" * 43)
        self.assertEqual(self.ask("/")[0], 429)
        for path in ("/livez", "/readyz"):
            self.assertEqual(self.ask(path)[0], 200, "who watches over us is not refused for what others do")
        self.assertEqual(self.ask("/api/v1/version", other)[0], 200)

    def test_the_operators_socket_is_free_and_refusals_are_counted(self):
        for _ in range(25):
            listed = subprocess.run([TOCSIN, "monitors", "list", "--data", str(self.server.data)], capture_output=True, text=True)
            self.assertEqual(listed.returncode, 0, listed.stderr)
        self.spend("/api/v1/monitors", self.server.make_token("read"))
        metrics = self.ask("/metrics")[2]
        self.assertIn("\ntocsin_api_requests_refused_total 1\n", metrics)


if __name__ == "__main__":
    unittest.main(verbosity=2)
