// The incidents and alerts of one monitor, for its tabs. The pages of all incidents and alerts bring their own.
import { find } from './monitors.mjs';
import { iso } from './world.mjs';

const kDay = 86_400_000;
function incidentsOf(monitor) {
  const about = { id: monitor.id, uid: monitor.uid, name: monitor.name, project: monitor.project, target: monitor.target };
  const rest = { monitor: about, severity: 'failed', acknowledged: null, acknowledged_by: '', acknowledge_note: '' };
  const old = [3, 11, 26].map((days, i) => ({
    id: `i-${monitor.uid}-${i}`, ...rest, open: false, error: { code: 'tcp_refused', phase: 'connect', message: 'Nothing is listening on this port.', hint: '' }, reason: 'Nothing is listening on this port.',
    began: iso(Date.now() - days * kDay), opened: iso(Date.now() - days * kDay + 20_000), closed: iso(Date.now() - days * kDay + (i + 1) * 190_000), close_reason: 'recovered',
  }));
  if (monitor.status === 'pending' || monitor.seed % 3 === 0) old.length = 0;
  if (monitor.status !== 'down') return old;
  return [{ id: monitor.incident, ...rest, open: true, error: monitor.error, reason: monitor.error?.message ?? '', began: monitor.since, opened: monitor.since, closed: null, close_reason: '' }, ...old];
}
const alertsOf = (monitor) => incidentsOf(monitor).flatMap((one, i) => [
  ...(one.closed ? [{ key: `${one.id}-2-oncall`, at: one.closed, event: 'monitor.recovered', state: 'delivered', suppressed: '', last_result: '200 OK' }] : []),
  { key: `${one.id}-1-mail`, at: one.opened, event: 'monitor.down', channel: 'mail', state: i % 2 ? 'suppressed' : 'delivered', suppressed: i % 2 ? 'muted' : '', last_result: i % 2 ? '' : '250 2.0.0 queued' },
  { key: `${one.id}-1-oncall`, at: one.opened, event: 'monitor.down', state: i === 0 ? 'waiting' : 'delivered', suppressed: '', last_result: i === 0 ? '503 Service Unavailable' : '200 OK' },
].map((alert) => ({ channel: 'oncall', attempts: alert.suppressed ? 0 : 1, next_attempt: alert.state === 'waiting' ? iso(Date.now() + 30_000) : null, monitor: { id: monitor.id, uid: monitor.uid, name: monitor.name }, incident: one.id, ...alert })));

const listOf = (of) => ({ world, query }) => ({ json: { data: query.has('monitor') ? of(find(world, query.get('monitor'))) : world.monitors.filter((m) => m.status === 'down').flatMap(of), next_cursor: null } });
export const historyRoutes = [
  ['GET', '/incidents', 'read', ['monitor', 'limit', 'cursor', 'open'], listOf(incidentsOf)],
  ['GET', '/alerts', 'read', ['monitor', 'channel', 'state', 'limit', 'cursor'], listOf(alertsOf)],
];
