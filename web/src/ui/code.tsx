// Texts to copy, and the drawer that shows any object as code.
import { useState } from 'preact/hooks';
import { Button } from './button';
import { Dialog } from './dialog';
import { TabPanel, Tabs } from './tabs';
import { toast } from './toast';
import { ui } from './words';

export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(ui.t('copied'));
  } catch {
    toast(ui.t('copy_failed'), { bad: true });
  }
}

export function CodeBlock({ text, label }: { text: string; label: string }) {
  return (
    <div class="code-copy">
      <pre class="code-block" tabIndex={0} aria-label={label}>
        {text}
      </pre>
      <Button kind="quiet" icon="copy" label={`${ui.t('copy')}: ${label}`} onClick={() => void copyText(text)} />
    </div>
  );
}

export interface CodeForm {
  id: string;
  label: string; // "YAML", "curl", "CLI"
  text: string;
}

export function AsCode({ title, forms, onClose }: { title: string; forms: CodeForm[]; onClose: () => void }) {
  const [chosen, setChosen] = useState(forms[0]?.id ?? '');
  const form = forms.find((one) => one.id === chosen) ?? forms[0];
  if (!form) return null;
  return (
    <Dialog title={title} kind="drawer" onClose={onClose}>
      <div class="stack">
        <p class="muted">{ui.t('as_code_help')}</p>
        <Tabs label={ui.t('as_code')} tabs={forms} chosen={form.id} onChoose={setChosen} name="code" />
        <TabPanel name="code" id={form.id}>
          <CodeBlock text={form.text} label={form.label} />
        </TabPanel>
      </div>
    </Dialog>
  );
}

// --- writing things as code

const plain = /^[A-Za-z_./][\w./@+ -]*$/;
const notPlain = /^(true|false|null|yes|no|on|off|~)$|\s$|: | #/i;
const duration = /^\d+(us|ms|s|m|h|d)$/;
// Double quotes would double every backslash; what has none of YAML's escapes reads as it is in single ones.
const asItIs = /^[\x20-\x7e]*$/;
export function yamlText(value: string): string {
  if (duration.test(value) || (plain.test(value) && !notPlain.test(value))) return value;
  return /[\\"]/.test(value) && asItIs.test(value) ? `'${value.replaceAll("'", "''")}'` : JSON.stringify(value);
}

// YAML of plain values, two spaces a level, short lists of scalars on one line.
export function toYaml(value: unknown, indent = ''): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return yamlText(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) {
    if (value.every((one) => typeof one !== 'object' || one === null) && JSON.stringify(value).length < 80) return `[${value.map((one) => toYaml(one)).join(', ')}]`;
    return value.map((one) => `\n${indent}- ${toYaml(one, `${indent}  `).replace(/^\n\s*/, '')}`).join('');
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return '{}';
  return entries
    .map(([key, one]) => {
      const text = toYaml(one, `${indent}  `);
      return `\n${indent}${yamlText(key)}:${text.startsWith('\n') ? '' : ' '}${text}`;
    })
    .join('');
}

export function monitorYaml(id: string, config: Record<string, unknown>): string {
  return `version: 1\nmonitors:${toYaml({ [id]: config }, '  ')}\n`;
}

// A word of a shell's command line.
export const shell = (text: string) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
export function curl(method: string, apiPath: string, body?: unknown): string {
  const base = `${location.origin}${location.pathname.replace(/\/$/, '')}/api/v1`;
  const lines = [`curl ${method === 'GET' ? '' : `-X ${method} `}-H "Authorization: Bearer $TOCSIN_TOKEN"`];
  if (body !== undefined) lines.push(`  -H 'Content-Type: application/json'`, `  -d ${shell(JSON.stringify(body, null, 2))}`);
  lines.push(`  ${shell(`${base}${apiPath}`)}`);
  return lines.join(' \\\n');
}
