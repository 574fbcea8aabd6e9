import { signal } from '@preact/signals';

export type Theme = 'auto' | 'light' | 'dark';
const kKey = 'tocsin.theme';

function stored(): Theme {
  const set = typeof document === 'undefined' ? undefined : document.documentElement.dataset['theme'];
  return set === 'light' || set === 'dark' ? set : 'auto';
}
export const theme = signal<Theme>(stored());

export function setTheme(next: Theme): void {
  theme.value = next;
  if (next === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = next;
  try {
    localStorage.setItem(kKey, next);
  } catch {
    // Not kept then.
  }
}
export const nextTheme = (): Theme => (theme.value === 'auto' ? 'light' : theme.value === 'light' ? 'dark' : 'auto');
