import { expect, test } from 'vitest';
import type { Beat } from '../api/types';
import { withBeat } from './beats';

const at = (second: number) => new Date(Date.UTC(2026, 10, 21, 10, 0, second)).toISOString();
const beat = (second: number, us = 1): Beat => ({ slot: at(second), verdict: 'passed', response_time_us: us, error: null });

// The feed may tell a slot twice (a retry) or late (after a replay).
test('a beat joins at the end, replaces its own slot and never goes back', () => {
  const two = [beat(1), beat(2)];
  expect(withBeat(two, beat(3), 100).map((one) => one.slot)).toEqual([at(1), at(2), at(3)]);
  expect(withBeat(two, beat(2, 9), 100).map((one) => one.response_time_us)).toEqual([1, 9]);
  expect(withBeat(two, beat(1, 9), 100)).toBe(two);
  expect(withBeat(two, beat(3), 2).map((one) => one.slot)).toEqual([at(2), at(3)]);
});
