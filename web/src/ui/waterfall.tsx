// The waterfall of one attempt: a row a phase with its start, length and time; limits as lines, yesterday's medians as ghosts, the phase that
// failed hatched, those not reached in words. The same numbers stand in the rows as text, so nothing is only drawn.
import type { Phase, PhaseTimes } from '../api/types';
import { formatMicros } from '../i18n/format';
import { defineWords } from '../i18n/words';

const words = defineWords({
  en: { dns: 'DNS', connect: 'Connect', tls: 'TLS', data: 'Data', not_reached: 'not reached', not_used: 'not used', failed_here: 'failed here', label: 'Phases of the check', total: 'Response time', running: 'running' },
  ru: { dns: 'DNS', connect: 'Соединение', tls: 'TLS', data: 'Данные', not_reached: 'не дошло', not_used: 'не нужна', failed_here: 'сбой здесь', label: 'Этапы проверки', total: 'Время ответа', running: 'идёт' },
  ja: { dns: 'DNS', connect: '接続', tls: 'TLS', data: 'データ', not_reached: '未到達', not_used: '不使用', failed_here: 'ここで失敗', label: 'チェックの段階', total: '応答時間', running: '実行中' },
});
export const phaseWord = (phase: Phase): string => words.t(phase);

export const phases: readonly Phase[] = ['dns', 'connect', 'tls', 'data'];

interface Props {
  times: PhaseTimes;
  totalUs?: number | null;
  failedPhase?: Phase | null;
  running?: Phase | null; // live: the phase that is under way
  medians?: PhaseTimes | null;
  limits?: { us: number; label: string }[];
  offsets?: boolean; // say when each phase began
}

export function Waterfall({ times, totalUs, failedPhase = null, running = null, medians = null, limits = [], offsets = false }: Props) {
  let start = 0;
  const rows = phases.map((phase) => {
    const took = times[`${phase}_us`];
    const row = { phase, start, took };
    start += took ?? 0;
    return row;
  });
  const ghostEnds = rows.map(({ phase, start: from, took }) => (took === null ? 0 : from + (medians?.[`${phase}_us`] ?? 0)));
  // A usual time of many times this one's ends at the edge: what was measured must stay visible.
  const whole = Math.max(start, totalUs ?? 0, ...ghostEnds.filter((end) => end < start * 4), ...limits.filter((one) => one.us < start * 4).map((one) => one.us), 1);
  const failedAt = failedPhase ? phases.indexOf(failedPhase) : phases.length;
  const percent = (us: number) => `${Math.min(100, (us / whole) * 100)}%`;
  return (
    <div class="waterfall" role="table" aria-label={words.t('label')}>
      {rows.map(({ phase, start: from, took }, i) => {
        const ghost = medians?.[`${phase}_us`];
        const said = took !== null ? formatMicros(took) : phase === running ? words.t('running') : i > failedAt ? words.t('not_reached') : running ? '' : words.t('not_used');
        return (
          <div class={`wf-row${took === null ? ' is-absent' : ''}`} role="row" key={phase}>
            <span class="wf-name" role="rowheader">
              {words.t(phase)}
            </span>
            <span class="wf-track" role="presentation">
              {limits.map((one) => one.us <= whole && <span key={one.label} class="wf-limit" title={`${one.label} ${formatMicros(one.us)}`} style={{ left: percent(one.us) }} />)}
              {took !== null && ghost !== null && ghost !== undefined && <span class="wf-ghost" style={{ left: percent(from), width: percent(Math.min(ghost, whole - from)) }} />}
              {took !== null && <span class={`wf-bar phase-${phase}${phase === failedPhase ? ' is-failed' : ''}`} style={{ left: percent(from), width: percent(took) }} />}
              {phase === running && <span class={`wf-bar is-running phase-${phase}`} style={{ left: percent(from), width: `${Math.max(6, 100 - (from / whole) * 100)}%` }} />}
            </span>
            <span class="wf-time num" role="cell">
              {offsets && took !== null && <span class="muted">+{formatMicros(from)} · </span>}
              {said}
              {phase === failedPhase && <em> {words.t('failed_here')}</em>}
            </span>
          </div>
        );
      })}
      {totalUs !== undefined && totalUs !== null && (
        <div class="wf-row wf-total" role="row">
          <span class="wf-name" role="rowheader">
            {words.t('total')}
          </span>
          <span class="wf-track" role="presentation" />
          <span class="wf-time num" role="cell">
            {formatMicros(totalUs)}
          </span>
        </div>
      )}
    </div>
  );
}
