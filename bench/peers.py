"""What others take for a plain TCP check: processor time of theirs, on the targets of ours, in the same run. From Debian's packages
(bench/install_peers); what is not installed is left out and said so."""
import concurrent.futures
import http.client
import pathlib
import resource
import shutil
import subprocess
import time

import harness
from harness import US

CHECK_TCP = pathlib.Path("/usr/lib/nagios/plugins/check_tcp")


def children_cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def check_tcp(port, checks=400):
    """A process for each check, four at a time."""
    if not CHECK_TCP.exists():
        return None

    def one(number):
        return subprocess.run([CHECK_TCP, "-H", harness.address(number), "-p", str(port)], stdout=subprocess.DEVNULL, check=False).returncode

    before = children_cpu()
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        failed = sum(1 for status in pool.map(one, range(checks)) if status != 0)
    if failed:
        raise RuntimeError(f"{failed} of {checks} runs of check_tcp failed")
    return (children_cpu() - before) * US / checks


def running(command, folder):
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def blackbox(port, folder, probes=3000, clients=4):
    """Asked over HTTP, as Prometheus does; what the client takes is not counted."""
    program = shutil.which("prometheus-blackbox-exporter")
    if program is None:
        return None
    (folder / "blackbox.yml").write_text("modules: { tcp: { prober: tcp, timeout: 5s } }\n")
    own_port = harness.free_port()
    exporter = running([program, "--config.file=blackbox.yml", f"--web.listen-address=127.0.0.1:{own_port}"], folder)

    def ask(client):
        connection = http.client.HTTPConnection("127.0.0.1", own_port, timeout=10)
        for number in range(client, probes, clients):
            connection.request("GET", f"/probe?module=tcp&target={harness.address(number)}:{port}")
            body = connection.getresponse().read()
            if b"\nprobe_success 1\n" not in body:
                raise RuntimeError("blackbox_exporter: a probe failed")

    try:
        harness.wait_for_port(own_port)
        before = harness.cpu_seconds(exporter.pid)
        with concurrent.futures.ThreadPoolExecutor(clients) as pool:
            list(pool.map(ask, range(clients)))
        return (harness.cpu_seconds(exporter.pid) - before) * US / probes
    finally:
        exporter.terminate()
        exporter.wait()


def haproxy(port, folder, servers=4000, seconds=5):
    """Its plain check, which never completes the handshake: beside our close: quiet. One thread, each server every second."""
    program = shutil.which("haproxy")
    if program is None:
        return None
    lines = ["global", "  nbthread 1", f"  maxconn {servers + 100}", "defaults", "  mode tcp", "  timeout connect 5s", "  timeout client 5s", "  timeout server 5s",
             "frontend front", f"  bind 127.0.0.1:{harness.free_port()}", "  default_backend back", "backend back", "  default-server check inter 1s"]
    lines += [f"  server s{i} {harness.address(i)}:{port}" for i in range(servers)]
    (folder / "haproxy.cfg").write_text("\n".join(lines) + "\n")
    process = running([program, "-db", "-f", "haproxy.cfg"], folder)
    try:
        time.sleep(4)  # reads its file and runs every check once
        if process.poll() is not None:
            raise RuntimeError("haproxy ended at once")
        before, began = harness.cpu_seconds(process.pid), time.monotonic()
        time.sleep(seconds)
        elapsed = time.monotonic() - began
        return (harness.cpu_seconds(process.pid) - before) * US / (servers * elapsed)
    finally:
        process.terminate()
        process.wait()


def all_of(port, folder):
    """By name the processor time of one check, in us; None: not installed."""
    folder.mkdir(exist_ok=True)
    return {"check_tcp": check_tcp(port), "blackbox_exporter": blackbox(port, folder), "haproxy": haproxy(port, folder)}
