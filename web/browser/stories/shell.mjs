// What stands around every page: the theme, the languages.
import { silent } from '../kit/services.mjs';
import { story } from '../kit/story.mjs';
import { until } from '../kit/wait.mjs';

const theme = (page) => page.evaluate(() => `${document.documentElement.dataset.theme} ${getComputedStyle(document.body).backgroundColor}`);
const english = /\b(Overview|Search|Down|Degraded|Unknown|Latency|Checked|monitors|Incidents|Channels|Settings|Alerts|Add|Save|Edit|Live|Password)\b/g;

story('theme: follows the system until one is chosen, by menu or palette, and again when asked to', async (kit) => {
  const server = await kit.server();
  const page = await kit.open(server);
  const becomes = (wanted) => until(`it is ${wanted}`, async () => (await theme(page)) === wanted);
  const light = await theme(page);
  kit.expect('light as the system', light.startsWith('light '), light);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.locator('html[data-theme=dark]').waitFor();
  await until('the colours follow', async () => (await theme(page)).split(' ').slice(1).join() !== light.split(' ').slice(1).join());
  const choose = async (name) => {
    await page.getByRole('button', { name: 'Theme' }).click();
    await page.getByRole('menuitemradio', { name }).click();
  };
  await choose('Light');
  await becomes(light);
  await page.reload();
  kit.expect('chosen wins, before the page is there', (await theme(page)) === light, await theme(page));
  await page.locator('.shell').waitFor();
  await choose('As the system');
  await page.locator('html[data-theme=dark]').waitFor();
  await page.emulateMedia({ colorScheme: 'light' });
  await becomes(light);
  await page.keyboard.press('Control+k');
  await page.locator('.palette-list').waitFor();
  await page.keyboard.type('theme: dark');
  await page.keyboard.press('Enter');
  await page.locator('html[data-theme=dark]').waitFor();
});

for (const [language, begin] of [['ru-RU', 'Такой страницы нет'], ['ja-JP', 'ページが見つかりません']]) {
  story(`languages: ${language} in 360 px, every page in its words`, async (kit) => {
    const gone = await kit.service(silent());
    await gone.stop();
    const server = await kit.server();
    await server.api('POST', '/monitors', { id: 'ledger', name: 'x', target: gone.target, interval: '1s', timeout: '1s' });
    await server.settled('ledger', 'down');
    const fresh = await kit.server({ account: false });
    const look = { width: 360, height: 720, language };
    const begun = await kit.open(fresh, await fresh.setupHash(), { ...look, signedIn: false });
    await begun.locator('.setup-form').waitFor();
    const page = await kit.open(server, '#/', { ...look, signedIn: false });
    await page.locator('input[autocomplete=username]').waitFor();
    for (const [one, where] of [[begun, 'set-up'], [page, 'sign-in']]) {
      await kit.fits(one, `${where} in ${language}`);
    }
    await page.locator('input[autocomplete=username]').fill('admin');
    await page.locator('input[autocomplete=current-password]').fill('correct horse');
    await page.keyboard.press('Enter');
    await page.locator('.ov-row').first().waitFor();
    for (const [hash, ready] of [['#/', '.ov-row'], ['#/monitors/ledger', '.mo-recent .beats'], ['#/monitors/new', '.mf'], ['#/incidents', '.in-row'], ['#/alerts', 'h1'], ['#/channels?add=email', 'form.ch'], ['#/settings', '.se form'], ['#/nowhere', `text=${begin}`]]) {
      await page.goto(`${server.address}/${hash}`);
      await page.locator(ready).first().waitFor();
      await kit.fits(page, `${hash} in ${language}`);
      const found = (await page.locator('.shell').innerText()).match(english);
      kit.expect(`${hash} has no English`, !found, found?.join());
    }
  });
}
