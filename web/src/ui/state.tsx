// A state, always as shape + word: the same everywhere. The colour comes from css/state.css.
import type { MonitorRow, Status, Verdict } from '../api/types';
import { ui } from './words';

export type StateName = Status | 'disabled' | 'maintenance' | 'confirming' | 'recovering';

const tones: Record<StateName, string> = {
  up: 'up', degraded: 'degraded', down: 'down', unknown: 'unknown', pending: 'pending', paused: 'paused', disabled: 'paused', maintenance: 'maintenance',
  confirming: 'degraded', recovering: 'degraded',
};
export const toneOf = (state: StateName): string => `is-${tones[state]}`;
export const stateWord = (state: StateName): string => ui.t(state);

const mark = (d: string) => <path d={d} fill="none" stroke="var(--surface-1)" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" />;
const disc = <circle cx="8" cy="8" r="7" />;
const half = (d: string) => (
  <>
    <circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.6" />
    <path d={d} />
  </>
);
const shapes: Record<StateName, preact.JSX.Element> = {
  up: <>{disc}{mark('M4.8 8.3 7 10.5l4.2-4.8')}</>,
  degraded: <><path d="M8 1.2 15.2 14H.8z" />{mark('M8 6.2v3.3M8 11.8v0')}</>,
  down: <><rect x="1.5" y="1.5" width="13" height="13" rx="2" />{mark('M5.3 5.3l5.4 5.4M10.7 5.3l-5.4 5.4')}</>,
  unknown: <><path d="M8 .8 15.2 8 8 15.2.8 8z" />{mark('M6.5 6.4c.1-.9.7-1.3 1.5-1.3s1.5.5 1.5 1.3c0 1.1-1.5 1.1-1.5 2.3M8 11v0')}</>,
  pending: <>{half('')}<path d="M5 7.2h1.5v1.6H5zM7.250 7.2h1.5v1.6h-1.5zM9.5 7.2H11v1.6H9.5z" /></>,
  paused: <>{disc}{mark('M6.2 5.5v5M9.8 5.5v5')}</>,
  disabled: <>{half('')}<path d="M3.8 12.2 12.2 3.8" stroke="currentColor" stroke-width="1.6" /></>,
  maintenance: <>{disc}{mark('M10.5 5.5 6 10M9.5 4.5a2 2 0 0 0 2 2M5 9.5a2 2 0 0 1 1.5 1.5')}</>,
  confirming: half('M8 8V3.5A4.5 4.5 0 0 1 12.5 8z'),
  recovering: half('M8 3.5a4.5 4.5 0 0 1 0 9z'),
};

export function StateIcon({ state, size = 14, label = false }: { state: StateName; size?: number; label?: boolean }) {
  return (
    <svg class={`state-ink ${toneOf(state)}`} width={size} height={size} viewBox="0 0 16 16" fill="currentColor" focusable="false"
      {...(label ? { role: 'img', 'aria-label': stateWord(state) } : { 'aria-hidden': 'true' })}>
      {shapes[state]}
    </svg>
  );
}

export function State({ state, pill = false }: { state: StateName; pill?: boolean }) {
  return (
    <span class={`state ${toneOf(state)}${pill ? ' state-pill' : ''}`}>
      <StateIcon state={state} />
      {stateWord(state)}
    </span>
  );
}

// What is said of a monitor: its status, or that a change of it is being confirmed. One that is disabled in its definition has the status of a
// paused one, but cannot be resumed.
export function shownState({ status, flags, enabled }: Pick<MonitorRow, 'status' | 'flags' | 'enabled'>): StateName {
  if (!enabled) return 'disabled';
  if (flags.confirming && status !== 'paused') return 'confirming';
  if (flags.recovering && status !== 'paused') return 'recovering';
  return status;
}

export const stateOfVerdict = (verdict: Verdict): 'up' | 'degraded' | 'down' | 'unknown' =>
  verdict === 'passed' ? 'up' : verdict === 'failed' ? 'down' : verdict;
export const verdictWord = (verdict: Verdict): string =>
  verdict === 'passed' ? ui.t('passed') : verdict === 'failed' ? ui.t('failed_verdict') : ui.t(verdict);

// What came of one check, in the words of results: passed, degraded, failed, unknown.
export function VerdictPill({ verdict }: { verdict: Verdict }) {
  const state = stateOfVerdict(verdict);
  return (
    <span class={`state state-pill ${toneOf(state)}`}>
      <StateIcon state={state} />
      {verdictWord(verdict)}
    </span>
  );
}
