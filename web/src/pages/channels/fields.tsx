// The fields of a channel: what both kinds have, and what each has alone.
import { eventNames, eventWord } from '../../lib/notices';
import { Button } from '../../ui/button';
import { CodeBlock } from '../../ui/code';
import { TextField } from '../../ui/field';
import { AreaField, CheckField, SelectField } from '../../ui/inputs';
import type { Channel } from '../../api/types';
import { headerPointer, neededAgain, securities, usualEvents, usualPort, type Draft, type HeaderDraft } from './draft';
import { SecretField } from './secret-field';
import { words } from './words';

export interface Form {
  draft: Draft;
  channel: Channel | null; // null: a new one
  change: (change: Partial<Draft>) => void;
  error: (pointer: string) => string | undefined;
  disabled: boolean;
}
export const idOf = (pointer: string): string => `ch${pointer.replace(/[^\w-]/g, '_')}`;

export function EventsPart({ draft, change, error, disabled }: Form) {
  const said = error('/send');
  const toggle = (event: string, on: boolean) => change({ send: eventNames.filter((one) => (one === event ? on : draft.send.includes(one))) });
  const isUsual = draft.send.length === usualEvents.length && usualEvents.every((one) => draft.send.includes(one));
  return (
    <fieldset class="ch-events" id={idOf('/send')} tabIndex={-1} disabled={disabled} {...(said ? { 'aria-describedby': `${idOf('/send')}-error` } : {})}>
      <legend>{words.t('s_what')}</legend>
      {eventNames.map((event) => (
        <label key={event} class="row check-row">
          <input type="checkbox" class="check" checked={draft.send.includes(event)} onChange={(input) => toggle(event, input.currentTarget.checked)} />
          <span><strong>{eventWord(event)}</strong> <span class="muted">{words.t(`e_${event.replace('.', '_') as 'down'}`)}</span></span>
        </label>
      ))}
      {said && <p class="ch-error" id={`${idOf('/send')}-error`}>{said}</p>}
      {!disabled && !isUsual && <div><button type="button" class="link-button" onClick={() => change({ send: [...usualEvents] })}>{words.t('usual')}</button></div>}
    </fieldset>
  );
}

export function NamePart({ draft, channel, change, error, disabled }: Form) {
  return (
    <div class="ch-grid">
      <TextField id={idOf('/name')} label={words.t('name')} help={words.t('name_help')} value={draft.name} onValue={(name) => change({ name })} error={error('/name')} disabled={disabled} autocomplete="off" {...(channel ? { placeholder: channel.id } : {})} />
      {!channel && <TextField id={idOf('/id')} label={words.t('id')} help={words.t('id_help')} class="mono" value={draft.id} onValue={(id) => change({ id })} error={error('/id')} disabled={disabled} autocomplete="off" autocapitalize="none" spellcheck={false} />}
    </div>
  );
}

// 24 bytes of chance, as Standard Webhooks writes them.
function makeSecret(): string {
  return `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(24))))}`;
}

