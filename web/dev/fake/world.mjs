// A made-up world for the stand-in of the API: monitors, results, incidents, alerts and channels, all derived from one seed.
export function dice(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const presets = [
  ['ftp', 'FTP', 21], ['ssh', 'SSH', 22], ['smtp', 'SMTP', 25], ['dns', 'DNS', 53], ['http', 'HTTP', 80], ['https', 'HTTPS', 443, true],
  ['submission', 'SMTP (TLS)', 587], ['imaps', 'IMAP (SSL)', 993, true], ['pop3s', 'POP3 (SSL)', 995, true], ['mysql', 'MySQL', 3306], ['nats', 'NATS', 4222],
  ['postgres', 'PostgreSQL', 5432], ['rabbitmq', 'RabbitMQ', 5672], ['redis', 'Redis', 6379], ['http-alt', 'HTTP Alt', 8080], ['mongodb', 'MongoDB', 27017],
  ['smtps', 'SMTP (direct TLS)', 465, true, true], ['imap', 'IMAP', 143, false, true], ['pop3', 'POP3', 110, false, true], ['mssql', 'Microsoft SQL Server', 1433, false, true],
].map(([id, name, port, tls = false, more = false]) => ({
  id, name, port, more, tls,
  send: id === 'redis' ? 'PING\\r\\n' : '',
  expect: { ssh: '(?m)^SSH-(2\\.0|1\\.99)-', redis: '^\\+PONG', nats: '^INFO ', smtp: '^220', ftp: '^220' }[id] ?? '',
  help: 'Waits for the greeting of the service.',
}));

const errors = {
  tcp_refused: ['connect', 'Nothing is listening on port {port}: the host answered with a reset.', 'Check that the service runs, on this address and port, and that no firewall rejects the connection.'],
  timeout: ['connect', 'No answer came within 10 s.', 'Check host and firewall if no connection opened, else the service; a slow one may need a longer timeout.'],
  host_not_found: ['dns', 'The host name does not exist.', 'Check the spelling and whether the domain is still registered.'],
  tls_expired: ['tls', 'The certificate has expired.', 'Renew it, and restart the service if it still shows the old one.'],
  expect_mismatch: ['data', 'The answer is not what was expected.', 'Compare the bytes received with the expected pattern.'],
  resolver_down: ['dns', 'The resolver of this location answers nothing.', 'Check the resolver, or configure a second one.'],
};
export function errorOf(code, port) {
  const [phase, message, hint] = errors[code];
  return { code, phase, message: message.replace('{port}', port), hint };
}

const services = [['redis', 6379], ['postgres', 5432], ['ssh', 22], ['web', 443], ['smtp', 25], ['mysql', 3306], ['nats', 4222], ['rabbit', 5672], ['mongo', 27017], ['imap', 993]];
const words = ['Sessions', 'Orders', 'Payments', 'Catalogue', 'Search', 'Mail', 'Ledger', 'Images', 'Gateway', 'Reports', 'Identity', 'Queue'];
const sites = ['fra', 'ams', 'waw', 'hel', 'nrt', 'sfo', 'gru'];
const tagSets = [['prod'], ['prod', 'db'], ['prod', 'edge'], ['staging'], ['prod', 'mail', 'tier-1'], ['batch'], []];

export const iso = (ms) => new Date(ms).toISOString();
const revisionOf = (random) => Math.floor(random() * 2 ** 48).toString(16).padStart(16, '0');

// The number of a result's slot; no JSON shows a symbol.
export const kSlot = Symbol('slot');

export function resultOf(monitor, random, slot, verdict) {
  const ms = slot * monitor.interval_s * 1000;
  const port = monitor.target.split(':').pop();
  const base = 180 + (monitor.seed % 97) * 40;
  const connect = Math.round(base * (0.8 + random() * 0.6));
  const data = Math.round(base * (0.6 + random() * 1.2));
  const slow = verdict === 'degraded' ? 90_000 + Math.round(random() * 40_000) : 0;
  const code = verdict === 'failed' ? monitor.failing : verdict === 'unknown' ? 'resolver_down' : null;
  const error = code ? errorOf(code, port) : null;
  const reached = error ? ['dns', 'connect', 'tls', 'data'].indexOf(error.phase) : 4;
  const tls = monitor.tls ?? (port === '443' || port === '993');
  const failedTook = code === 'timeout' ? 10_000_000 : Math.round(200 + random() * 900);
  const phases = {
    dns_us: monitor.named ? (reached > 0 ? Math.round(120 + random() * 600) : failedTook) : null,
    connect_us: reached > 1 ? connect : reached === 1 ? failedTook : null,
    tls_us: !tls ? null : reached > 2 ? connect * 3 : reached === 2 ? failedTook : null,
    data_us: reached > 3 ? data + slow : reached === 3 ? failedTook : null,
  };
  const total = Object.values(phases).reduce((sum, us) => sum + (us ?? 0), 0);
  return {
    id: `${monitor.uid}-0-1-${slot}-1`, [kSlot]: slot, slot: iso(ms), started_at: iso(ms), location: 'local', attempt: 1, final: true, verdict,
    status: verdict === 'failed' ? 'error' : verdict === 'unknown' ? 'unknown' : 'success',
    reason: error ? error.message : verdict === 'degraded' ? 'response_time is above degraded_after' : '',
    response_time_us: error && (code === 'timeout' || total === 0) ? null : total, ...phases,
    kernel_rtt_us: Math.round(connect * 0.8), syn_retransmits: 0, scheduling_delay_us: Math.round(random() * 900), resolved_ip: reached > 0 ? `10.0.${monitor.seed % 200}.${1 + (monitor.seed % 250)}` : null,
    error, error_status: error ? error.code : null, has_details: false,
  };
}

export function makeMonitor(i, random, config = null, owner = null) {
  const [service, port] = services[i % services.length];
  const site = sites[Math.floor(i / services.length) % sites.length];
  const named = i % 3 !== 0;
  const id = `${service}-${site}-${i}`;
  const dot = random();
  const status = dot < 0.015 ? 'down' : dot < 0.03 ? 'degraded' : dot < 0.036 ? 'unknown' : dot < 0.05 ? 'paused' : dot < 0.055 ? 'pending' : 'up';
  const monitor = {
    id, uid: String(4_611_686_018_427_000_000n + BigInt(i)), name: `${words[i % words.length]} ${service} ${site.toUpperCase()} ${i}`, project: '',
    target: named ? `${service}-${i}.${site}.example.com:${port}` : `10.${i % 200}.${Math.floor(i / 200) % 200}.${1 + (i % 250)}:${port}`,
    status, flags: { confirming: false, recovering: false, muted: random() < 0.02, acknowledged: status === 'down' && random() < 0.3, flapping: random() < 0.004 },
    since: status === 'pending' ? null : iso(Date.now() - Math.floor(random() * (status === 'down' ? 3e7 : 5e9))), error: null, tags: tagSets[i % tagSets.length].slice(), group: ['Shop', 'Mail', 'Platform', ''][i % 4],
    interval_s: 10, timeout_ms: 10_000, enabled: true, muted: false, paused: status === 'paused', last_result: null, next_run: iso(Date.now() + 5000), incident: null,
    owner: owner ?? (i % 5 === 0 ? { kind: 'project', project: 'shop', file: 'shop.yaml', line: 12 + i } : { kind: 'ui' }), revision: revisionOf(random),
    seed: i * 2654435761 % 4093, named, failing: ['tcp_refused', 'timeout', 'host_not_found', 'tls_expired', 'expect_mismatch'][i % 5],
    config: config ?? {},
  };
  monitor.project = monitor.owner.kind === 'project' ? monitor.owner.project : 'ui';
  monitor.muted = monitor.flags.muted;
  monitor.config = { name: monitor.name, target: monitor.target, interval: '10s', tags: monitor.tags, ...(port === 6379 ? { request: [{ send: 'PING\\r\\n' }], assert: ['response_time < 50ms', 'response_data contains "+PONG"'] } : {}), ...(monitor.owner.kind === 'project' ? { channels: ['ops'] } : i % 3 === 1 ? { channels: ['mail'] } : {}), ...monitor.config };
  return settle(monitor, random);
}

// Gives the row the last result and error that fit its status.
export function settle(monitor, random) {
  const verdict = { down: 'failed', degraded: 'degraded', unknown: 'unknown' }[monitor.status] ?? 'passed';
  const slot = Math.floor(Date.now() / 1000 / monitor.interval_s) - (monitor.status === 'paused' ? 700 : 0);
  monitor.last_result = monitor.status === 'pending' ? null : resultOf(monitor, random, slot, verdict);
  monitor.error = monitor.last_result?.error ?? null;
  monitor.incident = monitor.status === 'down' ? `i-${monitor.uid}` : null;
  return monitor;
}

export function beatsOf(monitor, count) {
  if (!monitor.last_result) return [];
  const random = dice(monitor.seed + 7);
  const beats = [];
  for (let i = count - 1; i >= 1; i -= 1) {
    const dot = random();
    const bad = monitor.status === 'down' ? i < 6 : monitor.status === 'degraded' ? i < 4 : false;
    const verdict = bad ? (monitor.status === 'down' ? 'failed' : 'degraded') : dot < 0.008 ? 'failed' : dot < 0.02 ? 'degraded' : dot < 0.023 ? 'unknown' : 'passed';
    const result = resultOf(monitor, random, monitor.last_result[kSlot] - i, verdict);
    beats.push({ [kSlot]: result[kSlot], slot: result.slot, verdict, response_time_us: result.response_time_us, error: result.error?.code ?? null });
  }
  const last = monitor.last_result;
  beats.push({ [kSlot]: last[kSlot], slot: last.slot, verdict: last.verdict, response_time_us: last.response_time_us, error: last.error?.code ?? null });
  return beats.filter((beat) => (monitor.firstSlot ?? 0) <= beat[kSlot]);
}

export function makeWorld({ monitors, seed }) {
  const random = dice(seed);
  const list = [];
  for (let i = 0; i < monitors; i += 1) list.push(makeMonitor(i, random));
  return { random, monitors: list, removed: [], nextNumber: monitors, users: [], sessions: new Map(), incidents: [], channels: [], tokens: [], setupToken: 'first-run-token' };
}
