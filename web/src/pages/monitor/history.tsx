// The incidents of a monitor, and who was told what about it.
import { useEffect, useState } from 'preact/hooks';
import { listAlerts, listIncidents } from '../../api/calls';
import { onLive } from '../../api/live';
import type { Alert, Incident, MonitorDetail } from '../../api/types';
import { formatDuration } from '../../i18n/format';
import { eventWord, reasonOf } from '../../lib/notices';
import type { Page } from '../../lib/pages';
import { href } from '../../router/router';
import { nowMs } from '../../store/clock';
import { useLoaded } from '../../store/loaded';
import { Button } from '../../ui/button';
import { Empty } from '../../ui/empty';
import { DeliveryState, IncidentState } from '../../ui/notice-state';
import { ProblemPanel } from '../../ui/problem';
import { Ago } from '../../ui/time';
import { words } from './words';

const kPage = 25;

// A list that grows by its cursor, read again when the feed tells of a change to it.
function useGrowing<T extends { monitor: { uid: string } }>(uid: string, event: 'incident' | 'alert', read: (cursor: string | undefined, signal?: AbortSignal) => Promise<Page<T>>) {
  const list = useLoaded(`${event} ${uid}`, (signal) => read(undefined, signal));
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onLive(event, (row: Incident | Alert) => {
      if (row.monitor.uid === uid) timer ??= setTimeout(() => { timer = undefined; list.reload(); }, 1000);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [uid]);
  const more = async () => {
    setBusy(true);
    try {
      const next = await read(list.data!.next_cursor!);
      list.change((now) => ({ data: [...now.data, ...next.data], next_cursor: next.next_cursor }));
    } catch {
      list.reload();
    } finally {
      setBusy(false);
    }
  };
  return { ...list, more, busy };
}

function Frame({ list, empty, text, children }: { list: ReturnType<typeof useGrowing>; empty: string; text: string; children: preact.ComponentChildren }) {
  if (list.problem && !list.data) return <ProblemPanel problem={list.problem} retry={list.reload} />;
  if (!list.data) return <div class="skeleton mo-chart-skeleton" />;
  if (list.data.data.length === 0) return <Empty title={empty} text={text} />;
  return (
    <>
      {children}
      {list.data.next_cursor && <div class="mo-paging"><Button disabled={list.busy} onClick={() => void list.more()}>{words.t('more')}</Button></div>}
    </>
  );
}

export function IncidentsTab({ monitor }: { monitor: MonitorDetail }) {
  const list = useGrowing<Incident>(monitor.uid, 'incident', (cursor, signal) => listIncidents({ monitor: monitor.uid, limit: kPage, cursor }, signal));
  return (
    <Frame list={list as never} empty={words.t('no_incidents')} text={words.t('no_incidents_text')}>
      <ul class="panel mo-list">
        {list.data?.data.map((one) => (
          <li key={one.id}>
            <a class="mo-list-link" href={href(`/incidents/${encodeURIComponent(one.id)}`)}>
              <span class="mo-outcome"><IncidentState of={one} /></span>
              <span class="grow">{one.reason || one.error?.message}</span>
              <span class="muted num"><Ago at={one.began} /> · {formatDuration((one.closed ? Date.parse(one.closed) : nowMs.value) - Date.parse(one.began))}</span>
            </a>
          </li>
        ))}
      </ul>
    </Frame>
  );
}

export function AlertsTab({ monitor }: { monitor: MonitorDetail }) {
  const list = useGrowing<Alert>(monitor.uid, 'alert', (cursor, signal) => listAlerts({ monitor: monitor.uid, limit: kPage, cursor }, signal));
  return (
    <Frame list={list as never} empty={words.t('no_alerts')} text={words.t('no_alerts_text')}>
      <ul class="panel mo-list">
        {list.data?.data.map((one) => (
          <li key={one.key} class="mo-alert">
            <span class="mo-outcome"><DeliveryState state={one.state} /></span>
            <span class="grow"><strong>{eventWord(one.event)}</strong> → {one.channel}{one.state === 'suppressed' && <><br /><span class="muted">{reasonOf(one)}</span></>}</span>
            <span class="muted num">
              {one.attempts > 0 && `${words.t('attempts_made', { n: one.attempts })}${one.last_result ? `: ${one.last_result}` : ''} · `}
              <Ago at={one.at} />
            </span>
          </li>
        ))}
      </ul>
    </Frame>
  );
}
