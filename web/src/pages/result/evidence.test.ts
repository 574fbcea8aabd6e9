import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../api/types';
import { evidenceRows } from './evidence-rows';

const none: Evidence = { state: 'gathered', summary: '', started_at: '2026-11-22T10:00:00.000Z', took_us: 900_000, second_try: null, closed_port: null, others: [], walk: null, name: null };
const hop = (number: number, from: string) => ({ number, took_us: 210, icmp: { from, type: 11, code: 0, meaning: 'time_exceeded' as const } });
const lines = (found: Evidence) => evidenceRows(found).map((row) => [row.label, row.address, row.text].filter(Boolean).join(' | '));

describe('what was found out', () => {
  it('is a row for each thing that was tried', () => {
    expect(
      lines({
        ...none,
        second_try: { verdict: 'failed', error: 'timeout', sentence: 'It did not answer.', took_us: 850_000, allowed_us: null },
        closed_port: { to: '[2001:db8::7]:1', answer: 'icmp', took_us: 412, icmp: { from: '2001:db8::1', type: 1, code: 1, meaning: 'prohibited' }, why: '' },
        name: { addresses: ['10.0.0.5', '10.0.0.6'], error: null, cached: true, stale: false, last_good: '10.0.0.5' },
        others: [
          { to: '10.0.0.6:443', answer: 'open', took_us: 300, icmp: null, why: '' },
          { to: '127.0.0.1:443', answer: 'not_tried', took_us: 0, icmp: null, why: 'loopback is not allowed' },
        ],
      }),
    ).toEqual([
      'A second try at once | It did not answer.',
      'Port 1 of the same host | 2001:db8::1 says: forbidden (ICMP type 1, code 1), 412 µs',
      'The name leads to | 10.0.0.5, 10.0.0.6 | from the cache',
      'The last good check went to | 10.0.0.5',
      'Another address | 10.0.0.6:443 | opened, 300 µs',
      'Another address | 127.0.0.1:443 | not tried: loopback is not allowed',
    ]);
  });

  it('shows the way as far as anybody answered', () => {
    const walk = { to: '10.0.0.5:443', tried: 16, hops: [hop(1, '10.0.0.1'), hop(3, '10.0.2.1')], reached: null, answer: 'silence' as const };
    expect(lines({ ...none, walk })).toEqual(['Hop 1 | 10.0.0.1 | 210 µs', 'Hop 3 | 10.0.2.1 | 210 µs', 'Hops 4 to 16 | silent']);
    expect(lines({ ...none, walk: { ...walk, hops: [], tried: 1 } })).toEqual(['Hop 1 | silent']);
    expect(lines({ ...none, walk: { ...walk, reached: 4, answer: 'refused' } }).at(-1)).toBe('Hop 4 | 10.0.0.5:443 | refused');
  });

  it('says that a name leads nowhere', () => {
    expect(lines({ ...none, name: { addresses: [], error: 'host_not_found', cached: false, stale: false, last_good: null } })).toEqual(['The name leads to | nowhere: host_not_found']);
  });
});
