// A list that is read page by page: what is there stays visible while more is read, and while it is read again.
import { useEffect, useRef, useState } from 'preact/hooks';
import { onLive, type LiveEvents } from '../api/live';
import { asProblem, type ApiProblem } from '../api/problem';

export interface Page<T> {
  data: T[];
  next_cursor: string | null;
}
export interface Pages<T> {
  rows: T[] | null;
  problem: ApiProblem | null;
  hasMore: boolean;
  busy: boolean;
  more: () => void;
  again: () => void;
}

export function usePages<T>(read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>, key: string): Pages<T> {
  const [rows, setRows] = useState<T[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [busy, setBusy] = useState(true);
  const abort = useRef<AbortController | null>(null);
  const load = (from: string | undefined) => {
    abort.current?.abort();
    const own = (abort.current = new AbortController());
    setBusy(true);
    read(from, own.signal).then(
      (page) => {
        if (own.signal.aborted) return;
        setRows((now) => (from === undefined ? page.data : [...(now ?? []), ...page.data]));
        setCursor(page.next_cursor);
        setProblem(null);
        setBusy(false);
      },
      (error: unknown) => {
        if (own.signal.aborted) return;
        setProblem(asProblem(error));
        setBusy(false);
      },
    );
  };
  useEffect(() => {
    setRows(null);
    load(undefined);
    return () => abort.current?.abort();
  }, [key]);
  return { rows, problem, hasMore: cursor !== null, busy, more: () => cursor !== null && load(cursor), again: () => load(undefined) };
}

// The feed tells before the store has it, and may tell a lot: a list is read a second later, and once for all that came meanwhile.
const kSoonMs = 1000;

// The same, read again when the feed tells of something that `concerns` the list.
export function useLivePages<E extends 'incident' | 'alert', T>(event: E, read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>, key: string, concerns: (row: LiveEvents[E]) => boolean = () => true): Pages<T> {
  const pages = usePages(read, key);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = () => (timer ??= setTimeout(() => { timer = undefined; pages.again(); }, kSoonMs));
    const stop = [onLive(event, (row) => concerns(row) && soon()), onLive('reset', soon)];
    return () => {
      clearTimeout(timer);
      stop.forEach((one) => one());
    };
  }, [key]);
  return pages;
}
