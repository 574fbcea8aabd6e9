// Hostile texts through everything that takes text: shown as they are, never obeyed.
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { foreign, texts } from '../kit/hostile.mjs';
import { greeting, Service } from '../kit/services.mjs';
import { story } from '../kit/story.mjs';
import { until } from '../kit/wait.mjs';

// What a field takes of a text: it may refuse (422), then there is nothing to show.
async function offered(make) {
  try {
    return await make();
  } catch (error) {
    if (/: 422 /.test(String(error))) return null;
    throw error;
  }
}

async function look(kit, page, where) {
  for (const one of await foreign(page)) kit.fail(`${where}: ${one}`);
  const hits = await page.evaluate(() => globalThis.__hits);
  if (hits > 0) kit.fail(`${where}: ${hits} foreign scripts ran`);
  await kit.fits(page, where);
}
// Text nodes in order, as a reader gets them; white space apart.
const shown = async (page, selector = 'body') => (await page.locator(selector).first().evaluate((root) => root.textContent)).replace(/\s+/g, ' ');
const wanted = (text) => text.replace(/\s+/g, ' ');

story('hostile names, tags, groups, notes and answers on every page of monitors', async (kit) => {
  const server = await kit.server();
  const made = [];
  let refused = 0;
  for (const [i, text] of texts.entries()) {
    const service = await kit.service(greeting(`${text}\r\n`));
    const base = { target: service.target, interval: '60s', timeout: '1s', assert: ['response_data contains "not there"'] };
    const id = `m${i}`;
    const whole = { id, ...base, name: text, description: text, runbook: text, group: text, tags: [text] };
    if (await offered(() => server.api('POST', '/monitors', whole))) made.push({ id, text, named: true });
    else {
      refused += 1;
      // Field by field, so that one refusal hides no other field.
      await server.api('POST', '/monitors', { id, ...base });
      for (const name of ['name', 'description', 'runbook', 'group']) await offered(() => server.api('PATCH', `/monitors/${id}`, { [name]: text }, { 'Content-Type': 'application/merge-patch+json' }));
      made.push({ id, text, named: (await server.monitor(id)).name === text });
    }
  }
  kit.expect('most are taken as names', refused < texts.length / 2, `${refused} of ${texts.length} refused`);
  for (const { id } of made) await server.settled(id, 'down');
  const page = await kit.open(server, '#/', { height: 3000 });
  await page.locator('.ov-row').nth(made.length - 1).waitFor();
  const list = await shown(page, '.ov-grid');
  for (const { text, named } of made) if (named) kit.expect('the list shows it as it is', list.includes(wanted(text)), text);
  await look(kit, page, 'overview');
  for (const { id, text, named } of made) {
    const result = await until('its result is stored', async () => (await server.api('GET', `/monitors/${id}/results?limit=1`)).data[0]?.id);
    for (const [hash, ready] of [[`#/monitors/${id}`, '.mo-head'], [`#/monitors/${id}?tab=config`, '.mo [role=tabpanel] pre'], [`#/monitors/${id}/results/${result}`, '.re-bytes pre'], [`#/monitors/${id}/edit`, '.mf']]) {
      await page.goto(`${server.address}/${hash}`);
      await page.locator(ready).first().waitFor();
      await look(kit, page, `${hash} ${text.slice(0, 30)}`);
      if (ready === '.mo-head' && named) kit.expect('the heading shows it as it is', (await shown(page, 'h1')).trim() === wanted(text).trim(), text);
    }
  }
  // Small and dark, where the longest must still fit.
  const small = await kit.open(server, '#/', { width: 360, height: 720, scheme: 'dark' });
  for (const { id } of made.slice(-4)) {
    await small.goto(`${server.address}/#/monitors/${id}`);
    await small.locator('.mo-head').waitFor();
    await look(kit, small, `${id} in 360 px`);
  }
  // The palette and the search.
  await page.goto(`${server.address}/#/?q=${encodeURIComponent('"><img src=x onerror=__hit()>')}`);
  await page.locator('.ov-search input').waitFor();
  await look(kit, page, 'search');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('<script>');
  await page.locator('.palette-list').waitFor();
  await look(kit, page, 'palette');
}, { seconds: 240 });

