// Incidents, alerts and channels of the stand-in, made up from the monitors that are down.
import { invalid, notFound, readBody, Refusal, text } from './http.mjs';
import { errorOf, iso } from './world.mjs';
import { page } from './monitors.mjs';

const kMinute = 60_000;

function incidentOf(monitor, { id, began, closed = null }) {
  const error = monitor.error ?? errorOf(monitor.failing, monitor.target.split(':').pop());
  return {
    id, monitor: { id: monitor.id, uid: monitor.uid, name: monitor.name, project: monitor.project, target: monitor.target }, severity: 'failed', open: closed === null, error, reason: error.message,
    began: iso(began), opened: iso(began + 20_000), acknowledged: null, acknowledged_by: '', acknowledge_note: '', closed: closed === null ? null : iso(closed), close_reason: closed === null ? '' : 'recovered', notes: [],
  };
}

// One made once stays: notes and acknowledgements are kept with it.
function incidents(world) {
  const known = new Map(world.incidents.map((one) => [one.id, one]));
  for (const monitor of world.monitors) {
    if (monitor.incident && !known.has(monitor.incident)) world.incidents.push(incidentOf(monitor, { id: monitor.incident, began: Date.parse(monitor.since ?? iso(Date.now())) }));
  }
  if (!world.pastIncidents) {
    world.pastIncidents = true;
    world.monitors.filter((_, i) => i % 23 === 5).slice(0, 40).forEach((monitor, i) => {
      const began = Date.now() - (i + 1) * 7.3 * 3_600_000;
      world.incidents.push(incidentOf(monitor, { id: `p-${monitor.uid}`, began, closed: began + (4 + i * 3) * kMinute }));
    });
  }
  return world.incidents.sort((a, b) => Number(b.open) - Number(a.open) || b.opened.localeCompare(a.opened));
}

function attempts(alert, at) {
  if (alert.state === 'suppressed') return [];
  const bad = (number, result) => ({ number, at: iso(at + number * 9000), took_ms: 3012, ok: false, result });
  if (alert.state === 'delivered') return alert.attempts === 1 ? [{ number: 1, at: iso(at + 900), took_ms: 184, ok: true, result: 'HTTP 200: ok' }] : [bad(1, 'no connection: connection refused'), { number: 2, at: iso(at + 19_000), took_ms: 231, ok: true, result: 'HTTP 200: ok' }];
  return Array.from({ length: alert.attempts }, (_, i) => bad(i + 1, 'HTTP 503: upstream unavailable'));
}
function alertsOf(world) {
  const channels = world.channels.map((one) => one.id);
  const rows = [];
  incidents(world).forEach((incident, i) => {
    const at = Date.parse(incident.opened);
    const add = (event, n, when, state, suppressed = '') => {
      const tries = state === 'suppressed' ? 0 : state === 'dead' ? 8 : state === 'waiting' ? 2 : i % 4 === 0 ? 2 : 1;
      const alert = { key: `${incident.id}/${n}/${channels[0]}`, at: iso(when), event, monitor: { id: incident.monitor.id, uid: incident.monitor.uid, name: incident.monitor.name }, incident: incident.id, channel: channels[n % channels.length] ?? 'ops', state, attempts: tries, suppressed, next_attempt: state === 'waiting' ? iso(Date.now() + 40_000) : null, last_result: '' };
      alert.log = attempts(alert, when);
      alert.last_result = suppressed || (alert.log.at(-1)?.result ?? '');
      rows.push(alert);
    };
    if (channels.length === 0) return;
    add('monitor.down', 0, at, i % 9 === 3 ? 'suppressed' : i % 9 === 5 ? 'dead' : i % 9 === 7 ? 'waiting' : 'delivered', i % 9 === 3 ? 'muted' : '');
    if (incident.closed) add('monitor.recovered', 1, Date.parse(incident.closed), 'delivered');
    else if (i % 3 === 1) add('monitor.reminder', 2, at + 10 * kMinute, 'suppressed', 'acknowledged');
  });
  return rows.sort((a, b) => b.at.localeCompare(a.at));
}
const rowOfAlert = ({ log, ...row }) => row;

