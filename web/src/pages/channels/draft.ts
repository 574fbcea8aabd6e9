// A channel as the form holds it, and the bodies made of it. Secrets go one way: the server says only that one is set, so the form keeps, replaces
// or removes it, and must have it written again when it would go to another place (the server refuses that too).
import type { Channel, ChannelPatch, NewChannel } from '../../api/types';

export type SecretDraft = { is: 'keep' } | { is: 'new'; value: string } | { is: 'gone' };
export interface HeaderDraft {
  name: string;
  stored: boolean; // the server has a value under this name
  value: SecretDraft;
}
export interface Draft {
  type: Channel['type'];
  id: string;
  name: string;
  send: string[];
  url: SecretDraft;
  secret: SecretDraft;
  headers: HeaderDraft[];
  to: string; // addresses, one a line or with commas
  from: string;
  host: string;
  port: string;
  security: string;
  username: string;
  password: SecretDraft;
  verify: boolean;
}

export const usualEvents: readonly string[] = ['down', 'recovered', 'reminder', 'escalated', 'flapping', 'group'];
export const securities = ['starttls', 'tls', 'none'] as const;
export const usualPort = (security: string): string => ({ starttls: '587', tls: '465' })[security] ?? '25';

const fresh: SecretDraft = { is: 'new', value: '' };
const stored = (isSet: boolean): SecretDraft => (isSet ? { is: 'keep' } : fresh);

export function emptyDraft(type: Channel['type']): Draft {
  return { type, id: '', name: '', send: [...usualEvents], url: fresh, secret: fresh, headers: [], to: '', from: '', host: '', port: usualPort('starttls'), security: 'starttls', username: '', password: fresh, verify: true };
}
export function draftOf(channel: Channel): Draft {
  const { webhook, email } = channel;
  const draft = { ...emptyDraft(channel.type), id: channel.id, name: channel.name === channel.id ? '' : channel.name, send: [...channel.send] };
  if (webhook) {
    Object.assign(draft, { url: stored(webhook.url_set), secret: stored(webhook.secret_set) });
    draft.headers = webhook.headers.map((name) => ({ name, stored: true, value: { is: 'keep' } }));
  }
  if (email) {
    const { smtp } = email;
    Object.assign(draft, { to: email.to.join('\n'), from: email.from, host: smtp.host, port: String(smtp.port), security: smtp.security, username: smtp.username, password: stored(smtp.password_set), verify: smtp.verify });
  }
  return draft;
}

export const addresses = (text: string): string[] => text.split(/[\s,;]+/).filter((one) => one !== '');
const written = (secret: SecretDraft): string => (secret.is === 'new' ? secret.value.trim() : '');
const pointerStep = (name: string): string => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
export const headerPointer = (name: string): string => `/headers${pointerStep(name)}`;

// Whether the notices would go to another place than the stored secrets were given for.
export function goesElsewhere(draft: Draft, channel: Channel | null): boolean {
  // The rest of the address is not known here, and a path may name another receiver: any new address is another place.
  if (channel?.webhook) return channel.webhook.url_set && written(draft.url) !== '';
  const smtp = channel?.email?.smtp;
  return smtp !== undefined && (draft.host.trim() !== smtp.host || draft.port.trim() !== String(smtp.port) || draft.security !== smtp.security || draft.verify !== smtp.verify);
}
// Pointers of the secrets that must be written again (or taken away) before a save: those that would follow the notices elsewhere, or are lost.
export function neededAgain(draft: Draft, channel: Channel | null): Set<string> {
  const needed = new Set<string>();
  if (!channel || !(channel.secrets_lost || goesElsewhere(draft, channel))) return needed;
  const want = (pointer: string, secret: SecretDraft) => {
    if (secret.is === 'keep' || (secret.is === 'new' && secret.value === '')) needed.add(pointer);
  };
  if (channel.webhook?.secret_set) want('/secret', draft.secret);
  for (const one of draft.headers) if (one.stored) want(headerPointer(one.name), one.value);
  if (channel.email?.smtp.password_set) want('/smtp/password', draft.password);
  return needed;
}

