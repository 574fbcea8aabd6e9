// What to say, over TLS or not, how fast, and what must be true of the answer.
import { formatMicros } from '../../i18n/format';
import { Button } from '../../ui/button';
import { TextField } from '../../ui/field';
import { Icon } from '../../ui/icon';
import { AreaField, CheckField, SelectField } from '../../ui/inputs';
import { comparisonsOf, judge, sources, takesTarget, type AssertRow, type Comparison, type Source } from './assertion';
import type { Draft, Step } from './config';
import { idOf, listOf, numberOf, setConfig, setIn, textOf, type Form } from './form';
import { looksSecret } from './sentence';
import { words } from './words';

type StepKind = 'send' | 'hex' | 'expect' | 'regex' | 'json' | 'starttls';
const kindOf = (step: Step): StepKind => (step.is === 'send' ? (step.hex ? 'hex' : 'send') : step.is === 'expect' ? (step.regex ? 'regex' : 'expect') : step.is);
function asKind(step: Step, kind: StepKind): Step {
  const value = step.is === 'starttls' ? '' : step.value;
  if (kind === 'starttls') return { is: 'starttls' };
  if (kind === 'send' || kind === 'hex') return { is: 'send', hex: kind === 'hex', value };
  const refuse = step.is === 'expect' || step.is === 'json' ? step.refuse : [];
  return kind === 'json' ? { is: 'json', value: value.startsWith('$') ? value : '$', wants: '', refuse } : { is: 'expect', regex: kind === 'regex', value, refuse };
}

function Steps({ form, steps }: { form: Form; steps: Step[] }) {
  const set = (next: Step[]) => form.change(() => ({ request: { is: 'steps', steps: next } }));
  const put = (at: number, step: Step) => set(steps.map((one, i) => (i === at ? step : one)));
  return (
    <div class="stack-tight">
      <ol class="mf-rows">
        {steps.map((step, i) => {
          const n = i + 1;
          const pointer = `/request/${i}`;
          const error = form.error(pointer);
          return (
            <li key={i} class="mf-rowbox">
              <div class="mf-row step">
                <select class="input" aria-label={words.t('step_kind', { n })} value={kindOf(step)} disabled={form.disabled} onChange={(event) => put(i, asKind(step, event.currentTarget.value as StepKind))}>
                  {(['send', 'hex', 'expect', 'regex', 'json', 'starttls'] as const).map((kind) => <option key={kind} value={kind}>{words.t(`step_${kind}`)}</option>)}
                </select>
                {step.is === 'starttls' ? <span /> : (
                  <input class="input mono" id={idOf(pointer)} aria-label={words.t('step_value', { n })} aria-invalid={error ? 'true' : undefined} value={step.value} disabled={form.disabled} spellcheck={false} autocomplete="off" onInput={(event) => put(i, { ...step, value: event.currentTarget.value })} />
                )}
                <span class="row">
                  {i > 0 && <Button kind="quiet" icon="up" label={words.t('step_up', { n })} disabled={form.disabled} onClick={() => set(steps.map((one, at) => (at === i - 1 ? step : at === i ? steps[i - 1]! : one)))} />}
                  <Button kind="quiet" icon="trash" label={words.t('step_remove', { n })} disabled={form.disabled} onClick={() => set(steps.filter((_, at) => at !== i))} />
                </span>
              </div>
              {step.is === 'json' && <TextField label={words.t('step_wants')} help={words.t('step_wants_help')} value={step.wants} disabled={form.disabled} onValue={(wants) => put(i, { ...step, wants })} />}
              {(step.is === 'expect' || step.is === 'json') && step.refuse.length > 0 && <AreaField label={words.t('step_refuse')} help={words.t('step_refuse_help')} rows={2} mono value={step.refuse.join('\n')} disabled={form.disabled} onValue={(text) => put(i, { ...step, refuse: text.split('\n') })} />}
              {(step.is === 'expect' || step.is === 'json') && step.refuse.length === 0 && !form.disabled && <button type="button" class="link-button mf-small" onClick={() => put(i, { ...step, refuse: ['^5'] })}>{words.t('step_refuse')}…</button>}
              {error && <p class="mf-error"><Icon name="warning" size={14} />{error}</p>}
            </li>
          );
        })}
      </ol>
      {!form.disabled && <div><Button icon="plus" onClick={() => set([...steps, steps.at(-1)?.is === 'send' ? { is: 'expect', regex: false, value: '', refuse: [] } : { is: 'send', hex: false, value: '' }])}>{words.t('step_add')}</Button></div>}
    </div>
  );
}

