// The list of the overview: its order, ranges, what a project keeps, and that it stands still under the pointer.
import { cache, silent } from '../kit/services.mjs';
import { story } from '../kit/story.mjs';
import { until } from '../kit/wait.mjs';

const rows = '.virtual > .ov-row';
const row = (page, name) => page.locator(`${rows}:has(.ov-name > a:text-is("${name}"))`);
const names = (page) => page.locator(`${rows} .ov-name > a`).allTextContents();

// Ten of one service, a slow one, and one of a project.
async function many(kit) {
  const quick = await kit.service(cache());
  const slow = await kit.service(cache(60));
  const server = await kit.server({ config: `version: 1\nproject: { id: shop }\nmonitors: { kept: { name: Kept, target: "${quick.target}", interval: 60s } }\n` });
  for (let i = 10; i < 20; i += 1) await server.api('POST', '/monitors', { id: `m${i}`, name: `Cache ${i}`, target: quick.target, interval: '60s', timeout: '1s' });
  await server.api('POST', '/monitors', { id: 'slow', name: 'Slow', target: slow.target, interval: '60s', timeout: '1s', request: [{ send: 'PING\\r\\n' }, { expect: { text: '+PONG' } }] });
  await until('all are checked', async () => (await server.api('GET', '/summary')).by_status.pending === 0);
  return { server, quick };
}

story('list, mouse: the order is in the address; a range by Shift, what a project keeps is not deleted, undo brings the rest back', async (kit) => {
  const { server } = await many(kit);
  const page = await kit.open(server, '#/?q=state:up');
  await row(page, 'Cache 10').waitFor();
  await page.getByRole('button', { name: 'Latency' }).click();
  await until('the slowest is first', async () => (await names(page))[0] === 'Slow');
  kit.expect('in the address', page.url().includes('sort='), page.url());
  await page.reload();
  await until('a reload keeps it', async () => (await names(page))[0] === 'Slow');
  await page.goBack();
  await until('back undoes the order', async () => !page.url().includes('sort=') && (await names(page))[0] !== 'Slow');

  await page.goto(`${server.address}/#/?sort=name`);
  await row(page, 'Cache 10').locator('input').click();
  await row(page, 'Cache 13').locator('input').click({ modifiers: ['Shift'] });
  await page.locator('.ov-batch').getByText('4 selected').first().waitFor();
  await row(page, 'Kept').locator('input').click();
  await page.locator('.ov-batch').getByRole('button', { name: 'More actions' }).click();
  await kit.axe(page, 'selection and menu');
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByLabel('Type 5 to confirm').fill('5');
  await kit.axe(page, 'delete');
  await page.locator('dialog button[type=submit]').click();
  await page.getByRole('button', { name: 'Details' }).click();
  await page.getByText(/belongs to project shop/).first().waitFor();
  await page.keyboard.press('Escape');
  kit.expect('those made here are gone', (await server.api('GET', '/monitors')).data.map((one) => one.id).filter((id) => /^(m1[0-3]|kept)$/.test(id)).join() === 'kept');
  await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
  await until('all are back', async () => (await server.api('GET', '/monitors')).data.length === 12);
});

story('list, keyboard only: to the ends, in and back, typing is typing', async (kit) => {
  const { server } = await many(kit);
  const page = await kit.open(server, '#/?sort=name', { height: 400 });
  await row(page, 'Cache 10').waitFor();
  const press = async (key, index) => {
    await page.keyboard.press(key);
    await until(`${key} leads to row ${index}`, () => page.evaluate((at) => document.activeElement?.getAttribute('data-index') === at, index), 5000);
  };
  await press('j', '0');
  await press('End', '11'); // a row that was not drawn before
  await press('Home', '0');
  await page.keyboard.press('Enter');
  await page.waitForURL(/#\/monitors\/m10$/);
  // A key at the very moment at which the page is there, before the browser paints it.
  await page.evaluate(() => {
    const search = '.ov-search input';
    const watch = new MutationObserver(() => {
      if (!document.querySelector(search)) return;
      watch.disconnect();
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true, cancelable: true }));
      globalThis.focusThen = document.activeElement?.matches(search);
    });
    watch.observe(document.body, { childList: true, subtree: true });
  });
  await page.goBack();
  await row(page, 'Cache 10').waitFor();
  kit.expect('the first key is the page\'s', await page.evaluate(() => globalThis.focusThen));
  await page.keyboard.type('jx? and no letter of it is lost'); // faster than any typist
  const typed = await page.locator('.ov-search input').inputValue();
  kit.expect(`letters of commands are letters: ${typed}`, typed === 'jx? and no letter of it is lost' && (await page.locator('dialog[open], .ov-batch').count()) === 0);
});

story('list, live: under the pointer rows change but do not move, after it the worst are first', async (kit) => {
  const { server } = await many(kit);
  const gone = await kit.service(silent());
  await server.api('POST', '/monitors', { id: 'shaky', name: 'Shaky', target: gone.target, interval: '1s', timeout: '1s' });
  await server.settled('shaky', 'up');
  const page = await kit.open(server);
  await row(page, 'Shaky').locator('.is-up').first().waitFor();
  await page.locator('.live.is-live').waitFor();
  await row(page, 'Cache 12').hover();
  const before = await names(page);
  await gone.stop();
  await row(page, 'Shaky').locator('.state.is-down').waitFor();
  kit.expect('the order stands', (await names(page)).join() === before.join(), (await names(page)).join());
  await page.getByRole('button', { name: '1 change, apply' }).waitFor();
  await page.locator('.side').hover();
  await until('it has moved up', async () => (await names(page))[0] === 'Shaky');
});
