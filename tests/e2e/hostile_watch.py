"""A Tocsin server among hostile ones: what it is told to watch, what of itself is read meanwhile, and what each kind must come to."""
import base64
import contextlib
import os
import pathlib
import statistics
import threading
import time

from hostile_servers import CHAIN_LIMIT, CHAIN_SIZES, GREETING, KINDS, SEND_MAX, HostileServers
from support import Tocsin, until

TIMEOUT_S = 2.0
LATE_MAX_S = 0.1
GROWTH_MAX_KIB = 64
HEALTHY = "healthy"
HEAD = f"""
version: 1
project: {{ id: hostile, name: Hostile }}
server: {{ rate_limit: {{ per_second: 1000000, burst: 1000000 }} }}
defaults: {{ timeout: {TIMEOUT_S:g}s, interval: INTERVALs, enabled: ENABLED }}
monitors:
"""
AWAIT = 'request: [ { send: "PING\\r\\n" }, { expect: "+PONG" } ]'
GREETED = "request: [ { expect: { regex: '^220 [^\\n]*\\n' } } ]"
ASKS = {
    "silent": AWAIT, "drip": AWAIT, "endless": AWAIT, "half_close": AWAIT, "reset": GREETED, "cut": GREETED,
    "zero_window": f'request: [ {{ send: "{"z" * SEND_MAX}" }}, {{ expect: "+PONG" }} ]',
    "garbage": "tls: { mode: direct, verify: false }", "stalled": "tls: { mode: direct, verify: false }",
    "chain": "tls: { mode: direct, server_name: localhost }",
    "utf8": "request: [ { expect: { regex: 'END\\r?\\n' } } ], assert: [ 'bytes_received > 20' ]",
    "nuls": 'request: [ { expect: "END" } ], assert: [ \'response_data contains "+OK"\' ]',
}


def fits(kind, variant):
    """(code, phase) of the error that a result of this kind must have; (None, None) when it must pass."""
    if kind == "cut":
        return (None, None) if variant % (len(GREETING) + 1) == len(GREETING) else ("closed_early", "data")
    if kind == "chain":
        return ("tls_untrusted" if CHAIN_SIZES[variant % len(CHAIN_SIZES)] < CHAIN_LIMIT else "tls_handshake", "tls")
    if kind in ("utf8", "nuls"):
        return ("closed_early", "data") if variant % 2 else (None, None)
    return {"silent": ("timeout", "data"), "drip": ("timeout", "data"), "endless": ("expect_mismatch", "data"), "reset": ("conn_reset", "data"),
            "half_close": ("closed_early", "data"), "zero_window": ("timeout", "data"), "garbage": ("tls_handshake", "tls"),
            "stalled": ("timeout", "tls")}[kind]


def config(ports, interval, each=None, enabled=True):
    """Of the first `each` monitors of each kind, or of all; without `enabled` only the healthy one is checked."""
    text = HEAD.replace("INTERVAL", str(interval)).replace("ENABLED", str(enabled).lower())
    # It is quicker than the rest, to see more of it.
    text += f"  {HEALTHY}: {{ target: '127.0.0.1:{ports[HEALTHY][0]}', interval: 1s, enabled: true, {AWAIT} }}\n"
    for kind in KINDS:
        text += f"  {kind}: {{ target: 127.0.0.1, for_each: {ports[kind][:each]}, {ASKS[kind]} }}\n"
    return text


def is_overload(result):
    return result["verdict"] == "unknown" and result["error"]["code"] == "overloaded"


def memory_kib(pid):
    rows = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("VmRSS:"))


def sockets(pid):
    count = 0
    for entry in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):  # closed meanwhile
            count += os.readlink(entry).startswith("socket:")
    return count


class Highest:
    """The most memory and sockets that a process had at one time while it is entered."""

    def __init__(self, pid):
        self.pid, self.memory_kib, self.sockets, self.over = pid, 0, 0, threading.Event()

    def __enter__(self):
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

    def watch(self):
        while not self.over.wait(0.05):
            with contextlib.suppress(OSError):
                self.memory_kib = max(self.memory_kib, memory_kib(self.pid))
                self.sockets = max(self.sockets, sockets(self.pid))


