const looks = { light: {}, dark: { scheme: 'dark' }, small: { width: 360, height: 720 } };
const rows = '.virtual > .ov-row';
const names = (page) => page.locator(`${rows} .ov-name > a`).allTextContents();
const query = (page) => page.evaluate(() => new URLSearchParams(location.hash.split('?')[1] ?? '').get('q'));

export const overviewChecks = {
  'axe: overview, its dialogs and menus, in every look': async ({ open, axe, expect }) => {
    for (const [name, look] of Object.entries(looks)) {
      const { page } = await open({ monitors: 120, look });
      await page.locator(`${rows} .beats`).first().waitFor();
      await axe(page, `list ${name}`);
      expect(`${name} does not scroll sideways`, await page.evaluate(() => document.querySelector('.main').scrollWidth <= innerWidth));
      await page.locator(`${rows} input`).nth(1).check();
      await page.locator(`${rows} input`).nth(2).check();
      await page.locator('.ov-batch').getByRole('button', { name: 'More actions' }).click();
      await axe(page, `selection and menu ${name}`);
      await page.getByRole('menuitem', { name: 'Delete' }).click();
      await page.locator('dialog[open]').waitFor();
      await axe(page, `delete ${name}`);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+k');
      await page.locator('.palette-list').waitFor();
      await axe(page, `palette ${name}`);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'More actions' }).first().click();
      await page.getByRole('menuitem', { name: 'As code' }).click();
      await page.locator('dialog.drawer[open]').waitFor();
      await axe(page, `as code ${name}`);
      await page.keyboard.press('Escape');
      await page.locator('.ov-search input').fill('state:down tag:nothing');
      await page.getByText('No monitor matches').waitFor();
      await axe(page, `no match ${name}`);
    }
  },
  'axe: empty, help, no such page': async ({ open, axe, expect }) => {
    const { page, fake } = await open({ monitors: 0 });
    await page.getByText('Nothing is watched yet').waitFor();
    await page.getByText('MongoDB').waitFor();
    await axe(page, 'empty');
    await page.keyboard.press('?');
    await page.locator('dialog[open]').waitFor();
    await axe(page, 'shortcuts');
    await page.keyboard.press('Escape');
    await page.goto(`${fake.address}/#/nowhere`);
    await page.getByText('There is no such page').waitFor();
    await axe(page, 'no such page');
    expect('the shell is still there', await page.locator('.side').isVisible());
  },
  'every language shows no English and fits 360 px': async ({ open, expect, axe }) => {
    for (const language of ['ru-RU', 'ja-JP']) {
      const { page } = await open({ monitors: 60, look: { width: 360, height: 720, language } });
      await page.locator(rows).nth(2).waitFor();
      await axe(page, language);
      const text = await page.locator('.shell').innerText();
      const english = text.match(/\b(Overview|Search|Down|Degraded|Unknown|Latency|Checked|monitors|Live|Add)\b/g);
      expect(`${language} has no English`, !english, english?.join());
      expect(`${language} does not scroll sideways`, await page.evaluate(() => document.querySelector('.main').scrollWidth <= innerWidth));
    }
  },
  'search, operators and the strip, all in the address': async ({ open, expect }) => {
    const { page, fake } = await open({ monitors: 400 });
    await page.locator(rows).first().waitFor();
    const count = async () => Number((await page.locator('.ov-grid').getAttribute('aria-rowcount')) ?? 1) - 1;
    const search = page.locator('.ov-search input');
    const want = async (text, fits) => {
      await search.fill(text);
      const wanted = fake.world.monitors.filter(fits).length;
      expect(text, wanted > 0 && (await count()) === wanted, `${await count()} shown, ${wanted} wanted`);
      expect(`${text} is in the address`, (await query(page)) === text);
    };
    await want('tag:db', (m) => m.tags.includes('db'));
    await want('port:6379', (m) => m.target.endsWith(':6379'));
    await want('host:waw name:redis', (m) => m.target.includes('waw') && m.name.toLowerCase().includes('redis'));
    await want('-tag:prod port:22', (m) => !m.tags.includes('prod') && m.target.endsWith(':22'));
    await want('orders', (m) => m.name.toLowerCase().includes('orders'));
    await search.fill('');
    await page.locator('.ov-summary .is-down').first().click();
    expect('the strip filters', (await query(page)) === 'state:down' && (await count()) === fake.world.monitors.filter((m) => m.status === 'down').length);
    await page.reload();
    await page.locator(rows).first().waitFor();
    expect('a reload keeps it', (await search.inputValue()) === 'state:down' && (await page.locator(`${rows} .ov-state .is-down`).count()) > 0);
    await page.locator('.ov-summary .is-down').first().click();
    await page.getByRole('button', { name: 'Latency' }).click();
    const latencies = fake.world.monitors.map((m) => m.last_result?.response_time_us ?? -1).sort((a, b) => b - a);
    const top = fake.world.monitors.find((m) => (m.last_result?.response_time_us ?? -1) === latencies[0]);
    expect('sorted by latency, largest first', (await names(page))[0] === top.name);
    await page.goBack();
    expect('back undoes the order', !page.url().includes('sort='));
  },
  'select, pause, undo; delete asks; a project refuses': async ({ open, expect }) => {
    const { page, fake } = await open({ monitors: 40 });
    await page.locator('.ov-search input').fill('-state:paused tag:prod');
    const uids = async () => (await page.locator(`${rows}.is-selected .ov-name > a`).allTextContents()).map((name) => fake.world.monitors.find((m) => m.name === name));
    await page.locator(`${rows} input`).nth(0).click();
    await page.locator(`${rows} input`).nth(3).click({ modifiers: ['Shift'] });
    const chosen = await uids();
    expect('a range of four', chosen.length === 4);
    await page.locator('.ov-batch').getByRole('button', { name: 'Pause' }).click();
    await page.getByText('4 monitors paused').waitFor();
    expect('the server paused them', chosen.every((m) => m.paused));
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Undone').waitFor();
    expect('and resumed them', chosen.every((m) => !m.paused));
    await page.locator('.ov-batch').getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    expect('delete waits for the number', await page.locator('dialog button[type=submit]').isDisabled());
    await page.getByLabel('Type 4 to confirm').fill('4');
    await page.locator('dialog button[type=submit]').click();
    const owned = chosen.filter((m) => m.owner.kind === 'project').length;
    await page.getByText(/deleted/).waitFor();
    expect('those made here are gone', fake.world.monitors.length === 40 - (4 - owned), fake.world.monitors.length);
    if (owned > 0) {
      await page.getByRole('button', { name: 'Details' }).click();
      await page.getByText(/belongs to the project/).first().waitFor();
      await page.keyboard.press('Escape');
    }
    await page.getByRole('button', { name: 'Undo' }).click();
    for (let i = 0; i < 30 && fake.world.monitors.length < 40; i += 1) await page.waitForTimeout(100);
    expect('all are back', fake.world.monitors.length === 40);
  },
  'keyboard only: j, x, arrows along the beats, r, Enter, /': async ({ open, expect }) => {
    const { page, fake } = await open({ monitors: 200 });
    await page.locator(`${rows} .beats`).first().waitFor();
    const active = () => page.evaluate(() => Number(document.activeElement?.getAttribute('data-index') ?? -1));
    const press = async (key) => { await page.keyboard.press(key); await page.waitForTimeout(90); };
    await press('j');
    expect('j enters the list', (await active()) === 0, await active());
    await press('j');
    await press('j');
    expect('j goes down', (await active()) === 2, await active());
    await press('ArrowLeft');
    await page.waitForTimeout(50);
    expect('the last check is read out', /\d\d:\d\d:\d\d: /.test(await page.locator('.ov-frame > p').innerText()), await page.locator('.ov-frame > p').innerText());
    await press('End');
    expect('End is the last of 200', (await active()) === 199, await active());
    await press('x');
    expect('x selects', (await page.locator('.ov-batch-count').innerText()).startsWith('1'));
    const before = fake.world.monitors.length;
    await press('r');
    await page.getByText('1 check started').waitFor();
    expect('nothing else happened', fake.world.monitors.length === before);
    await press('Home');
    await press('Enter');
    expect('Enter opens', /#\/monitors\//.test(page.url()), page.url());
    await page.goBack();
    await page.locator(rows).first().waitFor();
    await press('/');
    expect('/ searches', await page.evaluate(() => document.activeElement?.matches('.ov-search input')));
    await page.keyboard.type('jx?');
    expect('typing is typing', (await page.locator('.ov-search input').inputValue()) === 'jx?');
    await press('Escape');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('theme: dark');
    await press('Enter');
    expect('the palette changed the theme', (await page.evaluate(() => document.documentElement.dataset.theme)) === 'dark');
    await page.reload();
    expect('before the first paint it is dark already', (await page.evaluate(() => document.documentElement.dataset.theme)) === 'dark');
  },
  'live: values change in place, rows do not jump under the pointer': async ({ open, expect }) => {
    const { page, fake } = await open({ monitors: 60 });
    await page.locator(`${rows} .beats`).first().waitFor();
    await page.mouse.move(640, 500);
    await page.waitForTimeout(100);
    const before = await names(page);
    const up = fake.world.monitors.find((m) => m.status === 'up' && before.includes(m.name));
    up.status = 'down';
    up.since = new Date().toISOString();
    fake.world.tell('monitor', (({ seed, named, failing, config, ...row }) => row)(up));
    await page.locator(`${rows}:has(a[title="${up.name}"]) .state.is-down`).waitFor();
    expect('the order stands', JSON.stringify(await names(page)) === JSON.stringify(before));
    await page.getByRole('button', { name: '1 change, apply' }).waitFor();
    await page.mouse.move(100, 300);
    await page.waitForTimeout(500);
    expect('after leaving the worst are first', (await names(page)).indexOf(up.name) < before.indexOf(up.name), `${before.indexOf(up.name)} -> ${(await names(page)).indexOf(up.name)}`);
  },
  'live: the connection is lost, said, and made again without losing an event': async ({ open, expect }) => {
    const { page, fake } = await open({ monitors: 20 });
    await page.locator('.live.is-live').waitFor();
    await page.mouse.move(100, 300); // not in the list, which would hold still
    fake.world.dropClients();
    await page.locator('.live.is-waiting').waitFor();
    expect('it says when it tries again', /Reconnecting in \d/.test(await page.locator('.live').innerText()), await page.locator('.live').innerText());
    const one = fake.world.monitors.find((m) => m.status === 'up');
    one.status = 'unknown';
    fake.world.tell('monitor', (({ seed, named, failing, config, ...row }) => row)(one));
    await page.locator('.live.is-live').waitFor();
    await page.locator(`${rows}:has(a[title="${one.name}"]) .state.is-unknown`).waitFor();
    await page.keyboard.press('.');
    await page.locator('.live.is-paused').waitFor();
    await page.keyboard.press('.');
    await page.locator('.live.is-live').waitFor();
  },
};
