import { describe, expect, test } from 'vitest';
import type { MonitorConfig } from '../../api/types';
import { byPlace, configOf, draftOf, emptyDraft, placeOf, probeOf } from './config';

// Opening a monitor and saving it must not change it.
describe('a definition goes through the form unchanged', () => {
  test.each([
    { target: 'a:1' },
    { name: 'Redis', target: 'a:1', request: 'PING\\r\\n', assert: ['response_data contains "+PONG"', 'response_time < 200ms'] },
    { target: 'a:1', request: [{ expect: { regex: '^220 ', refuse: ['^5'] } }, { send: 'EHLO x\\r\\n' }, { expect: '250' }] },
    { target: 'a:1', request: [{ send: { hex: '00 ff' } }] },
    { target: 'a:1', request: [{ expect: { json: '$.status', is: 'ready', refuse: ['^-ERR'] } }, { send: '{{1}}' }, { expect: { json: '$' } }] },
    { target: 'a:1', tls: 'direct', retry: 'single', alert: { after_runs: 2, locations: { at_least: 2 }, reminders: { every: '10m', count: 3 }, escalate: [{ after: '15m', channels: ['ops'] }] } },
    { target: 'a:1', tls: { mode: 'direct', verify: false }, retry: { strategy: 'linear', base: '10s', same_location: false } },
    { target: 'a:1', should_fail: true, tags: ['x'], depends_on: ['router'], locations: ['local'], something_new: { deep: 1 } },
    { target: 'a:1', assert: ['response_time ~ 5ms'] },
    { target: 'a:1', source: '192.0.2.10', resolver: ['192.0.2.53:53'], proxy: 'socks5://u:***@p:1080' },
  ])('%j', (config) => expect(configOf(draftOf(config as MonitorConfig), config.target)).toEqual(config));
});

test('what is empty or off is left out', () => {
  const draft = { ...emptyDraft(), config: { name: '', tags: [], timeout: undefined }, tls: { mode: 'off', server_name: 'x' }, retry: { strategy: 'none', base: '5s' }, alert: { reminders: { every: '' } } };
  expect(configOf(draft, 'a:1')).toEqual({ target: 'a:1' });
});
test('host and port become a target; base64 becomes hex', () => {
  expect(draftOf({ host: 'a', port: 5 } as object).target).toBe('a:5');
  expect(draftOf({ target: 'a:1', request: [{ send: { base64: 'AP8=' } }] }).request).toEqual({ is: 'hex', hex: '00 ff' });
});
test('line ends are shown as escapes', () => expect(draftOf({ target: 'a:1', request: 'PING\r\n\x01' }).request).toEqual({ is: 'text', text: 'PING\\r\\n\\x01' }));
test('a test sends what one attempt needs, and goes the same way', () => {
  expect(probeOf({ target: 'a:1', proxy: 'http://p:1', source: '192.0.2.10', tags: ['x'] })).toEqual({ target: 'a:1', proxy: 'http://p:1', source: '192.0.2.10' });
  expect(probeOf({ target: 'a:1', name: 'x', channels: ['gone'], timeout: '1s' })).toEqual({ target: 'a:1', timeout: '1s' });
});

test('a problem stands beside the nearest field', () => {
  const fields = ['/target', '/retry', '/retry/base', '/assert/1'];
  expect(placeOf('/retry/base', fields)).toBe('/retry/base');
  expect(placeOf('/retry/total', fields)).toBe('/retry');
  expect(placeOf('/assert/1/target', fields)).toBe('/assert/1');
  expect(placeOf('/port', fields)).toBe('/target');
  expect(placeOf('/other', fields)).toBeUndefined();
  expect(byPlace([{ pointer: '/target', code: 'x', message: 'No.', hint: 'Do.' }, { pointer: '/target', code: 'y', message: 'Second' }], fields).get('/target')).toBe('No. Do.');
});
