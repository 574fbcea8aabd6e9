// The overview: empty, searched, chosen from, live.
import { focusIsShown, tabTo } from '../kit/keys.mjs';
import { cache, silent } from '../kit/services.mjs';
import { story } from '../kit/story.mjs';
import { until } from '../kit/wait.mjs';

const row = (page, name) => page.locator(`.ov-row:has(.ov-name > a:text-is("${name}"))`);
async function three(kit) {
  const server = await kit.server();
  const one = await kit.service(cache());
  const gone = await kit.service(silent());
  await gone.stop();
  for (const [id, name, target, tags] of [['orders', 'Orders', one.target, ['prod']], ['mail', 'Mail', one.target, []], ['ledger', 'Ledger', gone.target, ['prod', 'db']]]) await server.api('POST', '/monitors', { id, name, target, tags, interval: '1s', timeout: '1s' });
  await server.settled('orders', 'up');
  await server.settled('ledger', 'down');
  return { server, one, gone };
}

story('overview, mouse: empty, then a monitor through a door', async (kit) => {
  const server = await kit.server();
  const page = await kit.open(server);
  await page.getByText('Nothing is watched yet').waitFor();
  await page.getByRole('link', { name: /^Redis/ }).click();
  await page.getByRole('heading', { name: 'Add a monitor' }).waitFor();
  await page.getByLabel('What to watch').fill('127.0.0.1');
  const answer = page.waitForResponse((one) => one.url().endsWith('/monitors') && one.request().method() === 'POST');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  kit.expect('the preset gave the port', (await (await answer).json()).target === '127.0.0.1:6379');
});

story('overview, mouse: search, strip, choose, pause, undo, open', async (kit) => {
  const { server } = await three(kit);
  const page = await kit.open(server);
  await row(page, 'Ledger').locator('.is-down').first().waitFor();
  await page.locator('.ov-search input').fill('tag:prod');
  await row(page, 'Mail').waitFor({ state: 'detached' });
  await page.locator('.ov-summary .is-down').first().click();
  await row(page, 'Orders').waitFor({ state: 'detached' });
  kit.expect('the search is in the address', decodeURIComponent(page.url()).includes('state:down'), page.url());
  await page.reload();
  await row(page, 'Ledger').waitFor();
  kit.expect('a reload keeps it', (await page.locator('.ov-row').count()) === 1 || !(await row(page, 'Orders').count()));
  await page.locator('.ov-search input').fill('');
  for (const name of ['Orders', 'Mail']) await row(page, name).locator('input').check();
  await page.locator('.ov-batch').getByRole('button', { name: 'Pause' }).click();
  await page.getByText('2 monitors paused').waitFor();
  await row(page, 'Mail').locator('.is-paused').first().waitFor();
  kit.expect('the server paused them', (await server.monitor('orders')).paused);
  await page.getByRole('button', { name: 'Undo' }).click();
  await until('they run again', async () => !(await server.monitor('orders')).paused && !(await server.monitor('mail')).paused);
  await row(page, 'Orders').locator('.ov-name > a').click();
  await page.getByRole('heading', { name: 'Orders', exact: true }).waitFor();
});

story('overview, mouse: tag, delete with its number typed, undo brings it back', async (kit) => {
  const { server } = await three(kit);
  const page = await kit.open(server);
  await row(page, 'Ledger').waitFor();
  for (const name of ['Orders', 'Mail']) await row(page, name).locator('input').check();
  const more = page.locator('.ov-batch').getByRole('button', { name: 'More actions' });
  await more.click();
  await page.getByRole('menuitem', { name: 'Add tag' }).click();
  await page.getByLabel('Tag', { exact: true }).fill('shop');
  await page.locator('dialog button[type=submit]').click();
  await until('the tag is there', async () => (await server.monitor('mail')).tags.includes('shop'));
  await more.click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  kit.expect('it waits for the number', await page.locator('dialog button[type=submit]').isDisabled());
  await page.getByLabel('Type 2 to confirm').fill('2');
  await page.locator('dialog button[type=submit]').click();
  await row(page, 'Mail').waitFor({ state: 'detached' });
  await page.locator('.toast').filter({ hasText: 'deleted' }).getByRole('button', { name: 'Undo' }).click();
  await row(page, 'Mail').waitFor();
  kit.expect('all three are back', (await server.api('GET', '/monitors')).data.length === 3);
});

