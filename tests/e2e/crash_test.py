"""kill -9 of the server at ten moments between a failure, its notice and the recovery, the receiver dead for a part of it: nothing that the API
had shown is lost, no notice is lost, a repeat carries the same key."""
import os
import random
import time
import unittest

from services import Redis
from support import Folder, Receiver, Tocsin, until

# The API is asked as fast as it answers: no limit of requests.
CONFIG = """
version: 1
project: {{ id: crash }}
server: {{ rate_limit: {{ per_second: 1000000, burst: 1000000 }} }}
channels:
  ops: {{ type: webhook, url: "http://127.0.0.1:{hook}/hook", secret: "${{env:HOOK_SECRET}}" }}
monitors:
  redis: {{ target: "127.0.0.1:{redis}", interval: 1s, timeout: 1s, channels: [ops], alert: {{ after_runs: 2 }} }}
"""
ROUNDS = 10


class Crash(unittest.TestCase):
    def test_ten_kills(self):
        seed = int(os.environ.get("TOCSIN_SEED") or time.time())
        chance = random.Random(seed)
        print(f"seed {seed}; TOCSIN_SEED={seed} kills after the same waits again")
        repeats = lost_looks = 0
        for number in range(1, ROUNDS + 1):
            with Folder() as folder:
                seen, extra = self.one_round(number, chance, folder)
                lost_looks += seen
                repeats += extra
        print(f"{ROUNDS} kills; {lost_looks} results shown before a kill and all still there; {repeats} repeated notices, each with its first key")

    def one_round(self, number, chance, folder):
        """A fresh server each time: five changes in ten minutes would be flapping, which is told differently."""
        with Redis(folder) as redis, Receiver() as receiver, Tocsin(folder, CONFIG.format(hook=receiver.port, redis=redis.port)) as server:
            until("redis is up", lambda: server.status("redis") == "up")
            if number % 2 == 0:
                receiver.stop()
            redis.stop()
            shown, incidents = self.look_until(time.monotonic() + chance.uniform(0.0, 4.0), server)
            server.kill()
            server.start()
            after = {result["id"] for result in server.results("redis", 1000)}
            self.assertEqual(shown - after, set(), f"round {number}: results shown by the API before the kill are gone")
            self.assertEqual(incidents - {i["id"] for i in server.incidents()}, set())
            until("down", lambda: server.status("redis") == "down", 30)
            if number % 2 == 0:
                receiver.start()
            until(f"round {number}: the notice", lambda: receiver.keys("monitor.down", "redis"), 60)
            redis.start()
            until(f"round {number}: the recovery", lambda: receiver.keys("monitor.recovered", "redis"), 60)
            self.assertEqual(len(receiver.keys("monitor.down", "redis")), 1, "a repeat under another key")
            self.assertEqual(len(receiver.keys("monitor.recovered", "redis")), 1, "a repeat under another key")
            self.assertEqual(receiver.bad, [])
            return len(shown), len(receiver.notices()) - 2

    @staticmethod
    def look_until(kill_at, server):
        shown, incidents = set(), set()
        while time.monotonic() < kill_at:
            shown |= {result["id"] for result in server.results("redis")}
            incidents |= {incident["id"] for incident in server.incidents()}
            time.sleep(0.01)  # the moment of the kill is chance; this only paces the looks
        return shown, incidents


if __name__ == "__main__":
    unittest.main(verbosity=2)
