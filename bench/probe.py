"""What a plain check costs: processor time of the whole server, its store included, beside the least that the same connections can cost, and
beside what people run today, on the same targets in the same run. The targets' side never sleeps: to wake a process on the same machine costs whoever
connects to it up to a third of a check, which no check of another machine pays. The names of the figures are those of the field: conn_cpu_ratio,
quiet_ratio, peer_ratio, lag_p99, omission."""
import contextlib
import json
import statistics
import subprocess
import time

import harness
import peers
import schedule
from harness import US

ROUNDS = 5


def raw_loop(port, connections, pace):
    run = subprocess.run([harness.BUILD / "bench_raw_loop", str(port), str(connections), pace], capture_output=True, text=True, check=True)
    return json.loads(run.stdout)["cpu_us_per_connection"]


class Window:
    """A stretch of a running server, and the processor time it took."""

    def __init__(self, server, seconds):
        skipped = server.skips()
        before = harness.cpu_seconds(server.pid)
        self.begin = time.time_ns() // 1000
        time.sleep(seconds)
        self.end = time.time_ns() // 1000
        self.cpu_us = (harness.cpu_seconds(server.pid) - before) * US
        self.skipped = server.skips() - skipped


@contextlib.contextmanager
def running_server(folder, options, port, close):
    folder.mkdir()
    harness.write_config(folder / "config", options.monitors, f"{options.interval}s", port, close, io=options.io)
    with harness.server(folder) as server:
        schedule.settle(options.monitors, options.interval)
        yield server


class Measured:
    """Rounds of one server, between rounds of the raw loop."""

    def __init__(self, folder, options, port, close):
        rate = options.monitors // options.interval
        self.per_check, self.saturated, self.paced, windows = [], [], [], []
        with running_server(folder, options, port, close) as server:
            for _ in range(ROUNDS):
                # Both on one core would make each dearer: the server stands still meanwhile, and then has a while to be on time again.
                with server.held():
                    self.saturated.append(raw_loop(port, 20000, "64"))
                    self.paced.append(raw_loop(port, rate * 3, f"{rate}/s"))
                time.sleep(options.interval + 1)
                windows.append(Window(server, options.seconds))
            self.memory = harness.memory_mib(server.pid)
            time.sleep(2)  # what is under way is written
            rows = [harness.results_between(server.store, window.begin, window.end) for window in windows]
        for window, found in zip(windows, rows):
            self.per_check.append(window.cpu_us / max(len(found), 1))
        self.skipped = sum(window.skipped for window in windows)
        self.ticks = [schedule.count_ticks(found, options, window.begin, window.end) for window, found in zip(windows, rows)]
        self.cpu = statistics.median(self.per_check)

    def ratio(self, to):
        return round(self.cpu / statistics.median(to), 2)

    def total(self, name):
        return sum(ticks[name] for ticks in self.ticks)


def figures_of(name, measured):
    return {
        f"{name}_cpu_us_per_check": round(measured.cpu, 1), f"{name}_spread": [round(min(measured.per_check), 1), round(max(measured.per_check), 1)],
        f"{name}_raw_saturated_us": round(statistics.median(measured.saturated), 1), f"{name}_raw_paced_us": round(statistics.median(measured.paced), 1),
    }


def measure(options):
    with harness.scratch_folder() as folder, harness.listener(awake=True) as port:
        plain = Measured(folder / "plain", options, port, "fin")
        quiet = Measured(folder / "quiet", options, port, "quiet")
        others = peers.all_of(port, folder / "peers")
    omission = plain.total("expected") - plain.total("recorded") - plain.skipped
    state = json.loads(subprocess.run([harness.BUILD / "bench_state"], capture_output=True, text=True, check=True).stdout)
    figures = {
        "io": options.io, "monitors": options.monitors, "interval_s": options.interval, "checks_per_second": options.monitors // options.interval,
        "checks": plain.total("recorded"), "skipped": plain.skipped, "omission": omission, "not_passed": plain.total("not_passed") + quiet.total("not_passed"),
        "conn_cpu_ratio": plain.ratio(plain.saturated), "conn_cpu_ratio_paced": plain.ratio(plain.paced),
        "quiet_ratio": quiet.ratio(quiet.saturated), "quiet_ratio_paced": quiet.ratio(quiet.paced),
        **figures_of("plain", plain), **figures_of("quiet", quiet),
        "lag_p50_us": statistics.median(ticks["lag_p50_us"] for ticks in plain.ticks), "lag_p99_us": statistics.median(ticks["lag_p99_us"] for ticks in plain.ticks),
        "rss_mib": plain.memory, "bytes_per_idle_monitor": state["engine_bytes"], "bytes_per_check_under_way": state["in_flight_bytes"],
    }
    for name, theirs in others.items():
        ours = quiet.cpu if name == "haproxy" else plain.cpu
        figures[f"{name}_cpu_us_per_check"] = "not installed: bench/install_peers" if theirs is None else round(theirs, 1)
        if theirs is not None:
            figures[f"peer_ratio_{name}"] = round(theirs / ours, 2)
    return figures, figures["not_passed"] > 0
