"""Presets and STARTTLS against real servers: every probe passes, and a hundred of them leave no line above info in the server's own log, that is
none which the log of the same server without them has not too. What cannot be avoided without a password is shown."""
import collections
import concurrent.futures
import json
import os
import subprocess
import sys
import unittest

from preset_services import (ClosedMosquitto, ClosedRedis, Dnsmasq, Dovecot, LoggedExim, LoggedNginx, LoggedRedis, LoggedSshd, Mariadb,
                             Memcached, Mosquitto, NamingMariadb, Nats, Prosody, Rabbitmq, SecurePostgres, Slapd, Vsftpd, Zookeeper)
from support import TOCSIN, Folder, until

PROBES = 100


def probe(address, *flags, count=PROBES):
    return subprocess.run([TOCSIN, "probe", address, "--count", str(count), "--interval", "10ms", *flags], capture_output=True, text=True)


class Probed(unittest.TestCase):
    maxDiff = None

    def complaints(self, kind, *talks):
        """Of a fresh server after PROBES probes of each talk: (name of the port's attribute, flags...)."""
        with Folder() as folder:
            service = kind(folder)
            with service:
                with concurrent.futures.ThreadPoolExecutor() as at_once:
                    runs = [(flags, at_once.submit(probe, f"127.0.0.1:{getattr(service, port)}", *flags)) for port, *flags in talks]
                for flags, run in runs:
                    self.assertEqual(run.result().returncode, 0, (kind.name, flags, run.result().stdout[-1500:], run.result().stderr))
                if talks and kind.seen:
                    wanted = PROBES * sum("quiet" not in talk and len(talk) > 1 for talk in talks)
                    until(f"{kind.name} has seen all: {service.log_lines()[-5:]}", lambda: service.clients_seen() >= wanted)
            return service.complaints()

    def more_complaints(self, kind, *talks):
        with concurrent.futures.ThreadPoolExecutor() as beside:
            idle = beside.submit(self.complaints, kind)
            return self.complaints(kind, *talks) - idle.result()

    def leave_no_complaint(self, kind, *talks):
        self.assertEqual(self.more_complaints(kind, *talks), collections.Counter())


class Presets(Probed):
    def test_redis(self):
        self.leave_no_complaint(LoggedRedis, ("port", "--preset", "redis"))

    def test_redis_with_a_password(self):
        self.leave_no_complaint(ClosedRedis, ("port", "--preset", "redis"))

    def test_memcached(self):
        self.leave_no_complaint(Memcached, ("port", "--preset", "memcached"))

    def test_nginx(self):
        self.leave_no_complaint(LoggedNginx, ("port", "--preset", "http"))

    def test_openssh(self):
        self.leave_no_complaint(LoggedSshd, ("port", "--preset", "ssh"))

    def test_vsftpd(self):
        self.leave_no_complaint(Vsftpd, ("port", "--preset", "ftp"), ("port", "--preset", "ftp", "--starttls", "ftp", "--no-verify"))

    def test_exim(self):
        self.leave_no_complaint(LoggedExim, ("port", "--preset", "smtp"), ("port", "--preset", "smtp", "--starttls", "smtp", "--no-verify"))

    def test_dovecot(self):
        self.leave_no_complaint(Dovecot, ("port", "--preset", "imap"), ("port", "--starttls", "imap", "--no-verify"),
                                ("pop3_port", "--preset", "pop3"), ("pop3_port", "--starttls", "pop3", "--no-verify"),
                                ("imaps_port", "--preset", "imaps", "--no-verify"), ("pop3s_port", "--preset", "pop3s", "--no-verify"))

    def test_openldap(self):
        self.leave_no_complaint(Slapd, ("port", "--preset", "ldap"), ("port", "--starttls", "ldap", "--no-verify"),
                                ("port", "--preset", "ldap", "--starttls", "ldap", "--no-verify"), ("tls_port", "--preset", "ldaps", "--no-verify"))

    def test_mosquitto(self):
        self.leave_no_complaint(Mosquitto, ("port", "--preset", "mqtt"))

    def test_mosquitto_with_passwords(self):
        self.leave_no_complaint(ClosedMosquitto, ("port", "--preset", "mqtt"))

    def test_prosody(self):
        named = ("--tls-name", "localhost", "--starttls", "xmpp", "--no-verify")
        self.leave_no_complaint(Prosody, ("port", "--preset", "xmpp"), ("port", *named), ("port", "--preset", "xmpp", *named))

    def test_dnsmasq(self):
        self.leave_no_complaint(Dnsmasq, ("port", "--preset", "dns"))

    def test_nats(self):
        self.leave_no_complaint(Nats, ("port", "--preset", "nats"))

    def test_zookeeper(self):
        self.leave_no_complaint(Zookeeper, ("port", "--preset", "zookeeper"))

    def test_postgresql(self):
        self.leave_no_complaint(SecurePostgres, ("port", "--preset", "postgres"), ("port", "--starttls", "postgres", "--no-verify"))