export function WebhookPart(form: Form) {
  const { draft, channel, change, error, disabled } = form;
  const again = neededAgain(draft, channel);
  const made = draft.secret.is === 'new' && draft.secret.value.startsWith('whsec_') ? draft.secret.value : '';
  const setHeader = (at: number, next: Partial<HeaderDraft>) => change({ headers: draft.headers.map((one, i) => (i === at ? { ...one, ...next } : one)) });
  const shownUrl = channel?.webhook?.url_shown;
  return (
    <>
      {draft.url.is === 'new' ? (
        <div class="stack-tight">
          <TextField id={idOf('/url')} label={words.t('url')} help={words.t('url_help')} type="url" class="mono" placeholder="https://hooks.example.com/…" value={draft.url.value} onValue={(value) => change({ url: { is: 'new', value } })} error={error('/url')} disabled={disabled} autocomplete="off" autocapitalize="none" spellcheck={false} inputmode="url" />
          {channel?.webhook?.url_set && !disabled && <div><button type="button" class="link-button" onClick={() => change({ url: { is: 'keep' } })}>{words.t('secret_keep')}</button></div>}
        </div>
      ) : (
        <SecretField id={idOf('/url')} label={words.t('url')} help={words.t('url_help')} error={error('/url')} value={draft.url} onValue={(url) => change({ url })} isStored again={false} {...(shownUrl ? { shown: words.t('url_set', { url: shownUrl }) } : {})} removable={false} disabled={disabled} />
      )}
      <SecretField id={idOf('/secret')} label={words.t('secret')} help={words.t('secret_help')} error={error('/secret')} value={draft.secret} onValue={(secret) => change({ secret })} isStored={channel?.webhook?.secret_set ?? false} again={again.has('/secret')} disabled={disabled} />
      {!disabled && draft.secret.is === 'new' && draft.secret.value === '' && <div><Button onClick={() => change({ secret: { is: 'new', value: makeSecret() } })}>{words.t('make_secret')}</Button></div>}
      {made && <div class="stack-tight" role="status"><p class="ch-small">{words.t('secret_made')}</p><CodeBlock label={words.t('secret')} text={made} /></div>}
      <div class="stack-tight" id={idOf('/headers')} tabIndex={-1}>
        <h3>{words.t('s_headers')}</h3>
        <p class="muted ch-small">{words.t('headers_help')}</p>
        {error('/headers') && !draft.headers.some((one) => error(headerPointer(one.name))) && <p class="ch-error">{error('/headers')}</p>}
        {draft.headers.map((one, i) => one.stored ? (
          <SecretField key={i} id={idOf(headerPointer(one.name))} label={words.t('header_stored', { name: one.name })} error={error(headerPointer(one.name))} value={one.value} onValue={(value) => setHeader(i, { value })} isStored again={again.has(headerPointer(one.name))} disabled={disabled} />
        ) : (
          <div class="ch-header" key={i}>
            <TextField label={words.t('header_name', { n: i + 1 })} class="mono" placeholder="Authorization" value={one.name} onValue={(name) => setHeader(i, { name })} error={one.name ? error(headerPointer(one.name)) : undefined} disabled={disabled} autocomplete="off" autocapitalize="none" spellcheck={false} />
            <SecretField id={idOf(`/new${i}`)} label={words.t('header_value', { n: i + 1 })} value={one.value} onValue={(value) => setHeader(i, { value })} isStored={false} again={false} disabled={disabled} />
            <Button kind="quiet" icon="trash" label={words.t('header_remove', { n: i + 1 })} disabled={disabled} onClick={() => change({ headers: draft.headers.filter((_, k) => k !== i) })} />
          </div>
        ))}
        {!disabled && <div><Button icon="plus" onClick={() => change({ headers: [...draft.headers, { name: '', stored: false, value: { is: 'new', value: '' } }] })}>{words.t('header_add')}</Button></div>}
      </div>
    </>
  );
}

export function MailPart({ draft, change, error, disabled }: Form) {
  return (
    <>
      <AreaField id={idOf('/to')} label={words.t('to')} help={words.t('to_help')} mono rows={2} value={draft.to} onValue={(to) => change({ to })} error={error('/to')} disabled={disabled} placeholder="oncall@example.com" />
      <TextField id={idOf('/from')} label={words.t('from')} help={words.t('from_help')} type="email" class="mono" value={draft.from} onValue={(from) => change({ from })} error={error('/from')} disabled={disabled} placeholder="tocsin@example.com" autocomplete="off" />
    </>
  );
}

export function ServerPart(form: Form) {
  const { draft, channel, change, error, disabled } = form;
  // A port that was the usual one of the old way follows to the new one.
  const setSecurity = (security: string) => change({ security, ...(draft.port === usualPort(draft.security) ? { port: usualPort(security) } : {}) });
  return (
    <>
      <div class="ch-grid ch-server">
        <TextField id={idOf('/smtp/host')} label={words.t('host')} class="mono" value={draft.host} onValue={(host) => change({ host })} error={error('/smtp/host')} disabled={disabled} placeholder="mail.example.com" autocomplete="off" autocapitalize="none" spellcheck={false} />
        <TextField id={idOf('/smtp/port')} label={words.t('port')} inputmode="numeric" class="num" value={draft.port} onValue={(port) => change({ port })} error={error('/smtp/port')} disabled={disabled} autocomplete="off" />
        <SelectField id={idOf('/smtp/security')} label={words.t('security')} value={draft.security} onValue={setSecurity} error={error('/smtp/security')} disabled={disabled} options={securities.map((one) => [one, words.t(`sec_${one}`)])} />
      </div>
      {draft.security === 'none' && <p class="ch-warn">{words.t('sec_none_warn')}</p>}
      <div class="ch-grid">
        <TextField id={idOf('/smtp/username')} label={words.t('username')} help={words.t('username_help')} value={draft.username} onValue={(username) => change({ username })} error={error('/smtp/username')} disabled={disabled} autocomplete="off" autocapitalize="none" spellcheck={false} />
        <SecretField id={idOf('/smtp/password')} label={words.t('password')} error={error('/smtp/password')} value={draft.password} onValue={(password) => change({ password })} isStored={channel?.email?.smtp.password_set ?? false} again={neededAgain(draft, channel).has('/smtp/password')} disabled={disabled} />
      </div>
      {draft.security !== 'none' && <CheckField label={words.t('verify')} help={draft.verify ? undefined : words.t('verify_off')} checked={draft.verify} onChecked={(verify) => change({ verify })} disabled={disabled} />}
    </>
  );
}
