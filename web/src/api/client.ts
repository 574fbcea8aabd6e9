// One way to the server: JSON in and out, problems thrown as ApiProblem, the CSRF header on every unsafe method, and one place that hears of
// a 401. Addresses are relative to the page, so that everything works below a sub-path.
import { ApiProblem, problemOf } from './problem';

export type Query = Record<string, string | number | boolean | undefined | null>;

export interface CallOptions {
  query?: Query | undefined;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  // A 401 of these calls is an answer, not the end of the session.
  expect401?: boolean;
}

let csrfToken = '';
let whenSignedOut: () => void = () => {};

export function setCsrfToken(token: string): void {
  csrfToken = token;
}
export function onSignedOut(listener: () => void): void {
  whenSignedOut = listener;
}

export function apiUrl(path: string, query?: Query): string {
  const url = new URL(`api/v1${path}`, document.baseURI.split('#')[0]);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '') url.searchParams.set(name, String(value));
  }
  return url.href;
}

export async function call(method: string, path: string, options: CallOptions = {}): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json', ...options.headers };
  if (options.body !== undefined) headers['Content-Type'] ??= 'application/json';
  if (method !== 'GET' && csrfToken) headers['X-CSRF-Token'] = csrfToken;
  let response: Response;
  try {
    response = await fetch(apiUrl(path, options.query), {
      method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      body: options.body === undefined ? null : JSON.stringify(options.body),
      signal: options.signal ?? null,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiProblem({ status: 0, code: 'network', title: '', detail: '' });
  }
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (response.status === 401 && !options.expect401) whenSignedOut();
  throw problem;
}

async function json<T>(method: string, path: string, options?: CallOptions): Promise<T> {
  const response = await call(method, path, options);
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal) => json<T>('GET', path, { query, signal });
export const post = <T>(path: string, body?: unknown, options: CallOptions = {}) => json<T>('POST', path, { ...options, body });
export const put = <T>(path: string, body: unknown, options: CallOptions = {}) => json<T>('PUT', path, { ...options, body });
export const patch = <T>(path: string, body: unknown, options: CallOptions = {}) =>
  json<T>('PATCH', path, { ...options, body, headers: { 'Content-Type': 'application/merge-patch+json', ...options.headers } });
export const del = <T>(path: string, options: CallOptions = {}) => json<T>('DELETE', path, options);

// One key for one intention: a repeated POST with it is carried out once.
export function idempotencyKey(): Record<string, string> {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return { 'Idempotency-Key': Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('') };
}

// Rows of an NDJSON answer as they come, in lots: one call of `take` for each chunk read.
export async function ndjson<T>(path: string, query: Query, take: (rows: T[]) => void, signal?: AbortSignal): Promise<void> {
  const response = await call('GET', path, { query, signal, headers: { Accept: 'application/x-ndjson' } });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    const text = rest + (value ?? '');
    const end = done ? text.length : text.lastIndexOf('\n') + 1;
    rest = text.slice(end);
    const rows: T[] = [];
    for (const line of text.slice(0, end).split('\n')) if (line) rows.push(JSON.parse(line) as T);
    if (rows.length > 0) take(rows);
    if (done) return;
  }
}
