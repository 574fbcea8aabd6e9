import { expect, test } from 'vitest';
import type { ResultDetail } from '../../api/types';
import { cell, fenced, report, type ReportWords } from './report';

const words: ReportWords = { phase: (phase) => phase, target: 'Target', started: 'Started', took: 'Took', median: 'Median', total: 'Total', notReached: 'not reached', causes: 'Causes', tries: 'Try', assertions: 'Assertions', held: 'held', broken: 'broken', sent: 'Sent', received: 'Received' };
const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
const result = (change: Partial<ResultDetail> = {}): ResultDetail => ({
  id: '1-0-1-5-1', slot: '2026-11-21T10:00:00.000Z', location: 'local', attempt: 1, final: true, has_details: true, started_at: '2026-11-21T10:00:00.000Z', verdict: 'failed', status: 'error', reason: '', response_time_us: 900,
  dns_us: 400, connect_us: 500, tls_us: null, data_us: null, kernel_rtt_us: 300, syn_retransmits: 0, scheduling_delay_us: 10, resolved_ip: '10.0.0.5',
  error: { code: 'tcp_refused', phase: 'connect', message: 'Nothing is listening on port 6379.', hint: '' }, error_status: 'tcp_refused', sent: { bytes: 0, hidden: false, text: null, base64: null }, transcript: [], steps: [],
  sentence: 'Failed · tcp_refused · 0.9 ms', explanation: { what: 'Nothing is listening.', causes: ['The service is down.'], try: ['tocsin probe x:1 -v'], docs: 'errors#tcp_refused' }, evidence: null,
  remote: '10.0.0.5:6379', local: null, dns_cached: false, stale_dns: false, proxy: null, moved: null, addresses_probed: 0, addresses_left_out: 0, failed_addresses: [], limits: { degraded_after_us: null, fail_after_us: null, timeout_us: 10_000_000 }, medians: null, previous_id: null, next_id: null, last_good_id: null, ...change,
});

test('a report says what, why, what to try, and which phases were not reached', () => {
  const text = report(result(), { name: 'Redis', target: 'redis.example.com:6379' }, 'http://x/#/r', [], words);
  expect(text).toContain('## Redis: Failed · tcp\\_refused · 0.9 ms');
  expect(text).toContain('| connect | 500 µs | – |');
  expect(text).toContain('| data | not reached | – |');
  expect(text).toContain('- The service is down.');
});

test('a report says what was found out, above the guesses', () => {
  const evidence = { state: 'gathered' as const, summary: 'The host answers (port 1 refused at once), port 6379 is silent.', started_at: '2026-11-21T10:00:01.000Z', took_us: 900_000, second_try: null, closed_port: null, others: [], walk: null, name: null };
  const text = report(result({ evidence }), { name: 'n', target: 't' }, '', [], words);
  expect(text.indexOf('port 6379 is silent')).toBeGreaterThan(0);
  expect(text.indexOf('port 6379 is silent')).toBeLessThan(text.indexOf('**Causes**'));
});

// A service that answers with Markdown must not write into the ticket.
test('bytes from outside stay in their fence', () => {
  const evil = 'a\n````\n# Owned [x](javascript:alert(1))\n';
  const text = report(result({ explanation: null, received: { bytes: evil.length, truncated: false, peer_closed: false, text: '', base64: base64(evil) } }), { name: 'a | b', target: 't' }, '', [], words);
  const fence = /^(`{3,})text$/m.exec(text)![1]!;
  expect(fence.length).toBe(5);
  expect(text.split('\n').filter((line) => line === fence).length).toBe(1);
  expect(text).toContain('## a \\| b');
  expect(cell('[x](y) <b>')).toBe('\\[x\\](y) \\<b\\>');
  expect(fenced('`````')).toMatch(/^`{6}text/);
});

test('assertions are told with what was seen', () => {
  const text = report(result({ assertions: [{ index: 0, passed: false, actual: '91 ms', reason: '' }] }), { name: 'n', target: 't' }, '', ['response_time < 50ms'], words);
  expect(text).toContain('- broken: response\\_time \\< 50ms (91 ms)');
});
