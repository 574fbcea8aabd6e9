import { expect, test } from 'vitest';
import { addressList } from './addresses';

test('a few addresses stand in full, many are counted', () => {
  expect(addressList(['10.0.0.1', '10.0.0.2'])).toBe('10.0.0.1, 10.0.0.2');
  expect(addressList(['1', '2', '3', '4', '5', '6'])).toBe('1, 2, 3, 4 +2');
});
