"""A server with healthy and dead services beside it, whose own trouble a scenario brings about: what it says of them, and whether that is true."""
import calendar
import contextlib
import json
import mmap
import os
import pathlib
import re
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import time

from far_services import FarServices
from support import TOCSIN, Process, Tocsin, until

FOLDER = pathlib.Path(__file__).resolve().parent
VICTIMS = 3
BASELINE = 60.0  # seconds at most until all is known before the trouble and after it


class Shim:
    """The page of trouble_shim.c."""
    WORDS = ("connect_errno", "socket_errno", "percent", "clock_push_us", "sync_stall_ms", "hoard", "injected", "hoarded")

    def __init__(self, folder):
        self.library = folder / "trouble_shim.so"
        if not self.library.exists():
            subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", self.library, FOLDER / "trouble_shim.c", "-ldl"], check=True)
        self.path = folder / "trouble_page"
        self.path.write_bytes(bytes(4096))
        with open(self.path, "r+b") as file:
            self.memory = mmap.mmap(file.fileno(), 4096)

    def environment(self):
        return {"LD_PRELOAD": str(self.library), "TOCSIN_TROUBLE_PAGE": str(self.path)}

    def __setitem__(self, word, value):
        struct.pack_into("q", self.memory, 8 * self.WORDS.index(word), value)

    def __getitem__(self, word):
        return struct.unpack_from("q", self.memory, 8 * self.WORDS.index(word))[0]


def ports_outside(count):
    """Free ones that no scenario takes for a local end: below the range of the system."""
    return list(range(9000, 9000 + count))


