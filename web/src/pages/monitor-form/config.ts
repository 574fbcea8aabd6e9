// The form's state is the definition itself, as the API takes it; a field that is empty or at its default is left out. Short forms are opened
// for editing (retry: single) and closed again for writing.
import type { FieldProblem, MonitorConfig, MonitorDefinition } from '../../api/types';
import { assertionText, readAssertion, type AssertRow } from './assertion';

export type Json = Record<string, unknown>;
export type SendStep = { is: 'send'; hex: boolean; value: string };
export type ExpectStep = { is: 'expect'; regex: boolean; value: string; refuse: string[] };
// `value` is the JSON path; `wants` what it must find, empty: anything.
export type JsonStep = { is: 'json'; value: string; wants: string; refuse: string[] };
export type Step = SendStep | ExpectStep | JsonStep | { is: 'starttls' };

export interface Draft {
  id: string;
  target: string; // as typed
  config: Json; // all but what stands beside it here
  request: { is: 'none' } | { is: 'text'; text: string } | { is: 'hex'; hex: string } | { is: 'steps'; steps: Step[] };
  assert: (AssertRow | string)[]; // a text that this page cannot take apart stays as it is
  tls: Json;
  retry: Json;
  alert: Json;
}

export const emptyDraft = (): Draft => ({ id: '', target: '', config: {}, request: { is: 'none' }, assert: [], tls: {}, retry: {}, alert: {} });

const isMap = (value: unknown): value is Json => value !== null && typeof value === 'object' && !Array.isArray(value);

export function bytesToHex(base64: string): string {
  return Array.from(atob(base64), (c) => c.charCodeAt(0).toString(16).padStart(2, '0')).join(' ');
}

