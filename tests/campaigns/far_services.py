"""Services behind a router, in a network namespace of their own, and the way there from this one: what it takes to take the router away."""
import subprocess
import sys

LISTEN = """
import socket, sys
listener = socket.create_server(("::", int(sys.argv[1])), family=socket.AF_INET6, dualstack_ipv6=True, backlog=1024)
print(flush=True)
while True:
    listener.accept()[0].close()
"""
NEAR = {"-4": ("192.0.2.10/24", "192.0.2.254"), "-6": ("2001:db8:1::10/64", "2001:db8:1::fe")}
FAR = {"-4": "198.51.100.0/24", "-6": "2001:db8:2::/64"}


class FarServices:
    TARGETS = [*(f"198.51.100.{n}" for n in range(1, 21)), *(f"[2001:db8:2::{n}]" for n in range(1, 6))]
    NOBODY = "192.0.2.77"  # on the same network as the router

    def __init__(self, port):
        self.there = subprocess.Popen(["unshare", "--net", "--", sys.executable, "-c", LISTEN, str(port)], stdout=subprocess.PIPE)
        self.there.stdout.readline()
        self.ip("link", "add", "near", "type", "veth", "peer", "name", "left", "netns", str(self.there.pid))
        self.ip_there("link", "set", "left", "up")
        self.ip_there("link", "set", "lo", "up")
        self.ip("link", "set", "near", "up")
        self.revive()
        for family, (own, router) in NEAR.items():
            self.ip(family, "address", "add", own, "dev", "near", *self.at_once(family))
            self.ip(family, "route", "add", FAR[family], "via", router)
            self.ip_there(family, "route", "add", "local", FAR[family], "dev", "lo")

    @staticmethod
    def at_once(family):
        return ["nodad"] if family == "-6" else []

    @staticmethod
    def ip(*words):
        subprocess.run(["ip", *words], check=True)

    def ip_there(self, *words):
        subprocess.run(["nsenter", f"--net=/proc/{self.there.pid}/ns/net", "--", "ip", *words], check=True)

    def router(self, what):
        for family, (own, router) in NEAR.items():
            self.ip_there(family, "address", what, f"{router}/{own.partition('/')[2]}", "dev", "left", *(self.at_once(family) if what == "add" else []))

    def silence(self):
        """It answers to its address no more; and it was not heard for so long that this machine has to look for it."""
        self.router("del")
        for family in NEAR:
            self.ip(family, "neigh", "flush", "dev", "near")

    def revive(self):
        self.router("add")

    def close(self):
        self.there.kill()
        self.there.wait()
        self.there.stdout.close()
