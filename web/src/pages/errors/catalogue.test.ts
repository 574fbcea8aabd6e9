import { expect, test } from 'vitest';
import text from '../../../../docs/errors.md?raw';
import { codeParts, readCatalogue } from './catalogue';

test('headings, paragraphs and points are told apart', () => {
  expect(readCatalogue('# Errors\n\nIntro.\n\n## a_b\n\nOne\nsentence.\n\n- Phase `dns`.\n- Try: this\n  and that.\n')).toEqual([{ code: 'a_b', paragraphs: ['One sentence.'], points: ['Phase `dns`.', 'Try: this and that.'] }]);
  expect(codeParts('Phase `dns` now')).toEqual(['Phase ', 'dns', ' now']);
});

// Every error that a result can show leads here, so the page must have them all.
test('the catalogue has every error with what it is and what to try', () => {
  const all = readCatalogue(text);
  expect(all.length).toBeGreaterThan(20);
  for (const one of all) expect([one.code, one.paragraphs.length > 0, one.points.some((point) => point.startsWith('Try: '))]).toEqual([one.code, true, true]);
  expect(all.map((one) => one.code)).toContain('tcp_refused');
});
