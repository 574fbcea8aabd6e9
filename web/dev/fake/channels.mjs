// Channels of the stand-in: what each has, who may change what, when a secret must be written again, and made-up previews and tests. As the
// server does it; no secret is kept here at all.
import { invalid, notFound, readBody, Refusal } from './http.mjs';

const fields = { webhook: ['type', 'name', 'send', 'url', 'secret', 'headers'], email: ['type', 'name', 'send', 'to', 'from', 'smtp'] };
const smtpFields = ['host', 'port', 'security', 'username', 'password', 'verify'];
const usual = ['down', 'recovered', 'reminder', 'escalated', 'flapping', 'group'];
const events = ['down', 'degraded', 'recovered', 'reminder', 'escalated', 'flapping', 'group', 'location.unknown', 'self', 'test'];
const ui = { kind: 'ui', project: null, file: null, line: null };

export function seedChannels(world) {
  if (world.channelsSeeded) return;
  world.channelsSeeded = true;
  if (world.monitors.length === 0) return;
  world.channels.push(
    { id: 'ops', name: 'On call', type: 'webhook', send: usual, owner: { kind: 'project', project: 'shop', file: 'shop.yaml', line: 4 }, version: 1, secrets_lost: false, webhook: { url_set: true, url_shown: 'https://hooks.example.com/…', secret_set: true, headers: ['X-Team'] }, health: { delivered: 412, waiting: 0, failed_attempts: 3, dead: 0, last_result: '200 OK' } },
    { id: 'mail', name: 'Team mail', type: 'email', send: ['down', 'recovered'], owner: ui, version: 1, secrets_lost: false, email: { to: ['oncall@example.com', 'lead@example.com'], from: 'tocsin@example.com', smtp: { host: 'mail.example.com', port: 587, security: 'starttls', username: 'tocsin', password_set: true, verify: true } }, health: { delivered: 80, waiting: 1, failed_attempts: 21, dead: 2, last_result: '535 5.7.8 authentication failed' } },
    { id: 'archive', name: 'Archive', type: 'webhook', send: events, owner: ui, version: 1, secrets_lost: false, webhook: { url_set: true, url_shown: 'http://127.0.0.1:9000/…', secret_set: false, headers: ['X-Key'] }, health: { delivered: 0, waiting: 0, failed_attempts: 0, dead: 0, last_result: null } },
  );
}

const names = (list, id) => Array.isArray(list) && list.includes(id);
const uses = (monitor, id) => names(monitor.config.channels, id) || (monitor.config.alert?.escalate ?? []).some((step) => names(step.channels, id));
const usedBy = (world, channel) => world.monitors.filter((one) => uses(one, channel.id)).length;
const revision = (channel) => [...channel.id].reduce((sum, c) => sum * 31n + BigInt(c.charCodeAt(0)), BigInt(channel.version)).toString(16).padStart(16, '0').slice(-16);
const shown = (world, { version, webhook, email, owner, health, secrets_lost, ...rest }) => ({ ...rest, ...(webhook ? { webhook } : { email }), owner, used_by: usedBy(world, rest), revision: revision({ ...rest, version }), secrets_lost, health });
const answer = (world, channel, status = 200) => ({ status, headers: { ETag: `"${revision(channel)}"` }, json: shown(world, channel) });

