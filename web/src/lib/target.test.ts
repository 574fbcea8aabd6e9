import { describe, expect, test } from 'vitest';
import { readTarget } from './target';

const target = (typed: string) => {
  const read = readTarget(typed);
  return read.is === 'target' ? `${read.target}${read.tls ? ' tls' : ''}` : read.is === 'bad' ? `bad ${read.why}` : read.is === 'no_port' ? `no_port ${read.host}` : read.is;
};

describe('what people type as a target', () => {
  test.each([
    ['db.example.com:5432', 'db.example.com:5432'],
    [' 10.0.0.7:22 ', '10.0.0.7:22'],
    ['[2001:db8::1]:443', '[2001:db8::1]:443'],
    ['tcp://host:9', 'host:9'],
    ['tls://host:993', 'host:993 tls'],
    ['https://example.com/a?b#c', 'example.com:443 tls'],
    ['https://user:secret@example.com:8443/', 'example.com:8443 tls'],
    ['redis://cache', 'cache:6379'],
    ['пример.рф:80', 'пример.рф:80'],
  ])('%s is %s', (typed, wanted) => expect(target(typed)).toBe(wanted));

  test.each([
    ['example.com', 'no_port example.com'],
    ['2001:db8::1', 'no_port [2001:db8::1]'],
    ['example.com:', 'no_port example.com'],
    ['', 'empty'],
    ['host:0', 'bad port'],
    ['host:65536', 'bad port'],
    ['host:http', 'bad port'],
    ['gopher://host', 'bad scheme'],
    ['unix:/run/x', 'bad unix'],
    ['two words', 'bad host'],
    ['-x.example.com:1', 'bad host'],
  ])('%s is %s', (typed, wanted) => expect(target(typed)).toBe(wanted));

  // A pasted address loses its path: that is said, so it must be known.
  test('says when it left something out', () => {
    expect(readTarget('https://example.com/')).toMatchObject({ simplified: true });
    expect(readTarget('example.com:1')).toMatchObject({ simplified: false });
  });
});
