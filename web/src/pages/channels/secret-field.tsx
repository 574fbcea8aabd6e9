// A secret that goes one way: typed, kept, replaced or removed, and never shown again once it is stored.
import { useFocusOnceDrawn } from '../../lib/focus';
import { Button } from '../../ui/button';
import { Field, PasswordField } from '../../ui/field';
import { Icon } from '../../ui/icon';
import type { SecretDraft } from './draft';
import { words } from './words';

interface Props {
  id: string;
  label: string;
  help?: string;
  error?: string | undefined;
  value: SecretDraft;
  onValue: (value: SecretDraft) => void;
  isStored: boolean;
  again: boolean; // its destination has changed: keeping it is no choice
  shown?: string; // what is said in place of the secret
  removable?: boolean;
  disabled: boolean;
}

export function SecretField({ id, label, help, error, value, onValue, isStored, again, shown, removable = true, disabled }: Props) {
  const focusOn = useFocusOnceDrawn();
  const open = isStored && (value.is === 'gone' || (value.is === 'keep' && !again));
  const replace = () => {
    onValue({ is: 'new', value: '' });
    focusOn(() => document.getElementById(id));
  };
  if (open) {
    const isKept = value.is === 'keep';
    return (
      <Field id={id} label={label} error={error} {...(help && !isKept ? {} : { help: help ?? '' })}>
        {(wiring) => (
          <div class="ch-secret">
            <output {...wiring} class="grow row" tabIndex={-1}><Icon name={isKept ? 'check' : 'trash'} />{isKept ? (shown ?? words.t('secret_set')) : words.t('secret_gone')}</output>
            {!disabled && <Button aria-describedby={id} onClick={replace}>{words.t('secret_replace')}</Button>}
            {!disabled && isKept && removable && <Button kind="quiet" aria-describedby={id} onClick={() => onValue({ is: 'gone' })}>{words.t('secret_remove')}</Button>}
            {!disabled && !isKept && !again && <Button kind="quiet" aria-describedby={id} onClick={() => onValue({ is: 'keep' })}>{words.t('secret_keep')}</Button>}
          </div>
        )}
      </Field>
    );
  }
  return (
    <div class="stack-tight">
      <PasswordField id={id} label={label} help={again ? words.t('secret_again') : help} error={error} value={value.is === 'new' ? value.value : ''} disabled={disabled} autocomplete="new-password" onValue={(text) => onValue({ is: 'new', value: text })} />
      {isStored && !disabled && (
        <div class="row">
          {!again && <button type="button" class="link-button" onClick={() => onValue({ is: 'keep' })}>{words.t('secret_keep')}</button>}
          {again && removable && <button type="button" class="link-button" onClick={() => onValue({ is: 'gone' })}>{words.t('secret_remove')}</button>}
        </div>
      )}
    </div>
  );
}
