// The charts of a period. They share one cursor: a place along the time axis, moved by pointer or arrow keys, and each says in words what
// stands there.
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { formatDateTime, formatMicros, formatNumber, formatPercent } from '../../i18n/format';
import { phases, phaseWord } from '../../ui/waterfall';
import { availabilityBars, meanTotal, stackPaths, type Slot } from './chart-data';
import { words } from './words';

export interface Cursor {
  at: number; // index of a slot; -1: nowhere
  move: (at: number) => void;
}

interface FrameProps {
  label: string;
  said: string;
  count: number;
  step?: number;
  cursor: Cursor;
  onEnter?: () => void;
  // A chart that follows the pointer by itself.
  ownPointer?: boolean;
  axis?: ComponentChildren;
  children: ComponentChildren;
}

export function ChartFrame({ label, said, count, step = 1, cursor, onEnter, ownPointer = false, axis, children }: FrameProps) {
  const at = cursor.at < 0 ? count - 1 : Math.min(cursor.at, count - 1);
  const onKeyDown = (event: KeyboardEvent) => {
    const big = Math.max(step, Math.round(count / 10));
    const next = { ArrowLeft: at - step, ArrowRight: at + step, PageUp: at + big, PageDown: at - big, Home: 0, End: count - 1 }[event.key];
    if (event.key === 'Enter' && onEnter) onEnter();
    if (event.key === 'Escape') cursor.move(-1);
    if (next === undefined) return;
    event.preventDefault();
    cursor.move(Math.max(0, Math.min(count - 1, next)));
  };
  const point = (event: PointerEvent) => {
    const box = (event.currentTarget as Element).querySelector('svg')?.getBoundingClientRect();
    if (box) cursor.move(Math.max(0, Math.min(count - 1, Math.floor(((event.clientX - box.left) / box.width) * count))));
  };
  return (
    <div class="mo-chart">
      <div class="mo-plot" role="slider" tabIndex={0} aria-label={label} aria-readonly="true" aria-valuemin={1} aria-valuemax={count} aria-valuenow={at + 1} aria-valuetext={said}
        onKeyDown={onKeyDown} onBlur={() => cursor.move(-1)} onClick={onEnter} {...(ownPointer ? {} : { onPointerMove: point, onPointerLeave: () => cursor.move(-1) })}>
        {axis}
        {children}
      </div>
      <p class="mo-said muted num">{cursor.at >= 0 ? said : ' '}</p>
    </div>
  );
}

const hair = (x: number, height: number, width = 1) => <path class="mo-hair" d={`M${x} 0h${width}V${height}h-${width}z`} />;

function latencySaid(slot: Slot | undefined): string {
  if (!slot) return '';
  const time = formatDateTime(slot.start);
  const one = slot.bucket;
  if (!one) return words.t('at_nothing', { time });
  return words.t('at_latency', { time, p50: formatMicros(one.p50_us), p95: formatMicros(one.p95_us), p99: formatMicros(one.p99_us), max: formatMicros(one.max_us), failed: one.failed });
}
export const saidAt = (slots: readonly Slot[], at: number): string => latencySaid(slots[at < 0 ? slots.length - 1 : Math.min(at, slots.length - 1)]);

const kStackHeight = 100;
export function PhaseStack({ slots, cursor }: { slots: readonly Slot[]; cursor: Cursor }) {
  const used = useMemo(() => phases.filter((phase) => slots.some((slot) => slot.bucket && slot.bucket.mean[`${phase}_us`] !== null)), [slots]);
  const { most, paths } = useMemo(() => stackPaths(slots, used, kStackHeight), [slots, used]);
  if (used.length === 0) return <p class="mo-none muted">{words.t('no_phases')}</p>;
  const slot = slots[cursor.at < 0 ? slots.length - 1 : Math.min(cursor.at, slots.length - 1)];
  const time = slot ? formatDateTime(slot.start) : '';
  const said = slot?.bucket
    ? words.t('at_phases', { time, phases: used.map((phase) => `${phaseWord(phase)} ${formatMicros(slot.bucket!.mean[`${phase}_us`])}`).join(', '), total: formatMicros(meanTotal(slot.bucket.mean)) })
    : words.t('at_nothing', { time });
  return (
    <>
      <ul class="mo-legend">
        {used.map((phase) => (
          <li key={phase}>
            <span class={`mo-swatch phase-${phase}`} />
            {phaseWord(phase)}
          </li>
        ))}
      </ul>
      <ChartFrame label={words.t('chart_phases')} said={said} count={slots.length} cursor={cursor}
        axis={<span class="mo-axis" aria-hidden="true"><span>{formatMicros(most)}</span><span>0</span></span>}>
        <svg class="mo-stack" viewBox={`0 0 ${slots.length} ${kStackHeight}`} preserveAspectRatio="none" aria-hidden="true">
          {used.map((phase) => paths[phase] && <path key={phase} class={`mo-fill-${phase}`} d={paths[phase]} />)}
          {cursor.at >= 0 && hair(cursor.at, kStackHeight)}
        </svg>
      </ChartFrame>
    </>
  );
}

const kBarHeight = 40;
export function AvailabilityBars({ slots, stepMs, most, cursor, onOpen }: { slots: readonly Slot[]; stepMs: number; most: number; cursor: Cursor; onOpen: (from: number, to: number) => void }) {
  const bars = useMemo(() => availabilityBars(slots, stepMs, most), [slots, stepMs, most]);
  const each = Math.max(1, Math.ceil(slots.length / most));
  const at = cursor.at < 0 ? bars.length - 1 : Math.min(bars.length - 1, Math.floor(cursor.at / each));
  const bar = bars[at];
  const paths = { up: '', degraded: '', down: '', unknown: '', none: '' };
  bars.forEach((one, x) => {
    const column = (top: number, bottom: number) => `M${x + 0.12} ${top}h.76V${bottom}h-.76z`;
    if (one.tone === 'down') {
      // The red part is as tall as the share that failed, and never too small to see.
      const edge = Math.round(Math.max(8, kBarHeight * (1 - (one.availability ?? 0))));
      paths.down += column(0, edge);
      if (edge < kBarHeight - 3) paths.up += column(edge + 3, kBarHeight);
    } else if (one.tone === 'degraded') paths.degraded += column(0, 7) + column(10, kBarHeight);
    else if (one.tone === 'none') paths.none += column(kBarHeight - 2, kBarHeight);
    else paths[one.tone] += column(0, kBarHeight);
  });
  const said = bar
    ? bar.tone === 'none'
      ? words.t('at_nothing', { time: formatDateTime(bar.from) })
      : words.t('at_bar', { from: formatDateTime(bar.from), to: formatDateTime(bar.to), availability: bar.availability === null ? '–' : formatPercent(bar.availability), passed: formatNumber(bar.passed), degraded: formatNumber(bar.degraded), failed: formatNumber(bar.failed), unknown: formatNumber(bar.unknown) })
    : '';
  return (
    <ChartFrame label={words.t('chart_bars')} said={said} count={slots.length} step={each} cursor={cursor} onEnter={() => bar && onOpen(bar.from, bar.to)}>
      <svg class="beats mo-bars" viewBox={`0 0 ${slots.length / each} ${kBarHeight}`} preserveAspectRatio="none" aria-hidden="true">
        {(Object.keys(paths) as (keyof typeof paths)[]).map((tone) => paths[tone] && <path key={tone} class={`b-${tone}`} d={paths[tone]} vector-effect="non-scaling-stroke" />)}
        {cursor.at >= 0 && hair(at, kBarHeight)}
      </svg>
    </ChartFrame>
  );
}
