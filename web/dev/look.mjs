// Takes pictures of a page to look at: node dev/look.mjs '#/' --name overview [--monitors 300] [--language ru] [--setup] [--act 'page => …']
// Each is taken light, dark and 360 px wide, into web/shots/.
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openPage, signIn, startBrowser } from './browser.mjs';
import { startFake } from './fake-api.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { name: { type: 'string', default: 'page' }, monitors: { type: 'string', default: '300' }, language: { type: 'string', default: 'en-GB' }, setup: { type: 'boolean', default: false }, out: { type: 'boolean', default: false }, act: { type: 'string' }, only: { type: 'string' } },
});
const hash = positionals[0] ?? '#/';
const shots = new URL('../shots/', import.meta.url).pathname;
mkdirSync(shots, { recursive: true });
const fake = await startFake({ monitors: Number(values.monitors), setup: values.setup });
const browser = await startBrowser();
const looks = { light: {}, dark: { scheme: 'dark' }, small: { width: 360, height: 720 } };
for (const [name, look] of Object.entries(looks)) {
  if (values.only && values.only !== name) continue;
  const { page, trouble, context } = await openPage(browser, { ...look, language: values.language });
  if (values.setup || values.out) await page.goto(`${fake.address}/${hash}`);
  else await signIn(page, fake.address, hash);
  await page.waitForTimeout(700);
  if (values.act) await (0, eval)(`(async ${values.act})`)(page);
  await page.waitForTimeout(300);
  await page.screenshot({ path: `${shots}${values.name}-${name}.png` });
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth || [...document.querySelectorAll('.main, .bare')].some((e) => e.scrollWidth > e.clientWidth));
  console.log(`${values.name}-${name}.png${sideways ? '  SCROLLS SIDEWAYS' : ''}`, trouble.join('\n'));
  await context.close();
}
await browser.close();
await fake.close();
if (fake.world.refused.length > 0) console.log('refused:', [...new Set(fake.world.refused)].join('\n  '));
process.exit(0);
