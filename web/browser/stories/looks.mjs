// Every page in both themes at three widths: axe finds nothing, nothing scrolls sideways, and a picture of each is left to be looked at
// (TOCSIN_SHOTS, else build/shots). That takes a while, so without TOCSIN_LOOKS=all each page is seen once: one small and light, the next wide
// and dark. TOCSIN_LOOKS=overview,channels: these alone, in all looks.
import { mkdirSync } from 'node:fs';
import { story } from '../kit/story.mjs';
import { startWorld } from '../kit/world.mjs';

const shots = process.env.TOCSIN_SHOTS ?? new URL('../../../build/shots', import.meta.url).pathname;
const looks = [360, 768, 1440].flatMap((width) => ['light', 'dark'].map((scheme) => ({ width, height: width < 640 ? 720 : 900, scheme })));
const asked = process.env.TOCSIN_LOOKS ?? '';
const wholeMatrix = asked !== '';
const isAsked = (name) => asked === '' || asked === 'all' || asked.split(',').includes(name);
const slice = [looks[0], looks[5]];
const shown = wholeMatrix ? looks : slice;
// Whether the page of this name and number is seen so in this run.
const isDue = (name, number, look) => isAsked(name) && (wholeMatrix || slice[number % 2] === look);
const row = (name) => `.ov-row:has-text("${name}")`;

// What is shown, how one gets there, and what must be there before it counts.
const pages = ({ server, ledger, over, alert, results }) => [
  ['overview', '#/', row('Orders queue')],
  ['overview-chosen', '#/?q=tag:prod', async (page) => {
    await page.locator(row('Ledger')).waitFor();
    for (const at of [1, 2]) await page.locator('.ov-row input').nth(at).check();
    await page.locator('.ov-batch').waitFor();
  }],
  ['overview-no-match', '#/?q=state:up tag:nothing', 'text=No monitor matches'],
  ['palette', '#/', async (page) => {
    await page.locator(row('Ledger')).waitFor();
    await page.keyboard.press('Control+k');
    await page.locator('.palette-list').waitFor();
    await page.keyboard.type('le');
  }],
  ['shortcuts', '#/', async (page) => {
    await page.locator(row('Ledger')).waitFor();
    await page.keyboard.press('?');
    await page.locator('dialog[open]').waitFor();
  }],
  ['monitor', '#/monitors/orders', '.mo-recent .beats'],
  ['monitor-down', '#/monitors/ledger?range=1h', '.mo-recent .beats'],
  ['monitor-paused', '#/monitors/sleeper', '.mo-head'],
  ['monitor-disabled', '#/monitors/spare', '.mo-head'],
  ['monitor-results', '#/monitors/orders?tab=results', '.mo-result'],
  ['monitor-incidents', '#/monitors/orders?tab=incidents', 'a[href*="/incidents/"]'],
  ['monitor-alerts', '#/monitors/ledger?tab=alerts', 'text=late'],
  ['monitor-config', '#/monitors/orders?tab=config', '.mo [role=tabpanel]'],
  ['monitor-config-project', '#/monitors/sessions?tab=config', '.mo [role=tabpanel]'],
  ['monitor-code', '#/monitors/orders', async (page) => {
    await page.locator('.mo-head').waitFor();
    await page.locator('.mo-head').getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'As code' }).click();
    await page.locator('dialog.drawer[open]').waitFor();
  }],
  ['result-failed', `#/monitors/ledger/results/${results.ledger}`, '.re-line'],
  ['result-passed', `#/monitors/sessions/results/${results.sessions}`, '.re-line'],
  ['result-degraded', `#/monitors/reports/results/${results.reports}`, '.re-line'],
  ['result-tls', `#/monitors/vault/results/${results.vault}`, '.re-line'],
  ['result-assertion', `#/monitors/health/results/${results.health}`, '.re-line'],
  ['result-gone', `#/monitors/ledger/results/1-0-0-1700000000000000-1`, '.empty'],
  ['form-new', '#/monitors/new', '.mf'],
  ['form-filled', '#/monitors/new?preset=redis', async (page) => {
    await page.getByLabel('What to watch').fill(server.quickTarget);
    await page.getByRole('button', { name: 'Test now' }).click();
    await page.locator('.mf-facts').waitFor();
    for (const one of await page.locator('.mf-section > summary').all()) await one.click();
    await page.locator('.mf-next li').first().waitFor();
  }],
  ['form-wrong', '#/monitors/new', async (page) => {
    await page.getByLabel('What to watch').fill('nowhere.example.com:99999');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.locator('.problem').waitFor();
  }],
  ['form-many', '#/monitors/new?mode=many', '.mf [role=tabpanel]'],
  ['form-edit', '#/monitors/orders/edit', '.mf'],
  ['form-project', '#/monitors/sessions/edit', '.mf-note'],
  ['incidents', '#/incidents', `a[href*="${ledger.id}"]`],
  ['incident-open', `#/incidents/${ledger.id}`, 'text=Freed 20 GB'],
  ['incident-over', `#/incidents/${over.id}`, 'h1'],
  ['alerts', '#/alerts', '.al-row'],
  ['alerts-none', '#/alerts?monitor=sleeper', '.empty'],
  ['alert', `#/alerts?key=${encodeURIComponent(alert.key)}`, '.attempts'],
  ['channels', '#/channels', '.ch-card'],
  ['channel-new', '#/channels?add=webhook', '.main form'],
  ['channel-new-mail', '#/channels?add=email', '.main form'],
  ['settings', '#/settings', '.se form'],
  ['settings-tokens', '#/settings?tab=tokens', '.se-list'],
  ['settings-system', '#/settings?tab=system', '.se [role=tabpanel] li'],
  ['errors', '#/errors/tcp_refused', '.er-chosen'],
  ['no-such-page', '#/nowhere', 'text=There is no such page'],
  ['no-such-monitor', '#/monitors/nobody', '.problem, .empty'],
];

