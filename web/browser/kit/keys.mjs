// Going through a page by keyboard alone.

// Presses Tab until the focus is on what is wanted: a selector, or the accessible name of a role.
export async function tabTo(page, wanted, { most = 80, back = false } = {}) {
  for (let i = 0; i <= most; i += 1) {
    if (await page.evaluate((selector) => document.activeElement?.matches(selector) ?? false, wanted)) return;
    await page.keyboard.press(back ? 'Shift+Tab' : 'Tab');
  }
  throw new Error(`${most} times Tab did not lead to ${wanted}; the focus is on ${await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200))}`);
}

// Where the focus is, it must be seen.
export async function focusIsShown(page) {
  return page.evaluate(() => {
    const at = document.activeElement;
    if (!at || at === document.body) return 'nothing has the focus';
    const box = at.getBoundingClientRect();
    const style = getComputedStyle(at);
    if (box.bottom < 0 || box.top > innerHeight) return `${at.outerHTML.slice(0, 120)} is out of sight`;
    return style.outlineStyle === 'none' && style.boxShadow === 'none' ? `${at.outerHTML.slice(0, 120)} shows no focus` : '';
  });
}
