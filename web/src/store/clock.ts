// One ticking now for everything that shows an age: one timer for the page, at rest while the page is hidden.
import { signal } from '@preact/signals';

export const nowMs = signal(Date.now());
if (typeof document !== 'undefined') {
  setInterval(() => {
    if (document.visibilityState === 'visible') nowMs.value = Date.now();
  }, 1000);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') nowMs.value = Date.now();
  });
}
