// When it is checked, how often again, whom it tells, and what it is called.
import type { Channel, DryRun } from '../../api/types';
import { formatDateTime } from '../../i18n/format';
import { href } from '../../router/router';
import { Button } from '../../ui/button';
import { TextField } from '../../ui/field';
import { AreaField, CheckField, SelectField } from '../../ui/inputs';
import { ui } from '../../ui/words';
import { configOf, type Draft, type Json } from './config';
import { idOf, numberOf, setConfig, setIn, textOf, type Form } from './form';
import { alertSentences } from './sentence';
import { words } from './words';

function Text({ form, name, label, help, mono = true, placeholder }: { form: Form; name: string; label: string; help?: string; mono?: boolean; placeholder?: string }) {
  return <TextField id={idOf(`/${name}`)} label={label} help={help} class={mono ? 'mono' : ''} value={textOf(form.draft.config, name)} error={form.error(`/${name}`)} disabled={form.disabled} autocomplete="off" placeholder={placeholder ?? ''} onValue={(value) => setConfig(form, name, value)} />;
}
// A list typed with commas: what is typed stays as typed until it is written.
function List({ form, name, label, help }: { form: Form; name: string; label: string; help: string }) {
  return <TextField id={idOf(`/${name}`)} label={label} help={help} value={textOf(form.draft.config, name)} error={form.error(`/${name}`)} disabled={form.disabled} autocomplete="off" onValue={(value) => setConfig(form, name, value === '' ? undefined : value.split(/,\s*/))} />;
}

export const scheduleSummary = ({ config }: Draft): string => words.t('schedule_every', { interval: textOf(config, 'interval') || '60s' });

export function SchedulePart({ form, dry }: { form: Form; dry: DryRun | null }) {
  const several = (form.draft.config['locations'] as string[] | undefined)?.filter(Boolean).length ?? 0;
  return (
    <>
      <div class="mf-grid">
        <Text form={form} name="interval" label={words.t('interval')} help={words.t('interval_help')} placeholder="60s" />
        <List form={form} name="locations" label={words.t('locations')} help={words.t('locations_help')} />
        {several > 1 && <SelectField label={words.t('strategy')} value={textOf(form.draft.config, 'strategy') || 'parallel'} disabled={form.disabled} onValue={(value) => setConfig(form, 'strategy', value === 'parallel' ? undefined : value)} options={[['parallel', words.t('strategy_parallel')], ['round_robin', words.t('strategy_round_robin')]]} />}
      </div>
      <div>
        <h3>{words.t('next_runs')}</h3>
        {dry && dry.next_runs.length > 0 ? (
          <ul class="mf-next">{dry.next_runs.map((at) => <li key={at}><time dateTime={at}>{formatDateTime(at)}</time></li>)}</ul>
        ) : <p class="muted">{words.t('next_runs_wait')}</p>}
      </div>
    </>
  );
}

const strategies = ['none', 'single', 'fixed', 'linear', 'exponential'] as const;
export const retrySummary = ({ retry }: Draft): string => words.maybe(`retry_${textOf(retry, 'strategy') || 'none'}`) ?? '';

export function RetryPart({ form }: { form: Form }) {
  const { retry } = form.draft;
  const strategy = textOf(retry, 'strategy') || 'none';
  const field = (name: string, label: string, placeholder: string, number = false) => (
    <TextField id={idOf(`/retry/${name}`)} label={label} class="mono" value={textOf(retry, name)} placeholder={placeholder} error={form.error(`/retry/${name}`)} disabled={form.disabled} autocomplete="off" {...(number ? { inputmode: 'numeric' as const } : {})} onValue={(value) => setIn(form, 'retry', name, number ? numberOf(value) : value)} />
  );
  return (
    <>
      <SelectField id={idOf('/retry')} label={words.t('retry_strategy')} value={strategy} error={form.error('/retry')} disabled={form.disabled} onValue={(value) => setIn(form, 'retry', 'strategy', value === 'none' ? undefined : value)} options={strategies.map((one) => [one, words.t(`retry_${one}`)])} />
      {strategy !== 'none' && (
        <>
          <div class="mf-grid">
            {field('base', words.t('retry_base'), '60s')}
            {strategy !== 'single' && field('max', words.t('retry_max'), '2', true)}
            {field('total', words.t('retry_total'), '600s')}
          </div>
          <CheckField label={words.t('retry_same')} checked={retry['same_location'] !== false} disabled={form.disabled} onChecked={(on) => setIn(form, 'retry', 'same_location', on ? undefined : false)} />
          <CheckField label={words.t('retry_only')} help={words.t('retry_only_help')} checked={retry['only_on'] === 'network'} disabled={form.disabled} onChecked={(on) => setIn(form, 'retry', 'only_on', on ? 'network' : undefined)} />
        </>
      )}
    </>
  );
}

