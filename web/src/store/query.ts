// The search of the overview: words, and operators name: tag: state: port: host: group:, each with an optional minus. Everything must hold.
// Values with spaces stand in quotes. What looks like an operator but is none ("redis:6379") is a word.
import type { Row } from './monitors';

export interface Term {
  text: string; // as written
  fits: (row: Row) => boolean;
}

const flagStates = ['muted', 'acknowledged', 'flapping', 'confirming', 'recovering'] as const;
const operators: Record<string, (value: string) => (row: Row) => boolean> = {
  name: (value) => (row) => row.nameLower.includes(value),
  tag: (value) => (row) => row.tags.some((tag) => tag.toLowerCase() === value),
  state: (value) => {
    const flag = flagStates.find((one) => one === value);
    if (flag) return (row) => row.flags[flag];
    return value === 'disabled' ? (row) => !row.enabled : (row) => row.enabled && row.status === value;
  },
  port: (value) => (row) => row.port === value,
  host: (value) => (row) => row.host.includes(value),
  group: (value) => (row) => row.group.toLowerCase() === value,
};
export const operatorNames = Object.keys(operators);

export function parseQuery(query: string): Term[] {
  const terms: Term[] = [];
  for (const [text, minus, name, quoted, bare] of query.matchAll(/(-?)(?:(\w+):)?(?:"([^"]*)"?|(\S+))/g)) {
    const value = (quoted ?? bare ?? '').toLowerCase();
    const make = name ? operators[name.toLowerCase()] : undefined;
    const word = make ? '' : (minus && !name ? text.slice(1) : text).replaceAll('"', '').toLowerCase();
    // An operator that is still being typed asks for nothing yet.
    if (make ? value === '' : word === '' || (word.endsWith(':') && word.slice(0, -1) in operators)) continue;
    const fits = make ? make(value) : (row: Row) => row.haystack.includes(word);
    const negated = minus === '-' && (make !== undefined || !name);
    terms.push({ text, fits: negated ? (row) => !fits(row) : fits });
  }
  return terms;
}

export const fitsAll = (terms: readonly Term[]) => (row: Row): boolean => terms.every((term) => term.fits(row));

export function quoteValue(value: string): string {
  return /[\s"]/.test(value) ? `"${value.replaceAll('"', '')}"` : value;
}

// The query with "name:value" in it, or without when it is there.
export function toggleTerm(query: string, name: string, value: string): string {
  const term = `${name}:${quoteValue(value)}`;
  const terms = parseQuery(query).map((one) => one.text);
  const rest = terms.filter((text) => text.toLowerCase() !== term.toLowerCase());
  if (rest.length < terms.length) return rest.join(' ');
  // One state at a time: the strip chooses, it does not pile up what can never hold together.
  const others = name === 'state' ? rest.filter((text) => !/^state:/i.test(text)) : rest;
  return [...others, term].join(' ');
}
export const hasTerm = (query: string, name: string, value: string): boolean =>
  parseQuery(query).some((one) => one.text.toLowerCase() === `${name}:${quoteValue(value)}`.toLowerCase());
