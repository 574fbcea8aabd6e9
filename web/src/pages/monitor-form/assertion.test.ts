import { describe, expect, test } from 'vitest';
import type { ProbeAnswer } from '../../api/types';
import { assertionText, durationUs, judge, parseAssertion, quotable } from './assertion';

// What the form writes it must read back, or editing a monitor would change it.
describe('assertions as text', () => {
  test.each([
    'response_time < 200ms',
    'response_data contains "+PONG"',
    'response_data contains "220 \\"x\\"\\r\\n"',
    'response_data(load=(\\d+)) > 5',
    'response_data("[(](\\\\d+)") == 7',
    'response_data($.checks[0]) has_key database',
    'response_data matches "^220 \\\\d+"',
    'response_data is_empty',
    'resolved_ip == 192.0.2.7',
    'error_code != timeout',
    'cert_days_left > 14',
  ])('%s is read and written as it was', (text) => expect(assertionText(parseAssertion(text)!)).toBe(text));

  test('a word for a symbol is the same comparison', () => expect(parseAssertion('response_time less_than 1s')?.comparison).toBe('less_than'));
  test('what is no assertion is not made one', () => {
    expect(parseAssertion('respons_time < 1s')).toBeNull();
    expect(parseAssertion('response_data(open contains x')).toBeNull();
    expect(parseAssertion('response_time near 5ms')).toBeNull();
  });
  test('a pattern is typed as it is', () => expect(parseAssertion('response_data matches "^SSH-\\\\d"')?.target).toBe('^SSH-\\d'));
  test('escapes that quoted texts lack become hex', () => expect(quotable("a\\0b\\e\\r\\n\\'")).toBe("a\\x00b\\x1b\\r\\n'"));
});

test('durations', () => {
  expect([durationUs('200ms'), durationUs('1m30s'), durationUs('0.5s'), durationUs('5'), durationUs('')]).toEqual([200_000, 90_000_000, 500_000, null, null]);
});

describe('judged against an answer', () => {
  const answer = { response_time_us: 4800, resolved_ip: '10.0.0.1', error: null, tls: null, received: { bytes: 7, truncated: false, text: '+PONG\\r\\n', base64: btoa('+PONG\r\n') } } as unknown as ProbeAnswer;
  test.each([
    ['response_time < 5ms', true],
    ['response_time < 4ms', false],
    ['response_data contains "+PONG\\r\\n"', true],
    ['response_data not_contains PONG', false],
    ['response_data matches "^\\\\+P"', true],
    ['response_data(\\+(\\w+)) == PONG', true],
    ['response_data(load=(\\d+)) > 1', false],
    ['bytes_received == 7', true],
    ['tls_version is_null', true],
    ['error_code is_empty', true],
    ['response_data($.a) has_key b', null],
    ['response_data matches "(?P<x>"', null],
  ])('%s: %s', (text, wanted) => expect(judge(parseAssertion(text)!, answer).passed).toBe(wanted));
});
