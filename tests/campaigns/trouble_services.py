"""The services that a campaign watches, in a process of their own: trouble_services.py DNS PLAIN PONG BANNER VICTIM...

Listens at each port on every loopback address. PLAIN says nothing, PONG answers "+PONG", BANNER greets; DNS is a resolver to which NAME-A-B.test is
127.0.A.B; victims are plain until a line with their number comes on standard input, which closes them. The lines "dns off", "dns servfail" and
"dns refused" make the resolver silent, or say that to every question, "dns on" makes it well again. Prints "ready" when all listen, and "closed" for each victim. A line "stalls" is answered
with the times, in microseconds, in which this process itself was kept from running: what was slow then was not the watcher's fault."""
import contextlib
import json
import os
import selectors
import socket
import struct
import sys
import time

STALL_US = 100_000


REFUSALS = {"servfail": 2, "refused": 5}  # RFC 1035 4.1.1


def refusal(question, code):
    return question[:2] + struct.pack("!HHHHH", 0x8180 | code, 1, 0, 0, 0) + question[12:question.index(b"\0", 12) + 5]


def answer(question):
    """One A record of 1 s for the name asked for; AAAA has none."""
    name, at = [], 12
    while question[at]:
        name.append(question[at + 1:at + 1 + question[at]].decode())
        at += 1 + question[at]
    kind = struct.unpack_from("!H", question, at + 1)[0]
    query = question[12:at + 5]
    parts = name[0].split("-")
    has = kind == 1 and len(parts) == 3
    head = question[:2] + struct.pack("!HHHHH", 0x8180, 1, 1 if has else 0, 0, 0)
    record = b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 1, 4) + bytes([127, 0, int(parts[1]), int(parts[2])]) if has else b""
    return head + query + record


class Services:
    def __init__(self, ports):
        self.loop = selectors.DefaultSelector()
        self.listeners = {}
        for port, kind in ports.items():
            listener = socket.socket()
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("0.0.0.0", port))
            listener.listen(4096)
            listener.setblocking(False)
            self.listeners[port] = listener
            self.loop.register(listener, selectors.EVENT_READ, (self.accept, kind))
        self.stalls = []
        self.dns = None
        self.dns_says = "on"

    def open_dns(self, port):
        self.dns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.dns.bind(("127.0.0.1", port))
        self.loop.register(self.dns, selectors.EVENT_READ, (self.resolve, None))

    def resolve(self, dns, _):
        question, asker = dns.recvfrom(2000)
        if self.dns_says in REFUSALS:
            dns.sendto(refusal(question, REFUSALS[self.dns_says]), asker)
        elif self.dns_says == "on":
            dns.sendto(answer(question), asker)

    def accept(self, listener, kind):
        for _ in range(64):
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            peer.setblocking(False)
            if kind == "banner":
                with contextlib.suppress(OSError):  # it has gone away already; told by the read, too
                    peer.send(b"SSH-2.0-healthy\r\n")
            self.loop.register(peer, selectors.EVENT_READ, (self.read, kind))

    def read(self, peer, kind):
        try:
            data = peer.recv(4096)
            if data and kind == "pong":
                peer.send(b"+PONG\r\n")
        except OSError:
            data = b""
        if not data:
            self.loop.unregister(peer)
            peer.close()

    def command(self, stream, _):
        lines = os.read(stream.fileno(), 4096).decode()  # each is written whole
        if not lines:
            sys.exit()
        for line in lines.splitlines():
            if line == "stalls":
                print(json.dumps(self.stalls), flush=True)
                continue
            if line.startswith("dns"):
                self.dns_says = line.split()[1]
                continue
            listener = self.listeners.pop(int(line))
            self.loop.unregister(listener)
            listener.close()
            print("closed", flush=True)

    def serve(self):
        self.loop.register(sys.stdin, selectors.EVENT_READ, (self.command, None))
        print("ready", flush=True)
        looked = time.time_ns() // 1000
        while True:
            ready = self.loop.select(0.02)
            now = time.time_ns() // 1000
            if now - looked > STALL_US:
                self.stalls.append((looked, now))
            looked = now
            for key, _ in ready:
                work, kind = key.data
                work(key.fileobj, kind)


def main():
    numbers = [int(word) for word in sys.argv[1:]]
    dns, plain, pong, banner, *victims = numbers
    services = Services({plain: "plain", pong: "pong", banner: "banner", **{port: "plain" for port in victims}})
    services.open_dns(dns)
    with contextlib.suppress(OSError):  # before the others on a busy machine, where that is permitted
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(5))
    services.serve()


if __name__ == "__main__":
    main()
