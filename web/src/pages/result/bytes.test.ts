import { describe, expect, test } from 'vitest';
import { asJson, bestForm, fromBase64, hexDump, lines64, visibleText } from './bytes';

const utf8 = (text: string) => new TextEncoder().encode(text);

describe('visible text', () => {
  test('keeps lines and shows their ends', () => {
    expect(visibleText(utf8('220 ready\r\n250 ok\r\n'))).toBe('220 ready\\r\\n\n250 ok\\r\\n');
  });
  // A terminal or a browser must get nothing to obey: escapes, direction marks, invisible characters.
  test('leaves no control, direction or invisible character', () => {
    const shown = visibleText(utf8('\x1b[31mred\x00 \u202egnp.exe \u200bx \u2028y \ufeffz'));
    expect(shown).toBe('\\x1b[31mred\\x00 \\u{202e}gnp.exe \\u{200b}x \\u{2028}y \\u{feff}z');
  });
  test('shows bytes that are no UTF-8 one by one, and what follows whole', () => {
    expect(visibleText(new Uint8Array([0xff, 0x41, 0xc3, 0x28, 0xe2, 0x82]))).toBe('\\xffA\\xc3(\\xe2\\x82');
    expect(visibleText(utf8('Grüße 日本 🦊'))).toBe('Grüße 日本 🦊');
    // Overlong and surrogate forms are not characters.
    expect(visibleText(new Uint8Array([0xc0, 0xaf, 0xed, 0xa0, 0x80]))).toBe('\\xc0\\xaf\\xed\\xa0\\x80');
  });
  // Otherwise "\x41" sent as text could not be told from the byte 0x41.
  test('a backslash is doubled', () => expect(visibleText(utf8('a\\n'))).toBe('a\\\\n'));
});

test('a hex dump has offset, bytes and ASCII in columns', () => {
  const rows = hexDump(utf8('PING\r\n0123456789abcdef')).split('\n');
  expect(rows[0]).toBe('000000  50 49 4e 47 0d 0a 30 31  32 33 34 35 36 37 38 39  PING··0123456789');
  expect(rows[1]).toMatch(/^000010  61 62 63 64 65 66 +abcdef$/);
  expect(rows[0]!.indexOf('PING')).toBe(rows[1]!.indexOf('abcdef'));
});

test('only an object or a list is shown as JSON', () => {
  expect(asJson(utf8('{"a":[1]}'))).toBe('{\n  "a": [\n    1\n  ]\n}');
  expect(asJson(utf8('220'))).toBeNull();
  expect(asJson(utf8('{"a":'))).toBeNull();
  expect(asJson(utf8('{"a":"\u202e"}'))).toContain('\\u{202e}');
});

test('the form is chosen by what the bytes are', () => {
  expect(bestForm(utf8('{"a":1}'))).toBe('json');
  expect(bestForm(utf8('+PONG\r\n'))).toBe('text');
  expect(bestForm(new Uint8Array([0, 1, 2, 3, 65]))).toBe('hex');
});

test('base64 that is none gives nothing, and long lines are broken', () => {
  expect(fromBase64('%%%').length).toBe(0);
  expect([...fromBase64('UElORw==')]).toEqual([80, 73, 78, 71]);
  expect(lines64('A'.repeat(100)).split('\n').map((one) => one.length)).toEqual([76, 24]);
});
