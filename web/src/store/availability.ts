// Availability of the last 24 hours for the rows in view. There is no list of it, so each is asked for by itself: when scrolling rests, two at a
// time, and kept for a few minutes.
import { signal } from '@preact/signals';
import { getStats } from '../api/calls';

const kRestMs = 350;
const kAtOnce = 2;
const kFreshMs = 5 * 60_000;
const kKept = 400; // monitors

export const availabilityVersion = signal(0);
interface Known {
  share: number | null;
  at: number;
}
const kept = new Map<string, Known>();
let wanted: readonly string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
let abort: AbortController | null = null;

// undefined: not known yet; null: nothing was checked.
export const availabilityOf = (uid: string): number | null | undefined => kept.get(uid)?.share;

function keep(uid: string, share: number | null): void {
  kept.delete(uid);
  kept.set(uid, { share, at: Date.now() });
  const oldest = kept.keys().next().value;
  if (kept.size > kKept && oldest !== undefined) kept.delete(oldest);
}

async function fetchWanted(): Promise<void> {
  const own = (abort = new AbortController());
  const due = wanted.filter((uid) => Date.now() - (kept.get(uid)?.at ?? 0) > kFreshMs);
  const next = async () => {
    for (let uid = due.shift(); uid !== undefined && !own.signal.aborted; uid = due.shift()) {
      try {
        keep(uid, (await getStats(uid, '24h', own.signal)).now.availability);
        availabilityVersion.value += 1;
      } catch {
        // The row shows nothing then; it is asked for again when it next comes into view.
      }
    }
  };
  await Promise.all(Array.from({ length: kAtOnce }, next));
  if (!own.signal.aborted && wanted.length > 0) timer = setTimeout(() => void fetchWanted(), kFreshMs);
}

export function wantAvailability(uids: readonly string[]): void {
  wanted = uids;
  abort?.abort();
  clearTimeout(timer);
  if (uids.length > 0) timer = setTimeout(() => void fetchWanted(), kRestMs);
}
