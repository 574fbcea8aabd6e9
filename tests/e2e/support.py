"""What every end-to-end test needs: free ports, processes that are ended again, polling with a deadline, a Tocsin server, a webhook receiver."""
import base64
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

TOCSIN = os.environ["TOCSIN_BINARY"]
HOOK_SECRET = "an-end-to-end-secret-of-32-bytes"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(what, holds, seconds=20.0):
    """Polls until `holds()` is truthy and returns it; fails with `what` when the deadline passes."""
    deadline = time.monotonic() + seconds
    while True:
        value = holds()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s for: {what}")
        time.sleep(0.02)  # between two looks; nothing is decided by its length


def answers(port):
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def listens(port):
    """True when something listens there; nobody is connected to for it."""
    rows = (line.split() for table in ("tcp", "tcp6") for line in pathlib.Path("/proc/net", table).read_text().splitlines()[1:])
    return any(row[3] == "0A" and int(row[1].rpartition(":")[2], 16) == port for row in rows)


class Running:
    """What has start() and stop() runs for as long as a test: self.enterContext(Redis(folder)), cls.enterClassContext(...) for all tests of a class."""

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_):
        self.stop()


class Process:
    """A child that is ended by PID when the test is over; its output goes to a file shown on failure."""

    def __init__(self, command, log, **options):
        self.log = pathlib.Path(log)
        self.output = open(self.log, "ab")
        self.child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.output, stderr=self.output, **options)

    def stop(self, how=signal.SIGTERM, seconds=10):
        if self.child.poll() is None:
            self.child.send_signal(how)
            try:
                self.child.wait(seconds)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()
        self.output.close()
        return self.child.returncode


class Receiver(Running):
    """A webhook receiver with an independent check of the Standard Webhooks signature. Can be dead (port closed) or refuse."""

    def __init__(self, secret=HOOK_SECRET):
        self.port = free_port()
        self.secret = secret.encode()
        self.accepted = []  # (webhook-id, body as dict)
        self.bad = []
        self.server = None
        self.refuse = False

    def start(self):
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = 500 if receiver.refuse else 204
                if status == 204:
                    receiver.take(self.headers, body)
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def take(self, headers, body):
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        wanted = "v1," + base64.b64encode(hmac.new(self.secret, signed, hashlib.sha256).digest()).decode()
        fresh = abs(time.time() - int(headers["webhook-timestamp"])) < 60
        if wanted not in headers["webhook-signature"].split() or not fresh:
            self.bad.append((dict(headers), body))
        self.accepted.append((headers["webhook-id"], json.loads(body)))

    def stop(self):
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def notices(self, kind=None, monitor=None):
        return [(key, body) for key, body in list(self.accepted)
                if (kind is None or body["type"] == kind)
                and (monitor is None or body["data"]["monitor"]["id"] == monitor)]

    def keys(self, kind, monitor):
        return {key for key, _ in self.notices(kind, monitor)}


class Tocsin(Running):
    """One server on a data directory of its own."""

    def __init__(self, folder, config):
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "data"
        self.config = self.folder / "tocsin.yaml"
        self.write_config(config)
        self.port = free_port()
        self.process = None
        self.token = None

    def write_config(self, config):
        self.config.write_text(config)

    def start(self, expect_ready=True, arguments=(), **environment):
        env = {"PATH": os.environ["PATH"], "HOOK_SECRET": HOOK_SECRET, **environment}
        self.process = Process([TOCSIN, "serve", "--config", str(self.config), "--data", str(self.data),
                                "--listen", f"127.0.0.1:{self.port}", *arguments], self.folder / "tocsin.log", env=env)
        if expect_ready:
            until("the server is ready: " + self.log_tail(), self.ready)
            self.token = self.token or self.make_token()
        return self

    def ready(self):
        if self.process.child.poll() is not None:
            raise AssertionError("the server ended: " + self.log_tail())
        try:
            return self.get("/readyz", auth=False)[0] == 200
        except OSError:
            return False

    def make_token(self, scope="admin"):
        return subprocess.run([TOCSIN, "token", "create", "--data", str(self.data), "--scope", scope],
                              capture_output=True, text=True, check=True).stdout.strip()

    def setup_token(self):
        """Of the newest link for the first account, which the log tells."""
        link = re.compile(r"^set up: .*(?:/#/setup/|setup_token )([A-Za-z0-9_-]{43})$", re.M)
        return until("the set-up link", lambda: link.findall(self.log_tail()))[-1]

    def request(self, method, path, body=None, token=None, auth=True, raw=None):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method)
        data = raw
        if body is not None:
            data = json.dumps(body).encode()
        if data is not None:
            request.add_header("Content-Type", "application/json")
        if auth:
            request.add_header("Authorization", f"Bearer {token or self.token}")
        try:
            with urllib.request.urlopen(request, data=data, timeout=20) as reply:
                return reply.status, self.decode(reply)
        except urllib.error.HTTPError as error:
            return error.code, self.decode(error)

    @staticmethod
    def decode(reply):
        text = reply.read()
        return json.loads(text) if "json" in reply.headers.get("Content-Type", "") else text.decode()

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def post(self, path, body=None, **options):
        return self.request("POST", path, body=body if body is not None or options.get("raw") else {}, **options)

    def monitors(self):
        status, body = self.get("/api/v1/monitors")
        assert status == 200, body
        return {monitor["id"]: monitor for monitor in body["data"]}

    def status(self, monitor):
        return self.monitors()[monitor]["status"]

    def results(self, monitor, limit=200):
        status, body = self.get(f"/api/v1/monitors/{urllib.parse.quote(monitor, safe='')}/results?limit={limit}")
        assert status == 200, body
        return body["data"]

    def incidents(self):
        status, body = self.get("/api/v1/incidents")
        assert status == 200, body
        return body["data"]

    def kill(self):
        return self.process.stop(signal.SIGKILL)

    def stop(self):
        return self.process.stop() if self.process else None

    def log_tail(self):
        log = self.folder / "tocsin.log"
        return log.read_text(errors="replace")[-4000:] if log.exists() else "(no log)"


class Folder:
    """A scratch folder that everybody may enter (servers drop privileges), removed at the end."""

    def __enter__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="tocsin-e2e-"))
        self.path.chmod(0o755)
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)
