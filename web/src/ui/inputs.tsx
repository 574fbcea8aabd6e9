// Further kinds of fields: a choice, a longer text, a tick. Labels, help and errors as in field.tsx.
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { Field } from './field';

interface Common {
  label: string;
  help?: ComponentChildren;
  error?: string | undefined;
  id?: string;
  disabled?: boolean;
}

export function SelectField({ label, help, error, id, value, options, onValue, disabled }: Common & { value: string; options: readonly (readonly [value: string, label: string])[]; onValue: (value: string) => void }) {
  return (
    <Field label={label} help={help} error={error} {...(id ? { id } : {})}>
      {(wiring) => (
        <select {...wiring} class="input" value={value} disabled={disabled ?? false} onChange={(event) => onValue(event.currentTarget.value)}>
          {options.map(([one, text]) => (
            <option key={one} value={one} selected={one === value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function AreaField({ label, help, error, id, value, onValue, disabled, rows = 3, mono = false, placeholder }: Common & { value: string; onValue: (value: string) => void; rows?: number; mono?: boolean; placeholder?: string }) {
  return (
    <Field label={label} help={help} error={error} {...(id ? { id } : {})}>
      {(wiring) => (
        <textarea {...wiring} class={`input area${mono ? ' mono' : ''}`} rows={rows} value={value} disabled={disabled ?? false} placeholder={placeholder ?? ''} spellcheck={!mono} onInput={(event) => onValue(event.currentTarget.value)} />
      )}
    </Field>
  );
}

export function CheckField({ label, help, error, id: given, checked, onChecked, disabled }: Common & { checked: boolean; onChecked: (on: boolean) => void }) {
  const made = useId();
  const id = given ?? made;
  return (
    <div class="field">
      <label class="row check-row" for={id}>
        <input type="checkbox" class="check" id={id} checked={checked} disabled={disabled ?? false} aria-describedby={help || error ? `${id}-help` : undefined} onChange={(event) => onChecked(event.currentTarget.checked)} />
        <span>{label}</span>
      </label>
      {(help || error) && (
        <p class={error ? 'error' : 'help'} id={`${id}-help`}>
          {error ?? help}
        </p>
      )}
    </div>
  );
}