function detail(world, incident) {
  const { notes, ...row } = incident;
  const deliveries = alertsOf(world).filter((one) => one.incident === incident.id).map((one) => ({ key: one.key, channel: one.channel, event: one.event, event_number: 1, state: one.state, suppressed: one.suppressed, created: one.at, next_attempt: one.next_attempt, finished: one.state === 'delivered' ? one.at : null, attempts: one.attempts, last_result: one.last_result, log: one.log }));
  const timeline = [
    { at: row.began, kind: 'first_failure', text: row.reason }, { at: row.opened, kind: 'confirmed', text: 'Failed twice in a row: down.' },
    ...deliveries.map((one) => ({ at: one.created, kind: one.state === 'suppressed' ? 'suppressed' : 'delivery', text: one.state === 'suppressed' ? `${one.event} to ${one.channel} was not sent: ${one.suppressed}.` : `${one.event} to ${one.channel}: ${one.last_result}.` })),
    ...notes, ...(row.acknowledged ? [{ at: row.acknowledged, kind: 'acknowledged', text: `${row.acknowledged_by}: ${row.acknowledge_note || 'acknowledged'}` }] : []), ...(row.closed ? [{ at: row.closed, kind: 'recovered', text: 'Passed again.' }] : []),
  ].sort((a, b) => a.at.localeCompare(b.at));
  return { ...row, timeline, deliveries };
}
const findIncident = (world, id) => incidents(world).find((one) => one.id === id) ?? (() => { throw notFound('No incident has this id.'); })();

// --- channels

const secretFields = { webhook: ['id', 'type', 'name', 'send', 'url', 'secret', 'headers'], email: ['id', 'type', 'name', 'send', 'to', 'from', 'smtp'] };
const usual = ['down', 'recovered', 'reminder', 'escalated', 'flapping', 'group'];
const events = ['down', 'degraded', 'recovered', 'reminder', 'escalated', 'flapping', 'group', 'location.unknown', 'self', 'test'];

