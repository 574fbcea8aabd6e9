// The figures of the period, each with what became of it since the period before.
import type { MonitorStats } from '../../api/types';
import { formatDuration, formatMicros, formatNumber, formatPercent } from '../../i18n/format';
import { figuresOf, type Figure } from './deltas';
import { words } from './words';

function shown(one: Figure, value: number): string {
  switch (one.name) {
    case 'availability': return formatPercent(value);
    case 'incidents': return formatNumber(value);
    case 'downtime':
    case 'mttr': return formatDuration(value * 1000);
    default: return formatMicros(value);
  }
}
function changed(one: Figure): string {
  const size = Math.abs(one.change ?? 0);
  const text = one.name === 'availability' ? words.t('points', { change: formatNumber(Math.round(size * 10_000) / 100) }) : shown(one, size);
  return `${one.change! < 0 ? '−' : '+'}${text}`;
}
const tone = { better: 'is-up', worse: 'is-down', same: '', nothing_before: '' } as const;

export function Figures({ stats }: { stats: MonitorStats }) {
  const range = words.t(`range_${stats.range}`);
  return (
    <dl class="mo-figures" aria-label={words.t('figures', { range })}>
      {figuresOf(stats.now, stats.before).map((one) => (
        <div key={one.name} class="panel">
          <dt>{words.t(one.name)}</dt>
          <dd class="mo-figure num">{one.now === null ? '–' : shown(one, one.now)}</dd>
          <dd class={`mo-delta num ${tone[one.word]}`}>
            {(one.word === 'better' || one.word === 'worse') && <b>{changed(one)}</b>} {words.t(one.word)}
          </dd>
        </div>
      ))}
    </dl>
  );
}
