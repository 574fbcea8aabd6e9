"""More real servers from Debian's packages: those whose presets and whose way to TLS are tried. Each starts as services.py says, offers TLS with
a self-signed certificate where its protocol has a way to it, and writes a log of which `complaints()` counts the lines above info."""
import collections
import os
import pathlib
import re
import shutil
import subprocess

from services import Nginx, Postgres, Redis, SecureExim, Service, Sshd, as_user
from support import Process, free_port, listens


def make_certificate(folder, owner=None):
    """key.pem and cert.pem for 127.0.0.1 and localhost in `folder`, readable by `owner`."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost",
                    "-keyout", folder / "key.pem", "-out", folder / "cert.pem"], check=True, capture_output=True)
    for part in ("key.pem", "cert.pem"):
        if owner:
            shutil.chown(folder / part, owner, owner)


class Logged(Service):
    """`above_info` finds what the server marks as worse than information; a log without marks is read by its own words."""
    above_info = r"(?i)\b(warn(ing)?|error|fatal|panic|crit(ical)?|alert|emerg)\b"
    seen = None  # what the log says of each client, where it says anything
    owner = None  # the user it runs as when we are root

    def log_file(self):
        return self.folder / "log"

    def log_lines(self):
        log = self.log_file()
        return log.read_text(errors="replace").splitlines() if log.exists() else []

    def is_ready(self):
        return listens(self.port)  # a client of ours would leave its own lines in the log

    def complaints(self):
        """How often the log complains of what; numbers and names made by chance are left out."""
        return collections.Counter(re.sub(r"/tmp/\S+|\w*\d\w*", "#", line) for line in self.log_lines() if re.search(self.above_info, line))

    def clients_seen(self):
        return sum(bool(re.search(self.seen, line)) for line in self.log_lines())

    def give_to_owner(self):
        if self.owner and as_user(self.owner):
            shutil.chown(self.folder, self.owner, self.owner)

    def options(self):
        return {"cwd": self.folder, **(as_user(self.owner) if self.owner else {})}


class LoggedRedis(Logged, Redis):
    above_info = r" # "  # its mark of a warning


class ClosedRedis(LoggedRedis):
    """Lets nobody in without a password."""
    name = "closed-redis"

    def command(self):
        return [*super().command(), "--requirepass", "an-end-to-end-password"]


class LoggedNginx(Logged, Nginx):
    above_info = r"\[(warn|error|crit|alert|emerg)\]"

    def log_file(self):
        return self.folder / "error.log"


class LoggedSshd(Logged, Sshd):
    above_info = r"^(error|fatal):"
    seen = r"\[preauth\]"


class LoggedExim(Logged, SecureExim):
    above_info = r"(?i)connection .*lost|error|unexpected|unrecognized|too many|refused"
    seen = r"closed by QUIT"

    def log_file(self):
        return self.folder / "mainlog"

    def extra_settings(self):
        return super().extra_settings() + "log_selector = +smtp_connection\nsmtp_accept_max = 200\nrecipients_max_reject = true\n"


class SecurePostgres(Logged, Postgres):
    """With TLS, and every client in the log."""
    name = "secure-postgres"
    above_info = r"\b(WARNING|ERROR|FATAL|PANIC):"
    seen = "connection received"

    def prepare(self):
        super().prepare()
        make_certificate(self.folder, "postgres" if as_user("postgres") else None)

    def command(self):
        settings = ("ssl=on", f"ssl_cert_file={self.folder}/cert.pem", f"ssl_key_file={self.folder}/key.pem", "log_connections=on")
        return [*super().command(), *(word for setting in settings for word in ("-c", setting))]

    def options(self):
        return Postgres.options(self)


class Vsftpd(Logged):
    name = "vsftpd"
    above_info = r"(?i)OOPS|error|warning|\"5\d\d "
    seen = "CONNECT"

    def prepare(self):
        make_certificate(self.folder)
        empty = self.folder / "empty"
        empty.mkdir()
        (self.folder / "conf").write_text(f"""
listen=YES
background=NO
listen_address=127.0.0.1
listen_port={self.port}
nopriv_user=nobody
secure_chroot_dir={empty}
anonymous_enable=NO
local_enable=YES
xferlog_enable=YES
dual_log_enable=YES
log_ftp_protocol=YES
vsftpd_log_file={self.folder}/ftp.log
xferlog_file={self.folder}/transfers.log
seccomp_sandbox=NO
ssl_enable=YES
rsa_cert_file={self.folder}/cert.pem
rsa_private_key_file={self.folder}/key.pem
""")
        (self.folder / "conf").chmod(0o600)

    def log_file(self):
        return self.folder / "ftp.log"

    def command(self):
        return ["/usr/sbin/vsftpd", str(self.folder / "conf")]


class Dovecot(Logged):
    """IMAP on `port`, POP3 on `pop3_port`; both on TLS ports too."""
    name = "dovecot"
    above_info = r"\b(Warning|Error|Fatal|Panic):"
    seen = "Disconnected: Aborted login by logging out"

    def prepare(self):
        make_certificate(self.folder)
        self.pop3_port, self.imaps_port, self.pop3s_port = free_port(), free_port(), free_port()
        (self.folder / "conf").write_text(f"""
