import { describe, expect, test } from 'vitest';
import type { Channel } from '../../api/types';
import { own } from '../../lib/owner';
import { addresses, createBody, draftOf, emptyDraft, goesElsewhere, missing, neededAgain, patchBody, type Draft } from './draft';

const health = { delivered: 0, waiting: 0, failed_attempts: 0, dead: 0, last_result: null };
const hook: Channel = { id: 'hook', name: 'Hook', type: 'webhook', send: ['down', 'recovered'], owner: own, used_by: 0, revision: '1', secrets_lost: false, webhook: { url_set: true, url_shown: 'https://hooks.example.com/…', secret_set: true, headers: ['X-Key'] }, health };
const mail: Channel = { id: 'mail', name: 'mail', type: 'email', send: ['down'], owner: own, used_by: 0, revision: '1', secrets_lost: false, email: { to: ['a@example.com', 'b@example.com'], from: 't@example.com', smtp: { host: 'mail.example.com', port: 465, security: 'tls', username: 'watcher', password_set: true, verify: true } }, health };
const changed = (channel: Channel, change: Partial<Draft>): Draft => ({ ...draftOf(channel), ...change });

// Opening a form and saving it must not touch what was not touched, secrets least of all.
describe('a channel read and saved', () => {
  test.each([hook, mail])('$type: nothing is sent when nothing was changed', (channel) => expect(patchBody(draftOf(channel), channel)).toEqual({}));
  test('only what was changed is sent', () => {
    expect(patchBody(changed(hook, { name: 'New', send: ['down'] }), hook)).toEqual({ name: 'New', send: ['down'] });
    expect(patchBody(changed(mail, { port: '587', to: 'a@example.com, b@example.com' }), mail)).toEqual({ smtp: { port: 587 } });
  });
  test('a name taken away is null, so that the id is shown again', () => expect(patchBody(changed(hook, { name: ' ' }), hook)).toEqual({ name: null }));
  test('secrets are replaced or taken away by name', () => {
    const draft = changed(hook, { secret: { is: 'gone' }, headers: [{ name: 'X-Key', stored: true, value: { is: 'gone' } }, { name: 'X-Team', stored: false, value: { is: 'new', value: 'shop' } }] });
    expect(patchBody(draft, hook)).toEqual({ secret: null, headers: { 'X-Key': null, 'X-Team': 'shop' } });
    expect(patchBody(changed(mail, { password: { is: 'new', value: 'a new one' } }), mail)).toEqual({ smtp: { password: 'a new one' } });
  });
  test('a port that is no number goes to the server, which says so', () => expect(patchBody(changed(mail, { port: 'x25' }), mail)).toEqual({ smtp: { port: 'x25' } }));
});

// A secret that was given for one place must not follow the notices to another one unseen.
describe('secrets are needed again', () => {
  const to = (url: string) => changed(hook, { url: { is: 'new', value: url } });
  test('the stored address keeps them', () => expect([...neededAgain(draftOf(hook), hook)]).toEqual([]));
  test.each(['https://hooks.example.com/another-team', 'https://evil.example.com/', 'http://hooks.example.com/', 'https://hooks.example.com:8443/', 'https://hooks.example.com@evil.example.com/', 'nonsense'])('%s wants them', (url) => expect([...neededAgain(to(url), hook)]).toEqual(['/secret', '/headers/X-Key']));
  test('written or taken away they are not missing', () => {
    const draft = { ...to('https://evil.example.com/'), secret: { is: 'gone' } as const, headers: [{ name: 'X-Key', stored: true, value: { is: 'new', value: 'again' } as const }] };
    expect([...neededAgain(draft, hook)]).toEqual([]);
    expect(missing(draft, hook).size).toBe(0);
  });
  test.each([{ host: 'mx.example.com' }, { port: '25' }, { security: 'none' }, { verify: false }])('mail: %o', (change) => expect([...neededAgain(changed(mail, change), mail)]).toEqual(['/smtp/password']));
  test('mail: other addresses keep it', () => expect(goesElsewhere(changed(mail, { to: 'c@example.com', from: 'x@example.com' }), mail)).toBe(false));
  test('after a lost key the headers have no values any more', () => {
    const lost = { ...hook, secrets_lost: true, webhook: { ...hook.webhook!, url_set: false, url_shown: null, secret_set: false } };
    expect([...missing(draftOf(lost), lost)]).toEqual([['/url', 'url'], ['/headers/X-Key', 'again']]);
    // The server wants to hear of every secret: a new one, or that there is none.
    expect(patchBody({ ...draftOf(lost), url: { is: 'new', value: 'https://a.example.com/' }, headers: [{ name: 'X-Key', stored: true, value: { is: 'new', value: 'k' } }] }, lost)).toEqual({ url: 'https://a.example.com/', secret: null, headers: { 'X-Key': 'k' } });
  });
});

describe('a new channel', () => {
  test('says what it has, and no empty fields', () => {
    expect(createBody({ ...emptyDraft('webhook'), name: 'Ops room', url: { is: 'new', value: ' https://x.example.com/ ' } })).toEqual({ name: 'Ops room', type: 'webhook', send: ['down', 'recovered', 'reminder', 'escalated', 'flapping', 'group'], url: 'https://x.example.com/' });
    expect(createBody({ ...emptyDraft('email'), id: 'mail', send: ['down'], to: 'a@example.com\nb@example.com', from: 't@example.com', host: 'mx', username: 'u', password: { is: 'new', value: 'p' }, verify: false })).toEqual({ id: 'mail', type: 'email', send: ['down'], to: ['a@example.com', 'b@example.com'], from: 't@example.com', smtp: { host: 'mx', port: 587, security: 'starttls', username: 'u', password: 'p', verify: false } });
  });
  test('what is missing is said where it is missing', () => {
    expect([...missing(emptyDraft('webhook'), null)]).toEqual([['/url', 'url']]);
    expect([...missing({ ...emptyDraft('email'), send: [], username: 'u' }, null)]).toEqual([['/to', 'to'], ['/from', 'from'], ['/smtp/host', 'host'], ['/smtp/password', 'login'], ['/send', 'event']]);
  });
});

test('addresses by line, comma or semicolon', () => expect(addresses(' a@x.org,\n b@x.org; c@x.org ')).toEqual(['a@x.org', 'b@x.org', 'c@x.org']));
