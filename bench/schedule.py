"""Many monitors on one thread: ticks missing, scheduling lag, processor time beside a raw epoll loop, memory."""
import json
import statistics
import subprocess
import time

import harness
from harness import US


def raw_loop(port, connections):
    run = subprocess.run([harness.BUILD / "bench_raw_loop", str(port), str(connections)], capture_output=True, text=True, check=True)
    return json.loads(run.stdout)["cpu_us_per_connection"]


def settle(monitors, interval):
    """First runs are spread at 1,000 a second, and none is later than the monitor's first slot; then one interval and the wake of the start."""
    time.sleep(min(monitors / 1000, interval) + interval + 3)


def watch(folder, options):
    with harness.server(folder) as server:
        settle(options.monitors, options.interval)
        skipped = server.skips()
        cpu_before, from_us = harness.cpu_seconds(server.pid), time.time_ns() // 1000
        time.sleep(options.seconds)
        to_us, cpu = time.time_ns() // 1000, harness.cpu_seconds(server.pid) - cpu_before
        skipped = server.skips() - skipped
        memory = harness.memory_mib(server.pid)
        time.sleep(options.interval + 3)  # what is late is run, what is under way is written
    return {"from_us": from_us, "to_us": to_us, "cpu": cpu, "rss_mib": memory, "skipped": skipped, "started": server.start_to_ready_s, "store": server.store}


def count_ticks(rows, options, from_us, to_us):
    """Against the grid, from the stored results alone: one final result for every slot of every monitor in the window."""
    phases = {}
    for monitor, slot, _, _ in rows:
        phases.setdefault(monitor, slot % (options.interval * US))
    period = options.interval * US
    expected = 0
    for phase in phases.values():
        first = from_us + (phase - from_us) % period
        expected += 0 if first >= to_us else (to_us - 1 - first) // period + 1
    expected += (options.monitors - len(phases)) * (options.seconds // options.interval)
    distinct = {(monitor, slot) for monitor, slot, _, _ in rows}
    lags = sorted(delay for _, _, delay, _ in rows)
    return {"expected": expected, "recorded": len(distinct), "doubled": len(rows) - len(distinct),
            "not_passed": sum(1 for row in rows if row[3] != 1),
            "lag_p50_us": harness.quantile(lags, 0.5), "lag_p99_us": harness.quantile(lags, 0.99), "lag_max_us": lags[-1]}


def measure(options):
    with harness.scratch_folder() as folder, harness.listener() as target_port:
        harness.write_config(folder / "config", options.monitors, f"{options.interval}s", target_port)
        checks = min(options.monitors * options.seconds // options.interval, 30000)
        raw = [raw_loop(target_port, checks) for _ in range(3)]
        seen = watch(folder, options)
        raw += [raw_loop(target_port, checks) for _ in range(2)]
        ticks = count_ticks(harness.results_between(seen["store"], seen["from_us"], seen["to_us"]), options, seen["from_us"], seen["to_us"])
    per_check = seen["cpu"] * US / max(ticks["recorded"], 1)
    reference = statistics.median(raw)
    figures = {
        "monitors": options.monitors, "interval_s": options.interval, "seconds": options.seconds,
        "ticks_expected": ticks["expected"], "ticks_recorded": ticks["recorded"],
        "ticks_skipped": seen["skipped"],
        "ticks_missing": ticks["expected"] - ticks["recorded"] - seen["skipped"], "ticks_doubled": ticks["doubled"],
        "results_not_passed": ticks["not_passed"],
        "lag_p50_us": ticks["lag_p50_us"], "lag_p99_us": ticks["lag_p99_us"], "lag_max_us": ticks["lag_max_us"],
        "cpu_us_per_check": round(per_check, 1), "raw_cpu_us_per_connection": reference,
        "raw_spread": [min(raw), max(raw)], "conn_cpu_ratio": round(per_check / reference, 2),
        "rss_mib": seen["rss_mib"], "start_to_ready_s": seen["started"],
    }
    return figures, bool(figures["ticks_missing"] or figures["ticks_doubled"])