// A line of a form cannot hold a line end: control characters are shown as the escapes that the server reads.
export function escaped(text: string): string {
  const short: Record<string, string> = { '\r': '\\r', '\n': '\\n', '\t': '\\t', '\0': '\\x00' };
  return text.replace(/[\x00-\x1f\x7f]/g, (c) => short[c] ?? `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function readStep(value: unknown): Step {
  const map = isMap(value) ? value : {};
  if ('starttls' in map) return { is: 'starttls' };
  if ('expect' in map) {
    const expect = map['expect'];
    if (!isMap(expect)) return { is: 'expect', regex: false, value: escaped(String(expect ?? '')), refuse: [] };
    const refuse = Array.isArray(expect['refuse']) ? expect['refuse'].map(String) : [];
    if ('json' in expect) return { is: 'json', value: String(expect['json']), wants: String(expect['is'] ?? ''), refuse };
    return 'regex' in expect ? { is: 'expect', regex: true, value: String(expect['regex']), refuse } : { is: 'expect', regex: false, value: escaped(String(expect['text'] ?? '')), refuse };
  }
  const send = map['send'];
  if (!isMap(send)) return { is: 'send', hex: false, value: escaped(String(send ?? '')) };
  if ('base64' in send) return { is: 'send', hex: true, value: bytesToHex(String(send['base64'])) };
  return 'hex' in send ? { is: 'send', hex: true, value: String(send['hex']) } : { is: 'send', hex: false, value: escaped(String(send['text'] ?? '')) };
}

function readRequest(value: unknown): Draft['request'] {
  if (value === undefined || value === null) return { is: 'none' };
  if (typeof value === 'string') return { is: 'text', text: escaped(value) };
  const steps = (Array.isArray(value) ? value : [{ send: value }]).map(readStep);
  const [only] = steps;
  if (steps.length === 1 && only?.is === 'send') return only.hex ? { is: 'hex', hex: only.value } : { is: 'text', text: only.value };
  return { is: 'steps', steps };
}

const opened = (value: unknown, key: string): Json => (isMap(value) ? { ...value } : typeof value === 'string' ? { [key]: value } : {});

export function draftOf(config: Partial<MonitorConfig>, id = ''): Draft {
  const { id: _, target, host, port, request, assert, tls, retry, alert, ...rest } = config as Json;
  const written = target ?? (host !== undefined ? (port !== undefined ? `${String(host)}:${String(port)}` : String(host)) : '');
  return {
    id, target: String(written), config: rest, request: readRequest(request), tls: opened(tls, 'mode'), retry: opened(retry, 'strategy'), alert: isMap(alert) ? { ...alert } : {},
    assert: Array.isArray(assert) ? assert.map((one) => readAssertion(one) ?? String(one)) : [],
  };
}

export function stepOf(step: Step): Json {
  if (step.is === 'starttls') return { starttls: true };
  if (step.is === 'send') return { send: step.hex ? { hex: step.value } : step.value };
  const refuse = step.refuse.filter((one) => one !== '');
  if (step.is === 'json') return { expect: { json: step.value, ...(step.wants !== '' ? { is: step.wants } : {}), ...(refuse.length > 0 ? { refuse } : {}) } };
  if (!step.regex && refuse.length === 0) return { expect: step.value };
  return { expect: { [step.regex ? 'regex' : 'text']: step.value, ...(refuse.length > 0 ? { refuse } : {}) } };
}

// Without what is empty; a map that loses all is nothing.
export function without(map: Json): Json | undefined {
  const entries = Object.entries(map)
    .map(([key, value]): [string, unknown] => [key, isMap(value) ? without(value) : value])
    .filter(([, value]) => value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0));
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}
const closed = (map: Json, key: string, off: string): unknown => {
  const kept = without(map);
  if (!kept || kept[key] === off || (kept[key] === undefined && key === 'mode')) return undefined;
  return Object.keys(kept).length === 1 && kept[key] !== undefined ? kept[key] : kept;
};

export function requestOf(request: Draft['request']): unknown {
  if (request.is === 'text') return request.text === '' ? undefined : request.text;
  if (request.is === 'hex') return request.hex.trim() === '' ? undefined : [{ send: { hex: request.hex } }];
  if (request.is === 'steps') return request.steps.length === 0 ? undefined : request.steps.map(stepOf);
  return undefined;
}

// In the order in which people write it.
// The server judges what is in it.
export function configOf(draft: Draft, target: string): MonitorConfig & { id?: string } {
  const { name, preset, ...rest } = draft.config;
  const all = without({
    id: draft.id.trim(), name, target, preset, tls: closed(draft.tls, 'mode', 'off'), request: requestOf(draft.request),
    assert: draft.assert.map((one) => (typeof one === 'string' ? one : assertionText(one))), retry: closed(draft.retry, 'strategy', 'none'), alert: without(draft.alert), ...rest,
  });
  return (all ?? {}) as MonitorConfig & { id?: string };
}

const probed = ['target', 'preset', 'ip_family', 'source', 'resolver', 'proxy', 'tls', 'request', 'assert', 'degraded_after', 'fail_after', 'timeout', 'expect', 'should_fail', 'close'];
// A test needs only what one attempt needs: whom to tell and what to name it may still be wrong.
export function probeOf(config: MonitorConfig): MonitorDefinition {
  return Object.fromEntries(Object.entries(config).filter(([name]) => probed.includes(name))) as MonitorDefinition;
}

// A project's monitor does not show the bytes it sends: they may be secret. A copy of it cannot have them.
export function hidesBytes(config: MonitorConfig): boolean {
  return /"hidden":/.test(JSON.stringify(config.request ?? null));
}

// Which problem stands beside which field: the element with the longest pointer that leads to the problem's.
export function placeOf(pointer: string, fields: readonly string[]): string | undefined {
  const wanted = pointer === '/host' || pointer === '/port' ? '/target' : pointer;
  return fields.filter((one) => wanted === one || wanted.startsWith(`${one}/`)).sort((a, b) => b.length - a.length)[0];
}
export function byPlace(problems: readonly FieldProblem[], fields: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const problem of problems) {
    const at = placeOf(problem.pointer, fields);
    if (at !== undefined && !found.has(at)) found.set(at, problem.hint ? `${problem.message} ${problem.hint}` : problem.message);
  }
  return found;
}
