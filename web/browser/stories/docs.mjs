// The API's description at /api/docs: readable, tried out with the session of whoever is signed in, and nothing fetched from elsewhere.
import { story } from '../kit/story.mjs';
import { until } from '../kit/wait.mjs';

// Of black and white: 0 is black.
const light = (rgb) => rgb.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 765;
const tag = 'Channels';

// One story, because the viewer takes seconds to draw.
story('docs: every group, its operations, one tried out as the one who is signed in; both themes, 360 px', async (kit) => {
  const server = await kit.server();
  const description = await server.api('GET', '/openapi.json');
  const page = await kit.open(server, '#/settings', { scheme: 'dark' });
  await page.goto(`${server.address}/api/docs`);
  await page.locator(`.opblock-tag[data-tag="${tag}"]`).click();
  const groups = await page.locator('.opblock-tag').evaluateAll((all) => all.map((one) => one.dataset.tag));
  kit.expect('every group', description.tags.every(({ name }) => groups.includes(name)), groups.join());
  const operations = Object.values(description.paths).flatMap((methods) => Object.values(methods)).filter((one) => one.tags?.includes(tag));
  await page.locator('.opblock').nth(operations.length - 1).waitFor();
  kit.expect('every operation of the group', operations.length > 4 && (await page.locator('.opblock').count()) === operations.length, `${await page.locator('.opblock').count()} of ${operations.length}`);
  const servers = await page.locator('.servers').innerText();
  kit.expect('it speaks to the server that it came from', servers.includes(description.servers[0].url), servers);

  const make = page.locator('#operations-Channels-createChannel');
  await make.locator('.opblock-summary-control').click();
  await make.locator('.try-out__btn').click();
  await make.locator('textarea').first().fill('{"id": "ops", "type": "webhook", "url": "https://hooks.example.com/x"}');
  await make.locator('.execute').click();
  await make.locator('.live-responses-table .response-col_status').getByText('201').waitFor();
  kit.expect('it was made, with the token of the session', (await server.api('GET', '/channels')).data[0].id === 'ops');

  const isDark = async () => {
    const [back, ink] = await page.evaluate(() => [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('.opblock-tag')).color].map(String));
    return light(back) < 0.25 && light(ink) > 0.6 ? true : light(back) > 0.9 && light(ink) < 0.5 ? false : null;
  };
  kit.expect('dark as the system is', (await isDark()) === true);
  await page.emulateMedia({ colorScheme: 'light' });
  await until('it is light', async () => (await isDark()) === false);
  await page.setViewportSize({ width: 360, height: 720 });
  await kit.fits(page, 'an operation in 360 px');
});
