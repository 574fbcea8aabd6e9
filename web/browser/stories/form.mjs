// Adding and changing monitors: tested before they are saved, checked while they are written, never lost.
import { tabTo } from '../kit/keys.mjs';
import { cache, greeting } from '../kit/services.mjs';
import { story } from '../kit/story.mjs';
import { until } from '../kit/wait.mjs';

const save = (page) => page.getByRole('button', { name: 'Save', exact: true });
const section = (page, name) => page.locator('.mf-section > summary').filter({ hasText: name });
story('form, mouse: test now, expect this, save', async (kit) => {
  const server = await kit.server();
  const mail = await kit.service(greeting('220 mail.example.com ready\r\n'));
  const page = await kit.open(server, '#/monitors/new');
  await page.getByLabel('What to watch').fill(mail.target);
  await section(page, 'What to say').click();
  await page.getByLabel('Dialogue').selectOption('text');
  await page.getByLabel('Text to send').fill('EHLO x\\r\\n');
  const streamed = page.waitForResponse(/\/probe$/);
  await page.getByRole('button', { name: 'Test now' }).click();
  kit.expect('the phases come as a stream', (await streamed).headers()['content-type'] === 'text/event-stream');
  await page.locator('.mf-test .is-up').first().waitFor();
  await page.getByText('220 mail.example.com ready').waitFor();
  kit.expect('a test is not stored', (await server.api('GET', '/monitors')).data.length === 0);
  await page.getByRole('button', { name: 'Expect this' }).click();
  await page.getByText('holds').waitFor();
  await section(page, 'When').click();
  await page.getByLabel('Check every').fill('1s');
  await page.locator('.mf-next li').nth(4).waitFor();
  await section(page, 'About it').click();
  await page.getByLabel('Name', { exact: true }).fill('Mail relay');
  await page.getByLabel('Tags').fill('mail, prod');
  await save(page).click();
  await page.getByRole('heading', { name: 'Mail relay', exact: true }).waitFor();
  await page.locator('.mo-head .is-up').first().waitFor();
  const made = await server.monitor('mail-relay');
  kit.expect('as it was written', JSON.stringify([made.config.interval, made.config.tags, made.config.assert]) === JSON.stringify(['1s', ['mail', 'prod'], ['response_data contains "220 mail.example.com ready"']]), JSON.stringify(made.config));
});

story('form, keyboard only: from n to the monitor', async (kit) => {
  const server = await kit.server();
  const redis = await kit.service(cache());
  const page = await kit.open(server, '#/');
  await page.getByText('Nothing is watched yet').waitFor();
  await page.keyboard.press('n');
  await page.getByRole('heading', { name: 'Add a monitor' }).waitFor();
  await tabTo(page, '.mf-a input');
  await page.keyboard.type(redis.target);
  await tabTo(page, '.mf-test button');
  await page.keyboard.press('Enter');
  await page.locator('.mf-test .is-up').first().waitFor();
  await tabTo(page, '.mf-section summary');
  await page.keyboard.press('Control+Enter');
  await page.locator('.mo-head .is-up').first().waitFor();
  kit.expect('one monitor', (await server.api('GET', '/monitors')).data.length === 1);
});

story('form: an address becomes host and port, the port its service; by keyboard a service gives the port', async (kit) => {
  const server = await kit.server();
  const page = await kit.open(server, '#/monitors/new');
  await page.getByLabel('What to watch').fill('tcp://redis.example.com:6379');
  await page.keyboard.press('Tab');
  await page.getByText('Only host and port are used: redis.example.com:6379.').waitFor();
  kit.expect('the port chose its service', await page.getByRole('radio', { name: /^Redis/ }).isChecked());
  await page.getByRole('button', { name: /really Redis/ }).click();
  await section(page, 'What to say').click();
  await page.getByText('PING').first().waitFor();
  await page.getByLabel('What to watch').fill('127.0.0.1');
  await page.getByRole('radio', { name: /^Redis/ }).focus();
  const port = async () => page.getByLabel('What to watch').inputValue();
  for (let i = 0; i < 30 && (await port()) !== '127.0.0.1:5432'; i += 1) await page.keyboard.press('ArrowRight');
  kit.expect('the arrows lead to PostgreSQL, which gives the port', (await port()) === '127.0.0.1:5432', await port());
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/#\/monitors\/(?!new)/);
  kit.expect('it is watched', (await server.api('GET', '/monitors')).data[0].target === '127.0.0.1:5432');
});

