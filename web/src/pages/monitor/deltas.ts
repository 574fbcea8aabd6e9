// The figures of a period beside those of the equal period before it. A delta carries a sign and a word: what is more is not always better.
import type { Stats } from '../../api/types';

export type FigureName = 'availability' | 'downtime' | 'incidents' | 'mttr' | 'p50' | 'p95' | 'p99';
export type Word = 'better' | 'worse' | 'same' | 'nothing_before';
export interface Figure {
  name: FigureName;
  now: number | null; // availability 0..1, downtime and mttr in s, incidents a count, percentiles in us
  change: number | null; // now - before
  word: Word;
}

const valueOf: Record<FigureName, (stats: Stats) => number | null> = {
  availability: (s) => s.availability,
  downtime: (s) => (s.runs === 0 ? null : s.downtime_s),
  incidents: (s) => (s.runs === 0 && s.incidents === 0 ? null : s.incidents),
  mttr: (s) => s.mttr_s,
  p50: (s) => s.p50_us,
  p95: (s) => s.p95_us,
  p99: (s) => s.p99_us,
};
export const figureNames = Object.keys(valueOf) as FigureName[];

// Changes below these are noise and read "same": a hundredth of a per cent, a twentieth of a latency.
const isNoise = (name: FigureName, now: number, before: number): boolean => {
  const size = Math.abs(now - before);
  if (name === 'availability') return size < 0.000_05;
  if (name === 'p50' || name === 'p95' || name === 'p99') return size < Math.max(before * 0.05, 50);
  return size < 0.5;
};

export function figuresOf(now: Stats, before: Stats): Figure[] {
  return figureNames.map((name) => {
    const value = valueOf[name](now);
    const old = valueOf[name](before);
    if (value === null || old === null) return { name, now: value, change: null, word: 'nothing_before' };
    const change = value - old;
    if (isNoise(name, value, old)) return { name, now: value, change, word: 'same' };
    const good = name === 'availability' ? change > 0 : change < 0;
    return { name, now: value, change, word: good ? 'better' : 'worse' };
  });
}
