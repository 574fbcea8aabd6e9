import { expect, test } from 'vitest';
import { alertSentences, looksSecret } from './sentence';

const say = (config: Record<string, unknown>) => alertSentences(config, (id) => id.toUpperCase()).join(' ');

test('the defaults tell at once, and to nobody', () => {
  expect(say({})).toBe('The first failed check is told. A fault is told at most 1 min 10 s after it begins. The first good check ends it, and that is told. No channel is chosen: incidents are kept here, but nobody is told.');
});
test('every setting is said', () => {
  const text = say({ interval: '30s', channels: ['ops'], alert: { after_runs: 2, after_minutes: '5m', locations: { at_least: 2 }, degraded: true, recover_after_runs: 3, reminders: { every: '10m', count: 3 }, escalate: [{ after: '15m', channels: ['boss'] }] } });
  for (const part of ['2 failed checks in a row, or 5 min', 'At least 2 locations', 'Slow answers', 'after 3 good', 'every 10 min, at most 3 times', 'lasts 15 min, BOSS', 'Goes to OPS.']) expect(text).toContain(part);
});
test('a bound is promised only where there is one', () => expect(say({ retry: { strategy: 'single' } })).not.toContain('at most'));
test('what looks like a secret', () => {
  expect(['AUTH hunter22\\r\\n', 'Authorization: Bearer abcdef'].every(looksSecret)).toBe(true);
  expect(['PING\\r\\n', 'EHLO tocsin\\r\\n', 'password'].some(looksSecret)).toBe(false);
});
