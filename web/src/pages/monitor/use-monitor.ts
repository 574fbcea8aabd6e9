// One monitor, kept current by the live feed: its row is merged as it comes, a changed definition is read again, a removal is remembered.
import { useEffect, useRef, useState } from 'preact/hooks';
import { getHeartbeats, getMonitor } from '../../api/calls';
import { onLive } from '../../api/live';
import type { Beat, MonitorDetail, MonitorRow, Result } from '../../api/types';
import { beatOf, withBeat } from '../../lib/beats';
import { useLoaded, type Loaded } from '../../store/loaded';

const kApplyMs = 250; // at most four changes a second
export const kBeats = 100;

export interface Watched extends Loaded<MonitorDetail> {
  removed: boolean;
  beats: Loaded<readonly Beat[]>;
  // Counts final results heard since the page was opened.
  heard: number;
  take: (row: MonitorRow) => void;
}

export function useMonitor(id: string): Watched {
  const loaded = useLoaded(id, (signal) => getMonitor(id, signal));
  const uid = loaded.data?.uid ?? null;
  const newestResult = useRef<Result | null>(null);
  newestResult.current = loaded.data?.last_result ?? null;
  const beats = useLoaded<readonly Beat[]>(uid, async (signal) => {
    const read = (await getHeartbeats([uid!], kBeats, signal)).data[0]?.beats ?? [];
    // The store lags behind the feed by up to a second.
    const heard = newestResult.current;
    return heard?.final ? withBeat(read, beatOf(heard), kBeats) : read;
  });
  const [removed, setRemoved] = useState(false);
  const [heard, setHeard] = useState(0);
  const revision = useRef('');
  const lastSlot = useRef('');
  revision.current = loaded.data?.revision ?? '';
  const newest = loaded.data?.last_result;
  if (newest && newest.slot > lastSlot.current) lastSlot.current = newest.slot;
  const take = (row: MonitorRow) => {
    loaded.change((now) => ({ ...now, ...row }));
    setRemoved(false);
    if (row.revision !== revision.current) loaded.reload();
    const result = row.last_result;
    if (result?.final && result.slot > lastSlot.current) {
      lastSlot.current = result.slot;
      beats.change((now) => withBeat(now, beatOf(result), kBeats));
      setHeard((n) => n + 1);
    }
  };
  const taker = useRef(take);
  taker.current = take;
  useEffect(() => {
    if (uid === null) return;
    let newest: MonitorRow | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      timer = undefined;
      if (newest) taker.current(newest);
      newest = null;
    };
    const stops = [
      onLive('monitor', (row) => {
        if (row.uid !== uid) return;
        newest = row;
        timer ??= setTimeout(flush, kApplyMs);
      }),
      onLive('removed', (gone) => gone.uid === uid && setRemoved(true)),
      onLive('reset', () => {
        loaded.reload();
        beats.reload();
        setHeard((n) => n + 1);
      }),
    ];
    return () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }, [uid]);
  useEffect(() => {
    setRemoved(false);
    lastSlot.current = '';
  }, [id]);
  return { ...loaded, removed, beats, heard, take };
}
