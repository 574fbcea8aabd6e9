"""Scheduling lag while people look: rounds of silence and rounds with many clients take turns on one server.

Seconds in which the machine itself was taken away are left out on both sides (harness.CalmSeconds).
A client is an open page: it holds the live feed and every half second asks for what a person opens next, a list, a search, a monitor, its
statistics, its results, the incidents. Clients run in one process beside the server, on the same cores.
"""
import asyncio
import random
import time

import harness
import schedule

PAUSE_S = 0.5


async def ask(reader, writer, path, token):
    writer.write(f"GET /api/v1{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    status = int(lines[0].split()[1])
    length = next(int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length:"))
    await reader.readexactly(length)
    if status != 200:
        raise SystemExit(f"GET {path}: {status}")


def what_next(dice, monitors):
    name = f"m{dice.randrange(monitors)}"
    return dice.choice(["/monitors?limit=100", f"/monitors?limit=100&search={name}", "/summary", f"/monitors/{name}",
                        f"/monitors/{name}/stats?range=24h", f"/monitors/{name}/results?limit=100", "/incidents?limit=50"])


async def client(number, port, token, options, until, took):
    dice = random.Random(number)
    feed_reader, feed_writer = await asyncio.open_connection("127.0.0.1", port)
    feed_writer.write(f"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    received = 0

    async def listen():
        nonlocal received
        while part := await feed_reader.read(65536):
            received += len(part)

    listening = asyncio.create_task(listen())
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.sleep(dice.random() * PAUSE_S)
    while time.monotonic() < until:
        began = time.monotonic()
        await ask(reader, writer, what_next(dice, options.monitors), token)
        took.append((time.monotonic() - began) * 1000)
        await asyncio.sleep(max(0.0, began + PAUSE_S - time.monotonic()))
    listening.cancel()
    for end in (writer, feed_writer):
        end.close()
    return received


async def people(port, token, options, took):
    until = time.monotonic() + options.seconds
    return sum(await asyncio.gather(*(client(n, port, token, options, until, took) for n in range(options.clients))))


def window(work):
    from_us = time.time_ns() // 1000
    work()
    return from_us, time.time_ns() // 1000


def lags_of(store, windows, calm):
    """Of the checks in calm seconds, and how many seconds these were."""
    lags, seconds = [], 0
    for window in windows:
        chosen = {second for second in range(window[0] // harness.US + 1, window[1] // harness.US) if calm.is_calm(second)}
        seconds += len(chosen)
        lags += [delay for _, slot, delay, _ in harness.results_between(store, *window) if slot // harness.US in chosen]
    if not lags:
        raise SystemExit("bench/run clients: no second was calm, the machine's processors are given to others; try again later")
    return sorted(lags), seconds


def measure(options):
    took, received, silent, busy = [], [], [], []
    with harness.scratch_folder() as folder, harness.listener() as target_port:
        harness.write_config(folder / "config", options.monitors, f"{options.interval}s", target_port)
        with harness.server(folder) as server:
            token = server.token()
            schedule.settle(options.monitors, options.interval)
            with harness.CalmSeconds() as calm:
                for _ in range(options.rounds):
                    silent.append(window(lambda: time.sleep(options.seconds)))
                    busy.append(window(lambda: received.append(asyncio.run(people(server.port, token, options, took)))))
            time.sleep(3)  # what is under way is written
        (alone, calm_alone), (watched, calm_watched) = lags_of(server.store, silent, calm), lags_of(server.store, busy, calm)
    took.sort()
    ratio = harness.quantile(watched, 0.99) / harness.quantile(alone, 0.99)
    return {
        "monitors": options.monitors, "checks_a_second": round(options.monitors / options.interval), "clients": options.clients,
        "rounds": options.rounds, "seconds_a_side": options.rounds * options.seconds,
        "calm_seconds_alone": calm_alone, "calm_seconds_watched": calm_watched,
        "checks_alone": len(alone), "checks_watched": len(watched),
        "requests": len(took), "request_p50_ms": round(harness.quantile(took, 0.5), 2), "request_p99_ms": round(harness.quantile(took, 0.99), 2),
        "feed_kib": sum(received) >> 10,
        "lag_p50_alone_us": harness.quantile(alone, 0.5), "lag_p50_watched_us": harness.quantile(watched, 0.5),
        "lag_p90_alone_us": harness.quantile(alone, 0.9), "lag_p90_watched_us": harness.quantile(watched, 0.9),
        "lag_p99_alone_us": harness.quantile(alone, 0.99), "lag_p99_watched_us": harness.quantile(watched, 0.99),
        "lag_p99_ratio": round(ratio, 2),
    }, ratio > 1.1
