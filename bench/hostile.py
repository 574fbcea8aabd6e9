"""A thousand hostile servers of twelve kinds at once: every check ends in its time with the error that fits, memory and descriptors are bounded,
and a healthy service among them is not called down. The servers and the judgement are those of tests/e2e/hostile_test.py."""
import os
import sys

import harness

sys.path.insert(0, str(harness.ROOT / "tests/e2e"))
os.environ.setdefault("TOCSIN_BINARY", str(harness.BUILD / "tocsin"))

HOLD_S = 1.0


def quantile(seen, kind, share):
    """Of how long connections lived, as the server's side saw it."""
    return harness.quantile(sorted(seen.lived.get(kind, ())), share) or 0


def measure(options):
    from hostile_servers import KINDS  # reads TOCSIN_BINARY
    from hostile_watch import GROWTH_MAX_KIB, LATE_MAX_S, TIMEOUT_S, Watched, fits
    each = -(-options.monitors // len(KINDS))
    with harness.scratch_folder() as folder:
        seen = Watched(folder, each, rounds=max(1, options.seconds // options.interval), interval=options.interval, hold=HOLD_S)
    figures = {"monitors": seen.monitors, "interval_s": options.interval, "timeout_s": TIMEOUT_S, "connections_at_once_max": seen.sockets_most,
               "results": seen.count(), "results_overloaded": seen.overloaded()}
    for kind in KINDS:
        times = sorted(r["response_time_us"] for r in seen.of_kind(kind) if r["response_time_us"] is not None)
        wanted = sorted({fits(kind, variant)[0] or "passed" for variant in range(each)})
        figures[kind] = (f"{', '.join(wanted)}: stored time max {(times or [0])[-1] / 1e6:.3f} s of {len(seen.of_kind(kind))}, "
                         f"lived p50 {quantile(seen, kind, 0.5):.3f} p99 {quantile(seen, kind, 0.99):.3f} max {quantile(seen, kind, 1):.3f} s")
    unfit, late = seen.unfit(), seen.late()
    healthy_failed = sum(result["verdict"] == "failed" for result in seen.healthy)
    figures |= {"unfit_results": len(unfit), "late_by_more_than_s": LATE_MAX_S, "servers_own_lag_max_s": round(seen.own_lag, 3), "late": len(late), "healthy_checks": len(seen.healthy), "healthy_failed": healthy_failed,
                "healthy_ms": seen.healthy_ms(), "memory_growth_kib_per_monitor": seen.growth_kib, "memory_growth_budget_kib": GROWTH_MAX_KIB,
                "sockets_left_over": seen.sockets_left, "server_alive": seen.alive}
    for line in (unfit + late)[:20]:
        print(line, file=sys.stderr)
    failed = unfit or late or healthy_failed or seen.growth_kib > GROWTH_MAX_KIB or seen.sockets_left > 0 or not seen.alive
    return figures, bool(failed)
