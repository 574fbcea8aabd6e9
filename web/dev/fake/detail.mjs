// What the pages of one monitor and of one result ask for: results, statistics, the details of a result. Everything is made from the
// monitor's seed and the slot, so the same slot always says the same.
import { find, page } from './monitors.mjs';
import { invalid, notFound } from './http.mjs';
import { dice, iso, kSlot, resultOf } from './world.mjs';

const ranges = { '1h': [3600, 60], '6h': [21_600, 300], '24h': [86_400, 900], '7d': [604_800, 3600], '30d': [2_592_000, 14_400], '90d': [7_776_000, 43_200] };
const verdicts = ['passed', 'degraded', 'failed', 'unknown'];
const kKept = 35 * 86_400;

function verdictAt(monitor, slot) {
  const age = (monitor.last_result?.[kSlot] ?? slot) - slot;
  if (age < 6 && monitor.status === 'down') return 'failed';
  if (age < 6 && monitor.status === 'degraded') return 'degraded';
  if (age < 6 && monitor.status === 'unknown') return 'unknown';
  const dot = dice(monitor.seed * 7919 + slot)();
  return dot < 0.008 ? 'failed' : dot < 0.02 ? 'degraded' : dot < 0.023 ? 'unknown' : 'passed';
}
function resultAt(monitor, slot) {
  if (slot === monitor.last_result?.[kSlot]) return { ...monitor.last_result, has_details: true };
  const verdict = verdictAt(monitor, slot);
  return { ...resultOf(monitor, dice(monitor.seed + slot), slot, verdict), has_details: verdict !== 'passed' || slot % 3 === 0 };
}
const firstSlot = (monitor, now) => Math.max(monitor.firstSlot ?? 0, Math.ceil((now - kKept) / monitor.interval_s));

