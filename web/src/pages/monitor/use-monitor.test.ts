import { expect, test } from 'vitest';
import type { Beat } from '../../api/types';
import { slotNumber, withBeat } from './use-monitor';

const beat = (slot: number, us = 1): Beat => ({ slot, verdict: 'passed', response_time_us: us, error: null });

// The feed may tell a slot twice (a retry) or late (after a replay).
test('a beat joins at the end, replaces its own slot and never goes back', () => {
  const two = [beat(1), beat(2)];
  expect(withBeat(two, beat(3)).map((one) => one.slot)).toEqual([1, 2, 3]);
  expect(withBeat(two, beat(2, 9)).map((one) => one.response_time_us)).toEqual([1, 9]);
  expect(withBeat(two, beat(1, 9))).toBe(two);
  expect(withBeat(two, beat(3), 2).map((one) => one.slot)).toEqual([2, 3]);
});

// Two slots of one monitor are as many places apart as intervals, wherever on the grid it lies.
test('a slot told as a moment becomes a number of intervals', () => {
  const first = slotNumber('2026-11-21T10:00:03.000Z', 10);
  expect(slotNumber('2026-11-21T10:00:13.000Z', 10) - first).toBe(1);
  expect(slotNumber('2026-11-21T10:05:03.000Z', 10) - first).toBe(30);
  expect(slotNumber(17, 10)).toBe(17);
});
