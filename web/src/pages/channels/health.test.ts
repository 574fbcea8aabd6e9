import { expect, test } from 'vitest';
import { healthOf, usersOf } from './health';

const counters = { delivered: 3, waiting: 0, failed_attempts: 2, dead: 0, last_result: '200 OK' };
// A channel that fails now must not look well because it once did not.
test.each([
  [{ ...counters }, false, 'good'],
  [{ ...counters, last_result: '250 2.0.0 Ok: queued' }, false, 'good'],
  [{ ...counters, last_result: '535 5.7.8 authentication failed' }, false, 'failing'],
  [{ ...counters, last_result: 'connection refused by 127.0.0.1:9' }, false, 'failing'],
  [{ delivered: 0, waiting: 0, failed_attempts: 0, dead: 0, last_result: null }, false, 'unused'],
  [{ ...counters }, true, 'lost'],
])('%o, lost %s: %s', (health, secrets_lost, wanted) => expect(healthOf({ health, secrets_lost })).toBe(wanted));

// Whoever deletes a channel must hear of every monitor that names it, the steps of escalation included.
test('users are found in the list and in the steps', () => {
  const file = { version: 1, monitors: { a: { target: 'a:1', name: 'A', channels: ['ops'] }, b: { target: 'b:1', channels: ['mail'], alert: { escalate: [{ after: '5m', channels: ['ops'] }] } }, c: { target: 'c:1', channels: ['mail'] }, d: { target: 'd:1' } } };
  expect(usersOf(file, 'ops')).toEqual([{ id: 'a', name: 'A' }, { id: 'b', name: 'b' }]);
});
