"""What goes wrong around a server: always a clear error, never a crash, nothing lost."""
import json
import os
import pathlib
import sqlite3
import subprocess
import unittest

from support import TOCSIN, Folder, Receiver, Tocsin, free_port, until

CONFIG = """
version: 1
monitors:
  closed: {{ target: "127.0.0.1:{port}", interval: 1s, timeout: 1s }}
"""


class BadInput(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(Folder())
        self.server = Tocsin(self.folder, CONFIG.format(port=free_port()))
        self.addCleanup(self.server.stop)

    def serve(self, *options):
        return subprocess.run([TOCSIN, "serve", "--config", str(self.server.config), "--data", str(self.server.data), *options],
                              capture_output=True, text=True, timeout=30)

    # Every API mistake is a problem+json that names it; the server goes on.
    def test_api_mistakes(self):
        self.server.start()
        read = self.server.make_token("read")
        cases = [
            ("wrong token", lambda: self.server.get("/api/v1/monitors", token="tocsin_wrong"), 401),
            ("no token", lambda: self.server.get("/api/v1/monitors", auth=False), 401),
            ("scope", lambda: self.server.post("/api/v1/reload", token=read), 403),
            ("broken JSON", lambda: self.server.request("POST", "/api/v1/probe", raw=b'{"target": '), 400),
            ("deep JSON", lambda: self.server.request("POST", "/api/v1/probe", raw=b"[" * 5000), 400),
            ("10 MB body", lambda: self.large_body(), 413),
            ("unknown field", lambda: self.server.post("/api/v1/probe", {"target": "127.0.0.1:80", "tagret": 1}), 422),
            ("bad port", lambda: self.server.post("/api/v1/probe", {"target": "127.0.0.1:65536"}), 422),
            ("no such monitor", lambda: self.server.get("/api/v1/monitors/nope"), 404),
            ("no such page", lambda: self.server.get("/api/v1/nope"), 404),
            ("wrong method", lambda: self.server.request("DELETE", "/api/v1/presets"), 405),
        ]
        for name, call, wanted in cases:
            with self.subTest(name):
                status, body = call()
                self.assertEqual(status, wanted, body)
                self.assertIsInstance(body, dict, body)
                self.assertEqual(body["status"], wanted)
                self.assertTrue(body["detail"])
        self.assertEqual(self.server.get("/livez", auth=False)[0], 200)

    def large_body(self):
        try:
            return self.server.request("POST", "/api/v1/probe", raw=b"x" * 10_000_000)
        except OSError:  # refused while we were still sending: as good
            return 413, {"status": 413, "detail": "connection closed"}

    # Neither a monitor nor a test may reach a metadata address, and naming one is said to be a mistake.
    def test_metadata_address_is_refused(self):
        self.server.start()
        self.server.write_config(CONFIG.format(port=80).replace("127.0.0.1:80", "169.254.169.254:80"))
        status, body = self.server.post("/api/v1/reload")
        self.assertEqual(status, 422)
        self.assertTrue(body["errors"][0]["pointer"].endswith("tocsin.yaml:4:21"), body)
        self.assertIn("169.254.169.254 is a cloud metadata address", body["errors"][0]["message"])
        status, body = self.server.post("/api/v1/probe", {"target": "[::ffff:169.254.169.254]:80"})
        self.assertEqual(status, 422, body)
        self.assertIn("169.254.169.254, a cloud metadata address", json.dumps(body))

    # A second server on the same data is refused with the first one named; the first goes on.
    def test_second_server_on_the_same_data(self):
        self.server.start()
        second = self.serve("--listen", f"127.0.0.1:{free_port()}")
        self.assertEqual(second.returncode, 1)
        self.assertIn(str(self.server.process.child.pid), second.stderr)
        self.assertEqual(self.server.get("/livez", auth=False)[0], 200)

    # A data directory that others may write is used, with a word on how to close it.
    def test_open_data_directory_is_warned_about(self):
        self.server.data.mkdir()
        self.server.data.chmod(0o777)
        self.server.start()
        self.assertIn(f'mode=0777 run="chmod go-w {self.server.data}"', self.server.log_tail())

    # A port in use is named.
    def test_port_in_use(self):
        self.server.start()
        other = Tocsin(self.make_folder("other"), CONFIG.format(port=free_port()))
        run = subprocess.run([TOCSIN, "serve", "--config", str(other.config), "--data", str(other.data),
                              "--listen", f"127.0.0.1:{self.server.port}"], capture_output=True, text=True, timeout=30)
        self.assertEqual(run.returncode, 1)
        self.assertIn(f"127.0.0.1:{self.server.port}", run.stderr)
        self.assertIn("in use", run.stderr)

    def make_folder(self, name):
        path = self.folder / name
        path.mkdir()
        return path

    # A store written by a newer program is left alone.
    def test_newer_store(self):
        self.server.start()
        self.server.stop()
        file = self.server.data / "tocsin.db"
        with sqlite3.connect(file) as database:
            database.execute("PRAGMA user_version = 9999")
        before = file.read_bytes()
        run = self.serve("--listen", f"127.0.0.1:{free_port()}")
        self.assertEqual(run.returncode, 1)
        self.assertIn("newer", run.stderr)
        self.assertEqual(file.read_bytes(), before)

    # An invalid reload keeps the old configuration and says why, by SIGHUP and by API.
    def test_invalid_reload_keeps_the_old_config(self):
        self.server.start()
        self.server.write_config("version: 1\nmonitors:\n  closed: { target: '127.0.0.1:0' }\n")
        status, body = self.server.post("/api/v1/reload")
        self.assertEqual(status, 422)
        self.assertIn("tocsin.yaml:3", json.dumps(body))
        self.server.process.child.send_signal(1)
        until("the log names the mistake", lambda: "tocsin.yaml:3" in self.server.log_tail())
        self.assertIn("closed", self.server.monitors())
        self.server.write_config(CONFIG.format(port=1).replace("closed:", "other:"))
        self.assertEqual(self.server.post("/api/v1/reload")[0], 200)
        self.assertEqual(list(self.server.monitors()), ["other"])

    # A file that was emptied or cut off ends no watch; to stop all is said in so many words.
    def test_emptied_files_keep_the_old_config(self):
        self.server.start()
        for text in ("", "version: 1\n", "version: 1\nmonitors:\n"):
            self.server.write_config(text)
            status, body = self.server.post("/api/v1/reload")
            self.assertEqual(status, 422, body)
            self.assertIn("the files name no monitors while 1 is being watched", json.dumps(body))
            self.assertIn("monitors: {}", json.dumps(body))
            self.assertIn("closed", self.server.monitors())
        self.server.write_config("version: 1\nmonitors: {}\n")
        self.assertEqual(self.server.post("/api/v1/reload")[0], 200)
        self.assertEqual(list(self.server.monitors()), [])

    # The file does not parse: nothing starts, every mistake is shown, exit 3.
    def test_invalid_config_at_start(self):
        self.server.write_config("version: 1\nmonitors:\n  a: { target: 'x' }\n  b: { target: 'h:80', interval: 5 }\n")
        run = self.serve("--listen", f"127.0.0.1:{free_port()}")
        self.assertEqual(run.returncode, 3)
        self.assertIn(":3:", run.stderr)
        self.assertIn(":4:", run.stderr)

    # The disk is full: probing and telling go on, results are dropped and counted, and all is well again when space returns.
    def test_full_disk(self):
        if os.geteuid() != 0:
            self.fail("this test mounts a small file system and needs root")
        self.server.data.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=80m", "tmpfs", self.server.data], check=True)
        self.addCleanup(lambda: subprocess.run(["umount", "-l", self.server.data], check=True))
        receiver = self.enterContext(Receiver())
        target = free_port()
        self.server.write_config(f"""
version: 1
channels: {{ ops: {{ type: webhook, url: "http://127.0.0.1:{receiver.port}/", secret: "${{env:HOOK_SECRET}}" }} }}
monitors: {{ web: {{ target: "127.0.0.1:{target}", interval: 1s, timeout: 1s, expect: closed, channels: [ops] }} }}
""")
        self.server.start()
        until("up", lambda: self.server.status("web") == "up")
        filler = self.server.data / "filler"
        self.fill(filler)
        other = Receiver()
        other.port = target
        other.start()
        self.addCleanup(other.stop)
        until("down is told although the disk is full", lambda: receiver.notices("monitor.down", "web"), 30)
        # Whatever is left of the reserve goes too.
        self.fill(self.server.data / "filler2")
        other.stop()
        until("recovery is told although nothing can be kept", lambda: receiver.notices("monitor.recovered", "web"), 30)
        self.assertTrue(any(body["data"].get("store_volatile") for _, body in receiver.notices()),
                        "a notice that could not be kept says so")
        self.assertGreater(self.dropped(), 0, "dropped results are counted")
        for file in ("filler", "filler2"):
            (self.server.data / file).unlink()
        until("results are kept again", lambda: any(r["verdict"] == "passed" for r in self.server.results("web", 3)), 60)
        until("incident on disk", lambda: any(i["closed"] for i in self.server.incidents()), 60)
        self.server.kill()
        self.server.start()
        self.assertEqual([i["closed"] is not None for i in self.server.incidents()], [True])
        self.assertEqual(len(receiver.keys("monitor.down", "web")), 1)

    def dropped(self):
        metrics = self.server.get("/metrics", auth=False)[1]
        return sum(float(line.split()[1]) for line in metrics.splitlines() if line.startswith("tocsin_store_results_dropped_total "))

    @staticmethod
    def fill(path: pathlib.Path):
        with open(path, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * 65536)
            except OSError:
                pass
            try:
                while True:
                    file.write(b"\0" * 512)
            except OSError:
                pass


if __name__ == "__main__":
    unittest.main(verbosity=2)
