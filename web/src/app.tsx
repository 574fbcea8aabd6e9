// The whole: who is asking, then which page. Pages load when they are first wanted; while one does, the last one stays.
import { Component, type ComponentChildren, type ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { asProblem, type ApiProblem } from './api/problem';
import { language } from './i18n/language';
import { SignInDialog, SignInPage, SetupNotice } from './pages/sign-in/sign-in';
import type { PageProps, PageRoute } from './router/page';
import { href, path } from './router/router';
import { findRoute } from './router/routes';
import { checkSession, session } from './store/session';
import { Empty } from './ui/empty';
import { Palette } from './ui/palette';
import { ProblemPanel } from './ui/problem';
import { Shell } from './ui/shell';
import { ShortcutsHelp } from './ui/shortcuts';
import { Toasts } from './ui/toast';
import { ui } from './ui/words';

const loaded = new Map<PageRoute, ComponentType<PageProps>>();

// A page that throws must not take the shell with it.
class Fence extends Component<{ children: ComponentChildren; at: string }, { problem: ApiProblem | null }> {
  override state = { problem: null };
  static override getDerivedStateFromError(error: unknown) {
    return { problem: asProblem(error) };
  }
  override componentDidUpdate(before: { at: string }) {
    if (before.at !== this.props.at && this.state.problem) this.setState({ problem: null });
  }
  override render() {
    if (!this.state.problem) return this.props.children;
    return (
      <div class="page">
        <ProblemPanel problem={this.state.problem} retry={() => this.setState({ problem: null })} />
      </div>
    );
  }
}

function NoSuchPage() {
  return (
    <Empty heading="h1" title={ui.t('no_such_page')} text={ui.t('no_such_page_text')}>
      <a class="button" href={href('/')}>
        {ui.t('to_overview')}
      </a>
    </Empty>
  );
}

function CurrentPage() {
  const found = findRoute(path.value);
  const [, setCount] = useState(0);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const route = found?.route;
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (!route) return;
    // Its code may have come between drawing and now (it is on its way since the start): then nobody else tells to draw again.
    if (loaded.has(route)) return setCount((n) => n + 1);
    let mine = true;
    setProblem(null);
    route.load().then(
      (module) => {
        loaded.set(route, module.default);
        if (mine) setCount((n) => n + 1);
      },
      (error: unknown) => mine && setProblem(asProblem(error)),
    );
    return () => void (mine = false);
  }, [route, tries]);
  useEffect(() => {
    const title = route?.title() ?? ui.t('no_such_page');
    document.title = title === 'Tocsin' ? title : `${title} · Tocsin`;
  }, [route, language.value]);
  if (!found) return <NoSuchPage />;
  const Page = loaded.get(found.route);
  if (!Page) return problem ? <div class="page"><ProblemPanel problem={problem} retry={() => setTries(tries + 1)} /></div> : <div class="page" aria-busy="true" />;
  return (
    <Fence at={path.value}>
      <Page key={found.route.path + JSON.stringify(found.params)} params={found.params} />
    </Fence>
  );
}

function Body() {
  const state = session.value;
  const bare = findRoute(path.value)?.route.bare ?? false;
  if (bare) return <CurrentPage />;
  switch (state.is) {
    case 'checking':
      return <div class="bare" aria-busy="true" />;
    case 'unreachable':
      return (
        <main class="bare">
          <div class="bare-body">
            <ProblemPanel problem={state.problem} retry={() => void checkSession()} />
          </div>
        </main>
      );
    case 'setup':
      return <SetupNotice />;
    case 'out':
      if (!state.over) return <SignInPage />;
  }
  return (
    <>
      <Shell>
        <CurrentPage />
      </Shell>
      {state.is === 'out' && <SignInDialog />}
    </>
  );
}

// The page's own code is on its way while the session is asked for.
const early = findRoute(path.peek())?.route;
void early?.load().then((module) => loaded.set(early, module.default), () => {});

export function App() {
  useEffect(() => void checkSession(), []);
  return (
    <>
      <Body />
      <Palette />
      <ShortcutsHelp />
      <Toasts />
    </>
  );
}
