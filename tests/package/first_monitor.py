"""From the package on a bare Debian 12 to the first monitor, in a browser, and to the first alert in a mailbox. Prints the times; fails beyond the
budgets below.

  tests/package/first_monitor.py DEB       as root; needs scripts/web (playwright-core), chromium, and what bare.py needs

Installing is timed from apt to a service that answers, everything downloaded. The rest is timed from opening the set-up link; everything is done
in the browser: account, monitor, channel, test, and the channel ticked in the monitor. Then the service that is watched stops listening."""
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


def measure(bare, deb):
    link, installed = install(bare, deb)
    service, mailbox = Service(), Mailbox()
    target = f"db.example.com:{service.port}"
    picture = ROOT / "build/package/first_monitor.png"
    began = time.monotonic()
    browser = subprocess.run(["node", str(ROOT / "tests/package/first_monitor.mjs"), link, target, str(mailbox.port), str(picture)],
                             stdout=subprocess.PIPE, text=True)
    if browser.returncode != 0:
        raise AssertionError(f"the browser's way failed: {browser.stdout}")
    stopped = time.monotonic()
    service.stop()
    mail = until("the mail", lambda: next((text for text in mailbox.messages if "DOWN" in text), None), ALERT_SECONDS_MAX)
    arrived = time.monotonic()
    subject = next(line for line in mail.split("\r\n") if line.startswith("Subject:"))
    return {"install_s": round(installed, 1), "from_opening": json.loads(browser.stdout)["sights"],
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
            hosts.write("127.0.0.1 db.example.com\n")
        with bare.network():
            figures = measure(bare, deb)
    finally:
        if bare:
            bare.stop()
        shutil.rmtree(scratch)
    print(json.dumps(figures, indent=2))
    up = figures["from_opening"]["up"]
    limits = [("the first monitor, up", up["seconds"], MONITOR_SECONDS_MAX), ("clicks to it", up["clicks"], CLICKS_MAX),
              ("the first alert", figures["alert_from_opening_s"], ALERT_SECONDS_MAX)]
    missed = [f"{what}: {value}, at most {limit}" for what, value, limit in limits if value > limit]
    print("\n".join(missed) or "within every budget")
    sys.exit(1 if missed else 0)


main()
