// What will happen when the service fails, in words: the alert settings of the form, read aloud.
import { durationUs } from './assertion';
import type { Json } from './config';
import { formatDuration } from '../../i18n/format';
import { words } from './words';

const spoken = (text: unknown): string => {
  const us = durationUs(String(text ?? ''));
  return us === null ? String(text ?? '') : formatDuration(us / 1000);
};
const count = (value: unknown, otherwise: number): number => (typeof value === 'number' && value > 0 ? value : otherwise);

export function alertSentences(config: Json, channelName: (id: string) => string): string[] {
  const alert = (config['alert'] ?? {}) as Json;
  const said: string[] = [];
  const runs = count(alert['after_runs'], 1);
  const minutes = alert['after_minutes'];
  if (!minutes) said.push(words.t('say_runs', { n: runs }));
  else said.push(runs === 1 ? words.t('say_minutes', { time: spoken(minutes) }) : words.t('say_both', { n: runs, time: spoken(minutes) }));
  const at = alert['locations'] as Json | string | undefined;
  if (at && typeof at === 'object') said.push('percent' in at ? words.t('say_percent', { share: String(at['percent']) }) : words.t('say_at_least', { n: count(at['at_least'], 1) }));
  if (alert['degraded'] === true) said.push(words.t('say_degraded'));
  const interval = durationUs(String(config['interval'] ?? '60s'));
  const timeout = durationUs(String(config['timeout'] ?? '10s'));
  // With retries or a clock of its own the bound is another one; then nothing is promised.
  if (interval !== null && timeout !== null && !minutes && !config['retry']) said.push(words.t('say_within', { time: formatDuration((interval * runs + timeout) / 1000) }));
  said.push(words.t('say_recover', { n: count(alert['recover_after_runs'], 1) }));
  const reminders = alert['reminders'] as Json | undefined;
  if (reminders?.['every']) said.push(words.t('say_remind', { every: spoken(reminders['every']), n: count(reminders['count'], 1) }));
  for (const step of (alert['escalate'] as Json[] | undefined) ?? []) {
    const names = ((step['channels'] as string[] | undefined) ?? []).map(channelName).join(', ');
    if (step['after'] && names) said.push(words.t('say_escalate', { after: spoken(step['after']), channels: names }));
  }
  const channels = (config['channels'] as string[] | undefined) ?? [];
  if (config['muted'] === true) said.push(words.t('say_muted'));
  else said.push(channels.length > 0 ? words.t('say_channels', { channels: channels.map(channelName).join(', ') }) : words.t('say_nobody'));
  return said;
}

// A key in a text to send: said, not refused.
export function looksSecret(text: string): boolean {
  return /\b(AUTH|PASS(WORD)?|LOGIN|Authorization|token|secret|api[_-]?key)\b\s*[=: ]\s*\S{4,}/i.test(text) || /\b(?:whsec_|ghp_|xox[bp]-|AKIA)[\w-]{12,}/.test(text);
}
