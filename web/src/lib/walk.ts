// j and k in a plain list: the focus goes from one row's link or button to the next.
import { useRef } from 'preact/hooks';
import { useShortcuts } from '../ui/shortcuts';

export function useWalk<E extends HTMLElement>(rows: string) {
  const list = useRef<E>(null);
  const step = (by: number) => {
    const all = [...(list.current?.querySelectorAll<HTMLElement>(rows) ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + by))]?.focus();
  };
  useShortcuts({ j: () => step(1), k: () => step(-1) });
  return list;
}