class Trial:
    """One server, its services, and what is known of both."""

    def __init__(self, folder, name, options):
        self.name, self.options = name, options
        self.folder = folder / name
        self.folder.mkdir()
        self.shim = Shim(self.folder)
        self.dns, self.plain, self.pong, self.banner, self.crowd, self.held, self.closed, *self.victims = ports_outside(7 + VICTIMS)
        self.services = subprocess.Popen([sys.executable, FOLDER / "trouble_services.py",
                                          *map(str, (self.dns, self.plain, self.pong, self.banner, self.crowd, self.held, *self.victims))],
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, preexec_fn=lambda: self.pin(1))
        self.services.stdout.readline()
        self.far = FarServices(self.plain) if name == "router" else None
        self.black_hole, self.filling = full_queue()
        self.dying_us = self.killed_us = None  # the first victim may be dead, the last one is
        self.known = set()  # results of victims from before the clock was set back
        self.server = Tocsin(self.folder, self.config())
        self.limit = None

    @staticmethod
    def pin(core):
        os.sched_setaffinity(0, {core % os.cpu_count()})

    def config(self):
        lines, each = [], self.options.monitors // 4
        for n in range(each):
            end = f"127.0.{2 + n // 200}.{1 + n % 200}"
            lines.append(f'  plain-{n}: {{ target: "{end}:{self.plain}" }}')
            lines.append(f'  pong-{n}: {{ target: "{end}:{self.pong}", request: "PING\\r\\n", assert: [ \'response_data contains "+PONG"\' ], fail_after: 1s }}')
            lines.append(f'  banner-{n}: {{ target: "{end}:{self.banner}", request: [ {{ expect: "SSH-2.0" }} ] }}')
            lines.append(f'  named-{n}: {{ target: "svc-{2 + n // 200}-{1 + n % 200}.test:{self.plain}", fail_after: 500ms }}')
        for n in range(12):
            lines.append(f'  crowd-{n}: {{ target: "127.0.0.1:{self.crowd}" }}')
        lines.append(f'  held: {{ target: "127.0.0.1:{self.held}" }}')
        for n, port in enumerate(self.victims):
            lines.append(f'  victim-{n}: {{ target: "127.0.0.1:{port}" }}')
        lines.append(f'  dead-refused: {{ target: "127.0.0.1:{self.closed}" }}')
        lines.append(f'  dead-silent: {{ target: "127.0.0.1:{self.black_hole}" }}')
        lines.append(f'  dead-wrong: {{ target: "127.0.0.1:{self.banner}", request: [ {{ expect: "220 " }} ] }}')
        for n, address in enumerate(FarServices.TARGETS if self.far else ()):
            lines.append(f'  far-{n}: {{ target: "{address}:{self.plain}" }}')
            lines.append(f'  far-patient-{n}: {{ target: "{address}:{self.plain}", interval: 4s, timeout: 4s }}')
        if self.far:
            lines.append(f'  dead-near: {{ target: "{FarServices.NOBODY}:{self.plain}", interval: 4s, timeout: 4s }}')
        # The trouble is that of the scenario, not that of others on a busy machine, where that is permitted.
        realtime = "false" if self.name == "cpu" else "true"
        return "\n".join(["version: 1", "defaults: { interval: 1s, timeout: 2s }", f'server: {{ realtime: {realtime}, dns: {{ servers: ["127.0.0.1:{self.dns}"], canary: svc-2-1.test }},'
                          ' rate_limit: { per_second: 100000, burst: 100000 } }', "monitors:", *lines]) + "\n"

    # --- the server

    def start(self):
        limit = ["prlimit", f"--nofile={self.limit}:{self.limit}", "--"] if self.limit else []
        self.server.process = Process([*limit, TOCSIN, "serve", "--config", str(self.server.config), "--data", str(self.server.data),
                                       "--listen", f"127.0.0.1:{self.server.port}"], self.folder / "tocsin.log",
                                      env={"PATH": os.environ["PATH"], **self.shim.environment()})
        until("the server is ready: " + self.server.log_tail(), self.server.ready)
        self.server.token = self.server.make_token()
        self.pid = self.server.process.child.pid
        unsettled = self.settle(victims_down=False)
        if unsettled:
            raise AssertionError(f"not all was known before the trouble: {self.reasons(unsettled)}")

    def each_thread(self, work):
        for thread in os.listdir(f"/proc/{self.pid}/task"):
            with contextlib.suppress(OSError):
                work(int(thread))

    def statuses(self):
        found, after = {}, ""
        while True:
            status, body = self.server.get("/api/v1/monitors?limit=1000&fields=id,status" + after)
            assert status == 200, body
            found.update({monitor["id"]: monitor["status"] for monitor in body["data"]})
            if not body["next_cursor"]:
                return found
            after = "&cursor=" + body["next_cursor"]

    def settle(self, victims_down=True):
        """Until every status is the true one."""
        def wrong():
            return {name: status for name, status in self.statuses().items() if status != self.truth(name, victims_down)}
        end = time.monotonic() + BASELINE
        while left := wrong():
            if time.monotonic() > end:
                return left
            time.sleep(0.1)
        return {}

    def reasons(self, unsettled):
        """Of the first few, with what was last found."""
        return [(name, status, [f"{each['verdict']}: {each['reason']}" for each in self.server.results(name)[:3]]) for name, status in list(unsettled.items())[:5]]

    @staticmethod
    def truth(name, victims_down=True):
        is_dead = name.startswith("dead") or (victims_down and name.startswith("victim"))
        return "down" if is_dead else "up"

    def metric(self, name):
        text = self.server.get("/metrics", auth=False)[1]
        return {found[1] or "": float(found[2]) for found in re.finditer(rf"^{name}(\{{[^}}]*\}})? ([0-9.e+-]+)$", text, re.M)}

    def cpu_share(self, seconds=1.0):
        def used():
            return sum(map(int, pathlib.Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[11:13]))
        before = used()
        time.sleep(seconds)
        return (used() - before) / os.sysconf("SC_CLK_TCK") / seconds

    # --- trouble

    def now_us(self):
        """As the server sees it."""
        return time.time_ns() // 1000 + self.shim["clock_push_us"]

    def kill_victims(self):
        self.dying_us = self.now_us()
        for port in self.victims:
            print(port, file=self.services.stdin, flush=True)
            self.services.stdout.readline()
        self.killed_us = self.now_us()

    def last(self, seconds=None):
        """The trouble lasts; in its middle the victims die."""
        seconds = self.options.seconds if seconds is None else seconds
        time.sleep(seconds / 2)
        if self.killed_us is None:
            self.kill_victims()
        time.sleep(seconds / 2)

    def tell_dns(self, word):
        print("dns", word, file=self.services.stdin, flush=True)

    def stop_for(self, seconds):
        self.server.process.child.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self.server.process.child.send_signal(signal.SIGCONT)

    # --- judgement

    def judge(self, unsettled):
        results = self.metric("tocsin_probe_results_total")
        checks, unknown = int(sum(results.values())), int(results.get('{result="unknown"}', 0))
        put_off = int(sum(self.metric("tocsin_probes_put_off_total").values()))
        up_again = []
        dead = ["dead-refused", "dead-silent", "dead-wrong", *(["dead-near"] if self.far else []), *(f"victim-{n}" for n in range(VICTIMS))]
        for name in dead:
            for result in self.server.results(name):
                is_dead = name.startswith("dead") or (result["id"] not in self.known and self.is_after_kill(result))
                if is_dead and result["verdict"] in ("passed", "degraded"):
                    up_again.append((name, result["started_at"]))
        reasons = self.reasons(unsettled)
        print("stalls", file=self.services.stdin, flush=True)
        push = self.shim["clock_push_us"]
        self.stalls = [(since + push, until + push) for since, until in json.loads(self.services.stdout.readline())]
        self.server.stop()
        accused, excused = self.accusations()
        found = sum(1 for name in dead if name not in unsettled)
        row = {"scenario": self.name, "checks": checks, "unknown": unknown, "put off": put_off, "injected": self.shim["injected"],
               "false down": len(accused), "service stalled": excused, "false up": len(up_again), "dead found": f"{found}/{len(dead)}"}
        why = [f"accused: {each}" for each in accused[:5]] + [f"passed though dead: {each}" for each in up_again[:5]]
        if unsettled:
            why.append(f"not known rightly after {BASELINE:.0f} s: {reasons}")
        return row, why

    def is_after_kill(self, result):
        started = time.strptime(result["started_at"][:19], "%Y-%m-%dT%H:%M:%S")
        micros = calendar.timegm(started) * 1_000_000 + int(result["started_at"][20:-1].ljust(6, "0"))
        return micros > self.killed_us

    def accusations(self):
        """Every result that is neither a pass nor unknown, of a service that was healthy then; and how many more there are of moments in which the
        services themselves were kept from running."""
        with contextlib.closing(sqlite3.connect(f"file:{self.folder}/data/tocsin.db?mode=ro", uri=True)) as store:
            rows = store.execute("SELECT id, results.verdict, results.error, slot + delay, response, loop_lag FROM results JOIN monitors ON uid = monitor"
                                 " WHERE results.verdict IN (2, 3) AND id NOT LIKE 'dead%'").fetchall()
        rows = [row for row in rows if not (row[0].startswith("victim") and row[3] + row[4] > self.dying_us)]
        excused = [row for row in rows if any(row[3] < until and row[3] + row[4] > since for since, until in self.stalls)]
        return [row for row in rows if row not in excused], len(excused)

    def close(self):
        self.server.stop()
        self.services.stdin.close()
        self.services.wait()
        self.services.stdout.close()
        for each in (*self.filling, *([self.far] if self.far else [])):
            each.close()


def full_queue():
    """A port whose queue of connections is full: Linux drops what more comes."""
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen(0)
    waiting = [socket.socket() for _ in range(4)]
    for each in waiting:
        each.setblocking(False)
        each.connect_ex(server.getsockname())
    return server.getsockname()[1], [server, *waiting]