base_dir = {self.folder}/run
state_dir = {self.folder}/state
log_path = {self.folder}/dovecot.log
protocols = imap pop3
listen = 127.0.0.1
ssl = yes
ssl_cert = <{self.folder}/cert.pem
ssl_key = <{self.folder}/key.pem
mail_location = maildir:{self.folder}/mail
service imap-login {{
  inet_listener imap {{
    port = {self.port}
  }}
  inet_listener imaps {{
    port = {self.imaps_port}
    ssl = yes
  }}
}}
service pop3-login {{
  inet_listener pop3 {{
    port = {self.pop3_port}
  }}
  inet_listener pop3s {{
    port = {self.pop3s_port}
    ssl = yes
  }}
}}
passdb {{
  driver = static
  args = nopassword=n password=an-end-to-end-password
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={self.folder}/mail
}}
""")
        (self.folder / "state").mkdir()

    def log_file(self):
        return self.folder / "dovecot.log"

    def command(self):
        return ["/usr/sbin/dovecot", "-F", "-c", str(self.folder / "conf")]


class Slapd(Logged):
    name = "slapd"
    owner = "openldap"
    # At level stats slapd marks nothing; a client that only went away is a "connection lost".
    above_info = r"(?i)connection lost|error|deferring|decoding|TLS negotiation failure"
    seen = "UNBIND"

    def prepare(self):
        make_certificate(self.folder, self.owner)
        self.tls_port = free_port()
        (self.folder / "db").mkdir()
        (self.folder / "slapd.conf").write_text(f"""
include /etc/ldap/schema/core.schema
pidfile {self.folder}/pid
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCertificateFile {self.folder}/cert.pem
TLSCertificateKeyFile {self.folder}/key.pem
database mdb
suffix "dc=example,dc=com"
directory {self.folder}/db
maxsize 1048576
""")
        for part in ("db", "slapd.conf"):
            shutil.chown(self.folder / part, self.owner, self.owner)
        self.give_to_owner()

    def command(self):
        return ["/usr/sbin/slapd", "-d", "stats", "-f", str(self.folder / "slapd.conf"),
                "-h", f"ldap://127.0.0.1:{self.port}/ ldaps://127.0.0.1:{self.tls_port}/"]


class Memcached(Logged):
    name = "memcached"
    seen = r"connection closed"
    owner = "memcache"

    def command(self):
        return ["/usr/bin/memcached", "-l", "127.0.0.1", "-p", str(self.port), "-U", "0", "-vv"]


class Mosquitto(Logged):
    name = "mosquitto"
    owner = "mosquitto"
    above_info = r"(?i)error|warning|malformed|protocol|exceeded"
    seen = r" disconnected"

    def prepare(self):
        (self.folder / "conf").write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous {self.anonymous()}\nlog_type all\nlog_dest file {self.folder}/mosquitto.log\n")
        self.give_to_owner()

    def anonymous(self):
        return "true"

    def log_file(self):
        return self.folder / "mosquitto.log"

    def command(self):
        return ["/usr/sbin/mosquitto", "-c", str(self.folder / "conf")]


class ClosedMosquitto(Mosquitto):
    """The same, which lets nobody in without a password."""
    name = "closed-mosquitto"

    def anonymous(self):
        return "false"


class Prosody(Logged):
    name = "prosody"
    owner = "prosody"
    above_info = r"\t(warn|error)\t(?!Received SIGTERM)"  # it warns of its own end
    seen = "Client disconnected"

    def prepare(self):
        make_certificate(self.folder, self.owner)
        (self.folder / "data").mkdir()
        (self.folder / "conf.lua").write_text(f"""
