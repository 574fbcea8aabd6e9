// The list itself: a grid of which only the visible rows exist. It stands still while the pointer or the focus is in it: what happens meanwhile
// is shown in place, what would move a row waits for "apply" or for the reader to leave.
import type { ComponentChild } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { language } from '../../i18n/language';
import { go } from '../../router/router';
import { availabilityOf, availabilityVersion, wantAvailability } from '../../store/availability';
import { beatsVersion, beatsOf, wantBeats } from '../../store/heartbeats';
import { allRows, onRowChange, type Row } from '../../store/monitors';
import { beatText, placed } from '../../ui/heartbeats';
import { Icon } from '../../ui/icon';
import { useShortcuts } from '../../ui/shortcuts';
import { scrollToRow, VirtualRows } from '../../ui/virtual';
import type { Sort, SortKey } from './order';
import { MonitorLine, monitorHref, type RowProps } from './row';
import { actOn, clearSelection, select, selected } from './selection';
import { words } from './words';

const kBeats = 30;
const kHeadHeight = 34;
const kDrawnKept = 300;
export const rowHeights = { wide: 46, narrow: 104 };

interface Props {
  rows: readonly Row[];
  sort: Sort;
  onSort: (sort: Sort) => void;
  resetKey: string; // another search or order: nothing to hold on to
}

const kNarrow = '(max-width: 799px)';
const kNoShare = '(max-width: 1099px)'; // there is no room for the availability

function useMedia(text: string): boolean {
  const query = useMemo(() => matchMedia(text), [text]);
  const [narrow, setNarrow] = useState(query.matches);
  useEffect(() => {
    const change = () => setNarrow(query.matches);
    query.addEventListener('change', change);
    return () => query.removeEventListener('change', change);
  }, [query]);
  return narrow;
}

// The rows as they were when the reader came in, with their newest values; and how many would have moved since.
function useHeld(rows: readonly Row[], resetKey: string) {
  const [held, setHeld] = useState<{ uids: string[]; key: string } | null>(null);
  const moved = useRef(new Set<string>());
  useEffect(() => onRowChange((uid, kind) => void (kind === 'moved' && moved.current.add(uid))), []);
  const inside = useRef({ pointer: false, focus: false });
  const hold = () => {
    if (held && held.key === resetKey) return;
    moved.current.clear();
    setHeld({ uids: rows.map((row) => row.uid), key: resetKey });
  };
  const release = () => {
    moved.current.clear();
    setHeld(null);
  };
  const shown = useMemo(() => {
    if (!held || held.key !== resetKey) return rows;
    const all = allRows();
    return held.uids.map((uid) => all.get(uid)).filter((row): row is Row => row !== undefined);
  }, [held, rows, resetKey]);
  let waiting = 0;
  if (held && held.key === resetKey && moved.current.size > 0) {
    // Only what the reader would see move or come and go counts.
    const now = new Set(rows.map((row) => row.uid));
    const then = new Set(held.uids);
    for (const uid of moved.current) if (now.has(uid) || then.has(uid)) waiting += 1;
  }
  return {
    shown,
    waiting,
    apply: () => {
      moved.current.clear();
      setHeld({ uids: rows.map((row) => row.uid), key: resetKey });
    },
    enter: (what: 'pointer' | 'focus') => {
      inside.current[what] = true;
      hold();
    },
    leave: (what: 'pointer' | 'focus') => {
      inside.current[what] = false;
      if (!inside.current.pointer && !inside.current.focus) release();
    },
  };
}

