// The heartbeat bar: one mark for each of the newest checks, newest at the right. Its height is the latency, its shape and colour the verdict:
// passed a bar, degraded a bar with a cap apart, failed full height with a gap, unknown hollow, no check a dash. At most six paths a bar,
// however many beats, so that a full list stays light.
import { useState } from 'preact/hooks';
import type { Beat } from '../api/types';
import { formatMicros, formatTime } from '../i18n/format';
import { stateOfVerdict, stateWord } from './state';
import { ui } from './words';

const kHeight = 26;
const kStep = 6;
const kWidth = 4;

// Beats by place: the newest at the end, every beat a place of its own; intervals that passed without a check are empty places. A check
// asked for by hand comes between two slots and takes the next place.
export function placed(beats: readonly Beat[], count: number, intervalS: number): (Beat | null)[] {
  const places = new Array<Beat | null>(count).fill(null);
  let at = count - 1;
  for (let i = beats.length - 1; i >= 0 && at >= 0; i -= 1) {
    const beat = beats[i]!;
    places[at] = beat;
    const before = beats[i - 1];
    if (before) at -= Math.max(1, Math.round((Date.parse(beat.slot) - Date.parse(before.slot)) / 1000 / Math.max(1, intervalS)));
  }
  return places;
}

type Paths = Record<'up' | 'degraded' | 'down' | 'unknown' | 'none', string>;
export function beatPaths(places: readonly (Beat | null)[]): Paths {
  const paths: Paths = { up: '', degraded: '', down: '', unknown: '', none: '' };
  let most = 1;
  for (const beat of places) if (beat && beat.verdict !== 'failed') most = Math.max(most, beat.response_time_us ?? 0);
  const bar = (x: number, top: number, bottom: number) => `M${x} ${top}h${kWidth}V${bottom}h-${kWidth}z`;
  places.forEach((beat, i) => {
    const x = i * kStep + 1;
    if (!beat) {
      paths.none += bar(x, kHeight - 2, kHeight);
      return;
    }
    // Square root: differences among fast answers stay visible beside one slow one.
    const size = Math.round(5 + 15 * Math.sqrt((beat.response_time_us ?? 0) / most));
    const state = stateOfVerdict(beat.verdict);
    if (state === 'up') paths.up += bar(x, kHeight - size, kHeight);
    else if (state === 'degraded') paths.degraded += bar(x, kHeight - size, kHeight) + bar(x, kHeight - size - 5, kHeight - size - 2);
    else if (state === 'down') paths.down += bar(x, 0, 10) + bar(x, 14, kHeight);
    else paths.unknown += `M${x + 0.5} 8.5h${kWidth - 1}V${kHeight - 0.5}h-${kWidth - 1}z`;
  });
  return paths;
}

export function beatsLabel(beats: readonly Beat[]): string {
  const counts = { up: 0, degraded: 0, down: 0, unknown: 0 };
  for (const beat of beats) counts[stateOfVerdict(beat.verdict)] += 1;
  const parts = (Object.keys(counts) as (keyof typeof counts)[]).filter((state) => counts[state] > 0).map((state) => `${counts[state]} ${stateWord(state).toLowerCase()}`);
  return `${ui.t('beats')}: ${[ui.t('beats_checks', { n: beats.length }), ...parts].join(', ')}`;
}

export function beatText(beat: Beat | null | undefined): string {
  if (!beat) return ui.t('no_data');
  const latency = beat.error && beat.response_time_us === null ? beat.error : beat.error ? `${beat.error}, ${formatMicros(beat.response_time_us)}` : formatMicros(beat.response_time_us);
  return ui.t('beat_at', { time: formatTime(beat.slot), state: stateWord(stateOfVerdict(beat.verdict)), latency });
}

interface Props {
  beats: readonly Beat[];
  intervalS: number;
  count?: number;
  cursor?: number; // the place that is pointed at, from the left
}
export function HeartbeatBar({ beats, intervalS, count = 30, cursor = -1 }: Props) {
  const paths = beatPaths(placed(beats, count, intervalS));
  return (
    <svg class="beats" viewBox={`0 0 ${count * kStep} ${kHeight}`} preserveAspectRatio="none" role="img" aria-label={beatsLabel(beats)}>
      {paths.none && <path class="b-none" d={paths.none} />}
      {paths.up && <path class="b-up" d={paths.up} />}
      {paths.degraded && <path class="b-degraded" d={paths.degraded} />}
      {paths.down && <path class="b-down" d={paths.down} />}
      {paths.unknown && <path class="b-unknown" d={paths.unknown} vector-effect="non-scaling-stroke" />}
      {cursor >= 0 && <path class="b-cursor" d={`M${cursor * kStep} -2h${kStep}v${kHeight + 4}h-${kStep}z`} vector-effect="non-scaling-stroke" />}
    </svg>
  );
}

// The bar by itself, with its own focus: arrows walk along the checks and what they say is read out. For lists, the row has the focus instead.
export function HeartbeatHistory({ beats, count = 30, intervalS, onOpen }: { beats: readonly Beat[]; count?: number; intervalS: number; onOpen?: (beat: Beat) => void }) {
  const [cursor, setCursor] = useState(-1);
  const places = placed(beats, count, intervalS);
  const at = cursor < 0 ? count - 1 : cursor;
  const move = (event: KeyboardEvent) => {
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: count - 1 }[event.key];
    if (event.key === 'Enter' && places[at]) onOpen?.(places[at]);
    if (next === undefined) return;
    event.preventDefault();
    setCursor(Math.max(0, Math.min(count - 1, next)));
  };
  const point = (event: PointerEvent) => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    setCursor(Math.max(0, Math.min(count - 1, Math.floor(((event.clientX - box.left) / box.width) * count))));
  };
  return (
    <div class="beat-history">
      <div role="slider" tabIndex={0} aria-label={beatsLabel(beats)} aria-readonly="true" aria-valuemin={1} aria-valuemax={count} aria-valuenow={at + 1} aria-valuetext={beatText(places[at])}
        onKeyDown={move} onPointerMove={point} onPointerLeave={() => setCursor(-1)} onBlur={() => setCursor(-1)} onClick={() => places[at] && onOpen?.(places[at])}>
        <HeartbeatBar beats={beats} intervalS={intervalS} count={count} cursor={cursor} />
      </div>
      <p class="beat-text muted">{cursor >= 0 ? beatText(places[at]) : ' '}</p>
    </div>
  );
}
