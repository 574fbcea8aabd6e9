// A button with a menu below it: arrows move, Esc and a click elsewhere close, letters jump.
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from './icon';

export interface MenuItem {
  label: string;
  icon?: IconName;
  run?: () => void;
  href?: string;
  checked?: boolean;
  danger?: boolean;
  disabled?: boolean;
}
interface Props {
  label: string;
  icon?: IconName;
  items: MenuItem[];
  side?: 'start' | 'up' | 'up start';
  kind?: string;
  heading?: ComponentChildren;
  children?: ComponentChildren;
}

export function Menu({ label, icon, items, side, kind = 'quiet', heading, children }: Props) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const trigger = useRef<HTMLButtonElement>(null);
  const id = useId();
  const entries = () => Array.from(root.current?.querySelectorAll<HTMLElement>('.menu-item:not([disabled])') ?? []);
  const close = (focus: boolean) => {
    setOpen(false);
    if (focus) trigger.current?.focus();
  };
  // At once: a key pressed before the next paint moves on from the first entry, and is not taken back to it.
  useLayoutEffect(() => {
    if (!open) return;
    entries()[0]?.focus();
    const outside = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', outside, true);
    document.addEventListener('focusin', outside, true);
    return () => {
      document.removeEventListener('pointerdown', outside, true);
      document.removeEventListener('focusin', outside, true);
    };
  }, [open]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) {
      if (event.key === 'ArrowDown' && event.target === trigger.current) {
        event.preventDefault();
        setOpen(true);
      }
      return;
    }
    event.stopPropagation();
    const list = entries();
    const at = list.indexOf(document.activeElement as HTMLElement);
    const to = (index: number) => {
      event.preventDefault();
      list[(index + list.length) % list.length]?.focus();
    };
    if (event.key === 'Escape') close(true);
    else if (event.key === 'ArrowDown') to(at + 1);
    else if (event.key === 'ArrowUp') to(at - 1);
    else if (event.key === 'Home') to(0);
    else if (event.key === 'End') to(list.length - 1);
    else if (event.key.length === 1 && event.key !== ' ') {
      const found = [...list.slice(at + 1), ...list].find((e) => e.textContent?.toLowerCase().startsWith(event.key.toLowerCase()));
      found?.focus();
    }
  };
  const checkable = items.some((item) => item.checked !== undefined);
  return (
    <div class="menu" ref={root} onKeyDown={onKeyDown}>
      <button ref={trigger} type="button" class={`button ${kind} ${children ? '' : 'icon'}`} aria-haspopup="menu" aria-expanded={open} aria-controls={open ? id : undefined}
        {...(children ? {} : { 'aria-label': label, title: label })} onClick={() => setOpen(!open)}>
        {icon && <Icon name={icon} />}
        {children}
      </button>
      {open && (
        <div class={`menu-list ${side ?? ''}`}>
          {heading}
          <div id={id} role="menu" aria-label={label}>
            {items.map((item) => {
              const role = checkable ? 'menuitemradio' : 'menuitem';
              const inside = (
                <>
                  {item.icon && <Icon name={item.icon} />}
                  {item.label}
                </>
              );
              return item.href ? (
                <a key={item.label} class="menu-item" role={role} tabIndex={-1} href={item.href} onClick={() => close(false)}>
                  {inside}
                </a>
              ) : (
                <button key={item.label} type="button" class={`menu-item${item.danger ? ' danger' : ''}`} role={role} tabIndex={-1} disabled={item.disabled}
                  {...(checkable ? { 'aria-checked': item.checked ?? false } : {})}
                  onClick={() => {
                    close(true);
                    item.run?.();
                  }}>
                  {inside}
                </button>
              );
            })}
          </div>
        </div>
      )}
    </div>
  );
}
