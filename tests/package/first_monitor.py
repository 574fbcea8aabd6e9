"""From the package on a bare Debian 12 to the first monitor, in a browser, and to the first alert in a mailbox. Prints the times; fails beyond the
budgets below.

  tests/package/first_monitor.py DEB       as root; needs scripts/web (playwright-core), chromium, and what bare.py needs

Installing is timed from apt to a service that answers, everything downloaded. The first monitor is timed from opening the set-up link. The alert is
timed from opening the link too: the channel comes from /etc/tocsin/tocsin.yaml, reloaded when the browser is done, with a monitor of a second
service, which then stops listening. A channel made in the browser would take the place of tell_by_file(): make it and choose it in first_monitor.mjs,
and watch the service there."""
import json
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

from bare import ROOT, Bare, until

MONITOR_SECONDS_MAX = 20.0
ALERT_SECONDS_MAX = 120.0
CLICKS_MAX = 5

CONFIG = """version: 1
channels:
  mail: {{ type: email, to: [oncall@example.com], from: tocsin@example.com, smtp: {{ host: 127.0.0.1, port: {smtp}, security: none }} }}
monitors:
  shop: {{ target: "shop.example.com:{shop}", interval: 10s, channels: [mail] }}
"""


class Service:
    """Listens; says nothing."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.take, daemon=True).start()

    def take(self):
        while True:
            try:
                self.socket.accept()[0].close()
            except OSError:
                return

    def stop(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


class Mailbox:
    """As much of a mail server (RFC 5321) as takes one message after another."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.messages = []
        threading.Thread(target=self.take, daemon=True).start()

    def take(self):
        while True:
            client, _ = self.socket.accept()
            threading.Thread(target=self.talk, args=(client.makefile("rwb"),), daemon=True).start()

    def talk(self, stream):
        def say(line):
            stream.write(line + b"\r\n")
            stream.flush()

        say(b"220 mailbox")
        while line := stream.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                say(b"354 go on")
                lines = []
                while (line := stream.readline()) not in (b".\r\n", b""):
                    lines.append(line)
                self.messages.append(b"".join(lines).decode())
            say(b"221 bye" if verb == b"QUIT" else b"250 ok")
            if verb == b"QUIT":
                return


def install(bare, deb):
    began = time.monotonic()
    bare.apt("install", deb)
    until("the service answers", lambda: "active" == bare.run("systemctl", "is-active", "tocsin", ok=False).strip())
    link = bare.run("tocsin", "setup-link").strip()
    return link, time.monotonic() - began


def tell_by_file(bare, mailbox, shop):
    (bare.folder / "etc/tocsin/tocsin.yaml").write_text(CONFIG.format(smtp=mailbox.port, shop=shop.port))
    bare.run("systemctl", "reload", "tocsin")

    def is_up():
        rows = json.loads(bare.run("tocsin", "monitors", "list", "--json", "--data", "/var/lib/tocsin"))["monitors"]
        return {row["id"]: row["status"] for row in rows}.get("shop") == "up"

    until("the shop is up", is_up, 30)


def measure(bare, deb):
    link, installed = install(bare, deb)
    own, shop, mailbox = Service(), Service(), Mailbox()
    target = f"db.example.com:{own.port}"
    picture = ROOT / "build/package/first_monitor.png"
    began = time.monotonic()
    browser = subprocess.run(["node", str(ROOT / "tests/package/first_monitor.mjs"), link, target, str(picture)], stdout=subprocess.PIPE, text=True)
    if browser.returncode != 0:
        raise AssertionError(f"the browser's way failed: {browser.stdout}")
    done = json.loads(browser.stdout)
    tell_by_file(bare, mailbox, shop)
    stopped = time.monotonic()
    shop.stop()
    until("the mail", lambda: mailbox.messages, ALERT_SECONDS_MAX)
    arrived = time.monotonic()
    subject = next(line for line in mailbox.messages[0].split("\r\n") if line.startswith("Subject:"))
    return {"install_s": round(installed, 1), "from_opening_s": done["seconds"], "clicks": done["clicks"], "keys": done["keys"],
            "alert_from_opening_s": round(arrived - began, 1), "alert_from_stop_s": round(arrived - stopped, 1), "mail": subject}


def main():
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="tocsin-first-"))
    bare = None
    try:
        bare = Bare(scratch / "bare")
        deb = bare.put(sys.argv[1])
        bare.fetch(deb)
        bare.boot()
        with open(f"/proc/{bare.init}/root/etc/hosts", "a") as hosts:
            hosts.write("127.0.0.1 db.example.com shop.example.com\n")
        with bare.network():
            figures = measure(bare, deb)
    finally:
        if bare:
            bare.stop()
        shutil.rmtree(scratch)
    print(json.dumps(figures, indent=2))
    limits = [("the first monitor, checked", figures["from_opening_s"]["checked"], MONITOR_SECONDS_MAX),
              ("the first monitor, up", figures["from_opening_s"]["up"], MONITOR_SECONDS_MAX),
              ("clicks", figures["clicks"], CLICKS_MAX), ("the first alert", figures["alert_from_opening_s"], ALERT_SECONDS_MAX)]
    missed = [f"{what}: {value}, at most {limit}" for what, value, limit in limits if value > limit]
    print("\n".join(missed) or "within every budget")
    sys.exit(1 if missed else 0)


main()
