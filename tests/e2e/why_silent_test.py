"""Why a port is silent, with the kernel's own packets: three network namespaces in a row, the prober, a router, a host.
Needs ip (iproute2), unshare and nsenter (util-linux), and the right to make namespaces: root, or user namespaces."""
import json
import os
import shutil
import subprocess
import sys
import unittest

from support import TOCSIN

# RFC 5737 and RFC 3849: addresses of nobody.
PROBER, ROUTER = "192.0.2.2", "192.0.2.1"
PROBER6, ROUTER6 = "2001:db8:1::2", "2001:db8:1::1"
HOST, HOST6 = "198.51.100.2", "2001:db8:2::2"
# A source of its own for each kind of no: a router says so a few times a second to each.
SOURCES = {"prohibit": ("203.0.113.0/26", "192.0.2.3"), "unreachable": ("203.0.113.64/26", "192.0.2.4"), "blackhole": ("203.0.113.128/26", "192.0.2.5")}
# After 3 s the router says of every packet that nobody took it.
NOBODY, SOURCE_TO_NOBODY = "198.51.100.9", "192.0.2.6"
SOURCES6 = {"prohibit": ("2001:db8:a::/48", "2001:db8:1::3"), "unreachable": ("2001:db8:b::/48", "2001:db8:1::4")}

# Two connections fill a queue of one, and Linux then drops what more comes: a port that is silent on a host that lives.
FULL_QUEUE = """
import socket, sys
family, address = (socket.AF_INET6, "::1") if sys.argv[1] == "6" else (socket.AF_INET, "127.0.0.1")
server = socket.socket(family)
server.bind(("", 0))
server.listen(0)
port = server.getsockname()[1]
waiting = [socket.socket(family) for _ in range(4)]
for each in waiting:
    each.setblocking(False)
    each.connect_ex((address, port))
print(port, flush=True)
sys.stdin.read()
"""


def missing_tools():
    return [tool for tool in ("ip", "unshare", "nsenter") if shutil.which(tool) is None]


