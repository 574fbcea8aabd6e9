// One thing read from the server for as long as a component shows it. A new key reads anew; what was read before stays until the answer is
// there (`fresh` is false meanwhile), unless `keep` says that it belongs to something else.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { asProblem, type ApiProblem } from '../api/problem';

export interface Loaded<T> {
  data: T | null;
  problem: ApiProblem | null;
  fresh: boolean;
  reload: () => void;
  change: (change: (data: T) => T) => void;
}

export function useLoaded<T>(key: string | null, read: (signal: AbortSignal) => Promise<T>, keep: (key: string, before: string) => boolean = () => false): Loaded<T> {
  const [state, setState] = useState<{ key: string | null; data: T | null; problem: ApiProblem | null }>({ key: null, data: null, problem: null });
  const [tries, setTries] = useState(0);
  const reader = useRef(read);
  reader.current = read;
  useEffect(() => {
    if (key === null) return;
    const abort = new AbortController();
    reader.current(abort.signal).then(
      (data) => !abort.signal.aborted && setState({ key, data, problem: null }),
      (error: unknown) => !abort.signal.aborted && setState((now) => ({ key, data: now.key === key || (now.key !== null && keep(key, now.key)) ? now.data : null, problem: asProblem(error) })),
    );
    return () => abort.abort();
  }, [key, tries]);
  const same = state.key === key;
  const usable = same || (key !== null && state.key !== null && keep(key, state.key));
  return {
    data: usable ? state.data : null,
    problem: same ? state.problem : null,
    fresh: same,
    reload: useCallback(() => setTries((n) => n + 1), []),
    change: useCallback((change: (data: T) => T) => setState((now) => (now.data === null ? now : { ...now, data: change(now.data) })), []),
  };
}
