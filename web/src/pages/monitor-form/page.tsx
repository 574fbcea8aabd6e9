// Add or edit a monitor: the target first, a test beside it, everything else below with good defaults. The server checks the draft while it is
// written (dry_run); what it says stands beside the fields, and nothing typed is ever lost.
import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import * as calls from '../../api/calls';
import { idempotencyKey } from '../../api/client';
import { asProblem, type ApiProblem } from '../../api/problem';
import type { Channel, DryRun, FieldProblem, MonitorDetail, Preset, ProbeAnswer } from '../../api/types';
import { useFocusOnceDrawn } from '../../lib/focus';
import { projectOf } from '../../lib/owner';
import type { PageProps } from '../../router/page';
import { go, href, place, setQuery } from '../../router/router';
import { canWrite } from '../../store/session';
import { Button } from '../../ui/button';
import { AsCode, curl, monitorYaml } from '../../ui/code';
import { Icon } from '../../ui/icon';
import { ProblemPanel } from '../../ui/problem';
import { TabPanel, Tabs } from '../../ui/tabs';
import { toast } from '../../ui/toast';
import { ui } from '../../ui/words';
import { Bulk } from './bulk-part';
import { byPlace, configOf, draftOf, emptyDraft, hidesBytes, probeOf, type Draft } from './config';
import { idOf, type Form } from './form';
import './style.css';
import { TargetPart, targetProblem, wholeTarget } from './target';
import { TestPart } from './test';
import { AssertPart, assertSummary, LimitsPart, limitsSummary, RequestPart, requestSummary, TlsPart, tlsSummary } from './what';
import { AboutPart, aboutSummary, AdvancedPart, advancedSummary, AlertPart, alertSummary, RetryPart, retrySummary, SchedulePart, scheduleSummary } from './when';
import { words } from './words';

const kLintMs = 600;

const sections = {
  request: ['/request'], tls: ['/tls', '/tls/protocol', '/tls/server_name', '/tls/alpn', '/tls/min_version', '/tls/full_every'], limits: ['/degraded_after', '/fail_after', '/timeout'], assert: ['/assert'], schedule: ['/interval', '/locations', '/strategy'],
  retry: ['/retry', '/retry/base', '/retry/max', '/retry/total'], alert: ['/alert', '/alert/after_runs', '/alert/after_minutes', '/alert/recover_after_runs', '/alert/locations', '/alert/reminders', '/alert/escalate', '/channels'],
  about: ['/name', '/id', '/tags', '/group', '/description', '/runbook', '/depends_on'], advanced: ['/expect', '/should_fail', '/ip_family', '/source', '/resolver', '/proxy', '/close'],
} as const;
type Section = keyof typeof sections;

// What was typed and not saved outlives leaving the page: Back is no trap.
const keptDrafts = new Map<string, Draft>();

interface Loaded {
  monitor: MonitorDetail | null; // null: a new one
  draft: Draft;
  left: boolean; // bytes of the original are not shown
}
// "Redis" on the empty overview leads here with its service chosen.
async function draftOfPreset(wanted: string | null): Promise<Draft> {
  const draft = emptyDraft();
  const known = wanted ? await calls.listPresets().then((page) => page.data, () => []) : [];
  return known.some((one) => one.id === wanted) ? { ...draft, config: { preset: wanted } } : draft;
}

async function load(id: string | undefined, clone: string | null): Promise<Loaded> {
  const source = id ?? clone;
  if (!source) return { monitor: null, draft: await draftOfPreset(place.value.query.get('preset')), left: false };
  const monitor = await calls.getMonitor(source);
  if (id) return { monitor, draft: draftOf(monitor.config), left: false };
  const left = hidesBytes(monitor.config);
  const { request, ...shown } = monitor.config;
  const draft = draftOf({ ...(left ? shown : { ...shown, ...(request === undefined ? {} : { request }) }), name: words.t('copy_of', { name: monitor.name }) });
  return { monitor: null, draft, left };
}

