// Channels: who is told, tried out before it matters.
import { tabTo } from '../kit/keys.mjs';
import { cache } from '../kit/services.mjs';
import { story } from '../kit/story.mjs';
import { until } from '../kit/wait.mjs';

const card = (page, id) => page.locator(`.ch-card[data-id="${id}"]`);

story('channels, mouse: the first webhook, its test, a monitor that uses it, its notice', async (kit) => {
  const server = await kit.server();
  const receiver = await kit.receiver();
  const service = await kit.service(cache());
  const page = await kit.open(server, '#/channels');
  await page.getByText('Nobody is told yet').waitFor();
  await page.getByRole('link', { name: /Webhook/ }).click();
  await page.getByRole('heading', { name: 'Add a webhook' }).waitFor();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('link', { name: 'A webhook needs an address.' }).click();
  await page.keyboard.type(`${receiver.url}/canary-4711`);
  await page.getByRole('button', { name: 'Make one' }).click();
  await page.getByText('Copy it to the receiver now').waitFor();
  await page.getByLabel('Name', { exact: true }).fill('Ops room');
  await page.getByRole('button', { name: 'Save and send a test' }).click();
  await card(page, 'ops-room').getByText('The test arrived').waitFor();
  await until('the test is there', () => receiver.notices.length === 1);
  kit.expect('the key of the address is not in the page', !(await page.content()).includes('canary-4711'));
  await server.api('POST', '/monitors', { id: 'orders', name: 'Orders', target: service.target, interval: '1s', timeout: '1s', alert: { after_runs: 1 } });
  await page.goto(`${server.address}/#/monitors/orders/edit`);
  await page.locator('.mf-section > summary').filter({ hasText: 'Telling people' }).click();
  await page.getByLabel('Ops room').check();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.locator('.mo-head .is-up').first().waitFor();
  await service.stop();
  await until('the notice', () => receiver.notices.some((one) => one.type === 'monitor.down'));
  await page.goto(`${server.address}/#/channels`);
  await card(page, 'ops-room').getByText('Used by 1 monitor').waitFor();
});

story('channels, keyboard only: a mail channel, its preview, deleted', async (kit) => {
  const server = await kit.server();
  const page = await kit.open(server, '#/');
  await page.getByText('Nothing is watched yet').waitFor();
  await page.goto(`${server.address}/#/channels?add=email`);
  await page.getByRole('heading', { name: 'Add an e-mail channel' }).waitFor();
  await tabTo(page, '.main textarea');
  await page.keyboard.type('a@example.com');
  await page.keyboard.press('Tab');
  await page.keyboard.type('tocsin@example.com');
  await page.keyboard.press('Tab');
  await page.keyboard.type('127.0.0.1');
  await tabTo(page, `#${await page.getByLabel('Name', { exact: true }).getAttribute('id')}`);
  await page.keyboard.type('Night shift');
  await page.keyboard.press('Control+Enter');
  await page.locator('.ch-card').waitFor();
  const made = (await server.api('GET', '/channels')).data[0];
  kit.expect('as it was typed', made.type === 'email' && made.email.to.join() === 'a@example.com' && made.email.smtp.host === '127.0.0.1', JSON.stringify(made));
  const menu = async (item) => {
    await tabTo(page, '.ch-card button[aria-haspopup=menu]');
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: item }).waitFor();
    for (let i = 0; i < 8 && !(await page.evaluate((name) => document.activeElement?.textContent.includes(name), item)); i += 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
  };
  await menu('Preview');
  await page.frameLocator('iframe.ch-mail').getByText(/DOWN/).first().waitFor();
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  await menu('Delete');
  await page.locator('dialog[open]').waitFor();
  for (let i = 0; i < 8 && !(await page.evaluate(() => document.activeElement?.matches('dialog button.danger'))); i += 1) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByText('Nobody is told yet').waitFor();
  kit.expect('the server has none', (await server.api('GET', '/channels')).data.length === 0);
});

story('channels: one that fails says why; one of a project is read only', async (kit) => {
  const receiver = await kit.receiver();
  receiver.status = 503;
  const server = await kit.server({ config: `version: 1\nproject: { id: shop }\nchannels: { ops: { type: webhook, url: "${receiver.url}" } }\nmonitors: {}\n` });
  const page = await kit.open(server, '#/channels');
  await card(page, 'ops').getByRole('button', { name: 'Send a test' }).click();
  await card(page, 'ops').getByText('The test did not arrive').waitFor();
  await card(page, 'ops').getByText('503 Service Unavailable').first().waitFor();
  kit.expect('there is nothing to edit', (await card(page, 'ops').getByRole('link', { name: 'Edit' }).count()) === 0);
});
