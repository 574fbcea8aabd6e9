"""A second real server of protocols that have one in preset_services.py, so that no habit of the first passes for the protocol: Postfix beside Exim,
BIND beside dnsmasq, ejabberd beside Prosody."""
import os
import pathlib
import shutil

from preset_services import Logged, make_certificate
from services import as_user
from support import free_port, listens


def postfix_root():
    """Debian has room for one mail server, which is Exim: scripts/test unpacks this one (scripts/packages.sh)."""
    unpacked = pathlib.Path(__file__).resolve().parents[2] / "build/servers/postfix"
    return unpacked if unpacked.exists() else pathlib.Path("/")


class Postfix(Logged):
    """SMTP with STARTTLS on `port`, with TLS from the first byte on `tls_port`. It begins as root and needs users of its own; those of Debian's base
    serve, as it keeps no mail."""
    name = "postfix"
    above_info = r"(?i)warning|error|fatal(?!: master_sigdeath)|panic|lost connection|timeout after|improper|too many"  # of its own end it says more
    seen = r"smtpd\[\d+\]: disconnect from .* quit=1 "
    users = ("mail", "nobody")
    drop_group = "uucp"

    def prepare(self):
        make_certificate(self.folder)
        root = postfix_root()
        self.libraries = root / "usr/lib/postfix"
        self.tls_port = free_port()
        self.folder.chmod(0o755)
        spool, data = self.folder / "spool", self.folder / "data"
        for part in (spool, data, spool / "private", spool / "public", spool / "pid", spool / "active", spool / "incoming", spool / "maildrop"):
            part.mkdir()
        for part in (data, spool / "private", spool / "active", spool / "incoming"):
            shutil.chown(part, self.users[0])
        shutil.chown(spool / "public", self.users[0], self.drop_group)
        (self.folder / "main.cf").write_text(f"""
compatibility_level = 3.7
queue_directory = {spool}
data_directory = {data}
command_directory = {root}/usr/sbin
daemon_directory = {self.libraries}/sbin
shlib_directory = {self.libraries}
meta_directory = {self.folder}
import_environment = LD_LIBRARY_PATH MAIL_CONFIG MAIL_LOGTAG LANG=C
mail_owner = {self.users[0]}
default_privs = {self.users[1]}
setgid_group = {self.drop_group}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = localhost
mydestination =
local_recipient_maps =
alias_maps =
maillog_file = {self.folder}/mail.log
maillog_file_prefixes = {self.folder}
smtpd_tls_cert_file = {self.folder}/cert.pem
smtpd_tls_key_file = {self.folder}/key.pem
smtpd_tls_security_level = may
smtpd_tls_loglevel = 1
""")
        (self.folder / "master.cf").write_text(f"""
127.0.0.1:{self.port} inet n - n - - smtpd
127.0.0.1:{self.tls_port} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
tlsmgr unix - - n 1000? 1 tlsmgr
anvil unix - - n - 1 anvil
rewrite unix - - n - - trivial-rewrite
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
""")

    def log_file(self):
        return self.folder / "mail.log"

    def command(self):
        return [str(self.libraries / "sbin/master"), "-d", "-c", str(self.folder)]

    def options(self):
        return {"env": {"PATH": os.environ["PATH"], "LD_LIBRARY_PATH": str(self.libraries)}}


class Bind(Logged):
    """Knows one zone and asks nobody."""
    name = "bind"
    owner = "bind"
    above_info = r"\b(warning|error|critical): (?!automatic interface scanning terminated)"  # of its own end, by chance

    def prepare(self):
        (self.folder / "zone").write_text("@ 60 SOA ns.example.test. admin.example.test. 1 60 60 60 60\n@ 60 NS ns.example.test.\nns 60 A 192.0.2.53\n")
        (self.folder / "conf").write_text(f"""
options {{
  directory "{self.folder}";
  pid-file "{self.folder}/pid";
  session-keyfile "{self.folder}/session.key";
  listen-on port {self.port} {{ 127.0.0.1; }};
  listen-on-v6 {{ none; }};
  recursion no;
  dnssec-validation no;
}};
controls {{ }};
logging {{
  channel all {{ file "{self.folder}/named.log"; severity info; print-severity yes; }};
  category default {{ all; }};
  category unmatched {{ all; }};
}};
zone "example.test" {{ type primary; file "{self.folder}/zone"; }};
""")
        self.give_to_owner()

    def log_file(self):
        return self.folder / "named.log"

    def command(self):
        return ["/usr/sbin/named", "-f", "-n", "1", "-c", str(self.folder / "conf")]


class Ejabberd(Logged):
    """In an Erlang of its own without a name, so that no port mapper is started."""
    name = "ejabberd"
    owner = "ejabberd"
    above_info = r"\[(warning|error|critical|alert|emergency)\]"
    seen = r"Accepted connection"

    def prepare(self):
        make_certificate(self.folder, self.owner)
        (self.folder / "both.pem").write_bytes((self.folder / "key.pem").read_bytes() + (self.folder / "cert.pem").read_bytes())
        (self.folder / "ejabberd.yml").write_text(f"""
loglevel: info
hosts: [localhost]
certfiles: ["{self.folder}/both.pem"]
ca_file: "{self.folder}/cert.pem"
acme: {{ auto: false }}
listen:
  - port: {self.port}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    starttls_required: true
auth_method: [internal]
modules: {{}}
""")
        if as_user(self.owner):
            shutil.chown(self.folder / "both.pem", self.owner, self.owner)
        self.give_to_owner()

    def log_file(self):
        return self.folder / "ejabberd.log"

    def is_ready(self):
        return listens(self.port) and any("is started in the node" in line for line in self.log_lines())

    def command(self):
        beams = sorted(pathlib.Path("/usr/lib").glob("*/ejabberd-*/ebin"))[-1]
        return ["erl", "-noinput", "+S", "1:1", "+sbwt", "none", "-pa", str(beams), "-mnesia", "dir", f'"{self.folder}/mnesia"',
                "-ejabberd", "config", f'"{self.folder}/ejabberd.yml"', "log_path", f'"{self.folder}/ejabberd.log"', "-s", "ejabberd"]

    def options(self):
        return {**super().options(), "env": {"PATH": os.environ["PATH"], "HOME": str(self.folder), "ERL_CRASH_DUMP": "/dev/null",
                                            "EJABBERD_CONFIG_PATH": str(self.folder / "ejabberd.yml"), "EJABBERD_LOG_PATH": str(self.log_file())}}
