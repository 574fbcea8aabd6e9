// A stand-in of the server for work on the pages: /api/v1 as the contract says and nothing else, over a made-up world, and the built pages with
// the policy that the real server sends.
//
//   node dev/fake-api.mjs --monitors 300 --port 8499 --live 20      sign in as admin / correct horse
//   node dev/fake-api.mjs --setup                                   nobody has an account: open /#/setup/first-run-token
//   node dev/fake-api.mjs --vite                                    pages from source, reloaded as they change
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { accountRoutes } from './fake/accounts.mjs';
import { detailRoutes } from './fake/detail.mjs';
import { historyRoutes } from './fake/history.mjs';
import { makeRouter, Refusal, sendProblem } from './fake/http.mjs';
import { addLive, startMoving } from './fake/live.mjs';
import { monitorRoutes } from './fake/monitors.mjs';
import { otherRoutes } from './fake/others.mjs';
import { makeWorld } from './fake/world.mjs';

const kPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml' };
const scopes = ['none', 'read', 'write', 'admin'];

export async function startFake({ monitors = 200, port = 0, seed = 42, live = 0, setup = false, slow = false, vite = false } = {}) {
  const world = makeWorld({ monitors, seed });
  world.slow = slow;
  if (!setup) world.users.push({ name: 'admin', password: 'correct horse' });
  const liveRoute = addLive(world);
  const route = makeRouter([...accountRoutes, ...monitorRoutes, ...detailRoutes, ...otherRoutes, ...historyRoutes, liveRoute].map(([method, path, ...rest]) => [method, `/api/v1${path}`, ...rest]));
  startMoving(world, live);
  const dist = new URL('../dist/', import.meta.url);
  const dev = vite ? await (await import('vite')).createServer({ server: { middlewareMode: true } }) : null;

  async function files(request, response, path) {
    if (dev) return dev.middlewares(request, response);
    const name = path === '/' ? 'index.html' : path.slice(1);
    if (!/^(index\.html|assets\/[\w.-]+)$/.test(name)) throw new Refusal(404, 'not_found', 'There is nothing at this path.');
    const bytes = await readFile(new URL(name, dist)).catch(() => {
      throw new Refusal(404, 'not_found', 'There is nothing at this path.');
    });
    response.writeHead(200, { 'Content-Type': types[extname(name)] ?? 'application/octet-stream', 'Content-Security-Policy': kPolicy, 'X-Content-Type-Options': 'nosniff', 'Content-Encoding': 'gzip', 'Cache-Control': name === 'index.html' ? 'no-cache' : 'public, max-age=31536000, immutable' });
    response.end(gzipSync(bytes));
  }

  async function api(request, response, url) {
    const { route: found, params } = route(request.method, url.pathname);
    const sessionId = /(?:^|;\s*)__Host-tocsin=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
    const session = sessionId ? world.sessions.get(sessionId) : undefined;
    if (found.scope !== 'none') {
      if (!session) throw new Refusal(401, 'unauthorized', 'This needs a session or a token.');
      if (scopes.indexOf(session.scope) < scopes.indexOf(found.scope)) throw new Refusal(403, 'forbidden', `This needs scope ${found.scope}.`);
    }
    if (session && request.method !== 'GET' && url.pathname !== '/api/v1/session' && request.headers['x-csrf-token'] !== session.csrf_token) throw new Refusal(403, 'csrf', 'The header X-CSRF-Token is missing or wrong.');
    for (const name of url.searchParams.keys()) {
      if (!found.query.includes(name)) throw new Refusal(422, 'validation_failed', '1 field is invalid.', { errors: [{ pointer: `?${name}`, code: 'unknown_parameter', message: `There is no query parameter "${name}" here.` }] });
    }
    const answer = await found.run({ world, params, query: url.searchParams, request, response, session, sessionId });
    if (!answer) return;
    const body = answer.json === undefined ? (answer.text ?? '') : JSON.stringify(answer.json);
    response.writeHead(answer.status ?? 200, { 'Cache-Control': 'no-store', ...(body ? { 'Content-Type': 'application/json' } : {}), ...answer.headers });
    response.end(body);
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://stand-in');
    try {
      if (url.pathname.startsWith('/api/')) await api(request, response, url);
      else await files(request, response, url.pathname);
    } catch (error) {
      if (error instanceof Refusal) {
        world.refused.push(`${request.method} ${request.url} ${error.status} ${error.code}`);
        if (!response.headersSent) sendProblem(response, error);
        else response.destroy();
        return;
      }
      console.error(error);
      if (!response.headersSent) sendProblem(response, new Refusal(500, 'internal', String(error)));
    }
  });
  world.refused = [];
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  const address = `http://127.0.0.1:${server.address().port}`;
  return { world, address, close: () => { world.dropClients(); server.closeAllConnections(); return new Promise((done) => server.close(done)); } };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { values } = parseArgs({ options: { monitors: { type: 'string' }, port: { type: 'string' }, seed: { type: 'string' }, live: { type: 'string' }, setup: { type: 'boolean' }, slow: { type: 'boolean' }, vite: { type: 'boolean' } } });
  const fake = await startFake({ monitors: Number(values.monitors ?? (values.setup ? 0 : 300)), port: Number(values.port ?? 8499), seed: Number(values.seed ?? 42), live: Number(values.live ?? 20), setup: values.setup ?? false, slow: values.slow ?? true, vite: values.vite ?? false });
  console.log(`${fake.address}/  ${values.setup ? `first run: ${fake.address}/#/setup/first-run-token` : 'sign in as admin / correct horse'}`);
}