export function requestSummary({ request }: Draft): string {
  if (request.is === 'none') return words.t('s_request_none');
  if (request.is === 'steps') return words.t('s_request_steps', { n: request.steps.length });
  return words.t('s_request_text');
}

export function RequestPart({ form }: { form: Form }) {
  const { request } = form.draft;
  const setKind = (kind: string) =>
    form.change((draft) => {
      const before = draft.request;
      const text = before.is === 'text' ? before.text : before.is === 'steps' && before.steps[0]?.is === 'send' && !before.steps[0].hex ? before.steps[0].value : '';
      if (kind === 'text') return { request: { is: 'text', text } };
      if (kind === 'hex') return { request: { is: 'hex', hex: before.is === 'hex' ? before.hex : '' } };
      if (kind === 'steps') return { request: { is: 'steps', steps: [...(text ? [{ is: 'send' as const, hex: false, value: text }] : []), { is: 'expect' as const, regex: false, value: '', refuse: [] }] } };
      return { request: { is: 'none' } };
    });
  const said = request.is === 'text' ? request.text : request.is === 'steps' ? request.steps.map((one) => (one.is === 'send' ? one.value : '')).join('\n') : '';
  return (
    <>
      <SelectField label={words.t('request_kind')} value={request.is} disabled={form.disabled} onValue={setKind} options={(['none', 'text', 'hex', 'steps'] as const).map((one) => [one, words.t(`request_${one}`)])} />
      {request.is === 'text' && <TextField id={idOf('/request')} label={words.t('send_text')} help={words.t('send_help')} class="mono" value={request.text} error={form.error('/request')} disabled={form.disabled} spellcheck={false} autocomplete="off" onValue={(text) => form.change(() => ({ request: { is: 'text', text } }))} />}
      {request.is === 'hex' && <AreaField id={idOf('/request')} label={words.t('send_hex')} help={words.t('hex_help')} mono value={request.hex} error={form.error('/request')} disabled={form.disabled} onValue={(hex) => form.change(() => ({ request: { is: 'hex', hex } }))} />}
      {request.is === 'steps' && <Steps form={form} steps={request.steps} />}
      {looksSecret(said) && <p class="mf-offer"><Icon name="warning" /><span>{words.t('secret_hint', { example: '${env:NAME}' })}</span></p>}
    </>
  );
}

export const tlsSummary = ({ tls }: Draft): string => (tls['mode'] === 'direct' ? words.t('tls_mode_direct') : tls['mode'] === 'starttls' ? 'STARTTLS' : words.t('tls_off'));

