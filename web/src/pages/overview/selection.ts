// What is selected, and what is done with it: each action tells what it did and offers to undo it.
import { signal } from '@preact/signals';
import { batchMonitors, restoreMonitor } from '../../api/calls';
import { liveState } from '../../api/live';
import type { BatchAction, BatchResult } from '../../api/types';
import { allRows, loadMonitors, patchRows, type Row } from '../../store/monitors';
import { toastProblem } from '../../ui/problem';
import { toast } from '../../ui/toast';
import { words } from './words';

export const selected = signal<ReadonlySet<string>>(new Set());
export const failures = signal<{ name: string; detail: string }[] | null>(null);
const kLot = 1000;

export function select(uids: readonly string[], on: boolean): void {
  const next = new Set(selected.value);
  for (const uid of uids) on ? next.add(uid) : next.delete(uid);
  selected.value = next;
}
export const clearSelection = (): void => void (selected.value = new Set());

// Rows that the action would really change.
export function changedBy(action: BatchAction, rows: readonly Row[], tag: string): Row[] {
  switch (action) {
    case 'pause': return rows.filter((row) => row.enabled && row.status !== 'paused');
    case 'resume': return rows.filter((row) => row.enabled && row.status === 'paused');
    case 'run': return rows.filter((row) => row.enabled);
    case 'mute': return rows.filter((row) => !row.flags.muted);
    case 'unmute': return rows.filter((row) => row.flags.muted);
    case 'add_tag': return rows.filter((row) => !row.tags.includes(tag));
    case 'remove_tag': return rows.filter((row) => row.tags.includes(tag));
    default: return [...rows];
  }
}

const opposite: Partial<Record<BatchAction, BatchAction>> = { pause: 'resume', resume: 'pause', mute: 'unmute', unmute: 'mute', add_tag: 'remove_tag', remove_tag: 'add_tag' };

async function send(action: BatchAction, uids: readonly string[], tag?: string): Promise<BatchResult['data']> {
  const all: BatchResult['data'] = [];
  for (let i = 0; i < uids.length; i += kLot) all.push(...(await batchMonitors(action, uids.slice(i, i + kLot), tag)).data);
  return all;
}

function show(action: BatchAction, uids: readonly string[], tag: string): void {
  patchRows(uids, (row) => {
    switch (action) {
      case 'pause': return { status: 'paused', since: Date.now() };
      case 'mute': return { flags: { ...row.flags, muted: true } };
      case 'unmute': return { flags: { ...row.flags, muted: false } };
      case 'add_tag': return { tags: [...row.tags, tag] };
      case 'remove_tag': return { tags: row.tags.filter((one) => one !== tag) };
      case 'delete': return null;
      default: return {};
    }
  });
  // Without the feed nothing else would tell what became of them.
  if (liveState.value.is !== 'live') void loadMonitors();
}

async function undo(action: BatchAction, uids: readonly string[], tag: string): Promise<void> {
  try {
    if (action === 'delete') {
      for (const uid of uids) await restoreMonitor(uid);
      await loadMonitors();
    } else {
      const back = opposite[action]!;
      await send(back, uids, back.endsWith('_tag') ? tag : undefined);
      show(back, uids, tag);
    }
    toast(words.t('done_undo'));
  } catch (error) {
    toastProblem(error);
  }
}

export async function actOn(action: BatchAction, uids: readonly string[], tag = ''): Promise<void> {
  const rows = uids.map((uid) => allRows().get(uid)).filter((row): row is Row => row !== undefined);
  const wanted = changedBy(action, rows, tag);
  if (wanted.length === 0) {
    toast(words.t((action === 'resume' || action === 'run') && rows.some((row) => !row.enabled) ? 'disabled_stays' : 'nothing_to_do'));
    return;
  }
  try {
    const answers = await send(action, wanted.map((row) => row.uid), action.endsWith('_tag') ? tag : undefined);
    const done = wanted.filter((_, i) => answers[i]?.ok).map((row) => row.uid);
    const failed = wanted.flatMap((row, i) => (answers[i]?.ok ? [] : [{ name: row.name, detail: answers[i]?.problem?.detail ?? '' }]));
    if (done.length > 0) {
      show(action, done, tag);
      if (action === 'delete') select(done, false);
      const undoable = action !== 'run';
      toast(words.t(`done_${action}`, { n: done.length }), undoable ? { undo: () => void undo(action, done, tag) } : {});
    }
    if (failed.length > 0) toast(words.t('some_failed', { n: failed.length }), { bad: true, act: { label: words.t('details'), run: () => (failures.value = failed) } });
  } catch (error) {
    toastProblem(error);
  }
}
