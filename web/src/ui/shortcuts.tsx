// Keyboard shortcuts. Single keys can be switched off (a speech user's words must not trigger them); Ctrl/Cmd+K always works. Nothing fires
// while typing, nor inside a dialog. Pages add their own with useShortcuts while they are shown.
import { signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { pauseLive, resumeLive, liveState } from '../api/live';
import { go } from '../router/router';
import { navRoutes } from '../router/routes';
import { canWrite } from '../store/session';
import { nextTheme, setTheme } from '../store/theme';
import { Dialog } from './dialog';
import type { IconName } from './icon';
import { ui } from './words';

const kKey = 'tocsin.shortcuts';
const stored = (): boolean => {
  try {
    return localStorage.getItem(kKey) !== 'off';
  } catch {
    return true;
  }
};
export const shortcutsOn = signal(stored());
export const helpOpen = signal(false);
export const paletteOpen = signal(false);

export function setShortcuts(on: boolean): void {
  shortcutsOn.value = on;
  try {
    localStorage.setItem(kKey, on ? 'on' : 'off');
  } catch {
    // Not kept then.
  }
}

type Keys = Record<string, (event: KeyboardEvent) => void>;
const layers: { current: Keys }[] = [];

// What the shown page can do beside: the palette offers it first.
export interface PageCommand {
  id: string;
  label: string;
  icon: IconName;
  run: () => void;
}
const commandLayers = signal<readonly { current: readonly PageCommand[] }[]>([]);
export const pageCommands = (): PageCommand[] => commandLayers.value.flatMap((layer) => layer.current);
export function usePageCommands(commands: readonly PageCommand[]): void {
  const layer = useRef(commands);
  layer.current = commands;
  useEffect(() => {
    commandLayers.value = [...commandLayers.peek(), layer];
    return () => void (commandLayers.value = commandLayers.peek().filter((one) => one !== layer));
  }, []);
}

// The newest layer that knows a key wins. Keys are as KeyboardEvent.key says: "j", "?", "Enter", "[". They are the page's as soon as it is
// there: an effect comes after the next paint, and a key pressed before would go to the page below.
export function useShortcuts(keys: Keys): void {
  const layer = useRef(keys);
  layer.current = keys;
  useLayoutEffect(() => {
    layers.push(layer);
    return () => void layers.splice(layers.indexOf(layer), 1);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName)) && !(target instanceof HTMLInputElement && target.type === 'checkbox');
}

let goPending = 0;
function onKeyDown(event: KeyboardEvent): void {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k' && !event.altKey && !event.shiftKey) {
    event.preventDefault();
    paletteOpen.value = true;
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !shortcutsOn.value || isTyping(event.target)) return;
  if (document.querySelector('dialog[open]')) return;
  if (goPending && Date.now() - goPending < 1500) {
    goPending = 0;
    const route = navRoutes.find((one) => one.nav?.key === event.key);
    if (route) {
      event.preventDefault();
      go(route.path);
    }
    return;
  }
  for (let i = layers.length - 1; i >= 0; i -= 1) {
    const run = layers[i]!.current[event.key];
    if (run) {
      run(event);
      return;
    }
  }
  const shared: Keys = {
    g: () => (goPending = Date.now()),
    '?': () => (helpOpen.value = true),
    '/': () => (paletteOpen.value = true),
    n: () => canWrite() && go('/monitors/new'),
    t: () => setTheme(nextTheme()),
    '.': () => (liveState.value.is === 'paused' ? resumeLive() : pauseLive()),
  };
  const run = shared[event.key];
  if (run) {
    event.preventDefault();
    run(event);
  }
}
if (typeof window !== 'undefined') window.addEventListener('keydown', onKeyDown);

export function ShortcutsHelp() {
  if (!helpOpen.value) return null;
  const rows = (list: [string[], string][]) => (
    <dl class="keys">
      {list.map(([keys, text]) => (
        <>
          <dt>{keys.map((key, i) => <>{i > 0 && ' '}<kbd>{key}</kbd></>)}</dt>
          <dd>{text}</dd>
        </>
      ))}
    </dl>
  );
  return (
    <Dialog title={ui.t('shortcuts')} kind="wide" onClose={() => (helpOpen.value = false)}>
      <div class="stack">
        <label class="row">
          <input type="checkbox" class="check" checked={shortcutsOn.value} onChange={(event) => setShortcuts(event.currentTarget.checked)} />
          {ui.t('shortcuts_on')}
        </label>
        <h3>{ui.t('keys_anywhere')}</h3>
        {rows([
          [['Ctrl', 'K'], ui.t('key_palette')],
          [['/'], ui.t('key_search')],
          ...navRoutes.filter((one) => one.nav!.key).map((one): [string[], string] => [['g', one.nav!.key!], ui.t('key_go', { page: one.title() })]),
          [['n'], ui.t('key_new')],
          [['t'], ui.t('key_theme')],
          [['.'], ui.t('key_live')],
          [['?'], ui.t('key_help')],
        ])}
        <h3>{ui.t('keys_list')}</h3>
        {rows([
          [['j', 'k'], ui.t('key_next')],
          [['←', '→'], ui.t('key_beats')],
          [['Enter'], ui.t('key_open')],
          [['x'], ui.t('key_select')],
          [['r'], ui.t('key_run')],
          [['p'], ui.t('key_pause')],
          [['m'], ui.t('key_mute')],
          [['e'], ui.t('key_edit')],
        ])}
        <h3>{ui.t('keys_detail')}</h3>
        {rows([
          [['[', ']'], ui.t('key_results')],
          [['a'], ui.t('key_acknowledge')],
        ])}
      </div>
    </Dialog>
  );
}
