import { expect, test } from 'vitest';
import { parseBulk } from './bulk';

const short = (text: string) => parseBulk(text).map((row) => `${row.name}|${row.target}|${row.tags.join(',')}|${row.problem ?? ''}`);

test('lines of name, target and tags', () => {
  expect(short('Redis sessions 10.0.0.5:6379 prod,cache eu\n\n# a remark\n10.0.0.6:22\n[2001:db8::1]:443 x')).toEqual(['Redis sessions|10.0.0.5:6379|prod,cache,eu|', '10.0.0.6:22|10.0.0.6:22||', '[2001:db8::1]:443|[2001:db8::1]:443|x|']);
});
test('several ports make several monitors', () => expect(short('web www.example.com:80,443')).toEqual(['web 80|www.example.com:80||', 'web 443|www.example.com:443||']));
test('each line that cannot be one says why', () => expect(short('a host\na b:70000\na b:1\na b:1\n')).toEqual(['a|host||no_port', 'a|b:70000||bad_target', 'a|b:1||', 'a|b:1||twice']));
test('pasted addresses are cut to host and port', () => expect(short('shop https://example.com/cart')).toEqual(['shop|example.com:443||']));
test('lines keep their numbers', () => expect(parseBulk('\n\nx a:1')[0]!.line).toBe(3));
