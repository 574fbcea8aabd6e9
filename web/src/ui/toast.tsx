// Short messages at the bottom. One with an action stays 10 s, long enough to undo; time stands still while the pointer or focus is on it.
import { signal } from '@preact/signals';
import { Button } from './button';
import { ui } from './words';

interface Toast {
  id: number;
  text: string;
  bad: boolean;
  act?: { label: string; run: () => void };
  endsAt: number;
}
const toasts = signal<Toast[]>([]);
let next = 1;
let held = false;
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  if (held) return;
  const now = Date.now();
  if (toasts.value.some((toast) => toast.endsAt <= now)) toasts.value = toasts.value.filter((toast) => toast.endsAt > now);
  if (toasts.value.length === 0) {
    clearInterval(timer);
    timer = undefined;
  }
}

export function toast(text: string, options: { bad?: boolean; undo?: () => void; act?: Toast['act'] } = {}): void {
  const act = options.undo ? { label: ui.t('undo'), run: options.undo } : options.act;
  const one: Toast = { id: next++, text, bad: options.bad ?? false, endsAt: Date.now() + (act || options.bad ? 10_000 : 4_000) };
  if (act) one.act = act;
  // Said again, it is there once, for longer.
  toasts.value = [...toasts.value.filter((other) => options.undo !== undefined || other.text !== text).slice(-2), one];
  timer ??= setInterval(tick, 250);
}

export function dismissToast(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

function hold(on: boolean): void {
  held = on;
  if (!on) toasts.value = toasts.value.map((toast) => ({ ...toast, endsAt: Math.max(toast.endsAt, Date.now() + 3000) }));
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite" onPointerEnter={() => hold(true)} onPointerLeave={() => hold(false)} onFocusIn={() => hold(true)} onFocusOut={() => hold(false)}>
      {toasts.value.map((one) => (
        <div class={`toast${one.bad ? ' bad' : ''}`} key={one.id}>
          <span class="grow">{one.text}</span>
          {one.act && (
            <button type="button" class="button act" onClick={() => { dismissToast(one.id); one.act!.run(); }}>
              {one.act.label}
            </button>
          )}
          <Button icon="close" label={ui.t('dismiss')} onClick={() => dismissToast(one.id)} />
        </div>
      ))}
    </div>
  );
}