story('form: mistakes are told where they are, and by the server as one writes', async (kit) => {
  const server = await kit.server();
  const page = await kit.open(server, '#/monitors/new', { allow: [/ 422 \S+\/monitors$/] });
  await page.getByLabel('What to watch').fill('db.example.com:99999');
  await save(page).click();
  await page.locator('.problem').getByText('A port is a number from 1 to 65535').waitFor();
  await page.getByLabel('What to watch').fill('db.example.com:5432');
  await section(page, 'Speed').click();
  await page.getByLabel('Degraded after').fill('3');
  await save(page).click();
  await page.locator('.problem a').first().click();
  kit.expect('the link leads to the field', await page.evaluate(() => document.activeElement?.id === 'f-degraded_after'));
  await page.getByLabel('Degraded after').fill('300ms');
  await section(page, 'When').click();
  await page.getByLabel('Check every').fill('5s');
  await page.getByText(/The timeout .* is longer than the interval/).waitFor();
  kit.expect('nothing was made', (await server.api('GET', '/monitors')).data.length === 0);
});

story('form, change: no warning of itself, another one\'s change is not undone', async (kit) => {
  const server = await kit.server();
  const redis = await kit.service(cache());
  await server.api('POST', '/monitors', { id: 'redis', name: 'Redis', target: redis.target, interval: '10s', timeout: '2s' });
  const page = await kit.open(server, '#/monitors/redis/edit', { allow: [/ 412 \S+\/monitors\/\d+$/] });
  const dry = page.waitForResponse((one) => one.url().includes('dry_run'));
  await page.getByRole('heading', { name: 'Edit Redis' }).waitFor();
  const told = await (await dry).json();
  kit.expect('it does not warn of itself', told.problems.length === 0 && !JSON.stringify(told.warnings).includes('already'), JSON.stringify(told));
  await section(page, 'About it').click();
  await page.getByLabel('Name', { exact: true }).fill('Redis of the shop');
  await server.api('PATCH', '/monitors/redis', { group: 'Shop' }, { 'Content-Type': 'application/merge-patch+json' });
  await save(page).click();
  await page.getByText('Someone changed this monitor meanwhile').waitFor();
  kit.expect('what was typed is there', (await page.getByLabel('Name', { exact: true }).inputValue()) === 'Redis of the shop');
  await page.getByRole('button', { name: 'Save mine over it' }).click();
  await page.getByRole('heading', { name: 'Redis of the shop', exact: true }).waitFor();
});

story('form: what was typed outlives leaving, and a server that is away', async (kit) => {
  const server = await kit.server();
  const page = await kit.open(server, '#/monitors/new', { allow: [/ERR_/] });
  await page.getByLabel('What to watch').fill('db.example.com:5432');
  await page.getByRole('link', { name: 'Overview' }).first().click();
  await page.getByText('Your unsaved changes are kept').waitFor();
  await page.getByRole('button', { name: 'Go back to them' }).click();
  await page.getByText('These are your unsaved changes').waitFor();
  kit.expect('it is there again', (await page.getByLabel('What to watch').inputValue()) === 'db.example.com:5432');
  await server.stop();
  await save(page).click();
  await page.locator('.problem').waitFor();
  kit.expect('and still there', (await page.getByLabel('What to watch').inputValue()) === 'db.example.com:5432');
  await server.start();
  await page.locator('.problem').getByRole('button', { name: 'Try again' }).click();
  await page.waitForURL(/#\/monitors\/db-example-com-5432/);
  kit.expect('made once', (await server.api('GET', '/monitors')).data.length === 1);
});

story('form: many at once', async (kit) => {
  const server = await kit.server();
  const page = await kit.open(server, '#/monitors/new?mode=many');
  await page.getByLabel('Monitors, one a line').fill('Redis sessions 127.0.0.1:6379 prod,cache\nwww.example.com:80,443 prod\nnothing here');
  await page.getByRole('button', { name: 'Make 3 monitors' }).click();
  await page.getByText('3 monitors are made').waitFor();
  const names = (await server.api('GET', '/monitors')).data.map((one) => one.target).sort();
  kit.expect('all three', names.join() === '127.0.0.1:6379,www.example.com:443,www.example.com:80', names.join());
});

story('form: a monitor of a project is shown, not changed', async (kit) => {
  const server = await kit.server({ config: 'version: 1\nproject: { id: shop }\nmonitors: { db: { target: "127.0.0.1:1", interval: 60s } }\n' });
  const page = await kit.open(server, '#/monitors/db/edit');
  await page.getByText('This monitor is kept as code').waitFor();
  kit.expect('there is no Save', (await save(page).count()) === 0);
  await page.getByRole('link', { name: 'Make a copy' }).click();
  await page.getByRole('heading', { name: 'Add a monitor' }).waitFor();
  await until('the target came along', async () => (await page.getByLabel('What to watch').inputValue()) === '127.0.0.1:1');
});
