// One monitor: its figures, its tabs, what can be done with it, live.
import { readFile } from 'node:fs/promises';
import { tabTo } from '../kit/keys.mjs';
import { cache } from '../kit/services.mjs';
import { story } from '../kit/story.mjs';
import { until } from '../kit/wait.mjs';

async function one(kit, more = {}) {
  const server = await kit.server();
  const service = await kit.service(cache());
  await server.api('POST', '/monitors', { id: 'orders', name: 'Orders', target: service.target, interval: '1s', timeout: '1s', request: [{ send: 'PING\\r\\n' }], assert: ['response_data contains "+PONG"'], ...more });
  await server.settled('orders', 'up');
  return { server, service };
}

story('monitor, mouse: tabs, run, pause, mute, files, a check of the bar', async (kit) => {
  const { server } = await one(kit, { interval: '10s' });
  const page = await kit.open(server, '#/monitors/orders');
  await page.locator('.mo-recent .beats').waitFor();
  const stored = async () => (await server.api('GET', '/monitors/orders/results')).data.length;
  const before = await until('the first result is stored', stored);
  const shown = async () => Number(/: (\d+) check/.exec(await page.locator('.mo-recent .beats').getAttribute('aria-label'))?.[1]);
  const beats = await until('the bar has the first', shown);
  await page.getByRole('button', { name: 'Run now' }).click();
  await until('one more result', async () => (await stored()) > before);
  await until('one more in the bar', async () => (await shown()) > beats, 8000); // before the next on schedule
  await page.getByRole('tab', { name: 'Results' }).click();
  await page.locator('.mo-result').first().waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV' }).click();
  const csv = await readFile(await (await download).path(), 'utf8');
  kit.expect('a CSV of all results', csv.split('\r\n').length >= before + 2 && csv.includes('passed'), csv.slice(0, 200));
  await page.getByRole('tab', { name: 'Config' }).click();
  await page.getByText('response_data contains').waitFor();
  await page.getByRole('tab', { name: 'Alerts' }).click();
  await page.getByRole('tab', { name: 'Incidents' }).click();
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.locator('.mo-head .is-paused').first().waitFor();
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.locator('.mo-head .is-up').first().waitFor();
  await page.getByRole('button', { name: 'Mute', exact: true }).click();
  await page.locator('.mo-flag').waitFor();
  kit.expect('muted at the server', (await server.monitor('orders')).muted);
  await page.getByRole('tab', { name: 'Overview' }).click();
  const bar = page.locator('.mo-recent .beat-history [role=slider]');
  const box = await bar.boundingBox();
  await bar.click({ position: { x: box.width - 3, y: 5 } });
  await page.locator('.re-line').waitFor();
  kit.expect('the newest check opened', (await page.locator('h1').innerText()).startsWith('Answered'));
});

story('monitor, mouse: period, scale and table are in the address; mute by key, resume by palette, as code', async (kit) => {
  const { server } = await one(kit);
  const page = await kit.open(server, '#/monitors/orders');
  await page.locator('.u-over').first().waitFor();
  await page.getByRole('button', { name: '7 d' }).click();
  await page.getByRole('button', { name: 'Log scale' }).click();
  await page.getByRole('button', { name: 'As a table' }).click();
  await page.locator('table caption').first().waitFor({ state: 'attached' });
  for (const part of ['range=7d', 'scale=log', 'view=table']) kit.expect(`${part} is in the address`, page.url().includes(part), page.url());
  await page.keyboard.press('m');
  await page.getByRole('button', { name: 'Unmute' }).waitFor();
  await page.keyboard.press('p');
  await page.getByRole('button', { name: 'Resume' }).waitFor();
  await page.keyboard.press('Control+k');
  await page.locator('.palette-list').waitFor();
  await page.keyboard.type('resume');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
  kit.expect('the palette resumed it', !(await server.monitor('orders')).paused);
  await page.getByRole('tab', { name: 'Config' }).click();
  await page.getByRole('button', { name: 'As code' }).click();
  await page.getByRole('tab', { name: 'CLI' }).click();
  await page.getByText(`tocsin probe ${(await server.monitor('orders')).target}`).waitFor();
});

story('monitor, mouse: copy, delete, undo', async (kit) => {
  const { server } = await one(kit);
  const page = await kit.open(server, '#/monitors/orders');
  const more = page.locator('.mo-head').getByRole('button', { name: 'More actions' });
  await more.click();
  await page.getByRole('menuitem', { name: 'Clone' }).click();
  await until('a copy', async () => (await server.api('GET', '/monitors')).data.length === 2);
  await page.getByRole('heading', { name: 'Edit Orders (copy)' }).waitFor();
  await page.goto(`${server.address}/#/monitors/orders`);
  await page.getByRole('heading', { name: 'Orders', exact: true }).waitFor();
  await more.click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await until('it is gone', async () => (await server.api('GET', '/monitors')).data.length === 1);
  await page.getByRole('button', { name: 'Undo' }).click();
  await until('it is back', async () => (await server.api('GET', '/monitors')).data.length === 2);
});

story('monitor, keyboard only: tabs by arrows, the bar, run, edit', async (kit) => {
  const { server } = await one(kit);
  const page = await kit.open(server, '#/monitors/orders');
  await page.locator('.mo-recent .beats').waitFor();
  await until('several checks', async () => (await server.api('GET', '/monitors/orders/results')).data.length > 2);
  await tabTo(page, '.beat-history [role=slider]');
  await page.keyboard.press('ArrowLeft');
  await until('the check is said', async () => /\d\d:\d\d:\d\d/.test(await page.locator('.beat-history [role=slider]').getAttribute('aria-valuetext')));
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.locator('.re-line').waitFor();
  await page.goBack();
  await page.locator('.mo-recent .beats').waitFor();
  await tabTo(page, '[role=tab][aria-selected=true]');
  await page.keyboard.press('ArrowRight');
  await page.locator('.mo-result').first().waitFor();
  await page.keyboard.press('End');
  await page.getByText('response_data contains').waitFor();
  await page.keyboard.press('p');
  await page.locator('.mo-head .is-paused').first().waitFor();
  await page.keyboard.press('p');
  await page.locator('.mo-head .is-up').first().waitFor();
  await page.keyboard.press('e');
  await page.getByRole('heading', { name: 'Edit Orders' }).waitFor();
});

story('monitor, live: down with its reason, an incident, up again', async (kit) => {
  const { server, service } = await one(kit);
  const page = await kit.open(server, '#/monitors/orders');
  await page.locator('.mo-head .is-up').first().waitFor();
  await page.locator('.live.is-live').waitFor();
  await service.stop();
  await page.locator('.mo-sentence').getByText(/Down for .*Nothing is listening/).waitFor();
  await page.getByRole('tab', { name: 'Incidents' }).click();
  await page.locator('a[href*="#/incidents/"]').first().waitFor();
  await service.start();
  await page.locator('.mo-head .is-up').first().waitFor();
});

story('monitor: one that is not there, one that waits for its first check', async (kit) => {
  const { server } = await one(kit);
  const page = await kit.open(server, '#/monitors/nobody', { allow: [/ 404 \S+\/monitors\/nobody$/] });
  await page.getByRole('heading', { name: 'There is no such monitor' }).waitFor().catch(async () => kit.fail(`not told: ${await page.locator('.main').innerText()}`));
});
