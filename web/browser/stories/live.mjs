// When the server goes away and comes back, and behind a proxy in a folder.
import { cache } from '../kit/services.mjs';
import { story } from '../kit/story.mjs';
import { until } from '../kit/wait.mjs';

const away = [/ERR_/, / 50[234] /];
async function one(kit) {
  const server = await kit.server();
  const service = await kit.service(cache());
  await server.api('POST', '/monitors', { id: 'orders', name: 'Orders', target: service.target, interval: '1s', timeout: '1s' });
  await server.settled('orders', 'up');
  return { server, service };
}

story('the server restarts: said, and continued with what happened meanwhile', async (kit) => {
  const { server, service } = await one(kit);
  const page = await kit.open(server, '#/', { allow: away });
  await page.locator('.live.is-live').waitFor();
  await page.locator('.ov-row .is-up').first().waitFor();
  await server.stop();
  await page.locator('.live.is-waiting').waitFor();
  kit.expect('it says when it tries again', /Reconnecting in \d/.test(await page.locator('.live').innerText()), await page.locator('.live').innerText());
  kit.expect('what was read stays', (await page.locator('.ov-row[data-index]').count()) === 1);
  await service.stop();
  await server.start();
  await page.locator('.live.is-live').waitFor({ timeout: 40_000 });
  await page.locator('.ov-row .is-down').first().waitFor();
});

story('the server is away when a page opens: told, and tried again', async (kit) => {
  const { server } = await one(kit);
  const page = await kit.open(server, '#/', { allow: away });
  await page.locator('.ov-row[data-index]').waitFor();
  // The page itself is loaded; what it asks for is not answered.
  await page.goto(`${server.address}/#/monitors/orders`);
  await page.locator('.mo-head').waitFor();
  await page.goto(`${server.address}/#/`);
  await page.locator('.ov-row[data-index]').waitFor();
  await server.stop();
  await page.goto(`${server.address}/#/monitors/orders`);
  await page.locator('.problem').first().waitFor();
  await server.start();
  await page.locator('.problem').getByRole('button', { name: 'Try again' }).first().click();
  await page.locator('.mo-head').waitFor();
});

story('live updates can be paused and go on', async (kit) => {
  const { server, service } = await one(kit);
  const page = await kit.open(server);
  await page.locator('.live.is-live').waitFor();
  await page.keyboard.press('.');
  await page.locator('.live.is-paused').waitFor();
  await service.stop();
  await server.settled('orders', 'down');
  kit.expect('nothing moved', (await page.locator('.ov-row .is-up').count()) > 0);
  await page.keyboard.press('.');
  await page.locator('.live.is-live').waitFor();
  await page.locator('.ov-row .is-down').first().waitFor();
});

story('below /tocsin/ of a proxy: pages, sign-in, live, links', async (kit) => {
  const { server, service } = await one(kit);
  const proxy = await kit.proxy(server);
  const page = await kit.open(proxy.address, '#/', { allow: [/ 404 \S+\/incidents\/some-incident$/] });
  await page.locator('.ov-row .is-up').first().waitFor();
  await page.locator('.live.is-live').waitFor();
  await page.locator('.ov-name > a').click();
  await page.getByRole('heading', { name: 'Orders', exact: true }).waitFor();
  kit.expect('the address stays below the folder', page.url() === `${proxy.address}/#/monitors/orders`, page.url());
  await page.reload();
  await page.getByRole('heading', { name: 'Orders', exact: true }).waitFor();
  await service.stop();
  await page.locator('.mo-head .is-down').first().waitFor();
  await page.goto(`${proxy.address}/incidents/some-incident`);
  kit.expect('a link of a notice stays below it too', page.url() === `${proxy.address}/#/incidents/some-incident`, page.url());
  for (const hash of ['#/incidents', '#/alerts', '#/settings?tab=tokens', '#/monitors/new', '#/errors']) {
    await page.goto(`${proxy.address}/${hash}`);
    await until(`${hash} is shown`, async () => (await page.locator('.main h1').count()) > 0);
  }
  kit.expect('nothing was asked of outside the folder', proxy.seen.every((url) => url.startsWith('/tocsin/')), proxy.seen.filter((url) => !url.startsWith('/tocsin/')).join());
});