export function TlsPart({ form }: { form: Form }) {
  const { tls } = form.draft;
  const mode = textOf(tls, 'mode') || 'off';
  const common = { disabled: form.disabled };
  return (
    <>
      <SelectField id={idOf('/tls')} label={words.t('tls_mode')} value={mode} error={form.error('/tls')} {...common} onValue={(value) => setIn(form, 'tls', 'mode', value)} options={(['off', 'direct', 'starttls'] as const).map((one) => [one, words.t(`tls_mode_${one}`)])} />
      {mode === 'starttls' && <SelectField id={idOf('/tls/protocol')} label={words.t('tls_protocol')} value={textOf(tls, 'protocol')} error={form.error('/tls/protocol')} {...common} onValue={(value) => setIn(form, 'tls', 'protocol', value)} options={[['', '–'], ...['smtp', 'imap', 'pop3', 'ftp', 'ldap', 'xmpp', 'postgres', 'mysql'].map((one): [string, string] => [one, one])]} />}
      {mode !== 'off' && (
        <>
          <CheckField label={words.t('tls_verify')} help={words.t('tls_verify_help')} checked={tls['verify'] !== false} {...common} onChecked={(on) => setIn(form, 'tls', 'verify', on ? undefined : false)} />
          <div class="mf-grid">
            <TextField id={idOf('/tls/server_name')} label={words.t('tls_name')} help={words.t('tls_name_help')} class="mono" value={textOf(tls, 'server_name')} error={form.error('/tls/server_name')} {...common} onValue={(value) => setIn(form, 'tls', 'server_name', value)} />
            <TextField id={idOf('/tls/alpn')} label={words.t('tls_alpn')} help={words.t('tls_alpn_help')} class="mono" value={textOf(tls, 'alpn')} error={form.error('/tls/alpn')} {...common} onValue={(value) => setIn(form, 'tls', 'alpn', value.trim() ? listOf(value) : undefined)} />
            <SelectField id={idOf('/tls/min_version')} label={words.t('tls_min')} value={textOf(tls, 'min_version')} error={form.error('/tls/min_version')} {...common} onValue={(value) => setIn(form, 'tls', 'min_version', value)} options={[['', words.t('tls_any')], ['1.2', 'TLS 1.2'], ['1.3', 'TLS 1.3']]} />
            <TextField id={idOf('/tls/full_every')} label={words.t('tls_full')} help={words.t('tls_full_help')} class="num" inputmode="numeric" placeholder="10" value={textOf(tls, 'full_every')} error={form.error('/tls/full_every')} {...common} onValue={(value) => setIn(form, 'tls', 'full_every', numberOf(value))} />
          </div>
        </>
      )}
    </>
  );
}

export function limitsSummary({ config }: Draft): string {
  const parts = (['degraded_after', 'fail_after', 'timeout'] as const).filter((name) => config[name]).map((name) => `${words.t(name)} ${String(config[name])}`);
  return parts.join(' · ') || words.t('limits_none');
}

export function LimitsPart({ form }: { form: Form }) {
  const one = (name: 'degraded_after' | 'fail_after' | 'timeout', placeholder: string) => {
    const error = form.error(`/${name}`);
    return <input class="input mf-inline mono" id={idOf(`/${name}`)} aria-label={words.t(name)} aria-invalid={error ? 'true' : undefined} aria-describedby="mf-limits-help" placeholder={placeholder} value={textOf(form.draft.config, name)} disabled={form.disabled} autocomplete="off" onInput={(event) => setConfig(form, name, event.currentTarget.value.trim())} />;
  };
  const errors = ['/degraded_after', '/fail_after', '/timeout'].map(form.error).filter(Boolean);
  return (
    <>
      <p class="mf-sentence">{words.t('limits_1')} {one('degraded_after', '–')} {words.t('limits_2')} {one('fail_after', '–')}.</p>
      <p class="mf-sentence">{words.t('limits_3')} {one('timeout', '10s')}.</p>
      {errors.map((error) => <p key={error} class="mf-error"><Icon name="warning" size={14} />{error}</p>)}
      <p class="muted mf-small" id="mf-limits-help">
        {words.t('limits_help')} {form.answer && form.answer.response_time_us !== null && words.t('limits_last', { time: formatMicros(form.answer.response_time_us) })}
      </p>
    </>
  );
}

export const assertSummary = ({ assert }: Draft): string => (assert.length === 0 ? words.t('assert_none') : words.t('assert_count', { n: assert.length }));