function ChannelTicks({ form, chosen, onChosen, label, pointer }: { form: Form; chosen: readonly string[]; onChosen: (ids: string[]) => void; label: string; pointer: string }) {
  const known: readonly Pick<Channel, 'id' | 'name'>[] = form.channels;
  const all = [...known.map((one) => ({ id: one.id, label: one.name || one.id })), ...chosen.filter((id) => !known.some((one) => one.id === id)).map((id) => ({ id, label: words.t('channel_gone', { id }) }))];
  const error = form.error(pointer);
  return (
    <fieldset class="mf-ticks" id={idOf(pointer)} tabIndex={-1} disabled={form.disabled}>
      <legend>{label}</legend>
      {all.length === 0 && <p class="muted">{words.t('channels_none')} <a href={href('/channels', { add: 'webhook' })}>{words.t('channels_add')}</a></p>}
      {all.map((one) => (
        <label key={one.id} class="row check-row">
          <input type="checkbox" class="check" checked={chosen.includes(one.id)} onChange={(event) => onChosen(event.currentTarget.checked ? [...chosen, one.id] : chosen.filter((id) => id !== one.id))} />
          <span>{one.label}</span>
        </label>
      ))}
      {error && <p class="mf-error">{error}</p>}
    </fieldset>
  );
}

const channelsOf = (config: Json): string[] => (config['channels'] as string[] | undefined) ?? [];
const nameOf = (form: Form) => (id: string) => form.channels.find((one) => one.id === id)?.name || id;
export function alertSummary(form: Form): string {
  const config = configOf(form.draft, '');
  return alertSentences(config, nameOf(form)).at(-1) ?? '';
}

