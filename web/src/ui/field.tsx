// A form field: label above, help below, the error next to it and tied to it. Whoever fills it gets the ids to wire by `children`.
import type { ComponentChildren, JSX, Ref } from 'preact';
import { useId, useState } from 'preact/hooks';
import { Button } from './button';
import { Icon } from './icon';
import { ui } from './words';

export interface Wiring {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': 'true' | undefined;
}
interface Props {
  label: string;
  help?: ComponentChildren;
  error?: string | undefined;
  id?: string;
  children: (wiring: Wiring) => ComponentChildren;
}

export function Field({ label, help, error, id: given, children }: Props) {
  const made = useId();
  const id = given ?? made;
  const described = [error ? `${id}-error` : '', help ? `${id}-help` : ''].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': error ? 'true' : undefined })}
      {error && (
        <p class="error" id={`${id}-error`}>
          <Icon name="warning" size={14} />
          {error}
        </p>
      )}
      {help && (
        <p class="help" id={`${id}-help`}>
          {help}
        </p>
      )}
    </div>
  );
}

export interface InputProps {
  label: string;
  value: string;
  onValue: (value: string) => void;
  help?: ComponentChildren;
  error?: string | undefined;
  id?: string;
  name?: string;
  type?: 'text' | 'email' | 'url' | 'number' | 'search';
  class?: string;
  placeholder?: string;
  required?: boolean;
  disabled?: boolean;
  autocomplete?: string;
  autocapitalize?: 'none' | 'sentences';
  spellcheck?: boolean;
  inputmode?: 'text' | 'numeric' | 'decimal' | 'url' | 'email';
  list?: string;
  onBlur?: () => void;
  inputRef?: Ref<HTMLInputElement>;
}

// Preact tells inputs apart by their type; here the type is a value, so the element's own check of the pair is set aside.
function Input({ inputRef, onValue, class: more, label: _label, help: _help, error: _error, ...rest }: Omit<InputProps, 'type'> & Partial<Wiring> & { type?: string }) {
  const given = rest as JSX.IntrinsicElements['input'];
  return <input {...given} ref={inputRef ?? null} class={`input ${more ?? ''}`} onInput={(event) => onValue(event.currentTarget.value)} />;
}

export function TextField(props: InputProps) {
  return (
    <Field label={props.label} help={props.help} error={props.error} {...(props.id ? { id: props.id } : {})}>
      {(wiring) => <Input {...props} {...wiring} />}
    </Field>
  );
}

export function PasswordField(props: Omit<InputProps, 'type'>) {
  const [shown, setShown] = useState(false);
  return (
    <Field label={props.label} help={props.help} error={props.error} {...(props.id ? { id: props.id } : {})}>
      {(wiring) => (
        <div class="with-end">
          <Input {...props} {...wiring} type={shown ? 'text' : 'password'} spellcheck={false} />
          <Button kind="quiet" icon={shown ? 'eye-off' : 'eye'} label={shown ? ui.t('hide_password') : ui.t('show_password')} aria-pressed={shown} onClick={() => setShown(!shown)} />
        </div>
      )}
    </Field>
  );
}
