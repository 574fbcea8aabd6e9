// The command palette: pages, monitors and commands behind Ctrl/Cmd+K. A combobox over a listbox; the focus stays in the field.
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import { findMonitors } from '../api/calls';
import type { MonitorRow } from '../api/types';
import { languages, setLanguage, type Language } from '../i18n/language';
import { go, href } from '../router/router';
import { navRoutes } from '../router/routes';
import { canWrite, isAdmin, leave } from '../store/session';
import { setTheme } from '../store/theme';
import { liveState, pauseLive, resumeLive } from '../api/live';
import { Dialog } from './dialog';
import { Icon, type IconName } from './icon';
import { toastProblem } from './problem';
import { helpOpen, pageCommands, paletteOpen } from './shortcuts';
import { shownState, StateIcon } from './state';
import { ui } from './words';

interface Command {
  id: string;
  label: string;
  icon?: IconName;
  monitor?: MonitorRow;
  run: () => void;
}

function commands(): Command[] {
  const themes = { auto: 'theme_auto', light: 'theme_light', dark: 'theme_dark' } as const;
  const isPaused = liveState.value.is === 'paused';
  return [
    ...pageCommands(),
    ...(canWrite() ? [{ id: 'add', label: ui.t('key_new'), icon: 'plus' as const, run: () => go('/monitors/new') }, { id: 'add-many', label: ui.t('palette_many'), icon: 'plus' as const, run: () => go('/monitors/new?mode=many') }] : []),
    ...(isAdmin() ? [{ id: 'add-webhook', label: ui.t('palette_webhook'), icon: 'plus' as const, run: () => go('/channels?add=webhook') }, { id: 'add-email', label: ui.t('palette_email'), icon: 'plus' as const, run: () => go('/channels?add=email') }] : []),
    ...navRoutes.map((one) => ({ id: one.path, label: ui.t('palette_go', { page: one.title() }), icon: one.nav!.icon, run: () => go(one.path) })),
    ...(['auto', 'light', 'dark'] as const).map((one) => ({
      id: `theme-${one}`, label: ui.t('palette_theme', { theme: ui.t(themes[one]) }), icon: one === 'auto' ? ('auto' as const) : one === 'light' ? ('sun' as const) : ('moon' as const), run: () => setTheme(one),
    })),
    ...Object.entries(languages).map(([id, name]) => ({ id: `language-${id}`, label: ui.t('palette_language', { language: name }), icon: 'language' as const, run: () => setLanguage(id as Language) })),
    { id: 'live', label: ui.t(isPaused ? 'live_resume' : 'live_pause'), icon: isPaused ? 'play' : 'pause', run: () => (isPaused ? resumeLive() : pauseLive()) },
    { id: 'keys', label: ui.t('shortcuts'), icon: 'help', run: () => (helpOpen.value = true) },
    { id: 'sign-out', label: ui.t('sign_out'), icon: 'user', run: () => void leave().catch(toastProblem) },
  ];
}

// `of` is the text that was looked up: until it is the one in the field, what was found is that of an earlier one.
function useFoundMonitors(text: string): { of: string; rows: MonitorRow[] } {
  const [found, setFound] = useState<{ of: string; rows: MonitorRow[] }>({ of: '', rows: [] });
  useEffect(() => {
    const wanted = text.trim();
    if (!wanted) return setFound({ of: '', rows: [] });
    const abort = new AbortController();
    const timer = setTimeout(() => {
      findMonitors({ search: wanted, limit: 8, fields: 'name,target,status,flags,enabled' }, abort.signal)
        .then((page) => setFound({ of: wanted, rows: page.data }))
        .catch(() => !abort.signal.aborted && setFound({ of: wanted, rows: [] }));
    }, 120);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text]);
  return found;
}

export function Palette() {
  return paletteOpen.value ? <OpenPalette /> : null;
}

function OpenPalette() {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const { of, rows: monitors } = useFoundMonitors(text);
  const isFresh = of === text.trim();
  const [entered, setEntered] = useState(false);
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const shown = useMemo(() => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = commands().filter((one) => words.every((word) => one.label.toLowerCase().includes(word)));
    return [...monitors.map((row): Command => ({ id: row.uid, label: row.name, monitor: row, run: () => go(href(`/monitors/${encodeURIComponent(row.id)}`)) })), ...fits];
  }, [text, monitors]);
  const close = () => (paletteOpen.value = false);
  const run = (command: Command | undefined) => {
    if (!command) return;
    close();
    command.run();
  };
  // Enter before the answer is there means the answer's first.
  useEffect(() => {
    if (entered && isFresh) run(shown[at]);
    if (isFresh) setEntered(false);
  }, [entered, isFresh]);
  const move = (to: number) => {
    const index = (to + shown.length) % Math.max(1, shown.length);
    setAt(index);
    list.current?.children[index]?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <Dialog title={ui.t('palette')} onClose={close}>
      <input class="input" role="combobox" aria-expanded="true" aria-controls={id} aria-activedescendant={shown.length ? `${id}-${at}` : undefined} aria-label={ui.t('palette_placeholder')}
        placeholder={ui.t('palette_placeholder')} autocomplete="off" spellcheck={false} value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
          setEntered(false);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') move(at + 1);
          else if (event.key === 'ArrowUp') move(at - 1);
          else if (event.key === 'Enter') isFresh ? run(shown[at]) : setEntered(true);
          else return;
          event.preventDefault();
        }} />
      <ul class="palette-list" role="listbox" id={id} ref={list} aria-label={ui.t('palette')}>
        {shown.map((one, i) => (
          <li key={one.id} id={`${id}-${i}`} role="option" aria-selected={i === at} onPointerMove={() => i !== at && setAt(i)} onClick={() => run(one)}>
            {one.monitor ? <StateIcon state={shownState(one.monitor)} label /> : one.icon && <Icon name={one.icon} />}
            <span class="truncate">{one.label}</span>
            {one.monitor && <span class="muted mono truncate">{one.monitor.target}</span>}
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p class="muted" role="status">{ui.t('palette_none')}</p>}
    </Dialog>
  );
}
