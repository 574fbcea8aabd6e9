// What a first visit loads must stay small. Reads dist/index.html, adds up the scripts and styles it names and the modules they import
// statically, compressed as the server sends them, and fails over the budget. Also refuses what the pages' policy would block.
import { readFileSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const budgets = { js: 110 * 1024, css: 12 * 1024, chart: 40 * 1024 };
const dist = new URL('../dist/', import.meta.url);
const html = readFileSync(new URL('index.html', dist), 'utf8');
const read = (name) => readFileSync(new URL(name, dist));
const gz = (bytes) => gzipSync(bytes, { level: 9 }).length;

const initial = new Set();
function visit(name) {
  if (initial.has(name)) return;
  initial.add(name);
  if (!name.endsWith('.js')) return;
  const text = read(name).toString('utf8');
  for (const [, file] of text.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)) visit(`assets/${file}`);
}
for (const [, name] of html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.(?:js|css))"/g)) visit(name);

const sum = (end) => [...initial].filter((n) => n.endsWith(end)).reduce((all, n) => all + gz(read(n)), 0);
const all = readdirSync(new URL('assets/', dist));
const kilo = (n) => `${(n / 1024).toFixed(1)} KiB`;
let failed = 0;
function gate(what, size, max) {
  const ok = size <= max;
  if (!ok) failed += 1;
  console.log(`${ok ? 'ok  ' : 'OVER'} ${what.padEnd(22)} ${kilo(size).padStart(10)} of ${kilo(max)} gzip`);
}
gate('initial JavaScript', sum('.js'), budgets.js);
gate('initial CSS', sum('.css'), budgets.css);
for (const name of all.filter((n) => n.endsWith('.js') && !initial.has(`assets/${n}`))) gate(`lazy ${name.slice(0, 16)}`, gz(read(`assets/${name}`)), budgets.chart);

function refuse(why, broken) {
  if (!broken) return;
  failed += 1;
  console.log(`BAD  ${why}`);
}
refuse('index.html has an inline script', /<script(?![^>]*\ssrc=)[^>]*>/.test(html));
refuse('index.html has an inline style', /<style|\sstyle=/.test(html));
refuse('index.html names an absolute address', /(?:src|href)="\/|https?:\/\//.test(html));
for (const name of all.filter((n) => n.endsWith('.js'))) {
  refuse(`${name} evaluates text`, /\beval\(|new Function\(/.test(read(`assets/${name}`).toString('utf8')));
}
process.exit(failed > 0 ? 1 : 0);