function codeForms(config: ReturnType<typeof configOf>, id: string | undefined) {
  const { id: wanted, ...definition } = config;
  const name = id ?? wanted ?? (String(config.name ?? config.target ?? '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'monitor');
  const yaml = monitorYaml(name, definition);
  return [
    { id: 'yaml', label: 'YAML', text: yaml },
    { id: 'curl', label: 'curl', text: id ? curl('PUT', `/monitors/${encodeURIComponent(id)}`, definition) : curl('POST', '/monitors', config) },
    { id: 'cli', label: 'CLI', text: `# one attempt, nothing stored\ntocsin probe ${String(config.target ?? 'host:port')}\n\n# keep it as code\ncat > monitors.yaml <<'END'\n${yaml}END\ntocsin validate monitors.yaml\ntocsin serve --config monitors.yaml` },
  ];
}

export default function MonitorFormPage({ params }: PageProps) {
  const id = params['id'];
  const clone = place.value.query.get('clone');
  const many = !id && place.value.query.get('mode') === 'many';
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let mine = true;
    setProblem(null);
    load(id, clone).then((found) => mine && setLoaded(found), (error: unknown) => mine && setProblem(asProblem(error)));
    return () => void (mine = false);
  }, [id, clone, tries]);
  if (problem) return <div class="page"><ProblemPanel problem={problem} retry={() => setTries(tries + 1)} /></div>;
  if (!loaded) return <div class="page" aria-busy="true" />;
  return many ? <ManyPage /> : <OneForm key={`${clone ?? ''} ${tries}`} loaded={loaded} reload={() => { setLoaded(null); setTries(tries + 1); }} />;
}

function ModeTabs({ chosen }: { chosen: 'one' | 'many' }) {
  return <Tabs label={words.t('how_many')} name="mode" chosen={chosen} onChoose={(mode) => setQuery({ mode: mode === 'many' ? 'many' : undefined })} tabs={[{ id: 'one', label: words.t('one') }, { id: 'many', label: words.t('many') }]} />;
}
// The panel of the tab "one"; without tabs there is none.
function ModePanel({ isNew, children }: { isNew: boolean; children: ComponentChildren }) {
  return isNew ? <TabPanel name="mode" id="one">{children}</TabPanel> : <>{children}</>;
}
function ManyPage() {
  return (
    <div class="page mf">
      <div class="page-head"><h1>{words.t('add')}</h1></div>
      <ModeTabs chosen="many" />
      <TabPanel name="mode" id="many"><Bulk /></TabPanel>
    </div>
  );
}

