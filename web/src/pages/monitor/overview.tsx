// The first tab: figures, the newest checks, and the charts of the period, or the same as a table.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { getStats, listResults } from '../../api/calls';
import type { Beat, MonitorDetail, MonitorStats, StatsRange } from '../../api/types';
import { formatDateTime, formatDuration, formatMicros, formatNumber, formatPercent } from '../../i18n/format';
import { go, href, path, place, setQuery } from '../../router/router';
import { nowMs } from '../../store/clock';
import { useLoaded, type Loaded } from '../../store/loaded';
import { Button } from '../../ui/button';
import { Empty } from '../../ui/empty';
import { HeartbeatHistory } from '../../ui/heartbeats';
import { ProblemPanel, toastProblem } from '../../ui/problem';
import { phases, phaseWord } from '../../ui/waterfall';
import { monitorPath } from './actions';
import { evenSlots, runsOf, type Slot } from './chart-data';
import { AvailabilityBars, PhaseStack } from './charts';
import { Figures } from './figures';
import { countdown } from './header';
import { LatencyChart } from './latency';
import { words } from './words';

export const ranges: readonly StatsRange[] = ['1h', '6h', '24h', '7d', '30d', '90d'];
const kSoon = 10_000; // short periods are read again this often at most, when results come in
const kLater = 60_000;
const kStoreTries = 4;
const kStoreMs = 500;

export function rangeOf(text: string | null): StatsRange {
  return ranges.find((one) => one === text) ?? '24h';
}
const small = matchMedia('(max-width: 639px)');

// The statistics of the period; they follow the results, but not each of them.
function useStats(uid: string, range: StatsRange, heard: number): Loaded<MonitorStats> {
  const stats = useLoaded(`${uid} ${range}`, (signal) => getStats(uid, range, signal), (key, before) => key.split(' ')[0] === before.split(' ')[0]);
  const readAt = useRef(0);
  useEffect(() => void (readAt.current = Date.now()), [stats.data]);
  useEffect(() => {
    if (heard === 0) return;
    const wait = range === '1h' || range === '6h' ? kSoon : kLater;
    const timer = setTimeout(stats.reload, Math.max(500, readAt.current + wait - Date.now()));
    return () => clearTimeout(timer);
  }, [heard, range]);
  return stats;
}

export async function openBeat(monitor: MonitorDetail, beat: Beat): Promise<void> {
  const at = Date.parse(beat.slot);
  const wide = monitor.interval_s * 1000;
  const around = { from: new Date(at - wide).toISOString(), to: new Date(at + 2 * wide).toISOString() };
  const here = path.peek();
  try {
    // The newest is told before it is stored, a second later at most.
    for (let tries = 0; tries < kStoreTries; tries += 1) {
      if (tries > 0) await new Promise((resolve) => setTimeout(resolve, kStoreMs));
      const page = await listResults(monitor.uid, { ...around, attempts: 'final', limit: 20 });
      if (path.peek() !== here) return;
      const found = page.data.find((one) => one.slot === beat.slot);
      if (found) return go(`${monitorPath(monitor.id)}/results/${encodeURIComponent(found.id)}`);
    }
    go(href(monitorPath(monitor.id), { tab: 'results', ...around }));
  } catch (error) {
    toastProblem(error);
  }
}

function RangeChoice({ range }: { range: StatsRange }) {
  return (
    <div class="mo-ranges" role="group" aria-label={words.t('range')}>
      {ranges.map((one) => (
        <button key={one} type="button" class="button" aria-pressed={one === range} onClick={() => setQuery({ range: one === '24h' ? undefined : one }, { push: true })}>
          {words.t(`range_${one}`)}
        </button>
      ))}
    </div>
  );
}

