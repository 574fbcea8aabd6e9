import { expect, test } from 'vitest';
import { eventWord, reasonOf } from './notices';

const why = (suppressed: string, state = 'suppressed', last_result = '') => reasonOf({ state, suppressed, last_result });

// Each reason the server gives has a sentence, and an unknown one is still shown.
test('every reason is said in words', () => {
  expect(why('muted')).toContain('muted');
  expect(why('acknowledged')).toContain('acknowledged the incident');
  expect(why('maintenance "Night work"')).toBe('A maintenance window was open: Night work.');
  expect(why('parent "router" is failing')).toContain('router, on which this monitor depends');
  expect(why('its failure was not told')).toContain('recovery was not told');
  expect(why('')).toContain('No channel');
  expect(why('rate limit.')).toBe('It was not sent: rate limit.');
  expect(why('', 'dead', 'HTTP 503')).toContain('HTTP 503');
  expect(why('', 'delivered')).toBeNull();
});
test('events are named with and without their prefix', () => expect([eventWord('monitor.down'), eventWord('location.unknown'), eventWord('new.kind')]).toEqual(['Down', 'Location silent', 'new.kind']));