story('overview, keyboard only: rows, selection, run, pause, open, search, palette', async (kit) => {
  const { server } = await three(kit);
  const page = await kit.open(server);
  await row(page, 'Ledger').locator('.beats').waitFor();
  await page.locator('.live.is-live').waitFor();
  const active = () => page.evaluate(() => document.activeElement?.getAttribute('data-index'));
  const press = async (key, index) => {
    await page.keyboard.press(key);
    await until(`${key} leads to row ${index}`, async () => (await active()) === index, 5000);
  };
  await press('j', '0');
  kit.expect('the focus is seen', (await focusIsShown(page)) === '', await focusIsShown(page));
  await press('j', '1');
  await press('k', '0');
  await page.keyboard.press('ArrowLeft');
  await until('a check is read out', async () => /\d\d:\d\d:\d\d: /.test(await page.locator('.ov-frame > p').innerText()), 5000);
  await page.keyboard.press('x');
  await page.locator('.ov-batch-count').waitFor();
  await page.keyboard.press('r');
  await page.getByText('1 check started').waitFor();
  await page.keyboard.press('p');
  await page.getByText('1 monitor paused').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  kit.expect('/ searches', await page.evaluate(() => document.activeElement?.matches('.ov-search input')));
  await page.keyboard.type('mail');
  await row(page, 'Orders').waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.locator('.palette-list').waitFor();
  await page.keyboard.type('orders');
  await page.getByRole('option', { name: /^(Up|Paused) ?Orders/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Orders', exact: true }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await page.getByRole('heading', { name: 'Incidents' }).waitFor();
  // By Tab alone too: from the top of the page to a row and in.
  await page.goto(`${server.address}/#/?q=mail`);
  await row(page, 'Mail').waitFor();
  await tabTo(page, '.ov-row');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Mail', exact: true }).waitFor();
});

story('overview, live: a service goes down and comes back without a reload', async (kit) => {
  const { server, one } = await three(kit);
  const page = await kit.open(server);
  await page.evaluate(() => (globalThis.__same = true));
  await row(page, 'Orders').locator('.is-up').first().waitFor();
  await page.locator('.live.is-live').waitFor();
  await one.stop();
  await row(page, 'Orders').locator('.is-down').first().waitFor();
  await row(page, 'Orders').getByText('tcp_refused').waitFor();
  kit.expect('the strip counts three down', (await until('three down', async () => /3/.test(await page.locator('.ov-summary .is-down').first().locator('xpath=..').innerText()), 5000)) === true);
  await one.start();
  await row(page, 'Orders').locator('.is-up').first().waitFor();
  kit.expect('it is the same page', await page.evaluate(() => globalThis.__same === true));
});

story('overview: what is disabled in its definition does not look checked, nor paused', async (kit) => {
  const { server, one } = await three(kit);
  await server.api('POST', '/monitors', { id: 'spare', name: 'Spare', target: one.target, interval: '1s', timeout: '1s', enabled: false });
  await server.api('POST', '/monitors/mail/pause', {});
  const page = await kit.open(server);
  await row(page, 'Spare').locator('.ov-state').getByText('Disabled', { exact: true }).waitFor();
  await row(page, 'Mail').locator('.ov-state').getByText('Paused', { exact: true }).waitFor();
  const count = (word) => page.locator('.ov-summary .ov-count').filter({ has: page.getByText(word, { exact: true }) });
  kit.expect('each is counted once', (await count('Disabled').innerText()).startsWith('1') && (await count('Paused').innerText()).startsWith('1'));
  await count('Disabled').click();
  await row(page, 'Mail').waitFor({ state: 'detached' });
  await row(page, 'Spare').locator('input').check();
  await page.locator('.ov-batch').getByRole('button', { name: 'Resume' }).click();
  await page.getByText('A disabled monitor is not checked').waitFor();
  await row(page, 'Spare').locator('.ov-name > a').click();
  await page.locator('.mo-sentence').getByText('Disabled', { exact: true }).waitFor();
  await page.getByText('nothing is checked until it is enabled there').waitFor();
  kit.expect('it cannot be run', await page.getByRole('button', { name: 'Run now' }).isDisabled());
  kit.expect('nor paused or resumed', (await page.getByRole('button', { name: /^(Pause|Resume)$/ }).count()) === 0);
  await page.keyboard.press('p');
  await page.keyboard.press('r');
  await page.keyboard.press('m');
  await page.getByText('Muted', { exact: true }).first().waitFor();
  kit.expect('no key paused it', !(await server.monitor('spare')).paused);
  await page.getByRole('link', { name: 'Edit' }).click();
  await page.getByText('Advanced', { exact: true }).click();
  await page.getByLabel('Enabled: checks run').check();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.locator('.mo-head .is-up').first().waitFor();
});
