import { expect, test } from 'vitest';
import type { Stats } from '../../api/types';
import { figuresOf } from './deltas';

const stats = (change: Partial<Stats>): Stats => ({
  runs: 100, passed: 100, degraded: 0, failed: 0, unknown: 0, availability: 1, downtime_s: 0, incidents: 0, mttr_s: null, p50_us: 4000, p95_us: 9000, p99_us: 12_000, max_us: 20_000, ...change,
});
const wordOf = (now: Partial<Stats>, before: Partial<Stats>, name: string) => figuresOf(stats(now), stats(before)).find((one) => one.name === name)!.word;

// More availability is good, more latency and downtime are bad.
test('the word follows what the figure means, not its sign', () => {
  expect(wordOf({ availability: 0.999 }, { availability: 0.99 }, 'availability')).toBe('better');
  expect(wordOf({ availability: 0.98 }, { availability: 0.99 }, 'availability')).toBe('worse');
  expect(wordOf({ p95_us: 20_000 }, {}, 'p95')).toBe('worse');
  expect(wordOf({ downtime_s: 10 }, { downtime_s: 70 }, 'downtime')).toBe('better');
  expect(wordOf({ incidents: 2 }, {}, 'incidents')).toBe('worse');
});

test('a few per cent of latency are the same', () => {
  expect(wordOf({ p50_us: 4150 }, {}, 'p50')).toBe('same');
  expect(wordOf({ p50_us: 4400 }, {}, 'p50')).toBe('worse');
});

// A new monitor has no period before; that must not read as an improvement from zero.
test('without a period before there is nothing to compare', () => {
  const before = { runs: 0, passed: 0, availability: null, p50_us: null, p95_us: null, p99_us: null };
  for (const one of figuresOf(stats({}), stats(before))) {
    expect(one.word, one.name).toBe('nothing_before');
    expect(one.change).toBeNull();
  }
});
