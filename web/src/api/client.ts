// One way to the server: JSON in and out, problems thrown as ApiProblem, the CSRF header on every unsafe method, and one place that hears of
// a 401. Addresses are relative to the page, so that everything works below a sub-path. Paths, parameters, bodies and answers are those of the
// API's description: a call that it does not know is an error of the type check.
import { ApiProblem, problemOf } from './problem';
import type { paths } from './schema';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type Operation<M extends Method, P extends string> = `/api/v1${P}` extends keyof paths ? paths[`/api/v1${P}`][M] : never;
// The paths that know a method, without their /api/v1.
export type Path<M extends Method> = {
  [P in keyof paths]: P extends `/api/v1${infer Rest}` ? (paths[P] extends Record<M, object> ? Rest : never) : never;
}[keyof paths];
type ParametersOf<O> = O extends { parameters: { path: infer V } } ? V : undefined;
type QueryOf<O> = O extends { parameters: { query?: infer Q } } ? Q : undefined;
type BodyOf<O> = O extends { requestBody?: { content: infer C } } ? C[keyof C] : undefined;
type ContentOf<R> = R extends { content: { 'application/json': infer T } } ? T : void;
type AnswerOf<O> = O extends { responses: infer R } ? ContentOf<R[keyof R & (200 | 201 | 202 | 204)]> : never;

export type Query = Record<string, string | number | boolean | undefined | null>;

export interface CallOptions {
  at?: Record<string, string> | undefined; // what stands for {name} in the path
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

export function apiUrl(path: string, { at = {}, query }: Pick<CallOptions, 'at' | 'query'> = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(at[name]!));
  const url = new URL(`api/v1${filled}`, document.baseURI.split('#')[0]);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '') url.searchParams.set(name, String(value));
  }
  return url.href;
}

export async function call<M extends Method>(method: M, path: Path<M>, options: CallOptions = {}): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json', ...options.headers };
  if (options.body !== undefined) headers['Content-Type'] ??= method === 'patch' ? 'application/merge-patch+json' : 'application/json';
  if (method !== 'get' && csrfToken) headers['X-CSRF-Token'] = csrfToken;
  let response: Response;
  try {
    response = await fetch(apiUrl(path, options), {
      method: method.toUpperCase(),
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

type Options<O> = Omit<CallOptions, 'at' | 'query' | 'body'> &
  (ParametersOf<O> extends Record<string, string> ? { at: ParametersOf<O> } : unknown) & { query?: QueryOf<O>; body?: BodyOf<O> };

// The answer's body; nothing for 204.
export async function ask<M extends Method, P extends Path<M>>(method: M, path: P, options: Options<Operation<M, P>>): Promise<AnswerOf<Operation<M, P>>> {
  const response = await call(method, path, options as CallOptions);
  return (response.status === 204 ? undefined : await response.json()) as AnswerOf<Operation<M, P>>;
}

// One key for one intention: a repeated POST with it is carried out once.
export function idempotencyKey(): Record<string, string> {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return { 'Idempotency-Key': Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('') };
}

// Rows of an NDJSON answer as they come, in lots: one call of `take` for each chunk read.
export async function ndjson<T>(path: Path<'get'>, query: Query, take: (rows: T[]) => void, signal?: AbortSignal): Promise<void> {
  const response = await call('get', path, { query, signal, headers: { Accept: 'application/x-ndjson' } });
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