export function MonitorList({ rows, sort, onSort, resetKey }: Props) {
  const grid = useRef<HTMLDivElement>(null);
  const narrow = useMedia(kNarrow);
  const noShare = useMedia(kNoShare);
  const rowHeight = narrow ? rowHeights.narrow : rowHeights.wide;
  const { shown, waiting, apply, enter, leave } = useHeld(rows, resetKey);
  const [active, setActive] = useState(0);
  const [cursor, setCursor] = useState(-1);
  const [said, setSaid] = useState('');
  const lastSelected = useRef(-1);
  void beatsVersion.value;
  void availabilityVersion.value;
  useEffect(() => () => wantAvailability([]), []);
  const at = Math.min(active, Math.max(0, shown.length - 1));

  const focusRow = useCallback((index: number) => {
    setActive(index);
    setCursor(-1);
    scrollToRow(grid.current, index, rowHeight, narrow ? 0 : kHeadHeight);
    // The row is in the document after the next frame at the latest.
    requestAnimationFrame(() => requestAnimationFrame(() => grid.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus({ preventScroll: true })));
  }, [rowHeight, narrow]);
  const move = (to: number) => {
    if (shown.length > 0) focusRow(Math.max(0, Math.min(shown.length - 1, to)));
  };
  const inGrid = () => grid.current?.contains(document.activeElement) ?? false;
  const chosen = () => (selected.value.size > 0 ? [...selected.value] : inGrid() && shown[at] ? [shown[at].uid] : []);
  const onSelect = (index: number, on: boolean, range: boolean) => {
    const from = range && lastSelected.current >= 0 ? lastSelected.current : index;
    lastSelected.current = index;
    select(shown.slice(Math.min(from, index), Math.max(from, index) + 1).map((row) => row.uid), on);
  };
  const walkBeats = (step: number) => {
    const row = shown[at];
    const beats = row && beatsOf(row.uid);
    if (!row || !beats) return;
    const next = Math.max(0, Math.min(kBeats - 1, (cursor < 0 ? kBeats : cursor) + step));
    setCursor(next);
    setSaid(beatText(placed(beats, kBeats, row.intervalS)[next]));
  };
  // A row that is as it was keeps its node, and Preact passes over it: with hundreds of updates a second only the few changed rows are drawn.
  const drawn = useRef(new Map<string, { of: readonly unknown[]; node: ComponentChild }>());
  const selectNow = useRef(onSelect);
  selectNow.current = onSelect;
  const selectRow = useCallback((...all: Parameters<typeof onSelect>) => selectNow.current(...all), []);
  const line = (props: RowProps) => {
    const of = [props.row, props.index, props.top, props.active, props.selected, props.cursor, props.beats, props.share, language.value];
    const known = drawn.current.get(props.row.uid);
    if (known && known.of.every((one, i) => one === of[i])) return known.node;
    const node = <MonitorLine key={props.row.uid} {...props} />;
    if (drawn.current.size > kDrawnKept) drawn.current.clear();
    drawn.current.set(props.row.uid, { of, node });
    return node;
  };
  const pageRows = () => Math.max(1, Math.floor((grid.current?.closest('.main')?.clientHeight ?? 600) / rowHeight) - 2);

  useShortcuts({
    j: () => move(inGrid() ? at + 1 : at),
    k: () => move(inGrid() ? at - 1 : at),
    x: () => inGrid() && shown[at] && onSelect(at, !selected.value.has(shown[at].uid), false),
    r: () => chosen().length > 0 && void actOn('run', chosen()),
    p: () => {
      const uids = chosen();
      if (uids.length > 0) void actOn(uids.every((uid) => allRows().get(uid)?.status === 'paused') ? 'resume' : 'pause', uids);
    },
    m: () => {
      const uids = chosen();
      if (uids.length > 0) void actOn(uids.every((uid) => allRows().get(uid)?.flags.muted) ? 'unmute' : 'mute', uids);
    },
    e: () => inGrid() && shown[at] && go(`${monitorHref(shown[at])}/edit`),
    Escape: () => clearSelection(),
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const onRow = (event.target as Element).getAttribute('role') === 'row';
    const run = {
      ArrowDown: () => move(at + 1), ArrowUp: () => move(at - 1), Home: () => move(0), End: () => move(shown.length - 1), PageDown: () => move(at + pageRows()), PageUp: () => move(at - pageRows()),
      ...(onRow ? { Enter: () => shown[at] && go(monitorHref(shown[at])), ArrowLeft: () => walkBeats(-1), ArrowRight: () => walkBeats(1), ' ': () => shown[at] && onSelect(at, !selected.value.has(shown[at].uid), event.shiftKey) } : {}),
    }[event.key];
    if (!run || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    run();
  };
  const onClick = (event: MouseEvent) => {
    const target = event.target as Element;
    if (target.closest('a, button, input, .ov-check') || String(getSelection()) !== '') return;
    const row = target.closest<HTMLElement>('.ov-row');
    const one = row && shown[Number(row.dataset['index'])];
    if (one) go(monitorHref(one));
  };

  const head = (key: SortKey, label: string, more = '') => {
    const on = sort.key === key;
    return (
      <span role="columnheader" class={more} aria-sort={on ? (sort.down ? 'descending' : 'ascending') : 'none'}>
        <button type="button" class="ov-sort" title={words.t('sort_by', { column: label })} onClick={() => onSort({ key, down: on ? !sort.down : key === 'latency' })}>
          {label}
          {on && <Icon name={sort.down ? 'down' : 'up'} size={12} />}
        </button>
      </span>
    );
  };
  const allOn = shown.length > 0 && shown.every((row) => selected.value.has(row.uid));
  const someOn = !allOn && selected.value.size > 0;
  return (
    <div class="ov-frame" onPointerEnter={(event) => event.pointerType === 'mouse' && enter('pointer')} onPointerLeave={() => leave('pointer')} onFocusIn={() => enter('focus')}
      onFocusOut={(event) => !event.currentTarget.contains(event.relatedTarget as Node | null) && leave('focus')}>
      <div class="ov-waiting" role="status">
        {waiting > 0 && (
          <button type="button" class="button" onClick={apply}>
            {words.t('changes', { n: waiting })}
          </button>
        )}
      </div>
      <div ref={grid} class={`ov-grid${narrow ? ' is-narrow' : ''}`} role="grid" aria-label={words.t('list')} aria-rowcount={shown.length + 1} aria-multiselectable="true" onKeyDown={onKeyDown} onClick={onClick}>
        <div role="rowgroup" class="ov-headgroup">
          <div role="row" class="ov-row ov-head" aria-rowindex={1}>
            <span role="columnheader" class="ov-check">
              <input type="checkbox" class="check" aria-label={words.t('select_all', { n: shown.length })} checked={allOn} indeterminate={someOn} onClick={(event) => (event.currentTarget.checked ? select(shown.map((row) => row.uid), true) : clearSelection())} />
            </span>
            {head('worst', words.t('state'), 'ov-state')}
            {head('name', words.t('name'), 'ov-name')}
            {head('target', words.t('target'), 'ov-target')}
            <span role="columnheader" class="ov-beats">
              {words.t('history')}
            </span>
            <span role="columnheader" class="ov-share" title={words.t('share_help')}>
              {words.t('share')}
            </span>
            {head('latency', words.t('latency'), 'ov-latency')}
            {head('checked', words.t('checked'), 'ov-age')}
          </div>
        </div>
        <VirtualRows count={shown.length} rowHeight={rowHeight} keep={inGrid() ? at : -1} onRange={(first, last) => {
            const uids = shown.slice(first, last).map((row) => row.uid);
            wantBeats(uids);
            wantAvailability(noShare ? [] : uids);
          }}
          render={(index, top) => {
            const row = shown[index];
            return row && line({ row, beats: beatsOf(row.uid), share: noShare ? null : availabilityOf(row.uid), index, top, active: index === at, selected: selected.value.has(row.uid), cursor: index === at ? cursor : -1, onSelect: selectRow, onFocus: setActive });
          }} />
      </div>
      <p class="visually-hidden" aria-live="polite">
        {said}
      </p>
    </div>
  );
}
