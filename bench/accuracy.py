"""How true the times of a check are: a real server beside a responder of exactly 20 ms (bench_tun_responder) behind a TUN device, in a network
namespace of their own, first left alone, then with hogs on the server's core. What each connection truly took is known from the packets.

Runs itself once more inside the namespace, which ends with it: nothing of 10.77.0.0/16 is known outside."""
import argparse
import bisect
import contextlib
import csv
import datetime
import http.client
import io
import json
import os
import subprocess
import sys
import time

import harness
from harness import US

DEVICE, OURS, PORT = "tocsin0", "10.77.255.254/16", 80
DELAY_US = 20_000
OVERLOAD = 1.2  # what server and hogs ask of the core, in cores


def address(number):
    return f"10.77.{number // 250}.{number % 250 + 1}"


# Asks for a share of its core, ten milliseconds at a time: behind, it runs on as anyone who has work.
HOG = """
import sys, time
share, began = float(sys.argv[1]), time.monotonic()
while True:
    ahead = time.process_time() - (time.monotonic() - began) * share
    if ahead > 0.01 * share:
        time.sleep(0.01)
"""


@contextlib.contextmanager
def hogs(core, cores_wanted):
    """Processes that together ask for so many cores, all on one."""
    shares = [1.0] * int(cores_wanted) + [round(cores_wanted % 1, 3)]
    running = [subprocess.Popen(["taskset", "-c", str(core), sys.executable, "-c", HOG, str(share)]) for share in shares if share > 0]
    try:
        yield running
    finally:
        for each in running:
            each.terminate()
            each.wait()


@contextlib.contextmanager
def responder(file):
    process = subprocess.Popen([harness.BUILD / "bench_tun_responder", DEVICE, file, str(DELAY_US)], stdout=subprocess.PIPE, text=True)
    try:
        if process.stdout.readline() != "ready\n":
            raise SystemExit("the responder did not start: /dev/net/tun and the right to use it are needed")
        yield
    finally:
        process.terminate()
        process.wait()


def make_device():
    for words in (["link", "set", "lo", "up"], ["tuntap", "add", "dev", DEVICE, "mode", "tun"], ["address", "add", OURS, "dev", DEVICE],
                  ["link", "set", DEVICE, "txqueuelen", "10000", "up"]):
        subprocess.run(["ip", *words], check=True)


def load(server, options, cores_wanted, server_core):
    """One stretch under that load: its begin, its end, and what the server and the hogs took, in cores."""
    with hogs(server_core, cores_wanted) if cores_wanted else contextlib.nullcontext([]) as running:
        time.sleep(options.interval + 1)

        def used():
            return [harness.cpu_seconds(server.pid), sum(harness.cpu_seconds(hog.pid) for hog in running)]

        begin, before = time.time_ns() // 1000, used()
        time.sleep(options.seconds)
        return begin, time.time_ns() // 1000, *(round((now - then) / options.seconds, 3) for now, then in zip(used(), before))


def microseconds(text):
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * US + 0.5)


def stored_attempts(server, monitors):
    """Every attempt of every monitor as the API tells it."""
    token = server.token()
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    for number in range(monitors):
        connection.request("GET", f"/api/v1/monitors/m{number}/results?attempts=all",
                           headers={"Authorization": f"Bearer {token}", "Accept": "text/csv"})
        answer = connection.getresponse()
        body = answer.read().decode()
        if answer.status != 200:
            raise SystemExit(f"results of m{number}: {answer.status} {body}")
        for row in csv.DictReader(io.StringIO(body)):
            yield number, microseconds(row["started_at"]), row


def true_times(file):
    """Of each address, in order: when a SYN left, what it took on the device, what the responder thinks it took; microseconds."""
    found = {}
    for line in file.read_text().splitlines():
        host, _, syn_us, wire_ns, own_ns = line.split("\t")
        found.setdefault(host, []).append((int(syn_us), int(wire_ns) / 1000, int(own_ns) / 1000))
    return {host: sorted(times) for host, times in found.items()}


def nearest(times, at, most_us):
    place = bisect.bisect(times, (at,))
    near = min(times[max(0, place - 1):place + 1], key=lambda each: abs(each[0] - at), default=None)
    return near if near and abs(near[0] - at) < most_us else None


def spread(values):
    """50th and 99th percentile and the highest."""
    values = sorted(values)
    return [round(value, 1) for value in (harness.quantile(values, 0.5), harness.quantile(values, 0.99), values[-1])] if values else None


