// One monitor in the list: a table row on wide screens, a card on small ones.
import type { Beat } from '../../api/types';
import { formatAge, formatMicros, formatPercent } from '../../i18n/format';
import { href } from '../../router/router';
import { nowMs } from '../../store/clock';
import type { Row } from '../../store/monitors';
import { HeartbeatBar } from '../../ui/heartbeats';
import { Icon } from '../../ui/icon';
import { shownState, State, toneOf } from '../../ui/state';
import { Ago } from '../../ui/time';
import { ui } from '../../ui/words';
import { words } from './words';

export const monitorHref = (row: Pick<Row, 'id'>): string => href(`/monitors/${encodeURIComponent(row.id)}`);

// Everything a line shows is a property or a signal: one whose properties are as they were is passed over.
export interface RowProps {
  row: Row;
  beats: readonly Beat[] | undefined;
  share: number | null | undefined; // available in the last 24 h
  index: number;
  top: number;
  active: boolean;
  selected: boolean;
  cursor: number; // in the heartbeat bar, -1 without
  onSelect: (index: number, on: boolean, range: boolean) => void;
  onFocus: (index: number) => void;
}

const kTagsShown = 3;

function Since({ since }: { since: number }) {
  return since > 0 ? <span class="ov-since">{words.t('since', { time: formatAge(nowMs.value - since) })}</span> : null;
}

export function MonitorLine({ row, beats, share, index, top, active, selected, cursor, onSelect, onFocus }: RowProps) {
  const flagged = (['muted', 'acknowledged', 'flapping'] as const).filter((flag) => row.flags[flag]);
  const attention = row.status === 'down' || row.status === 'unknown' || row.status === 'degraded';
  const hasTags = flagged.length > 0 || row.tags.length > 0 || row.owner !== null || (row.error !== null && attention);
  return (
    <div role="row" class={`ov-row${selected ? ' is-selected' : ''}`} style={{ top: `${top}px` }} aria-rowindex={index + 2} aria-selected={selected} data-index={index} tabIndex={active ? 0 : -1} onFocus={() => onFocus(index)}>
      <span role="gridcell" class="ov-check">
        <input type="checkbox" class="check" tabIndex={active ? 0 : -1} aria-label={words.t('select', { name: row.name })} checked={selected} onClick={(event) => onSelect(index, event.currentTarget.checked, event.shiftKey)} />
      </span>
      <span role="gridcell" class="ov-state">
        <State state={shownState(row)} />
        {attention && <Since since={row.since} />}
      </span>
      <span role="gridcell" class="ov-name">
        <a class="truncate" href={monitorHref(row)} tabIndex={active ? 0 : -1} title={row.name}>
          {row.name}
        </a>
        {hasTags && <span class="ov-tags">
          {flagged.map((flag) => (
            <span class="chip ov-flag" key={flag}>
              {flag === 'muted' && <Icon name="mute" size={12} />}
              {flag === 'acknowledged' && <Icon name="check" size={12} />}
              {flag === 'flapping' && <Icon name="sort" size={12} />}
              {ui.t(flag)}
            </span>
          ))}
          {row.error && attention && <span class={`ov-error mono state-ink ${toneOf(row.status)}`}>{row.error}</span>}
          {row.tags.slice(0, kTagsShown).map((tag) => (
            <span class="chip" key={tag}>
              {tag}
            </span>
          ))}
          {row.tags.length > kTagsShown && <span class="chip">+{row.tags.length - kTagsShown}</span>}
          {row.owner && (
            <span class="chip ov-owner" title={words.t('owned', { file: row.owner.file, line: String(row.owner.line) })}>
              <Icon name="code" size={12} />
              {row.owner.project}
            </span>
          )}
        </span>}
      </span>
      <span role="gridcell" class="ov-target mono" title={row.target}>
        <span class="truncate">{row.port ? row.target.slice(0, -row.port.length - 1) : row.target}</span>
        {row.port && <span>:{row.port}</span>}
      </span>
      <span role="gridcell" class="ov-beats">
        {beats ? <HeartbeatBar beats={beats} intervalS={row.intervalS} cursor={active ? cursor : -1} /> : <span class="ov-nobeats" />}
      </span>
      <span role="gridcell" class="ov-share num">
        {formatPercent(share)}
      </span>
      <span role="gridcell" class="ov-latency num">
        {formatMicros(row.latencyUs)}
      </span>
      <span role="gridcell" class="ov-age num">
        <Ago at={row.checkedAt} short />
      </span>
    </div>
  );
}
