// Monitors, heartbeats, results and the probe of the stand-in.
import { beatsOf, dice, errorOf, iso, makeMonitor, presets, resultOf, settle } from './world.mjs';
import { invalid, notFound, readBody, Refusal, text } from './http.mjs';

export const configFields = ['id', 'name', 'target', 'host', 'port', 'preset', 'for_each', 'ip_family', 'tls', 'request', 'assert', 'degraded_after', 'fail_after', 'timeout', 'expect', 'should_fail', 'interval', 'locations', 'strategy', 'retry', 'alert', 'channels', 'tags', 'group', 'description', 'runbook', 'depends_on', 'enabled', 'muted', 'close'];
const rowFields = ['id', 'uid', 'name', 'project', 'target', 'status', 'flags', 'since', 'error', 'tags', 'group', 'interval_s', 'timeout_ms', 'enabled', 'muted', 'paused', 'last_result', 'next_run', 'incident', 'owner', 'revision'];
const statuses = ['pending', 'up', 'degraded', 'down', 'unknown', 'paused'];

export function rowOf(monitor, fields = rowFields) {
  const row = { id: monitor.id, uid: monitor.uid };
  for (const name of fields) row[name] = monitor[name];
  return row;
}
const detailOf = (monitor) => ({ ...rowOf(monitor), definition: {}, config: monitor.config });

export function targetOf(body) {
  const written = text(body, 'target', { max: 300, optional: true });
  const preset = body.preset === undefined ? null : presets.find((one) => one.id === body.preset);
  if (preset === undefined) throw invalid('/preset', 'invalid_choice', `There is no preset "${body.preset}".`);
  if (written === undefined) throw invalid('/target', 'required', 'target is required: host:port.');
  if (/^[a-z]+:\/\//i.test(written)) throw invalid('/target', 'invalid_field', 'A target is host:port; a scheme has no place in it.', `Write "${written.replace(/^[a-z]+:\/\//i, '').replace(/\/.*$/, '')}".`);
  const found = /^(\[[0-9a-f:.]+\]|[^:\s/]+):(\d+)$/i.exec(written);
  const port = found ? Number(found[2]) : preset?.port;
  if (!found && !(preset && /^[^:\s/]+$/.test(written))) throw invalid('/target', 'invalid_field', 'A target is host:port, like db.example.com:5432.');
  if (!(port >= 1 && port <= 65535)) throw invalid('/target', 'invalid_field', 'A port is 1 to 65535.');
  return `${found ? found[1] : written}:${port}`;
}

function find(world, id) {
  const found = world.monitors.find((one) => one.id === id || one.uid === id);
  if (!found) throw notFound('No monitor has this id.');
  return found;
}
function refuseProject(monitor) {
  if (monitor.owner.kind === 'project') throw new Refusal(409, 'owned_by_project', `This monitor belongs to the project ${monitor.owner.project}: change ${monitor.owner.file}, line ${monitor.owner.line}.`);
}
const slug = (name) => name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 60) || 'monitor';

function create(world, body) {
  const target = targetOf(body);
  const name = text(body, 'name', { max: 500, optional: true }) ?? target;
  let id = text(body, 'id', { optional: true });
  if (id !== undefined && world.monitors.some((one) => one.id === id)) throw new Refusal(409, 'id_taken', `The id ${id} is taken.`);
  if (id === undefined) for (let n = 1; id === undefined || world.monitors.some((one) => one.id === id); n += 1) id = n === 1 ? slug(name) : `${slug(name)}-${n}`;
  const monitor = makeMonitor(world.nextNumber++, world.random, {}, { kind: 'ui' });
  Object.assign(monitor, { id, name, target, status: 'pending', since: null, paused: false, muted: body.muted ?? false, tags: body.tags ?? [], group: body.group ?? '', incident: null, last_result: null, error: null, firstSlot: Math.floor(Date.now() / 10_000) });
  monitor.flags = { confirming: false, recovering: false, muted: monitor.muted, acknowledged: false, flapping: false };
  const { id: _, ...config } = body;
  monitor.config = { ...config, target };
  world.monitors.push(monitor);
  world.tell('monitor', rowOf(monitor));
  setTimeout(() => {
    monitor.status = 'up';
    monitor.since = iso(Date.now());
    settle(monitor, world.random);
    world.tell('monitor', rowOf(monitor));
  }, 1500).unref();
  return monitor;
}

