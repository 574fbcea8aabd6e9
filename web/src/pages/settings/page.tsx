// Settings: one's own (language, theme, password), API tokens, and how the server is, in words.
import { useEffect, useState } from 'preact/hooks';
import * as calls from '../../api/calls';
import { asProblem, type ApiProblem } from '../../api/problem';
import type { Scope, SystemFacts, Token } from '../../api/types';
import { formatBytes, formatDuration, formatMicros, formatNumber } from '../../i18n/format';
import { language, languages, setLanguage, type Language } from '../../i18n/language';
import { place, setQuery } from '../../router/router';
import { isAdmin, leave, session } from '../../store/session';
import { setTheme, theme, type Theme } from '../../store/theme';
import { Button } from '../../ui/button';
import { CodeBlock } from '../../ui/code';
import { Dialog } from '../../ui/dialog';
import { PasswordField, TextField } from '../../ui/field';
import { CheckField, SelectField } from '../../ui/inputs';
import { ProblemPanel, toastProblem } from '../../ui/problem';
import { setShortcuts, shortcutsOn } from '../../ui/shortcuts';
import { StateIcon } from '../../ui/state';
import { TabPanel, Tabs } from '../../ui/tabs';
import { Ago } from '../../ui/time';
import { toast } from '../../ui/toast';
import { ui } from '../../ui/words';
import './style.css';
import { title } from './title';
import { words } from './words';

const kLateUs = 1_000_000; // a second behind the schedule is seen in the results
const parts = ['you', 'tokens', 'system'] as const;

export default function SettingsPage() {
  const chosen = parts.find((one) => one === place.value.query.get('tab')) ?? 'you';
  return (
    <div class="page stack se">
      <h1>{title()}</h1>
      <Tabs label={words.t('parts')} name="part" chosen={chosen} onChoose={(tab) => setQuery({ tab: tab === 'you' ? undefined : tab })} tabs={parts.map((id) => ({ id, label: words.t(id) }))} />
      <TabPanel name="part" id={chosen}>{chosen === 'you' ? <You /> : chosen === 'tokens' ? <Tokens /> : <System />}</TabPanel>
    </div>
  );
}

function You() {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const name = session.value.is === 'in' ? session.value.session.user.name : '';
  const change = async () => {
    setProblem(null);
    try {
      await calls.changePassword(current, next);
      setCurrent('');
      setNext('');
      toast(words.t('changed'));
    } catch (error) {
      setProblem(asProblem(error));
    }
  };
  return (
    <div class="stack">
      <section class="panel padded stack">
        <p>{ui.t('signed_in_as', { name })}</p>
        <SelectField label={words.t('language')} value={language.value} onValue={(id) => setLanguage(id as Language)} options={Object.entries(languages)} />
        <SelectField label={words.t('theme')} value={theme.value} onValue={(id) => setTheme(id as Theme)} options={[['auto', ui.t('theme_auto')], ['light', ui.t('theme_light')], ['dark', ui.t('theme_dark')]]} />
        <CheckField label={ui.t('shortcuts_on')} checked={shortcutsOn.value} onChecked={setShortcuts} />
        <div><Button onClick={() => void leave().catch(toastProblem)}>{ui.t('sign_out')}</Button></div>
      </section>
      <form class="panel padded stack" onSubmit={(event) => { event.preventDefault(); void change(); }}>
        <h2>{words.t('password')}</h2>
        <input class="visually-hidden" aria-hidden="true" tabIndex={-1} autocomplete="username" value={name} readOnly />
        <PasswordField label={words.t('current')} value={current} onValue={setCurrent} error={problem?.at('/current')} autocomplete="current-password" />
        <PasswordField label={words.t('next')} help={words.t('next_help')} value={next} onValue={setNext} error={problem?.at('/new')} autocomplete="new-password" />
        {problem && problem.errors.length === 0 && <ProblemPanel problem={problem} />}
        <div><Button kind="primary" type="submit" disabled={!current || !next}>{words.t('change')}</Button></div>
      </form>
    </div>
  );
}

