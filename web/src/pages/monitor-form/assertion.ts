// Assertions in their text form, both ways, and what they say about the answer of the last test. The server judges; this tells while typing.
import type { ProbeAnswer } from '../../api/types';

export const sources = ['response_time', 'response_data', 'connect_time', 'dns_time', 'tls_time', 'resolved_ip', 'cert_days_left', 'tls_version', 'bytes_received', 'error_code'] as const;
export type Source = (typeof sources)[number];
export const comparisons = ['equals', 'not_equals', 'less_than', 'greater_than', 'contains', 'not_contains', 'matches', 'not_matches', 'is_empty', 'not_empty', 'has_key', 'not_has_key', 'has_value', 'not_has_value', 'is_null', 'not_null'] as const;
export type Comparison = (typeof comparisons)[number];

export interface AssertRow {
  source: Source;
  property: string;
  comparison: Comparison;
  // As typed: of a pattern the pattern itself, else a text in which \r \n \t \xHH are read.
  target: string;
}

const symbols: Partial<Record<Comparison, string>> = { equals: '==', not_equals: '!=', less_than: '<', greater_than: '>' };
export const shownComparison = (comparison: Comparison): string => symbols[comparison] ?? comparison;
const bySymbol = new Map(Object.entries(symbols).map(([name, symbol]) => [symbol, name as Comparison]));

const times = new Set<Source>(['response_time', 'connect_time', 'dns_time', 'tls_time']);
const numbers: Comparison[] = ['equals', 'not_equals', 'less_than', 'greater_than'];
const texts: Comparison[] = ['equals', 'not_equals', 'contains', 'not_contains', 'matches', 'not_matches', 'is_empty', 'not_empty', 'is_null', 'not_null'];
export function comparisonsOf(source: Source): readonly Comparison[] {
  if (source === 'response_data') return comparisons;
  if (source === 'response_time' || source === 'bytes_received') return numbers;
  if (times.has(source) || source === 'cert_days_left') return [...numbers, 'is_null', 'not_null'];
  return texts;
}
const alone = new Set<Comparison>(['is_empty', 'not_empty', 'is_null', 'not_null']);
export const takesTarget = (comparison: Comparison): boolean => !alone.has(comparison);
const isPattern = (comparison: Comparison) => comparison === 'matches' || comparison === 'not_matches';

// --- writing

function balanced(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '(') depth += 1;
    else if (text[i] === ')' && (depth -= 1) < 0) return false;
  }
  return depth === 0 && !text.endsWith('\\') && !text.startsWith('"');
}

const quotes = (text: string) => `"${text.replace(/"/g, '\\"')}"`;

// Display escapes that quoted texts do not have become \xHH.
export function quotable(shown: string): string {
  const other: Record<string, string> = { '0': '\\x00', a: '\\x07', v: '\\x0b', e: '\\x1b', "'": "'" };
  return shown.replace(/\\(.)/gs, (whole, c: string) => other[c] ?? whole);
}

export function assertionText(row: AssertRow): string {
  const property = row.source === 'response_data' && row.property !== '' ? `(${balanced(row.property) ? row.property : quotes(row.property.replace(/\\/g, '\\\\'))})` : '';
  const start = `${row.source}${property} ${shownComparison(row.comparison)}`;
  if (!takesTarget(row.comparison)) return start;
  const isBare = isPattern(row.comparison) ? /^\w+$/.test(row.target) : row.source !== 'response_data' ? /^[\w.:-]+$/.test(row.target) : /^(-?\d+(\.\d+)?|\w+)$/.test(row.target);
  if (isBare) return `${start} ${row.target}`;
  return `${start} ${quotes(isPattern(row.comparison) ? row.target.replace(/\\/g, '\\\\') : quotable(row.target))}`;
}

// --- reading

function propertyEnd(text: string): number {
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '(') depth += 1;
    else if (text[i] === ')') {
      if (depth === 0) return i;
      depth -= 1;
    }
  }
  return -1;
}
const unquoteBackslashes = (text: string) => text.replace(/\\(["\\/])/g, '$1');

export function parseAssertion(text: string): AssertRow | null {
  const start = /^\s*(\w+)\s*/.exec(text);
  const source = sources.find((one) => one === start?.[1]);
  if (!start || !source) return null;
  let rest = text.slice(start[0].length);
  let property = '';
  if (rest.startsWith('(')) {
    const quoted = /^\("((?:[^"\\]|\\.)*)"\)/s.exec(rest);
    const end = quoted ? quoted[0].length - 2 : propertyEnd(rest.slice(1));
    if (end < 0) return null;
    property = quoted ? unquoteBackslashes(quoted[1]!) : rest.slice(1, end + 1);
    rest = rest.slice(end + 2);
  }
  const word = /^\s*(==|!=|<|>|\w+)\s*/.exec(rest);
  const comparison = word && (bySymbol.get(word[1]!) ?? comparisons.find((one) => one === word[1]));
  if (!word || !comparison) return null;
  const written = rest.slice(word[0].length).trim();
  const quoted = /^"((?:[^"\\]|\\.)*)"$/s.exec(written);
  const target = !quoted ? written : isPattern(comparison) ? unquoteBackslashes(quoted[1]!) : quoted[1]!.replace(/\\"/g, '"');
  return { source, property, comparison, target };
}

