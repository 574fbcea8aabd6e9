// The browser's own modal dialog: focus stays inside, Esc closes, focus goes back to where it was.
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from './button';
import { ui } from './words';

interface Props {
  title: string;
  onClose: () => void;
  kind?: 'wide' | 'drawer';
  // A dialog that must be answered has no close button and Esc does nothing.
  mustAnswer?: boolean;
  children: ComponentChildren;
}

export function Dialog({ title, onClose, kind, mustAnswer = false, children }: Props) {
  const box = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // At once, not after the next paint: between a dialog that is gone and the focus back at its place no key may get lost.
  useLayoutEffect(() => {
    const dialog = box.current!;
    const before = document.activeElement;
    if (!dialog.open) dialog.showModal();
    // The first field, not the close button, is where one goes on.
    dialog.querySelector<HTMLElement>('.dialog-body :is(input, select, textarea):not([disabled])')?.focus();
    return () => {
      dialog.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={box}
      class={`dialog ${kind ?? ''}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        if (!mustAnswer) onClose();
      }}
      onPointerDown={(event) => {
        if (!mustAnswer && event.target === box.current) onClose();
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <div class="dialog-head">
        <h2 id={titleId} class="grow">
          {title}
        </h2>
        {!mustAnswer && <Button kind="quiet" icon="close" label={ui.t('close')} onClick={onClose} />}
      </div>
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}
