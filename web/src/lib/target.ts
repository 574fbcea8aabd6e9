// What people type or paste as a target, understood: "db.example.com:5432", "[::1]:22", "https://example.com/x", "redis://cache", "example.com".

export interface CommonPort {
  port: number;
  name: string;
  preset: string;
  tls?: true;
}
// The sixteen of the product, in its order. The full list with its service probes comes from GET /presets.
export const commonPorts: readonly CommonPort[] = [
  { port: 21, name: 'FTP', preset: 'ftp' }, { port: 22, name: 'SSH', preset: 'ssh' }, { port: 25, name: 'SMTP', preset: 'smtp' }, { port: 53, name: 'DNS', preset: 'dns' },
  { port: 80, name: 'HTTP', preset: 'http' }, { port: 443, name: 'HTTPS', preset: 'https', tls: true }, { port: 587, name: 'SMTP (TLS)', preset: 'submission' }, { port: 993, name: 'IMAP (SSL)', preset: 'imaps', tls: true },
  { port: 995, name: 'POP3 (SSL)', preset: 'pop3s', tls: true }, { port: 3306, name: 'MySQL', preset: 'mysql' }, { port: 4222, name: 'NATS', preset: 'nats' }, { port: 5432, name: 'PostgreSQL', preset: 'postgres' },
  { port: 5672, name: 'RabbitMQ', preset: 'rabbitmq' }, { port: 6379, name: 'Redis', preset: 'redis' }, { port: 8080, name: 'HTTP Alt', preset: 'http-alt' }, { port: 27017, name: 'MongoDB', preset: 'mongodb' },
];

const schemes: Record<string, { port?: number; tls?: true }> = {
  tcp: {}, tls: { tls: true }, ssl: { tls: true }, http: { port: 80 }, https: { port: 443, tls: true }, ws: { port: 80 }, wss: { port: 443, tls: true }, ftp: { port: 21 }, ssh: { port: 22 }, sftp: { port: 22 }, smtp: { port: 25 }, smtps: { port: 465, tls: true },
  submission: { port: 587 }, dns: { port: 53 }, imap: { port: 143 }, imaps: { port: 993, tls: true }, pop3: { port: 110 }, pop3s: { port: 995, tls: true }, mysql: { port: 3306 }, nats: { port: 4222 }, postgres: { port: 5432 }, postgresql: { port: 5432 },
  amqp: { port: 5672 }, amqps: { port: 5671, tls: true }, redis: { port: 6379 }, rediss: { port: 6379, tls: true }, mongodb: { port: 27017 }, mssql: { port: 1433 },
  ldap: { port: 389 }, ldaps: { port: 636, tls: true }, mqtt: { port: 1883 }, mqtts: { port: 8883, tls: true }, rdp: { port: 3389 }, xmpp: { port: 5222 }, memcached: { port: 11_211 }, zookeeper: { port: 2181 },
};

export type TargetReading =
  | { is: 'empty' }
  | { is: 'bad'; why: 'host' | 'port' | 'scheme' | 'unix' }
  | { is: 'no_port'; host: string }
  | { is: 'target'; host: string; port: number; target: string; tls: boolean; simplified: boolean };

export function readTarget(typed: string): TargetReading {
  let text = typed.trim();
  if (text === '') return { is: 'empty' };
  if (/^unix:/i.test(text)) return { is: 'bad', why: 'unix' };
  let scheme: { port?: number; tls?: true } = {};
  let simplified = false;
  const found = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text);
  if (found) {
    const known = schemes[found[1]!.toLowerCase()];
    if (!known) return { is: 'bad', why: 'scheme' };
    scheme = known;
    text = text.slice(found[0].length);
    simplified = true;
  }
  // Of an address only host and port are used: no user, path, query or fragment.
  const cut = text.replace(/[/?#].*$/, '').replace(/^.*@/, '');
  if (cut !== text) simplified = true;
  const parts = /^(?:\[([0-9a-f:.%]+)\]|([^:[\]\s]+)|([0-9a-f]*:[0-9a-f:.]*:[0-9a-f.]*))(?::(\d*))?$/i.exec(cut);
  if (!parts) return { is: 'bad', why: /:[^:\]]*\D[^:\]]*$/.test(cut) && !cut.includes(' ') ? 'port' : 'host' };
  const v6 = parts[1] ?? parts[3];
  const host = v6 ?? parts[2]!;
  if (host.length > 253 || (v6 === undefined && !/^[\p{L}\p{N}_](?:[\p{L}\p{N}._-]*[\p{L}\p{N}_.])?$/u.test(host))) return { is: 'bad', why: 'host' };
  const shownHost = v6 === undefined ? host : `[${v6}]`;
  const portText = parts[4] ?? '';
  if (portText === '' && scheme.port === undefined) return { is: 'no_port', host: shownHost };
  const port = portText === '' ? scheme.port! : Number(portText);
  if (port < 1 || port > 65_535) return { is: 'bad', why: 'port' };
  return { is: 'target', host: shownHost, port, target: `${shownHost}:${port}`, tls: scheme.tls ?? false, simplified };
}