daemonize = false
pidfile = "{self.folder}/pid"
data_path = "{self.folder}/data"
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {self.port} }}
s2s_ports = {{ }}
c2s_direct_tls_ports = {{ }}
modules_enabled = {{ "saslauth", "tls" }}
modules_disabled = {{ "s2s", "http", "http_files", "offline" }}
c2s_require_encryption = true
authentication = "internal_hashed"
log = {{ {{ levels = {{ min = "debug" }}, to = "file", filename = "{self.folder}/prosody.log" }} }}
ssl = {{ key = "{self.folder}/key.pem", certificate = "{self.folder}/cert.pem" }}
VirtualHost "localhost"
""")
        shutil.chown(self.folder / "data", self.owner, self.owner)
        self.give_to_owner()

    def log_file(self):
        return self.folder / "prosody.log"

    def command(self):
        return ["/usr/bin/prosody", "--config", str(self.folder / "conf.lua"), "-F"]


class Dnsmasq(Logged):
    name = "dnsmasq"

    def command(self):
        return ["/usr/sbin/dnsmasq", "-d", "-C", "/dev/null", "-p", str(self.port), "-a", "127.0.0.1", "-z", "-R", "-h", "-u", "nobody"]


class Nats(Logged):
    name = "nats"
    owner = "nats"
    above_info = r"\[(ERR|WRN|FTL)\]"
    seen = r"connection closed: Client Closed"

    def command(self):
        return ["/usr/sbin/nats-server", "-a", "127.0.0.1", "-p", str(self.port), "-D"]


class Mariadb(Logged):
    """Asks for the names of its clients when `asks_names`: of those alone whose name it knows does it count errors."""
    name = "mariadb"
    above_info = r"\[(Warning|ERROR)\]"
    asks_names = False

    def prepare(self):
        make_certificate(self.folder)
        for part in (self.folder, self.folder / "key.pem", self.folder / "cert.pem"):
            if as_user("nobody"):
                shutil.chown(part, "nobody", "nogroup")
        self.socket = self.folder / "sock"
        subprocess.run(["mariadb-install-db", "--no-defaults", f"--datadir={self.folder}/data", "--auth-root-authentication-method=normal",
                        "--skip-test-db", "--skip-name-resolve"], check=True, capture_output=True, **self.options())

    def command(self):
        return ["/usr/sbin/mariadbd", "--no-defaults", f"--datadir={self.folder}/data", f"--port={self.port}", f"--socket={self.socket}",
                f"--pid-file={self.folder}/pid", f"--ssl-cert={self.folder}/cert.pem", f"--ssl-key={self.folder}/key.pem", "--log-warnings=2",
                *(["--performance-schema=ON"] if self.asks_names else ["--bind-address=127.0.0.1", "--skip-name-resolve"])]

    def options(self):
        # At its start it removes the temporary tables of others from a folder that they share.
        return {"cwd": self.folder, "env": {**os.environ, "TMPDIR": str(self.folder)}, **as_user("nobody")}

    def query(self, statement):
        run = subprocess.run(["mariadb", "--no-defaults", "-uroot", "-N", "-B", f"--socket={self.socket}", "-e", statement],
                             check=True, capture_output=True, text=True)
        return [line.split("\t") for line in run.stdout.splitlines()]


class NamingMariadb(Mariadb):
    asks_names = True


class Rabbitmq(Logged):
    """With a port mapper of its own, because the usual one would outlive it."""
    name = "rabbitmq"
    owner = "rabbitmq"
    above_info = r"\[(warning|error|critical|alert|emergency)\]"
    seen = "accepting AMQP connection"

    def prepare(self):
        self.mapper_port, self.dist_port = free_port(), free_port()
        self.mapper = None
        (self.folder / "plugins").write_text("[].\n")
        (self.folder / "rabbitmq.conf").write_text(f"listeners.tcp.default = 127.0.0.1:{self.port}\nlog.console = true\nlog.console.level = info\nlog.file = false\n")
        self.give_to_owner()

    def command(self):
        return ["/usr/lib/rabbitmq/bin/rabbitmq-server"]

    def options(self):
        folder = str(self.folder)
        return {**super().options(), "env": {
            "PATH": os.environ["PATH"], "HOME": folder, "ERL_EPMD_PORT": str(self.mapper_port), "RABBITMQ_NODENAME": "tocsin@localhost",
            "RABBITMQ_DIST_PORT": str(self.dist_port), "RABBITMQ_MNESIA_BASE": folder, "RABBITMQ_LOG_BASE": folder, "RABBITMQ_LOGS": "-",
            "RABBITMQ_CONFIG_FILE": f"{folder}/rabbitmq.conf", "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/plugins",
            "RABBITMQ_PID_FILE": f"{folder}/pid", "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 +sbwt none"}}

    def start(self):
        self.mapper = Process(["epmd", "-address", "127.0.0.1", "-port", str(self.mapper_port)], self.folder / "mapper.log", **as_user(self.owner))
        return super().start()

    def stop(self):
        super().stop()
        if self.mapper:
            self.mapper.stop()


class Zookeeper(Logged):
    """By the classes of libzookeeper-java: the package zookeeper adds a user and a desktop's Java."""
    name = "zookeeper"
    above_info = r"^(WARN|ERROR|FATAL) "
    seen = "Processing srvr command"

    def is_ready(self):
        return super().is_ready() and any("PrepRequestProcessor" in line for line in self.log_lines())  # it listens before it serves

    def prepare(self):
        (self.folder / "zoo.cfg").write_text(f"dataDir={self.folder}/data\nclientPortAddress=127.0.0.1\nclientPort={self.port}\nadmin.enableServer=false\n")
        (self.folder / "log4j.properties").write_text("log4j.rootLogger=INFO, out\nlog4j.appender.out=org.apache.log4j.ConsoleAppender\n"
                                                      "log4j.appender.out.layout=org.apache.log4j.PatternLayout\nlog4j.appender.out.layout.ConversionPattern=%p %c %m%n\n")

    def command(self):
        jars = ":".join(f"/usr/share/java/{jar}.jar" for jar in ("zookeeper", "zookeeper-jute", "slf4j-api", "slf4j-log4j12", "log4j-1.2"))
        return ["java", "-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", f"{self.folder}:{jars}", "org.apache.zookeeper.server.quorum.QuorumPeerMain",
                str(self.folder / "zoo.cfg")]
