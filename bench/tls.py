"""What a TLS handshake costs the server that checks, full and resumed, beside a plain check of the same nginx, and how late checks are meanwhile."""
import contextlib
import ssl
import subprocess
import time

import harness
import schedule
from harness import US

# name: what stands in the defaults; TLS versions that nginx speaks
KINDS = {
    "plain": ("tls: off", "TLSv1.3"),
    "full_13": ("tls: { mode: direct, ca_file: CA, server_name: bench.example, full_every: 1 }", "TLSv1.3"),
    "resumed_13": ("tls: { mode: direct, ca_file: CA, server_name: bench.example, full_every: 1000 }", "TLSv1.3"),
    "full_12": ("tls: { mode: direct, ca_file: CA, server_name: bench.example, full_every: 1 }", "TLSv1.2"),
    "resumed_12": ("tls: { mode: direct, ca_file: CA, server_name: bench.example, full_every: 1000 }", "TLSv1.2"),
}

NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ worker_connections 8192; }}
http {{
  access_log off;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
  ssl_certificate {folder}/cert.pem;
  ssl_certificate_key {folder}/key.pem;
  ssl_protocols {version};
  ssl_session_cache shared:bench:10m;
  server {{ listen {plain} backlog=8192; }}
  server {{ listen {secure} ssl backlog=8192; }}
}}
"""


@contextlib.contextmanager
def nginx(folder, version):
    plain, secure = harness.free_port(), harness.free_port()
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, version=version, plain=plain, secure=secure))
    process = subprocess.Popen(["/usr/sbin/nginx", "-p", folder, "-c", folder / "nginx.conf"], stderr=subprocess.DEVNULL)
    try:
        harness.wait_for_port(secure)
        yield plain, secure
    finally:
        process.terminate()
        process.wait()


def make_certificate(folder):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=bench.example",
                    "-addext", "subjectAltName=DNS:bench.example", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"], check=True, capture_output=True)
    ssl.create_default_context(cafile=folder / "cert.pem")  # it can be read


def measure_kind(folder, options, name):
    defaults, version = KINDS[name]
    work = folder / name
    work.mkdir()
    with nginx(folder, version) as (plain, secure):
        port = plain if name == "plain" else secure
        lines = [f"version: 1\nserver: {{ rate_limit: {{ per_second: 1000000, burst: 1000000 }} }}\n"
                 f"defaults: {{ interval: {options.interval}s, timeout: 5s, {defaults.replace('CA', str(folder / 'cert.pem'))} }}\nmonitors:"]
        lines += [f"  m{i}: {{ target: '127.0.0.1:{port}' }}" for i in range(options.monitors)]
        (work / "config").mkdir(exist_ok=True)
        (work / "config/monitors.yaml").write_text("\n".join(lines) + "\n")
        with harness.server(work) as server:
            schedule.settle(options.monitors, options.interval)
            time.sleep(options.interval)  # every session is there
            cpu, begin = harness.cpu_seconds(server.pid), time.time_ns() // 1000
            time.sleep(options.seconds)
            end, cpu = time.time_ns() // 1000, harness.cpu_seconds(server.pid) - cpu
            memory = harness.memory_mib(server.pid)
            time.sleep(2)  # what is under way is written
            ticks = schedule.count_ticks(harness.results_between(server.store, begin, end), options, begin, end)
    return {"cpu_us": cpu * US / max(ticks["recorded"], 1), "ticks": ticks, "memory": memory}


def measure(options):
    with harness.scratch_folder() as folder:
        make_certificate(folder)
        found = {name: measure_kind(folder, options, name) for name in KINDS}
    base = found["plain"]["cpu_us"]
    figures = {"monitors": options.monitors, "checks_per_second": options.monitors // options.interval}
    for name, each in found.items():
        figures[f"{name}_cpu_us_per_check"] = round(each["cpu_us"], 1)
        if name != "plain":
            figures[f"{name}_ratio"] = round(each["cpu_us"] / base, 2)
        figures[f"{name}_lag_p99_us"] = each["ticks"]["lag_p99_us"]
        figures[f"{name}_not_passed"] = each["ticks"]["not_passed"]
        figures[f"{name}_rss_mib"] = each["memory"]
    return figures, any(each["ticks"]["not_passed"] > 0 for each in found.values())
