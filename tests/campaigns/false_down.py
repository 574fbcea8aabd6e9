"""The program under trouble of its own, beside healthy and dead services: who is healthy is never called down, who is dead is found."""
import calendar
import contextlib
import errno
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
from support import TOCSIN, Folder, Process, Tocsin, until

HELP = """A server with healthy and dead services under trouble of its own: overload, no descriptors, no ports, no memory, firewall rules,
standstills, clock steps, a dead resolver, a stalled disk, a lost route, a silent router. Each scenario runs a server of its own for --seconds of trouble, kills three services in its
middle, and then waits until all is known again. It passes when no healthy service was failed or degraded in any result, no dead one passed, and
every dead one was found. Without names all scenarios run:

"""
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
            lines.append(f'  named-{n}: {{ target: "svc-{2 + n // 200}-{1 + n % 200}.test:{self.plain}" }}')
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


@contextlib.contextmanager
def hogs(count, core, nice):
    running = [subprocess.Popen([sys.executable, "-c", f"import os\nos.sched_setaffinity(0, {{{core}}})\nos.setpriority(os.PRIO_PROCESS, 0, {nice})\n"
                                 "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for each in running:
            each.kill()
            each.wait()


# --- scenarios: what is done to the server whose statuses are all known

def cpu(trial):
    """two hogs on its core, so weighted that it gets half of the processor time that it needs"""
    trial.each_thread(lambda thread: os.sched_setaffinity(thread, {0}))
    needs = max(trial.cpu_share(), 0.002)
    weight = (2 / needs - 1) / 2  # of each of two hogs, ours being 1: sched(7), a step of nice is a factor of 1.25
    nice = next((n for n in range(0, 20) if 1.25 ** n >= weight), 20)
    with hogs(2, 0, -nice):
        trial.last()


def descriptors(trial):
    """RLIMIT_NOFILE of 300, and every free descriptor taken by a hog inside it, again and again for two seconds"""
    end = time.monotonic() + trial.options.seconds
    trial.shim["hoard"] = 1
    trial.last(min(4, trial.options.seconds))
    while time.monotonic() < end:
        trial.shim["hoard"] = int(time.monotonic() / 2) % 2
        time.sleep(0.1)
    trial.shim["hoard"] = 0


def ports(trial):
    """64 local ports, no reuse of resting ones, a dozen checks a second to one of the services, all ports to another one held by a hog"""
    holding = []
    for _ in range(200):
        hog = socket.socket()
        hog.setblocking(False)
        hog.connect_ex(("127.0.0.1", trial.held))
        holding.append(hog)
    try:
        trial.last()
    finally:
        for hog in holding:
            hog.close()
        reuse_ports(True)


def injected(word, error, percent):
    def scenario(trial):
        trial.shim["percent"] = percent
        trial.shim[word] = error
        trial.last()
        trial.shim[word] = 0
    scenario.__doc__ = f"{errno.errorcode[error]} from {percent} of 100 calls of {word.partition('_')[0]}"
    return scenario


def standstills(trial):
    """SIGSTOP for 0.1 s, 0.2 s, ... up to the whole time, by doubling"""
    length, left = 0.1, trial.options.seconds
    while left > 0:
        trial.stop_for(min(length, left))
        left -= length
        length *= 2
        time.sleep(0.3)
    trial.last(1)


def long_standstill(trial):
    """SIGSTOP for the whole time"""
    trial.stop_for(trial.options.seconds)
    trial.last(2)


def clock_forward(trial):
    """the wall clock steps forward by 2 s, 90 s and 3 h"""
    step_clock(trial, (2, 90, 3 * 3600))


def clock_back(trial):
    """the wall clock steps back by 2 s, 90 s and 3 h"""
    step_clock(trial, (-2, -90, -3 * 3600))


def step_clock(trial, steps):
    for step in steps:
        trial.shim["clock_push_us"] += step * 1_000_000
        time.sleep(trial.options.seconds / 2 / len(steps))
    trial.known = {result["id"] for n in range(VICTIMS) for result in trial.server.results(f"victim-{n}")}
    trial.last(trial.options.seconds / 2)


def resolver_dead(trial):
    """the resolver says nothing; it comes back at the end"""
    trial.tell_dns("off")
    trial.last()
    trial.tell_dns("on")


def resolver_dying(trial):
    """the resolver dies and comes back, every three seconds"""
    end = time.monotonic() + trial.options.seconds
    trial.kill_victims()
    while time.monotonic() < end:
        trial.tell_dns("off")
        time.sleep(3)
        trial.tell_dns("on")
        time.sleep(3)


def disk(trial):
    """every fsync and fdatasync of the store takes two seconds"""
    trial.shim["sync_stall_ms"] = 2000
    trial.last()
    trial.shim["sync_stall_ms"] = 0


def loopback(trial):
    """the only network device goes down and comes back"""
    def wait_down(seconds):
        subprocess.run(["ip", "link", "set", "lo", "down"], check=True)
        time.sleep(seconds)
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    wait_down(trial.options.seconds)
    trial.last(2)


def route(trial):
    """the route to the healthy services goes and comes back; the loopback device lives"""
    way = ["local", "127.0.0.0/8", "dev", "lo", "table", "local"]
    subprocess.run(["ip", "route", "del", *way], check=True)
    try:
        trial.last()
    finally:
        subprocess.run(["ip", "route", "add", *way, "proto", "kernel", "scope", "host", "src", "127.0.0.1"], check=True)


def router(trial):
    """the router to healthy services falls silent and comes back; who is beside it and dead is found"""
    trial.far.silence()
    try:
        trial.last()
    finally:
        trial.far.revive()


SCENARIOS = {
    "cpu": cpu, "descriptors": descriptors, "ports": ports,
    "emfile": injected("socket_errno", errno.EMFILE, 50), "enobufs": injected("connect_errno", errno.ENOBUFS, 50),
    "enomem": injected("socket_errno", errno.ENOMEM, 100), "eperm": injected("connect_errno", errno.EPERM, 50),
    "eperm_all": injected("connect_errno", errno.EPERM, 100), "eaddrnotavail": injected("connect_errno", errno.EADDRNOTAVAIL, 50),
    "standstills": standstills, "long_standstill": long_standstill, "clock_forward": clock_forward, "clock_back": clock_back,
    "resolver_dead": resolver_dead, "resolver_dying": resolver_dying, "disk": disk, "loopback": loopback, "route": route, "router": router,
}
HELP += "".join(f"  {name:<17}{scenario.__doc__}\n" for name, scenario in SCENARIOS.items())


def write_setting(name, text):
    pathlib.Path("/proc/sys/net/ipv4", name).write_text(text)


def reuse_ports(reuse):
    write_setting("ip_local_port_range", "32768 60999" if reuse else "20000 20063")
    write_setting("tcp_tw_reuse", "2" if reuse else "0")


def run_scenario(name, folder, options):
    if name == "ports":
        reuse_ports(False)
    trial = Trial(folder, name, options)
    try:
        if name == "descriptors":
            trial.limit = 300
        trial.start()
        SCENARIOS[name](trial)
        return trial.judge(trial.settle())
    finally:
        trial.close()
        if name == "ports":
            reuse_ports(True)


def arguments(parser):
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help="of the list above; all when none is named")
    parser.add_argument("--seconds", type=float, default=20, help="of trouble in each (default: 20)")
    parser.add_argument("--monitors", type=int, default=200, help="healthy services, about (default: 200)")
    parser.add_argument("--keep", action="store_true", help="leaves the folder of the run, with its logs and stores")


def run(options):
    unknown = [name for name in options.scenarios if name not in SCENARIOS]
    if unknown:
        raise SystemExit(f"there is no scenario {unknown[0]!r}; there are {', '.join(SCENARIOS)}")
    rows, failed = [], False
    with Folder() as folder:
        for name in options.scenarios or SCENARIOS:
            print(f"{name}: {SCENARIOS[name].__doc__}", flush=True)
            began = time.monotonic()
            try:
                row, why = run_scenario(name, folder, options)
            except (AssertionError, OSError) as error:
                row, why = {"scenario": name, "checks": 0}, [f"it could not be run: {error}"]
            rows.append({**row, "seconds": round(time.monotonic() - began), "result": "FAILED" if why else "ok"})
            print(f"  {rows[-1]['result']} after {rows[-1]['seconds']} s, {row['checks']} checks", flush=True)
            for line in why:
                print(f"  {line}", flush=True)
            failed = failed or bool(why)
        if options.keep:
            kept = pathlib.Path("/tmp") / f"{folder.name}-kept"
            os.rename(folder, kept)
            print(f"kept: {kept}")
    return rows, failed
