import { expect, test } from 'vitest';
import type { StatsBucket } from '../../api/types';
import { availabilityBars, evenSlots, latencyData, lonely, stackPaths, valueRange } from './chart-data';

const at = (s: number) => new Date(s * 1000).toISOString();
const bucket = (start: number, change: Partial<StatsBucket> = {}): StatsBucket => ({
  start: at(start), passed: 6, degraded: 0, failed: 0, unknown: 0, availability: 1, p50_us: 4000, p95_us: 8000, p99_us: 9000, max_us: 9500, mean: { dns_us: 1000, connect_us: 2000, tls_us: null, data_us: 1000 }, ...change,
});

test('a bucket that is not there is a gap, not a line across', () => {
  const slots = evenSlots({ from: at(0), to: at(300), bucket_s: 60, buckets: [bucket(0), bucket(60), bucket(240)] });
  expect(latencyData(slots, 60_000).p50).toEqual([4, 4, null, null, 4]);
  expect(latencyData(slots, 60_000).x).toEqual([30, 90, 150, 210, 270]);
});

// The range may begin in the middle of a bucket; no value may fall between two slots then.
test('buckets off the grid of the range are all found', () => {
  const slots = evenSlots({ from: at(10), to: at(250), bucket_s: 60, buckets: [bucket(60), bucket(120), bucket(180), bucket(240)] });
  expect(slots.filter((slot) => slot.bucket).length).toBe(4);
});

test('a bucket without any check is a gap too', () => {
  const slots = evenSlots({ from: at(0), to: at(120), bucket_s: 60, buckets: [bucket(0), bucket(60, { passed: 0, p50_us: null })] });
  expect(slots[1]!.bucket).toBeNull();
});

test('points without neighbours are found', () => {
  expect(lonely([1, null, 2, 3, null, 4])).toEqual([0, 5]);
  expect(lonely([7])).toEqual([0]);
  expect(lonely([])).toEqual([]);
});

// One value must not fill an axis of 0.94 to 1.06.
test('the axis begins at nothing and leaves room above one value', () => {
  const [low, high] = valueRange([5], false);
  expect(low).toBe(0);
  expect(high).toBeGreaterThan(5);
  expect(valueRange([null, null], false)).toEqual([0, 1]);
  expect(valueRange([0.4, 37], true)).toEqual([0.1, 100]);
  expect(valueRange([10], true)).toEqual([10, 100]);
});

test('stacked phases reach the full height where the sum is largest', () => {
  const slots = evenSlots({ from: at(0), to: at(60), bucket_s: 60, buckets: [bucket(0)] });
  const { most, paths } = stackPaths(slots, ['dns', 'connect', 'tls', 'data'], 100);
  expect(most).toBe(4000);
  expect(paths).toEqual({ dns: 'M0 100h1V75h-1z', connect: 'M0 75h1V25h-1z', tls: '', data: 'M0 25h1V0h-1z' });
});

test('bars gather slots, and unknown checks stay out of availability', () => {
  const slots = evenSlots({ from: at(0), to: at(240), bucket_s: 60, buckets: [bucket(0), bucket(60, { passed: 2, failed: 2, unknown: 2 }), bucket(180, { passed: 0, unknown: 6, availability: null })] });
  const bars = availabilityBars(slots, 60_000, 2);
  expect(bars.length).toBe(2);
  expect(bars[0]).toMatchObject({ passed: 8, failed: 2, unknown: 2, availability: 0.8, tone: 'down', from: 0, to: 120_000 });
  expect(bars[1]).toMatchObject({ availability: null, tone: 'unknown' });
  expect(availabilityBars(slots, 60_000, 4)[2]).toMatchObject({ tone: 'none', availability: null });
});