export function seedChannels(world) {
  if (world.channelsSeeded) return;
  world.channelsSeeded = true;
  if (world.monitors.length === 0) return;
  const health = { delivered: 412, failed_attempts: 3, dead: 0, last_result: 'HTTP 200: ok' };
  world.channels.push(
    { id: 'ops', name: 'On call', type: 'webhook', send: usual, owner: { kind: 'project', project: 'shop', file: 'shop.yaml', line: 4 }, used_by: 61, revision: '1'.repeat(16), webhook: { url_set: true, url_shown: 'https://hooks.example.com/…', secret_set: true, headers: ['X-Team'] }, health },
    { id: 'mail', name: 'Team mail', type: 'email', send: ['down', 'recovered'], owner: { kind: 'ui' }, used_by: 12, revision: '2'.repeat(16), email: { to: ['oncall@example.com', 'lead@example.com'], from: 'tocsin@example.com', smtp: { host: 'mail.example.com', port: 587, security: 'starttls', username: 'tocsin', password_set: true, verify: true } }, health: { delivered: 80, failed_attempts: 21, dead: 2, last_result: '535 authentication failed' } },
    { id: 'archive', name: 'Archive', type: 'webhook', send: events, owner: { kind: 'ui' }, used_by: 0, revision: '3'.repeat(16), webhook: { url_set: true, url_shown: 'http://127.0.0.1:9000/…', secret_set: false, headers: [] }, health: { delivered: 0, failed_attempts: 0, dead: 0, last_result: null } },
  );
}
const originOf = (url) => /^https?:\/\/[^/?#]+/.exec(url)?.[0];

function applyChannel(channel, body, fresh) {
  const known = secretFields[channel.type];
  const odd = Object.keys(body).find((name) => !known.includes(name));
  if (odd) throw invalid(`/${odd}`, 'unknown_field', `A channel of type ${channel.type} has no ${odd}.`);
  if ('name' in body) channel.name = text(body, 'name', { max: 500 });
  if ('send' in body) {
    const wrong = body.send.find((one) => !events.includes(one));
    if (wrong) throw invalid('/send', 'invalid_choice', `There is no event ${wrong}.`);
    channel.send = body.send;
  }
  if (channel.type === 'webhook') {
    const hook = channel.webhook;
    if (fresh && !body.url) throw invalid('/url', 'required', 'A webhook needs an url.');
    if (body.url !== undefined) {
      const origin = originOf(body.url);
      if (!origin) throw invalid('/url', 'invalid_field', 'This is no address of the web.', 'Begin it with https://.');
      if (!fresh && hook.secret_set && `${origin}/…` !== hook.url_shown && body.secret === undefined) throw invalid('/secret', 'secret_needed', 'The webhook goes to another place: this secret must be written again.');
      Object.assign(hook, { url_set: true, url_shown: `${origin}/…` });
    }
    if (body.secret !== undefined) {
      if (body.secret !== null && body.secret.length < 24) throw invalid('/secret', 'too_short', 'A signing key has at least 24 bytes.');
      hook.secret_set = body.secret !== null;
    }
    for (const [name, value] of Object.entries(body.headers ?? {})) hook.headers = [...hook.headers.filter((one) => one !== name), ...(value === null ? [] : [name])];
  } else {
    const mail = channel.email;
    if (body.to) mail.to = body.to;
    if (body.from) mail.from = body.from;
    if (fresh && mail.to.length === 0) throw invalid('/to', 'required', 'A channel of type email needs to.');
    if (fresh && !body.from) throw invalid('/from', 'required', 'A channel of type email needs from.');
    const { password, ...smtp } = body.smtp ?? {};
    if (!fresh && smtp.host && smtp.host !== mail.smtp.host && mail.smtp.password_set && password === undefined) throw invalid('/smtp/password', 'secret_needed', 'The mail goes another way: this secret must be written again.');
    Object.assign(mail.smtp, smtp);
    if (!mail.smtp.host) throw invalid('/smtp/host', 'required', 'smtp needs a host.');
    if (password !== undefined) mail.smtp.password_set = password !== null;
  }
  channel.revision = (BigInt(`0x${channel.revision}`) + 1n).toString(16).padStart(16, '0').slice(-16);
  return channel;
}
function findChannel(world, id) {
  const found = world.channels.find((one) => one.id === id);
  if (!found) throw notFound('No channel has this id.');
  return found;
}
function own(channel) {
  if (channel.owner.kind === 'project') throw new Refusal(409, 'owned_by_project', `This channel belongs to the project ${channel.owner.project}: change ${channel.owner.file}, line ${channel.owner.line}.`);
  return channel;
}

const seeded = (routes) => routes.map(([method, path, scope, query, run]) => [method, path, scope, query, (context) => { seedChannels(context.world); return run(context); }]);

export const notifyRoutes = seeded([
  ['GET', '/incidents', 'read', ['limit', 'cursor', 'open', 'monitor'], ({ world, query }) => {
    const open = query.get('open');
    if (open !== null && !['true', 'false'].includes(open)) throw invalid('?open', 'invalid_choice', 'open is true or false.');
    const list = incidents(world).filter((one) => (open === null || one.open === (open === 'true')) && (!query.get('monitor') || [one.monitor.id, one.monitor.uid].includes(query.get('monitor'))));
    const found = page(list, query, (one) => one.id);
    return { json: { ...found, data: found.data.map(({ notes, ...row }) => row) } };
  }],
  ['GET', '/incidents/{id}', 'read', [], ({ world, params }) => ({ json: detail(world, findIncident(world, params.id)) })],
  ['POST', '/incidents/{id}/acknowledge', 'write', [], async ({ world, params, request, session }) => {
    const body = await readBody(request, ['note']);
    const incident = findIncident(world, params.id);
    if (!incident.open) throw new Refusal(409, 'closed', 'The incident is closed.');
    Object.assign(incident, { acknowledged: iso(Date.now()), acknowledged_by: session.user.name, acknowledge_note: text(body, 'note', { max: 1000, optional: true }) ?? '' });
    return { json: detail(world, incident) };
  }],
  ['POST', '/incidents/{id}/note', 'write', [], async ({ world, params, request, session }) => {
    const body = await readBody(request, ['note']);
    const incident = findIncident(world, params.id);
    if (text(body, 'note', { max: 1000 }).trim() === '') throw invalid('/note', 'required', 'A note needs a text.');
    incident.notes.push({ at: iso(Date.now()), kind: 'note', text: `${session.user.name}: ${body.note}` });
    return { json: detail(world, incident) };
  }],
  ['GET', '/alerts', 'read', ['channel', 'state', 'monitor', 'limit', 'cursor'], ({ world, query }) => {
    const state = query.get('state');
    if (state && !['waiting', 'delivered', 'dead', 'suppressed'].includes(state)) throw invalid('?state', 'invalid_choice', 'state must be waiting, delivered, dead, suppressed.');
    const list = alertsOf(world).filter((one) => (!state || one.state === state) && (!query.get('channel') || one.channel === query.get('channel')) && (!query.get('monitor') || [one.monitor.id, one.monitor.uid].includes(query.get('monitor'))));
    const found = page(list, query, (one) => one.key);
    return { json: { ...found, data: found.data.map(rowOfAlert) } };
  }],
  ['GET', '/alerts/{key}', 'read', [], ({ world, params }) => {
    const found = alertsOf(world).find((one) => one.key === params.key);
    if (!found) throw notFound('No alert has this key.');
    return { json: { ...found, payload: { type: found.event, timestamp: found.at, data: { monitor: found.monitor, incident: found.incident, sentence: 'Sessions redis is down: nothing is listening on port 6379.' } } } };
  }],
  ['GET', '/channels', 'read', [], ({ world }) => ({ json: { data: world.channels, next_cursor: null } })],
  ['POST', '/channels', 'admin', [], async ({ world, request }) => {
    const body = await readBody(request, [...new Set(Object.values(secretFields).flat())]);
    if (!secretFields[body.type]) throw invalid('/type', 'invalid_choice', 'type must be webhook, email.');
    const id = body.id ?? String(body.name ?? '').toLowerCase().replace(/[^a-z0-9]+/g, '-');
    if (!id) throw invalid('/id', 'required', 'The channel needs an "id", or a "name" to make one from.');
    if (world.channels.some((one) => one.id === id)) throw new Refusal(409, 'id_taken', `The id ${id} is taken.`);
    const channel = { id, name: body.name ?? id, type: body.type, send: usual, owner: { kind: 'ui' }, used_by: 0, revision: '0'.repeat(16), health: { delivered: 0, failed_attempts: 0, dead: 0, last_result: null } };
    if (body.type === 'webhook') channel.webhook = { url_set: false, url_shown: '', secret_set: false, headers: [] };
    else channel.email = { to: [], from: '', smtp: { host: '', port: 25, security: 'starttls', username: '', password_set: false, verify: true } };
    world.channels.push(applyChannel(channel, body, true));
    return { status: 201, json: channel };
  }],
  ['PATCH', '/channels/{id}', 'admin', [], async ({ world, params, request }) => {
    const channel = own(findChannel(world, params.id));
    const match = request.headers['if-match'];
    if (match && match !== `"${channel.revision}"`) throw new Refusal(412, 'revision_differs', 'The channel was changed meanwhile.');
    return { json: applyChannel(channel, await readBody(request, [...new Set(Object.values(secretFields).flat())]), false) };
  }],
  ['DELETE', '/channels/{id}', 'admin', [], ({ world, params }) => {
    const channel = own(findChannel(world, params.id));
    if (channel.used_by > 0) throw new Refusal(409, 'in_use', `${channel.used_by} monitors name this channel.`);
    world.channels.splice(world.channels.indexOf(channel), 1);
    return { status: 204 };
  }],
  ['POST', '/channels/{id}/test', 'admin', [], async ({ world, params, request }) => {
    await readBody(request, []);
    const channel = findChannel(world, params.id);
    await new Promise((done) => setTimeout(done, world.slow ? 700 : 5));
    return { json: channel.id === 'mail' ? { ok: false, result: '535 5.7.8 authentication failed', took_ms: 812 } : { ok: true, result: 'HTTP 200: {"ok":true}', took_ms: 143 } };
  }],
  ['POST', '/channels/preview', 'read', [], async ({ request }) => {
    const body = await readBody(request, ['type', 'event']);
    if (body.type === 'webhook') return { json: { body: JSON.stringify({ type: body.event, timestamp: iso(Date.now()), data: { monitor: { id: 'redis', name: 'Redis sessions' } } }, null, 2) } };
    return { json: { subject: `[${body.event}] Redis sessions`, text: 'Redis sessions is down.\n\nNothing is listening on port 6379.\n', html: '<p>Redis sessions is <b>down</b>.</p>' } };
  }],
]);
