// The live feed: one connection for the whole page. It reconnects with growing pauses, continues after the last event it saw, and says how it
// stands: live, reconnecting (with the time of the next try), paused by the reader, or off while nobody is signed in.
import { signal } from '@preact/signals';
import { call } from './client';
import { ApiProblem } from './problem';
import { readEvents } from './sse';
import type { Alert, Incident, MonitorRow, RemovedEvent } from './types';

export interface LiveEvents {
  monitor: MonitorRow;
  removed: RemovedEvent;
  incident: Incident;
  alert: Alert;
  reset: unknown; // what was read before may be stale: read it again
}
type Listener<K extends keyof LiveEvents> = (data: LiveEvents[K]) => void;

export type LiveState = { is: 'off' } | { is: 'connecting' } | { is: 'live' } | { is: 'waiting'; until: number } | { is: 'paused' };
export const liveState = signal<LiveState>({ is: 'off' });

const kFirstPauseMs = 1000;
const kLongestPauseMs = 30_000;
const kSilenceMs = 40_000; // the server writes a comment every 15 s

const listeners = new Map<keyof LiveEvents, Set<Listener<never>>>();
let lastId: string | undefined;
let wanted = false;
let abort: AbortController | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let failures = 0;
let pauseMs = kFirstPauseMs;

export function onLive<K extends keyof LiveEvents>(event: K, listener: Listener<K>): () => void {
  const set = listeners.get(event) ?? new Set();
  listeners.set(event, set);
  set.add(listener as Listener<never>);
  return () => set.delete(listener as Listener<never>);
}

function tell(event: string, data: string): void {
  const set = listeners.get(event as keyof LiveEvents);
  if (!set || set.size === 0) return;
  const value = (data ? JSON.parse(data) : null) as never;
  for (const listener of set) listener(value);
}

// The nth pause, with up to a quarter more so that many pages do not return at once.
export function pauseOf(failure: number, firstMs: number, dice: number): number {
  return Math.min(kLongestPauseMs, firstMs * 2 ** Math.min(failure, 6)) * (1 + dice / 4);
}

async function connect(): Promise<void> {
  clearTimeout(timer);
  const own = new AbortController();
  abort = own;
  liveState.value = { is: 'connecting' };
  let silence: ReturnType<typeof setTimeout> | undefined;
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(() => own.abort(), kSilenceMs);
  };
  try {
    const headers: Record<string, string> = { Accept: 'text/event-stream' };
    if (lastId !== undefined) headers['Last-Event-ID'] = lastId;
    heard();
    const response = await call('get', '/events', { headers, signal: own.signal });
    liveState.value = { is: 'live' };
    // Without an id to continue from, what was read while the connection was away may be stale.
    if (failures > 0 && lastId === undefined) tell('reset', '');
    failures = 0;
    await readEvents(
      response,
      ({ event, data, id }) => {
        if (id !== undefined) lastId = id;
        tell(event, data);
      },
      heard,
      (ms) => (pauseMs = Math.max(250, Math.min(ms, kLongestPauseMs))),
    );
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) wanted = false;
  } finally {
    clearTimeout(silence);
  }
  if (abort !== own) return; // a newer connection, or a stop, has taken over
  abort = null;
  if (!wanted) {
    liveState.value = { is: 'off' };
    return;
  }
  const wait = pauseOf(failures, pauseMs, Math.random());
  failures += 1;
  liveState.value = { is: 'waiting', until: Date.now() + wait };
  timer = setTimeout(connect, wait);
}

function disconnect(): void {
  clearTimeout(timer);
  const own = abort;
  abort = null;
  own?.abort();
}

export function startLive(): void {
  if (wanted) return;
  wanted = true;
  if (liveState.value.is !== 'paused') void connect();
}

export function stopLive(): void {
  wanted = false;
  lastId = undefined;
  failures = 0;
  disconnect();
  if (liveState.value.is !== 'paused') liveState.value = { is: 'off' };
}

export function pauseLive(): void {
  disconnect();
  liveState.value = { is: 'paused' };
}

export function resumeLive(): void {
  failures = Math.max(failures, 1);
  liveState.value = { is: 'off' };
  if (wanted) void connect();
}

// The network is back, or the reader does not want to wait.
export function reconnectNow(): void {
  if (wanted && liveState.value.is === 'waiting') void connect();
}
