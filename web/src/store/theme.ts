// The theme: chosen, or as the system says. The document's data-theme is always the one that is shown, so the styles need each value once;
// boot/theme.js sets it before the first paint.
import { computed, signal } from '@preact/signals';

export type Theme = 'auto' | 'light' | 'dark';
const kKey = 'tocsin.theme';

const inBrowser = typeof document !== 'undefined';
function stored(): Theme {
  try {
    const set = localStorage.getItem(kKey);
    return set === 'light' || set === 'dark' ? set : 'auto';
  } catch {
    return 'auto';
  }
}
const system = inBrowser ? matchMedia('(prefers-color-scheme: dark)') : null;
const isSystemDark = signal(system?.matches ?? false);
export const theme = signal<Theme>(inBrowser ? stored() : 'auto');
export const shownTheme = computed(() => (theme.value === 'auto' ? (isSystemDark.value ? 'dark' : 'light') : theme.value));

if (inBrowser) {
  system!.addEventListener('change', (event) => (isSystemDark.value = event.matches));
  shownTheme.subscribe((shown) => (document.documentElement.dataset['theme'] = shown));
}

export function setTheme(next: Theme): void {
  theme.value = next;
  try {
    localStorage.setItem(kKey, next);
  } catch {
    // Not kept then.
  }
}
export const nextTheme = (): Theme => (theme.value === 'auto' ? 'light' : theme.value === 'light' ? 'dark' : 'auto');
