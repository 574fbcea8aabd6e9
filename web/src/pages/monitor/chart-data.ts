// What the charts draw, from the buckets of the statistics: an even row of buckets in which a gap is a gap, groups for the bars, scales.
import type { MonitorStats, Phase, PhaseTimes, StatsBucket } from '../../api/types';
import { phases } from '../../ui/waterfall';

export interface Slot {
  start: number; // ms
  bucket: StatsBucket | null; // null: nothing was checked
}

const kMost = 2000;

// The server leaves out buckets without checks; a line must not run across them.
export function evenSlots(stats: Pick<MonitorStats, 'from' | 'to' | 'bucket_s' | 'buckets'>): Slot[] {
  const step = Math.max(1, stats.bucket_s) * 1000;
  const first = stats.buckets[0];
  // Buckets may lie on a grid that `from` is not on.
  const shift = first ? ((Date.parse(first.start) % step) + step) % step : 0;
  const from = Math.floor((Date.parse(stats.from) - shift) / step) * step + shift;
  const to = Date.parse(stats.to);
  const known = new Map(stats.buckets.map((one) => [Date.parse(one.start), one]));
  const slots: Slot[] = [];
  for (let at = from; at < to && slots.length < kMost; at += step) {
    const bucket = known.get(at) ?? null;
    slots.push({ start: at, bucket: bucket && runsOf(bucket) > 0 ? bucket : null });
  }
  return slots;
}

export const runsOf = (one: StatsBucket): number => one.passed + one.degraded + one.failed + one.unknown;

export interface LatencyData {
  x: number[]; // s, the middle of each bucket: below, columns stand for the same time
  p50: (number | null)[]; // ms
  p95: (number | null)[];
  p99: (number | null)[];
  max: (number | null)[];
  failed: number[];
}
export function latencyData(slots: readonly Slot[], stepMs: number): LatencyData {
  const ms = (us: number | null | undefined) => (us === null || us === undefined ? null : us / 1000);
  const of = (name: 'p50_us' | 'p95_us' | 'p99_us' | 'max_us') => slots.map((slot) => ms(slot.bucket?.[name]));
  return { x: slots.map((slot) => (slot.start + stepMs / 2) / 1000), p50: of('p50_us'), p95: of('p95_us'), p99: of('p99_us'), max: of('max_us'), failed: slots.map((slot) => slot.bucket?.failed ?? 0) };
}

// Points without a neighbour: a line shows nothing of them, so they are drawn as dots.
export function lonely(values: readonly (number | null | undefined)[]): number[] {
  const there = (i: number) => values[i] !== null && values[i] !== undefined;
  return values.flatMap((_, i) => (there(i) && !there(i - 1) && !there(i + 1) ? [i] : []));
}

// The y axis: from nothing to a little above the most; on a log axis whole powers of ten around the values. One value gets room, too.
export function valueRange(values: readonly (number | null)[], log: boolean): [number, number] {
  let least = Infinity;
  let most = 0;
  for (const value of values) {
    if (value === null || value <= 0) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (most === 0) return log ? [0.1, 10] : [0, 1];
  if (!log) return [0, most * 1.08];
  const low = 10 ** Math.floor(Math.log10(least));
  const high = 10 ** Math.ceil(Math.log10(most));
  return [low, high > low ? high : low * 10];
}

export function meanTotal(mean: PhaseTimes, shown: readonly Phase[] = phases): number {
  return shown.reduce((sum, phase) => sum + (mean[`${phase}_us`] ?? 0), 0);
}

// One path a phase: columns stacked on each other. Widths and heights in the units of a box of slots.length by `height`.
export function stackPaths(slots: readonly Slot[], shown: readonly Phase[], height: number): { most: number; paths: Record<Phase, string> } {
  const most = Math.max(1, ...slots.map((slot) => (slot.bucket ? meanTotal(slot.bucket.mean, shown) : 0)));
  const paths: Record<Phase, string> = { dns: '', connect: '', tls: '', data: '' };
  const round = (n: number) => Math.round(n * 100) / 100;
  slots.forEach((slot, x) => {
    let below = height;
    for (const phase of slot.bucket ? shown : []) {
      const size = ((slot.bucket!.mean[`${phase}_us`] ?? 0) / most) * height;
      if (size <= 0) continue;
      paths[phase] += `M${x} ${round(below)}h1V${round(below - size)}h-1z`;
      below -= size;
    }
  });
  return { most, paths };
}

export interface Bar {
  from: number; // ms
  to: number;
  passed: number;
  degraded: number;
  failed: number;
  unknown: number;
  availability: number | null;
  tone: 'up' | 'degraded' | 'down' | 'unknown' | 'none';
}
// Slots gathered into at most `most` bars of equal length.
export function availabilityBars(slots: readonly Slot[], stepMs: number, most: number): Bar[] {
  const each = Math.max(1, Math.ceil(slots.length / most));
  const bars: Bar[] = [];
  for (let i = 0; i < slots.length; i += each) {
    const lot = slots.slice(i, i + each);
    const sum = (name: 'passed' | 'degraded' | 'failed' | 'unknown') => lot.reduce((n, slot) => n + (slot.bucket?.[name] ?? 0), 0);
    const bar = { passed: sum('passed'), degraded: sum('degraded'), failed: sum('failed'), unknown: sum('unknown') };
    const known = bar.passed + bar.degraded + bar.failed;
    const tone = known === 0 ? (bar.unknown > 0 ? 'unknown' : 'none') : bar.failed > 0 ? 'down' : bar.degraded > 0 ? 'degraded' : 'up';
    bars.push({ from: lot[0]!.start, to: lot.at(-1)!.start + stepMs, ...bar, availability: known === 0 ? null : (known - bar.failed) / known, tone });
  }
  return bars;
}
