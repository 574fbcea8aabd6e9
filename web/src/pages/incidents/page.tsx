// Incidents: the open ones first; one in full with its timeline, who was told, and why somebody was not.
import { useEffect, useState } from 'preact/hooks';
import * as calls from '../../api/calls';
import { onLive } from '../../api/live';
import { asProblem, type ApiProblem } from '../../api/problem';
import type { IncidentDetail } from '../../api/types';
import { formatDateTime, formatDuration } from '../../i18n/format';
import { eventWord, lastedMs, reasonOf } from '../../lib/notices';
import { useLivePages } from '../../lib/pages';
import { useWalk } from '../../lib/walk';
import type { PageProps } from '../../router/page';
import { href, place, setQuery } from '../../router/router';
import { nowMs } from '../../store/clock';
import { canWrite } from '../../store/session';
import { Attempts } from '../../ui/attempts';
import { Button } from '../../ui/button';
import { AsCode, curl } from '../../ui/code';
import { Dialog } from '../../ui/dialog';
import { Empty } from '../../ui/empty';
import { Icon } from '../../ui/icon';
import { AreaField } from '../../ui/inputs';
import { DeliveryState, IncidentState } from '../../ui/notice-state';
import { PageList } from '../../ui/page-list';
import { ProblemPanel } from '../../ui/problem';
import { useShortcuts } from '../../ui/shortcuts';
import { TabPanel, Tabs } from '../../ui/tabs';
import { Ago } from '../../ui/time';
import { toast } from '../../ui/toast';
import { ui } from '../../ui/words';
import './style.css';
import { words } from './words';

export default function IncidentsPage({ params }: PageProps) {
  return params['id'] ? <One id={params['id']} /> : <List />;
}

function List() {
  const show = place.value.query.get('show') === 'all' ? 'all' : 'open';
  const list = useWalk<HTMLUListElement>('.in-row');
  const found = useLivePages('incident', (cursor, signal) => calls.listIncidents({ limit: 50, cursor, open: show === 'open' ? true : undefined }, signal), show);
  return (
    <div class="page stack">
      <div class="page-head in-head"><h1>{words.t('title')}</h1></div>
      <Tabs label={words.t('show')} name="show" chosen={show} onChoose={(next) => setQuery({ show: next === 'all' ? 'all' : undefined }, { push: true })} tabs={[{ id: 'open', label: words.t('open') }, { id: 'all', label: words.t('all') }]} />
      <TabPanel name="show" id={show}>
        <PageList list={found} empty={<Empty title={words.t(show === 'open' ? 'none_open' : 'none')} text={words.t(show === 'open' ? 'none_open_text' : 'none_text')}>{show === 'open' && <Button onClick={() => setQuery({ show: 'all' }, { push: true })}>{words.t('all')}</Button>}</Empty>}>
          <ul class="panel in-list" ref={list}>
            {found.rows?.map((one) => (
              <li key={one.id}>
                <a class="in-row" href={href(`/incidents/${encodeURIComponent(one.id)}`)}>
                  <span class="in-state"><IncidentState of={one} /></span>
                  <span class="in-what"><strong class="truncate">{one.monitor.name}</strong><span class="muted in-cause">{one.error?.message ?? one.reason}</span></span>
                  <span class="in-when muted num"><Ago at={one.began} /><br />{one.open ? words.t('since', { time: formatDuration(lastedMs(one, nowMs.value)) }) : formatDuration(lastedMs(one, nowMs.value))}</span>
                  <span class="in-ack">{one.acknowledged && <span class="chip"><Icon name="check" size={12} />{words.t('acknowledged_by', { name: one.acknowledged_by })}</span>}</span>
                </a>
              </li>
            ))}
          </ul>
        </PageList>
      </TabPanel>
    </div>
  );
}

function NoteDialog({ title, text, label, act, needed, onDone, onClose }: { title: string; text?: string; label: string; act: (note: string) => Promise<unknown>; needed: boolean; onDone: () => void; onClose: () => void }) {
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [busy, setBusy] = useState(false);
  const send = () => {
    if (busy || (needed && note.trim() === '')) return;
    setBusy(true);
    act(note.trim()).then(onDone, (error: unknown) => { setProblem(asProblem(error)); setBusy(false); });
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form class="stack" onSubmit={(event) => { event.preventDefault(); send(); }} onKeyDown={(event) => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send(); }}>
        {text && <p>{text}</p>}
        <AreaField label={label} value={note} onValue={setNote} rows={4} />
        {problem && <ProblemPanel problem={problem} />}
        <div class="dialog-actions"><Button onClick={onClose}>{ui.t('cancel')}</Button><Button kind="primary" type="submit" disabled={busy || (needed && note.trim() === '')}>{title}</Button></div>
      </form>
    </Dialog>
  );
}

function codeForms(id: string) {
  const at = `/incidents/${encodeURIComponent(id)}`;
  return [{ id: 'curl', label: 'curl', text: [curl('GET', at), curl('POST', `${at}/acknowledge`, { note: 'on it' }), curl('POST', `${at}/note`, { note: 'the disk was full' })].join('\n\n') }];
}

