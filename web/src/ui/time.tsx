// A moment: how long ago, with the exact time on hover and focus.
import { nowMs } from '../store/clock';
import { formatAge, formatDateTime, formatRelative } from '../i18n/format';

export function Ago({ at, short = false }: { at: string | null | undefined; short?: boolean }) {
  if (!at) return <span class="muted">–</span>;
  const text = short ? formatAge(nowMs.value - Date.parse(at)) : formatRelative(at, nowMs.value);
  return (
    <time dateTime={at} title={formatDateTime(at)}>
      {text}
    </time>
  );
}
