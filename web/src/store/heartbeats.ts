// Heartbeats of the rows that are in view: asked for in lots when scrolling rests, continued by the live feed, forgotten when long unseen.
import { signal } from '@preact/signals';
import { getHeartbeats } from '../api/calls';
import { onLive } from '../api/live';
import type { Beat } from '../api/types';
import { withBeat } from '../lib/beats';

const kCount = 30;
const kKept = 400; // monitors
const kLot = 100;
const kRestMs = 80;

// Of a row, the newest result heard: the store lags behind the feed by up to a second.
const newest = new Map<string, Beat>();

export const beatsVersion = signal(0);
const kept = new Map<string, readonly Beat[]>();
let wanted: string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
const underWay = new Set<string>();

export const beatsOf = (uid: string): readonly Beat[] | undefined => kept.get(uid);

function keep(uid: string, beats: Beat[]): void {
  kept.delete(uid);
  kept.set(uid, beats);
  if (kept.size <= kKept) return;
  const oldest = kept.keys().next().value;
  if (oldest !== undefined) kept.delete(oldest);
}

async function fetchWanted(): Promise<void> {
  timer = undefined;
  const missing = wanted.filter((uid) => !kept.has(uid) && !underWay.has(uid));
  for (let i = 0; i < missing.length; i += kLot) {
    const lot = missing.slice(i, i + kLot);
    for (const uid of lot) underWay.add(uid);
    try {
      const page = await getHeartbeats(lot, kCount);
      for (const one of page.data) {
        keep(one.uid, one.beats);
        const heard = newest.get(one.uid);
        if (heard) addBeat(one.uid, heard);
      }
      beatsVersion.value += 1;
    } catch {
      // The rows show no history then; it is asked for again when they next come into view.
    } finally {
      for (const uid of lot) underWay.delete(uid);
    }
  }
}

export function wantBeats(uids: string[]): void {
  wanted = uids;
  clearTimeout(timer);
  timer = setTimeout(fetchWanted, kRestMs);
}

export function addBeat(uid: string, beat: Beat): void {
  newest.set(uid, beat);
  const known = kept.get(uid);
  if (!known) return;
  kept.set(uid, withBeat(known, beat, kCount));
}
export function dropBeats(uid: string): void {
  kept.delete(uid);
  newest.delete(uid);
}

// A gap in the feed is a gap in what we kept: ask anew.
onLive('reset', () => {
  kept.clear();
  if (wanted.length > 0) wantBeats(wanted);
});