// --- bodies: as written, the server judges them

// undefined leaves it as it is, null takes it away.
function secretValue(secret: SecretDraft, isStored: boolean): string | null | undefined {
  if (secret.is === 'keep') return undefined;
  if (secret.is === 'gone') return isStored ? null : undefined;
  return secret.value.trim() === '' ? undefined : secret.value.trim();
}
function headersOf(draft: Draft): Record<string, string | null> | undefined {
  const headers: Record<string, string | null> = {};
  for (const one of draft.headers) {
    const name = one.name.trim();
    const value = secretValue(one.value, one.stored);
    if (name !== '' && value !== undefined) headers[name] = value;
  }
  return Object.keys(headers).length > 0 ? headers : undefined;
}
const known = (values: object): object => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
const portOf = (text: string): number | string => (/^\d+$/.test(text.trim()) ? Number(text.trim()) : text.trim());

export function createBody(draft: Draft): NewChannel {
  const common = { id: draft.id.trim() || undefined, name: draft.name.trim() || undefined, type: draft.type, send: draft.send };
  if (draft.type === 'webhook') return known({ ...common, url: written(draft.url), secret: secretValue(draft.secret, false), headers: headersOf(draft) }) as NewChannel;
  const username = draft.username.trim() || undefined;
  const smtp = known({ host: draft.host.trim(), port: portOf(draft.port), security: draft.security, username, password: secretValue(draft.password, false), verify: draft.verify ? undefined : false });
  return known({ ...common, to: addresses(draft.to), from: draft.from.trim(), smtp }) as NewChannel;
}

// Only what differs from the channel as it was read.
export function patchBody(draft: Draft, channel: Channel): ChannelPatch {
  const before = draftOf(channel);
  const changed = <T>(now: T, was: T, sent: unknown = now): unknown => (JSON.stringify(now) === JSON.stringify(was) ? undefined : sent);
  const common = { name: changed(draft.name.trim(), before.name, draft.name.trim() || null), send: changed(draft.send, before.send) };
  // Of lost secrets the server wants to hear each: a new one, or that there is none.
  const said = secretValue(draft.secret, channel.webhook?.secret_set ?? false);
  const secret = said === undefined && channel.secrets_lost ? null : said;
  if (channel.webhook) return known({ ...common, url: secretValue(draft.url, true) ?? undefined, secret, headers: headersOf(draft) });
  const smtp = known({
    host: changed(draft.host.trim(), before.host),
    port: changed(draft.port.trim(), before.port, portOf(draft.port)),
    security: changed(draft.security, before.security),
    username: changed(draft.username.trim(), before.username, draft.username.trim() || null),
    password: secretValue(draft.password, channel.email?.smtp.password_set ?? false),
    verify: changed(draft.verify, before.verify),
  });
  return known({ ...common, to: changed(addresses(draft.to), addresses(before.to)), from: changed(draft.from.trim(), before.from), smtp: Object.keys(smtp).length > 0 ? smtp : undefined });
}

// What is missing, by pointer; the server judges the rest.
export type Missing = 'url' | 'to' | 'from' | 'host' | 'event' | 'again' | 'login';
export function missing(draft: Draft, channel: Channel | null): Map<string, Missing> {
  const found = new Map<string, Missing>();
  if (draft.type === 'webhook') {
    if (draft.url.is !== 'keep' && written(draft.url) === '') found.set('/url', 'url');
  } else {
    if (addresses(draft.to).length === 0) found.set('/to', 'to');
    if (draft.from.trim() === '') found.set('/from', 'from');
    if (draft.host.trim() === '') found.set('/smtp/host', 'host');
    const hasPassword = draft.password.is === 'keep' || written(draft.password) !== '';
    if (draft.username.trim() === '' && hasPassword) found.set('/smtp/username', 'login');
    if (draft.username.trim() !== '' && !hasPassword) found.set('/smtp/password', 'login');
  }
  if (draft.send.length === 0) found.set('/send', 'event');
  for (const pointer of neededAgain(draft, channel)) found.set(pointer, 'again');
  return found;
}
