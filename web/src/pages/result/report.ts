// A result as Markdown, for a ticket. What came from outside cannot break out of its place: cells are escaped, bytes stand in a fence longer
// than any run of backticks in them.
import type { ResultDetail } from '../../api/types';
import { fromBase64, visibleText } from './bytes';
import { formatMicros } from '../../i18n/format';

const kBytesShown = 2048;

export const cell = (text: string): string => text.replace(/[\\|`*_{}[\]<>#!~]/g, '\\$&').replace(/\s+/g, ' ');
export function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

export interface ReportWords {
  phase: (phase: 'dns' | 'connect' | 'tls' | 'data') => string;
  target: string;
  started: string;
  took: string;
  median: string;
  total: string;
  notReached: string;
  causes: string;
  tries: string;
  assertions: string;
  held: string;
  broken: string;
  sent: string;
  received: string;
}

export function assertionText(result: ResultDetail, index: number, configured: readonly string[]): string {
  return result.assertions?.find((one) => one.index === index)?.assertion ?? configured[index] ?? `#${index + 1}`;
}

export function report(result: ResultDetail, monitor: { name: string; target: string }, link: string, configured: readonly string[], words: ReportWords): string {
  const lines = [`## ${cell(monitor.name)}: ${cell(result.sentence)}`, '', `- ${words.target}: \`${monitor.target.replaceAll('`', '')}\`${result.remote ? ` (${cell(result.remote)})` : ''}`, `- ${words.started}: ${result.started_at}`, `- ${link}`, ''];
  const list = (title: string, rows: readonly string[]) => {
    if (rows.length > 0) lines.push(`**${title}**`, '', ...rows.map((one) => `- ${cell(one)}`), '');
  };
  if (result.evidence) lines.push(cell(result.evidence.summary), '');
  list(words.causes, result.explanation?.causes ?? []);
  if (result.explanation && result.explanation.try.length > 0) lines.push(`**${words.tries}**`, '', fenced(result.explanation.try.join('\n')), '');
  lines.push(`| | ${words.took} | ${words.median} |`, '|---|---:|---:|');
  const names = ['dns', 'connect', 'tls', 'data'] as const;
  for (const phase of names) {
    const us = result[`${phase}_us`];
    const after = result.error ? names.indexOf(result.error.phase) < names.indexOf(phase) : false;
    if (us !== null || after) lines.push(`| ${words.phase(phase)} | ${us === null ? words.notReached : formatMicros(us)} | ${formatMicros(result.medians?.[`${phase}_us`])} |`);
  }
  lines.push(`| ${words.total} | ${formatMicros(result.response_time_us)} | ${formatMicros(result.medians?.response_time_us)} |`, '');
  if (result.assertions && result.assertions.length > 0) {
    list(words.assertions, result.assertions.map((one) => `${one.passed ? words.held : words.broken}: ${assertionText(result, one.index, configured)} (${one.actual})`));
  }
  for (const [title, data] of [[words.sent, result.sent], [words.received, result.received]] as const) {
    if (!data || data.bytes === 0 || (data.base64 === null && data.text === null)) continue;
    const text = data.base64 ? visibleText(fromBase64(data.base64).subarray(0, kBytesShown)) : (data.text ?? '').slice(0, kBytesShown);
    lines.push(`**${title}** (${data.bytes} B)`, '', fenced(text), '');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}
