"""A bare Debian 12 of its own, beside this machine: debootstrap's smallest system with systemd, unpacked into a folder, and on request booted in
namespaces (processes, mounts, network, control groups), so that the package meets what it would meet on a new server. Needs root.

The network of a booted one is its own and has nothing but loopback; what apt needs is fetched before (Bare.fetch)."""
import contextlib
import ctypes
import os
import pathlib
import shutil
import signal
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARBALL = ROOT / "build/package/bare.tar"
MIRROR = os.environ.get("TOCSIN_DEBIAN_MIRROR", "http://deb.debian.org/debian")
CLONE_NEWNET = 0x40000000

# What a container manager does before it starts systemd: kernel file systems, a few devices, nothing of this machine writable.
BOOT = r"""
set -e
mount --bind "$1" "$1"
cd "$1"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount --bind proc/sys proc/sys
mount -o remount,ro,bind proc/sys
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs tmp
mount -t tmpfs -o mode=755 tmpfs dev
for name in null zero full random urandom tty; do : >dev/$name; mount --bind /dev/$name dev/$name; done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
mount -t tmpfs tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ip link set lo up
mkdir -p .before
pivot_root . .before
exec chroot . /bin/sh -c 'umount -l /.before; rmdir /.before
  exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --log-target=journal --show-status=false'
"""


class Unable(Exception):
    """This machine cannot do it; not the package's fault."""


def check(command, **options):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command} ended with {done.returncode}:\n{done.stdout[-4000:]}")
    return done.stdout


