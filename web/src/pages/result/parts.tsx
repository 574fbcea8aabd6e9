// The parts of a result: what happened and what to try, assertions, data, steps, transcript, facts of the connection, the last good result beside it.
import type { ComponentChildren } from 'preact';
import { getResult } from '../../api/calls';
import type { MonitorDetail, Phase, ResultDetail } from '../../api/types';
import { formatDateTime, formatDay, formatMicros, formatNumber } from '../../i18n/format';
import { addressList } from '../../lib/addresses';
import { href } from '../../router/router';
import { nowMs } from '../../store/clock';
import { useLoaded } from '../../store/loaded';
import { CodeBlock } from '../../ui/code';
import { StateIcon } from '../../ui/state';
import { phases, phaseWord } from '../../ui/waterfall';
import { resultHref } from '../monitor/results';
import { BytesView } from './bytes-view';
import { signedMicros } from './phases';
import { assertionText } from './report';
import { words } from './words';

export function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="re-part panel padded">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

export function Explanation({ result }: { result: ResultDetail }) {
  const explained = result.explanation;
  if (!explained) return null;
  return (
    <Part title={words.t('explanation')}>
      <p class="re-what">{explained.what}</p>
      {explained.causes.length > 0 && (
        <>
          <h3>{words.t('causes')}</h3>
          <ol class="re-causes">
            {explained.causes.map((one) => <li key={one}>{one}</li>)}
          </ol>
        </>
      )}
      {explained.try.length > 0 && (
        <>
          <h3>{words.t('tries')}</h3>
          <div class="re-tries">
            {explained.try.map((one) => <CodeBlock key={one} text={one} label={one} />)}
          </div>
        </>
      )}
      {result.error && (
        <p>
          <a href={href(`/errors/${result.error.code}`)}>
            {words.t('docs', { code: result.error.code })}
          </a>
        </p>
      )}
    </Part>
  );
}

export const configuredAsserts = (monitor: MonitorDetail | null): string[] => {
  const written = monitor?.config['assert'];
  return (Array.isArray(written) ? written : written === undefined ? [] : [written]).filter((one): one is string => typeof one === 'string');
};

export function Assertions({ result, configured }: { result: ResultDetail; configured: readonly string[] }) {
  const all = [...(result.assertions ?? [])].sort((a, b) => Number(a.passed) - Number(b.passed) || a.index - b.index);
  if (all.length === 0) return null;
  return (
    <Part title={words.t('assertions')}>
      <ul class="re-asserts">
        {all.map((one) => (
          <li key={one.index}>
            <span class="re-verdict">
              <StateIcon state={one.passed ? 'up' : 'down'} />
              {words.t(one.passed ? 'held' : 'broken')}
            </span>
            <span class="re-assert">
              <code>{assertionText(result, one.index, configured)}</code>
              <span class="muted">{words.t('actual')}: <code class="re-actual">{one.actual}</code>{one.reason && ` · ${one.reason}`}</span>
            </span>
          </li>
        ))}
      </ul>
      {all.some((one) => one.assertion === undefined) && configured.length > 0 && <p class="muted">{words.t('as_configured')}</p>}
    </Part>
  );
}

export function Data({ result, file }: { result: ResultDetail; file: string }) {
  if (!result.sent && !result.received) return null;
  return (
    <Part title={words.t('data')}>
      <div class="re-data">
        {result.sent && <BytesView name="sent" kept={result.sent} file={file} />}
        {result.received && <BytesView name="received" kept={result.received} file={file} />}
      </div>
    </Part>
  );
}

