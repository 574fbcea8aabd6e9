// What to watch: the target as people write it, and the services whose ports it may be.
import { useState } from 'preact/hooks';
import type { Preset } from '../../api/types';
import { readTarget } from '../../lib/target';
import { Button } from '../../ui/button';
import { TextField } from '../../ui/field';
import { Icon } from '../../ui/icon';
import type { Draft } from './config';
import { idOf, type Form } from './form';
import { words } from './words';

// The target as the API takes it: a bare host gets the port of the chosen service.
export function wholeTarget(draft: Draft, presets: readonly Preset[]): string {
  const read = readTarget(draft.target);
  if (read.is === 'target') return read.target;
  const preset = presets.find((one) => one.id === draft.config['preset']);
  return read.is === 'no_port' && preset ? `${read.host}:${preset.port}` : draft.target.trim();
}

export function targetProblem(draft: Draft, presets: readonly Preset[]): string | undefined {
  const read = readTarget(draft.target);
  if (read.is === 'empty') return words.t('no_target');
  if (read.is === 'bad') return words.t(`bad_${read.why}`);
  if (read.is === 'no_port' && !presets.some((one) => one.id === draft.config['preset'])) return words.t('no_port', { host: read.host });
  return undefined;
}

function portOf(typed: string): number | null {
  const read = readTarget(typed);
  return read.is === 'target' ? read.port : null;
}

export function isOffered(draft: Draft, preset: Preset): boolean {
  return draft.request.is === 'steps' && draft.request.steps.some((step) => step.is === 'expect' && step.value === preset.expect);
}
// After STARTTLS a greeting that came before it does not come again: there the handshake is the check.
export const hasOffer = (draft: Draft, preset: Preset): boolean => preset.expect !== '' && (preset.repeats_in_tls || draft.tls['mode'] !== 'starttls');
export function useOffer(draft: Draft, preset: Preset): Partial<Draft> {
  const read = readTarget(draft.target);
  const named = draft.tls['server_name'];
  const host = typeof named === 'string' && named !== '' ? named : read.is === 'target' || read.is === 'no_port' ? read.host : '';
  return {
    request: { is: 'steps', steps: [...(preset.send ? [{ is: 'send' as const, hex: false, value: preset.send.replace('{host}', host) }] : []), { is: 'expect' as const, regex: true, value: preset.expect, refuse: [] }] },
    ...(preset.tls ? { tls: { mode: 'direct' } } : {}),
  };
}

export function TargetPart({ form }: { form: Form }) {
  const { draft, presets } = form;
  const [more, setMore] = useState(false);
  const [mended, setMended] = useState('');
  const chosen = presets.find((one) => one.id === draft.config['preset']);
  const withPreset = (config: Draft['config'], preset: Preset | undefined) => ({ ...config, preset: preset?.id });
  const onTarget = (target: string) => {
    setMended('');
    form.change((now) => {
      const port = portOf(target);
      // Typing a port selects its service; while there is none the choice stays.
      const moved = port !== null && port !== portOf(now.target);
      return { target, config: moved ? withPreset(now.config, presets.find((one) => one.port === port)) : now.config };
    });
  };
  const mend = () => {
    const read = readTarget(draft.target);
    if (read.is !== 'target' || !read.simplified) return;
    form.change((now) => ({ target: read.target, ...(read.tls && !now.tls['mode'] ? { tls: { ...now.tls, mode: 'direct' } } : {}) }));
    setMended(words.t(read.tls ? 'simplified_tls' : 'simplified', { target: read.target }));
  };
  const choose = (preset: Preset | undefined) =>
    form.change((now) => {
      const read = readTarget(now.target);
      const host = read.is === 'target' || read.is === 'no_port' ? read.host : '';
      return { config: withPreset(now.config, preset), ...(preset && host ? { target: `${host}:${preset.port}` } : {}) };
    });
  const shown = presets.filter((one) => more || !one.more || one === chosen);
  return (
    <section class="panel padded stack">
      <TextField id={idOf('/target')} label={words.t('target')} value={draft.target} onValue={onTarget} onBlur={mend} error={form.error('/target')} help={mended || words.t('target_help')} required disabled={form.disabled}
        class="mono mf-target" autocomplete="off" autocapitalize="none" spellcheck={false} inputmode="url" placeholder="db.example.com:5432" />
      <fieldset class="mf-chips" disabled={form.disabled}>
        <legend>{words.t('service')}</legend>
        {shown.map((one) => (
          <label key={one.id} class="mf-chip">
            <input type="radio" name="preset" value={one.id} checked={one === chosen} onChange={() => choose(one)} />
            <span>{one.name}</span>
            <span class="num">{one.port}</span>
          </label>
        ))}
        <label class="mf-chip">
          <input type="radio" name="preset" value="" checked={!chosen} onChange={() => choose(undefined)} />
          <span>{words.t('other')}</span>
        </label>
        {!more && presets.some((one) => one.more && one !== chosen) && <Button kind="quiet" onClick={() => setMore(true)}>{words.t('more_services')}</Button>}
      </fieldset>
      {chosen && hasOffer(draft, chosen) && !form.disabled && (
        <p class="mf-offer">
          <Icon name="info" />
          <span class="grow" lang="en">{chosen.help}</span>
          {isOffered(draft, chosen) ? (
            <>
              <span class="muted">{words.t('offer_done')}</span>
              <Button onClick={() => form.change(() => ({ request: { is: 'none' }, ...(chosen.tls ? { tls: {} } : {}) }))}>{words.t('offer_undo')}</Button>
            </>
          ) : (
            <Button onClick={() => form.change((now) => useOffer(now, chosen))}>{words.t('offer', { name: chosen.name })}</Button>
          )}
        </p>
      )}
    </section>
  );
}