export function AlertPart({ form }: { form: Form }) {
  const { alert, config } = form.draft;
  const number = (name: string, label: string, placeholder: string, help?: string) => (
    <TextField id={idOf(`/alert/${name}`)} label={label} help={help} inputmode="numeric" class="num" value={textOf(alert, name)} placeholder={placeholder} error={form.error(`/alert/${name}`)} disabled={form.disabled} autocomplete="off" onValue={(value) => setIn(form, 'alert', name, numberOf(value))} />
  );
  const at = (alert['locations'] && typeof alert['locations'] === 'object' ? alert['locations'] : {}) as Json;
  const quorum = 'at_least' in at ? 'at_least' : 'percent' in at ? 'percent' : 'any';
  const reminders = (alert['reminders'] ?? {}) as Json;
  const setReminders = (name: string, value: unknown) => setIn(form, 'alert', 'reminders', { count: 3, ...reminders, [name]: value === '' ? undefined : value, ...(name === 'every' && value === '' ? { count: undefined } : {}) });
  const steps = (alert['escalate'] as Json[] | undefined) ?? [];
  const setSteps = (next: Json[]) => setIn(form, 'alert', 'escalate', next.length > 0 ? next : undefined);
  return (
    <>
      <ChannelTicks form={form} pointer="/channels" label={words.t('channels')} chosen={channelsOf(config)} onChosen={(ids) => setConfig(form, 'channels', ids.length > 0 ? ids : undefined)} />
      <div class="mf-grid">
        {number('after_runs', words.t('alert_runs'), '1')}
        <TextField id={idOf('/alert/after_minutes')} label={words.t('alert_minutes')} help={words.t('alert_minutes_help')} class="mono" placeholder="5m" value={textOf(alert, 'after_minutes')} error={form.error('/alert/after_minutes')} disabled={form.disabled} autocomplete="off" onValue={(value) => setIn(form, 'alert', 'after_minutes', value)} />
        {number('recover_after_runs', words.t('alert_recover'), '1')}
        <SelectField id={idOf('/alert/locations')} label={words.t('alert_locations')} value={quorum} error={form.error('/alert/locations')} disabled={form.disabled} onValue={(kind) => setIn(form, 'alert', 'locations', kind === 'any' ? undefined : { [kind]: kind === 'percent' ? 50 : 2 })} options={[['any', words.t('alert_any')], ['at_least', words.t('alert_at_least')], ['percent', words.t('alert_percent')]]} />
        {quorum !== 'any' && <TextField label={words.t('alert_count')} inputmode="numeric" value={textOf(at, quorum)} disabled={form.disabled} onValue={(value) => setIn(form, 'alert', 'locations', { [quorum]: numberOf(value) })} />}
        <TextField id={idOf('/alert/reminders')} label={words.t('alert_reminders')} class="mono" placeholder="10m" value={textOf(reminders, 'every')} error={form.error('/alert/reminders')} disabled={form.disabled} autocomplete="off" onValue={(value) => setReminders('every', value)} />
        {textOf(reminders, 'every') !== '' && <TextField label={words.t('alert_reminders_count')} inputmode="numeric" value={textOf(reminders, 'count')} disabled={form.disabled} onValue={(value) => setReminders('count', numberOf(value))} />}
      </div>
      <CheckField label={words.t('alert_degraded')} checked={alert['degraded'] === true} disabled={form.disabled} onChecked={(on) => setIn(form, 'alert', 'degraded', on || undefined)} />
      <CheckField label={words.t('alert_strict')} help={words.t('alert_strict_help')} checked={alert['strict'] === true} disabled={form.disabled} onChecked={(on) => setIn(form, 'alert', 'strict', on || undefined)} />
      <div class="stack-tight" id={idOf('/alert/escalate')} tabIndex={-1}>
        <h3>{words.t('escalate')}</h3>
        {form.error('/alert/escalate') && <p class="mf-error">{form.error('/alert/escalate')}</p>}
        {steps.map((step, i) => (
          <div class="mf-rowbox" key={i}>
            <div class="row">
              <TextField label={words.t('escalate_after', { n: i + 1 })} class="mono" placeholder="15m" value={textOf(step, 'after')} disabled={form.disabled} onValue={(after) => setSteps(steps.map((one, k) => (k === i ? { ...one, after } : one)))} />
              <span class="grow" />
              <Button kind="quiet" icon="trash" label={words.t('escalate_remove', { n: i + 1 })} disabled={form.disabled} onClick={() => setSteps(steps.filter((_, k) => k !== i))} />
            </div>
            <ChannelTicks form={form} pointer={`/alert/escalate/${i}/channels`} label={words.t('escalate_channels', { n: i + 1 })} chosen={channelsOf(step)} onChosen={(channels) => setSteps(steps.map((one, k) => (k === i ? { ...one, channels } : one)))} />
          </div>
        ))}
        {!form.disabled && <div><Button icon="plus" onClick={() => setSteps([...steps, { after: '15m', channels: [] }])}>{words.t('escalate_add')}</Button></div>}
      </div>
      <div class="mf-preview" role="status">
        <h3>{words.t('preview')}</h3>
        <ul>{alertSentences(configOf(form.draft, ''), nameOf(form)).map((one) => <li key={one}>{one}</li>)}</ul>
      </div>
    </>
  );
}

export const aboutSummary = ({ config }: Draft): string => [textOf(config, 'name'), textOf(config, 'tags') || words.t('about_none'), textOf(config, 'group')].filter(Boolean).join(' · ');

