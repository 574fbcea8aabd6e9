"""Real servers from Debian's packages, each started on a free loopback port in a scratch folder and ended again."""
import os
import pathlib
import pwd
import shutil
import signal
import subprocess

from support import Process, Running, answers, free_port, until


class Service(Running):
    name = ""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder) / self.name
        self.folder.mkdir()
        self.port = free_port()
        self.process = None
        self.prepare()

    def prepare(self):
        pass

    def command(self):
        raise NotImplementedError

    def options(self):
        return {}

    def start(self):
        self.process = Process(self.command(), self.folder / "log", **self.options())
        until(f"{self.name} answers on {self.port}: " + (self.folder / "log").read_text(errors="replace")[-500:],
              self.is_ready, 90)  # a broker on a busy machine
        return self

    def is_ready(self):
        return answers(self.port)

    def stop(self):
        if self.process:
            self.process.stop(self.stop_signal())
            self.process = None

    @staticmethod
    def stop_signal():
        return signal.SIGTERM


def as_user(name):
    """Options for Popen: run as this system user when we are root (some servers refuse root)."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(name)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class Redis(Service):
    name = "redis"

    def command(self):
        return [shutil.which("redis-server"), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
                "--appendonly", "no", "--dir", str(self.folder)]


class Postgres(Service):
    name = "postgres"

    def prepare(self):
        self.bin = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        subprocess.run([self.bin / "initdb", "-D", self.folder / "data", "-A", "trust", "-N"], check=True,
                       capture_output=True, cwd=self.folder, **as_user("postgres"))

    def command(self):
        return [str(self.bin / "postgres"), "-D", str(self.folder / "data"), "-p", str(self.port),
                "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.folder}", "-c", "fsync=off"]

    def options(self):
        return {"cwd": self.folder, **as_user("postgres")}

    @staticmethod
    def stop_signal():
        return signal.SIGINT  # fast shutdown


class Nginx(Service):
    name = "nginx"

    def prepare(self):
        (self.folder / "nginx.conf").write_text(f"""
daemon off; master_process off; pid {self.folder}/pid; error_log {self.folder}/error.log;
events {{}}
http {{ access_log off; client_body_temp_path {self.folder}/b; proxy_temp_path {self.folder}/p; fastcgi_temp_path {self.folder}/f;
  uwsgi_temp_path {self.folder}/u; scgi_temp_path {self.folder}/s;
  server {{ listen 127.0.0.1:{self.port}; location / {{ return 200 "OK Farm\\n"; }} }} }}
""")

    def command(self):
        return ["/usr/sbin/nginx", "-c", str(self.folder / "nginx.conf"), "-p", str(self.folder)]


class Sshd(Service):
    name = "sshd"

    def prepare(self):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / "key"], check=True)
        pathlib.Path("/run/sshd").mkdir(exist_ok=True)  # the privilege separation folder it insists on

    def command(self):
        return ["/usr/sbin/sshd", "-D", "-e", "-f", "/dev/null", "-p", str(self.port), "-o", "ListenAddress=127.0.0.1",
                "-o", f"HostKey={self.folder}/key", "-o", f"PidFile={self.folder}/pid", "-o", "UsePAM=no"]


class Exim(Service):
    """A real mail server that delivers every message into one file a message."""
    name = "exim"

    def prepare(self):
        self.mail = self.folder / "mail"
        self.mail.mkdir()
        for part in (self.folder, self.mail):
            shutil.chown(part, "Debian-exim", "Debian-exim")
        conf = self.folder / "exim.conf"
        conf.write_text(f"""
primary_hostname = mail.example.com
domainlist local_domains = example.com
spool_directory = {self.folder}/spool
log_file_path = {self.folder}/%slog
pid_file_path = {self.folder}/pid
daemon_smtp_ports = {self.port}
local_interfaces = 127.0.0.1
never_users =
acl_smtp_rcpt = take
acl_smtp_data = take
host_lookup =
rfc1413_query_timeout = 0s
{self.extra_settings()}
begin acl
take:
  {self.condition()}
begin routers
all:
  driver = accept
  transport = file
begin transports
file:
  driver = appendfile
  directory = {self.mail}
  maildir_format
  user = Debian-exim
  group = Debian-exim
{self.authenticators()}
""")
        conf.chmod(0o644)

    def extra_settings(self):
        return "tls_advertise_hosts ="

    def authenticators(self):
        return ""

    def condition(self):
        return "accept"

    def command(self):
        return ["/usr/sbin/exim4", "-bdf", "-q1m", "-C", str(self.folder / "exim.conf")]

    def messages(self):
        return [path.read_text(errors="replace") for path in sorted(self.mail.glob("new/*"))]


class SecureExim(Exim):
    """The same with STARTTLS (a self-signed certificate) and a login that is offered, and needed, only under TLS."""
    name = "secure-exim"

    def extra_settings(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem"],
                       check=True, capture_output=True)
        for part in ("key.pem", "cert.pem"):
            shutil.chown(self.folder / part, "Debian-exim", "Debian-exim")
        return f"""
tls_advertise_hosts = *
tls_certificate = {self.folder}/cert.pem
tls_privatekey = {self.folder}/key.pem
auth_advertise_hosts = *
"""

    def condition(self):
        return "accept authenticated = *"

    def authenticators(self):
        return """
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_advertise_condition = ${if def:tls_in_cipher}
  server_condition = ${if and{{eq{$auth2}{watcher}}{eq{$auth3}{the-mail-password}}}{true}{false}}
"""
