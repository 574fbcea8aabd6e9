// The incidents of a monitor, and who was told what about it.
import { listAlerts, listIncidents } from '../../api/calls';
import type { MonitorDetail } from '../../api/types';
import { formatDuration } from '../../i18n/format';
import { eventWord, lastedMs, reasonOf } from '../../lib/notices';
import { useLivePages } from '../../lib/pages';
import { href } from '../../router/router';
import { nowMs } from '../../store/clock';
import { Empty } from '../../ui/empty';
import { DeliveryState, IncidentState } from '../../ui/notice-state';
import { PageList } from '../../ui/page-list';
import { Ago } from '../../ui/time';
import { words } from './words';

const kPage = 25;

export function IncidentsTab({ monitor }: { monitor: MonitorDetail }) {
  const list = useLivePages('incident', (cursor, signal) => listIncidents({ monitor: monitor.uid, limit: kPage, cursor }, signal), monitor.uid, (one) => one.monitor.uid === monitor.uid);
  return (
    <PageList list={list} empty={<Empty title={words.t('no_incidents')} text={words.t('no_incidents_text')} />}>
      <ul class="panel mo-list">
        {list.rows?.map((one) => (
          <li key={one.id}>
            <a class="mo-list-link" href={href(`/incidents/${encodeURIComponent(one.id)}`)}>
              <span class="mo-outcome"><IncidentState of={one} /></span>
              <span class="grow">{one.reason || one.error?.message}</span>
              <span class="muted num"><Ago at={one.began} /> · {formatDuration(lastedMs(one, nowMs.value))}</span>
            </a>
          </li>
        ))}
      </ul>
    </PageList>
  );
}

export function AlertsTab({ monitor }: { monitor: MonitorDetail }) {
  const list = useLivePages('alert', (cursor, signal) => listAlerts({ monitor: monitor.uid, limit: kPage, cursor }, signal), monitor.uid, (one) => one.monitor.uid === monitor.uid);
  return (
    <PageList list={list} empty={<Empty title={words.t('no_alerts')} text={words.t('no_alerts_text')} />}>
      <ul class="panel mo-list">
        {list.rows?.map((one) => (
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
    </PageList>
  );
}
