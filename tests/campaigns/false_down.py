"""The program under trouble of its own, beside healthy and dead services: who is healthy is never called down, who is dead is found."""
import contextlib
import errno
import os
import pathlib
import socket
import subprocess
import sys
import time

from support import Folder
from trial import VICTIMS, Trial

HELP = """A server with healthy and dead services under trouble of its own: overload, no descriptors, no ports, no memory, firewall rules,
standstills, clock steps, a dead resolver, a stalled disk, a lost route, a silent router. Each scenario runs a server of its own for --seconds of trouble, kills three services in its
middle, and then waits until all is known again. It passes when no healthy service was failed or degraded in any result, no dead one passed, and
every dead one was found. Without names all scenarios run:

"""


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


def resolver_failing(trial):
    """the resolver says SERVFAIL, then REFUSED, to everything, and is well again, every three seconds"""
    end = time.monotonic() + trial.options.seconds
    trial.kill_victims()
    while time.monotonic() < end:
        for says in ("servfail", "on", "refused", "on"):
            trial.tell_dns(says)
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
    "resolver_dead": resolver_dead, "resolver_dying": resolver_dying, "resolver_failing": resolver_failing, "disk": disk, "loopback": loopback, "route": route, "router": router,
}
HELP += "".join(f"  {name:<18}{scenario.__doc__}\n" for name, scenario in SCENARIOS.items())


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
