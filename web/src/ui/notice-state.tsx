// How an incident stands, and what came of a notice: the same shape and word wherever one is listed.
import type { Incident } from '../api/types';
import { deliveryTone, deliveryWord } from '../lib/notices';
import { State, StateIcon } from './state';
import { ui } from './words';

export function IncidentState({ of, pill = false }: { of: Pick<Incident, 'open' | 'severity'>; pill?: boolean }) {
  if (of.open) return <State state={of.severity === 'degraded' ? 'degraded' : 'down'} pill={pill} />;
  return <span class={pill ? 'state state-pill is-up' : 'state muted'}><StateIcon state="up" />{ui.t('ended')}</span>;
}

export function DeliveryState({ state }: { state: string }) {
  return <span class={`state is-${deliveryTone(state)}`}><StateIcon state={deliveryTone(state)} />{deliveryWord(state)}</span>;
}
