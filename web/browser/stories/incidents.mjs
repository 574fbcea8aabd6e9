// Incidents and what was told of them.
import { tabTo } from '../kit/keys.mjs';
import { cache } from '../kit/services.mjs';
import { story } from '../kit/story.mjs';
import { until } from '../kit/wait.mjs';

async function down(kit) {
  const server = await kit.server();
  const service = await kit.service(cache());
  const receiver = await kit.receiver();
  await server.writeConfig(`
version: 1
project: { id: shop }
channels: { ops: { type: webhook, url: "${receiver.url}", secret: "\${env:HOOK_SECRET}" } }
monitors: { orders: { name: Orders, target: "${service.target}", interval: 1s, timeout: 1s, alert: { after_runs: 1 }, channels: [ops] } }
`);
  await server.api('POST', '/reload', {});
  await server.settled('orders', 'up');
  await service.stop();
  await server.settled('orders', 'down');
  const incident = await until('the incident is stored', async () => (await server.api('GET', '/incidents')).data[0]);
  return { server, service, receiver, incident };
}

story('incidents, mouse: from the notice in, acknowledge, note, it ends by itself', async (kit) => {
  const { server, service, receiver, incident } = await down(kit);
  const [notice] = await until('the notice', () => receiver.notices.length > 0 && receiver.notices);
  const link = notice.data.incident.url;
  const page = await kit.open(server);
  await page.goto(link);
  kit.expect('the link of the notice leads to the page', page.url() === `${server.address}/#/incidents/${incident.id}`, `${link} -> ${page.url()}`);
  await page.getByRole('heading', { name: 'Orders' }).waitFor();
  await page.getByText('ops was told of monitor.down').waitFor();
  await page.getByRole('button', { name: 'Acknowledge' }).click();
  await page.locator('dialog textarea').fill('On it <b>now</b>');
  await page.locator('dialog button[type=submit]').click();
  await page.getByText(/Acknowledged by admin.*On it <b>now<\/b>/).first().waitFor();
  await page.getByRole('button', { name: 'Add a note' }).click();
  await page.locator('dialog textarea').fill('The disk was full.');
  await page.locator('dialog button[type=submit]').click();
  await page.getByText('The disk was full.').waitFor();
  await page.locator('.in-delivery summary').first().click();
  await page.locator('.in-delivery .attempts').getByText('204 No Content').waitFor();
  await page.getByRole('link', { name: /log/ }).first().click();
  await page.getByRole('heading', { name: 'The notice, as a webhook gets it' }).waitFor();
  await page.goBack();
  await page.getByText('The disk was full.').waitFor();
  await service.start();
  await page.getByText('Recovered', { exact: true }).first().waitFor();
  await page.getByText(/recovered$/).first().waitFor();
});

story('incidents, keyboard only: list, in, acknowledge', async (kit) => {
  const { server } = await down(kit);
  const page = await kit.open(server, '#/');
  await page.locator('.ov-row').first().waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await page.locator('.in-row').waitFor();
  await tabTo(page, '.in-row');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Orders' }).waitFor();
  await page.keyboard.press('a');
  await page.locator('dialog[open] textarea').waitFor();
  await tabTo(page, 'dialog textarea');
  await page.keyboard.type('mine');
  await page.keyboard.press('Control+Enter');
  await page.locator('dialog').waitFor({ state: 'detached' });
  await page.getByText(/Acknowledged by admin/).first().waitFor();
});

story('incidents, live: the list fills and empties without a reload', async (kit) => {
  const { server, service } = await down(kit);
  const page = await kit.open(server, '#/incidents');
  await page.locator('.in-row').waitFor();
  await page.locator('.live.is-live').waitFor();
  await service.start();
  await page.getByText('Nothing is wrong').waitFor();
  await page.getByRole('tab', { name: 'All' }).click();
  await page.locator('.in-row').waitFor();
  await service.stop();
  await page.locator('.in-row .is-down').first().waitFor();
});

story('alerts, mouse: filters in the address, one with its attempts and what it said', async (kit) => {
  const { server, receiver } = await down(kit);
  await until('the notice', () => receiver.notices.length > 0);
  const page = await kit.open(server, '#/alerts');
  await page.locator('.al-row').waitFor();
  await page.getByLabel('State').selectOption('dead');
  await page.getByText('No alerts').waitFor();
  kit.expect('in the address', page.url().includes('state=dead'));
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  await page.locator('.al-row').click();
  await page.locator('.attempts').getByText('204 No Content').waitFor();
  const shown = JSON.parse(await page.locator('dialog pre').innerText());
  kit.expect('what is shown is what came', JSON.stringify(shown) === JSON.stringify(receiver.notices[0]), JSON.stringify(shown));
  await page.reload();
  await page.locator('dialog[open] .attempts').waitFor();
  await page.getByRole('link', { name: 'Open the incident' }).click();
  await page.getByRole('heading', { name: 'Orders' }).waitFor();
});

story('alerts, keyboard only', async (kit) => {
  const { server, receiver } = await down(kit);
  await until('the notice', () => receiver.notices.length > 0);
  const page = await kit.open(server, '#/alerts');
  await page.locator('.al-row').waitFor();
  await tabTo(page, '.al-row');
  await page.keyboard.press('Enter');
  await page.locator('dialog[open] .attempts').waitFor();
  // Where the focus is when the dialog is taken away, before the browser paints again.
  await page.evaluate(() => new MutationObserver((changes) => {
    if (changes.some(({ removedNodes }) => [...removedNodes].some((node) => node.nodeName === 'DIALOG'))) globalThis.focusThen = document.activeElement?.className;
  }).observe(document.body, { childList: true, subtree: true }));
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  const then = await page.evaluate(() => globalThis.focusThen);
  kit.expect('the focus is back at the row at once', then === 'al-row', String(then));
});

story('alerts: what was not sent says why', async (kit) => {
  const server = await kit.server();
  const receiver = await kit.receiver();
  const service = await kit.service(cache());
  await server.api('POST', '/channels', { id: 'ops', name: 'Ops', type: 'webhook', url: receiver.url });
  await server.api('POST', '/monitors', { id: 'orders', name: 'Orders', target: service.target, interval: '1s', timeout: '1s', alert: { after_runs: 1 }, channels: ['ops'] });
  await server.settled('orders', 'up');
  await server.api('POST', '/monitors/orders/mute', {});
  await service.stop();
  await server.settled('orders', 'down');
  const page = await kit.open(server, '#/alerts?state=suppressed');
  await page.locator('.al-row').getByText('Not sent').first().waitFor();
  await page.locator('.al-row').first().click();
  await page.getByText('There was no attempt.').waitFor();
  await page.getByRole('dialog').getByText('The monitor was muted, so nobody was told.').waitFor();
  kit.expect('nothing came', receiver.notices.length === 0);
});
