// A server that has lived a little: services that answer, lag, refuse and speak TLS; an incident that is acknowledged and one that is over;
// notices that arrived, failed and were held back; monitors of a project and monitors made on the pages.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache, greeting, Service, silent } from './services.mjs';
import { until } from './wait.mjs';

export function certificate(folder, subject = '/O=Example/CN=cache.example.com', days = 40) {
  const key = join(folder, 'key.pem');
  const cert = join(folder, 'cert.pem');
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', cert, '-days', String(days), '-utf8', '-subj', subject, '-addext', 'subjectAltName=DNS:cache.example.com,IP:127.0.0.1'], { stdio: ['ignore', 'ignore', 'ignore'] });
  return { key: readFileSync(key), cert: readFileSync(cert), file: cert };
}

export async function startWorld(kit) {
  const server = await kit.server();
  const pem = certificate(server.folder);
  const good = await kit.receiver();
  const bad = await kit.receiver();
  bad.status = 503;
  const quick = await kit.service(cache());
  const slow = await kit.service(cache(80));
  const mail = await kit.service(greeting('220 mail.example.com ESMTP ready\r\n'));
  const shaky = await kit.service(cache());
  const json = await kit.service(greeting('{"status":"ok","checks":[{"name":"db","ok":true},{"name":"queue","ok":true}]}'));
  const tls = await kit.service(new Service((socket) => socket.on('data', () => socket.write('+PONG\r\n')), { key: pem.key, cert: pem.cert }));
  const gone = await kit.service(silent());
  await gone.stop();
  const ping = 'request: [ { send: "PING\\r\\n" } ]';
  await server.writeConfig(`
version: 1
project: { id: shop, name: Shop }
defaults: { interval: 1s, timeout: 2s }
channels:
  ops:  { type: webhook, url: "${good.url}", secret: "\${env:HOOK_SECRET}" }
  late: { type: webhook, url: "${bad.url}", secret: "\${env:HOOK_SECRET}" }
monitors:
  sessions: { name: Redis sessions, target: "${quick.target}", tags: [prod, cache], group: Shop, ${ping}, assert: [ 'response_data contains "+PONG"', 'response_time < 200ms' ] }
  reports:  { name: Reports cache, target: "${slow.target}", tags: [prod], group: Shop, ${ping}, degraded_after: 50ms }
  ledger:   { name: Ledger, target: "${gone.target}", tags: [prod, db], group: Shop, alert: { after_runs: 2, reminders: { every: 10m, count: 3 } }, channels: [ops, late], runbook: "https://wiki.example.com/ledger" }
  mail:     { name: Mail relay, target: "${mail.target}", tags: [mail], request: [ { expect: { regex: "^220 " } } ] }
  vault:    { name: Vault over TLS, target: "${tls.target}", tags: [prod, edge], ${ping}, tls: { mode: direct, ca_file: "${pem.file}" }, assert: [ "cert_days_left > 14" ] }
`);
  await server.api('POST', '/reload', {});
  const make = (body) => server.api('POST', '/monitors', { interval: '1s', timeout: '2s', ...body });
  await make({ id: 'orders', name: 'Orders queue', target: shaky.target, tags: ['prod', 'tier-1'], group: 'Platform', request: [{ send: 'PING\r\n' }], assert: ['response_data contains "+PONG"'], channels: ['ops'], description: 'The queue between the shop and the warehouse.', alert: { after_runs: 1 } });
  await make({ id: 'health', name: 'Health of the gateway', target: json.target, tags: ['edge'], assert: ['response_data contains "ok"', 'bytes_received > 500'], channels: ['ops'] });
  await make({ id: 'sleeper', name: 'Nightly batch', target: quick.target, group: 'Platform' });
  await make({ id: 'spare', name: 'Spare gateway', target: quick.target, group: 'Platform', enabled: false });
  await make({ id: 'hushed', name: 'Old importer', target: gone.target, channels: ['ops'] });
  await server.api('POST', '/monitors/hushed/mute', {});
  await server.settled('orders', 'up');
  await server.settled('vault', 'up');
  await server.settled('ledger', 'down');
  await server.settled('hushed', 'down');
  await server.settled('health', 'down');
  await server.api('POST', '/monitors/sleeper/pause', {});
  await shaky.stop();
  await server.settled('orders', 'down');
  await shaky.start();
  await server.settled('orders', 'up');
  const open = (await server.api('GET', '/incidents?open=true')).data;
  const ledger = open.find((one) => one.monitor.id === 'ledger');
  await server.api('POST', `/incidents/${ledger.id}/acknowledge`, { note: 'On it: the disk is full.' });
  await server.api('POST', `/incidents/${ledger.id}/note`, { note: 'Freed 20 GB, starting it again.' });
  await until('a failed delivery', async () => (await server.api('GET', '/alerts?channel=late')).data.some((one) => one.attempts > 0));
  const newest = async (id, verdict) => (await server.api('GET', `/monitors/${id}/results?verdict=${verdict}&limit=1`)).data[0].id;
  const alerts = (await server.api('GET', '/alerts?channel=late')).data;
  const over = (await server.api('GET', '/incidents?monitor=orders')).data[0];
  return { server, quick, shaky, gone, slow, tls, good, bad, ledger, over, alert: alerts.at(-1), newest, pem };
}
