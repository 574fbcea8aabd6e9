// What a newcomer does with the link: makes the account, types what to watch, sees it checked, and sees it watched; then says where to tell, sees a
// test arrive, and has the monitor tell there. Prints one line of JSON: seconds from opening the link to each sight, clicks and keys up to it.
// Typed at the pace of a quick typist; no pause is made to think.
//   node tests/package/first_monitor.mjs LINK TARGET MAIL_PORT SCREENSHOT
import { startBrowser } from '../../web/browser/kit/chromium.mjs';
import { openPage } from '../../web/browser/kit/page.mjs';

const [link, target, mailPort, screenshot] = process.argv.slice(2);
const kKeyMs = 80; // 150 characters in 12 s

const browser = await startBrowser();
const { page, trouble } = await openPage(browser, link);
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
const sights = {};
const seen = (what) => { sights[what] = { seconds: Math.round(performance.now() - began) / 1000, clicks, keys }; };

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

await click(page.getByRole('link', { name: 'Channels', exact: true }));
await click(page.getByRole('link', { name: /E-mail/ }));
await type(page.getByLabel('To', { exact: true }), 'oncall@example.com');
await type(page.getByLabel('From', { exact: true }), 'tocsin@example.com');
await type(page.getByLabel('Server', { exact: true }), '127.0.0.1');
await type(page.getByLabel('Port', { exact: true }), mailPort);
clicks += 2; // open the list, choose
await page.getByLabel('Encryption').selectOption('none');
await type(page.getByLabel('Name', { exact: true }), 'On call');
await click(page.getByRole('button', { name: 'Save and send a test' }));
await page.getByText('The test arrived').waitFor();
seen('tested');

await click(page.getByRole('link', { name: 'Overview', exact: true }));
await click(page.getByRole('link', { name: new RegExp(target.split('.')[0]) }).first());
await click(page.getByRole('link', { name: 'Edit' }));
await click(page.locator('summary', { hasText: 'Telling people' }));
await click(page.getByLabel('On call'));
await click(page.getByRole('button', { name: 'Save', exact: true }));
await page.locator('.state.is-up').first().waitFor();
seen('told');
await browser.close();
console.log(JSON.stringify({ sights, trouble }));
process.exit(trouble.length > 0 ? 1 : 0);
