import { afterEach, expect, test } from 'vitest';
import { formatAge, formatDuration, formatMicros, formatPercent } from './format';
import { language, pickLanguage } from './language';

afterEach(() => void (language.value = 'en'));

test('measured durations adapt their unit and keep three figures', () => {
  expect([0, 312, 999, 1000, 4_840, 48_000, 99_949, 99_951, 999_499, 1_240_000, 12_400_000].map(formatMicros)).toEqual([
    '0 µs', '312 µs', '999 µs', '1 ms', '4.8 ms', '48 ms', '99.9 ms', '100 ms', '999 ms', '1.24 s', '12.4 s',
  ]);
  expect(formatMicros(null)).toBe('–');
});

test('numbers are written as the language writes them', () => {
  language.value = 'ru';
  expect(formatMicros(1_240_000)).toBe('1,24 с');
  expect(formatDuration(252_000)).toBe('4 мин 12 с');
});

test('ages take one unit, durations two', () => {
  expect(formatAge(8_400)).toBe('8 s');
  expect(formatAge(3 * 3_600_000 + 5)).toBe('3 h');
  expect(formatDuration(3 * 3_600_000 + 20 * 60_000)).toBe('3 h 20 min');
});

// A service that was down once must not read 100 %.
test('availability never rounds up to a whole', () => {
  expect(formatPercent(1)).toBe('100%');
  expect(formatPercent(0.99996)).toBe('99.996%');
  expect(formatPercent(0.999999)).toBe('99.999%');
  expect(formatPercent(0.9876)).toBe('98.76%');
});

test('the first wanted language that we have is taken', () => {
  expect(pickLanguage(null, ['fr-FR', 'ru-RU', 'en'])).toBe('ru');
  expect(pickLanguage('ja', ['en'])).toBe('ja');
  expect(pickLanguage('xx', ['de'])).toBe('en');
});
