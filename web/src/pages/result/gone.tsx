// A result that is there no more: since when, how long results are kept, and what the statistics still know of that time.
import { getStats, getSystem } from '../../api/calls';
import type { MonitorDetail } from '../../api/types';
import { formatDateTime, formatMicros, formatNumber, formatPercent } from '../../i18n/format';
import { href } from '../../router/router';
import { useLoaded } from '../../store/loaded';
import { Empty } from '../../ui/empty';
import { monitorPath } from '../monitor/actions';
import { runsOf } from '../monitor/chart-data';
import { momentOf } from './slot';
import { words } from './words';

const kDay = 86_400;

export function Gone({ monitor, id }: { monitor: MonitorDetail; id: string }) {
  const moment = momentOf(id);
  const system = useLoaded('system', (signal) => getSystem(signal));
  const stats = useLoaded(moment === null ? null : monitor.uid, (signal) => getStats(monitor.uid, '90d', signal));
  const kept = system.data?.retention;
  const bucket = moment === null ? undefined : stats.data?.buckets.find((one) => Date.parse(one.start) <= moment && moment < Date.parse(one.start) + stats.data!.bucket_s * 1000);
  const text = moment === null || !kept ? words.t('gone_unknown') : words.t('gone_text', { days: Math.round(kept.raw_s / kDay), failure_days: Math.round(kept.failures_s / kDay), time: formatDateTime(moment) });
  const around = moment === null ? {} : { from: new Date(moment - 1_800_000).toISOString(), to: new Date(moment + 1_800_000).toISOString() };
  return (
    <Empty heading="h1" title={words.t('gone')} text={text}>
      {bucket && <p>{words.t('gone_aggregate', { runs: formatNumber(runsOf(bucket)), availability: formatPercent(bucket.availability), p50: formatMicros(bucket.p50_us), p95: formatMicros(bucket.p95_us) })}</p>}
      <span class="row wrap re-gone">
        {moment !== null && <a class="button" href={href(monitorPath(monitor.id), { tab: 'results', ...around })}>{words.t('to_results')}</a>}
        <a class="button" href={href(monitorPath(monitor.id))}>{words.t('to_monitor')}</a>
      </span>
    </Empty>
  );
}
