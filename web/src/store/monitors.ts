// All monitors in short form, for the overview: read once as a stream, then kept current by the live feed. Changes are gathered and applied at
// most four times a second; `version` tells that something is different.
import { signal } from '@preact/signals';
import { streamMonitors } from '../api/calls';
import { onLive } from '../api/live';
import { asProblem, type ApiProblem } from '../api/problem';
import type { ErrorName, Flags, MonitorRow, Status } from '../api/types';
import { beatOf } from '../lib/beats';
import { projectOf, type Project } from '../lib/owner';
import { addBeat, dropBeats } from './heartbeats';

export interface Row {
  uid: string;
  id: string;
  name: string;
  target: string;
  host: string;
  port: string;
  status: Status;
  flags: Flags;
  enabled: boolean; // false: by its definition, it is not checked
  tags: readonly string[];
  group: string;
  owner: Project | null; // null: made here
  since: number;
  error: ErrorName | null;
  latencyUs: number | null;
  checkedAt: string | null;
  intervalS: number;
  incident: string | null;
  nameLower: string;
  sortName: string; // numbers padded: web-2 before web-10
  haystack: string;
}

const kFields = 'name,target,status,flags,enabled,tags,group,owner,since,error,last_result,interval_s,incident';
const kFlushMs = 250;
const kFirstShown = 50;

export const version = signal(0);
export const loading = signal<'no' | 'first' | 'again' | 'done'>('no');
export const loadProblem = signal<ApiProblem | null>(null);
let rows = new Map<string, Row>();
export const allRows = (): ReadonlyMap<string, Row> => rows;

// Ten thousand rows share few different flags and tag lists: equal ones are kept once.
const shared = new Map<string, unknown>();
function once<T>(value: T, key: string): T {
  const known = shared.get(key);
  if (known !== undefined) return known as T;
  if (shared.size > 5000) shared.clear();
  shared.set(key, value);
  return value;
}

const flagsKey = (flags: Flags): string => `f${+flags.confirming}${+flags.recovering}${+flags.muted}${+flags.acknowledged}${+flags.flapping}`;

export function splitTarget(target: string): { host: string; port: string } {
  const colon = target.lastIndexOf(':');
  if (colon < 0 || target.startsWith('unix:')) return { host: target, port: '' };
  return { host: target.slice(0, colon).replace(/^\[|\]$/g, ''), port: target.slice(colon + 1) };
}

export function shortRow(row: MonitorRow): Row {
  const { host, port } = splitTarget(row.target);
  const nameLower = row.name.toLowerCase();
  return {
    uid: row.uid, id: row.id, name: row.name, target: row.target, host: host.toLowerCase(), port, status: row.status, flags: once(row.flags, flagsKey(row.flags)), enabled: row.enabled, tags: once(row.tags, `t${row.tags.join('\n')}`), group: row.group, owner: projectOf(row.owner),
    since: row.since ? Date.parse(row.since) : 0, error: row.error?.code ?? null, latencyUs: row.last_result?.response_time_us ?? null, checkedAt: row.last_result?.started_at ?? null, intervalS: row.interval_s, incident: row.incident,
    nameLower, sortName: nameLower.replace(/\d+/g, (digits) => digits.padStart(8, '0')),
    haystack: `${nameLower}\n${row.id}\n${row.target}\n${row.tags.join('\n')}\n${row.group}`.toLowerCase(),
  };
}

// --- reading all

let reading: AbortController | null = null;
export async function loadMonitors(): Promise<void> {
  reading?.abort();
  const own = new AbortController();
  reading = own;
  const fresh = new Map<string, Row>();
  const first = loading.value === 'no' || loading.value === 'first';
  loading.value = first ? 'first' : 'again';
  loadProblem.value = null;
  try {
    await streamMonitors({ fields: kFields }, (some) => {
      for (const row of some) {
        fresh.set(row.uid, shortRow(row));
        hearBeat(row);
      }
      // The first screenful is shown while the rest is on its way.
      if (first && rows.size === 0 && fresh.size >= kFirstShown) {
        rows = new Map(fresh);
        version.value += 1;
      }
    }, own.signal);
    if (reading !== own) return;
    rows = fresh;
    // What the feed told while the list was on its way is newer than the list.
    applyPending();
    loading.value = 'done';
    version.value += 1;
  } catch (error) {
    if (own.signal.aborted) return;
    loadProblem.value = asProblem(error);
    loading.value = first ? 'no' : 'done';
  } finally {
    if (reading === own) {
      reading = null;
      if (pending.size > 0) timer ??= setTimeout(flush, kFlushMs);
    }
  }
}

// --- staying current

const pending = new Map<string, MonitorRow | null>(); // null: removed
let timer: ReturnType<typeof setTimeout> | undefined;
// What happened to each row since the list was frozen, for lists that hold still under the pointer.
type Listener = (uid: string, kind: 'changed' | 'moved') => void;
const listeners = new Set<Listener>();
export function onRowChange(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function hearBeat({ uid, last_result: last }: MonitorRow): void {
  if (last?.final) addBeat(uid, beatOf(last));
}

function applyPending(): void {
  for (const [uid, row] of pending) {
    const before = rows.get(uid);
    if (row === null) {
      rows.delete(uid);
      dropBeats(uid);
    } else {
      rows.set(uid, shortRow(row));
      hearBeat(row);
    }
    const moved = row === null || !before || before.status !== row.status || before.name !== row.name;
    for (const listener of listeners) listener(uid, moved ? 'moved' : 'changed');
  }
  pending.clear();
}

function flush(): void {
  timer = undefined;
  if (reading) return; // applied when the list is there
  applyPending();
  version.value += 1;
}
function later(uid: string, row: MonitorRow | null): void {
  pending.set(uid, row);
  timer ??= setTimeout(flush, kFlushMs);
}

let watching = false;
export function watchMonitors(): void {
  if (!watching) {
    watching = true;
    onLive('monitor', (row) => later(row.uid, row));
    onLive('removed', (gone) => later(gone.uid, null));
    onLive('reset', () => void loadMonitors());
  }
  if (loading.value === 'no') void loadMonitors();
}

// What an action of ours did is shown at once; the feed tells the rest.
export function patchRows(uids: readonly string[], change: (row: Row) => Partial<Row> | null): void {
  for (const uid of uids) {
    const row = rows.get(uid);
    if (!row) continue;
    const patch = change(row);
    if (patch === null) rows.delete(uid);
    else rows.set(uid, { ...row, ...patch });
    for (const listener of listeners) listener(uid, 'moved');
  }
  version.value += 1;
}
