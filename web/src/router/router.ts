// Hash routing. The address is the state: path and query live in location.hash, so the pages need nothing of the server and Back works.
import { computed, signal } from '@preact/signals';

export interface Place {
  path: string; // "/monitors/redis"
  query: URLSearchParams;
}

export function parseHash(hash: string): Place {
  const text = hash.replace(/^#/, '') || '/';
  const mark = text.indexOf('?');
  const path = mark < 0 ? text : text.slice(0, mark);
  return { path: path.startsWith('/') ? path : `/${path}`, query: new URLSearchParams(mark < 0 ? '' : text.slice(mark + 1)) };
}

const now = () => parseHash(typeof location === 'undefined' ? '' : location.hash);
export const place = signal<Place>(now());
export const path = computed(() => place.value.path);
if (typeof window !== 'undefined') window.addEventListener('hashchange', () => (place.value = now()));

// Leaving a page with unsaved input asks first; a page sets this while it is dirty.
export const leaveGuard = signal<null | (() => boolean)>(null);

export function href(to: string, query?: Record<string, string | undefined>): string {
  const text = new URLSearchParams(Object.entries(query ?? {}).filter((pair): pair is [string, string] => !!pair[1])).toString();
  return `#${to}${text ? `?${text}` : ''}`;
}

export function go(to: string, options: { replace?: boolean } = {}): void {
  const hash = to.startsWith('#') ? to : `#${to}`;
  if (leaveGuard.value && !leaveGuard.value()) return;
  if (options.replace) {
    history.replaceState(null, '', hash);
    place.value = now();
  } else {
    location.hash = hash;
  }
}

// Changes some of the query's names on the same path; undefined or '' removes one. Replaces by default: typing in a search is one step back.
export function setQuery(change: Record<string, string | undefined>, options: { push?: boolean } = {}): void {
  const query = new URLSearchParams(place.peek().query);
  for (const [name, value] of Object.entries(change)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  const text = query.toString();
  const hash = `#${place.peek().path}${text ? `?${text}` : ''}`;
  if (hash === (location.hash || '#/')) return;
  if (options.push) history.pushState(null, '', hash);
  else history.replaceState(null, '', hash);
  place.value = now();
}

// "/monitors/:id" against "/monitors/redis" gives {id: "redis"}; null when it is another place.
export function matchPath(pattern: string, at: string): Record<string, string> | null {
  const want = pattern.split('/');
  const have = at.replace(/(.)\/$/, '$1').split('/');
  if (want.length !== have.length) return null;
  const found: Record<string, string> = {};
  for (let i = 0; i < want.length; i += 1) {
    const name = want[i]!;
    if (name.startsWith(':')) {
      if (!have[i]) return null;
      try {
        found[name.slice(1)] = decodeURIComponent(have[i]!);
      } catch {
        return null;
      }
    } else if (name !== have[i]) return null;
  }
  return found;
}
