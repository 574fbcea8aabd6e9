// The results, newest first. Filters and the page stand in the address; new results wait until they are asked for.
import { useEffect, useRef, useState } from 'preact/hooks';
import { listResults, resultsFile } from '../../api/calls';
import type { MonitorDetail, Phase, Result, Verdict } from '../../api/types';
import { formatDateTime, formatMicros } from '../../i18n/format';
import { useWalk } from '../../lib/walk';
import { go, href, place, setQuery } from '../../router/router';
import { saveFile } from '../../store/file';
import { useLoaded } from '../../store/loaded';
import { Button } from '../../ui/button';
import { Empty } from '../../ui/empty';
import { ProblemPanel, toastProblem } from '../../ui/problem';
import { StateIcon, stateOfVerdict, verdictWord } from '../../ui/state';
import { Ago } from '../../ui/time';
import { phases } from '../../ui/waterfall';
import { monitorPath } from './actions';
import { FirstCheck } from './overview';
import { words } from './words';

const kPage = 50;
const verdicts: readonly Verdict[] = ['failed', 'degraded', 'unknown', 'passed'];
const errorNames = [
  'host_not_found', 'no_address_of_family', 'dns_timeout', 'dns_failed', 'tcp_refused', 'timeout', 'network_unreachable', 'host_unreachable', 'admin_prohibited', 'conn_reset', 'closed_early',
  'tls_handshake', 'tls_untrusted', 'tls_expired', 'tls_not_yet_valid', 'tls_name_mismatch', 'tls_version', 'starttls_refused', 'expect_mismatch', 'assertion_failed', 'too_slow', 'unexpected_open',
  'local_resource', 'self_offline', 'resolver_down', 'agent_lost', 'overloaded', 'reach_denied', 'proxy_failed', 'tls_revoked',
];

// From an address that anybody may have written, only what the server knows.
export function filtersOf(query: URLSearchParams): Record<string, string | undefined> {
  const one = (name: string, known: readonly string[]) => known.find((value) => value === query.get(name));
  const time = (name: string) => (Number.isNaN(Date.parse(query.get(name) ?? '')) ? undefined : query.get(name)!);
  return { verdict: one('verdict', verdicts), error: one('error', errorNames), attempts: one('attempts', ['all']) ?? 'final', from: time('from'), to: time('to') };
}

export const resultHref = (id: string, result: string): string => href(`${monitorPath(id)}/results/${encodeURIComponent(result)}`);

