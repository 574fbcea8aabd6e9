"""Sixty servers of twelve hostile kinds at once: each check ends in its time and with the error that fits, the healthy service among them stays up,
and memory and descriptors are bounded. bench/run hostile does the same with a thousand."""
import unittest

from hostile_servers import KINDS, NO_UTF8, NULS
from hostile_watch import GROWTH_MAX_KIB, Watched
from support import Folder

ROUNDS = 3
ONCE_KIB = 2048  # taken once however many there are: arenas of threads, pages of the store


class Hostile(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.seen = Watched(cls.enterClassContext(Folder()), each=5, rounds=ROUNDS, interval=4, hold=0.3)

    def test_each_ends_with_the_error_that_fits(self):
        self.assertEqual(len(KINDS), 12)
        self.assertEqual(self.seen.unfit(), [])
        self.assertLess(self.seen.overloaded(), self.seen.count() / 5, "most are judged, on a busy machine too")

    def test_none_lasts_longer_than_its_timeout(self):
        self.assertEqual(self.seen.late(), [])
        self.assertEqual(set(self.seen.lived), {*KINDS, "healthy"}, "each kind was met")

    def test_the_healthy_one_stays_up(self):
        self.assertEqual(self.seen.healthy_status, "up")
        self.assertNotIn("failed", {result["verdict"] for result in self.seen.healthy})
        self.assertLess(self.seen.healthy_ms()["median"], 100)

    def test_memory_and_descriptors_are_bounded(self):
        self.assertTrue(self.seen.alive)
        self.assertLessEqual(self.seen.growth_kib - ONCE_KIB / self.seen.monitors, GROWTH_MAX_KIB)
        self.assertGreater(self.seen.sockets_most, self.seen.monitors // 3, "they were in trouble at the same time")
        self.assertLessEqual(self.seen.sockets_left, 0)

    def test_what_came_is_shown_safely(self):
        for kind in ("utf8", "nuls"):
            text, raw = self.seen.shown(kind)
            self.assertEqual(raw, NO_UTF8 if kind == "utf8" else NULS, "not a byte is lost")
            self.assertTrue(text.isascii() and text.isprintable(), text)
        self.assertLessEqual(len(self.seen.shown("endless")[1]), 65536)


if __name__ == "__main__":
    unittest.main()
