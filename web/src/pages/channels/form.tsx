// Add or change a channel. Its secrets are written here and never come back; what was typed outlives leaving the page.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import * as calls from '../../api/calls';
import { asProblem, type ApiProblem } from '../../api/problem';
import type { Channel } from '../../api/types';
import { useFocusOnceDrawn } from '../../lib/focus';
import { projectOf } from '../../lib/owner';
import { go, href } from '../../router/router';
import { isAdmin } from '../../store/session';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icon';
import { ProblemPanel } from '../../ui/problem';
import { toast } from '../../ui/toast';
import { ui } from '../../ui/words';
import { createBody, draftOf, emptyDraft, missing, patchBody, type Draft } from './draft';
import { EventsPart, idOf, MailPart, NamePart, ServerPart, WebhookPart, type Form } from './fields';
import { Preview } from './preview';
import { words } from './words';

const keptDrafts = new Map<string, Draft>();

interface Props {
  type: Channel['type'];
  channel: Channel | null;
  onSaved: (channel: Channel, test: boolean) => void;
  reload: () => void;
}

function ByProject({ channel }: { channel: Channel }) {
  const owner = projectOf(channel.owner);
  if (!owner) return null;
  return <div class="ch-note"><Icon name="code" /><p>{owner.file ? words.t('by_project_text', { ...owner }) : words.t('by_project_short', { project: owner.project })}</p></div>;
}

export function ChannelForm({ type, channel, onSaved, reload }: Props) {
  const key = channel?.id ?? `new ${type}`;
  const first = useMemo(() => (channel ? draftOf(channel) : emptyDraft(type)), [channel, type]);
  const [draft, setDraft] = useState<Draft>(() => keptDrafts.get(key) ?? first);
  const [restored, setRestored] = useState(() => keptDrafts.has(key));
  const [tried, setTried] = useState(false);
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [stale, setStale] = useState(false);
  const summary = useRef<HTMLDivElement>(null);
  const focusOn = useFocusOnceDrawn();
  const disabled = !isAdmin() || channel?.owner.kind === 'project';
  const dirty = JSON.stringify(draft) !== JSON.stringify(first);
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

  const lacking = missing(draft, channel);
  if (!channel && draft.id.trim() === '' && !/[A-Za-z0-9]/.test(draft.name)) lacking.set('/name', 'id' as never);
  const wordOf = (pointer: string) => {
    const why = lacking.get(pointer) as string | undefined;
    return why === undefined ? undefined : words.t(`miss_${why as 'url'}`);
  };
  const error = (pointer: string) => (tried ? wordOf(pointer) : undefined) ?? problem?.at(pointer);
  const form: Form = { draft, channel, error, disabled, change: (next) => { setDraft((now) => ({ ...now, ...next })); setProblem(null); } };
  const problems: [string, string][] = tried ? [...new Map([...[...lacking.keys()].map((at): [string, string] => [at, wordOf(at)!]), ...(problem?.errors ?? []).map((one): [string, string] => [one.pointer, one.hint ? `${one.message} ${one.hint}` : one.message])])] : [];
  const show = () => {
    setTried(true);
    focusOn(() => summary.current);
  };
  const goTo = (pointer: string) => {
    const steps = pointer.split('/');
    for (let n = steps.length; n > 1; n -= 1) {
      const found = document.getElementById(idOf(steps.slice(0, n).join('/')));
      if (found) return found.focus();
    }
  };

  const save = async (test: boolean, over = false) => {
    if (saving || disabled) return;
    if (lacking.size > 0) return show();
    setSaving(true);
    setProblem(null);
    setStale(false);
    try {
      const saved = channel ? await calls.patchChannel(channel.id, patchBody(draft, channel), over ? undefined : channel.revision) : await calls.createChannel(createBody(draft));
      state.current.saved = true;
      toast(words.t(channel ? 'saved' : 'created', { name: saved.name }));
      onSaved(saved, test);
    } catch (caught) {
      const failed = asProblem(caught);
      setSaving(false);
      if (failed.status === 412) return setStale(true);
      if (failed.code === 'id_taken') failed.errors.push({ pointer: '/id', code: failed.code, message: failed.detail });
      setProblem(failed);
      if (failed.errors.length > 0) show();
    }
  };
  const title = channel ? words.t(disabled ? 'form_view' : 'form_edit', { name: channel.name }) : words.t(`form_add_${type}`);
  return (
    <form class="page stack ch" noValidate
      onSubmit={(event) => { event.preventDefault(); void save(false); }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter') return;
        if (event.ctrlKey || event.metaKey) { event.preventDefault(); void save(false); }
        else if (event.target instanceof HTMLInputElement) event.preventDefault();
      }}>
      <div class="page-head ch-head">
        <h1 class="truncate">{title}</h1>
        <div class="actions">
          <a class="button" href={href('/channels')}>{ui.t(disabled ? 'close' : 'cancel')}</a>
          {!disabled && <Button disabled={saving} onClick={() => void save(true)}>{words.t('save_test')}</Button>}
          {!disabled && <Button kind="primary" type="submit" disabled={saving}>{words.t(saving ? 'saving' : 'save')}</Button>}
        </div>
      </div>
      {channel && <ByProject channel={channel} />}
      {!isAdmin() && channel?.owner.kind !== 'project' && <p class="ch-note"><Icon name="info" />{words.t('read_only')}</p>}
      {channel?.secrets_lost && <p class="ch-note"><Icon name="warning" />{words.t('lost_text')}</p>}
      {restored && <div class="ch-note" role="status"><Icon name="info" /><span class="grow">{words.t('restored')}</span><Button onClick={() => { setDraft(first); setRestored(false); }}>{words.t('discard')}</Button></div>}
      {stale && (
        <div class="problem" role="alert">
          <Icon name="warning" size={18} />
          <div class="grow stack-tight">
            <strong>{words.t('changed_title')}</strong>
            <p>{words.t('changed_text')}</p>
            <div class="row wrap"><Button onClick={() => void save(false, true)}>{words.t('save_over')}</Button><Button onClick={() => { state.current.saved = true; reload(); }}>{words.t('drop_mine')}</Button></div>
          </div>
        </div>
      )}
      {problem && problem.errors.length === 0 && <ProblemPanel problem={problem} retry={() => void save(false)} />}
      {problems.length > 0 && (
        <div class="problem" role="alert" tabIndex={-1} ref={summary}>
          <Icon name="warning" size={18} />
          <div class="grow">
            <strong>{words.t('problems', { n: problems.length })}</strong>
            <ul class="ch-problems">{problems.map(([at, text]) => <li key={at}><a href={`#${idOf(at)}`} onClick={(event) => { event.preventDefault(); goTo(at); }}>{text}</a></li>)}</ul>
          </div>
        </div>
      )}
      <div class="ch-columns">
        <div class="stack">
          <section class="panel padded stack"><h2>{words.t('s_where')}</h2>{draft.type === 'webhook' ? <WebhookPart {...form} /> : <MailPart {...form} />}</section>
          {draft.type === 'email' && <section class="panel padded stack"><h2>{words.t('s_server')}</h2><ServerPart {...form} /></section>}
          <section class="panel padded"><EventsPart {...form} /></section>
          <section class="panel padded stack"><h2>{words.t('s_name')}</h2><NamePart {...form} /></section>
        </div>
        <section class="panel padded stack ch-aside"><h2>{words.t('s_preview')}</h2><Preview type={draft.type} /></section>
      </div>
    </form>
  );
}