function StatsTable({ stats, slots }: { stats: MonitorStats; slots: readonly Slot[] }) {
  const rows = slots.filter((slot) => slot.bucket).reverse();
  return (
    <div class="scroll-x panel" tabIndex={0} role="region" aria-label={words.t('table_caption', { step: formatDuration(stats.bucket_s * 1000) })}>
      <table class="table num">
        <caption class="visually-hidden">{words.t('table_caption', { step: formatDuration(stats.bucket_s * 1000) })}</caption>
        <thead>
          <tr>
            <th scope="col">{words.t('time')}</th>
            {(['checks', 'availability', 'p50', 'p95', 'p99', 'max'] as const).map((name) => (
              <th key={name} scope="col" class="end">{words.t(name)}</th>
            ))}
            {phases.map((phase) => (
              <th key={phase} scope="col" class="end">{phaseWord(phase)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ start, bucket }) => (
            <tr key={start}>
              <th scope="row">{formatDateTime(start)}</th>
              <td class="end">{formatNumber(runsOf(bucket!))}</td>
              <td class="end">{formatPercent(bucket!.availability)}</td>
              {([bucket!.p50_us, bucket!.p95_us, bucket!.p99_us, bucket!.max_us, ...phases.map((phase) => bucket!.mean[`${phase}_us`])]).map((us, i) => (
                <td key={i} class="end">{formatMicros(us)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Locations({ stats }: { stats: MonitorStats }) {
  if (stats.locations.length < 2) return null;
  return (
    <section class="mo-part">
      <h2>{words.t('locations')}</h2>
      <div class="scroll-x panel" tabIndex={0} role="region" aria-label={words.t('locations')}>
        <table class="table num">
          <thead>
            <tr>
              <th scope="col">{words.t('location')}</th>
              {(['checks', 'availability', 'p50', 'p95', 'p99'] as const).map((name) => (
                <th key={name} scope="col" class="end">{words.t(name)}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {stats.locations.map((one) => (
              <tr key={one.location}>
                <th scope="row">{one.location}</th>
                <td class="end">{formatNumber(one.runs)}</td>
                <td class="end">{formatPercent(one.availability)}</td>
                <td class="end">{formatMicros(one.p50_us)}</td>
                <td class="end">{formatMicros(one.p95_us)}</td>
                <td class="end">{formatMicros(one.p99_us)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Charts({ stats, fresh }: { stats: MonitorStats; fresh: boolean }) {
  const query = place.value.query;
  const log = query.get('scale') === 'log';
  const table = query.get('view') === 'table';
  const slots = useMemo(() => evenSlots(stats), [stats]);
  const [at, move] = useState(-1);
  const cursor = { at, move };
  const stepMs = stats.bucket_s * 1000;
  if (slots.every((slot) => slot.bucket === null)) return <p class="mo-none muted">{words.t('no_results_period')}</p>;
  const open = (from: number, to: number) => setQuery({ tab: 'results', from: new Date(from).toISOString(), to: new Date(to).toISOString(), cursor: undefined }, { push: true });
  return (
    <div class={fresh ? '' : 'mo-dimmed'} aria-busy={!fresh}>
      <div class="mo-part-head">
        <h2 class="grow">{words.t('latency')}</h2>
        {!table && (
          <Button kind="quiet" aria-pressed={log} onClick={() => setQuery({ scale: log ? undefined : 'log' })}>
            {words.t('log_scale')}
          </Button>
        )}
        <Button kind="quiet" icon="overview" onClick={() => setQuery({ view: table ? undefined : 'table' })}>
          {words.t(table ? 'as_charts' : 'as_table')}
        </Button>
      </div>
      {table ? (
        <StatsTable stats={stats} slots={slots} />
      ) : (
        <>
          <LatencyChart slots={slots} stepMs={stepMs} from={slots[0]!.start} to={slots.at(-1)!.start + stepMs} log={log} cursor={cursor} />
          <section class="mo-part">
            <h2>{words.t('bars')}</h2>
            <AvailabilityBars slots={slots} stepMs={stepMs} most={small.matches ? 45 : 90} cursor={cursor} onOpen={open} />
          </section>
          <section class="mo-part">
            <h2>{words.t('phases')}</h2>
            <PhaseStack slots={slots} cursor={cursor} />
          </section>
        </>
      )}
    </div>
  );
}

export function FirstCheck({ nextRun }: { nextRun: string | null }) {
  const left = nextRun ? Date.parse(nextRun) - nowMs.value : null;
  return <Empty title={left === null ? words.t('sentence_pending') : left > 0 ? words.t('first_check_in', { time: countdown(left) }) : words.t('first_check_now')} text={words.t('first_check_text')} />;
}

export function OverviewTab({ monitor, beats, heard }: { monitor: MonitorDetail; beats: Loaded<readonly Beat[]>; heard: number }) {
  const range = rangeOf(place.value.query.get('range'));
  const stats = useStats(monitor.uid, range, heard);
  const count = small.matches ? 50 : 100;
  if (!monitor.last_result && monitor.status === 'pending') return <FirstCheck nextRun={monitor.next_run} />;
  return (
    <>
      <section class="mo-part mo-recent">
        <h2>{words.t('recent')}</h2>
        {beats.data ? <HeartbeatHistory beats={beats.data.slice(-count)} count={count} intervalS={monitor.interval_s} onOpen={(beat) => void openBeat(monitor, beat)} /> : beats.problem ? <ProblemPanel problem={beats.problem} retry={beats.reload} /> : <div class="skeleton mo-beats-skeleton" />}
        <p class="visually-hidden">{words.t('recent_help')}</p>
      </section>
      <RangeChoice range={range} />
      {stats.problem && <ProblemPanel problem={stats.problem} retry={stats.reload} />}
      {stats.data ? (
        <>
          <div class={stats.fresh ? '' : 'mo-dimmed'}>
            <Figures stats={stats.data} />
          </div>
          <Charts stats={stats.data} fresh={stats.fresh} />
          <Locations stats={stats.data} />
        </>
      ) : (
        !stats.problem && (
          <div role="status" aria-label={words.t('latency')} aria-busy="true">
            <div class="skeleton mo-figures-skeleton" />
            <div class="skeleton mo-chart-skeleton" />
          </div>
        )
      )}
    </>
  );
}
