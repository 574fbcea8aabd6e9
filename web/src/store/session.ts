// Who is signed in. `checking` at the start; `out` shows the sign-in page, or, when a page was open, the sign-in form over it, so that a
// session that ends loses nothing.
import { signal } from '@preact/signals';
import * as calls from '../api/calls';
import { onSignedOut, setCsrfToken } from '../api/client';
import { startLive, stopLive } from '../api/live';
import { ApiProblem, asProblem } from '../api/problem';
import type { Session } from '../api/types';

export type SessionState =
  | { is: 'checking' }
  | { is: 'unreachable'; problem: ApiProblem }
  | { is: 'setup' } // nobody has an account yet
  | { is: 'out'; over: boolean } // over: the page stays and the form lies over it
  | { is: 'in'; session: Session };

export const session = signal<SessionState>({ is: 'checking' });

export function enter(next: Session): void {
  setCsrfToken(next.csrf_token);
  session.value = { is: 'in', session: next };
  startLive();
}

// The browser threw the cookie away: the server will not know the next request.
export const kNotKept = 'cookie_not_kept';

// After signing in: whether the browser sends the cookie back is known only by asking.
export async function enterChecked(next: Session): Promise<void> {
  setCsrfToken(next.csrf_token);
  if (!(await calls.getSession())) {
    setCsrfToken('');
    throw new ApiProblem({ status: 0, code: kNotKept });
  }
  enter(next);
}

export async function checkSession(): Promise<void> {
  session.value = { is: 'checking' };
  try {
    const found = await calls.getSession();
    if (found) return enter(found);
    const setup = await calls.getSetup();
    session.value = setup.open ? { is: 'setup' } : { is: 'out', over: false };
  } catch (error) {
    session.value = { is: 'unreachable', problem: asProblem(error) };
  }
}

export async function leave(): Promise<void> {
  await calls.signOut();
  setCsrfToken('');
  stopLive();
  session.value = { is: 'out', over: false };
}

onSignedOut(() => {
  if (session.peek().is !== 'in') return;
  setCsrfToken('');
  stopLive();
  session.value = { is: 'out', over: true };
});

export const canWrite = (): boolean => session.value.is === 'in' && (session.value.session.scope === 'write' || session.value.session.scope === 'admin');
export const isAdmin = (): boolean => session.value.is === 'in' && session.value.session.scope === 'admin';