class Namespace:
    def __init__(self):
        self.holder = subprocess.Popen(["unshare", "--net", "--", "sh", "-c", "echo; exec cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.holder.stdout.readline()
        self.run("ip", "link", "set", "lo", "up")

    def command(self, *words):
        return ["nsenter", f"--net=/proc/{self.holder.pid}/ns/net", "--", *words]

    def run(self, *words):
        subprocess.run(self.command(*words), check=True)

    def write(self, path, text):
        self.run("sh", "-c", f"echo {text} > /proc/sys/{path}")

    def close(self):
        self.holder.stdin.close()
        self.holder.stdout.close()
        self.holder.wait()


def join(left, left_name, right, right_name):
    left.run("ip", "link", "add", left_name, "type", "veth", "peer", "name", right_name, "netns", str(right.holder.pid))


def give(namespace, device, *addresses):
    # No duplicate address detection: an address would not be usable for a second.
    for address in addresses:
        namespace.run("ip", "address", "add", address, "dev", device, *(["nodad"] if ":" in address else []))
    namespace.run("ip", "link", "set", device, "up")


class WhySilent(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.prober, cls.router, cls.host = (Namespace() for _ in range(3))
        for each in (cls.prober, cls.router, cls.host):
            cls.addClassCleanup(each.close)
        join(cls.prober, "near", cls.router, "left")
        join(cls.router, "right", cls.host, "far")
        give(cls.prober, "near", f"{PROBER}/24", *(f"{source}/24" for _, source in SOURCES.values()), f"{SOURCE_TO_NOBODY}/24", f"{PROBER6}/64", *(f"{source}/64" for _, source in SOURCES6.values()))
        give(cls.router, "left", f"{ROUTER}/24", f"{ROUTER6}/64")
        give(cls.router, "right", "198.51.100.1/24", "2001:db8:2::1/64")
        give(cls.host, "far", f"{HOST}/24", f"{HOST6}/64")
        cls.router.write("net/ipv4/ip_forward", 1)
        cls.router.write("net/ipv6/conf/all/forwarding", 1)
        cls.prober.run("ip", "route", "add", "default", "via", ROUTER)
        cls.prober.run("ip", "-6", "route", "add", "default", "via", ROUTER6, "src", PROBER6)
        cls.prober.run("ip", "route", "add", NOBODY, "via", ROUTER, "src", SOURCE_TO_NOBODY)
        cls.host.run("ip", "route", "add", "default", "via", "198.51.100.1")
        cls.host.run("ip", "-6", "route", "add", "default", "via", "2001:db8:2::1")
        for kind, (network, source) in SOURCES.items():
            cls.router.run("ip", "route", "add", kind, network)
            cls.prober.run("ip", "route", "add", network, "via", ROUTER, "src", source)
        for kind, (network, source) in SOURCES6.items():
            cls.router.run("ip", "-6", "route", "add", kind, network)
            cls.prober.run("ip", "-6", "route", "add", network, "via", ROUTER6, "src", source)

    def silent_port(self, version="4"):
        server = subprocess.Popen(self.host.command(sys.executable, "-c", FULL_QUEUE, version), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.communicate)
        return int(server.stdout.readline())

    def probe(self, target, timeout="700ms"):
        for _ in range(5):  # a machine that stood still makes a check unknown, which is not the story here
            done = subprocess.run(self.prober.command(TOCSIN, "probe", target, "-vv", "--json", "--timeout", timeout), stdout=subprocess.PIPE, text=True)
            result = json.loads(done.stdout)
            if (result["error"] or {}).get("code") != "overloaded":
                break
        self.assertEqual(done.returncode, 1, result)
        self.assertEqual(result["verdict"], "failed", result)
        self.assertLess(result["evidence"]["took_us"], 3_000_000)  # a second, and what a busy machine takes
        return result

    def test_silent_port_of_a_living_host(self):
        port = self.silent_port()
        result = self.probe(f"{HOST}:{port}")
        self.assertEqual(result["error"]["code"], "timeout")
        self.assertEqual(result["evidence"]["summary"], f"The host answers (port 1 refused at once), port {port} is silent; the last hop that answered is {ROUTER}, 1 hop away.")
        self.assertEqual(result["evidence"]["walk"]["hops"][0]["icmp"], {"from": ROUTER, "type": 11, "code": 0, "meaning": "time_exceeded"})

    def test_silent_port_of_a_living_host_on_ipv6(self):
        port = self.silent_port("6")
        result = self.probe(f"[{HOST6}]:{port}")
        self.assertEqual(result["evidence"]["summary"], f"The host answers (port 1 refused at once), port {port} is silent; the last hop that answered is {ROUTER6}, 1 hop away.")
        self.assertEqual(result["evidence"]["walk"]["hops"][0]["icmp"], {"from": ROUTER6, "type": 3, "code": 0, "meaning": "time_exceeded"})

    def test_nobody_at_the_address(self):
        result = self.probe(f"{NOBODY}:443")
        self.assertEqual(result["evidence"]["summary"], f"The host is silent at port 1 too; the last hop that answered is {ROUTER}, 1 hop away.")

    def test_swallowed_on_the_way(self):
        result = self.probe("203.0.113.129:443")
        self.assertEqual(result["evidence"]["summary"], "The host is silent at port 1 too; no hop on the way answered.")

    def test_reset_of_a_closed_port(self):
        result = self.probe(f"{HOST}:2")
        self.assertEqual(result["error"]["code"], "tcp_refused")
        self.assertIsNone(result["evidence"]["walk"])

    def expect_no(self, target, code, sender, notice):
        result = self.probe(target)
        self.assertEqual(result["error"]["code"], code)
        self.assertIn(sender, result["error"]["detail"])
        self.assertEqual(result["evidence"]["closed_port"]["icmp"], {"from": sender, **notice})
        self.assertIsNone(result["evidence"]["walk"])
        self.assertEqual(result["evidence"]["summary"], f"{sender} says the same of port 1.")

    def test_router_that_forbids(self):
        self.expect_no("203.0.113.1:443", "admin_prohibited", ROUTER, {"type": 3, "code": 13, "meaning": "prohibited"})

    def test_router_that_cannot_reach(self):
        self.expect_no("203.0.113.65:443", "host_unreachable", ROUTER, {"type": 3, "code": 1, "meaning": "host_unreachable"})

    # errno alone would be EACCES, which looks like a rule of our own machine: a failure would be told as "unknown", and nobody be woken.
    def test_router_of_ipv6_that_forbids(self):
        self.expect_no("[2001:db8:a::1]:443", "admin_prohibited", ROUTER6, {"type": 1, "code": 1, "meaning": "prohibited"})

    def test_router_of_ipv6_without_a_route(self):
        self.expect_no("[2001:db8:b::1]:443", "network_unreachable", ROUTER6, {"type": 1, "code": 0, "meaning": "network_unreachable"})


def may_make_namespaces(prefix):
    return subprocess.run([*prefix, "unshare", "--net", "true"], stderr=subprocess.DEVNULL).returncode == 0


if __name__ == "__main__":
    if missing_tools():
        sys.exit(f"this test needs {', '.join(missing_tools())}: apt-get install iproute2 util-linux")
    user_namespace = ["unshare", "--user", "--map-root-user", "--"]
    if may_make_namespaces([]):
        unittest.main()
    if not may_make_namespaces(user_namespace):
        sys.exit("this test makes network namespaces: run it as root, or allow user namespaces (sysctl kernel.unprivileged_userns_clone=1)")
    os.execvp(user_namespace[0], [*user_namespace, sys.executable, *sys.argv])
