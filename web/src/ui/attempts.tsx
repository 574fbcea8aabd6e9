// Every attempt to deliver a notice, the first one first: when, how long it took, what was answered, and when the next one is due.
import type { Delivery } from '../api/types';
import { formatDateTime, formatMicros } from '../i18n/format';
import { defineWords } from '../i18n/words';
import { StateIcon } from './state';
import { Ago } from './time';

const words = defineWords({
  en: { attempt: 'Attempt {n}', took: 'took {time}', next: 'Next attempt' },
  ru: { attempt: 'Попытка {n}', took: 'заняла {time}', next: 'Следующая попытка' },
  ja: { attempt: '試行{n}', took: '所要{time}', next: '次の試行' },
});

// `none` is said where nothing was tried.
export function Attempts({ of, none }: { of: Pick<Delivery, 'log' | 'next_attempt'>; none: string }) {
  return (
    <>
      {of.log.length === 0 ? <p class="muted">{none}</p> : (
        <ol class="stack-tight attempts">
          {of.log.map((one) => (
            <li key={one.number}>
              <StateIcon state={one.ok ? 'up' : 'down'} /> {words.t('attempt', { n: one.number })}, <time dateTime={one.at}>{formatDateTime(one.at)}</time>, {words.t('took', { time: formatMicros(one.took_ms * 1000) })}: <code>{one.result}</code>
            </li>
          ))}
        </ol>
      )}
      {of.next_attempt && <p>{words.t('next')}: <Ago at={of.next_attempt} /></p>}
    </>
  );
}
