// Builds dist/api: the page that shows the API's description, /api/docs. The viewer (Swagger UI, Apache-2.0) is copied as its package has it,
// under names with a hash; nothing of it is part of the other pages. Run after vite, which empties dist.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const at = (path) => new URL(`../${path}`, import.meta.url);
const viewer = (name) => readFileSync(at(`node_modules/swagger-ui-dist/${name}`), 'utf8');
const own = (name) => readFileSync(at(`src/docs/${name}`), 'utf8');
// Maps are not served; a name of one would be asked for in vain.
const withoutMap = (text) => text.replace(/\n?\/[/*]# sourceMappingURL=[^\n]*\n?$/, '\n');

const files = {
  'start.js': own('start.js').replace(/^\s*\/\/.*\n/gm, ''),
  'page.css': own('page.css'),
  'swagger-ui.css': withoutMap(viewer('swagger-ui.css')),
  'swagger-ui-bundle.js': withoutMap(viewer('swagger-ui-bundle.js')),
  'icon.svg': readFileSync(at('src/boot/icon.svg'), 'utf8'),
};
const licences = ['NOTICE', 'LICENSE', 'swagger-ui-bundle.js.LICENSE.txt'].map((name) => `--- swagger-ui-dist: ${name}\n\n${viewer(name)}`).join('\n');

rmSync(at('dist/api'), { recursive: true, force: true });
mkdirSync(at('dist/api/docs'), { recursive: true });
let page = own('page.html');
for (const [name, text] of Object.entries(files)) {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 7);
  const hashed = name.replace(/\.(\w+)$/, `-A${hash}.$1`); // a capital: the server takes such a name for one with a hash
  if (!page.includes(`"docs/${name}"`)) throw new Error(`src/docs/page.html does not name docs/${name}`);
  page = page.replace(`"docs/${name}"`, `"docs/${hashed}"`);
  writeFileSync(at(`dist/api/docs/${hashed}`), text);
}
writeFileSync(at('dist/api/docs/licences.txt'), licences);
writeFileSync(at('dist/api/docs.html'), page);