story('hostile words in incidents, notes, alerts, tokens and addresses', async (kit) => {
  const server = await kit.server();
  const gone = await kit.service(greeting('x'));
  await gone.stop();
  const receiver = await kit.receiver();
  receiver.status = 500;
  await server.writeConfig(`
version: 1
project: { id: shop }
channels: { ops: { type: webhook, url: "${receiver.url}", secret: "\${env:HOOK_SECRET}" } }
monitors: { gone: { name: '<img src=x onerror=__hit()>', target: "${gone.target}", interval: 1s, timeout: 1s, channels: [ops] } }
`);
  await server.api('POST', '/reload', {});
  await server.settled('gone', 'down');
  const incident = await until('the incident is stored', async () => (await server.api('GET', '/incidents')).data[0]);
  await server.api('POST', `/incidents/${incident.id}/acknowledge`, { note: texts[0] });
  for (const text of texts) await offered(() => server.api('POST', `/incidents/${incident.id}/note`, { note: text }));
  for (const text of texts) await offered(() => server.api('POST', '/tokens', { name: text, scope: 'read' }));
  const page = await kit.open(server, `#/incidents/${incident.id}`, { allow: [/ 404 /, / 422 /] });
  await page.getByText('-2+3').first().waitFor();
  await look(kit, page, 'incident');
  const notes = await shown(page, '.in-timeline');
  for (const text of texts.slice(0, 29)) kit.expect('the note is shown as it is', notes.includes(wanted(text)), text);
  for (const [hash, ready] of [['#/incidents', '.in-row'], ['#/alerts', '.al-row'], ['#/settings?tab=tokens', '.se-list']]) {
    await page.goto(`${server.address}/${hash}`);
    await page.locator(ready).first().waitFor();
    await look(kit, page, hash);
  }
  await page.goto(`${server.address}/#/alerts`);
  await page.locator('.al-row').first().click();
  await page.locator('dialog[open] pre').waitFor();
  await look(kit, page, 'alert');
  for (const text of texts.slice(0, 22)) {
    for (const at of [`#/monitors/${encodeURIComponent(text)}`, `#/incidents/${encodeURIComponent(text)}`, `#/alerts?key=${encodeURIComponent(text)}&channel=${encodeURIComponent(text)}`, `#/errors/${encodeURIComponent(text)}`, `#/${text}`, `#/monitors/new?preset=${encodeURIComponent(text)}&clone=`]) {
      await page.evaluate((hash) => void (location.hash = hash), at);
      await until('something is shown', async () => (await page.locator('.main h1, .main h2, .main .problem, .main strong').count()) > 0);
      await look(kit, page, at);
    }
  }
}, { seconds: 180 });

story('a certificate with hostile names', async (kit) => {
  const server = await kit.server();
  const key = join(server.folder, 'key.pem');
  const cert = join(server.folder, 'cert.pem');
  const names = { O: '<script>__hit()</script>', OU: '"><img src=x onerror=__hit()>', CN: '=1+1 javascript:__hit() \u202egnp' };
  await writeFile(join(server.folder, 'cert.cnf'), `[req]\nprompt = no\nutf8 = yes\nstring_mask = utf8only\ndistinguished_name = dn\nx509_extensions = ext\n[dn]\n${Object.entries(names).map(([name, value]) => `${name} = ${value.replace(/["$\\]/g, '\\$&')}`).join('\n')}\n[ext]\nsubjectAltName = DNS:<svg onload=__hit()>.example.com,IP:127.0.0.1\n`);
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', cert, '-days', '30', '-config', join(server.folder, 'cert.cnf')], { stdio: ['ignore', 'ignore', 'pipe'] });
  const tls = await kit.service(new Service((socket) => socket.write('<script>__hit()</script>\r\n'), { key: readFileSync(key), cert: readFileSync(cert) }));
  const body = { target: tls.target, interval: '60s', timeout: '2s', assert: ['response_data contains "not there"'] };
  await server.api('POST', '/monitors', { id: 'loose', ...body, tls: { mode: 'direct', verify: false } });
  await server.api('POST', '/monitors', { id: 'strict', ...body, tls: { mode: 'direct' } });
  await server.api('POST', '/monitors', { id: 'other', ...body, tls: { mode: 'direct', server_name: 'other.example.com' } });
  const page = await kit.open(server, '#/');
  for (const id of ['loose', 'strict', 'other']) {
    await server.settled(id, 'down');
    const result = await until('its result is stored', async () => (await server.api('GET', `/monitors/${id}/results?limit=1`)).data[0]?.id);
    await page.goto(`${server.address}/#/monitors/${id}/results/${result}`);
    await page.locator('.re-line').waitFor();
    await look(kit, page, id);
    if (id === 'loose') kit.expect('subject and issuer are shown as they are', (await shown(page, '.main')).includes('<script>__hit()</script>'));
  }
  await page.goto(`${server.address}/#/monitors/loose/edit`);
  await page.getByRole('button', { name: 'Test now' }).click();
  await page.locator('.mf-facts').waitFor();
  await look(kit, page, 'test now');
  await page.getByRole('button', { name: 'Expect this' }).click();
  await look(kit, page, 'expect this');
});

story('exports are safe to open in a spreadsheet and to read by line', async (kit) => {
  const server = await kit.server();
  const evil = await kit.service(greeting('=cmd|\' /C calc\'!A0,"x"\r\n+1\t@x\n'));
  await server.api('POST', '/monitors', { id: 'evil', name: '=1+1', target: evil.target, interval: '5s', timeout: '1s', assert: ['response_data == "=2+2"'] });
  await server.settled('evil', 'down');
  const page = await kit.open(server, '#/monitors/evil?tab=results');
  for (const kind of ['CSV', 'NDJSON']) {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: kind, exact: true }).click();
    const text = await readFile(await (await download).path(), 'utf8');
    if (kind === 'NDJSON') for (const line of text.trim().split('\n')) kit.expect('each line is an object', typeof JSON.parse(line) === 'object');
    else {
      const cells = [...text.matchAll(/(?:^|,|\r\n)(?:"((?:[^"]|"")*)"|([^,\r\n]*))/g)].map((one) => one[1] ?? one[2] ?? '');
      kit.expect('cells were found', cells.length > 10, text);
      for (const cell of cells) kit.expect('no cell is a formula', !/^[=+\-@\t\r]/.test(cell), cell);
    }
  }
  const yaml = await server.api('GET', '/export?format=yaml');
  await writeFile(join(server.folder, 'back.yaml'), yaml);
  kit.expect('the export reads back with its names', /=1\+1/.test(yaml) && /is valid|1 monitor/.test(execFileSync(process.env.TOCSIN_BINARY ?? new URL('../../../build/release/tocsin', import.meta.url).pathname, ['validate', join(server.folder, 'back.yaml')], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })), yaml);
});
