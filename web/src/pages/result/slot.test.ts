import { expect, test } from 'vitest';
import { momentOf } from './slot';

test('a result id tells its moment, another text does not', () => {
  expect(momentOf('42-3-7-1795269800000000-2')).toBe(1_795_269_800_000);
  expect(momentOf('42-3-7-17-2')).toBeNull();
  expect(momentOf('../../x')).toBeNull();
});
