// Settings: language and theme, the password, tokens, how the server is.
import { tabTo } from '../kit/keys.mjs';
import { user } from '../kit/server.mjs';
import { story } from '../kit/story.mjs';
import { until } from '../kit/wait.mjs';

story('settings, mouse: language and theme hold over a reload', async (kit) => {
  const server = await kit.server();
  const page = await kit.open(server, '#/settings');
  await page.getByRole('combobox', { name: 'Theme' }).selectOption('dark');
  await page.getByRole('combobox', { name: 'Language' }).selectOption('ru');
  await page.getByRole('heading', { name: 'Настройки' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Настройки' }).waitFor();
  kit.expect('dark', (await page.evaluate(() => document.documentElement.dataset.theme)) === 'dark');
  kit.expect('the page says its language', (await page.evaluate(() => document.documentElement.lang)) === 'ru');
});

story('settings, mouse: a token is shown once, works, and is revoked', async (kit) => {
  const server = await kit.server();
  const page = await kit.open(server, '#/settings?tab=tokens');
  await page.getByText('There are no tokens').waitFor();
  await page.getByLabel('Name').fill('grafana <b>');
  await page.getByLabel('It may').selectOption('read');
  await page.getByRole('button', { name: 'Make a token' }).click();
  const token = await page.locator('.code-block').innerText();
  const ask = async () => (await fetch(`${server.address}/api/v1/monitors`, { headers: { Authorization: `Bearer ${token}` } })).status;
  kit.expect('it works', (await ask()) === 200);
  await page.getByText('grafana <b>').waitFor();
  await page.reload();
  await page.getByText('grafana <b>').waitFor();
  kit.expect('it is not shown again', !(await page.locator('.main').innerText()).includes(token));
  await page.getByRole('button', { name: 'Revoke' }).click();
  await page.locator('dialog').getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('Revoked').waitFor();
  kit.expect('it is refused', (await ask()) === 401);
});

story('settings, keyboard only: the password', async (kit) => {
  const server = await kit.server();
  const page = await kit.open(server, '#/settings', { allow: [/ (401|403|422) \S+\/password$/] });
  await tabTo(page, 'input[autocomplete=current-password]');
  await page.keyboard.type('not the password');
  await tabTo(page, 'input[autocomplete=new-password]');
  await page.keyboard.type('another password');
  await page.keyboard.press('Enter');
  await until('it is told', async () => (await page.locator('.problem, [aria-invalid=true]').count()) > 0);
  await tabTo(page, 'input[autocomplete=current-password]', { back: true });
  await page.keyboard.press('Control+a');
  await page.keyboard.type(user.password);
  await page.keyboard.press('Enter');
  await page.getByText('The password is changed').waitFor();
  const signIn = (password) => fetch(`${server.address}/api/v1/session`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ user: user.name, password }) });
  kit.expect('the old one is refused', (await signIn(user.password)).status === 401);
  kit.expect('the new one is taken', (await signIn('another password')).status === 200);
});

story('settings: how the server is, in words', async (kit) => {
  const server = await kit.server();
  const page = await kit.open(server, '#/settings');
  await page.getByRole('tab', { name: 'System' }).click();
  const text = await page.locator('.se [role=tabpanel]').innerText();
  await until('the facts', async () => /Version \d/.test(await page.locator('.se [role=tabpanel]').innerText()));
  kit.expect('no placeholder is left', !/[{}]|undefined|NaN/.test(text), text);
});