# RabbitMQ and MariaDB warn of every client that has begun to talk and does not log in. What can be had is that they warn of nothing else, and not of
# what says nothing (RabbitMQ) or is not seen (MariaDB).
class Warnings(Probed):
    def test_rabbitmq_warns_once_of_each_probe_that_talks(self):
        more = self.more_complaints(Rabbitmq, ("port", "--preset", "rabbitmq"), ("port",), ("port", "--close", "quiet"))
        self.assertEqual(sum(more.values()), 2 * PROBES, more)  # each in two lines
        for line in more:
            self.assertRegex(line, "closing AMQP connection|client unexpectedly closed TCP connection")

    def test_mariadb_warns_once_of_each_probe_that_talks(self):
        more = self.more_complaints(Mariadb, ("port", "--preset", "mysql"), ("port", "--starttls", "mysql", "--no-verify"), ("port", "--close", "quiet"))
        self.assertEqual(sum(more.values()), 2 * PROBES, more)
        for line in more:
            self.assertIn("Access denied for user 'tocsin'", line)

    @unittest.skipUnless(os.geteuid() == 0, "a network namespace of its own needs root")
    def test_mariadb_counts_no_errors_of_our_host(self):
        """With the limit at its usual 100 errors; a host that only connects is locked out by then, which shows that the test would see it."""
        done = subprocess.run(["unshare", "--net", "--mount", sys.executable, __file__, "count"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr[-3000:])
        errors = json.loads(done.stdout)
        self.assertEqual(errors, {"quiet": 0, "preset": 0, "starttls": 0, "fin": PROBES})


def count_host_errors():
    """Inside network and mount namespaces of our own, where our address is no loopback address and has a name."""
    address = "10.9.9.1"
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    subprocess.run(["ip", "address", "add", f"{address}/24", "dev", "lo"], check=True)
    ways = {"quiet": ("--close", "quiet"), "preset": ("--preset", "mysql"), "starttls": ("--starttls", "mysql", "--no-verify"), "fin": ()}
    errors = {}
    with Folder() as folder:
        hosts = folder / "hosts"
        hosts.write_text(f"127.0.0.1 localhost\n{address} watcher\n")
        subprocess.run(["mount", "--bind", hosts, "/etc/hosts"], check=True)
        with NamingMariadb(folder) as server:
            server.query("CREATE USER app@'%' IDENTIFIED BY 'x'")  # without one it turns our host away at once
            for way, flags in ways.items():
                done = probe(f"{address}:{server.port}", *flags)
                assert done.returncode == 0, (way, done.stdout[-1000:], done.stderr)
                until("the last one is counted", lambda: not server.query("SELECT 1 FROM information_schema.processlist WHERE user='unauthenticated user'"))
                rows = server.query("SELECT SUM_CONNECT_ERRORS FROM performance_schema.host_cache")
                errors[way] = int(rows[0][0]) if rows else 0
    print(json.dumps(errors))


if __name__ == "__main__":
    if sys.argv[1:] == ["count"]:
        count_host_errors()
    else:
        unittest.main()
