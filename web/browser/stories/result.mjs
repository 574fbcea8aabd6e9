// One result: what came of it, why, and the ways on from it.
import { tabTo } from '../kit/keys.mjs';
import { cache, greeting } from '../kit/services.mjs';
import { story } from '../kit/story.mjs';
import { until } from '../kit/wait.mjs';

async function failing(kit) {
  const server = await kit.server();
  const mail = await kit.service(greeting('554 no service today\r\n'));
  await server.api('POST', '/monitors', { id: 'mail', name: 'Mail relay', target: mail.target, interval: '1s', timeout: '1s', request: [{ send: 'EHLO x\\r\\n' }, { expect: { regex: '^220 ' } }] });
  await server.settled('mail', 'down');
  // What a standstill of this machine makes unknown is not what these stories are about.
  await until('four in a row timed out', async () => {
    const { data } = await server.api('GET', '/monitors/mail/results');
    return data.length >= 4 && data.slice(0, 4).every((one) => one.error?.code === 'timeout');
  });
  await server.api('POST', '/monitors/mail/pause', {});
  return { server, mail };
}

story('result, mouse: verdict, causes, bytes, table, report, next, the error explained', async (kit) => {
  const { server } = await failing(kit);
  const page = await kit.open(server, '#/monitors/mail?tab=results');
  await page.locator('.mo-result').nth(1).click();
  await page.locator('.re-line .is-down').first().waitFor();
  await page.getByText('Likely causes').waitFor();
  const received = page.locator('.re-bytes').filter({ hasText: 'Received' });
  await received.getByText('554 no service today\\r\\n').waitFor();
  await received.getByRole('tab', { name: 'Hex + ASCII' }).click();
  await received.getByText('35 35 34 20').waitFor();
  const sent = page.locator('.re-bytes').filter({ hasText: 'Sent' });
  await sent.getByText('EHLO x\\r\\n').waitFor();
  await page.getByRole('button', { name: 'As a table' }).click();
  await page.getByRole('columnheader', { name: 'Median of 24 h' }).waitFor();
  await page.getByRole('button', { name: 'Copy as Markdown' }).click();
  await page.getByText('Copied').waitFor();
  const report = await page.evaluate(() => navigator.clipboard.readText());
  kit.expect('the report says what, and links', report.startsWith('## Mail relay: ') && report.includes('554 no service today') && report.includes(page.url()), report);
  const at = page.url();
  await page.getByRole('link', { name: 'Previous result' }).click();
  await until('another result', () => page.url() !== at);
  await page.getByRole('link', { name: /More about timeout/ }).click();
  await page.locator('.er-chosen').getByText('timeout', { exact: true }).first().waitFor();
});

story('result, keyboard only: results, in, [ and ], back', async (kit) => {
  const { server } = await failing(kit);
  const page = await kit.open(server, '#/monitors/mail?tab=results');
  await page.locator('.mo-result').nth(2).waitFor();
  await tabTo(page, '.mo-result');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.locator('.re-line').waitFor();
  const first = page.url();
  await page.keyboard.press('[');
  await until('[ leads to the one before', () => page.url() !== first);
  const second = page.url();
  await page.locator(`.re-line`).waitFor();
  await until('the page has followed', async () => (await page.getByRole('link', { name: 'Next result' }).getAttribute('href').catch(() => '')) === new URL(first).hash);
  await page.keyboard.press(']');
  await until('] leads back', () => page.url() === first && first !== second);
  await page.goBack();
  await page.locator('.mo-result').first().waitFor();
});

story('result: assertions with what was seen, and beside the last good one', async (kit) => {
  const server = await kit.server();
  const redis = await kit.service(cache());
  const body = { id: 'redis', target: redis.target, interval: '1s', timeout: '1s', request: [{ send: 'PING\\r\\n' }], assert: ['response_data contains "+PONG"', 'bytes_received < 100'] };
  await server.api('POST', '/monitors', body);
  await server.settled('redis', 'up');
  await server.api('PATCH', '/monitors/redis', { assert: ['response_data contains "+PONG"', 'bytes_received > 100'] }, { 'Content-Type': 'application/merge-patch+json' });
  await server.settled('redis', 'down');
  const failed = await until('a failed result is stored', async () => (await server.api('GET', '/monitors/redis/results?verdict=failed')).data[0]);
  const page = await kit.open(server, `#/monitors/redis/results/${failed.id}`);
  const broken = page.locator('.re-asserts > li').first();
  await broken.getByText('bytes_received > 100').waitFor();
  kit.expect('the broken one stands first, with the actual value', /Failed[\s\S]*Actual: 7/.test(await broken.innerText()), await broken.innerText());
  await page.getByText(/The last good result:/).waitFor();
  const outside = await page.evaluate(() => [...document.querySelectorAll('.wf-ghost')].some((ghost) => ghost.getBoundingClientRect().right > ghost.parentElement.getBoundingClientRect().right + 1));
  kit.expect('a median beyond the result stays in its track', !outside);
  await page.getByRole('button', { name: 'As code' }).click();
  await page.getByText(`/results/${failed.id}`).first().waitFor();
});

story('result: what was found out about the first failure, in both themes, wide and narrow', async (kit) => {
  const { server } = await failing(kit);
  const first = await until('the first failure was looked into', async () => {
    const failed = (await server.api('GET', '/monitors/mail/results?verdict=failed&limit=100')).data;
    const result = await server.api('GET', `/monitors/mail/results/${failed.at(-1).id}`);
    return result.evidence && result;
  });
  for (const look of [{ width: 1440, height: 900, scheme: 'light' }, { width: 360, height: 720, scheme: 'dark' }]) {
    const page = await kit.open(server, `#/monitors/mail/results/${first.id}`, look);
    await page.getByRole('heading', { name: 'What we found out' }).waitFor();
    await page.locator('.re-what').getByText(first.evidence.summary).waitFor();
    await page.locator('.re-found').getByText('A second try at once').waitFor();
    await kit.axe(page, `found out, ${look.width} ${look.scheme}`);
    await kit.fits(page, `found out, ${look.width} ${look.scheme}`);
    await kit.shut(page);
  }
  const incident = (await server.api('GET', '/incidents')).data[0];
  const page = await kit.open(server, `#/incidents/${incident.id}`);
  await page.locator('.in-timeline').getByText('Found out').waitFor();
});
