import { expect, test } from 'vitest';
import type { MonitorRow } from '../api/types';
import { own } from '../lib/owner';
import { shortRow } from './monitors';
import { fitsAll, hasTerm, parseQuery, toggleTerm } from './query';

const row = shortRow({
  id: 'redis-fra', uid: '7', name: 'Redis Sessions', project: 'ui', target: '[2001:db8::1]:6379', status: 'down', flags: { confirming: false, recovering: false, muted: true, acknowledged: false, flapping: false },
  since: null, error: null, tags: ['Prod', 'tier 1'], group: 'Shop', interval_s: 10, timeout_ms: 1000, enabled: true, muted: true, paused: false, last_result: null, next_run: null, incident: null, owner: own, revision: '',
} satisfies MonitorRow);
const fits = (query: string, of = row) => fitsAll(parseQuery(query))(of);

test.each(['', 'redis', 'REDIS sess', 'name:sessions', 'tag:prod', 'tag:"tier 1"', 'state:down', 'state:muted', 'port:6379', 'host:2001:db8', 'group:shop', '-state:up', '-tag:db redis', ':6379', 'db8::1]:6379', '"redis sessions"', 'tag:'])(
  '%s fits', (query) => expect(fits(query)).toBe(true));
test.each(['mail', 'name:fra', 'tag:pro', 'state:up', 'port:637', 'host:6379', '-redis', '-state:down', 'redis tag:db'])('%s does not fit', (query) => expect(fits(query)).toBe(false));

// The server calls both paused; what is told of them differs.
test('what is disabled is not found among the paused', () => {
  const paused = { ...row, status: 'paused' } as const;
  const disabled = { ...paused, enabled: false };
  expect(['state:paused', 'state:disabled', '-state:disabled'].map((query) => [fits(query, paused), fits(query, disabled)])).toEqual([[true, false], [false, true], [true, false]]);
});

test('the strip puts a state in, takes it out, and never asks for two at once', () => {
  expect(toggleTerm('redis', 'state', 'down')).toBe('redis state:down');
  expect(toggleTerm('redis state:down', 'state', 'up')).toBe('redis state:up');
  expect(toggleTerm('redis state:down', 'state', 'down')).toBe('redis');
  expect(hasTerm('a STATE:down', 'state', 'down')).toBe(true);
});
