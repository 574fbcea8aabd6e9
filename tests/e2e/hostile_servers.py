"""Servers on loopback that trouble whoever connects, of twelve kinds, and a healthy one among them. Each monitor has a port of its own, and its name
begins with the kind: `reset-40123`. A kind that has variants (after which byte it resets) takes them in turn.

As a program it runs them all in one process: it prints the ports as JSON, serves until its standard input ends, and then prints how long connections
lived, as the server's side saw it, and its own lag."""
import asyncio
import json
import pathlib
import resource
import select
import socket
import ssl
import struct
import subprocess
import sys
import time

GREETING = b"220 mail.example.com ESMTP\r\n"
NO_UTF8 = b"\xff\xfe\xc0\xaf\xed\xa0\x80 <script>\x1b[31m \xf5\x80\n"
NULS = b"\0\0+OK\0"
SEND_MAX = 65536  # the most that a monitor may send
CHAIN_LIMIT = 100 * 1024  # the most that OpenSSL takes of a server's certificates
CHAIN_SIZES = (CHAIN_LIMIT * 8 // 10, CHAIN_LIMIT * 4)


async def silent(peer):
    await peer.see_it_end()


async def drip(peer):
    """Never says the awaited word, but something every second."""
    ended = asyncio.create_task(peer.see_it_end())
    try:
        while not ended.done():
            await peer.send(b".")
            await asyncio.wait([ended], timeout=1)
    finally:
        ended.cancel()
        await asyncio.gather(ended, return_exceptions=True)


async def endless(peer):
    while True:
        await peer.send(b"x" * 65536)


async def reset(peer):
    await peer.send(GREETING[:peer.variant % len(GREETING)])
    peer.reset()


async def half_close(peer):
    peer.connection.shutdown(socket.SHUT_WR)
    await peer.see_it_end()


async def zero_window(peer):
    """Reads nothing, so that its small buffer fills and the window closes."""
    gone = peer.loop.create_future()
    with select.epoll() as errors:
        errors.register(peer.connection, 0)  # tells errors alone, not that there is something to read
        peer.loop.add_reader(errors, lambda: gone.done() or gone.set_result(None))
        try:
            await gone
        finally:
            peer.loop.remove_reader(errors)


async def garbage(peer):
    """Bytes that are no TLS record where the handshake is awaited."""
    await peer.send(bytes(range(255, 0, -1)) * 4)
    await peer.see_it_end()


async def stalled(peer):
    """The beginning of a ServerHello record, and no more."""
    await peer.send(bytes.fromhex("160303007a020000760303") + bytes(20))
    await peer.see_it_end()


async def chain(peer):
    await peer.see_it_end()  # the handshake sent it


async def utf8(peer):
    """Bytes that are no UTF-8, a surrogate and an overlong slash among them, then the awaited line or, with every second, the end."""
    await peer.send(NO_UTF8 + (b"" if peer.variant % 2 else b"END\r\n"))
    if peer.variant % 2 == 0:
        await peer.see_it_end()


async def nuls(peer):
    """The awaited word behind NULs or, with every second, the end."""
    await peer.send(NULS + (b"" if peer.variant % 2 else b"END\0\r\n"))
    if peer.variant % 2 == 0:
        await peer.see_it_end()


async def cut(peer):
    """The first bytes of a greeting, and an orderly end."""
    await peer.send(GREETING[:peer.variant % (len(GREETING) + 1)])


async def healthy(peer):
    await peer.loop.sock_recv(peer.connection, 4096)
    await peer.send(b"+PONG\r\n")
    await peer.see_it_end()


KINDS = {kind.__name__: kind for kind in (silent, drip, endless, reset, half_close, zero_window, garbage, stalled, chain, utf8, nuls, cut)}


class Peer:
    """One connection to one of the servers."""

    def __init__(self, connection, variant):
        self.connection, self.variant, self.loop = connection, variant, asyncio.get_running_loop()

    async def send(self, data):
        await self.loop.sock_sendall(self.connection, data)

    async def see_it_end(self):
        while await self.loop.sock_recv(self.connection, 65536):
            pass

    def reset(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


class Servers:
    """All servers of one process. `hold` seconds pass between a connection and the trouble it gets, so that all are in it at the same time."""

    def __init__(self, folder, hold):
        self.folder, self.hold, self.lived, self.tasks = folder, hold, {}, set()
        self.contexts, self.own_lag = [], 0

    def listen(self, name, variant):
        listener = socket.socket()
        if name == "zero_window":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)  # what it accepts inherits it
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        listener.setblocking(False)
        self.start(self.accept(listener, name, variant))
        return listener.getsockname()[1]

    def start(self, work):
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def accept(self, listener, name, variant):
        while True:
            connection, _ = await asyncio.get_running_loop().sock_accept(listener)
            self.start(self.serve(connection, name, variant))

    async def serve(self, connection, name, variant):
        began = time.monotonic()
        try:
            if name != "healthy":
                await asyncio.sleep(self.hold)
            if name == "chain":
                await self.handshake(connection, self.contexts[variant % len(self.contexts)])
            await (KINDS.get(name) or healthy)(Peer(connection, variant))
        except OSError:
            pass  # the monitor left: of TLS too
        finally:
            connection.close()
            self.lived.setdefault(name, []).append(time.monotonic() - began)

    async def handshake(self, connection, context):
        """Says what OpenSSL wants said, and reads until the other side leaves."""
        loop, incoming, outgoing = asyncio.get_running_loop(), ssl.MemoryBIO(), ssl.MemoryBIO()
        secure = context.wrap_bio(incoming, outgoing, server_side=True)
        while True:
            try:
                secure.do_handshake()
                done = True
            except ssl.SSLWantReadError:
                done = False
            await loop.sock_sendall(connection, outgoing.read())
            if done:
                return
            data = await loop.sock_recv(connection, 65536)
            if not data:
                return
            incoming.write(data)

    async def watch_own_lag(self):
        """How late this process itself is at most: by so much a life may be measured too long."""
        while True:
            due = time.monotonic() + 0.01
            await asyncio.sleep(0.01)
            self.own_lag = max(self.own_lag, time.monotonic() - due)

    def make_chains(self):
        """One certificate with very many names, repeated until the chain is as large as wanted."""
        names = ",".join(f"DNS:a-quite-long-name-of-a-host-{i:05}.example.com" for i in range(150))
        key, certificate = self.folder / "chain.key", self.folder / "chain.crt"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
                        "-subj", "/CN=localhost", "-addext", f"subjectAltName={names}", "-keyout", key, "-out", certificate],
                       check=True, capture_output=True)
        text = certificate.read_text()
        size = len(ssl.PEM_cert_to_DER_cert(text))
        for wanted in CHAIN_SIZES:
            file = self.folder / f"chain-{wanted}.pem"
            file.write_text(text * (wanted // size))
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(file, key)
            self.contexts.append(context)


async def run(folder, hold, each):
    servers = Servers(folder, hold)
    servers.make_chains()
    ports = {name: [servers.listen(name, variant) for variant in range(each)] for name in KINDS}
    ports["healthy"] = [servers.listen("healthy", 0)]
    servers.start(servers.watch_own_lag())
    print(json.dumps(ports), flush=True)
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()
    print(json.dumps({"lived": servers.lived, "own_lag": servers.own_lag}), flush=True)


class HostileServers:
    """The program below as a child: `ports` of each kind; after stop() also `lived`, how long each connection lived by kind,
    and `own_lag`, how late the program itself was at most, in seconds."""

    def __init__(self, folder, each, hold):
        self.child = subprocess.Popen([sys.executable, __file__, str(folder), str(hold), str(each)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      text=True)
        self.ports = json.loads(self.child.stdout.readline())
        self.lived, self.own_lag = None, 0

    def stop(self):
        if self.lived is None:
            self.lived = {}  # said once, or never
            self.child.stdin.close()
            try:
                if said := self.child.stdout.readline():
                    self.lived, self.own_lag = json.loads(said).values()
                self.child.wait(10)
            finally:
                if self.child.poll() is None:
                    self.child.kill()
                self.child.wait()
                self.child.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


if __name__ == "__main__":
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(run(pathlib.Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])))
