// One monitor: its state, its figures and charts, its results, incidents and alerts, its definition. Tab, period, filters: all in the address.
import { useEffect } from 'preact/hooks';
import { language } from '../../i18n/language';
import type { PageProps } from '../../router/page';
import { go, href, place, setQuery } from '../../router/router';
import { canWrite } from '../../store/session';
import { Button } from '../../ui/button';
import { Empty } from '../../ui/empty';
import { ProblemPanel, problemTitle } from '../../ui/problem';
import { usePageCommands, useShortcuts } from '../../ui/shortcuts';
import { Skeleton } from '../../ui/skeleton';
import { TabPanel, Tabs } from '../../ui/tabs';
import { ui } from '../../ui/words';
import { act, monitorPath, restore, type StateAction } from './actions';
import { ConfigTab } from './config';
import { Header, isChecked } from './header';
import { AlertsTab, IncidentsTab } from './history';
import { OverviewTab } from './overview';
import { ResultsTab } from './results';
import './style.css';
import { useMonitor, type Watched } from './use-monitor';
import { words } from './words';

const tabNames = ['overview', 'results', 'incidents', 'alerts', 'config'] as const;
type Tab = (typeof tabNames)[number];
const kSkeleton = [44, 28, 24, 96, 260]; // px: name, state, facts, figures, chart

function Shown({ watched, tab }: { watched: Watched; tab: Tab }) {
  const monitor = watched.data!;
  const doing = (action: StateAction) => void act(monitor.uid, action, watched.take);
  useShortcuts({
    r: () => canWrite() && isChecked(monitor) && doing('run'),
    p: () => canWrite() && monitor.enabled && doing(monitor.paused ? 'resume' : 'pause'),
    m: () => canWrite() && doing(monitor.muted ? 'unmute' : 'mute'),
    e: () => canWrite() && monitor.owner.kind === 'ui' && go(`${monitorPath(monitor.id)}/edit`),
  });
  usePageCommands(!canWrite() ? [] : [
    ...(!isChecked(monitor) ? [] : [{ id: 'run', label: `${words.t('run')}: ${monitor.name}`, icon: 'run' as const, run: () => doing('run') }]),
    ...(!monitor.enabled ? [] : [{ id: 'pause', label: `${words.t(monitor.paused ? 'resume' : 'pause')}: ${monitor.name}`, icon: monitor.paused ? 'play' as const : 'pause' as const, run: () => doing(monitor.paused ? 'resume' : 'pause') }]),
    { id: 'mute', label: `${words.t(monitor.muted ? 'unmute' : 'mute')}: ${monitor.name}`, icon: monitor.muted ? 'alerts' : 'mute', run: () => doing(monitor.muted ? 'unmute' : 'mute') },
    ...(monitor.owner.kind === 'ui' ? [{ id: 'edit', label: `${words.t('edit')}: ${monitor.name}`, icon: 'edit' as const, run: () => go(`${monitorPath(monitor.id)}/edit`) }] : []),
  ]);
  useEffect(() => void (document.title = `${monitor.name} · Tocsin`), [monitor.name, language.value]);
  return (
    <div class="page mo">
      {watched.removed && (
        <div class="mo-note mo-removed" role="alert">
          <span class="grow">{words.t('removed')}</span>
          {canWrite() && <Button icon="run" onClick={() => void restore(monitor.uid)}>{words.t('restore')}</Button>}
        </div>
      )}
      {watched.problem && <p class="mo-note" role="alert">{words.t('stale', { reason: problemTitle(watched.problem) })}</p>}
      <Header monitor={monitor} take={watched.take} />
      <Tabs label={words.t('tabs')} name="monitor" chosen={tab} tabs={tabNames.map((id) => ({ id, label: words.t(`tab_${id}`) }))} onChoose={(id) => setQuery({ tab: id === 'overview' ? undefined : id, cursor: undefined })} />
      <TabPanel name="monitor" id={tab}>
        {tab === 'overview' && <OverviewTab monitor={monitor} beats={watched.beats} heard={watched.heard} />}
        {tab === 'results' && <ResultsTab monitor={monitor} heard={watched.heard} />}
        {tab === 'incidents' && <IncidentsTab monitor={monitor} />}
        {tab === 'alerts' && <AlertsTab monitor={monitor} />}
        {tab === 'config' && <ConfigTab monitor={monitor} />}
      </TabPanel>
    </div>
  );
}

export default function MonitorPage({ params }: PageProps) {
  const id = params['id']!;
  const watched = useMonitor(id);
  const wanted = place.value.query.get('tab');
  const tab = tabNames.find((one) => one === wanted) ?? 'overview';
  if (watched.data) return <Shown watched={watched} tab={tab} />;
  if (!watched.problem) return <div class="page"><Skeleton heights={kSkeleton} /></div>;
  if (watched.problem.status === 404) {
    return (
      <Empty heading="h1" title={words.t('not_found')} text={words.t('not_found_text', { id })}>
        <a class="button" href={href('/')}>{ui.t('to_overview')}</a>
      </Empty>
    );
  }
  return (
    <div class="page">
      <ProblemPanel problem={watched.problem} retry={watched.reload} />
    </div>
  );
}