class Watched:
    """What was seen: results by monitor, newest first, and figures of the process."""

    def __init__(self, folder, each, rounds, interval, hold):
        self.monitors = len(KINDS) * each
        with HostileServers(folder, each, hold) as hostile:
            self.ports = hostile.ports
            with Tocsin(folder, config(self.ports, interval, 1)) as server:
                self.observe(server, rounds, interval)
            hostile.stop()
            self.lived, self.own_lag = hostile.lived, hostile.own_lag

    def observe(self, server, rounds, interval):
        pid = server.process.child.pid
        # What is loaded at the first use (trusted authorities, code) is not counted, nor what the definitions take: one of each kind goes ahead,
        # then all are known and idle.
        until("one of each kind", lambda: all(server.results(f"{kind}-{self.ports[kind][0]}") for kind in KINDS))
        self.reload(server, config(self.ports, interval, enabled=False))
        known = len(server.results(HEALTHY))
        until("the healthy one alone is checked", lambda: len(server.results(HEALTHY)) >= known + TIMEOUT_S + 2)
        before = {"memory": memory_kib(pid), "sockets": sockets(pid)}
        with Highest(pid) as highest:
            self.reload(server, config(self.ports, interval))
            self.wait_for(server, rounds, interval)
        self.results = {(kind, variant): server.results(f"{kind}-{port}")
                        for kind in KINDS for variant, port in enumerate(self.ports[kind])}
        self.healthy, self.healthy_status = server.results(HEALTHY, 1000), server.status(HEALTHY)
        self.details = {kind: server.get(f"/api/v1/monitors/{kind}-{self.ports[kind][1]}/results/{self.results[kind, 1][0]['id']}")
                        for kind in ("utf8", "nuls", "endless")}
        self.growth_kib = round((highest.memory_kib - before["memory"]) / self.monitors, 1)
        self.sockets_most = highest.sockets - before["sockets"]
        self.reload(server, config(self.ports, interval, enabled=False))
        end = time.monotonic() + 15
        while (left := sockets(pid) - before["sockets"]) > 0 and time.monotonic() < end:
            time.sleep(0.02)  # what is under way ends
        self.sockets_left = left
        self.alive = server.process.child.poll() is None

    @staticmethod
    def reload(server, text):
        server.write_config(text)
        status, body = server.post("/api/v1/reload")
        assert status == 200, body

    def wait_for(self, server, rounds, interval):
        """Until the last started monitor of each kind was checked so often; the first are ahead of it. Asks seldom, to be no load."""
        end = time.monotonic() + rounds * interval + 60
        while min(len(server.results(f"{kind}-{self.ports[kind][-1]}")) for kind in KINDS) < rounds:
            assert time.monotonic() < end, f"{rounds} rounds took too long"
            time.sleep(1)  # nothing is decided by its length

    def overloaded(self):
        """How many checks the location could not judge for its own load, which it said itself."""
        return sum(is_overload(result) for results in self.results.values() for result in results)

    def count(self):
        return sum(map(len, self.results.values()))

    def unfit(self):
        """What came out otherwise than it must, as sentences; overload, which is counted apart, left out."""
        found = []
        for (kind, variant), results in self.results.items():
            wanted = fits(kind, variant)
            for result in filter(lambda one: not is_overload(one), results):
                error = result["error"]
                got = (error["code"], error["phase"]) if error else (None, None)
                if got != wanted or result["verdict"] != ("failed" if wanted[0] else "passed"):
                    found.append(f"{kind} {variant}: {result['verdict']} {got}, not {wanted}: {result['reason']}")
        return found

    def late(self):
        """Attempts whose stored time is beyond the timeout, and kinds with a connection that lived longer, as the server's side saw it; that side
        is allowed its own lag."""
        limit = TIMEOUT_S + LATE_MAX_S
        stored = [f"{kind} {variant}: {r['response_time_us']} us" for (kind, variant), results in self.results.items() for r in results
                  if not is_overload(r) and (r["response_time_us"] or 0) > limit * 1e6]
        return stored + [f"{kind}: a connection lived {max(lives):.3f} s" for kind, lives in self.lived.items() if max(lives) > limit + self.own_lag]

    def of_kind(self, kind):
        return [result for (name, _), results in self.results.items() if name == kind for result in results]

    def shown(self, kind):
        """(text, bytes) of what was received, as the API shows it."""
        status, body = self.details[kind]
        assert status == 200, body
        return body["received"]["text"], base64.b64decode(body["received"]["base64"])

    def healthy_ms(self):
        times = [result["response_time_us"] / 1000 for result in self.healthy if result["response_time_us"] is not None]
        return {"median": round(statistics.median(times), 2), "max": round(max(times), 2)}
