// The definition as it is written, to read and to copy.
import { useState } from 'preact/hooks';
import type { MonitorDetail } from '../../api/types';
import { projectOf } from '../../lib/owner';
import { Button } from '../../ui/button';
import { AsCode, CodeBlock, monitorYaml } from '../../ui/code';
import { Icon } from '../../ui/icon';
import { ui } from '../../ui/words';
import { codeForms } from './code-forms';
import { words } from './words';

export function ConfigTab({ monitor }: { monitor: MonitorDetail }) {
  const [code, setCode] = useState(false);
  const owner = projectOf(monitor.owner);
  return (
    <section class="mo-part stack">
      <div class="mo-part-head">
        <div class="grow">
          <h2>{words.t('definition')}</h2>
          <p class="muted">{words.t('definition_help')}</p>
        </div>
        <Button icon="code" onClick={() => setCode(true)}>{ui.t('as_code')}</Button>
      </div>
      {owner && (
        <p class="mo-note">
          <Icon name="code" />
          {words.t('owned_text', { project: owner.project, file: owner.file, line: String(owner.line) })}
        </p>
      )}
      <CodeBlock text={monitorYaml(monitor.id, monitor.config)} label="YAML" />
      {JSON.stringify(monitor.config).includes('"hidden":') && <p class="muted">{words.t('hidden_bytes')}</p>}
      <p class="muted mono">{words.t('revision', { revision: monitor.revision })}</p>
      {code && <AsCode title={words.t('as_code_title', { name: monitor.name })} forms={codeForms(monitor)} onClose={() => setCode(false)} />}
    </section>
  );
}
