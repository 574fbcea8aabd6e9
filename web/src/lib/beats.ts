// Checks as marks of the heartbeat bar, oldest first, continued by what the feed tells.
import type { Beat, Result } from '../api/types';

export function beatOf(result: Pick<Result, 'slot' | 'verdict' | 'response_time_us' | 'error'>): Beat {
  return { slot: result.slot, verdict: result.verdict, response_time_us: result.response_time_us, error: result.error?.code ?? null };
}

// A repeated slot (a later attempt) replaces, an older one is dropped.
export function withBeat(beats: readonly Beat[], beat: Beat, most: number): readonly Beat[] {
  const last = beats.at(-1);
  if (last && last.slot > beat.slot) return beats;
  return [...(last?.slot === beat.slot ? beats.slice(0, -1) : beats), beat].slice(-most);
}
