// First run, signing in and out, and where signing in cannot work.
import { cache, greeting, silent } from '../kit/services.mjs';
import { tabTo } from '../kit/keys.mjs';
import { user } from '../kit/server.mjs';
import { story } from '../kit/story.mjs';
import { until } from '../kit/wait.mjs';

const password = 'a long password';

story('first run, mouse: link, account, live check, monitor', async (kit) => {
  const server = await kit.server({ account: false });
  const redis = await kit.service(greeting('220 ready\r\n'));
  const page = await kit.open(server, await server.setupHash(), { signedIn: false });
  kit.expect('the suggestion is the server itself', (await page.getByLabel('What do you want to watch?').inputValue()) === `127.0.0.1:${server.port}`);
  await page.locator('input[autocomplete=new-password]').fill(password);
  await page.getByLabel('What do you want to watch?').fill(redis.target);
  await page.getByRole('button', { name: 'Create account and check' }).click();
  await page.getByRole('heading', { name: `${redis.target} answers` }).waitFor();
  await page.waitForURL(/#\/monitors\//);
  await page.locator('.mo-head .is-up').first().waitFor();
  await page.locator('.live.is-live').waitFor();
  const made = (await server.api('GET', '/monitors')).data;
  kit.expect('one monitor of the target', made.length === 1 && made[0].target === redis.target && made[0].owner.kind === 'ui', JSON.stringify(made));
  // The link is used up.
  const other = await kit.open(server, await server.setupHash(), { signedIn: false });
  await other.getByText('has an account already').waitFor();
});

story('first run, keyboard only', async (kit) => {
  const server = await kit.server({ account: false });
  const redis = await kit.service(cache());
  const page = await kit.open(server, await server.setupHash(), { signedIn: false });
  await page.locator('.setup-form').waitFor();
  await tabTo(page, 'input[autocomplete=new-password]');
  await page.keyboard.type(password);
  await tabTo(page, '.setup-form input.mono');
  await page.keyboard.press('Control+a');
  await page.keyboard.type(redis.target);
  await page.keyboard.press('Enter');
  await page.waitForURL(/#\/monitors\//);
  await page.locator('.mo-head .is-up').first().waitFor();
});

story('first run: mistakes stand at their fields, a wrong link is told, a failing target is explained', async (kit) => {
  const server = await kit.server({ account: false });
  const gone = await kit.service(silent());
  await gone.stop();
  const page = await kit.open(server, '#/setup/wrong-token', { signedIn: false, allow: [/ 403 \S+\/setup$/] });
  await page.getByRole('button', { name: 'Create account and check' }).click();
  await page.getByText('At least 10 characters are needed').waitFor();
  kit.expect('the field has the focus', await page.evaluate(() => document.activeElement?.matches('input[autocomplete=new-password]')));
  await page.locator('input[autocomplete=new-password]').fill(password);
  await page.getByLabel('What do you want to watch?').fill('127.0.0.1');
  await page.getByRole('button', { name: 'Create account and check' }).click();
  await page.getByText('Which service of 127.0.0.1?').waitFor();
  await kit.axe(page, 'set-up with mistakes');
  await page.getByRole('button', { name: /Redis/ }).click();
  kit.expect('the service gave the port', (await page.getByLabel('What do you want to watch?').inputValue()) === '127.0.0.1:6379');
  await page.getByRole('button', { name: 'Create account and check' }).click();
  await page.getByText('not the one of the running server').waitFor();
  await page.goto(`${server.address}/${await server.setupHash()}`);
  await page.locator('input[autocomplete=new-password]').fill(password);
  await page.getByLabel('What do you want to watch?').fill(gone.target);
  await page.getByRole('button', { name: 'Create account and check' }).click();
  await page.getByText('tcp_refused').waitFor();
  await kit.axe(page, 'a failed first check');
  kit.expect('nothing is watched yet', (await server.api('GET', '/monitors')).data.length === 0);
  await page.getByRole('button', { name: 'Watch it anyway' }).click();
  await page.waitForURL(/#\/monitors\//);
  await page.locator('.mo-head .is-down').first().waitFor();
});

story('sign-in: wrong, right, a reload stays, out', async (kit) => {
  const server = await kit.server();
  const page = await kit.open(server, '#/settings', { signedIn: false });
  await page.getByLabel('User name').fill(user.name);
  await page.locator('input[autocomplete=current-password]').fill('a wrong password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('User name or password is wrong').waitFor();
  await page.locator('input[autocomplete=current-password]').fill(user.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Settings' }).waitFor();
  const cookies = await page.context().cookies();
  kit.expect('one cookie, closed to scripts and to other sites', cookies.length === 1 && cookies[0].name === '__Host-tocsin' && cookies[0].httpOnly && cookies[0].secure && cookies[0].sameSite === 'Strict' && cookies[0].path === '/', JSON.stringify(cookies));
  await page.reload();
  await page.getByRole('heading', { name: 'Settings' }).waitFor();
  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByLabel('User name').waitFor();
  kit.expect('the cookie is gone', (await page.context().cookies()).length === 0);
});

story('sign-in, keyboard only; too many tries are told with the time', async (kit) => {
  const server = await kit.server();
  const page = await kit.open(server, '#/', { signedIn: false, allow: [/ 429 \S+\/session$/] });
  await page.getByLabel('User name').waitFor();
  await tabTo(page, 'input[autocomplete=username]');
  await page.keyboard.type(user.name);
  await page.keyboard.press('Tab');
  await page.keyboard.type(user.password);
  await page.keyboard.press('Enter');
  await page.locator('.shell').waitFor();
  const other = await kit.open(server, '#/', { signedIn: false, allow: [/ 429 \S+\/session$/] });
  await other.getByLabel('User name').fill('eve');
  for (let tries = 0; tries < 10 && !(await other.getByText('Too many tries').isVisible()); tries += 1) {
    await other.locator('input[autocomplete=current-password]').fill(`a wrong password ${tries}`);
    const answer = other.waitForResponse(/\/session$/);
    await other.getByRole('button', { name: 'Sign in' }).click();
    await answer;
    await until('the form is ready again', async () => (await other.getByText('Too many tries').isVisible()) || (await other.getByRole('button', { name: 'Sign in' }).isEnabled()));
  }
  await other.getByText(/Too many tries\. Try again in \d/).waitFor();
});

story('a session that ends leaves the page and asks over it', async (kit) => {
  const server = await kit.server();
  const page = await kit.open(server, '#/monitors/new', { allow: [/ 401 /] });
  await page.getByLabel('What to watch').fill('db.example.com:5432');
  await server.cli(['user', 'password', user.name], 'another password\n');
  await page.locator('dialog[open] input[autocomplete=username]').waitFor();
  await page.locator('dialog[open] input[autocomplete=username]').fill(user.name);
  await page.locator('dialog[open] input[autocomplete=current-password]').fill('another password');
  await page.keyboard.press('Enter');
  await page.locator('dialog').waitFor({ state: 'detached' });
  kit.expect('what was typed is there', (await page.getByLabel('What to watch').inputValue()) === 'db.example.com:5432');
  await page.locator('.live.is-live').waitFor();
});

// http://10.0.0.5:8400: no browser keeps a Secure cookie there.
story('plain http from elsewhere: said before a password is typed, with ways that work', async (kit) => {
  const fresh = await kit.server({ account: false });
  const hash = await fresh.setupHash();
  const set = await kit.open(`http://tocsin.test:${fresh.port}`, hash, { signedIn: false });
  await set.getByText('Nobody can be signed in at this address').waitFor();
  kit.expect('no password is asked for', (await set.locator('input').count()) === 0);
  kit.expect('the tunnel is a command to copy', (await set.locator('pre').innerText()) === `ssh -N -L ${fresh.port}:tocsin.test:${fresh.port} tocsin.test`);
  kit.expect('the link goes on to the same page on this computer', (await set.locator('a[href^="http://127"]').getAttribute('href')) === `${fresh.address}/${hash}`);
  await kit.axe(set, 'set-up over http');
  kit.expect('the link is not used up', (await (await fetch(`${fresh.address}/api/v1/setup`)).json()).open);
  const known = await kit.server();
  for (const look of [{ width: 360, height: 720 }, { width: 1440, height: 900, scheme: 'dark' }]) {
    const page = await kit.open(`http://tocsin.test:${known.port}`, '#/incidents', { signedIn: false, ...look });
    await page.getByText('Nobody can be signed in at this address').waitFor();
    kit.expect('no password is asked for', (await page.locator('input').count()) === 0);
    await kit.axe(page, `sign-in over http, ${look.width}`);
    await kit.fits(page, `sign-in over http, ${look.width}`);
  }
});

story('a browser that keeps no cookie is told so instead of asked again', async (kit) => {
  const server = await kit.server();
  const proxy = await kit.proxy(server, { dropCookies: true });
  const page = await kit.open(proxy.address, '#/', { signedIn: false });
  await page.getByLabel('User name').fill(user.name);
  await page.locator('input[autocomplete=current-password]').fill(user.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('did not keep the cookie').waitFor();
  kit.expect('the shell is not shown', (await page.locator('.shell').count()) === 0);
});
