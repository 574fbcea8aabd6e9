// The main path of every page that has no file of its own, and every page in every look: axe, nothing sideways, nothing logged.
const looks = {
  light360: { width: 360, height: 720 }, dark360: { width: 360, height: 720, scheme: 'dark' }, light768: { width: 768, height: 900 }, dark768: { width: 768, height: 900, scheme: 'dark' }, light1440: { width: 1440, height: 900 }, dark1440: { width: 1440, height: 900, scheme: 'dark' },
};
const at = (id) => `#/monitors/${id}`;

async function addresses(page, fake) {
  const own = fake.world.monitors.find((one) => one.owner.kind === 'ui' && one.status === 'up');
  const down = fake.world.monitors.find((one) => one.status === 'down');
  const read = (path) => page.evaluate(async (to) => (await (await fetch(`api/v1${to}`)).json()), path);
  const incident = (await read('/incidents?limit=1')).data[0];
  const alert = (await read('/alerts?limit=1')).data[0];
  return {
    overview: '#/', search: '#/?q=state:up%20tag:prod', add: '#/monitors/new', many: '#/monitors/new?mode=many', edit: `${at(own.id)}/edit`,
    up: at(own.id), down: at(down.id), table: `${at(own.id)}?view=table`, results: `${at(down.id)}?tab=results`, 'its incidents': `${at(down.id)}?tab=incidents`, 'its alerts': `${at(down.id)}?tab=alerts`, config: `${at(own.id)}?tab=config`,
    'good result': `${at(own.id)}/results/${own.last_result.id}`, 'bad result': `${at(down.id)}/results/${down.last_result.id}`,
    incidents: '#/incidents?show=all', incident: `#/incidents/${encodeURIComponent(incident.id)}`, alerts: '#/alerts', alert: `#/alerts?key=${encodeURIComponent(alert.key)}`, settings: '#/settings', tokens: '#/settings?tab=tokens', system: '#/settings?tab=system', nowhere: '#/nowhere',
  };
}
const everyPage = (name, look, language) => async ({ open, expect, axe }) => {
  const { page, fake } = await open({ monitors: 200, look: { ...look, language } });
  for (const [id, hash] of Object.entries(await addresses(page, fake))) {
    await page.goto(`${fake.address}/${hash}`);
    await page.locator('main h1, main h2').first().waitFor();
    await page.waitForTimeout(350);
    await axe(page, `${id} ${name}`);
    const wide = await page.evaluate(() => { const main = document.querySelector('.main'); return main.scrollWidth - main.clientWidth; });
    expect(`${id} ${name} does not scroll sideways`, wide <= 0, `${wide} px`);
  }
  const odd = fake.world.refused.filter((one) => !one.startsWith('GET /api/v1/session 401'));
  expect('nothing was refused', odd.length === 0, odd.join());
};

