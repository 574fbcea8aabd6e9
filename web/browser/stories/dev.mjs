// Work on the pages: npm run dev serves them from their source, and asks a real server for everything else.
import { spawn } from 'node:child_process';
import { cache } from '../kit/services.mjs';
import { story } from '../kit/story.mjs';
import { until } from '../kit/wait.mjs';

const web = new URL('../../', import.meta.url).pathname;

async function startVite(kit, server) {
  const vite = spawn(process.execPath, ['node_modules/vite/bin/vite.js', '--port', '0'], { cwd: web, stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH, NO_COLOR: '1', TOCSIN_ADDRESS: server.address } });
  kit.after(() => new Promise((done) => vite.once('exit', done) && vite.kill('SIGTERM')));
  let out = '';
  for (const stream of [vite.stdout, vite.stderr]) stream.on('data', (text) => (out += text));
  const line = await until('vite listens', () => {
    if (vite.exitCode !== null) throw new Error(`vite ended:\n${out}`);
    return /Local:\s+(http:\S+)\//.exec(out);
  });
  return line[1];
}

story('npm run dev: pages from source, sign-in, live, a change and a link of a notice through it', async (kit) => {
  const server = await kit.server();
  const service = await kit.service(cache());
  await server.api('POST', '/monitors', { id: 'orders', name: 'Orders', target: service.target, interval: '1s', timeout: '1s' });
  const address = await startVite(kit, server);
  const page = await kit.open(address, '#/', { allow: [/ 404 \S+\/incidents\/some-incident$/] });
  kit.expect('from source', await page.evaluate(async () => (await fetch('src/main.tsx')).ok));
  await page.locator('.ov-row .is-up').first().waitFor();
  await page.locator('.live.is-live').waitFor();
  await page.locator('.ov-name > a').click();
  await page.getByRole('button', { name: 'Mute', exact: true }).click();
  await page.locator('.mo-flag').waitFor();
  kit.expect('the server took the change', (await server.monitor('orders')).muted);
  await service.stop();
  await page.locator('.mo-head .is-down').first().waitFor();
  await page.goto(`${address}/incidents/some-incident`);
  kit.expect('a link of a notice leads to the pages', page.url() === `${address}/#/incidents/some-incident`, page.url());
});
