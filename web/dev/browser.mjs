// Debian's chromium under playwright, without any traffic of its own.
import { chromium } from 'playwright-core';

export async function startBrowser(more = []) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', ...(process.getuid() === 0 ? ['--no-sandbox'] : []), '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--js-flags=--expose-gc', '--enable-precise-memory-info', ...more],
  });
}

// A page of its own context: nothing is shared between checks. Whatever it logs as an error, throws or has refused by policy is in `trouble`.
export async function openPage(browser, { width = 1280, height = 800, scheme = 'light', language = 'en-GB', ...more } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, locale: language, timezoneId: 'Europe/Berlin', reducedMotion: 'reduce', hasTouch: width < 640, ...more });
  const page = await context.newPage();
  const trouble = [];
  page.on('pageerror', (error) => trouble.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of (401|403|404|409|412|422|429)|ERR_INCOMPLETE_CHUNKED_ENCODING/.test(message.text())) trouble.push(message.text());
  });
  return { context, page, trouble };
}

export async function signIn(page, address, hash = '#/') {
  await page.goto(`${address}/${hash}`);
  await page.getByLabel(/User name|Имя пользователя|ユーザー名/).fill('admin');
  await page.locator('input[autocomplete=current-password]').fill('correct horse');
  await page.locator('button[type=submit]').click();
  await page.locator('.shell').waitFor();
}
