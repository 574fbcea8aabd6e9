"""kill -9 of the server at ten moments between a failure, its notice and the recovery, the receiver dead for a part of it: nothing that the API
had shown is lost, no notice is lost, a repeat carries the same key."""
import random
import time
import unittest

from services import Redis
from support import Folder, Receiver, Tocsin, until

CONFIG = """
version: 1
project: {{ id: crash }}
channels:
  ops: {{ type: webhook, url: "http://127.0.0.1:{hook}/hook", secret: "${{env:HOOK_SECRET}}" }}
monitors:
  redis: {{ target: "127.0.0.1:{redis}", interval: 1s, timeout: 1s, channels: [ops], alert: {{ after_runs: 2 }} }}
"""
ROUNDS = 10


class Crash(unittest.TestCase):
    def test_ten_kills(self):
        seed = int(time.time())
        chance = random.Random(seed)
        print("seed", seed)
        with Folder() as folder:
            redis = Redis(folder).start()
            self.addCleanup(redis.stop)
            receiver = Receiver().start()
            self.addCleanup(receiver.stop)
            server = Tocsin(folder, CONFIG.format(hook=receiver.port, redis=redis.port)).start()
            self.addCleanup(lambda: server.stop())
            for number in range(1, ROUNDS + 1):
                self.one_round(number, chance, redis, receiver, server)
            self.assertEqual(receiver.bad, [])
            repeats = len(receiver.notices()) - 2 * ROUNDS
            print(f"{ROUNDS} kills, {len(receiver.notices())} notices accepted, {repeats} of them repeats with the same key")

    def one_round(self, number, chance, redis, receiver, server):
        until("redis is up", lambda: server.status("redis") == "up")
        receiver_dead = number % 2 == 0
        if receiver_dead:
            receiver.stop()
        redis.stop()
        kill_at = time.monotonic() + chance.uniform(0.0, 4.0)
        shown = {}
        while time.monotonic() < kill_at:
            shown.update({result["id"]: result["verdict"] for result in server.results("redis")})
            open_before = [i["id"] for i in server.incidents() if i["closed"] is None]
            time.sleep(0.01)  # the moment of the kill is chance; this only paces the looks
        server.kill()
        server.start()
        after = {result["id"]: result["verdict"] for result in server.results("redis", 1000)}
        lost = [one for one in shown if one not in after]
        self.assertEqual(lost, [], f"round {number}: results shown by the API before the kill are gone")
        until("down", lambda: server.status("redis") == "down", 30)
        for incident in open_before if shown else []:
            self.assertIn(incident, [i["id"] for i in server.incidents()])
        if receiver_dead:
            receiver.start()
        until(f"notice {number} of the outage", lambda: len(receiver.keys("monitor.down", "redis")) == number, 60)
        redis.start()
        until(f"notice {number} of the recovery", lambda: len(receiver.keys("monitor.recovered", "redis")) == number, 60)
        self.assertEqual(len(receiver.keys("monitor.down", "redis")), number, "a repeat under another key")


if __name__ == "__main__":
    unittest.main(verbosity=2)