def figures_of(name, attempts, true, calm, options):
    """Verdicts of all; the spread of times (microseconds), and of how far what was stored is from the truth of the same connection, of those
    begun in calm seconds; how far also of all, for a host that is never calm."""
    stored, kernel, wire, own, stored_error, kernel_error, error_of_all = [], [], [], [], [], [], []
    verdicts, unmatched, resent = {}, 0, 0
    for number, started, row in attempts:
        verdicts[row["verdict"]] = verdicts.get(row["verdict"], 0) + 1
        resent += int(row["syn_retransmits"] or 0)
        if not row["connect_us"]:
            continue
        truth = nearest(true.get(address(number), []), started, options.interval * US // 2)
        if truth is None:
            unmatched += 1
            continue
        error_of_all.append(abs(int(row["connect_us"]) - truth[1]))
        if not calm.is_calm(started // US):
            continue
        stored.append(int(row["connect_us"]))
        wire.append(truth[1])
        own.append(truth[2] - DELAY_US)
        stored_error.append(error_of_all[-1])
        if row["kernel_rtt_us"]:
            kernel.append(int(row["kernel_rtt_us"]))
            kernel_error.append(abs(kernel[-1] - truth[1]))
    return {
        f"{name}_attempts": len(attempts), f"{name}_failed": verdicts.get("failed", 0), f"{name}_unknown": verdicts.get("unknown", 0),
        f"{name}_degraded": verdicts.get("degraded", 0), f"{name}_syn_resent": resent, f"{name}_in_calm_seconds": len(stored), f"{name}_without_truth": unmatched,
        f"{name}_without_kernel_rtt": len(stored) - len(kernel),
        f"{name}_true_us": spread(wire), f"{name}_responder_late_us": spread(own),
        f"{name}_connect_us": spread(stored), f"{name}_kernel_rtt_us": spread(kernel),
        f"{name}_connect_error_us": spread(stored_error), f"{name}_connect_error_of_all_seconds_us": spread(error_of_all),
        f"{name}_kernel_rtt_error_us": spread(kernel_error),
    }


def inside(options):
    """All of it, in a namespace of our own. The last core is the server's; the responder and we keep off it where there are more."""
    cores = sorted(os.sched_getaffinity(0))
    server_core, others = cores[-1], set(cores[:-1]) or set(cores)
    make_device()
    with harness.scratch_folder() as folder:
        harness.write_config(folder / "config", options.monitors, f"{options.interval}s", PORT, address_of=address)
        os.sched_setaffinity(0, others)
        with responder(folder / "true"), harness.CalmSeconds() as calm:
            os.sched_setaffinity(0, {server_core})
            with harness.server(folder) as server:
                os.sched_setaffinity(0, others)
                time.sleep(options.monitors / 1000)  # first runs are spread
                idle = load(server, options, 0, server_core)
                wanted = max(OVERLOAD - idle[2], 0)
                busy = load(server, options, wanted, server_core)
                time.sleep(2)  # what is under way is written
                attempts = list(stored_attempts(server, options.monitors))
        true = true_times(folder / "true")
    figures = {"monitors": options.monitors, "interval_s": options.interval, "seconds": options.seconds,
               "idle_server_cores": idle[2],
               "overload_hog_cores_wanted": round(wanted, 3), "overload_hog_cores": busy[3], "overload_server_cores": busy[2]}
    for name, (begin, end, *_) in (("idle", idle), ("overload", busy)):
        figures |= figures_of(name, [each for each in attempts if begin <= each[1] < end], true, calm, options)
    return figures


def measure(options):
    if options.monitors > 60_000:
        raise SystemExit("accuracy: at most 60000 monitors, an address each")
    prefix = ["unshare", "--net", "--"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--net", "--"]
    run = subprocess.run([*prefix, sys.executable, __file__, str(options.monitors), str(options.interval), str(options.seconds)],
                         stdout=subprocess.PIPE, text=True, check=False)
    if run.returncode != 0:
        raise SystemExit("accuracy did not run; it needs iproute2, util-linux, /dev/net/tun, and root or user namespaces")
    figures = json.loads(run.stdout)
    failed = figures["idle_failed"] + figures["overload_failed"] + figures["idle_without_truth"] + figures["overload_without_truth"]
    return figures, failed > 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    for each in ("monitors", "interval", "seconds"):
        parser.add_argument(each, type=int)
    print(json.dumps(inside(parser.parse_args())))
