// The lock file names no registry's address: npm asks the one it is configured for and checks the integrity. This takes out `resolved`
// fields (--fix) or fails when there is one. Of another folder when one is named.
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const named = process.argv.slice(2).find((word) => !word.startsWith('-'));
const folder = named ? pathToFileURL(`${named}/`) : new URL('../', import.meta.url);
const path = new URL('package-lock.json', folder);
const text = readFileSync(path, 'utf8');
const lock = JSON.parse(text);
let found = 0;
for (const entry of Object.values(lock.packages)) {
  if ('resolved' in entry) {
    delete entry.resolved;
    found += 1;
  }
}
if (process.argv.includes('--fix')) {
  if (found > 0) writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
  process.exit(0);
}
const manifest = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8'));
const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(([, v]) => !/^\d+\.\d+\.\d+$/.test(v));
if (found > 0) console.error(`package-lock.json: ${found} entries say where they came from; run: npm run lock -- --fix`);
if (loose.length > 0) console.error(`package.json: versions must be exact: ${loose.map(([n, v]) => `${n}@${v}`).join(', ')}`);
if (/https?:\/\/[^"]*registry/.test(text)) console.error('package-lock.json names a registry');
process.exit(found > 0 || loose.length > 0 || /https?:\/\/[^"]*registry/.test(text) ? 1 : 0);
