// What stands around every page: the side bar (a bottom bar on small screens), the header, and the content.
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { languages, language, setLanguage, type Language } from '../i18n/language';
import { href, path } from '../router/router';
import { findRoute, navRoutes } from '../router/routes';
import { leave, session } from '../store/session';
import { setTheme, theme } from '../store/theme';
import { Mark } from './brand';
import { Icon } from './icon';
import { LiveIndicator } from './live';
import { Menu } from './menu';
import { helpOpen, paletteOpen } from './shortcuts';
import { toastProblem } from './problem';
import { ui } from './words';

const kBottomBarMax = 5;
const narrow = signal(readNarrow());
function readNarrow(): boolean {
  try {
    return localStorage.getItem('tocsin.side') === 'narrow';
  } catch {
    return false;
  }
}
function setNarrow(on: boolean): void {
  narrow.value = on;
  try {
    localStorage.setItem('tocsin.side', on ? 'narrow' : 'wide');
  } catch {
    // Not kept then.
  }
}

export function ThemeMenu() {
  return (
    <Menu label={ui.t('theme')} icon={theme.value === 'dark' ? 'moon' : theme.value === 'light' ? 'sun' : 'auto'}
      items={[
        { label: ui.t('theme_auto'), icon: 'auto', checked: theme.value === 'auto', run: () => setTheme('auto') },
        { label: ui.t('theme_light'), icon: 'sun', checked: theme.value === 'light', run: () => setTheme('light') },
        { label: ui.t('theme_dark'), icon: 'moon', checked: theme.value === 'dark', run: () => setTheme('dark') },
      ]} />
  );
}

export function LanguageMenu() {
  return (
    <Menu label={ui.t('language')} icon="language"
      items={Object.entries(languages).map(([id, name]) => ({ label: name, checked: language.value === id, run: () => setLanguage(id as Language) }))} />
  );
}

function AccountMenu() {
  if (session.value.is !== 'in') return null;
  const name = session.value.session.user.name;
  return (
    <Menu label={ui.t('account')} icon="user" heading={<p class="menu-item">{ui.t('signed_in_as', { name })}</p>}
      items={[
        { label: ui.t('shortcuts'), icon: 'help', run: () => (helpOpen.value = true) },
        { label: ui.t('sign_out'), run: () => void leave().catch(toastProblem) },
      ]} />
  );
}

export function Shell({ children }: { children: ComponentChildren }) {
  const main = useRef<HTMLElement>(null);
  const at = path.value;
  const first = useRef(true);
  // A new page begins at its top, and reading begins there too: before anybody can press a key on it, which may lead elsewhere.
  useLayoutEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    main.current?.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [at]);
  const here = findRoute(at)?.route;
  // Below a page of the side bar its entry stays marked: "/monitors/x" belongs to the overview.
  const marked = here?.nav ? here.path : (navRoutes.find((one) => one.path !== '/' && at.startsWith(`${one.path}/`))?.path ?? (at.startsWith('/monitors') ? '/' : ''));
  return (
    <div class={`shell${narrow.value ? ' narrow' : ''}`}>
      <a class="button primary skip" href="#main" onClick={(event) => { event.preventDefault(); main.current?.focus(); }}>
        {ui.t('skip')}
      </a>
      <nav class="side" aria-label={ui.t('nav')}>
        <a class="brand" href={href('/')} aria-label="Tocsin">
          <Mark />
          <span>Tocsin</span>
        </a>
        <ul class="nav">
          {navRoutes.map((one, i) => (
              <li key={one.path} class={i >= kBottomBarMax ? 'over' : ''}>
                <a class="grow" href={href(one.path)} aria-current={one.path === marked ? 'page' : undefined} title={narrow.value ? one.title() : undefined} aria-label={narrow.value ? one.title() : undefined}>
                  <Icon name={one.nav!.icon} />
                  <span>{one.title()}</span>
                </a>
              </li>
            ))}
        </ul>
        <button type="button" class="button quiet fold" aria-expanded={!narrow.value} aria-label={narrow.value ? ui.t('expand') : ui.t('collapse')} onClick={() => setNarrow(!narrow.value)}>
          <Icon name={narrow.value ? 'expand' : 'collapse'} />
          <span>{ui.t('collapse')}</span>
        </button>
      </nav>
      <header class="head">
        <button type="button" class="button finder" onClick={() => (paletteOpen.value = true)}>
          <Icon name="search" />
          <span class="truncate">{ui.t('search')}</span>
          <kbd aria-hidden="true">{/Mac|iP/.test(navigator.platform) ? '⌘K' : 'Ctrl K'}</kbd>
        </button>
        <div class="end">
          <LiveIndicator />
          <LanguageMenu />
          <ThemeMenu />
          <AccountMenu />
        </div>
      </header>
      <main class="main" id="main" ref={main} tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
