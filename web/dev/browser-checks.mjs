// The pages in chromium against the stand-in: what they do, what axe says of them in both themes and at 360 px, and the budgets at 10,000
// monitors. Prints a line for each and fails when one does.   node dev/browser-checks.mjs [--only WORD] [--monitors 10000]
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { openPage, signIn, startBrowser } from './browser.mjs';
import { checks } from './checks/index.mjs';
import { startFake } from './fake-api.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const { values } = parseArgs({ options: { only: { type: 'string' }, monitors: { type: 'string', default: '10000' }, elapsed: { type: 'boolean', default: false } } });

const browser = await startBrowser();
let passed = 0;
let failed = 0;

// A check gets {open, expect, axe, ...}; whatever it opens is closed after it.
for (const [name, run] of Object.entries(checks)) {
  if (values.only && !name.includes(values.only)) continue;
  const closers = [];
  const problems = [];
  const kit = {
    monitors: Number(values.monitors),
    elapsed: values.elapsed,
    expect: (what, ok, seen = '') => {
      if (!ok) problems.push(`${what}${seen === '' ? '' : `: ${seen}`}`);
    },
    note: (text) => console.log(`     ${text}`),
    async open({ hash = '#/', look = {}, signedIn = true, ...fakeOptions } = {}) {
      const fake = await startFake(fakeOptions);
      const opened = await openPage(browser, look);
      closers.push(async () => {
        problems.push(...opened.trouble);
        await opened.context.close();
        await fake.close();
      });
      if (signedIn) await signIn(opened.page, fake.address, hash);
      else await opened.page.goto(`${fake.address}/${hash}`);
      return { ...opened, fake };
    },
    async axe(page, where) {
      await page.evaluate(axeSource);
      const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] }));
      for (const one of found.violations) problems.push(`axe ${where}: ${one.id}: ${one.help} (${one.nodes.length}) ${one.nodes.slice(0, 3).map((n) => `${n.target.join(' ')} ${n.any[0]?.message ?? ''}`).join(' | ')}`);
    },
  };
  try {
    await run(kit);
  } catch (error) {
    problems.push(String(error.stack ?? error).slice(0, 900));
  }
  for (const close of closers) await close().catch((error) => problems.push(String(error)));
  if (problems.length === 0) passed += 1;
  else failed += 1;
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${name}`);
  for (const one of problems) console.log(`     ${one}`);
}
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
