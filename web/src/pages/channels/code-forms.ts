// A channel as code. Its secrets are not known here: references stand in their places.
import type { Channel } from '../../api/types';
import { curl, toYaml, type CodeForm } from '../../ui/code';

const variable = (channel: Channel, what: string) => `\${env:${channel.id.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}_${what}}`;

export function configOf(channel: Channel): Record<string, unknown> {
  const common = { type: channel.type, ...(channel.name === channel.id ? {} : { name: channel.name }), send: channel.send };
  if (channel.webhook) {
    const { secret_set, headers } = channel.webhook;
    const values = Object.fromEntries(headers.map((name) => [name, variable(channel, name.toUpperCase().replace(/[^A-Z0-9]+/g, '_'))]));
    return { ...common, url: variable(channel, 'URL'), ...(secret_set ? { secret: variable(channel, 'SECRET') } : {}), ...(headers.length > 0 ? { headers: values } : {}) };
  }
  const { to = [], from = '', smtp } = channel.email ?? {};
  if (!smtp) return common;
  const { host, port, security, username, password_set, verify } = smtp;
  return { ...common, to, from, smtp: { host, port, security, ...(username ? { username } : {}), ...(password_set ? { password: variable(channel, 'PASSWORD') } : {}), ...(verify ? {} : { verify }) } };
}

export function codeForms(channel: Channel): CodeForm[] {
  const at = `/channels/${encodeURIComponent(channel.id)}`;
  return [
    { id: 'yaml', label: 'YAML', text: `version: 1\nchannels:${toYaml({ [channel.id]: configOf(channel) }, '  ')}\n` },
    { id: 'curl', label: 'curl', text: [curl('GET', at), curl('POST', `${at}/test`)].join('\n\n') },
  ];
}
