// The latency chart on a canvas, by uPlot. A chunk of its own: it loads when the first chart is drawn.
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatMicros } from '../../i18n/format';
import { locale } from '../../i18n/language';
import { lonely, valueRange, type LatencyData } from './chart-data';

export interface PlotInput {
  data: LatencyData;
  log: boolean;
  from: number; // s
  to: number;
}

const kHeight = 240;
const kAxis = 62; // px; the charts below leave the same room, so that one moment stands in one line
const kTick = 9;
const kLabel = 44; // width of "20:00" and of "21 Nov"

function colours(box: Element): (name: string) => string {
  const style = getComputedStyle(box);
  return (name) => style.getPropertyValue(`--${name}`).trim();
}

// A label at the right edge would be cut; the charts below stand in line with this one, so there is no room to give it.
function withinEdge(plot: uPlot, splits: number[]): (number | null)[] {
  const edge = plot.bbox.width / devicePixelRatio - kLabel / 2;
  return splits.map((one) => (plot.valToPos(one, 'x') > edge ? null : one));
}

function timeTicks(splits: (number | null)[], step: number): string[] {
  const time = new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit' });
  const day = new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'short' });
  return splits.map((s) => {
    if (s === null) return '';
    const at = new Date(s * 1000);
    return step >= 86_400 || (at.getHours() === 0 && at.getMinutes() === 0) ? day.format(at) : time.format(at);
  });
}

export class LatencyPlot {
  private plot: uPlot;
  private readonly watcher: ResizeObserver;
  private quiet = false;

  constructor(
    private readonly box: HTMLElement,
    private readonly input: PlotInput,
    private readonly onCursor: (at: number) => void,
  ) {
    this.plot = new uPlot(this.options(), this.values(), box);
    this.watcher = new ResizeObserver(() => {
      if (box.clientWidth > 0 && box.clientWidth !== this.plot.width) this.plot.setSize({ width: box.clientWidth, height: kHeight });
    });
    this.watcher.observe(box);
  }

  destroy(): void {
    this.watcher.disconnect();
    this.plot.destroy();
  }

  cursor(at: number): void {
    this.quiet = true;
    const x = this.input.data.x[at];
    const left = at < 0 || x === undefined ? -10 : this.plot.valToPos(x, 'x');
    this.plot.setCursor({ left, top: at < 0 ? -10 : 0 }, false);
    this.quiet = false;
  }

  private values(): uPlot.AlignedData {
    const { data, log } = this.input;
    // A log axis has no place for zero.
    const fit = (values: (number | null)[]) => (log ? values.map((one) => (one !== null && one > 0 ? one : null)) : values);
    return [data.x, fit(data.p50), fit(data.p95), fit(data.p99), fit(data.max)];
  }

  private options(): uPlot.Options {
    const { data, log, from, to } = this.input;
    const colour = colours(this.box);
    const font = `12px ${getComputedStyle(this.box).fontFamily}`;
    const line = (label: string, stroke: string, width: number, dash?: number[]): uPlot.Series => ({
      label, stroke, width, ...(dash ? { dash } : {}), spanGaps: false,
      points: { show: true, size: 6, fill: stroke, stroke, filter: (plot, series) => lonely(plot.data[series] as (number | null)[]) },
    });
    return {
      width: Math.max(200, this.box.clientWidth), height: kHeight, padding: [10, 2, 0, 0],
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, y: false, points: { size: 7 } },
      scales: {
        x: { time: true, range: () => [from, to] },
        y: { distr: log ? 3 : 1, range: () => valueRange([...data.p50, ...data.p95, ...data.p99, ...data.max], log) },
      },
      axes: [
        { stroke: colour('ink-2'), font, grid: { show: false }, ticks: { stroke: colour('line'), size: 4 }, filter: withinEdge, values: (_, splits, _axis, _space, step) => timeTicks(splits, step) },
        { stroke: colour('ink-2'), font, size: kAxis, grid: { stroke: colour('line'), width: 1 }, ticks: { show: false }, values: (_, splits) => splits.map((ms) => (ms === null ? '' : formatMicros(ms * 1000))) },
      ],
      series: [
        {},
        line('p50', colour('accent'), 2.2),
        line('p95', colour('phase-connect'), 1.6, [7, 4]),
        line('p99', colour('unknown-fill'), 1.6, [2, 3]),
        { label: 'max', stroke: colour('degraded-fill'), paths: () => null, points: { show: true, size: 4, fill: colour('degraded-fill'), stroke: colour('degraded-fill') } },
      ],
      hooks: {
        draw: [(plot) => this.drawFailed(plot, colour('down-fill'))],
        setCursor: [(plot) => {
          if (!this.quiet) this.onCursor(plot.cursor.idx ?? -1);
        }],
      },
    };
  }

  // Where checks failed there is a tick on the axis: a failed check has no latency to draw.
  private drawFailed(plot: uPlot, fill: string): void {
    const { ctx, bbox } = plot;
    const dots = devicePixelRatio;
    ctx.save();
    ctx.fillStyle = fill;
    this.input.data.x.forEach((x, i) => {
      if (!this.input.data.failed[i]) return;
      const at = Math.round(plot.valToPos(x, 'x', true));
      ctx.fillRect(at - dots, bbox.top + bbox.height - kTick * dots, 3 * dots, kTick * dots);
    });
    ctx.restore();
  }
}
