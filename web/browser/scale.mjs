// The budgets of the pages, measured:  node browser/scale.mjs [--monitors 10000] [--interval 20] [--json]
// A real server whose monitors all run, so that monitors / interval rows change each second, and the pages in chromium beside it. Elapsed times
// are those of this machine with the server and the services on it; processor time is of the page's own thread. Fails when a budget is passed.
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { startBrowser } from './kit/chromium.mjs';
import { openPage, signIn } from './kit/page.mjs';
import { startServer } from './kit/server.mjs';

const { values } = parseArgs({ options: { monitors: { type: 'string', default: '10000' }, interval: { type: 'string', default: '20' }, json: { type: 'boolean', default: false } } });
const monitors = Number(values.monitors);
const interval = Number(values.interval);
const budgets = { script_kib: 110, style_kib: 12, list_usable_ms: 1000, search_key_ms: 50, scroll_frame_cpu_ms: 32, elements: 2500, heap_mb: 80, updates_cpu_share: 0.3, heap_after_updates_mb: 80 };
const rows = '.virtual > .ov-row';

const middle = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const round = (number, digits = 0) => Number(number.toFixed(digits));
const settle = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))));

async function meter(page) {
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable', { timeDomain: 'threadTicks' });
  return {
    // Milliseconds of processor time that the page's main thread has used.
    async cpu() {
      const { metrics } = await client.send('Performance.getMetrics');
      return metrics.find((one) => one.name === 'TaskDuration').value * 1000;
    },
    async heap() {
      await client.send('HeapProfiler.collectGarbage');
      return (await client.send('Runtime.getHeapUsage')).usedSize / 1e6;
    },
  };
}

function configOf(port) {
  const kinds = ['redis', 'web', 'mail', 'postgres', 'ssh'];
  const lines = ['version: 1', `defaults: { interval: ${interval}s, timeout: 5s }`, 'monitors:'];
  for (let i = 0; i < monitors; i += 1) {
    const kind = kinds[i % kinds.length];
    lines.push(`  m${i}: { name: '${kind} ${i}', target: '127.${1 + (i >> 8) % 16}.${i & 255}.1:${port}', tags: [${kind}, ${i % 3 ? 'prod' : 'test'}] }`);
  }
  return `${lines.join('\n')}\n`;
}

// Accepts on every loopback address, and closes.
async function startListener() {
  const child = spawn(new URL('../../build/release/bench_listener', import.meta.url).pathname, { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise((resolve, reject) => {
    child.stdout.once('data', (text) => resolve(Number(text)));
    child.once('error', reject);
  });
  return { port, close: () => child.kill('SIGTERM') };
}

// Opens the overview with an empty cache, as somebody who is signed in.
async function firstLoad(browser, server, storageState) {
  const opened = await openPage(browser, server.address, { storageState });
  const used = await meter(opened.page);
  const begun = Date.now();
  await opened.page.goto(`${server.address}/#/`);
  await opened.page.locator(`${rows} .ov-name`).first().waitFor();
  const rowsAfter = Date.now() - begun;
  await opened.page.locator('.ov-figure').first().waitFor();
  await opened.page.waitForFunction((count) => document.querySelector('.main')?.scrollHeight > count * 20, monitors, { timeout: 60_000 });
  await settle(opened.page);
  const usable = Date.now() - begun;
  const cpu = await used.cpu();
  const bytes = await opened.page.evaluate(() => {
    const sums = { script: 0, style: 0 };
    for (const one of performance.getEntriesByType('resource')) {
      const path = new URL(one.name).pathname;
      if (path.endsWith('.js')) sums.script += one.encodedBodySize;
      if (path.endsWith('.css')) sums.style += one.encodedBodySize;
    }
    return sums;
  });
  return { ...opened, used, rowsAfter, usable, cpu, bytes };
}

async function typing(page, used) {
  const elapsed = [];
  const cpu = [];
  for (const text of ['r', 're', 'red', 'redi', 'redis', 'redis 1', 'redis 11', 'redis', 'red', 'r', '', 'state:down', 'tag:prod redis']) {
    const before = await used.cpu();
    elapsed.push(await page.evaluate(async (typed) => {
      const field = document.querySelector('.ov-search input');
      field.value = typed;
      const start = performance.now();
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      return performance.now() - start;
    }, text));
    cpu.push((await used.cpu()) - before);
  }
  await page.locator('.ov-search input').fill('');
  await settle(page);
  return { elapsed, cpu };
}

async function scrolling(page, used) {
  const steps = 120;
  const before = await used.cpu();
  const seen = await page.evaluate(async (count) => {
    const main = document.querySelector('.main');
    let most = 0;
    const frames = [];
    for (let i = 0; i < count; i += 1) {
      const start = performance.now();
      main.scrollTop += i < count / 2 ? 300 : 5000;
      await new Promise((done) => requestAnimationFrame(done));
      frames.push(performance.now() - start);
      most = Math.max(most, document.getElementsByTagName('*').length);
    }
    return { most, frames };
  }, steps);
  return { elements: seen.most, frames: seen.frames, cpu: ((await used.cpu()) - before) / steps };
}

// How many changed rows the server tells a client in that time.
async function countUpdates(server, milliseconds) {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), milliseconds);
  const answer = await fetch(`${server.address}/api/v1/events?topics=monitor`, { headers: { Authorization: `Bearer ${server.token}` }, signal: ending.signal });
  let told = 0;
  try {
    const decoder = new TextDecoder();
    for await (const part of answer.body) told += decoder.decode(part, { stream: true }).split('event: monitor\n').length - 1;
  } catch (error) {
    if (!ending.signal.aborted) throw error;
  }
  clearTimeout(timer);
  return told;
}