function Tokens() {
  const [tokens, setTokens] = useState<Token[] | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [name, setName] = useState('');
  const [scope, setScope] = useState<Scope>('read');
  const [fresh, setFresh] = useState<string | null>(null);
  const [doomed, setDoomed] = useState<Token | null>(null);
  const read = () => calls.listTokens().then((page) => { setTokens(page.data); setProblem(null); }, (error: unknown) => setProblem(asProblem(error)));
  useEffect(() => void (isAdmin() && read()), []);
  if (!isAdmin()) return <p>{words.t('admin_only')}</p>;
  const create = () => calls.createToken(name.trim(), scope).then((made) => { setFresh(made.token); setName(''); void read(); }, (error: unknown) => setProblem(asProblem(error)));
  const revoke = (token: Token) => calls.revokeToken(token.id).then(() => { setDoomed(null); void read(); }, (error: unknown) => { setDoomed(null); setProblem(asProblem(error)); });
  return (
    <div class="stack">
      {problem && <ProblemPanel problem={problem} retry={() => void read()} />}
      <form class="panel padded stack" onSubmit={(event) => { event.preventDefault(); void create(); }}>
        <TextField label={words.t('token_name')} help={words.t('token_help')} value={name} onValue={setName} autocomplete="off" error={problem?.at('/name')} />
        <SelectField label={words.t('scope')} value={scope} onValue={(one) => setScope(one as Scope)} options={(['read', 'write', 'admin'] as const).map((one) => [one, words.t(one)])} />
        <div><Button kind="primary" type="submit" disabled={name.trim() === ''}>{words.t('create')}</Button></div>
        {fresh && <div class="stack-tight" role="status"><strong>{words.t('once')}</strong><CodeBlock label={words.t('token')} text={fresh} /></div>}
      </form>
      {tokens && tokens.length === 0 && <p class="muted">{words.t('no_tokens')}</p>}
      {tokens && tokens.length > 0 && (
        <ul class="panel se-list">
          {tokens.map((one) => (
            <li key={one.id} class="row wrap">
              <span class="grow"><strong>{one.name}</strong> <span class="chip">{words.maybe(one.scope) ?? one.scope}</span><br /><span class="muted">{words.t('created')} <Ago at={one.created} />{one.revoked && <>, {words.t('revoked')}</>}</span></span>
              {!one.revoked && <Button kind="danger" onClick={() => setDoomed(one)}>{words.t('revoke')}</Button>}
            </li>
          ))}
        </ul>
      )}
      {doomed && <Dialog title={words.t('revoke')} onClose={() => setDoomed(null)}><p>{words.t('revoke_sure', { name: doomed.name })}</p><div class="dialog-actions"><Button onClick={() => setDoomed(null)}>{ui.t('cancel')}</Button><Button kind="danger primary" onClick={() => void revoke(doomed)}>{words.t('revoke')}</Button></div></Dialog>}
    </div>
  );
}

function System() {
  const [facts, setFacts] = useState<SystemFacts | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const read = () => calls.getSystem().then((found) => { setFacts(found); setProblem(null); }, (error: unknown) => setProblem(asProblem(error)));
  useEffect(() => void read(), []);
  const days = (s: number) => formatDuration(s * 1000);
  const late = facts !== null && (facts.lag_us.p99 ?? 0) > kLateUs;
  const { own, store, deliveries, config, retention } = facts ?? {};
  return (
    <div class="stack">
      {problem && <ProblemPanel problem={problem} retry={() => void read()} />}
      {facts && own && store && deliveries && config && retention && (
        <ul class="panel padded stack-tight">
          <li>{words.t('running', { version: facts.version, time: days(facts.uptime_s) })}</li>
          <li>{words.t('watching', { enabled: facts.enabled, monitors: facts.monitors })} {words.t('probes', facts.probes)}</li>
          {facts.lag_us.p99 !== null && <li><StateIcon state={late ? 'degraded' : 'up'} /> {words.t(late ? 'lag_bad' : 'lag_ok')} {words.t('lag', { p50: formatMicros(facts.lag_us.p50), p99: formatMicros(facts.lag_us.p99), max: formatMicros(facts.lag_us.max) })}</li>}
          <li>{words.t('own', { busy: own.busy_percent, slots: formatNumber(own.slots) })}</li>
          {!own.canary.answers && <li><StateIcon state="down" /> {words.t('canary_bad', { why: own.canary.why ?? '' })}</li>}
          {own.one_tick_of > 1 && <li><StateIcon state="degraded" /> {words.t('stretched', { n: own.one_tick_of })}</li>}
          {own.short_of_ports.length > 0 && <li><StateIcon state="degraded" /> {words.t('ports_short', { names: own.short_of_ports.join(', ') })}</li>}
          <li>{store.volatile ? words.t('store_volatile') : words.t('store', { path: store.path, bytes: formatBytes(store.bytes ?? 0), written: formatNumber(store.results_written) })}</li>
          {store.results_dropped > 0 && <li><StateIcon state="down" /> {words.t('dropped', { n: store.results_dropped })}</li>}
          {store.reserve_used && <li><StateIcon state="down" /> {words.t('reserve')}</li>}
          <li>{words.t('deliveries', { delivered: deliveries.delivered, waiting: deliveries.waiting, dead: deliveries.dead })}</li>
          <li>{words.t('config', { files: config.files.join(', ') || words.t('no_files') })}</li>
          {config.error && <li><StateIcon state="down" /> {words.t('config_error', { error: config.error })}</li>}
          <li>{words.t('retention', { raw: days(retention.raw_s), failures: days(retention.failures_s), hourly: days(retention.hourly_s) })}</li>
        </ul>
      )}
    </div>
  );
}