// The whole page, not what one screen shows of it: the content scrolls in a box, so the window is made as tall as that.
async function picture(page, name, { width, height, scheme }) {
  const tall = await page.evaluate(() => {
    const box = document.querySelector('dialog[open] .dialog-body') ?? document.querySelector('.main, .bare');
    return box ? box.scrollHeight - box.clientHeight : 0;
  });
  if (tall > 0 && !(await page.locator('dialog[open]').count())) await page.setViewportSize({ width, height: Math.min(3200, height + tall) });
  await page.screenshot({ path: `${shots}/${name}-${width}-${scheme}.png` });
  await page.setViewportSize({ width, height });
}

async function lookAt(kit, page, [name, hash, ready], look) {
  const where = `${name} ${look.width} ${look.scheme}`;
  // Another address first: a dialog that is open, or a draft that was begun, belongs to the page before.
  await page.goto(`${page.url().split('#')[0]}#/errors/none`);
  await page.locator('.er').waitFor();
  await page.goto(`${page.url().split('#')[0]}${hash}`);
  try {
    if (typeof ready === 'string') await page.locator(ready).first().waitFor();
    else await ready(page);
    await page.locator('[aria-busy=true], .skeleton').first().waitFor({ state: 'detached' });
  } catch (error) {
    kit.fail(`${where}: ${String(error).slice(0, 400)}`);
  }
  await kit.axe(page, where);
  await kit.fits(page, where);
  await picture(page, name, look);
  // Closes what this page opened.
  await page.keyboard.press('Escape');
}

story('looks: every page, both themes, three widths', async (kit) => {
  mkdirSync(shots, { recursive: true });
  const world = await startWorld(kit);
  world.server.quickTarget = world.quick.target;
  await world.server.api('POST', '/tokens', { name: 'grafana', scope: 'read' });
  const results = { ledger: await world.newest('ledger', 'failed'), sessions: await world.newest('sessions', 'passed'), reports: await world.newest('reports', 'degraded'), vault: await world.newest('vault', 'passed'), health: await world.newest('health', 'failed') };
  for (const look of shown) {
    const page = await kit.open(world.server, '#/', { ...look, allow: [/ 404 \S+\/monitors\/nobody$/, / 404 \S+results\/1-0-0-1700000000000000-1$/] });
    for (const [number, one] of pages({ ...world, results }).entries()) if (isDue(one[0], number, look)) await lookAt(kit, page, one, look);
    await kit.shut(page);
  }
}, { seconds: wholeMatrix ? 2700 : 600 });

story('looks: before anybody is signed in', async (kit) => {
  mkdirSync(shots, { recursive: true });
  const fresh = await kit.server({ account: false });
  const known = await kit.server();
  const hash = await fresh.setupHash();
  for (const look of shown) {
    for (const [name, server, at, ready] of [
      ['setup', fresh, hash, '.setup-form'],
      ['setup-notice', fresh, '#/', 'text=Nobody has an account yet'],
      ['setup-closed', known, '#/setup/used-up', 'text=has an account already'],
      ['sign-in', known, '#/', 'form'],
    ]) {
      if (!isAsked(name)) continue;
      const page = await kit.open(server, at, { signedIn: false, ...look });
      await page.locator(ready).first().waitFor();
      await kit.axe(page, `${name} ${look.width} ${look.scheme}`);
      await kit.fits(page, `${name} ${look.width} ${look.scheme}`);
      await picture(page, name, look);
      await kit.shut(page);
    }
    const none = [['incidents-none', '#/incidents'], ['channels-none', '#/channels'], ['alerts-none-yet', '#/alerts'], ['settings-tokens-none', '#/settings?tab=tokens']].filter(([name]) => isAsked(name));
    if (!isAsked('overview-empty') && none.length === 0) continue;
    const page = await kit.open(known, '#/', look);
    await page.locator('.ov-nothing').waitFor();
    await page.getByText('MongoDB').waitFor();
    await kit.axe(page, `overview-empty ${look.width} ${look.scheme}`);
    await kit.fits(page, `overview-empty ${look.width} ${look.scheme}`);
    await picture(page, 'overview-empty', look);
    for (const [name, at] of none) {
      await page.goto(`${known.address}/${at}`);
      await page.locator('.empty, .se form, .ch-none, .main h2').first().waitFor();
      await kit.axe(page, `${name} ${look.width} ${look.scheme}`);
      await picture(page, name, look);
    }
    await kit.shut(page);
  }
}, { seconds: 600 });
