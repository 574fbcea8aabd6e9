// The latency chart: percentiles as lines, maxima as dots, failures as ticks on the axis.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { asProblem, type ApiProblem } from '../../api/problem';
import { language } from '../../i18n/language';
import { shownTheme } from '../../store/theme';
import { ProblemPanel } from '../../ui/problem';
import { latencyData, type Slot } from './chart-data';
import { ChartFrame, saidAt, type Cursor } from './charts';
import type { LatencyPlot } from './latency-plot';
import { words } from './words';

type PlotModule = typeof import('./latency-plot');

interface Props {
  slots: readonly Slot[];
  stepMs: number;
  from: number;
  to: number;
  log: boolean;
  cursor: Cursor;
}
export function LatencyChart({ slots, stepMs, from, to, log, cursor }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<LatencyPlot | null>(null);
  const [module, setModule] = useState<PlotModule | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [tries, setTries] = useState(0);
  const scheme = shownTheme.value; // colours are read once when a plot is made: a change of theme makes a new one
  const data = useMemo(() => latencyData(slots, stepMs), [slots, stepMs]);
  const move = useRef(cursor.move);
  move.current = cursor.move;
  useEffect(() => {
    let mine = true;
    setProblem(null);
    import('./latency-plot').then((loaded) => mine && setModule(loaded), (error: unknown) => mine && setProblem(asProblem(error)));
    return () => void (mine = false);
  }, [tries]);
  useEffect(() => {
    if (!module || !box.current) return;
    const own = new module.LatencyPlot(box.current, { data, log, from: from / 1000, to: to / 1000 }, (at) => move.current(at));
    plot.current = own;
    return () => {
      own.destroy();
      plot.current = null;
    };
  }, [module, data, log, from, to, scheme, language.value]);
  useEffect(() => plot.current?.cursor(cursor.at), [cursor.at, module, data]);
  if (problem) return <ProblemPanel problem={problem} retry={() => setTries((n) => n + 1)} />;
  const answered = data.max.some((one) => one !== null) || data.p50.some((one) => one !== null);
  return (
    <>
      <ul class="mo-legend">
        <li><span class="mo-line is-p50" />{words.t('p50')}</li>
        <li><span class="mo-line is-p95" />{words.t('p95')}</li>
        <li><span class="mo-line is-p99" />{words.t('p99')}</li>
        <li><span class="mo-dot" />{words.t('legend_max')}</li>
        <li><span class="mo-tick" />{words.t('legend_failed')}</li>
      </ul>
      <ChartFrame label={words.t('chart_latency')} said={saidAt(slots, cursor.at)} count={slots.length} cursor={cursor} ownPointer>
        <div class="mo-canvas" ref={box} />
        {!answered && <p class="mo-over muted">{words.t('no_latency')}</p>}
      </ChartFrame>
    </>
  );
}
