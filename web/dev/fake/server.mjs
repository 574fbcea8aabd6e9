// Tokens and the server's own facts, of the stand-in.
import { randomBytes } from 'node:crypto';
import { invalid, notFound, readBody, text } from './http.mjs';
import { iso } from './world.mjs';

const started = Date.now() - 4.3 * 86_400_000;
function tokens(world) {
  if (!world.tokensSeeded) {
    world.tokensSeeded = true;
    world.tokens.push({ id: 't1', name: 'ci', scope: 'write', created: iso(started), revoked: false }, { id: 't2', name: 'grafana', scope: 'read', created: iso(started - 1e9), revoked: false }, { id: 't3', name: 'old laptop', scope: 'admin', created: iso(started - 5e9), revoked: true });
  }
  return world.tokens;
}

export const serverRoutes = [
  ['GET', '/tokens', 'admin', [], ({ world }) => ({ json: { data: tokens(world), next_cursor: null } })],
  ['POST', '/tokens', 'admin', [], async ({ world, request }) => {
    const body = await readBody(request, ['name', 'scope']);
    if (text(body, 'name', { max: 100 }).trim() === '') throw invalid('/name', 'required', 'A token needs a name.');
    if (!['read', 'write', 'admin'].includes(body.scope)) throw invalid('/scope', 'invalid_choice', 'scope must be read, write, admin.');
    const token = { id: randomBytes(4).toString('hex'), name: body.name, scope: body.scope, created: iso(Date.now()), revoked: false };
    tokens(world).push(token);
    return { status: 201, json: { ...token, token: `tocsin_${randomBytes(24).toString('base64url')}` } };
  }],
  ['DELETE', '/tokens/{id}', 'admin', [], ({ world, params }) => {
    const found = tokens(world).find((one) => one.id === params.id);
    if (!found) throw notFound('No token has this id.');
    found.revoked = true;
    return { status: 204 };
  }],
  ['GET', '/system', 'read', [], ({ world }) => ({
    json: {
      version: '0.9.0', started: iso(started), uptime_s: Math.floor((Date.now() - started) / 1000), monitors: world.monitors.length, enabled: world.monitors.filter((one) => !one.paused).length, probes: { in_flight: 3, waiting: 0 }, lag_us: { p50: 240, p99: 3100, max: 18_400 },
      store: { path: '/var/lib/tocsin', bytes: 734_003_200, results_written: 18_300_211, results_dropped: 0, rows_waiting: 12, reserve_used: false, volatile: false }, deliveries: { waiting: 1, delivered: 492, failed_attempts: 24, dead: 2 },
      config: { files: ['/etc/tocsin/shop.yaml'], loaded: iso(started), error: null }, retention: { raw_s: 35 * 86_400, failures_s: 400 * 86_400, hourly_s: 730 * 86_400 },
    },
  })],
];