export const pageChecks = {
  ...Object.fromEntries(Object.entries(looks).map(([name, look]) => [`pages: all of them, ${name}`, everyPage(name, look, 'en-GB')])),
  'pages: all of them, in Russian at 360 px': everyPage('ru', looks.light360, 'ru-RU'),
  'pages: all of them, in Japanese at 360 px': everyPage('ja', looks.light360, 'ja-JP'),

  'monitor: run, pause, mute, period, scale, table, code, palette': async ({ open, expect }) => {
    const { page, fake } = await open({ monitors: 60 });
    const one = fake.world.monitors.find((m) => m.owner.kind === 'ui' && m.status === 'up');
    await page.goto(`${fake.address}/${at(one.id)}`);
    await page.getByRole('heading', { name: one.name }).waitFor();
    await page.locator('.u-over').first().waitFor();
    await page.getByRole('button', { name: '7 d' }).click();
    await page.waitForFunction(() => location.hash.includes('range=7d'));
    await page.getByRole('button', { name: 'Log scale' }).click();
    await page.getByRole('button', { name: 'As a table' }).click();
    await page.locator('table caption').first().waitFor({ state: 'attached' });
    expect('all of it is in the address', /range=7d/.test(page.url()) && /scale=log/.test(page.url()) && /view=table/.test(page.url()), page.url());
    await page.keyboard.press('r');
    await page.getByText('Check started').waitFor();
    await page.keyboard.press('p');
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    expect('it is paused', one.paused);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('resume');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    expect('the palette resumes it', !one.paused);
    await page.keyboard.press('m');
    await page.getByRole('button', { name: 'Unmute' }).waitFor();
    await page.getByRole('tab', { name: 'Config' }).click();
    await page.getByRole('button', { name: 'As code' }).click();
    await page.getByRole('tab', { name: 'CLI' }).click();
    await page.getByText(`tocsin probe ${one.target}`).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: 'Results' }).click();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Phases' }).waitFor();
  },
  'result: why, with what, beside the last good one; [ and ]': async ({ open, expect }) => {
    const { page, fake } = await open({ monitors: 200 });
    const down = fake.world.monitors.find((m) => m.status === 'down' && m.failing === 'expect_mismatch') ?? fake.world.monitors.find((m) => m.status === 'down');
    await page.goto(`${fake.address}/${at(down.id)}/results/${down.last_result.id}`);
    await page.getByRole('heading', { name: 'Likely causes' }).waitFor();
    await page.getByRole('heading', { name: 'Beside the last good result' }).waitFor();
    await page.getByText('failed here').first().waitFor();
    const first = page.url();
    await page.keyboard.press('[');
    await page.waitForFunction((before) => location.href !== before, first);
    await page.keyboard.press(']');
    await page.waitForFunction((before) => location.href === before, first);
    const good = fake.world.monitors.find((m) => m.status === 'up' && m.target.endsWith(':6379'));
    await page.goto(`${fake.address}/${at(good.id)}/results/${good.last_result.id}`);
    await page.getByText('response_data contains "+PONG"').waitFor();
    await page.getByRole('tab', { name: 'Hex + ASCII' }).last().click();
    await page.getByText('2b 50 4f 4e 47 0d 0a').waitFor();
    const overlap = await page.evaluate(() => [...document.querySelectorAll('.wf-ghost')].some((ghost) => ghost.getBoundingClientRect().right > ghost.parentElement.getBoundingClientRect().right + 1));
    expect('a median beyond the result stays in its track', !overlap);
    await page.getByRole('button', { name: 'As code' }).click();
    await page.getByText(`/results/${good.last_result.id}`).waitFor();
  },
  'add: target, test, expect this, channel, save': async ({ open, expect }) => {
    const { page, fake } = await open({ monitors: 20, hash: '#/monitors/new', slow: true });
    await page.getByLabel('What to watch').fill('tcp://redis.example.com:6379');
    await page.keyboard.press('Tab');
    await page.getByText('Only host and port are used: redis.example.com:6379.').waitFor();
    expect('the port chose its service', await page.getByRole('radio', { name: /^Redis/ }).isChecked());
    await page.getByRole('button', { name: /really Redis/ }).click();
    await page.getByRole('button', { name: 'Test now' }).click();
    await page.locator('.wf-bar.is-running').first().waitFor();
    await page.getByRole('button', { name: 'Expect this' }).click();
    await page.locator('.mf-live.is-up').first().waitFor();
    await page.getByRole('heading', { name: 'Speed' }).click();
    await page.getByLabel('Degraded after').fill('50ms');
    await page.getByRole('heading', { name: 'When' }).click();
    await page.locator('.mf-next time').nth(4).waitFor();
    await page.getByRole('heading', { name: 'Telling people' }).click();
    await page.getByLabel('Team mail').first().check();
    await page.locator('.mf-preview').getByText('Team mail').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.waitForURL(/#\/monitors\/(?!new)/);
    const made = fake.world.monitors.at(-1);
    expect('as it was entered', made.target === 'redis.example.com:6379' && made.config.degraded_after === '50ms' && made.config.channels.join() === 'mail' && made.config.assert.length === 1, JSON.stringify(made.config));
  },
  'add: by keyboard only': async ({ open, expect }) => {
    const { page, fake } = await open({ monitors: 20 });
    await page.locator('.ov-row').nth(2).waitFor();
    await page.keyboard.press('n');
    await page.getByLabel('What to watch').waitFor();
    await page.getByLabel('What to watch').focus();
    await page.keyboard.type('db.example.com');
    await page.keyboard.press('Tab');
    await page.getByText('Which port?').waitFor();
    for (let i = 0; i < 12 && !(await page.getByRole('radio', { name: /^PostgreSQL/ }).isChecked()); i += 1) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Control+Enter');
    await page.waitForURL(/#\/monitors\/(?!new)/);
    expect('it is watched', fake.world.monitors.at(-1).target === 'db.example.com:5432', fake.world.monitors.at(-1).target);
  },
  'incidents: acknowledge with a, a note, the way to the log': async ({ open, expect }) => {
    const { page, fake } = await open({ monitors: 200, hash: '#/incidents' });
    await page.locator('.in-row').first().waitFor();
    fake.world.monitors.forEach((one) => (one.flags.acknowledged = false));
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'What happened' }).waitFor();
    await page.keyboard.press('a');
    await page.getByLabel('Note (optional)').fill('on it');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Acknowledged by admin').first().waitFor();
    await page.getByRole('button', { name: 'Add a note' }).click();
    await page.getByLabel('Note', { exact: true }).fill('the disk was full');
    await page.keyboard.press('Control+Enter');
    await page.getByText('admin: the disk was full').waitFor();
    expect('the server has both', fake.world.incidents.some((one) => one.acknowledge_note === 'on it' && one.notes.length === 1));
    await page.locator('.in-delivery summary').first().click();
    await page.getByRole('link', { name: /log/ }).first().click();
    await page.getByRole('heading', { name: 'What was sent' }).waitFor();
  },
  'alerts: filters in the address, why nothing was sent': async ({ open, expect }) => {
    const { page } = await open({ monitors: 200, hash: '#/alerts' });
    await page.locator('.al-row').first().waitFor();
    await page.getByLabel('State').selectOption('suppressed');
    await page.waitForFunction(() => location.hash.includes('state=suppressed'));
    await page.waitForFunction(() => [...document.querySelectorAll('.al-row .state')].every((one) => one.textContent === 'Not sent'));
    await page.keyboard.press('Escape');
    await page.locator('.al-row').first().click();
    await page.getByText('There was no attempt.').waitFor();
    expect('the reason is said', /muted|acknowledged/.test(await page.locator('dialog').innerText()), await page.locator('dialog').innerText());
  },
  'settings: a token is shown once and revoked; the system in words': async ({ open, expect }) => {
    const { page, fake } = await open({ monitors: 3, hash: '#/settings?tab=tokens' });
    await page.getByLabel('Name').fill('grafana');
    await page.getByRole('button', { name: 'Make a token' }).click();
    await page.getByText('This is the only time').waitFor();
    const token = (await page.locator('.code-block').first().innerText()).trim();
    expect('a token', /^tocsin_\S{20,}$/.test(token), token);
    await page.reload();
    await page.getByText('grafana').first().waitFor();
    expect('it is not shown again', !(await page.content()).includes(token));
    await page.getByRole('button', { name: 'Revoke' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.locator('dialog').waitFor({ state: 'detached' });
    expect('it is revoked', fake.world.tokens.some((one) => one.revoked && one.id === 't1') || fake.world.tokens.filter((one) => one.revoked).length > 1);
    await page.getByRole('tab', { name: 'System' }).click();
    await page.getByText('The schedule is kept.').waitFor();
  },
};