function Choice({ label, name, options }: { label: string; name: string; options: readonly (readonly [string, string])[] }) {
  return (
    <label class="mo-choice">
      <span>{label}</span>
      <select class="input" value={place.value.query.get(name) ?? ''} onChange={(event) => setQuery({ [name]: event.currentTarget.value || undefined, cursor: undefined }, { push: true })}>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

function PhaseBar({ row, most }: { row: Result; most: number }) {
  return (
    <span class="mo-phasebar" aria-hidden="true">
      {phases.map((phase: Phase) => {
        const us = row[`${phase}_us`];
        return us !== null && us > 0 && <span key={phase} class={`phase-${phase}${row.error?.phase === phase ? ' is-failed' : ''}`} style={{ width: `${Math.max(1, (us / most) * 100)}%` }} />;
      })}
    </span>
  );
}

function Row({ row, monitor, most }: { row: Result; monitor: MonitorDetail; most: number }) {
  const time = formatDateTime(row.started_at);
  return (
    <tr>
      <td class="mo-r-verdict">
        <span class="state state-ink">
          <StateIcon state={stateOfVerdict(row.verdict)} />
          {verdictWord(row.verdict)}
        </span>
      </td>
      <td class="mo-r-time">
        <a class="mo-result" href={resultHref(monitor.id, row.id)} aria-label={words.t('open_result', { time })}>
          {time}
        </a>
        <span class="muted"> <Ago at={row.started_at} short /></span>
      </td>
      <td class="mo-r-response end num">{formatMicros(row.response_time_us)}</td>
      <td class="mo-r-phases">
        <PhaseBar row={row} most={most} />
      </td>
      <td class="mo-r-error">{row.error ? <code title={row.error.message}>{row.error.code}</code>  : row.reason && row.verdict !== 'passed' ? <span class="muted">{row.reason}</span> : ''}</td>
      <td class="mo-r-attempt num muted">{row.attempt > 1 || !row.final ? `${words.t('attempt')} ${row.attempt}` : ''}</td>
    </tr>
  );
}

export function ResultsTab({ monitor, heard }: { monitor: MonitorDetail; heard: number }) {
  const query = place.value.query;
  const filters = filtersOf(query);
  const cursor = query.get('cursor') ?? undefined;
  const key = `${monitor.uid} ${JSON.stringify(filters)} ${cursor ?? ''}`;
  const page = useLoaded(key, (signal) => listResults(monitor.uid, { ...filters, cursor, limit: kPage }, signal), (now, before) => now.split(' ')[0] === before.split(' ')[0]);
  const [saving, setSaving] = useState(false);
  const seen = useRef(heard);
  const body = useWalk<HTMLTableSectionElement>('.mo-result');
  useEffect(() => void (seen.current = heard), [page.data]);
  const waiting = cursor || filters['to'] ? 0 : heard - seen.current;
  const filtered = ['verdict', 'error', 'from', 'to'].some((name) => filters[name]) || filters['attempts'] === 'all';
  const save = (type: 'text/csv' | 'application/x-ndjson', end: string) => {
    setSaving(true);
    resultsFile(monitor.uid, filters, type)
      .then((file) => saveFile(`${monitor.id}-results.${end}`, file))
      .catch(toastProblem)
      .finally(() => setSaving(false));
  };
  if (!monitor.last_result && monitor.status === 'pending') return <FirstCheck nextRun={monitor.next_run} />;
  const rows = page.data?.data ?? [];
  const most = Math.max(1, ...rows.map((row) => phases.reduce((sum, phase) => sum + (row[`${phase}_us`] ?? 0), 0)));
  const clear = () => setQuery({ verdict: undefined, error: undefined, attempts: undefined, from: undefined, to: undefined, cursor: undefined }, { push: true });
  return (
    <>
      <div class="mo-filters" role="group" aria-label={words.t('filters')}>
        <Choice label={words.t('verdict')} name="verdict" options={[['', words.t('any')], ...verdicts.map((one) => [one, verdictWord(one)] as const)]} />
        <Choice label={words.t('error')} name="error" options={[['', words.t('any')], ...errorNames.map((one) => [one, one] as const)]} />
        <Choice label={words.t('attempt')} name="attempts" options={[['', words.t('only_finals')], ['all', words.t('all_attempts')]]} />
        {filters['from'] && filters['to'] && <span class="chip mo-period">{words.t('period_filter', { from: formatDateTime(filters['from']), to: formatDateTime(filters['to']) })}</span>}
        {filtered && <Button kind="quiet" icon="close" onClick={clear}>{words.t('clear_filters')}</Button>}
        <span class="mo-files">
          <Button kind="quiet" icon="import" disabled={saving} onClick={() => save('text/csv', 'csv')}>{words.t('csv')}</Button>
          <Button kind="quiet" icon="import" disabled={saving} onClick={() => save('application/x-ndjson', 'ndjson')}>{words.t('ndjson')}</Button>
        </span>
      </div>
      <p class="visually-hidden" role="status">{saving ? words.t('saving') : page.data ? words.t('results_shown', { n: rows.length }) : ''}</p>
      {waiting > 0 && <Button class="mo-waiting" icon="up" onClick={page.reload}>{words.t('new_results', { n: waiting })}</Button>}
      {page.problem && <ProblemPanel problem={page.problem} retry={page.reload} />}
      {!page.data && !page.problem && <div class="skeleton mo-chart-skeleton" />}
      {page.data && rows.length === 0 && (
        <Empty title={words.t(filtered ? 'no_results_match' : 'no_results')} {...(filtered ? {} : { text: words.t('no_results_text') })}>
          {filtered && <Button onClick={clear}>{words.t('clear_filters')}</Button>}
        </Empty>
      )}
      {rows.length > 0 && (
        <div class={`panel mo-results${page.fresh ? '' : ' mo-dimmed'}`}>
          <table class="table">
            <caption class="visually-hidden">{words.t('tab_results')}</caption>
            <thead>
              <tr>
                <th scope="col">{words.t('verdict')}</th>
                <th scope="col">{words.t('started')}</th>
                <th scope="col" class="end">{words.t('response')}</th>
                <th scope="col">{words.t('phases')}</th>
                <th scope="col">{words.t('error')}</th>
                <th scope="col">{words.t('attempt')}</th>
              </tr>
            </thead>
            <tbody ref={body} onClick={(event) => {
              // The whole row is the target of a pointer; the link in it is for everybody else.
              const link = (event.target as Element).closest('tr')?.querySelector('a');
              if (link && !(event.target as Element).closest('a') && !getSelection()?.toString()) go(link.getAttribute('href')!);
            }}>
              {rows.map((row) => <Row key={row.id} row={row} monitor={monitor} most={most} />)}
            </tbody>
          </table>
        </div>
      )}
      <div class="mo-paging">
        {cursor && <Button icon="collapse" onClick={() => setQuery({ cursor: undefined }, { push: true })}>{words.t('newest')}</Button>}
        {page.data?.next_cursor && <Button onClick={() => setQuery({ cursor: page.data!.next_cursor! }, { push: true })}>{words.t('older')}</Button>}
      </div>
    </>
  );
}
