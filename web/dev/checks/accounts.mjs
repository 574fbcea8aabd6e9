const password = 'a long password';
const looks = { light: {}, dark: { scheme: 'dark' }, small: { width: 360, height: 720 } };

async function fillSetup(page, target) {
  await page.locator('input[autocomplete=new-password]').fill(password);
  await page.getByLabel('What do you want to watch?').fill(target);
}

export const accountChecks = {
  'first run: account, live check, monitor': async ({ open, expect, axe }) => {
    const { page, fake } = await open({ setup: true, monitors: 0, signedIn: false, hash: '#/setup/first-run-token', slow: true });
    expect('the suggestion is the server', (await page.getByLabel('What do you want to watch?').inputValue()) === fake.address.slice(7));
    await fillSetup(page, 'redis.example.com:6379');
    await page.locator('button[type=submit]').click();
    await page.locator('.wf-bar.is-running').first().waitFor();
    await page.getByRole('heading', { name: /answers/ }).waitFor();
    await page.getByText('watched from now on').waitFor();
    await axe(page, 'first check');
    await page.waitForURL(/#\/monitors\//);
    expect('one monitor was made', fake.world.monitors.length === 1 && fake.world.monitors[0].target === 'redis.example.com:6379');
    expect('nothing was refused but the first question', fake.world.refused.every((one) => one.startsWith('GET /api/v1/session 401')), fake.world.refused.join());
  },
  'first run: a failing target is explained and kept only if wanted': async ({ open, expect, axe }) => {
    const { page, fake } = await open({ setup: true, monitors: 0, signedIn: false, hash: '#/setup/first-run-token' });
    await fillSetup(page, 'refused.example.com:1');
    await page.locator('button[type=submit]').click();
    await page.getByText('tcp_refused').waitFor();
    await axe(page, 'failed check');
    expect('no monitor yet', fake.world.monitors.length === 0);
    await page.getByRole('button', { name: 'Watch it anyway' }).click();
    await page.waitForURL(/#\/monitors\//);
    expect('one monitor then', fake.world.monitors.length === 1);
  },
  'first run: mistakes are said at the field, a wrong link in words': async ({ open, expect, axe }) => {
    const { page, fake } = await open({ setup: true, monitors: 0, signedIn: false, hash: '#/setup/wrong' });
    await page.locator('button[type=submit]').click();
    await page.getByText('At least 10 characters are needed').waitFor();
    expect('the field has the focus', await page.evaluate(() => document.activeElement?.getAttribute('autocomplete') === 'new-password'));
    await fillSetup(page, 'example.com');
    await page.locator('button[type=submit]').click();
    await page.getByText('Which service of example.com?').waitFor();
    await axe(page, 'setup with mistakes');
    await page.getByRole('button', { name: /Redis/ }).click();
    await page.locator('button[type=submit]').click();
    await page.getByText('not the one of the running server').waitFor();
    expect('no account', fake.world.users.length === 0);
  },
  'first run is closed once there is an account': async ({ open, axe }) => {
    const { page } = await open({ monitors: 0, signedIn: false, hash: '#/setup/first-run-token' });
    await page.getByText('has an account already').waitFor();
    await axe(page, 'closed setup');
  },
  'sign-in: wrong, right, reload stays, sign out': async ({ open, expect }) => {
    const { page, fake } = await open({ monitors: 3, signedIn: false });
    await page.getByLabel('User name').fill('admin');
    await page.locator('input[autocomplete=current-password]').fill('wrong password');
    await page.keyboard.press('Enter');
    await page.getByText('User name or password is wrong').waitFor();
    await page.locator('input[autocomplete=current-password]').fill('correct horse');
    await page.keyboard.press('Enter');
    await page.locator('.ov-row').nth(2).waitFor();
    await page.reload();
    await page.locator('.ov-row').nth(2).waitFor();
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByLabel('User name').waitFor();
    expect('the server forgot the session', fake.world.sessions.size === 0);
  },
  'a session that ends leaves the page and asks over it': async ({ open, expect, axe }) => {
    const { page, fake } = await open({ monitors: 30 });
    await page.locator('.ov-search input').fill('redis');
    fake.world.sessions.clear();
    fake.world.dropClients();
    await page.locator('dialog[open]').waitFor();
    await axe(page, 'sign-in over a page');
    await page.locator('dialog input[autocomplete=username]').fill('admin');
    await page.locator('dialog input[autocomplete=current-password]').fill('correct horse');
    await page.keyboard.press('Enter');
    await page.locator('dialog').waitFor({ state: 'detached' });
    expect('the search is still there', (await page.locator('.ov-search input').inputValue()) === 'redis');
  },
  'axe: sign-in and first run in every look and language': async ({ open, axe, expect }) => {
    for (const [name, look] of Object.entries(looks)) {
      for (const language of ['en-GB', 'ru-RU', 'ja-JP']) {
        for (const setup of [false, true]) {
          const { page } = await open({ monitors: 0, setup, signedIn: false, hash: setup ? '#/setup/first-run-token' : '#/', look: { ...look, language } });
          await page.locator('form').waitFor();
          await axe(page, `${setup ? 'setup' : 'sign-in'} ${name} ${language}`);
          expect(`${name} ${language} does not scroll sideways`, await page.evaluate(() => document.querySelector('.bare').scrollWidth <= innerWidth));
        }
      }
    }
  },
};