// When the turn of each step came and how long it took: what a slow or failed dialogue was waiting for.
export function Steps({ result }: { result: ResultDetail }) {
  const steps = result.steps ?? [];
  if (steps.length === 0) return null;
  return (
    <Part title={words.t('steps')}>
      <div class="scroll-x" tabIndex={0} role="region" aria-label={words.t('steps')}>
        <table class="table num">
          <thead>
            <tr>
              <th scope="col">{words.t('step')}</th>
              <th scope="col" class="end">{words.t('start')}</th>
              <th scope="col" class="end">{words.t('took')}</th>
              <th scope="col"><span class="visually-hidden">{words.t('broken')}</span></th>
            </tr>
          </thead>
          <tbody>
            {steps.map((one, i) => (
              <tr key={i}>
                <th scope="row">{formatNumber(i + 1)} · {words.t(`step_${one.kind}`)}{one.implied && <span class="muted"> ({words.t('step_implied')})</span>}</th>
                <td class="end">+{formatMicros(one.at_us)}</td>
                <td class="end">{formatMicros(one.took_us)}</td>
                <td>{one.failed && <span class="re-verdict"><StateIcon state="down" />{words.t('failed_here')}</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Part>
  );
}

export function Transcript({ result }: { result: ResultDetail }) {
  const entries = result.transcript ?? [];
  if (entries.length === 0) return null;
  const word = (kind: string) => words.maybe(`kind_${kind}`) ?? kind;
  return (
    <Part title={words.t('transcript')}>
      <ol class="re-transcript">
        {entries.map((one, i) => (
          <li key={i}>
            <span class="num muted">+{formatMicros(one.at_us)}</span>
            <span class={`re-kind is-${one.kind}`}>{word(one.kind)}</span>
            <code dir="ltr">{one.text ?? words.t('hidden')}</code>
          </li>
        ))}
      </ol>
    </Part>
  );
}

type Fact = readonly [string, ComponentChildren];
function factsOf(result: ResultDetail): Fact[] {
  const facts: (Fact | null)[] = [
    result.remote ? [words.t('address'), <code>{result.remote}</code>] : result.resolved_ip ? [words.t('resolved'), <code>{result.resolved_ip}</code>] : null,
    result.local ? [words.t('local'), <code>{result.local}</code>] : null,
    result.dns_us !== null || result.stale_dns || result.dns_cached ? [words.t('dns_answer'), words.t(result.stale_dns ? 'dns_stale' : result.dns_cached ? 'dns_cached' : 'dns_fresh')] : null,
    result.proxy ? [words.t('proxy'), <><code>{result.proxy.address ?? '—'}</code>{result.proxy.reached_us !== null && ` · ${words.t('proxy_reached', { time: formatMicros(result.proxy.reached_us) })}`}{result.proxy.through_us !== null && ` · ${words.t('proxy_through', { time: formatMicros(result.proxy.through_us) })}`}</>] : null,
    result.addresses_probed > 0 ? [words.t('addresses', { n: result.addresses_probed }), <>{result.failed_addresses.length === 0 ? words.t('addresses_passed') : <code>{result.failed_addresses.map((one) => `${one.address} (${one.error})`).join(', ')}</code>}{result.addresses_left_out > 0 && ` · ${words.t('addresses_left_out', { n: result.addresses_left_out })}`}</>] : null,
    result.moved ? [words.t('moved'), <code>{addressList(result.moved.from)} → {addressList(result.moved.to)}</code>] : null,
    result.kernel_rtt_us !== null ? [words.t('kernel_rtt'), formatMicros(result.kernel_rtt_us)] : null,
    [words.t('retransmits'), formatNumber(result.syn_retransmits)],
    result.scheduling_delay_us !== null ? [words.t('scheduling_delay'), formatMicros(result.scheduling_delay_us)] : null,
  ];
  const tls = result.tls;
  if (tls) {
    const left = tls.not_after ? Math.floor((Date.parse(tls.not_after) - nowMs.value) / 86_400_000) : null;
    facts.push(
      [words.t('tls_version'), [tls.version, tls.cipher].filter(Boolean).join(', ')],
      tls.alpn ? [words.t('tls_alpn'), <code>{tls.alpn}</code>] : null,
      tls.subject ? [words.t('tls_subject'), <code>{tls.subject}</code>] : null,
      tls.issuer ? [words.t('tls_issuer'), <code>{tls.issuer}</code>] : null,
      tls.names.length > 0 ? [words.t('tls_names'), <code>{tls.names.join(', ')}</code>] : null,
      tls.not_before && tls.not_after ? [words.t('tls_valid'), <>{words.t('tls_until', { from: formatDay(tls.not_before), to: formatDay(tls.not_after) })} <b class={left !== null && left < 14 ? 're-soon' : ''}>{left! < 0 ? words.t('tls_over') : words.t('tls_left', { n: left! })}</b></>] : null,
      tls.chain.length > 1 ? [words.t('tls_chain'), <ol class="re-chain">{tls.chain.slice(1).map((one, i) => <li key={i}><code>{one.subject || '-'}</code> {[one.key, one.not_after && words.t('tls_to', { to: formatDay(one.not_after) })].filter(Boolean).join(', ')}</li>)}</ol>] : [words.t('tls_chain'), formatNumber(tls.chain_length)],
      tls.chain[0]?.key ? [words.t('tls_key'), tls.chain[0].key] : null,
      tls.staple ? [words.t('tls_staple'), <b class={tls.staple.says === 'good' ? '' : 're-soon'}>{words.t(`staple_${tls.staple.says}`)}</b>] : null,
      tls.resumed ? [words.t('tls_resumed'), words.t('resumed')] : null,
    );
  }
  return facts.filter((one): one is Fact => one !== null);
}

export function Connection({ result }: { result: ResultDetail }) {
  return (
    <Part title={words.t('connection')}>
      <dl class="re-facts">
        {factsOf(result).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Part>
  );
}

export function Compare({ result, monitor }: { result: ResultDetail; monitor: MonitorDetail | null }) {
  const id = monitor?.id ?? '';
  const good = useLoaded(result.last_good_id && id ? `${id} ${result.last_good_id}` : null, (signal) => getResult(id, result.last_good_id!, signal));
  if (result.verdict === 'passed') return null;
  if (!result.last_good_id) return <Part title={words.t('compare')}><p class="muted">{words.t('compare_none')}</p></Part>;
  const other = good.data;
  if (!other) return <Part title={words.t('compare')}>{good.problem ? <p class="muted">{words.t('compare_gone')}</p> : <div class="skeleton re-skeleton" />}</Part>;
  const times: [string, number | null, number | null][] = [...phases.map((phase: Phase): [string, number | null, number | null] => [phaseWord(phase), result[`${phase}_us`], other[`${phase}_us`]]), [words.t('total'), result.response_time_us, other.response_time_us], [words.t('kernel_rtt'), result.kernel_rtt_us, other.kernel_rtt_us]];
  const texts: [string, string | null | undefined, string | null | undefined][] = [
    [words.t('address'), result.remote, other.remote],
    [words.t('tls_subject'), result.tls?.subject, other.tls?.subject],
    [words.t('tls_valid'), result.tls?.not_after && formatDay(result.tls.not_after), other.tls?.not_after && formatDay(other.tls.not_after)],
    [words.t('received'), result.received && String(result.received.bytes), other.received && String(other.received.bytes)],
  ];
  return (
    <Part title={words.t('compare')}>
      <p><a href={resultHref(id, other.id)}>{words.t('compare_with', { time: formatDateTime(other.started_at) })}</a></p>
      <div class="scroll-x" tabIndex={0} role="region" aria-label={words.t('compare')}>
        <table class="table num">
          <thead>
            <tr>
              <th scope="col"><span class="visually-hidden">{words.t('phase')}</span></th>
              <th scope="col" class="end">{words.t('this_one')}</th>
              <th scope="col" class="end">{words.t('last_good')}</th>
              <th scope="col" class="end">{words.t('difference')}</th>
            </tr>
          </thead>
          <tbody>
            {times.filter(([, a, b]) => a !== null || b !== null).map(([name, a, b]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td class="end">{formatMicros(a)}</td>
                <td class="end">{formatMicros(b)}</td>
                <td class="end">{a !== null && b !== null ? signedMicros(a - b) : '–'}</td>
              </tr>
            ))}
            {texts.filter(([, a, b]) => a || b).map(([name, a, b]) => (
              <tr key={name} class={a && b && a !== b ? 're-differs' : ''}>
                <th scope="row">{name}</th>
                <td class="end"><code>{a ?? '–'}</code></td>
                <td class="end"><code>{b ?? '–'}</code></td>
                <td class="end">{a && b ? (a === b ? '=' : '≠') : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Part>
  );
}
