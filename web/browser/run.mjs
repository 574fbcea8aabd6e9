// The pages in chromium against real servers:  node browser/run.mjs [FILE…] [--only WORDS] [--keep-going]
// FILE is a name below stories/ without its ending; all without one. Each story has a server of its own. Prints a line for each and fails when
// one does.
import { existsSync, readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';

// Said and left (77: skipped) rather than failed: what is not installed says nothing about the pages.
const needed = { chromium: process.env.CHROMIUM ?? '/usr/bin/chromium', 'the modules of the pages (scripts/web)': new URL('../node_modules/playwright-core', import.meta.url).pathname, 'the pages (scripts/web, then build)': new URL('../dist/index.html', import.meta.url).pathname };
for (const [what, path] of Object.entries(needed)) {
  if (existsSync(path)) continue;
  console.log(`skipped: ${what} is not there: ${path}`);
  process.exit(77);
}
const { startBrowser } = await import('./kit/chromium.mjs');
const { allStories, makeKit } = await import('./kit/story.mjs');
const { within } = await import('./kit/wait.mjs');

const { values, positionals } = parseArgs({ allowPositionals: true, options: { only: { type: 'string', default: '' } } });
const there = readdirSync(new URL('stories/', import.meta.url)).filter((one) => one.endsWith('.mjs')).map((one) => one.slice(0, -4)).sort();
const wanted = positionals.length > 0 ? positionals : there;
for (const one of wanted) {
  if (!there.includes(one)) {
    console.error(`there are no stories "${one}"; there are: ${there.join(', ')}`);
    process.exit(2);
  }
  await import(`./stories/${one}.mjs`);
}
const stories = allStories().filter((one) => one.name.includes(values.only));
if (stories.length === 0) {
  console.error('no story has such a name');
  process.exit(2);
}
// A name that is not this computer to the browser, and leads to it all the same.
const browser = await startBrowser(['--host-resolver-rules=MAP tocsin.test 127.0.0.1']);
let failed = 0;
for (const { name, run, seconds } of stories) {
  const kit = makeKit(browser);
  const begun = Date.now();
  await within(name, seconds * 1000, run(kit)).catch(async (error) => {
    kit.problems.unshift(String(error.stack ?? error).slice(0, 1500), ...(await kit.seen()));
  });
  await within(`closing after ${name}`, 40_000, kit.close()).catch((error) => kit.problems.push(String(error)));
  if (kit.problems.length > 0) failed += 1;
  console.log(`${kit.problems.length === 0 ? 'ok  ' : 'FAIL'} ${name}  ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  for (const one of kit.problems) console.log(`     ${one}`);
}
await browser.close();
console.log(`${stories.length - failed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