def until(what, holds, seconds=30.0):
    deadline = time.monotonic() + seconds
    while not (value := holds()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s for: {what}")
        time.sleep(0.05)  # between two looks; nothing is decided by its length
    return value


def make_tarball():
    if TARBALL.exists():
        return
    folder = TARBALL.with_suffix(".making")
    shutil.rmtree(folder, ignore_errors=True)
    TARBALL.parent.mkdir(parents=True, exist_ok=True)
    check(["debootstrap", "--variant=minbase", "--include=systemd-sysv,iproute2", "bookworm", str(folder), MIRROR])
    check(["tar", "-C", str(folder), "-cf", str(TARBALL.with_suffix(".new")), "."])
    TARBALL.with_suffix(".new").rename(TARBALL)
    shutil.rmtree(folder)


class Bare:
    def __init__(self, folder):
        if os.geteuid() != 0:
            raise Unable("only root can make a system of its own")
        if not shutil.which("debootstrap"):
            raise Unable("debootstrap is missing")
        make_tarball()
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        check(["tar", "-C", str(self.folder), "-xf", str(TARBALL)])
        self.take_network_settings()
        self.child = None
        self.init = None  # the PID of its systemd, seen from here
        self.cgroup = None

    def take_network_settings(self):
        """Names, proxies and certificates by which this machine reaches its mirrors."""
        for path in ("etc/resolv.conf", "etc/hosts", "etc/ssl/certs/ca-certificates.crt"):
            if pathlib.Path("/", path).exists():
                (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(pathlib.Path("/", path).resolve(), self.folder / path)
        for part in pathlib.Path("/etc/apt/apt.conf.d").glob("99*"):
            shutil.copy(part, self.folder / "etc/apt/apt.conf.d")

    def chroot(self, *command, **options):
        """Runs a command in it while it is not booted, with this machine's network."""
        mounted = 'mount --rbind /dev "$0/dev" && mount -t proc proc "$0/proc" && exec chroot "$0" "$@"'
        return check(["unshare", "--mount", "--propagation", "private", "sh", "-c", mounted, str(self.folder), *command],
                     env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive"}, **options)

    def put(self, file, path="/root"):
        shutil.copy(file, self.folder / path.lstrip("/"))
        return f"{path}/{pathlib.Path(file).name}"

    def fetch(self, deb):
        """Everything that apt will want for installing `deb`, without installing it."""
        self.chroot("apt-get", "-q", "update")
        self.chroot("apt-get", "-q", "-y", "--no-install-recommends", "--download-only", "install", deb)

    def boot(self):
        groups = pathlib.Path("/sys/fs/cgroup/unified")
        groups = groups if groups.is_dir() else pathlib.Path("/sys/fs/cgroup")
        self.cgroup = groups / f"tocsin-test-{os.getpid()}"
        try:
            self.cgroup.mkdir()
        except OSError as error:
            raise Unable(f"no control group of its own: {error}") from error
        join = f'echo $$ >"{self.cgroup}/cgroup.procs" && exec unshare --mount --pid --uts --ipc --net --cgroup --fork --kill-child --propagation private "$@"'
        self.child = subprocess.Popen(["sh", "-c", join, "sh", "sh", "-c", BOOT, "sh", str(self.folder)], stdin=subprocess.DEVNULL)
        children = pathlib.Path(f"/proc/{self.child.pid}/task/{self.child.pid}/children")

        def started():
            if self.child.poll() is not None:
                raise Unable("systemd does not start in namespaces here")
            self.init = children.read_text().split()[0] if children.read_text().split() else None
            return self.init and self.run("systemctl", "is-system-running", ok=False).strip() in ("running", "degraded")

        until("systemd has started", started)
        return self

    def run(self, *command, ok=True, **options):
        """Runs a command in the booted system and returns what it says."""
        done = subprocess.run(["nsenter", "--target", self.init, "--all", "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8",
                               "DEBIAN_FRONTEND=noninteractive", "HOME=/root", *command],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
        if ok and done.returncode != 0:
            raise AssertionError(f"{command} ended with {done.returncode}:\n{done.stdout[-4000:]}")
        return done.stdout

    def apt(self, *words):
        return self.run("apt-get", "-q", "-y", "--no-install-recommends", *words)

    @contextlib.contextmanager
    def network(self):
        """This thread, and what it starts, speak in the system's network."""
        libc = ctypes.CDLL(None, use_errno=True)

        def enter(path):
            fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            entered = libc.setns(fd, CLONE_NEWNET)
            os.close(fd)
            if entered != 0:
                raise OSError(ctypes.get_errno(), "setns")

        own = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        enter(f"/proc/{self.init}/ns/net")
        try:
            yield
        finally:
            enter(f"/proc/self/fd/{own}")
            os.close(own)

    def files(self):
        """Every path on its disk but caches, logs and the package manager's own books."""
        found = set()
        for folder, folders, files in os.walk(self.folder):
            inside = "/" + os.path.relpath(folder, self.folder)
            found.update(os.path.normpath(f"{inside}/{name}") for name in folders + files)
            if inside == "/.":
                folders[:] = [name for name in folders if name not in ("proc", "sys", "dev", "run", "tmp", "root")]
        books = ("/var/cache/", "/var/log/", "/var/lib/apt/", "/var/lib/dpkg/", "/var/lib/systemd/deb-systemd-helper-enabled")
        return {path for path in found if not path.startswith(books)}

    def packaged(self):
        """Every path that an installed package owns, as it is found on the disk (/lib is /usr/lib)."""
        lists = (self.folder / "var/lib/dpkg/info").glob("*.list")
        paths = {path for names in lists for path in names.read_text().split("\n")}
        return paths | {"/usr" + path for path in paths if path.startswith(("/lib", "/bin", "/sbin"))}

    def stop(self):
        if self.child:
            if self.init:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(self.init), signal.SIGKILL)  # and with it everything in it
            self.child.kill()
            self.child.wait()
            self.child = self.init = None
        if self.cgroup and self.cgroup.is_dir():
            def empty():
                with contextlib.suppress(OSError):
                    for folder, _, _ in os.walk(self.cgroup, topdown=False):
                        os.rmdir(folder)
                return not self.cgroup.is_dir()
            until("its control groups are gone", empty)

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder)