const many = (errors) => new Refusal(422, 'validation_failed', `${errors.length} ${errors.length === 1 ? 'field is' : 'fields are'} invalid.`, { errors });
const again = (pointer, why) => ({ pointer, code: 'secret_needed', message: `${why}: this secret must be written again.` });
const originOf = (url) => /^https?:\/\/(?:[^/?#\\]*@)?([^/?#\\]+)/.exec(url);

function checkText(value, pointer, most) {
  if (typeof value !== 'string') throw invalid(pointer, 'wrong_type', `${pointer} must be text in quotes.`);
  if (value === '' || Buffer.byteLength(value) > most) throw invalid(pointer, 'invalid_field', `${pointer} has 1 to ${most} bytes.`);
}
function checkAddress(value, pointer) {
  if (!/^[^\s<>,;:"()[\]\\@]+@[^\s<>,;:"()[\]\\@]+$/.test(value)) throw invalid(pointer, 'invalid_field', `"${value}" is not a mail address`, 'for example oncall@example.com');
}
function known(body, list, at = '') {
  const odd = Object.keys(body).filter((name) => !list.includes(name));
  if (odd.length > 0) throw many(odd.map((name) => ({ pointer: `${at}/${name}`, code: 'unknown_field', message: `There is no field "${name}" here.` })));
}

function applyWebhook(hook, body, fresh, errors) {
  const origin = body.url === undefined ? null : originOf(body.url);
  if (body.url !== undefined) {
    if (!/^https?:\/\//.test(body.url)) throw invalid('/url', 'invalid_field', 'url must begin with https:// or http://');
    if (!origin) throw invalid('/url', 'invalid_field', 'url has no host');
  } else if (!hook.url_set) throw invalid('/url', 'required', 'a webhook needs url');
  const place = origin ? `${/^https?/.exec(body.url)[0]}://${origin[1]}/…` : hook.url_shown;
  if (body.secret != null && !body.secret.startsWith('whsec_') && Buffer.byteLength(body.secret) < 24) throw invalid('/secret', 'invalid_field', `secret has ${Buffer.byteLength(body.secret)} bytes; at least 24 are needed`);
  const headers = new Set(hook.headers);
  for (const [name, value] of Object.entries(body.headers ?? {})) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) throw invalid(`/headers/${name}`, 'invalid_field', `"${name}" cannot be the name of a header`);
    if (value === null) headers.delete(name);
    else headers.add(name);
  }
  const isSigned = body.secret === undefined ? hook.secret_set : body.secret !== null;
  if (!fresh && hook.url_set && body.url !== undefined) { // the stand-in keeps no address to compare with
    const why = 'The webhook goes to another place';
    if (isSigned && body.secret === undefined) errors.push(again('/secret', why));
    for (const name of headers) if (!(name in (body.headers ?? {}))) errors.push(again(`/headers/${name}`, why));
  }
  return { url_set: true, url_shown: place, secret_set: isSigned, headers: [...headers] };
}
function applyEmail(mail, body, fresh, errors) {
  const to = body.to ?? mail.to;
  const from = body.from ?? mail.from;
  if (to.length === 0) throw invalid('/to', 'required', 'an e-mail channel needs to');
  to.forEach((one, i) => checkAddress(one, `/to/${i}`));
  if (!from) throw invalid('/from', 'required', 'an e-mail channel needs from');
  checkAddress(from, '/from');
  known(body.smtp ?? {}, smtpFields, '/smtp');
  const { password, ...said } = body.smtp ?? {};
  const smtp = { ...mail.smtp, ...Object.fromEntries(Object.entries(said).map(([name, value]) => [name, value ?? (name === 'username' ? '' : mail.smtp[name])])) };
  if (!smtp.host) throw invalid('/smtp/host', 'required', 'smtp needs host');
  if (!Number.isInteger(smtp.port) || smtp.port < 1 || smtp.port > 65_535) throw invalid('/smtp/port', 'invalid_field', 'port must be a whole number from 1 to 65535');
  smtp.password_set = password === undefined ? mail.smtp.password_set : password !== null;
  if ((smtp.username !== '') !== smtp.password_set) throw invalid('/smtp', 'invalid_field', 'username and password come together');
  const hasMoved = ['host', 'port', 'security', 'verify'].some((name) => smtp[name] !== mail.smtp[name]);
  if (!fresh && hasMoved && smtp.password_set && password === undefined) errors.push(again('/smtp/password', 'The mail goes another way'));
  return { to, from, smtp };
}

function apply(channel, body, fresh) {
  if ('id' in body && body.id !== channel.id) throw invalid('/id', 'not_changeable', 'The id of a channel stays: monitors name it. Make a new one instead.');
  const { id: _, ...said } = body;
  known(said, fields[channel.type]);
  if (said.name != null) checkText(said.name, '/name', 500);
  const wrong = (said.send ?? []).findIndex((one) => !events.includes(one.replace(/^monitor\./, '')));
  if (wrong >= 0) throw invalid(`/send/${wrong}`, 'invalid_field', `there is no event "${said.send[wrong]}"`);
  const errors = [];
  const part = channel.type === 'webhook' ? { webhook: applyWebhook(channel.webhook, said, fresh, errors) } : { email: applyEmail(channel.email, said, fresh, errors) };
  if (errors.length > 0) throw many(errors);
  Object.assign(channel, part, { secrets_lost: false, version: channel.version + (fresh ? 0 : 1) });
  if ('name' in said) channel.name = said.name ?? channel.id;
  if (said.send) channel.send = said.send.map((one) => one.replace(/^monitor\./, ''));
  return channel;
}

function find(world, id) {
  const found = world.channels.find((one) => one.id === id);
  if (!found) throw notFound('There is no channel with this id.');
  return found;
}
function own(world, params, request) {
  const channel = find(world, params.id);
  const { owner } = channel;
  if (owner.kind === 'project') throw new Refusal(409, 'owned_by_project', `The channel "${channel.id}" belongs to project "${owner.project}" (${owner.file}:${owner.line}): change it there.`);
  const match = request.headers['if-match'];
  if (match && match !== '*' && !match.includes(`"${revision(channel)}"`)) throw new Refusal(412, 'revision_differs', 'The channel has been changed since: it is another revision now.');
  return channel;
}
const blank = (type) => (type === 'webhook' ? { webhook: { url_set: false, url_shown: null, secret_set: false, headers: [] } } : { email: { to: [], from: '', smtp: { host: '', port: 25, security: 'starttls', username: '', password_set: false, verify: true } } });
const every = ['id', ...new Set(Object.values(fields).flat())];
function fresh(id, type) {
  if (!fields[type]) throw invalid('/type', 'invalid_field', 'type must be webhook or email');
  return { id, name: id, type, send: usual, owner: ui, version: 1, secrets_lost: false, ...blank(type), health: { delivered: 0, waiting: 0, failed_attempts: 0, dead: 0, last_result: null } };
}

const titles = { 'monitor.down': 'DOWN', 'monitor.degraded': 'DEGRADED', 'monitor.recovered': 'RECOVERED', 'monitor.reminder': 'STILL DOWN', 'monitor.escalated': 'STILL DOWN', 'monitor.flapping': 'FLAPPING', test: 'TEST' };
function preview(type, event) {
  const title = `${titles[event]}: Redis sessions (127.0.0.1:6379): connection refused`;
  if (type === 'webhook') return { body: JSON.stringify({ type: event, timestamp: '2026-11-21T14:04:20.500Z', data: { monitor: { id: 'redis', name: 'Redis sessions', target: '127.0.0.1:6379', project: 'shop', tags: ['prod', 'cache'] }, status: 'down', reason: 'Nothing is listening on port 6379: the host answered with a reset. Failed 2 times in a row.' } }) };
  const lines = [['Target', '127.0.0.1:6379'], ['Since', '2026-11-21 14:03:20 UTC (1 min before this notice)'], ['Error', 'tcp_refused (phase connect)'], ['Tags', 'prod, cache']];
  return {
    subject: title,
    text: `${title}\n127.0.0.1 refused the connection: nothing listens on port 6379.\n\n${lines.map((one) => one.join(': ')).join('\n')}\n`,
    html: `<!doctype html>\n<html><body style="font-family:sans-serif">\n<p style="font-size:120%"><strong style="color:#b42318">${title}</strong></p>\n<p>127.0.0.1 refused the connection: nothing listens on port 6379.</p>\n<table>\n${lines.map(([label, value]) => `<tr><th align="left" valign="top">${label}</th><td>${value}</td></tr>`).join('\n')}\n<tr><th align="left" valign="top">Details</th><td><a href="http://127.0.0.1:8080/incidents/x">http://127.0.0.1:8080/incidents/x</a></td></tr>\n</table>\n</body></html>\n`,
  };
}

const seeded = (routes) => routes.map(([method, path, scope, query, run]) => [method, path, scope, query, (context) => { seedChannels(context.world); return run(context); }]);
export const channelRoutes = seeded([
  ['GET', '/channels', 'read', [], ({ world }) => ({ json: { data: [...world.channels].sort((a, b) => (a.id < b.id ? -1 : 1)).map((one) => shown(world, one)), next_cursor: null } })],
  ['GET', '/channels/{id}', 'read', [], ({ world, params }) => answer(world, find(world, params.id))],
  ['POST', '/channels', 'admin', [], async ({ world, request }) => {
    const body = await readBody(request, every);
    const id = body.id ?? String(body.name ?? '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
    if (!id) throw invalid('/id', 'required', 'The channel needs an "id", or a "name" with letters or digits to make one from.');
    if (!/^[\w\-/#.]+$/.test(id)) throw invalid('/id', 'invalid_field', 'an id has letters, digits and _ - / # .');
    const channel = apply(fresh(id, body.type), { ...body, id }, true);
    if (world.channels.some((one) => one.id === id)) throw new Refusal(409, 'id_taken', `There is a channel "${id}" already.`);
    world.channels.push(channel);
    return answer(world, channel, 201);
  }],
  ['PUT', '/channels/{id}', 'admin', [], async ({ world, params, request }) => {
    const body = await readBody(request, every);
    const channel = own(world, params, request);
    const next = apply(fresh(channel.id, body.type), body, true);
    Object.assign(channel, next, { version: channel.version + 1, health: channel.health });
    return answer(world, channel);
  }],
  ['PATCH', '/channels/{id}', 'admin', [], async ({ world, params, request }) => {
    const body = await readBody(request, every);
    return answer(world, apply(own(world, params, request), body, false));
  }],
  ['DELETE', '/channels/{id}', 'admin', [], ({ world, params, request }) => {
    const channel = own(world, params, request);
    const n = usedBy(world, channel);
    if (n > 0) throw new Refusal(409, 'in_use', `${n === 1 ? '1 monitor names' : `${n} monitors name`} the channel "${channel.id}": take it out of their channels first.`);
    world.channels.splice(world.channels.indexOf(channel), 1);
    return { status: 204 };
  }],
  ['POST', '/channels/{id}/test', 'admin', [], async ({ world, params, request }) => {
    await readBody(request, []);
    const channel = find(world, params.id);
    if (world.testUnderWay) throw new Refusal(429, 'too_many_tests', 'A test of yours is under way already. Try again when it has ended.', { headers: { 'Retry-After': '2' } });
    world.testUnderWay = true;
    await new Promise((done) => setTimeout(done, world.slow ? 700 : 5));
    world.testUnderWay = false;
    return { json: channel.id === 'mail' ? { ok: false, result: '535 5.7.8 authentication failed', took_ms: 812 } : { ok: true, result: '204 No Content', took_ms: 143 } };
  }],
  ['POST', '/channels/preview', 'read', [], async ({ request }) => {
    const body = await readBody(request, ['type', 'event']);
    if (!fields[body.type]) throw invalid('/type', 'invalid_choice', 'type must be webhook or email.');
    if (!titles[body.event]) throw invalid('/event', 'invalid_choice', `event must be one of ${Object.keys(titles).join(', ')}.`);
    return { json: preview(body.type, body.event) };
  }],
  ['GET', '/export', 'read', ['format'], ({ world, query }) => {
    const format = query.get('format') ?? 'yaml';
    if (!['yaml', 'json'].includes(format)) throw invalid('?format', 'invalid_choice', 'format must be yaml or json.');
    const file = { version: 1, monitors: Object.fromEntries(world.monitors.filter((one) => one.owner.kind === 'ui').map((one) => [one.id, one.config])) };
    const text = format === 'json' ? JSON.stringify(file) : `version: 1\nmonitors:\n${Object.entries(file.monitors).map(([id, config]) => `  ${id}: ${JSON.stringify(config)}`).join('\n')}\n`;
    return { text, headers: { 'Content-Type': format === 'json' ? 'application/json' : 'application/yaml', 'Content-Disposition': `attachment; filename="tocsin.${format}"` } };
  }],
]);
