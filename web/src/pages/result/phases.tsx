// The phases of the attempt: as bars with limits and ghosts, or as a table with the same numbers.
import { useState } from 'preact/hooks';
import type { ResultDetail } from '../../api/types';
import { formatMicros } from '../../i18n/format';
import { Button } from '../../ui/button';
import { phases, phaseWord, Waterfall } from '../../ui/waterfall';
import { words } from './words';

export function signedMicros(us: number): string {
  return `${us < 0 ? '−' : '+'}${formatMicros(Math.abs(us))}`;
}

function limitsOf(result: ResultDetail): { us: number; label: string }[] {
  const { degraded_after_us, fail_after_us, timeout_us } = result.limits;
  return [
    ...(degraded_after_us !== null ? [{ us: degraded_after_us, label: words.t('limit_degraded', { time: formatMicros(degraded_after_us) }) }] : []),
    ...(fail_after_us !== null ? [{ us: fail_after_us, label: words.t('limit_fail', { time: formatMicros(fail_after_us) }) }] : []),
    { us: timeout_us, label: words.t('limit_timeout', { time: formatMicros(timeout_us) }) },
  ];
}

// Too slow is not failed: the phase took its time and got there.
const failedPhase = (result: ResultDetail) => (result.verdict === 'degraded' ? null : (result.error?.phase ?? null));

function Table({ result }: { result: ResultDetail }) {
  const failed = failedPhase(result);
  const failedAt = failed ? phases.indexOf(failed) : phases.length;
  let start = 0;
  return (
    <div class="scroll-x" tabIndex={0} role="region" aria-label={words.t('waterfall')}>
      <table class="table num">
        <caption class="visually-hidden">{words.t('waterfall')}</caption>
        <thead>
          <tr>
            <th scope="col">{words.t('phase')}</th>
            {(['start', 'took', 'median', 'difference'] as const).map((name) => (
              <th key={name} scope="col" class="end">{words.t(name)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {phases.map((phase, i) => {
            const took = result[`${phase}_us`];
            const median = result.medians?.[`${phase}_us`] ?? null;
            const from = start;
            start += took ?? 0;
            return (
              <tr key={phase}>
                <th scope="row">{phaseWord(phase)}{i === failedAt && <em class="re-failed"> {words.t('failed_here')}</em>}</th>
                <td class="end">{took === null ? '' : formatMicros(from)}</td>
                <td class="end">{took === null ? words.t(i > failedAt ? 'not_reached' : 'not_used') : formatMicros(took)}</td>
                <td class="end">{formatMicros(median)}</td>
                <td class="end">{took !== null && median !== null ? signedMicros(took - median) : '–'}</td>
              </tr>
            );
          })}
          <tr>
            <th scope="row">{words.t('total')}</th>
            <td class="end">{formatMicros(0)}</td>
            <td class="end">{formatMicros(result.response_time_us)}</td>
            <td class="end">{formatMicros(result.medians?.response_time_us)}</td>
            <td class="end">{result.response_time_us !== null && result.medians?.response_time_us != null ? signedMicros(result.response_time_us - result.medians.response_time_us) : '–'}</td>
          </tr>
        </tbody>
      </table>
    </div>
  );
}

export function Phases({ result }: { result: ResultDetail }) {
  const [table, setTable] = useState(false);
  const limits = limitsOf(result);
  return (
    <section class="re-part panel padded">
      <div class="re-part-head">
        <h2 class="grow">{words.t('waterfall')}</h2>
        <Button kind="quiet" icon="overview" onClick={() => setTable(!table)}>{words.t(table ? 'as_bars' : 'as_table')}</Button>
      </div>
      {table ? <Table result={result} /> : <Waterfall times={result} totalUs={result.response_time_us} failedPhase={failedPhase(result)} medians={result.medians} limits={limits} offsets />}
      <p class="re-notes muted">
        {limits.map((one) => <span key={one.label}>{one.label}</span>)}
        {result.medians && !table && <span>{words.t('ghost')}</span>}
      </p>
    </section>
  );
}