// A configuration may hold the map form too.
export function readAssertion(value: unknown): AssertRow | null {
  if (typeof value === 'string') return parseAssertion(value);
  if (value === null || typeof value !== 'object') return null;
  const map = value as Record<string, unknown>;
  const comparison = bySymbol.get(String(map['comparison'])) ?? comparisons.find((one) => one === map['comparison']);
  const source = sources.find((one) => one === map['source']);
  return source && comparison ? { source, comparison, property: String(map['property'] ?? ''), target: String(map['target'] ?? '') } : null;
}

// --- judging

const unitUs: Record<string, number> = { us: 1, ms: 1e3, s: 1e6, m: 6e7, h: 3.6e9, d: 8.64e10, y: 3.1536e13 };
// "1m30s" in microseconds; null when it is no duration.
export function durationUs(text: string): number | null {
  const parts = [...text.trim().matchAll(/(\d+(?:\.\d+)?)(us|ms|s|m|h|d|y)/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== text.trim()) return null;
  return parts.reduce((sum, part) => sum + Number(part[1]) * unitUs[part[2]!]!, 0);
}

function unescaped(text: string): string {
  const one: Record<string, string> = { r: '\r', n: '\n', t: '\t', '0': '\0', b: '\b', f: '\f' };
  return text.replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|(.))/gis, (_, hex: string | undefined, code: string | undefined, c: string) => (hex ?? code ? String.fromCharCode(parseInt((hex ?? code)!, 16)) : (one[c] ?? c)));
}

export interface Judgement {
  passed: boolean | null; // null: this page cannot tell, the next test does
  actual: string;
}

function subjectOf(row: AssertRow, answer: ProbeAnswer): string | number | null | undefined {
  switch (row.source) {
    case 'response_time': return answer.response_time_us;
    case 'connect_time': return answer.connect_us;
    case 'dns_time': return answer.dns_us;
    case 'tls_time': return answer.tls_us;
    case 'resolved_ip': return answer.resolved_ip;
    case 'tls_version': return answer.tls?.version ?? null;
    case 'bytes_received': return answer.received.bytes;
    case 'error_code': return answer.error?.code ?? '';
    case 'cert_days_left': return answer.tls?.not_after ? Math.floor((Date.parse(answer.tls.not_after) - Date.now()) / 86_400_000) : null;
    case 'response_data': {
      if (answer.received.truncated) return undefined;
      const data = answer.received.base64 !== undefined ? atob(answer.received.base64) : unescaped(answer.received.text);
      if (row.property === '') return data;
      if (row.property.startsWith('$')) return undefined;
      const found = new RegExp(row.property.replace(/^\(\?([ims]+)\)/, ''), /^\(\?([ims]+)\)/.exec(row.property)?.[1] ?? '').exec(data);
      return found ? (found[1] ?? found[0]) : null;
    }
  }
}

export function judge(row: AssertRow, answer: ProbeAnswer): Judgement {
  let subject: ReturnType<typeof subjectOf>;
  try {
    subject = subjectOf(row, answer);
  } catch {
    return { passed: null, actual: '' };
  }
  if (subject === undefined) return { passed: null, actual: '' };
  const actual = subject === null ? '' : String(subject);
  const answers = (passed: boolean | null): Judgement => ({ passed, actual });
  if (row.comparison === 'is_null') return answers(subject === null);
  if (row.comparison === 'not_null') return answers(subject !== null);
  if (subject === null) return answers(false);
  if (row.comparison === 'is_empty') return answers(actual === '');
  if (row.comparison === 'not_empty') return answers(actual !== '');
  // Bytes above 127: atob gives one character a byte, so the target is made of bytes too.
  const wanted = row.source === 'response_data' ? String.fromCharCode(...new TextEncoder().encode(unescaped(row.target))) : row.target;
  const number = times.has(row.source) ? durationUs(row.target) : row.target.trim() !== '' && Number.isFinite(Number(row.target)) ? Number(row.target) : null;
  const have = typeof subject === 'number' ? subject : actual.trim() !== '' && Number.isFinite(Number(actual)) ? Number(actual) : null;
  const both = number !== null && have !== null;
  switch (row.comparison) {
    case 'equals': return answers(both ? have === number : actual === wanted);
    case 'not_equals': return answers(both ? have !== number : actual !== wanted);
    case 'less_than': return answers(both ? have < number : null);
    case 'greater_than': return answers(both ? have > number : null);
    case 'contains': return answers(actual.includes(wanted));
    case 'not_contains': return answers(!actual.includes(wanted));
    case 'matches':
    case 'not_matches':
      try {
        const flags = /^\(\?([ims]+)\)/.exec(row.target);
        const found = new RegExp(flags ? row.target.slice(flags[0].length) : row.target, flags?.[1] ?? '').test(actual);
        return answers(found === (row.comparison === 'matches'));
      } catch {
        return answers(null); // RE2 knows forms that the browser does not
      }
    default: return answers(null);
  }
}