function One({ id }: { id: string }) {
  const [detail, setDetail] = useState<IncidentDetail | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [asking, setAsking] = useState<'ack' | 'note' | null>(null);
  const [code, setCode] = useState(false);
  const canAcknowledge = detail !== null && canWrite() && detail.open && !detail.acknowledged;
  useShortcuts({ a: (event) => { if (canAcknowledge) { event.preventDefault(); setAsking('ack'); } } });
  const read = () => calls.getIncident(id).then((found) => { setDetail(found); setProblem(null); }, (error: unknown) => setProblem(asProblem(error)));
  useEffect(() => {
    void read();
    const stop = [onLive('incident', (one) => { if (one.id === id) void read(); }), onLive('alert', (one) => { if (one.incident === id) void read(); }), onLive('reset', () => void read())];
    return () => stop.forEach((one) => one());
  }, [id]);
  if (!detail) return <div class="page" aria-busy={!problem}>{problem && <ProblemPanel problem={problem} retry={() => void read()} />}</div>;
  const monitorAt = `/monitors/${encodeURIComponent(detail.monitor.id)}`;
  const missed = detail.deliveries.map((one) => ({ one, why: reasonOf(one) })).filter((row) => row.why !== null);
  const done = (said: string) => () => { setAsking(null); toast(said); void read(); };
  return (
    <div class="page stack">
      <div class="page-head in-head">
        <IncidentState of={detail} pill />
        <h1>{detail.monitor.name}</h1>
        <span class="muted num">{formatDuration(lastedMs(detail, nowMs.value))}</span>
        <div class="actions">
          <a class="button" href={href(monitorAt)}>{words.t('to_monitor')}</a>
          {canWrite() && <Button onClick={() => setAsking('note')}>{words.t('add_note')}</Button>}
          <Button kind="quiet" icon="code" label={ui.t('as_code')} onClick={() => setCode(true)} />
          {canAcknowledge && <Button kind="primary" icon="check" onClick={() => setAsking('ack')}>{words.t('acknowledge')}</Button>}
        </div>
      </div>
      {problem && <ProblemPanel problem={problem} retry={() => void read()} />}
      <section class="panel padded">
        <p>{detail.error?.message ?? detail.reason}</p>
        {detail.error?.hint && <p class="muted">{detail.error.hint}</p>}
        <dl class="in-facts">
          <dt>{words.t('target')}</dt><dd class="mono">{detail.monitor.target}</dd>
          {detail.error && <><dt>{words.t('error')}</dt><dd><code>{detail.error.code}</code></dd></>}
          <dt>{words.t('began')}</dt><dd>{formatDateTime(detail.began)}</dd>
          <dt>{words.t('confirmed')}</dt><dd>{formatDateTime(detail.opened)}</dd>
          {detail.acknowledged && <><dt>{words.t('acknowledged')}</dt><dd>{words.t('acknowledged_by', { name: detail.acknowledged_by })}, <Ago at={detail.acknowledged} />{detail.acknowledge_note && `: ${detail.acknowledge_note}`}</dd></>}
          {detail.closed && <><dt>{words.t('ended')}</dt><dd>{formatDateTime(detail.closed)}, {words.maybe(`close_${detail.close_reason}`) ?? detail.close_reason}</dd></>}
        </dl>
      </section>
      <div class="in-columns">
        <section class="panel padded stack" aria-labelledby="in-timeline">
          <h2 id="in-timeline">{words.t('timeline')}</h2>
          <ol class="in-timeline">
            {detail.timeline.map((one, i) => (
              <li key={i} class={`kind-${one.kind}`}>
                <span class="in-line"><strong>{words.maybe(`kind_${one.kind}`) ?? one.kind}</strong><time class="muted num" dateTime={one.at}>{formatDateTime(one.at)}</time></span>
                <p>{one.text}</p>
              </li>
            ))}
          </ol>
        </section>
        <div class="stack">
          <section class="panel padded stack" aria-labelledby="in-told">
            <h2 id="in-told">{words.t('deliveries')}</h2>
            {detail.deliveries.length === 0 ? <p>{words.t('no_deliveries')}</p> : (
              <ul class="stack">
                {detail.deliveries.map((one) => (
                  <li key={one.key}>
                    <details class="in-delivery">
                      <summary>
                        <DeliveryState state={one.state} />
                        <span class="grow">{eventWord(one.event)} → <strong>{one.channel}</strong></span>
                        {one.attempts > 0 && <span class="muted">{words.t('attempts', { n: one.attempts })}</span>}
                      </summary>
                      <div class="stack-tight in-log">
                        <Attempts of={one} none={reasonOf(one) ?? ''} />
                        <p><a href={href('/alerts', { key: one.key })}>{words.t('to_log')}</a></p>
                      </div>
                    </details>
                  </li>
                ))}
              </ul>
            )}
          </section>
          <section class="panel padded stack" aria-labelledby="in-why">
            <h2 id="in-why">{words.t('why')}</h2>
            {detail.deliveries.length === 0 ? (
              <p>{words.t('no_channels')} {canWrite() && <a href={href(`${monitorAt}/edit`)}>{words.t('set_channels')}</a>}</p>
            ) : missed.length === 0 ? <p>{words.t('why_ok')}</p> : (
              <ul class="stack-tight">{missed.map(({ one, why }) => <li key={one.key}><strong>{eventWord(one.event)} → {one.channel}:</strong> {why}</li>)}</ul>
            )}
          </section>
        </div>
      </div>
      {code && <AsCode title={words.t('code_title')} forms={codeForms(id)} onClose={() => setCode(false)} />}
      {asking === 'ack' && <NoteDialog title={words.t('acknowledge')} text={words.t('acknowledge_text')} label={words.t('note_optional')} needed={false} act={(note) => calls.acknowledgeIncident(id, note)} onDone={done(words.t('ack_done'))} onClose={() => setAsking(null)} />}
      {asking === 'note' && <NoteDialog title={words.t('add_note')} label={words.t('note')} needed act={(note) => calls.noteIncident(id, note)} onDone={done(words.t('note_done'))} onClose={() => setAsking(null)} />}
    </div>
  );
}