const actions = {
  pause: (m) => { m.paused = true; m.status = 'paused'; m.since = iso(Date.now()); },
  resume: (m) => { m.paused = false; m.status = m.error ? 'down' : 'up'; m.since = iso(Date.now()); },
  mute: (m) => { m.muted = true; m.flags = { ...m.flags, muted: true }; },
  unmute: (m) => { m.muted = false; m.flags = { ...m.flags, muted: false }; },
  run: (m, world) => { if (m.status !== 'paused') settle(m, world.random); },
};
function act(world, monitor, action) {
  actions[action](monitor, world);
  monitor.revision = (BigInt(`0x${monitor.revision}`) + 1n).toString(16).padStart(16, '0').slice(-16);
  world.tell('monitor', rowOf(monitor));
  return monitor;
}
function remove(world, monitor) {
  refuseProject(monitor);
  world.monitors.splice(world.monitors.indexOf(monitor), 1);
  world.removed.push(monitor);
  world.tell('removed', { id: monitor.id, uid: monitor.uid });
}

function filtered(world, query) {
  const status = query.get('status');
  if (status !== null && !statuses.includes(status)) throw invalid('?status', 'invalid_choice', `status must be ${statuses.join(', ')}.`);
  const owner = query.get('owner');
  const search = query.get('search')?.toLowerCase();
  return world.monitors.filter((m) => (!status || m.status === status) && (!query.get('tag') || m.tags.includes(query.get('tag'))) && (!query.get('group') || m.group === query.get('group')) &&
    (!owner || (owner === 'ui' ? m.owner.kind === 'ui' : m.owner.project === owner)) && (!query.get('project') || m.project === query.get('project')) &&
    (!search || `${m.id} ${m.name} ${m.target}`.toLowerCase().includes(search)));
}
export function page(list, query, key) {
  const limit = query.has('limit') ? Number(query.get('limit')) : 100;
  if (!(limit >= 1 && limit <= 1000)) throw invalid('?limit', 'out_of_range', 'limit is 1 to 1000.');
  const after = query.get('cursor');
  const start = after ? list.findIndex((one) => key(one) === after) + 1 : 0;
  const data = list.slice(start, start + limit);
  return { data, next_cursor: start + limit < list.length ? key(data.at(-1)) : null };
}
function groupCounts(world, namesOf) {
  const found = new Map();
  for (const monitor of world.monitors) {
    for (const name of namesOf(monitor)) {
      const row = found.get(name) ?? { name, monitors: 0, by_status: {} };
      row.monitors += 1;
      row.by_status[monitor.status] = (row.by_status[monitor.status] ?? 0) + 1;
      found.set(name, row);
    }
  }
  return { data: [...found.values()].sort((a, b) => a.name.localeCompare(b.name)), next_cursor: null };
}

