"""What every benchmark needs: a server of our own on loopback, its processor time and memory, and how results are told."""
import contextlib
import os
import pathlib
import platform
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("TOCSIN_BUILD", ROOT / "build/release")).resolve()
US = 1_000_000
MONITORS_A_FILE = 200_000  # a file has at most 16 MiB


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return round(int(line.split()[1]) / 1024, 1)
    return 0


def machine():
    return f"{os.cpu_count()} cores, Linux {platform.release()}, load {os.getloadavg()[0]:.2f}"


class CalmSeconds:
    """Notes how much of each second a hypervisor gave to others (proc(5), /proc/stat, steal), while it is entered. On a shared machine that alone
    makes a timer tens of milliseconds late, whatever runs."""

    STOLEN_MAX = 0.01  # of all processors

    def __enter__(self):
        self.readings, self.over = [], threading.Event()
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

    def watch(self):
        while True:
            stolen = int(pathlib.Path("/proc/stat").read_text().split(None, 9)[8])
            self.readings.append((time.time(), stolen / os.sysconf("SC_CLK_TCK")))
            if self.over.wait(0.1):
                return

    def is_calm(self, second):
        """Of one whole second of the wall clock, from a tenth before it to a tenth behind it."""
        within = [stolen for at, stolen in self.readings if second - 0.15 <= at <= second + 1.15]
        return len(within) > 1 and within[-1] - within[0] <= self.STOLEN_MAX * os.cpu_count()


def address(number):
    """One of 4,000 loopback addresses; the raw loop uses the same."""
    number %= 4000
    return f"127.1.{number // 250}.{number % 250 + 1}"


def write_config(folder, monitors, interval, target_port, close="fin", address_of=address, io="auto"):
    """A folder of files: one as a rule, several when it would be too large."""
    folder.mkdir(exist_ok=True)
    # The limit of requests is not what is measured.
    head = (f"server: {{ io: {io}, rate_limit: {{ per_second: 1000000, burst: 1000000 }} }}\n"
            f"defaults: {{ interval: {interval}, timeout: 5s, close: {close} }}\n")
    for begin in range(0, max(monitors, 1), MONITORS_A_FILE):
        lines = [f"  m{i}: {{ target: '{address_of(i)}:{target_port}' }}\n" for i in range(begin, min(begin + MONITORS_A_FILE, monitors))]
        (folder / f"monitors{begin // MONITORS_A_FILE}.yaml").write_text(
            "version: 1\n" + (head if begin == 0 else "") + ("monitors:\n" if lines else "monitors: {}\n") + "".join(lines))


@contextlib.contextmanager
def scratch_folder():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="tocsin-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def listener(awake=False):
    """Accepts on every loopback address at one port, and closes; gives the port. One that stays awake takes a core, and makes nobody pay for waking
    it: who connects to another machine does not."""
    process = subprocess.Popen([BUILD / "bench_listener"] + (["--awake"] if awake else []), stdout=subprocess.PIPE, text=True)
    try:
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_ready(port):
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1).status == 200
    except OSError:
        return False


def wait_for_port(port, seconds=10):
    end = time.time() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.time() > end:
                raise
            time.sleep(0.02)


class Server:
    """A running `tocsin serve` over the files of folder/config and folder/data."""

    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        self.store = folder / "data/tocsin.db"
        self.reader = None
        began = time.time()
        with open(folder / "log", "ab") as log:
            self.process = subprocess.Popen([BUILD / "tocsin", "serve", "--config", folder / "config", "--data", folder / "data",
                                             "--listen", f"127.0.0.1:{self.port}"], stdout=log, stderr=log)
        while not is_ready(self.port):
            if self.process.poll() is not None or time.time() - began > 120:
                self.stop()
                raise SystemExit("the server did not start:\n" + (folder / "log").read_text())
            time.sleep(0.02)
        self.start_to_ready_s = round(time.time() - began, 2)

    @property
    def pid(self):
        return self.process.pid

    def token(self, scope="read"):
        return subprocess.run([BUILD / "tocsin", "token", "create", "--data", self.folder / "data", "--scope", scope],
                              capture_output=True, text=True, check=True).stdout.strip()

    def skips(self):
        """Ticks that were not run since the start, as the server counts them."""
        if self.reader is None:
            self.reader = self.token()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/metrics", headers={"Authorization": f"Bearer {self.reader}"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        return sum(int(float(line.rsplit(" ", 1)[1])) for line in lines if line.startswith("tocsin_ticks_skipped"))

    @contextlib.contextmanager
    def held(self):
        """Stands still for as long as this lasts."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait()


@contextlib.contextmanager
def server(folder):
    running = Server(folder)
    try:
        yield running
    finally:
        running.stop()


def results_between(store, from_us, to_us):
    """(monitor, slot, delay, verdict) of every final result in the window, verdict 1 for passed."""
    run = subprocess.run([BUILD / "bench_results", store, str(from_us), str(to_us)], capture_output=True, text=True, check=True)
    return [tuple(map(int, line.split("\t"))) for line in run.stdout.splitlines()]


def quantile(values, share):
    """Of a sorted list; None when it is empty."""
    return values[min(len(values) - 1, int(len(values) * share))] if values else None
