// Bytes that were sent or received, in the form that suits them or the one that is chosen. They come from outside: text nodes only.
import { useMemo, useState } from 'preact/hooks';
import type { KeptBytes } from '../../api/types';
import { formatBytes } from '../../i18n/format';
import { saveFile } from '../../store/file';
import { Button } from '../../ui/button';
import { copyText } from '../../ui/code';
import { TabPanel, Tabs } from '../../ui/tabs';
import { ui } from '../../ui/words';
import { asJson, bestForm, fromBase64, hexDump, lines64, visibleText, type ByteForm } from './bytes';
import { words } from './words';

interface Props {
  name: 'sent' | 'received';
  kept: KeptBytes & { hidden?: boolean; truncated?: boolean; peer_closed?: boolean };
  file: string;
}

export function BytesView({ name, kept, file }: Props) {
  const [chosen, setChosen] = useState<ByteForm | null>(null);
  const bytes = useMemo(() => (kept.base64 ? fromBase64(kept.base64) : new Uint8Array()), [kept.base64]);
  const json = useMemo(() => asJson(bytes), [bytes]);
  const forms: ByteForm[] = json === null ? ['text', 'hex', 'base64'] : ['json', 'text', 'hex', 'base64'];
  const form = chosen && forms.includes(chosen) ? chosen : bestForm(bytes);
  const text = useMemo(() => (form === 'hex' ? hexDump(bytes) : form === 'base64' ? lines64(kept.base64 ?? '') : form === 'json' ? json! : visibleText(bytes)), [form, bytes]);
  const title = words.t(name);
  const nothing = kept.bytes === 0 ? words.t(name === 'sent' ? 'nothing_sent' : 'nothing_received') : kept.hidden ? words.t('hidden') : kept.base64 === null ? words.t('not_kept') : null;
  return (
    <div class="re-bytes">
      <h3>
        {title} {kept.bytes > 0 && <span class="muted num">{bytes.length > 0 && bytes.length < kept.bytes ? words.t('bytes_shown', { shown: formatBytes(bytes.length), all: formatBytes(kept.bytes) }) : formatBytes(kept.bytes)}</span>}
      </h3>
      {nothing !== null ? (
        <p class="muted">{nothing}</p>
      ) : (
        <>
          <div class="re-bytes-head">
            <Tabs label={`${title}: ${words.t('forms')}`} name={name} chosen={form} tabs={forms.map((id) => ({ id, label: words.t(`form_${id}`) }))} onChoose={setChosen} />
            <Button kind="quiet" icon="copy" label={`${ui.t('copy')}: ${title}`} onClick={() => void copyText(text)} />
            <Button kind="quiet" icon="import" label={`${words.t('download')}: ${title}`} onClick={() => saveFile(`${file}-${name}.bin`, new Blob([bytes as BlobPart], { type: 'application/octet-stream' }))} />
          </div>
          <TabPanel name={name} id={form}>
            <pre class="code-block re-code" tabIndex={0} aria-label={`${title}, ${words.t(`form_${form}`)}`} dir="ltr">
              {text}
            </pre>
          </TabPanel>
        </>
      )}
      {kept.truncated && <p class="re-mark">{words.t('truncated')}</p>}
      {kept.peer_closed && <p class="muted">{words.t('peer_closed')}</p>}
    </div>
  );
}