function answerOf(world, body) {
  const target = targetOf(body);
  const port = target.split(':').pop();
  const seed = [...target].reduce((n, c) => (n * 31 + c.charCodeAt(0)) >>> 0, 7);
  const shape = { tls: body.tls === 'direct' || body.tls?.mode === 'direct', uid: '0', target, interval_s: 10, seed: seed % 4093, named: !/^[\d.[]/.test(target), failing: 'tcp_refused' };
  if (/refused|:1$/.test(target)) shape.failing = 'tcp_refused';
  if (/nowhere|invalid/.test(target)) shape.failing = 'host_not_found';
  const verdict = /refused|nowhere|invalid|:1$/.test(target) ? 'failed' : 'passed';
  const result = resultOf(shape, dice(seed), Math.floor(Date.now() / 10_000), verdict);
  const { id, slot, location, attempt, final, has_details, ...judged } = result;
  const banner = { 6379: '+PONG\\r\\n', 22: 'SSH-2.0-OpenSSH_9.2p1\\r\\n' }[port] ?? '';
  return {
    target, ...judged, remote: result.resolved_ip ? `${result.resolved_ip}:${port}` : '', dns_cached: false, stale_dns: false, assertions: [], bytes_sent: 0,
    received: { bytes: banner.replace(/\\./g, 'x').length, truncated: false, peer_closed: false, text: banner, base64: Buffer.from(banner.replaceAll('\\r\\n', '\r\n')).toString('base64') }, tls: null, transcript: [],
  };
}

function dryRun(body) {
  try {
    const target = targetOf(body);
    const times = Array.from({ length: 5 }, (_, i) => iso(Date.now() + (i + 1) * 60_000));
    return { monitors: [{ id: body.id ?? slug(body.name ?? target), name: body.name ?? target, target }], problems: [], warnings: [], next_runs: times, sentence: 'You are told when 1 check in a row has failed.' };
  } catch (error) {
    if (!(error instanceof Refusal) || !error.errors) throw error;
    return { monitors: [], problems: error.errors, warnings: [], next_runs: [], sentence: '' };
  }
}

async function probe({ world, request, response }) {
  const answer = answerOf(world, await readBody(request, configFields.filter((name) => name !== 'for_each' && name !== 'id')));
  if (!(request.headers.accept ?? '').includes('text/event-stream')) return { json: answer };
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  const send = (event, data) => response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  let at = 0;
  for (const phase of ['dns', 'connect', 'tls', 'data']) {
    const took = answer[`${phase}_us`];
    if (took === null) continue;
    await new Promise((done) => setTimeout(done, world.slow ? 400 : 5));
    send('phase', { phase, at_us: at, took_us: took });
    at += took;
  }
  send('result', answer);
  response.end();
  return undefined;
}

const single = async ({ world, params, request }, action) => {
  await readBody(request, []);
  return { json: rowOf(act(world, find(world, params.id), action)) };
};

export const monitorRoutes = [
  ['GET', '/monitors', 'read', ['limit', 'cursor', 'status', 'tag', 'group', 'owner', 'project', 'search', 'fields'], async ({ world, query, request, response }) => {
    const fields = query.has('fields') ? query.get('fields').split(',') : rowFields;
    const odd = fields.find((name) => !rowFields.includes(name));
    if (odd !== undefined) throw invalid('?fields', 'invalid_choice', `A row has no field "${odd}".`);
    const list = filtered(world, query);
    if (!(request.headers.accept ?? '').includes('application/x-ndjson')) {
      const found = page(list, query, (one) => one.uid);
      return { json: { data: found.data.map((one) => rowOf(one, fields)), next_cursor: found.next_cursor } };
    }
    if (query.has('limit') || query.has('cursor')) throw invalid('?limit', 'not_here', 'A stream has no pages.');
    response.writeHead(200, { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' });
    for (let i = 0; i < list.length; i += 100) {
      if (!response.write(list.slice(i, i + 100).map((one) => `${JSON.stringify(rowOf(one, fields))}\n`).join(''))) await new Promise((done) => response.once('drain', done));
    }
    response.end();
    return undefined;
  }],
  ['POST', '/monitors', 'write', ['dry_run'], async ({ world, request, query }) => {
    const body = await readBody(request, configFields);
    if (query.get('dry_run') === 'true') return { json: dryRun(body) };
    const monitor = create(world, body);
    return { status: 201, json: detailOf(monitor), headers: { Location: `/api/v1/monitors/${monitor.id}`, ETag: `"${monitor.revision}"` } };
  }],
  ['POST', '/monitors/batch', 'write', [], async ({ world, request }) => {
    const body = await readBody(request, ['action', 'ids', 'tag']);
    const known = [...Object.keys(actions), 'delete', 'add_tag', 'remove_tag'];
    if (!known.includes(body.action)) throw invalid('/action', 'invalid_choice', `action must be ${known.join(', ')}.`);
    if (!Array.isArray(body.ids) || body.ids.length < 1 || body.ids.length > 1000) throw invalid('/ids', 'out_of_range', 'ids has 1 to 1000 items.');
    if (body.action.endsWith('_tag')) text(body, 'tag', { max: 100 });
    else if (body.tag !== undefined) throw invalid('/tag', 'not_here', `${body.action} takes no tag.`);
    const data = body.ids.map((id) => {
      try {
        const monitor = find(world, id);
        if (body.action === 'delete') remove(world, monitor);
        else if (body.action.endsWith('_tag')) {
          refuseProject(monitor);
          monitor.tags = monitor.tags.filter((tag) => tag !== body.tag);
          if (body.action === 'add_tag') monitor.tags = [...monitor.tags, body.tag];
          world.tell('monitor', rowOf(monitor));
        } else act(world, monitor, body.action);
        return { id, ok: true, problem: null };
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return { id, ok: false, problem: { code: error.code, detail: error.detail } };
      }
    });
    return { json: { data } };
  }],
  ['GET', '/monitors/{id}', 'read', [], ({ world, params }) => {
    const monitor = find(world, params.id);
    return { json: detailOf(monitor), headers: { ETag: `"${monitor.revision}"` } };
  }],
  ...['PUT', 'PATCH'].map((method) => [method, '/monitors/{id}', 'write', ['dry_run'], async ({ world, params, request, query }) => {
    const monitor = find(world, params.id);
    refuseProject(monitor);
    const match = request.headers['if-match'];
    if (match && match !== `"${monitor.revision}"`) throw new Refusal(412, 'revision_differs', 'The monitor was changed meanwhile.');
    const body = await readBody(request, configFields);
    const config = method === 'PUT' ? body : { ...monitor.config, ...body };
    if (query.get('dry_run') === 'true') return { json: dryRun({ ...config, id: monitor.id }) };
    for (const [name, value] of Object.entries(config)) if (value === null) delete config[name];
    const target = targetOf(config);
    Object.assign(monitor, { config, target, name: config.name ?? monitor.id, tags: config.tags ?? [], group: config.group ?? '' });
    monitor.revision = (BigInt(`0x${monitor.revision}`) + 1n).toString(16).padStart(16, '0').slice(-16);
    world.tell('monitor', rowOf(monitor));
    return { json: detailOf(monitor), headers: { ETag: `"${monitor.revision}"` } };
  }]),
  ['DELETE', '/monitors/{id}', 'write', [], ({ world, params }) => {
    remove(world, find(world, params.id));
    return { status: 204 };
  }],
  ['POST', '/monitors/{id}/restore', 'write', [], async ({ world, params, request }) => {
    await readBody(request, []);
    const at = world.removed.findIndex((one) => one.uid === params.id);
    if (at < 0) throw notFound('No removed monitor has this uid.');
    const [monitor] = world.removed.splice(at, 1);
    if (world.monitors.some((one) => one.id === monitor.id)) throw new Refusal(409, 'id_taken', `The id ${monitor.id} is taken.`);
    world.monitors.push(monitor);
    world.tell('monitor', rowOf(monitor));
    return { json: rowOf(monitor) };
  }],
  ...Object.keys(actions).map((action) => ['POST', `/monitors/{id}/${action}`, 'write', [], (context) => single(context, action)]),
  ['POST', '/monitors/{id}/clone', 'write', [], async ({ world, params, request }) => {
    const body = await readBody(request, ['id', 'name']);
    const source = find(world, params.id);
    return { status: 201, json: detailOf(create(world, { ...source.config, name: body.name ?? `${source.name} 2`, ...(body.id ? { id: body.id } : {}) })) };
  }],
  ['GET', '/tags', 'read', [], ({ world }) => ({ json: groupCounts(world, (m) => m.tags) })],
  ['GET', '/groups', 'read', [], ({ world }) => ({ json: groupCounts(world, (m) => (m.group ? [m.group] : [])) })],
  ['GET', '/summary', 'read', [], ({ world }) => {
    const by = Object.fromEntries(statuses.map((one) => [one, 0]));
    for (const monitor of world.monitors) by[monitor.status] += 1;
    return { json: { monitors: world.monitors.length, by_status: by, muted: world.monitors.filter((m) => m.muted).length, open_incidents: by.down } };
  }],
  ['GET', '/heartbeats', 'read', ['ids', 'count'], ({ world, query }) => {
    const ids = (query.get('ids') ?? '').split(',').filter(Boolean);
    const count = Number(query.get('count') ?? 30);
    if (ids.length < 1 || ids.length > 100) throw invalid('?ids', 'out_of_range', 'ids has 1 to 100 items.');
    if (!(count >= 1 && count <= 100)) throw invalid('?count', 'out_of_range', 'count is 1 to 100.');
    const byId = new Map(world.monitors.flatMap((one) => [[one.id, one], [one.uid, one]]));
    return { json: { data: ids.filter((id) => byId.has(id)).map((id) => ({ id: byId.get(id).id, uid: byId.get(id).uid, beats: beatsOf(byId.get(id), count) })) } };
  }],
  ['GET', '/presets', 'read', [], () => ({ json: { data: presets, next_cursor: null } })],
  ['POST', '/probe', 'write', [], probe],
];
export { find, errorOf };
