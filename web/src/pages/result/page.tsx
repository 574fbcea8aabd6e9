// One result: what came of a single attempt, where the time went, what was said, and what to do about it.
import { useEffect, useState } from 'preact/hooks';
import { getMonitor, getResult } from '../../api/calls';
import type { MonitorDetail, ResultDetail } from '../../api/types';
import { formatDateTime, formatMicros } from '../../i18n/format';
import { language } from '../../i18n/language';
import type { PageProps } from '../../router/page';
import { go, href } from '../../router/router';
import { useLoaded } from '../../store/loaded';
import { Button } from '../../ui/button';
import { AsCode, copyText, curl } from '../../ui/code';
import { Icon } from '../../ui/icon';
import { ProblemPanel } from '../../ui/problem';
import { useShortcuts } from '../../ui/shortcuts';
import { Skeleton } from '../../ui/skeleton';
import { VerdictPill, verdictWord } from '../../ui/state';
import { Ago } from '../../ui/time';
import { ui } from '../../ui/words';
import { phaseWord } from '../../ui/waterfall';
import { monitorPath } from '../monitor/actions';
import { probeCommand } from '../monitor/code-forms';
import { resultHref } from '../monitor/results';
import { FoundOut } from './evidence';
import { Gone } from './gone';
import { Assertions, Compare, configuredAsserts, Connection, Data, Explanation, Steps, Transcript } from './parts';
import { Phases } from './phases';
import { report } from './report';
import './style.css';
import { words } from './words';

const permalink = (id: string, result: string): string => `${location.href.split('#')[0]}${resultHref(id, result)}`;

function asReport(result: ResultDetail, monitor: MonitorDetail): string {
  return report(result, monitor, permalink(monitor.id, result.id), configuredAsserts(monitor), {
    phase: phaseWord, target: 'target', started: words.t('start'), took: words.t('took'), median: words.t('median'), total: words.t('total'), notReached: words.t('not_reached'), causes: words.t('causes'), tries: words.t('tries'),
    assertions: words.t('assertions'), held: words.t('held'), broken: words.t('broken'), sent: words.t('sent'), received: words.t('received'),
  });
}

function Step({ to, label, icon }: { to: string | null; label: string; icon: 'collapse' | 'expand' }) {
  if (!to) return <Button icon={icon} label={label} disabled />;
  return (
    <a class="button icon" href={to} aria-label={label} title={`${label} (${icon === 'collapse' ? '[' : ']'})`}>
      <Icon name={icon} />
    </a>
  );
}

// Verdict, error, time taken, where, which attempt, when: one line that says it all.
function VerdictLine({ result }: { result: ResultDetail }) {
  return (
    <p class="re-line">
      <VerdictPill verdict={result.verdict} />
      {result.error && <code>{result.error.code}</code>}
      <span class="num">{formatMicros(result.response_time_us)}</span>
      <span>{result.location}</span>
      <span>{words.t('attempt', { n: result.attempt })}{!result.final && `, ${words.t('not_final')}`}</span>
      <span class="num">{formatDateTime(result.started_at)}</span>
      <span class="muted"><Ago at={result.started_at} /></span>
    </p>
  );
}

function codeForms(result: ResultDetail, monitor: MonitorDetail) {
  const at = `/monitors/${encodeURIComponent(monitor.id)}/results`;
  const around = new URLSearchParams({ from: result.started_at, limit: '50' }).toString();
  return [
    { id: 'curl', label: 'curl', text: [curl('GET', `${at}/${encodeURIComponent(result.id)}`), curl('GET', `${at}?${around}`).replace('curl ', "curl -H 'Accept: text/csv' ")].join('\n\n') },
    { id: 'cli', label: 'CLI', text: probeCommand(monitor.target, monitor.config) },
  ];
}

function Shown({ result, monitor, id }: { result: ResultDetail; monitor: MonitorDetail | null; id: string }) {
  const to = (other: string | null) => (other ? resultHref(id, other) : null);
  const walk = (other: string | null) => other && go(resultHref(id, other), { replace: true });
  useShortcuts({ '[': () => walk(result.previous_id), ']': () => walk(result.next_id) });
  const name = monitor?.name ?? id;
  const [code, setCode] = useState(false);
  useEffect(() => void (document.title = `${verdictWord(result.verdict)} · ${name} · Tocsin`), [result.id, name, language.value]);
  return (
    <div class="page re">
      <nav class="re-crumb" aria-label={words.t('to_monitor')}>
        <a href={href(monitorPath(id))}>{name}</a>
        {monitor && <span class="mono muted">{monitor.target}</span>}
      </nav>
      <div class="page-head">
        <h1>{result.sentence}</h1>
        <div class="actions">
          <Step to={to(result.previous_id)} label={words.t('previous')} icon="collapse" />
          <Step to={to(result.next_id)} label={words.t('next')} icon="expand" />
          <Button icon="external" label={words.t('copy_link')} onClick={() => void copyText(permalink(id, result.id))} />
          <Button icon="code" label={ui.t('as_code')} disabled={!monitor} onClick={() => setCode(true)} />
          <Button icon="copy" disabled={!monitor} onClick={() => monitor && void copyText(asReport(result, monitor))}>{words.t('copy_report')}</Button>
        </div>
      </div>
      <VerdictLine result={result} />
      <Phases result={result} />
      <FoundOut result={result} />
      <Explanation result={result} />
      <Assertions result={result} configured={configuredAsserts(monitor)} />
      {result.has_details ? <Data result={result} file={id} /> : <p class="muted re-part">{words.t('no_details')}</p>}
      <Steps result={result} />
      <Transcript result={result} />
      <Compare result={result} monitor={monitor} />
      <Connection result={result} />
      {code && monitor && <AsCode title={words.t('code_title')} forms={codeForms(result, monitor)} onClose={() => setCode(false)} />}
    </div>
  );
}

export default function ResultPage({ params }: PageProps) {
  const id = params['id']!;
  const wanted = params['result']!;
  const monitor = useLoaded(id, (signal) => getMonitor(id, signal));
  // Walking from result to result keeps the last one until the next is there.
  const result = useLoaded(`${id} ${wanted}`, (signal) => getResult(id, wanted, signal), (key, before) => key.split(' ')[0] === before.split(' ')[0]);
  if (result.problem?.status === 404 && monitor.data) return <Gone monitor={monitor.data} id={wanted} />;
  const problem = result.problem ?? (result.data ? null : monitor.problem);
  if (problem) {
    return (
      <div class="page">
        <ProblemPanel problem={problem} retry={() => { monitor.reload(); result.reload(); }} />
      </div>
    );
  }
  if (!result.data) return <div class="page"><Skeleton heights={[180]} /></div>;
  return <Shown result={result.data} monitor={monitor.data} id={id} />;
}
