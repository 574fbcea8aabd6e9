// What stands around every page.
// A frame later: with reduced motion every change still takes a millisecond.
const shown = (page) => page.evaluate(async () => {
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 30)));
  return `${document.documentElement.dataset.theme} ${getComputedStyle(document.body).backgroundColor}`;
});

export const shellChecks = {
  'theme: follows the system until one is chosen, and again when asked to': async ({ open, expect }) => {
    const { page } = await open({ monitors: 3 });
    const light = await shown(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
    const dark = await shown(page);
    expect('the colours follow', light !== dark && light.startsWith('light'), `${light} ${dark}`);
    const choose = async (name) => { await page.getByRole('button', { name: 'Theme' }).click(); await page.getByRole('menuitemradio', { name }).click(); };
    await choose('Light');
    expect('chosen wins', (await shown(page)) === light, await shown(page));
    await page.reload();
    expect('also after a reload, before the page is there', (await shown(page)) === light, await shown(page));
    await page.locator('.shell').waitFor();
    await choose('As the system');
    expect('back to the system', (await shown(page)) === dark, await shown(page));
  },
};