function OneForm({ loaded, reload }: { loaded: Loaded; reload: () => void }) {
  const { monitor } = loaded;
  const key = monitor ? monitor.uid : 'new';
  const [draft, setDraft] = useState<Draft>(() => keptDrafts.get(key) ?? loaded.draft);
  const [restored, setRestored] = useState(() => keptDrafts.has(key));
  const [presets, setPresets] = useState<Preset[]>([]);
  const [channels, setChannels] = useState<Channel[]>([]);
  const [answer, setAnswer] = useState<ProbeAnswer | null>(null);
  const [dry, setDry] = useState<DryRun | null>(null);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [sent, setSent] = useState<FieldProblem[]>([]); // what a save was refused for, until the draft is checked anew
  const [tried, setTried] = useState(false);
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [stale, setStale] = useState(false);
  const [code, setCode] = useState(false);
  const [open, setOpen] = useState<ReadonlySet<Section>>(new Set(loaded.draft.assert.length > 0 ? ['assert'] : []));
  const summary = useRef<HTMLDivElement>(null);
  const focusOn = useFocusOnceDrawn();
  const postKey = useRef(idempotencyKey());
  const owner = monitor && projectOf(monitor.owner);
  const disabled = Boolean(owner) || !canWrite();

  useEffect(() => {
    calls.listPresets().then((page) => setPresets(page.data), () => {});
    calls.listChannels().then((page) => setChannels(page.data), () => {});
  }, []);
  const first = useMemo(() => JSON.stringify(loaded.draft), [loaded]);
  const dirty = JSON.stringify(draft) !== first;
  const state = useRef({ dirty, draft, saved: false });
  Object.assign(state.current, { dirty, draft });
  useEffect(() => {
    const at = location.hash;
    const warn = (event: BeforeUnloadEvent) => state.current.dirty && !state.current.saved && event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => {
      removeEventListener('beforeunload', warn);
      keptDrafts.delete(key);
      if (!state.current.dirty || state.current.saved) return;
      keptDrafts.set(key, state.current.draft);
      toast(words.t('kept'), { act: { label: words.t('back_to_it'), run: () => go(at) } });
    };
  }, []);

  const target = wholeTarget(draft, presets);
  const config = configOf(draft, target);
  const wire = JSON.stringify(config);
  const change = useCallback((next: (draft: Draft) => Partial<Draft>) => {
    setDraft((now) => ({ ...now, ...next(now) }));
    setProblem(null);
    postKey.current = idempotencyKey();
  }, []);

  // The server's opinion of the draft, a moment after the last change.
  const own = targetProblem(draft, presets);
  useEffect(() => {
    if (own !== undefined || disabled) return void setDry(null);
    const abort = new AbortController();
    const timer = setTimeout(() => {
      const { id: _, ...definition } = config;
      (monitor ? calls.dryRunChange(monitor.uid, definition, abort.signal) : calls.dryRunMonitor(config, abort.signal)).then((found) => {
        setDry(found);
        setSent([]);
      }, () => {});
    }, kLintMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [wire, own]);

  const pointers = ['/target', ...Object.values(sections).flat(), ...draft.assert.map((_, i) => `/assert/${i}`), ...(draft.request.is === 'steps' ? draft.request.steps.map((_, i) => `/request/${i}`) : [])];
  const lint: FieldProblem[] = [...(own !== undefined ? [{ pointer: '/target', code: 'target', message: own }] : []), ...(own === undefined ? (dry?.problems ?? []) : []), ...sent];
  const places = byPlace(lint, pointers);
  const homeless = lint.filter((one) => byPlace([one], pointers).size === 0);
  const error = (pointer: string) => (tried || touched.has(pointer) || sent.some((one) => one.pointer.startsWith(pointer)) ? places.get(pointer) : undefined);
  const form: Form = { draft, change, error, presets, channels, answer, disabled };
  const errorsIn = (section: Section) => [...places.keys()].some((at) => sections[section].some((one) => at === one || at.startsWith(`${one}/`)));

  const showProblems = () => {
    setTried(true);
    setOpen((now) => new Set([...now, ...(Object.keys(sections) as Section[]).filter(errorsIn)]));
    focusOn(() => summary.current);
  };
  const save = async (over = false) => {
    if (saving || disabled) return;
    if (places.size > 0 || homeless.length > 0) return showProblems();
    setSaving(true);
    setProblem(null);
    setStale(false);
    try {
      const { id: _, ...definition } = config;
      const made = monitor ? await calls.replaceMonitor(monitor.uid, definition, over ? undefined : monitor.revision) : await calls.createMonitor(config, postKey.current);
      const saved = 'data' in made ? made.data[0]! : made;
      state.current.saved = true;
      toast(words.t(monitor ? 'saved' : 'created', { name: saved.name }));
      go(href(`/monitors/${encodeURIComponent(saved.id)}`), { replace: true });
    } catch (caught) {
      const failed = asProblem(caught);
      setSaving(false);
      if (failed.status === 412) return setStale(true);
      if (failed.code === 'id_taken') failed.errors.push({ pointer: '/id', code: failed.code, message: failed.detail });
      setSent(failed.errors);
      if (failed.errors.length > 0) {
        setTried(true);
        setOpen((now) => new Set([...now, ...(Object.keys(sections) as Section[]).filter((section) => failed.errors.some((one) => sections[section].some((at) => one.pointer.startsWith(at))))]));
        focusOn(() => summary.current);
      } else setProblem(failed);
    }
  };
  const goTo = (pointer: string) => {
    const section = (Object.keys(sections) as Section[]).find((one) => sections[one].some((at) => pointer === at || pointer.startsWith(`${at}/`)));
    if (section) setOpen((now) => new Set([...now, section]));
    focusOn(() => document.getElementById(idOf(pointer)));
  };
  const part = (name: Section, told: string, children: ComponentChildren) => (
    <details class="panel mf-section" open={open.has(name)} onToggle={(event) => {
      const on = event.currentTarget.open;
      if (on !== open.has(name)) setOpen((now) => new Set(on ? [...now, name] : [...now].filter((one) => one !== name)));
    }}>
      <summary>
        <Icon name="expand" />
        <h2>{words.t(`s_${name}`)}</h2>
        <span class="muted truncate grow">{told}</span>
        {tried && errorsIn(name) && <Icon name="warning" title={words.t('problems', { n: 1 })} />}
      </summary>
      {open.has(name) && <div class="stack mf-inside">{children}</div>}
    </details>
  );
  const count = places.size + homeless.length;
  const hasModes = !monitor && !place.value.query.get('clone');
  return (
    <form class="page mf" noValidate
      onSubmit={(event) => { event.preventDefault(); void save(); }}
      onKeyDown={(event) => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); void save(); } else if (event.key === 'Enter' && event.target instanceof HTMLInputElement && event.target.type !== 'submit') event.preventDefault(); }}
      onFocusOut={(event) => { const at = event.target instanceof HTMLElement ? event.target.id : ''; const pointer = pointers.find((one) => idOf(one) === at); if (pointer && !touched.has(pointer) && draft !== loaded.draft) setTouched(new Set([...touched, pointer])); }}>
      <div class="page-head mf-head">
        <h1 class="truncate">{monitor ? words.t('edit', { name: monitor.name }) : words.t('add')}</h1>
        <div class="actions">
          <Button kind="quiet" icon="code" onClick={() => setCode(true)} label={ui.t('as_code')} />
          <a class="button" href={href(monitor ? `/monitors/${encodeURIComponent(monitor.id)}` : '/')}>{ui.t('cancel')}</a>
          {!disabled && <Button kind="primary" type="submit" disabled={saving}>{words.t(saving ? 'saving' : 'save')}</Button>}
        </div>
      </div>
      {hasModes && <ModeTabs chosen="one" />}
      {owner && (
        <div class="mf-note">
          <Icon name="code" />
          <div class="grow">
            <strong>{words.t('by_project')}</strong>
            <p>{owner.file ? words.t('by_project_text', { project: owner.project, file: owner.file, line: owner.line }) : words.t('by_project_short', { project: owner.project })}</p>
          </div>
          {canWrite() && <a class="button" href={href('/monitors/new', { clone: monitor.id })}>{words.t('make_copy')}</a>}
        </div>
      )}
      {loaded.left && <p class="mf-note"><Icon name="info" />{words.t('hidden_left_out')}</p>}
      {restored && <div class="mf-note" role="status"><Icon name="info" /><span class="grow">{words.t('restored')}</span><Button onClick={() => { setDraft(loaded.draft); setRestored(false); }}>{words.t('discard')}</Button></div>}
      {stale && (
        <div class="problem" role="alert">
          <Icon name="warning" size={18} />
          <div class="grow stack-tight">
            <strong>{words.t('changed_title')}</strong>
            <p>{words.t('changed_text')}</p>
            <div class="row wrap"><Button onClick={() => void save(true)}>{words.t('save_over')}</Button><Button onClick={() => { state.current.saved = true; reload(); }}>{words.t('drop_mine')}</Button></div>
          </div>
        </div>
      )}
      {problem && <ProblemPanel problem={problem} retry={() => void save()} />}
      {tried && count > 0 && (
        <div class="problem" role="alert" tabIndex={-1} ref={summary}>
          <Icon name="warning" size={18} />
          <div class="grow">
            <strong>{words.t('problems', { n: count })}</strong>
            <ul class="mf-problems">
              {[...places].map(([at, text]) => <li key={at}><a href={`#${idOf(at)}`} onClick={(event) => { event.preventDefault(); goTo(at); }}>{text}</a></li>)}
              {homeless.map((one) => <li key={one.pointer}><code>{one.pointer}</code> {one.message}</li>)}
            </ul>
          </div>
        </div>
      )}
      <ModePanel isNew={hasModes}>
      <div class="mf-columns">
        <div class="mf-a"><TargetPart form={form} /></div>
        <div class="mf-b">
          <TestPart answer={answer} onAnswer={setAnswer} config={() => { if (own !== undefined) { setTouched(new Set([...touched, '/target'])); focusOn(() => document.getElementById(idOf('/target'))); return null; } return probeOf(config); }}
            onExpect={(text) => { change((now) => ({ assert: [...now.assert, { source: 'response_data', property: '', comparison: 'contains', target: text }] })); setOpen((now) => new Set([...now, 'assert'])); }} />
          {dry && dry.warnings.length > 0 && (
            <div class="mf-note"><Icon name="warning" /><div><strong>{words.t('warnings')}</strong><ul lang="en">{dry.warnings.map((one) => <li key={one.pointer + one.message}>{one.message}</li>)}</ul></div></div>
          )}
        </div>
        <div class="mf-c">
          {part('request', requestSummary(draft), <RequestPart form={form} />)}
          {part('tls', tlsSummary(draft), <TlsPart form={form} />)}
          {part('limits', limitsSummary(draft), <LimitsPart form={form} />)}
          {part('assert', assertSummary(draft), <AssertPart form={form} />)}
          {part('schedule', scheduleSummary(draft), <SchedulePart form={form} dry={dry} />)}
          {part('retry', retrySummary(draft), <RetryPart form={form} />)}
          {part('alert', alertSummary(form), <AlertPart form={form} />)}
          {part('about', aboutSummary(draft), <AboutPart form={form} isNew={!monitor} />)}
          {part('advanced', advancedSummary(draft), <AdvancedPart form={form} />)}
          <p class="muted mf-small">{words.t('save_keys')}</p>
        </div>
      </div>
      </ModePanel>
      {code && <AsCode title={words.t('code_title')} forms={codeForms(config, monitor?.id)} onClose={() => setCode(false)} />}
    </form>
  );
}