const listener = await startListener();
const server = await startServer({ config: configOf(listener.port) });
const browser = await startBrowser();
let figures = {};
const trouble = [];
try {
  // First runs are spread at 1,000 a second.
  while ((await server.api('GET', '/summary')).by_status.pending > 0) await new Promise((done) => setTimeout(done, 500));
  const first = await openPage(browser, server.address);
  await signIn(first.page, server.address, '#/settings');
  const storageState = await first.page.context().storageState();
  await first.close();

  const loads = [];
  for (let i = 0; i < 5; i += 1) {
    const load = await firstLoad(browser, server, storageState);
    trouble.push(...load.trouble);
    loads.push(load);
    if (i < 4) await load.close();
  }
  const { page, used, bytes } = loads.at(-1);
  await page.locator(`${rows} .beats`).first().waitFor();
  const keys = await typing(page, used);
  const scroll = await scrolling(page, used);
  const heap = await used.heap();
  const before = await used.cpu();
  const seconds = 20;
  const told = await countUpdates(server, seconds * 1000);
  const spent = (await used.cpu()) - before;
  figures = {
    monitors,
    script_kib: round(bytes.script / 1024, 1),
    style_kib: round(bytes.style / 1024, 1),
    first_rows_ms: middle(loads.map((one) => one.rowsAfter)),
    list_usable_ms: middle(loads.map((one) => one.usable)),
    first_load_cpu_ms: round(middle(loads.map((one) => one.cpu))),
    search_key_ms: round(middle(keys.elapsed), 1),
    search_key_worst_ms: round(Math.max(...keys.elapsed), 1),
    search_key_cpu_ms: round(middle(keys.cpu), 1),
    scroll_frame_ms: round(middle(scroll.frames), 1),
    scroll_frame_cpu_ms: round(scroll.cpu, 1),
    elements: scroll.elements,
    heap_mb: round(heap, 1),
    updates_a_second: round(told / seconds),
    updates_cpu_share: round(spent / (seconds * 1000), 2),
    heap_after_updates_mb: round(await used.heap(), 1),
  };
  await loads.at(-1).close();
} finally {
  await browser.close();
  await server.stop();
  await server.remove();
  listener.close();
}
const over = Object.entries(budgets).filter(([name, most]) => !(figures[name] <= most)).map(([name, most]) => `${name} ${figures[name]} > ${most}`);
if (values.json) console.log(JSON.stringify({ ...figures, over_budget: over }));
else for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(24)} ${value}${budgets[name] ? `   (budget ${budgets[name]})` : ''}`);
for (const one of [...over, ...trouble]) console.error(`FAIL ${one}`);
process.exit(over.length + trouble.length > 0 ? 1 : 0);
