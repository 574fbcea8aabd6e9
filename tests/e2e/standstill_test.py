"""The whole process is stopped (SIGSTOP) again and again beside healthy services, in every second round the services
with it, as when a virtual machine is moved: what that makes slow is ours, and nobody is accused."""
import os
import random
import signal
import socketserver
import threading
import time
import unittest

from support import Folder, Receiver, Tocsin, until

ROUNDS = 10
LIMIT = "1s"  # far above what the services need, be the machine ever so busy; every stop is longer
MONITORS = 12  # with an answer after 60 ms each, so that most stops fall into a few of their probes
THINKS = 0.06
MONITOR = """
  slow{number}: {{ target: "127.0.0.1:{port}", request: "PING\\r\\n", assert: [ 'response_data contains "+PONG"' {assertion} ] {limit} }}"""
CONFIG = """
version: 1
project: {{ id: still }}
defaults: {{ interval: 1s, timeout: 5s, channels: [ops] }}
channels:
  ops: {{ type: webhook, url: "http://127.0.0.1:{hook}/", secret: "an-end-to-end-secret-of-32-bytes" }}
monitors:{monitors}
"""


RUNNING = threading.Event()
RUNNING.set()


class Slow(socketserver.BaseRequestHandler):
    def handle(self):
        if self.request.recv(100):
            time.sleep(THINKS)  # a service that needs its time
            RUNNING.wait(10)
            self.request.sendall(b"+PONG\r\n")
            self.request.recv(100)


class Service(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128


class Standstill(unittest.TestCase):
    def test_healthy_service_is_never_accused(self):
        seed = int(os.environ.get("TOCSIN_SEED", "0")) or random.randrange(1, 10**6)
        dice = random.Random(seed)
        with Folder() as folder, Service(("127.0.0.1", 0), Slow) as service:
            threading.Thread(target=service.serve_forever, args=(0.05,), daemon=True).start()
            hook = Receiver().start()
            monitors = "".join(
                MONITOR.format(number=n, port=service.server_address[1],
                               assertion=f", 'response_time < {LIMIT}'" if n % 2 else "",
                               limit="" if n % 2 else f", fail_after: {LIMIT}") for n in range(MONITORS))
            server = Tocsin(folder, CONFIG.format(hook=hook.port, monitors=monitors)).start()
            names = [f"slow{n}" for n in range(MONITORS)]
            try:
                until("all were looked at", lambda: all(server.status(name) == "up" for name in names))
                for number in range(ROUNDS):
                    # How long a standstill is, and when it begins, is the subject here.
                    time.sleep(dice.uniform(0.2, 0.7))
                    if number % 2:
                        RUNNING.clear()
                    server.process.child.send_signal(signal.SIGSTOP)
                    time.sleep(dice.uniform(1.1, 1.8))
                    server.process.child.send_signal(signal.SIGCONT)
                    time.sleep(0.03)  # the server comes first, and sees that nothing has come
                    RUNNING.set()
                time.sleep(0.5)
                results = [r for name in names for r in server.results(name)]
                accused = [r for r in results if r["verdict"] not in ("passed", "unknown")]
                self.assertEqual([r["reason"] for r in accused], [], f"of {len(results)} results, TOCSIN_SEED={seed}")
                # What was unknown is tried once more at once.
                self.assertTrue([r for r in results if r["attempt"] > 1], "no stop fell into a probe")
                self.assertEqual(hook.notices("monitor.down"), [], f"TOCSIN_SEED={seed}")
            finally:
                server.stop()
                hook.stop()
                service.shutdown()


if __name__ == "__main__":
    unittest.main()
