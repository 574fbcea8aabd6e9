// What a newcomer does with the link: makes the account, types what to watch, sees it checked, and sees it watched. Prints one line of JSON:
// seconds from opening the link to each sight, clicks and keys. Typed at the pace of a quick typist; no pause is made to think.
//   node tests/package/first_monitor.mjs LINK TARGET SCREENSHOT
import { openPage, startBrowser } from '../../web/dev/browser.mjs';
const [link, target, screenshot] = process.argv.slice(2);
const kKeyMs = 80; // 150 characters in 12 s

const browser = await startBrowser();
const { page, trouble } = await openPage(browser);
let clicks = 0;
let keys = 0;
const click = async (what) => {
  clicks += 1;
  await what.click();
};
const type = async (field, text) => {
  await click(field);
  await field.press('Control+a');
  keys += text.length + 1;
  await field.pressSequentially(text, { delay: kKeyMs });
};
const began = performance.now();
const seconds = {};
const seen = (what) => { seconds[what] = Math.round(performance.now() - began) / 1000; };

await page.goto(link);
const password = page.locator('input[autocomplete=new-password]');
await password.waitFor();
seen('form');
await type(password, 'correct horse battery');
await type(page.getByLabel('What do you want to watch?'), target);
await click(page.getByRole('button', { name: 'Create account and check' }));
await page.getByRole('heading', { name: `${target} answers` }).waitFor();
seen('checked');
await page.locator('.mo-target').getByText(target).waitFor(); // the monitor's own page opens by itself
seen('monitor');
await page.locator('.state.is-up').first().waitFor({ timeout: 90_000 });
seen('up');
await page.screenshot({ path: screenshot });
await browser.close();
console.log(JSON.stringify({ seconds, clicks, keys, trouble }));
process.exit(trouble.length > 0 ? 1 : 0);
