"""Reading a large history over HTTP: fills a store with hours and results of many monitors, then asks a real server.

The rows are written as the store writes them (docs/formats/store.md); their numbers are made from a seed.
"""
import http.client
import json
import random
import sqlite3
import time

import harness
from harness import US

HOUR = 3600 * US
BUDGET_MS = 100
RESPONSES_AN_HOUR = 60
POOL = 500


def bucket_of(value):
    if value < 64:
        return value
    doubling = value.bit_length() - 6
    return doubling * 32 + (value >> doubling)


def varint(number):
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def packed(values):
    counts = {}
    for value in values:
        counts[bucket_of(value)] = counts.get(bucket_of(value), 0) + 1
    out, following = bytearray(b"\x01"), 0
    for bucket in sorted(counts):
        out += varint(bucket - following) + varint(counts[bucket])
        following = bucket + 1
    return bytes(out)


def some_hour(dice):
    """Counts, times and histogram of one hour, without its key."""
    typical = dice.choice([400, 3_000, 20_000, 90_000])
    values = [max(1, int(dice.lognormvariate(0, 0.4) * typical)) for _ in range(RESPONSES_AN_HOUR)]
    failed = dice.choice([0] * 20 + [1, 5])
    connect = [value // 3 for value in values]
    return (len(values), 0, failed, 0, sum(values), min(values), max(values), packed(values),
            sum(connect), len(connect), sum(values) - sum(connect), len(values))


def fill_hours(database, days, until):
    """SQLite multiplies a pool of hours by itself: in the order of the key, as a writer appends."""
    dice = random.Random(1)
    columns = ("passed, degraded, failed, unknown, response_sum, response_min, response_max, histogram, connect_sum, connect_count, "
               "data_sum, data_count")
    database.execute(f"CREATE TEMP TABLE pool (n INTEGER PRIMARY KEY, {columns})")
    database.executemany(f"INSERT INTO pool VALUES ({', '.join('?' * 13)})", ((n, *some_hour(dice)) for n in range(POOL)))
    indexes = database.execute("SELECT name, sql FROM sqlite_schema WHERE tbl_name = 'hours' AND type = 'index' AND sql NOT NULL").fetchall()
    for name, _ in indexes:
        database.execute(f"DROP INDEX {name}")
    last = until // HOUR * HOUR
    database.execute(f"""
        WITH RECURSIVE times(hour) AS (SELECT {last - days * 24 * HOUR} UNION ALL SELECT hour + {HOUR} FROM times WHERE hour < {last - HOUR})
        INSERT OR IGNORE INTO hours (hour, monitor, location, {columns})
        SELECT hour, uid, 0, {columns} FROM times CROSS JOIN live CROSS JOIN pool ON n = (place * 31 + hour / {HOUR} * 17) % {POOL}""")
    for _, sql in indexes:
        database.execute(sql)
    return database.execute("SELECT count(*) FROM hours").fetchone()[0]


def fill_results(database, hours, until):
    database.execute(f"""
        WITH RECURSIVE times(slot) AS
            (SELECT {until - hours * HOUR} UNION ALL SELECT slot + {60 * US} FROM times WHERE slot < {until - 60 * US})
        INSERT OR IGNORE INTO results (slot, monitor, location, epoch, attempt, verdict, final, response, connect, data, delay, started,
            syn_retransmits, loop_lag, bytes_sent, bytes_received, flags)
        SELECT slot, uid, 0, 0, 1, 1, 1, 900 + place % 20000, 300, 600 + place % 20000, 300, 0, 0, 0, 6, 7, 40
        FROM times CROSS JOIN live""")
    return database.execute("SELECT count(*) FROM results").fetchone()[0]


def fill(file, days, raw_hours):
    began = time.time()
    database = sqlite3.connect(file, isolation_level=None)
    database.execute("PRAGMA journal_mode = OFF")  # the file is ours alone, and is thrown away
    database.execute("PRAGMA synchronous = OFF")
    database.execute("BEGIN")
    database.execute("CREATE TEMP TABLE live AS SELECT row_number() OVER (ORDER BY uid) AS place, uid FROM monitors ORDER BY uid")
    until = (time.time_ns() // 1000 // (60 * US)) * 60 * US
    hours = fill_hours(database, days, until)
    results = fill_results(database, raw_hours, until)
    database.execute("COMMIT")
    database.close()
    return {"hours_rows": hours, "results_rows": results, "fill_s": round(time.time() - began, 1)}


class Client:
    def __init__(self, port, token):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path):
        self.connection.request("GET", "/api/v1" + path, headers=self.headers)
        reply = self.connection.getresponse()
        body = reply.read()
        if reply.status != 200:
            raise SystemExit(f"GET {path}: {reply.status} {body[:300]}")
        return body


def timed(client, paths):
    took = []
    for path in paths:
        began = time.perf_counter()
        client.get(path)
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    return {"p50_ms": round(took[len(took) // 2], 2), "p99_ms": round(took[min(len(took) - 1, len(took) * 99 // 100)], 2)}


def ask_all(port, token, asks):
    client = Client(port, token)
    dice = random.Random(3)
    monitors, cursor = [], ""
    while cursor is not None:
        page = json.loads(client.get("/monitors?limit=1000" + (f"&cursor={cursor}" if cursor else "")))
        monitors += [row["id"] for row in page["data"]]
        cursor = page["next_cursor"]
    some = [dice.choice(monitors) for _ in range(asks)]
    results = [json.loads(client.get(f"/monitors/{name}/results?limit=1"))["data"][0]["id"] for name in some]
    figures = {}
    for what, paths in {
        "stats_30d": [f"/monitors/{name}/stats?range=30d" for name in some],
        "stats_24h": [f"/monitors/{name}/stats?range=24h" for name in some],
        "detail": [f"/monitors/{name}/results/{result}" for name, result in zip(some, results)],
        "results_page": [f"/monitors/{name}/results?limit=100" for name in some],
        "heartbeats_100": ["/heartbeats?count=30&ids=" + ",".join(dice.sample(monitors, 100)) for _ in range(asks // 10)],
        "monitors_page_100": ["/monitors?limit=100"] * asks,
        "summary": ["/summary"] * (asks // 10),
    }.items():
        for name, value in timed(client, paths).items():
            figures[f"{what}_{name}"] = value
    return figures


def measure(options):
    with harness.scratch_folder() as folder, harness.listener() as target_port:
        harness.write_config(folder / "config", options.monitors, "24h", target_port)
        with harness.server(folder):
            pass  # the store now knows the monitors
        filled = fill(folder / "data/tocsin.db", options.days, options.raw_hours)
        with harness.server(folder) as server:
            time.sleep(options.monitors / 1000 + 2)  # first runs are spread at 1,000 a second
            figures = ask_all(server.port, server.token(), options.asks)
            size = server.store.stat().st_size
    slow = [name for name in ("stats_30d_p99_ms", "monitors_page_100_p99_ms", "results_page_p99_ms", "detail_p99_ms")
            if figures[name] > BUDGET_MS]
    return {"monitors": options.monitors, "days": options.days, **filled, "store_mib": size >> 20, **figures, "over_budget": slow}, bool(slow)