export function AboutPart({ form, isNew }: { form: Form; isNew: boolean }) {
  return (
    <>
      <div class="mf-grid">
        <Text form={form} name="name" label={words.t('name')} help={words.t('name_help')} mono={false} />
        {isNew && <TextField id={idOf('/id')} label={words.t('id')} help={words.t('id_help')} class="mono" value={form.draft.id} error={form.error('/id')} autocomplete="off" onValue={(id) => form.change(() => ({ id }))} />}
        <List form={form} name="tags" label={words.t('tags')} help={words.t('tags_help')} />
        <Text form={form} name="group" label={words.t('group')} mono={false} />
      </div>
      <AreaField id={idOf('/description')} label={words.t('description')} help={words.t('description_help')} value={textOf(form.draft.config, 'description')} error={form.error('/description')} disabled={form.disabled} onValue={(value) => setConfig(form, 'description', value)} />
      <AreaField id={idOf('/runbook')} label={words.t('runbook')} help={words.t('runbook_help')} rows={2} value={textOf(form.draft.config, 'runbook')} error={form.error('/runbook')} disabled={form.disabled} onValue={(value) => setConfig(form, 'runbook', value)} />
      <List form={form} name="depends_on" label={words.t('depends_on')} help={words.t('depends_on_help')} />
    </>
  );
}

export function advancedSummary({ config }: Draft): string {
  const set = ['expect', 'should_fail', 'ip_family', 'source', 'resolver', 'proxy', 'close', 'muted', 'enabled'].filter((name) => config[name] !== undefined);
  return set.map((name) => (name === 'enabled' && config[name] === false ? ui.t('disabled') : words.maybe(name)) ?? (name === 'ip_family' ? words.t('ip_family') : name)).join(' · ') || words.t('advanced_none');
}

export function AdvancedPart({ form }: { form: Form }) {
  const { config } = form.draft;
  const choice = (name: string, label: string, usual: string, options: [string, string][], help?: string) => (
    <SelectField id={idOf(`/${name}`)} label={label} help={help} value={textOf(config, name) || usual} error={form.error(`/${name}`)} disabled={form.disabled} onValue={(value) => setConfig(form, name, value === usual ? undefined : value)} options={options} />
  );
  return (
    <>
      <div class="mf-grid">
        {choice('expect', words.t('expect'), 'open', [['open', words.t('expect_open')], ['closed', words.t('expect_closed')], ['unreachable', words.t('expect_unreachable')]])}
        {choice('ip_family', words.t('ip_family'), '', [['', words.t('default')], ['ipv4', words.t('ip_v4')], ['ipv6', words.t('ip_v6')], ['auto', words.t('ip_auto')], ['all', words.t('ip_all')]])}
        {choice('close', words.t('close'), 'fin', [['fin', words.t('close_fin')], ['quiet', words.t('close_quiet')], ['rst', words.t('close_rst')]])}
        <Text form={form} name="source" label={words.t('source')} help={words.t('source_help')} placeholder="192.0.2.10" />
        <List form={form} name="resolver" label={words.t('resolver')} help={words.t('resolver_help')} />
        <Text form={form} name="proxy" label={words.t('proxy')} help={words.t('proxy_help')} placeholder="socks5://proxy.example.com:1080" />
      </div>
      <CheckField id={idOf('/should_fail')} label={words.t('should_fail')} help={words.t('should_fail_help')} error={form.error('/should_fail')} checked={config['should_fail'] === true} disabled={form.disabled} onChecked={(on) => setConfig(form, 'should_fail', on || undefined)} />
      <CheckField label={words.t('enabled')} checked={config['enabled'] !== false} disabled={form.disabled} onChecked={(on) => setConfig(form, 'enabled', on ? undefined : false)} />
      <CheckField label={words.t('muted')} checked={config['muted'] === true} disabled={form.disabled} onChecked={(on) => setConfig(form, 'muted', on || undefined)} />
    </>
  );
}
