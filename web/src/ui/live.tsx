// How the live feed stands, in a word; pressing pauses, resumes, or does not wait.
import { liveState, pauseLive, reconnectNow, resumeLive } from '../api/live';
import { formatDuration } from '../i18n/format';
import { nowMs } from '../store/clock';
import { ui } from './words';

export function LiveIndicator() {
  const state = liveState.value;
  const [word, act, run] =
    state.is === 'live' ? [ui.t('live'), ui.t('live_pause'), pauseLive]
    : state.is === 'paused' ? [ui.t('live_paused'), ui.t('live_resume'), resumeLive]
    : state.is === 'waiting' ? [ui.t('live_waiting', { seconds: formatDuration(Math.max(1000, state.until - nowMs.value)) }), ui.t('live_now'), reconnectNow]
    : state.is === 'connecting' ? [ui.t('live_connecting'), ui.t('live_pause'), pauseLive]
    : [ui.t('live_off'), ui.t('live_now'), reconnectNow];
  return (
    <button type="button" class={`button quiet live is-${state.is}`} title={act} aria-label={`${word}. ${act}`} onClick={() => run()}>
      <span class="dot" aria-hidden="true" />
      <span class="word">{word}</span>
    </button>
  );
}
