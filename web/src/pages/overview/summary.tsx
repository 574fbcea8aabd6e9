// How many monitors are in each state; pressing one filters the list, pressing it again clears that.
import type { Status } from '../../api/types';
import { formatNumber } from '../../i18n/format';
import { hasTerm, toggleTerm } from '../../store/query';
import { Icon } from '../../ui/icon';
import { StateIcon, stateWord, toneOf } from '../../ui/state';
import { ui } from '../../ui/words';
import type { Row } from '../../store/monitors';
import { words } from './words';

export const statuses: readonly Status[] = ['down', 'unknown', 'degraded', 'up', 'pending', 'paused'];

export function countStates(rows: Iterable<Row>): Record<Status | 'disabled' | 'muted', number> {
  const by = { down: 0, unknown: 0, degraded: 0, up: 0, pending: 0, paused: 0, disabled: 0, muted: 0 };
  for (const row of rows) {
    by[row.enabled ? row.status : 'disabled'] += 1;
    if (row.flags.muted) by.muted += 1;
  }
  return by;
}

export function Summary({ rows, query, onQuery }: { rows: ReadonlyMap<string, Row>; query: string; onQuery: (query: string) => void }) {
  const by = countStates(rows.values());
  const shown = by.disabled > 0 ? [...statuses, 'disabled' as const] : statuses;
  return (
    <div class="ov-summary" role="group" aria-label={words.t('summary')}>
      {shown.map((state) => (
        <button type="button" key={state} class={`ov-count ${toneOf(state)}${by[state] === 0 ? ' is-none' : ''}`} aria-pressed={hasTerm(query, 'state', state)} onClick={() => onQuery(toggleTerm(query, 'state', state))}>
          <StateIcon state={state} size={16} />
          <span class="ov-figure num">{formatNumber(by[state])}</span>
          <span class="ov-word">{stateWord(state)}</span>
        </button>
      ))}
      {by.muted > 0 && (
        <button type="button" class="ov-count is-paused" aria-pressed={hasTerm(query, 'state', 'muted')} onClick={() => onQuery(toggleTerm(query, 'state', 'muted'))}>
          <span class="state-ink is-paused"><Icon name="mute" /></span>
          <span class="ov-figure num">{formatNumber(by.muted)}</span>
          <span class="ov-word">{ui.t('muted')}</span>
        </button>
      )}
    </div>
  );
}