function resultsOf(monitor, query) {
  if (!monitor.last_result) return [];
  const now = Date.now() / 1000;
  const last = monitor.last_result[kSlot];
  const from = query.get('from') ? Math.ceil(Date.parse(query.get('from')) / 1000 / monitor.interval_s) : last - 700;
  const to = query.get('to') ? Math.min(last, Math.ceil(Date.parse(query.get('to')) / 1000 / monitor.interval_s) - 1) : last;
  const list = [];
  for (let slot = to; slot >= Math.max(from, firstSlot(monitor, now)) && list.length < 3000; slot -= 1) {
    const one = resultAt(monitor, slot);
    if (query.get('verdict') && one.verdict !== query.get('verdict')) continue;
    if (query.get('error') && one.error?.code !== query.get('error')) continue;
    list.push(one);
    if (one.verdict === 'failed' && query.get('attempts') === 'all') list.push({ ...one, id: one.id.replace(/1$/, '2'), attempt: 2 });
  }
  return list;
}
const csvCell = (value) => {
  const text = String(value ?? '').replace(/^[=+\-@]/, "'$&");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

function percentile(sorted, share) {
  return sorted.length === 0 ? null : sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
function statsOf(results, intervalS) {
  const counts = Object.fromEntries(verdicts.map((one) => [one, 0]));
  for (const one of results) counts[one.verdict] += 1;
  const times = results.map((one) => one.response_time_us).filter((us) => us !== null).sort((a, b) => a - b);
  const known = counts.passed + counts.degraded + counts.failed;
  return {
    counts, times,
    all: { runs: results.length, ...counts, availability: known === 0 ? null : (known - counts.failed) / known, downtime_s: counts.failed * intervalS, incidents: Math.ceil(counts.failed / 4), mttr_s: counts.failed === 0 ? null : intervalS * 4,
      p50_us: percentile(times, 0.5), p95_us: percentile(times, 0.95), p99_us: percentile(times, 0.99), max_us: times.at(-1) ?? null },
  };
}
// At most a few thousand results are made for a range: of a long one every nth slot is looked at.
function sample(monitor, from, to) {
  if (!monitor.last_result) return [];
  const first = Math.max(Math.ceil(from / monitor.interval_s), monitor.firstSlot ?? 0);
  const last = Math.min(Math.ceil(to / monitor.interval_s) - 1, monitor.last_result[kSlot]);
  const step = Math.max(1, Math.floor((last - first) / 4000));
  const list = [];
  for (let slot = last; slot >= first; slot -= step) list.push(resultAt(monitor, slot));
  return list.reverse();
}
function statistics(monitor, range) {
  const [length, bucket] = ranges[range];
  const to = Math.floor(Date.now() / 1000 / bucket + 1) * bucket;
  const from = to - length;
  const list = sample(monitor, from, to);
  const buckets = [];
  for (let start = from; start < to; start += bucket) {
    const lot = list.filter((one) => one[kSlot] * monitor.interval_s >= start && one[kSlot] * monitor.interval_s < start + bucket);
    // An hour without anything, to see gaps.
    if (lot.length === 0 || (monitor.seed % 2 === 0 && (start - from) / length > 0.4 && (start - from) / length < 0.46)) continue;
    const { counts, all } = statsOf(lot, monitor.interval_s);
    const mean = {};
    for (const phase of ['dns_us', 'connect_us', 'tls_us', 'data_us']) {
      const values = lot.filter((one) => one.verdict !== 'failed').map((one) => one[phase]).filter((us) => us !== null);
      mean[phase] = values.length === 0 ? null : Math.round(values.reduce((sum, us) => sum + us, 0) / values.length);
    }
    buckets.push({ start: iso(start * 1000), ...counts, availability: all.availability, p50_us: all.p50_us, p95_us: all.p95_us, p99_us: all.p99_us, max_us: all.max_us, mean });
  }
  const now = statsOf(list, monitor.interval_s).all;
  return { range, from: iso(from * 1000), to: iso(to * 1000), bucket_s: bucket, now, before: statsOf(sample(monitor, from - length, from), monitor.interval_s).all, buckets, locations: [{ location: 'local', ...now }] };
}

const replies = {
  6379: ['PING\r\n', '+PONG\r\n'],
  22: ['', 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n'],
  25: ['', '220 mail.example.com ESMTP \u202e ready\r\n\x1b[31m250 <img src=x onerror=alert(1)>\r\n'],
  4222: ['', 'INFO {"server_id":"NA","version":"2.10","max_payload":1048576}\r\n'],
  443: ['GET /health HTTP/1.0\r\n\r\n', '{"status":"ok","checks":[{"name":"db","ok":true}]}'],
};
const escaped = (text) => text.replace(/[^\x20-\x7e]/g, (c) => ({ '\r': '\\r', '\n': '\\n', '\t': '\\t' })[c] ?? `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
const bytesOf = (text) => ({ bytes: Buffer.byteLength(text), text: escaped(text), base64: Buffer.from(text).toString('base64') });

function explain(monitor, result) {
  const [host, port] = [monitor.target.replace(/:\d+$/, ''), monitor.target.split(':').pop()];
  const code = result.error?.code;
  if (!code) return null;
  const causes = {
    tcp_refused: ['The service is not running: the refusal came within one round trip, so the host itself is up.', 'It listens on another address or port.', 'A firewall rejects the connection with a reset.'],
    timeout: ['A firewall drops the packets silently.', 'The host is down or its address has changed.'],
    host_not_found: ['The name is misspelt.', 'The record was removed from DNS.'],
    tls_expired: ['The certificate was not renewed.', 'It was renewed, but the service still shows the old one.'],
    expect_mismatch: ['Another service answers on this port.', 'The service says that it is busy.'],
  }[code] ?? ['The resolver of this location is down.'];
  const commands = { tls_expired: `openssl s_client -connect ${monitor.target} -servername ${host}`, host_not_found: `dig +short ${host}` };
  return { what: result.error.message, causes, try: [`tocsin probe ${monitor.target} -v`, commands[code] ?? `nc -zv ${host} ${port}`], docs: `errors#${code}` };
}

function detailsOf(monitor, slot, attempt) {
  const result = { ...resultAt(monitor, slot), attempt };
  const port = monitor.target.split(':').pop();
  const [sent, received] = replies[port] ?? ['', ''];
  const reached = result.error ? ['dns', 'connect', 'tls', 'data'].indexOf(result.error.phase) : 4;
  const id = (at) => `${monitor.uid}-0-1-${at}-1`;
  const last = monitor.last_result[kSlot];
  let good = slot - 1;
  while (slot - good < 200 && verdictAt(monitor, good) !== 'passed') good -= 1;
  const took = result.response_time_us === null ? 'no answer in 10 s' : `${(result.response_time_us / 1000).toFixed(1)} ms`;
  const base = 180 + (monitor.seed % 97) * 40;
  const tls = port === '443' || port === '993';
  const details = result.has_details
    ? {
        assertions: port === '6379' || reached === 4 ? [{ index: 0, passed: result.verdict !== 'degraded', actual: took, reason: result.verdict === 'degraded' ? 'is not less than 50ms' : '' }, { index: 1, passed: true, actual: escaped(received), reason: '' }] : [],
        sent: monitor.owner.kind === 'project' ? { bytes: sent.length, hidden: true, text: null, base64: null } : { ...bytesOf(reached >= 3 ? sent : ''), hidden: false },
        received: { ...bytesOf(reached >= 3 ? received : ''), truncated: port === '4222', peer_closed: port === '443' },
        transcript: [
          { at_us: 0, kind: 'note', text: `connecting to ${result.resolved_ip ?? monitor.target}` },
          ...(reached >= 3 && sent ? [{ at_us: 900, kind: 'sent', text: escaped(sent) }] : []),
          ...(reached >= 3 && received ? [{ at_us: 1900, kind: 'received', text: escaped(received) }] : []),
        ],
        tls: tls && reached > 1 ? { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', alpn: 'h2', subject: `CN=${monitor.target.replace(/:\d+$/, '')}`, issuer: 'CN=Example CA R3,O=Example', names: [monitor.target.replace(/:\d+$/, ''), 'www.example.com'], not_before: iso(Date.now() - 60 * 864e5), not_after: iso(Date.now() + (result.error?.code === 'tls_expired' ? -2 : 19) * 864e5), chain_length: 3, resumed: false } : null,
      }
    : {};
  return {
    ...result, ...details,
    sentence: result.reason || `The check passed in ${took}.`,
    explanation: explain(monitor, result), remote: result.resolved_ip ? `${result.resolved_ip}:${port}` : null, local: result.resolved_ip ? '10.0.0.2:51234' : null, dns_cached: slot % 2 === 0, stale_dns: false,
    limits: { degraded_after_us: 50_000, fail_after_us: null, timeout_us: monitor.timeout_ms * 1000 },
    medians: { dns_us: monitor.named ? 400 : null, connect_us: base, tls_us: tls ? base * 3 : null, data_us: base, response_time_us: base * 2 + 400 },
    previous_id: id(slot - 1), next_id: slot < last ? id(slot + 1) : null, last_good_id: id(good),
  };
}

export const detailRoutes = [
  ['GET', '/monitors/{id}/results', 'read', ['limit', 'cursor', 'from', 'to', 'verdict', 'attempts', 'error', 'location'], ({ world, params, query, request, response }) => {
    const monitor = find(world, params.id);
    const verdict = query.get('verdict');
    if (verdict && !verdicts.includes(verdict)) throw invalid('?verdict', 'invalid_choice', `verdict must be ${verdicts.join(', ')}.`);
    const list = resultsOf(monitor, query);
    const accept = request.headers.accept ?? '';
    if (accept.includes('csv')) {
      response.writeHead(200, { 'Content-Type': 'text/csv', 'Content-Disposition': 'attachment' });
      response.write('id,started_at,verdict,response_time_us,error\r\n');
      for (const one of list) response.write(`${[one.id, one.started_at, one.verdict, one.response_time_us, one.error?.code].map(csvCell).join(',')}\r\n`);
      response.end();
      return undefined;
    }
    if (accept.includes('ndjson')) {
      response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
      for (const one of list) response.write(`${JSON.stringify(one)}\n`);
      response.end();
      return undefined;
    }
    return { json: page(list, query, (one) => one.id) };
  }],
  ['GET', '/monitors/{id}/results/{result}', 'read', [], ({ world, params }) => {
    const monitor = find(world, params.id);
    const found = /^(\d+)-0-1-(\d+)-(\d+)$/.exec(params.result);
    const slot = Number(found?.[2]);
    if (!found || found[1] !== monitor.uid || slot > (monitor.last_result?.[kSlot] ?? -1) || slot < firstSlot(monitor, Date.now() / 1000)) throw notFound('No result has this id; it may be older than what is kept.');
    return { json: detailsOf(monitor, slot, Number(found[3])) };
  }],
  ['GET', '/monitors/{id}/stats', 'read', ['range'], ({ world, params, query }) => {
    const range = query.get('range') ?? '24h';
    if (!(range in ranges)) throw invalid('?range', 'invalid_choice', `range must be ${Object.keys(ranges).join(', ')}.`);
    return { json: statistics(find(world, params.id), range) };
  }],
];
