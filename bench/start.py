"""How long a server with many monitors takes to start: with a new store, with the same files again, and with monitors made over the API."""
import http.client
import json
import sqlite3
import statistics
import subprocess
import sys
import time

import harness
from harness import US

ROUNDS = 3
INTERVAL = 60
MONITORS_A_REQUEST = 1000
MEMORY_AFTER_S = 2


def newest_rows(store):
    """What grows with every stored result, in whichever form."""
    if not store.exists():
        return None
    database = sqlite3.connect(f"file:{store}?mode=ro", uri=True, isolation_level=None)
    try:
        return database.execute("SELECT (SELECT max(number) FROM segments), (SELECT max(slot) FROM results)").fetchone()
    except sqlite3.OperationalError:
        return None  # its tables are just being made
    finally:
        database.close()


class Start:
    """One start of `tocsin serve`: when it was ready, when its first probe began and was stored, what it took."""

    def __init__(self, folder, config, data, waits_for_results=True):
        self.store = data / "tocsin.db"
        self.port = harness.free_port()
        before = newest_rows(self.store) or (None, None)
        self.began = time.time()
        with open(folder / "log", "ab") as log:
            self.process = subprocess.Popen([harness.BUILD / "tocsin", "serve", "--config", config, "--data", data,
                                             "--listen", f"127.0.0.1:{self.port}"], stdout=log, stderr=log)
        self.wait(lambda: harness.is_ready(self.port), folder)
        self.ready_s = time.time() - self.began
        self.ready_cpu_s = harness.cpu_seconds(self.process.pid)
        if waits_for_results:
            self.wait(lambda: (newest_rows(self.store) or before) not in (before, (None, None)), folder)
            self.stored_s = time.time() - self.began
        time.sleep(MEMORY_AFTER_S)
        self.memory = harness.memory_mib(self.process.pid) * 2**20

    def wait(self, is_over, folder):
        while not is_over():
            if self.process.poll() is not None or time.time() - self.began > 300:
                self.stop()
                raise SystemExit("the server did not start:\n" + (folder / "log").read_text())
            time.sleep(0.01)

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait()

    def first_probe_s(self):
        """After stop(): when the earliest of this start's probes began."""
        from_us = int((self.began - INTERVAL) * US)
        rows = harness.results_between(self.store, from_us, int((self.began + 600) * US))
        begun = [slot + delay for _, slot, delay, _ in rows if slot + delay >= self.began * US]
        return min(begun) / US - self.began


def tell(line):
    print(line, file=sys.stderr, flush=True)


def measured(name, folder, config, data):
    start = Start(folder, config, data)
    start.stop()
    tell(f"{name}: ready after {start.ready_s:.2f} s, first probe after {start.first_probe_s():.2f} s")
    return {"ready_s": start.ready_s, "ready_cpu_s": start.ready_cpu_s, "first_probe_s": start.first_probe_s(), "first_stored_s": start.stored_s,
            "memory": start.memory}


def figures_of(name, starts, monitors, empty):
    figures = {}
    for what in ("ready_s", "ready_cpu_s", "first_probe_s", "first_stored_s"):
        figures[f"{name}_{what}"] = round(statistics.median(start[what] for start in starts), 3)
    memory = statistics.median(start["memory"] for start in starts)
    figures[f"{name}_rss_mib"] = round(memory / 2**20, 1)
    figures[f"{name}_bytes_per_monitor"] = round((memory - empty) / monitors)
    return figures


def make_over_api(folder, config, data, monitors, target_port):
    """As many requests as it takes; each makes a monitor of every host it names."""
    server = Start(folder, config, data, waits_for_results=False)
    token = subprocess.run([harness.BUILD / "tocsin", "token", "create", "--data", data, "--scope", "admin"],
                           capture_output=True, text=True, check=True).stdout.strip()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    for begin in range(0, monitors, MONITORS_A_REQUEST):
        hosts = [f"{harness.address(i)}:{target_port}" for i in range(begin, min(begin + MONITORS_A_REQUEST, monitors))]
        body = json.dumps({"id": f"m{begin}", "for_each": hosts, "interval": f"{INTERVAL}s", "timeout": "5s"})
        connection.request("POST", "/api/v1/monitors", body, {"Authorization": f"Bearer {token}", "Content-Type": "application/json"})
        reply = connection.getresponse()
        text = reply.read()
        if reply.status != 201:
            raise SystemExit(f"POST monitors: {reply.status} {text[:300]}")
        if begin % (100 * MONITORS_A_REQUEST) == 0:
            tell(f"{begin} of {monitors} made over the API")
    server.stop()


def measure(options):
    fresh, again, api = [], [], []
    with harness.scratch_folder() as folder, harness.listener() as target_port:
        harness.write_config(folder / "many", options.monitors, f"{INTERVAL}s", target_port)
        harness.write_config(folder / "none", 0, f"{INTERVAL}s", target_port)
        empty = Start(folder, folder / "none", folder / "empty", waits_for_results=False)
        empty.stop()
        for number in range(ROUNDS):
            data = folder / f"data{number}"
            fresh.append(measured("new store", folder, folder / "many", data))
            again.append(measured("same files", folder, folder / "many", data))
        make_over_api(folder, folder / "none", folder / "api", options.monitors, target_port)
        for _ in range(ROUNDS):
            api.append(measured("monitors of the API", folder, folder / "none", folder / "api"))
        size = (folder / "api/tocsin.db").stat().st_size
    return {
        "monitors": options.monitors,
        **figures_of("new_store", fresh, options.monitors, empty.memory),
        **figures_of("same_files", again, options.monitors, empty.memory),
        **figures_of("api_monitors", api, options.monitors, empty.memory),
        "empty_ready_s": round(empty.ready_s, 3), "empty_rss_mib": round(empty.memory / 2**20, 1),
        "api_store_bytes_per_monitor": round(size / options.monitors),
    }, False
