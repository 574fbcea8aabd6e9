// The page of the API's description in chromium: built pages, the server's own policy, below a path as behind a proxy. Light and dark, wide
// and 360 px: it must show every operation, break no rule of the policy and fit the screen.
//   node dev/api-docs-checks.mjs [--shots FOLDER] [--address http://127.0.0.1:8400]      (after scripts/web)
import { createServer } from 'node:http';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { openPage, startBrowser } from './browser.mjs';

const option = (name) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined);
const shots = option('--shots');
const file = (path) => new URL(`../${path}`, import.meta.url);
const document = JSON.parse(readFileSync(file('../docs/openapi.json'), 'utf8'));
const operations = Object.values(document.paths).reduce((sum, methods) => sum + Object.keys(methods).length, 0);
const types = { html: 'text/html; charset=utf-8', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml', json: 'application/json', txt: 'text/plain' };

// The policy as the server sends it: the text of its source.
const source = readFileSync(file('../src/api/pages.cpp'), 'utf8');
const lines = source.slice(source.indexOf('kPagePolicy ='), source.indexOf('kForEver'));
const policy = [...lines.matchAll(/"([^"\n]*)"/g)].map(([, text]) => text).join('');
if (!policy.includes("style-src 'self'")) throw new Error(`cannot read the policy from src/api/pages.cpp: ${policy}`);

function serve(request, response) {
  const path = new URL(request.url, 'http://x').pathname.replace(/^\/below/, '');
  const name = path === '/api/v1/openapi.json' ? '../docs/openapi.json' : path === '/api/docs' ? 'dist/api/docs.html' : `dist${path}`;
  if (!request.url.startsWith('/below/') || !existsSync(file(name))) return void response.writeHead(404).end();
  response.writeHead(200, { 'Content-Type': types[name.split('.').pop()], 'Content-Security-Policy': policy }).end(readFileSync(file(name)));
}

let address = option('--address');
const server = createServer(serve);
if (!address) {
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  address = `http://127.0.0.1:${server.address().port}/below`;
}
let failed = 0;
function check(what, ok, seen = '') {
  if (!ok) failed += 1;
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${what}${ok ? '' : `: ${seen}`}`);
}

const browser = await startBrowser();
for (const view of [{ scheme: 'light', width: 1280 }, { scheme: 'dark', width: 1280 }, { scheme: 'light', width: 360 }, { scheme: 'dark', width: 360 }]) {
  const { context, page, trouble } = await openPage(browser, view);
  const name = `${view.scheme} ${view.width} px`;
  const refused = [];
  await page.exposeFunction('tellRefused', (what) => refused.push(what));
  await page.addInitScript(() => globalThis.document.addEventListener('securitypolicyviolation', (e) => globalThis.tellRefused(`${e.violatedDirective} ${e.sample} ${e.sourceFile}:${e.lineNumber}`)));
  await page.goto(`${address}/api/docs`);
  await page.locator('.opblock-tag').first().waitFor({ timeout: 60_000 });
  // Open every tag, one operation with a body, and its schema.
  for (const tag of document.tags) await page.locator(`.opblock-tag[data-tag="${tag.name}"]`).click();
  await page.locator('.opblock').nth(operations - 1).waitFor();
  check(`${name}: every operation`, (await page.locator('.opblock').count()) === operations, await page.locator('.opblock').count());
  await page.locator('#operations-Monitors-createMonitor .opblock-summary-control').click();
  await page.locator('#operations-Monitors-createMonitor .opblock-section-request-body').waitFor();
  await page.locator('#operations-Monitors-createMonitor .try-out__btn').click();
  await page.locator('#operations-Monitors-createMonitor textarea').first().waitFor();
  const servers = await page.locator('.servers').textContent();
  check(`${name}: the server is the one of the document`, servers.includes(document.servers[0].url), servers);
  const wide = await page.evaluate(() => {
    const over = globalThis.document.documentElement.scrollWidth - globalThis.innerWidth;
    const guilty = [...globalThis.document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > globalThis.innerWidth + 0.5);
    return over <= 0 ? '' : `${over} px too wide: ${guilty.slice(0, 6).map((e) => `${e.tagName}.${e.className}`).join(' ')}`;
  });
  check(`${name}: fits the screen`, wide === '', wide);
  const colors = await page.evaluate(() => {
    const of = (selector, what) => globalThis.getComputedStyle(globalThis.document.querySelector(selector))[what];
    return { back: of('body', 'backgroundColor'), ink: of('.opblock-tag', 'color') };
  });
  const light = (rgb) => rgb.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 765;
  check(`${name}: the theme`, view.scheme === 'dark' ? light(colors.back) < 0.25 && light(colors.ink) > 0.6 : light(colors.back) > 0.9 && light(colors.ink) < 0.5, JSON.stringify(colors));
  check(`${name}: the policy is kept`, refused.length === 0, refused.slice(0, 5).join('\n'));
  const own = trouble.filter((text) => !/status of 40[14]/.test(text));
  check(`${name}: no errors`, own.length === 0, own.slice(0, 5).join('\n'));
  if (shots) {
    mkdirSync(shots, { recursive: true });
    await page.screenshot({ path: `${shots}/api-docs-${view.scheme}-${view.width}.png` });
    await page.locator('#operations-Monitors-createMonitor').screenshot({ path: `${shots}/api-docs-operation-${view.scheme}-${view.width}.png` });
  }
  await context.close();
}
await browser.close();
server.close();
process.exit(failed > 0 ? 1 : 0);
