// Events and their way to people, in words: shared by incidents, the alert log and channels. The first question after a bad night is "why was I
// not alerted?"; reasonOf answers it for one event.
import type { AlertState, Incident } from '../api/types';
import { defineWords } from '../i18n/words';

const words = defineWords({
  en: {
    down: 'Down', degraded: 'Degraded', recovered: 'Recovered', reminder: 'Reminder', escalated: 'Escalated', flapping: 'Flapping', group: 'Several at once', location_unknown: 'Location silent', self: 'Tocsin itself', test: 'Test',
    waiting: 'Waiting', delivered: 'Delivered', dead: 'Given up', suppressed: 'Not sent',
    why_muted: 'The monitor was muted, so nobody was told.', why_acknowledged: 'Somebody had acknowledged the incident: that stops reminders and escalation until it gets worse.', why_flapping: 'The monitor was changing its state again and again. One message said so; the single changes were left out.',
    why_maintenance: 'A maintenance window was open: {name}.', why_parent: '{name}, on which this monitor depends, was failing: that was told instead.', why_not_told: 'Its failure had not been told, so its recovery was not told either.', why_channels: 'No channel was there to tell: the monitor names none that takes this event.', why_other: 'It was not sent: {reason}.',
    why_waiting: 'It has not arrived yet: the channel did not take it, and it is tried again.', why_dead: 'The channel did not take it in all tries. Its last answer was: {result}.',
  },
  ru: {
    down: 'Недоступен', degraded: 'Замедлен', recovered: 'Восстановлен', reminder: 'Напоминание', escalated: 'Эскалация', flapping: 'Нестабилен', group: 'Сразу несколько', location_unknown: 'Точка проверки молчит', self: 'Сам Tocsin', test: 'Тест',
    waiting: 'Ждёт', delivered: 'Доставлено', dead: 'Не доставлено', suppressed: 'Не отправлено',
    why_muted: 'Оповещения монитора были выключены, поэтому никому не сообщалось.', why_acknowledged: 'Инцидент кто-то принял в работу: напоминания и эскалация прекращаются, пока не станет хуже.', why_flapping: 'Монитор раз за разом менял состояние. Об этом было одно сообщение, отдельные смены опущены.',
    why_maintenance: 'Шло обслуживание: {name}.', why_parent: 'Сбоил {name}, от которого зависит этот монитор: сообщено было о нём.', why_not_told: 'О сбое не сообщалось, поэтому не сообщалось и о восстановлении.', why_channels: 'Сообщать было некуда: у монитора нет канала для этого события.', why_other: 'Не отправлено: {reason}.',
    why_waiting: 'Ещё не дошло: канал не принял, отправка повторяется.', why_dead: 'Канал не принял ни одной попытки. Последний ответ: {result}.',
  },
  ja: {
    down: '停止', degraded: '低下', recovered: '復旧', reminder: '再通知', escalated: 'エスカレーション', flapping: '不安定', group: '複数同時', location_unknown: '拠点が無応答', self: 'Tocsin自身', test: 'テスト',
    waiting: '待機中', delivered: '配信済み', dead: '断念', suppressed: '送信せず',
    why_muted: '監視の通知がオフだったため、誰にも通知していません。', why_acknowledged: '誰かがインシデントを確認済みにしたため、悪化するまで再通知とエスカレーションは止まります。', why_flapping: '状態が何度も変わっていました。その旨を1度通知し、個々の変化は省きました。',
    why_maintenance: 'メンテナンス中でした：{name}。', why_parent: '依存先の{name}が障害中で、そちらを通知しました。', why_not_told: '障害を通知していなかったため、復旧も通知していません。', why_channels: '通知先がありませんでした。この種類を受けるチャンネルが監視にありません。', why_other: '送信していません：{reason}。',
    why_waiting: 'まだ届いていません。チャンネルが受け付けず、再送を続けます。', why_dead: 'すべての試行が受け付けられませんでした。最後の応答：{result}。',
  },
});

export const eventNames = ['down', 'degraded', 'recovered', 'reminder', 'escalated', 'flapping', 'group', 'location.unknown', 'self', 'test'] as const;
export const eventWord = (event: string): string => words.maybe(event.replace(/^monitor\./, '').replace('.', '_')) ?? event;
export const deliveryStates: readonly AlertState[] = ['waiting', 'delivered', 'dead', 'suppressed'];
export const deliveryWord = (state: string): string => words.maybe(state) ?? state;
export const deliveryTone = (state: string): 'up' | 'down' | 'pending' | 'paused' => (state === 'delivered' ? 'up' : state === 'dead' ? 'down' : state === 'waiting' ? 'pending' : 'paused');

export const lastedMs = (one: Pick<Incident, 'began' | 'closed'>, now: number): number => Math.max(0, (one.closed ? Date.parse(one.closed) : now) - Date.parse(one.began));

// Why an event did not reach people; null when it did.
export function reasonOf(one: { state: string; suppressed: string; last_result: string }): string | null {
  if (one.state === 'delivered') return null;
  if (one.state === 'waiting') return words.t('why_waiting');
  if (one.state === 'dead') return words.t('why_dead', { result: one.last_result || '–' });
  const reason = one.suppressed || one.last_result;
  const named = /^(maintenance|parent) "(.*)"/s.exec(reason);
  if (named) return words.t(named[1] === 'parent' ? 'why_parent' : 'why_maintenance', { name: named[2]! });
  if (reason === 'muted' || reason === 'acknowledged' || reason === 'flapping') return words.t(`why_${reason}`);
  if (/not told/.test(reason)) return words.t('why_not_told');
  if (reason === '' || /no channel/i.test(reason)) return words.t('why_channels');
  return words.t('why_other', { reason: reason.replace(/\.$/, '') });
}