function Live({ row, form }: { row: AssertRow; form: Form }) {
  if (!form.answer) return null;
  const { passed, actual } = judge(row, form.answer);
  const cut = actual.length > 60 ? `${actual.slice(0, 60)}…` : actual;
  const shown = row.source.endsWith('_time') && actual !== '' ? formatMicros(Number(actual)) : JSON.stringify(cut).slice(1, -1);
  return (
    <p class={`mf-live ${passed === true ? 'is-up' : passed === false ? 'is-down' : ''}`}>
      {passed !== null && <Icon name={passed ? 'check' : 'close'} size={14} />}
      {passed === null ? words.t('assert_unknown') : passed ? words.t('assert_pass') : words.t('assert_fail', { actual: shown || '–' })}
    </p>
  );
}

export function AssertPart({ form }: { form: Form }) {
  const { assert } = form.draft;
  const set = (next: Draft['assert']) => form.change(() => ({ assert: next }));
  const put = (at: number, row: AssertRow | string) => set(assert.map((one, i) => (i === at ? row : one)));
  return (
    <>
      <p class="muted mf-small">{words.t('assert_help')}</p>
      {assert.length > 0 && (
        <ul class="mf-rows">
          {assert.map((row, i) => {
            const n = i + 1;
            const pointer = `/assert/${i}`;
            const error = form.error(pointer);
            const remove = <Button kind="quiet" icon="trash" label={words.t('assert_remove', { n })} disabled={form.disabled} onClick={() => set(assert.filter((_, at) => at !== i))} />;
            const value = { id: idOf(pointer), 'aria-invalid': error ? ('true' as const) : undefined, disabled: form.disabled, spellcheck: false, autocomplete: 'off', 'aria-label': words.t('assert_target', { n }) };
            return (
              <li key={i} class="mf-rowbox">
                {typeof row === 'string' ? (
                  <div class="row"><input {...value} class="input mono grow" value={row} onInput={(event) => put(i, event.currentTarget.value)} />{remove}</div>
                ) : (
                  <div class={`mf-row assert${row.source === 'response_data' ? ' has-part' : ''}`}>
                    <select class="input" aria-label={words.t('assert_source', { n })} value={row.source} disabled={form.disabled} onChange={(event) => {
                      const source = event.currentTarget.value as Source;
                      put(i, { ...row, source, property: '', comparison: comparisonsOf(source).includes(row.comparison) ? row.comparison : comparisonsOf(source)[source.endsWith('_time') ? 2 : 0]! });
                    }}>
                      {sources.map((one) => <option key={one} value={one}>{words.t(`src_${one}`)}</option>)}
                    </select>
                    {row.source === 'response_data' && <input class="input mono" aria-label={words.t('assert_property', { n })} placeholder={words.t('assert_property_hint')} value={row.property} disabled={form.disabled} spellcheck={false} autocomplete="off" onInput={(event) => put(i, { ...row, property: event.currentTarget.value })} />}
                    <select class="input" aria-label={words.t('assert_comparison', { n })} value={row.comparison} disabled={form.disabled} onChange={(event) => put(i, { ...row, comparison: event.currentTarget.value as Comparison })}>
                      {comparisonsOf(row.source).map((one) => <option key={one} value={one}>{words.t(`cmp_${one}`)}</option>)}
                    </select>
                    {takesTarget(row.comparison) ? <input {...value} class="input mono" placeholder={row.source.endsWith('_time') ? '200ms' : ''} value={row.target} onInput={(event) => put(i, { ...row, target: event.currentTarget.value })} /> : <span />}
                    {remove}
                  </div>
                )}
                {typeof row !== 'string' && <Live row={row} form={form} />}
                {error && <p class="mf-error"><Icon name="warning" size={14} />{error}</p>}
              </li>
            );
          })}
        </ul>
      )}
      {!form.disabled && <div><Button icon="plus" onClick={() => set([...assert, { source: 'response_time', property: '', comparison: 'less_than', target: '200ms' }])}>{words.t('assert_add')}</Button></div>}
    </>
  );
}
