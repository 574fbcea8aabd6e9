// What can be done with a monitor from its page. Each says what it did; what can be undone offers it.
import { actOnMonitor, cloneMonitor, deleteMonitor, restoreMonitor } from '../../api/calls';
import type { MonitorRow } from '../../api/types';
import { go } from '../../router/router';
import { toastProblem } from '../../ui/problem';
import { toast } from '../../ui/toast';
import { words } from './words';

export type StateAction = 'pause' | 'resume' | 'mute' | 'unmute' | 'run';
const opposite = { pause: 'resume', resume: 'pause', mute: 'unmute', unmute: 'mute' } as const;

export const monitorPath = (id: string): string => `/monitors/${encodeURIComponent(id)}`;

async function trying(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    toastProblem(error);
  }
}

export const act = (uid: string, action: StateAction, take: (row: MonitorRow) => void): Promise<void> =>
  trying(async () => {
    take(await actOnMonitor(uid, action));
    toast(words.t(`done_${action}`), action === 'run' ? {} : { undo: () => void trying(async () => take(await actOnMonitor(uid, opposite[action]))) });
  });

export const restore = (uid: string): Promise<void> =>
  trying(async () => {
    const row = await restoreMonitor(uid);
    toast(words.t('done_restore', { name: row.name }));
    go(monitorPath(row.id));
  });

export const remove = (row: MonitorRow): Promise<void> =>
  trying(async () => {
    await deleteMonitor(row.uid);
    go('/');
    toast(words.t('done_delete', { name: row.name }), { undo: () => void restore(row.uid) });
  });

export const clone = (row: MonitorRow): Promise<void> =>
  trying(async () => {
    const made = await cloneMonitor(row.uid);
    toast(words.t('done_clone', { name: made.name }));
    go(`${monitorPath(made.id)}/edit`);
  });
