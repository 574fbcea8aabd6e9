// Incidents and alerts of the stand-in, made up from the monitors that are down.
import { seedChannels } from './channels.mjs';
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
]);
