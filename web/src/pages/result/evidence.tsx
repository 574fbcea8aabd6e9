// Why it failed, as far as it was found out in the second after it.
import type { ResultDetail } from '../../api/types';
import { formatMicros } from '../../i18n/format';
import { evidenceRows } from './evidence-rows';
import { words } from './evidence-words';
import { Part } from './parts';

export function FoundOut({ result }: { result: ResultDetail }) {
  const found = result.evidence;
  if (!found) return null;
  return (
    <Part title={words.t('title')}>
      <p class="re-what">{found.summary}</p>
      {found.state === 'gathered' && (
        <>
          <dl class="re-found">
            {evidenceRows(found).map((row, i) => (
              <div key={i}>
                <dt>{row.label}</dt>
                <dd>
                  {row.address && <code>{row.address}</code>}
                  {row.text && <span>{row.text}</span>}
                </dd>
              </div>
            ))}
          </dl>
          <p class="muted re-notes">{words.t('when', { took: formatMicros(found.took_us) })}</p>
        </>
      )}
    </Part>
  );
}
