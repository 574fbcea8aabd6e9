// A page of a browser context of its own, and everything that must never happen on one: errors in the console, refusals by the policy,
// dialogs, requests to elsewhere, scripts that somebody else brought.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { user } from './server.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// Runs before any script of the page. `__hit` is what hostile texts try to call.
function watch() {
  globalThis.__hits = 0;
  globalThis.__refused = [];
  globalThis.__hit = () => (globalThis.__hits += 1);
  document.addEventListener('securitypolicyviolation', (event) => globalThis.__refused.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
}

// A page asks who is signed in before it knows; the browser writes each 401 into its console. What else may fail a story says itself.
const usual = [/ 401 \S+\/api\/v1\/session$/];

export async function openPage(browser, address, { width = 1280, height = 800, scheme = 'light', language = 'en-GB', allow = [], ...more } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, locale: language, timezoneId: 'Europe/Berlin', reducedMotion: 'reduce', hasTouch: width < 640, acceptDownloads: true, permissions: ['clipboard-read', 'clipboard-write'], ...more });
  await context.addInitScript(watch);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000); // a machine that builds beside is slow, not broken
  const trouble = [];
  const origin = new URL(address).origin;
  const allowed = (text) => [...usual, ...allow].some((one) => one.test(text));
  page.on('pageerror', (error) => trouble.push(`page error: ${error.stack ?? error}`));
  page.on('console', (message) => {
    const status = /the server responded with a status of (\d+)/.exec(message.text())?.[1];
    const text = `${message.type()}: ${status ? ` ${status} ${message.location().url}` : message.text()}`;
    if (['error', 'warning'].includes(message.type()) && !allowed(text)) trouble.push(text);
  });
  page.on('dialog', (dialog) => {
    if (dialog.type() !== 'beforeunload') trouble.push(`dialog: ${dialog.message()}`);
    void dialog.accept();
  });
  page.on('popup', (popup) => trouble.push(`popup: ${popup.url()}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith('data:') && !url.startsWith('blob:')) trouble.push(`a request to elsewhere: ${url}`);
  });
  return {
    page,
    trouble,
    async close() {
      const found = await page.evaluate(() => ({ hits: globalThis.__hits, refused: globalThis.__refused })).catch(() => null);
      if (found?.hits) trouble.push(`${found.hits} foreign scripts ran`);
      for (const one of found?.refused ?? []) trouble.push(`refused by the policy: ${one}`);
      await context.close();
    },
  };
}

export async function signIn(page, address, hash = '#/') {
  await page.goto(`${address}/${hash}`);
  await page.locator('input[autocomplete=username]').fill(user.name);
  await page.locator('input[autocomplete=current-password]').fill(user.password);
  await page.locator('button[type=submit]').click();
  await page.locator('.shell').waitFor();
}

// What axe finds, one line each. It speaks to frames by messages, which the preview of a mail, a frame without rights, cannot get: the browser
// complains of them when the frame is there in time.
export async function axe(page) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeSource);
  const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'], iframes: false }));
  return found.violations.map((one) => `${one.id}: ${one.help} (${one.nodes.length}) ${one.nodes.slice(0, 3).map((n) => `${n.target.join(' ')} ${n.any[0]?.message ?? ''}`).join(' | ')}`);
}

// Elements that stick out of the page sideways; code and wide tables scroll in boxes of their own.
export function sideways(page) {
  return page.evaluate(() => {
    const boxes = [document.documentElement, ...document.querySelectorAll('.main, .bare, dialog[open]')];
    return boxes.filter((one) => one.scrollWidth > one.clientWidth + 1).map((box) => {
      const edge = box.getBoundingClientRect().right + 1;
      const out = [...box.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > edge).slice(0, 4).map((one) => `${one.tagName}.${one.getAttribute('class') ?? ''}`);
      return `${box.tagName}.${box.className} is ${box.scrollWidth} px wide in ${box.clientWidth}; ${out.join(', ')} stick out`;
    });
  });
}
