"""A socket that the kernel connects to itself looks open; nobody must be called up for it."""
import json
import pathlib
import subprocess

HELP = """Connects to loopback ports at which nobody listens and from which the kernel takes its own end, in a namespace with few of them, so that it
often connects a socket to itself. Passes when none of the tries was called up, and when that happened at all."""
FIRST, LAST = 20000, 20255


def arguments(parser):
    parser.add_argument("--tries", type=int, default=1_000_000, help="for each backend (default: 1,000,000)")
    parser.add_argument("--io", choices=["epoll", "io_uring", "both"], default="both")


def measure(options, backend):
    command = [options.build / "self_connect", str(FIRST), str(LAST), str(options.tries), backend]
    program = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    counts = {}
    for line in program.stdout:
        counts = json.loads(line)
        print(f"{backend}: {counts['tries']} tries, {counts['to_itself']} met themselves, {counts['up']} called up", flush=True)
    code = program.wait()
    if code == 3:
        return {"io": backend, "result": "not available here"}, False
    failed = code != 0 or not counts.get("done") or counts["to_itself"] == 0
    counts.pop("done", None)
    return {"io": backend, **counts, "result": "FAILED" if failed else "ok"}, failed


def run(options):
    pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").write_text(f"{FIRST} {LAST}")
    results = [measure(options, backend) for backend in (["epoll", "io_uring"] if options.io == "both" else [options.io])]
    return [row for row, _ in results], any(failed for _, failed in results)
