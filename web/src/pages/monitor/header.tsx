// The head of a monitor: its state as a pill and a sentence, what it checks, whose it is, and what can be done with it.
import { useState } from 'preact/hooks';
import type { MonitorDetail, MonitorRow } from '../../api/types';
import { formatDuration, formatMicros, formatRelative } from '../../i18n/format';
import { addressList } from '../../lib/addresses';
import { projectOf } from '../../lib/owner';
import { href } from '../../router/router';
import { nowMs } from '../../store/clock';
import { canWrite } from '../../store/session';
import { Button } from '../../ui/button';
import { AsCode } from '../../ui/code';
import { Icon } from '../../ui/icon';
import { Menu } from '../../ui/menu';
import { shownState, State } from '../../ui/state';
import { ui } from '../../ui/words';
import { act, clone, monitorPath, remove, type StateAction } from './actions';
import { codeForms } from './code-forms';
import { words } from './words';

// 00:07, 12:30, 1:02:03.
export function countdown(ms: number): string {
  const s = Math.max(0, Math.ceil(ms / 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  const rest = `${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  return s >= 3600 ? `${Math.floor(s / 3600)}:${rest}` : rest;
}

// Neither paused by somebody nor disabled by its definition: it can be run now.
export const isChecked = (monitor: Pick<MonitorRow, 'enabled' | 'paused'>): boolean => monitor.enabled && !monitor.paused;

export function sentence(monitor: MonitorDetail, now: number): string {
  const time = formatDuration(monitor.since ? now - Date.parse(monitor.since) : 0);
  const reason = monitor.error?.message || monitor.last_result?.reason || '';
  if (!monitor.enabled) return words.t('sentence_disabled');
  switch (monitor.status) {
    case 'pending': return words.t('sentence_pending');
    case 'paused': return words.t('sentence_paused', { time });
    case 'up': return words.t('sentence_up', { time });
    case 'down': return words.t('sentence_down', { time, reason });
    case 'degraded': return words.t('sentence_degraded', { time, reason });
    case 'unknown': return reason ? words.t('sentence_unknown', { time, reason }) : words.t('sentence_unknown_plain', { time });
  }
}

function Facts({ monitor }: { monitor: MonitorDetail }) {
  const now = nowMs.value;
  const last = monitor.last_result;
  const flags = (['muted', 'acknowledged', 'flapping'] as const).filter((flag) => monitor.flags[flag]);
  const owner = projectOf(monitor.owner);
  return (
    <ul class="mo-facts">
      <li class="mono mo-target">{monitor.target}</li>
      <li>{words.t('every', { time: formatDuration(monitor.interval_s * 1000) })}</li>
      {last && <li>{words.t('last_check', { ago: formatRelative(last.started_at, Math.max(now, Date.parse(last.started_at))), latency: last.error && last.response_time_us === null ? last.error.code : formatMicros(last.response_time_us) })}</li>}
      {monitor.addresses?.moved && monitor.addresses.since && (
        <li>{words.t('moved', { from: addressList(monitor.addresses.moved.from), to: addressList(monitor.addresses.moved.to), ago: formatRelative(monitor.addresses.since, Math.max(now, Date.parse(monitor.addresses.since))) })}</li>
      )}
      {flags.map((flag) => (
        <li key={flag} class="chip mo-flag">
          {flag === 'muted' && <Icon name="mute" size={12} />}
          {ui.t(flag)}
        </li>
      ))}
      {monitor.group && <li class="chip">{monitor.group}</li>}
      {monitor.tags.map((tag) => (
        <li key={tag}>
          <a class="chip" href={href('/', { q: `tag:${/\s/.test(tag) ? `"${tag}"` : tag}` })}>
            <Icon name="tag" size={12} />
            {tag}
          </a>
        </li>
      ))}
      {owner && (
        <li class="mo-owner">
          <Icon name="code" size={14} />
          {words.t('owned', { file: owner.file, line: String(owner.line), project: owner.project })}
        </li>
      )}
    </ul>
  );
}

function Actions({ monitor, take, onCode }: { monitor: MonitorDetail; take: (row: MonitorRow) => void; onCode: () => void }) {
  const owner = projectOf(monitor.owner);
  const owned = owner ? words.t('owned_no', { file: owner.file }) : null;
  const doing = (action: StateAction) => () => void act(monitor.uid, action, take);
  const code = { label: ui.t('as_code'), icon: 'code', run: onCode } as const;
  if (!canWrite()) return <Menu label={ui.t('more')} icon="more" items={[code]} />;
  return (
    <>
      <Button kind="primary" icon="run" onClick={doing('run')} disabled={!isChecked(monitor)}>
        {words.t('run')}
      </Button>
      {monitor.enabled && (
        <Button icon={monitor.paused ? 'play' : 'pause'} onClick={doing(monitor.paused ? 'resume' : 'pause')}>
          {words.t(monitor.paused ? 'resume' : 'pause')}
        </Button>
      )}
      <Button icon={monitor.muted ? 'alerts' : 'mute'} onClick={doing(monitor.muted ? 'unmute' : 'mute')}>
        {words.t(monitor.muted ? 'unmute' : 'mute')}
      </Button>
      {!owned && (
        <a class="button" href={href(`${monitorPath(monitor.id)}/edit`)}>
          <Icon name="edit" />
          {words.t('edit')}
        </a>
      )}
      <Menu label={ui.t('more')} icon="more"
        items={[
          code,
          { label: words.t('clone'), icon: 'copy', run: () => void clone(monitor) },
          owned ? { label: `${words.t('delete')} · ${owned}`, icon: 'trash', disabled: true } : { label: words.t('delete'), icon: 'trash', danger: true, run: () => void remove(monitor) },
        ]} />
    </>
  );
}

export function Header({ monitor, take }: { monitor: MonitorDetail; take: (row: MonitorRow) => void }) {
  const [code, setCode] = useState(false);
  return (
    <header class="mo-head">
      <div class="page-head">
        <h1 class="mo-name">{monitor.name}</h1>
        <div class="actions">
          <Actions monitor={monitor} take={take} onCode={() => setCode(true)} />
        </div>
      </div>
      <p class="mo-sentence">
        <State state={shownState(monitor)} pill />
        <span>{sentence(monitor, nowMs.value)}</span>
      </p>
      <Facts monitor={monitor} />
      {code && <AsCode title={words.t('as_code_title', { name: monitor.name })} forms={codeForms(monitor)} onClose={() => setCode(false)} />}
    </header>
  );
}
