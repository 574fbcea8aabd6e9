// One channel in the list: how it does, where it goes, of what it tells, who uses it, and a test of it.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { testChannel } from '../../api/calls';
import { asProblem, type ApiProblem } from '../../api/problem';
import type { Channel, ChannelTrial } from '../../api/types';
import { formatMicros } from '../../i18n/format';
import { projectOf } from '../../lib/owner';
import { eventNames, eventWord } from '../../lib/notices';
import { href } from '../../router/router';
import { isAdmin } from '../../store/session';
import { Button } from '../../ui/button';
import { Menu, type MenuItem } from '../../ui/menu';
import { problemText, problemTitle } from '../../ui/problem';
import { StateIcon } from '../../ui/state';
import { ui } from '../../ui/words';
import { healthOf, type Health } from './health';
import { words } from './words';

const tones: Record<Health, 'up' | 'down' | 'pending'> = { good: 'up', failing: 'down', lost: 'down', unused: 'pending' };

function Row({ label, children }: { label: string; children: ComponentChildren }) {
  return <div class="ch-row"><dt>{label}</dt><dd>{children}</dd></div>;
}

function Target({ channel }: { channel: Channel }) {
  const { webhook, email } = channel;
  if (webhook) return <><span class="mono">{webhook.url_shown ?? '–'}</span> <span class="chip">{words.t(webhook.secret_set ? 'signed' : 'unsigned')}</span></>;
  if (email) return <><span class="mono">{email.to.join(', ')}</span> <span class="muted">{words.t('from_address', { address: email.from })}, {words.t('through', { host: `${email.smtp.host}:${email.smtp.port}` })}</span></>;
  return null;
}

type Trial = { is: 'sending' } | { is: 'done'; answer: ChannelTrial } | { is: 'failed'; problem: ApiProblem };
function TrialLine({ trial }: { trial: Trial }) {
  if (trial.is === 'sending') return <span class="muted">{words.t('testing')}</span>;
  if (trial.is === 'failed') return <><span class="state is-down"><StateIcon state="down" />{words.t('not_sent')}</span> {problemText(trial.problem) || problemTitle(trial.problem)}</>;
  const { ok, result, took_ms } = trial.answer;
  return <><span class={`state is-${ok ? 'up' : 'down'}`}><StateIcon state={ok ? 'up' : 'down'} />{words.t(ok ? 'test_ok' : 'test_bad')}</span> <code>{result}</code> <span class="muted">{words.t('took', { time: formatMicros(took_ms * 1000) })}</span></>;
}

interface Props {
  channel: Channel;
  testNow: boolean; // a test was asked for together with saving
  onTested: () => void;
  show: (what: 'users' | 'preview' | 'code' | 'remove') => void;
}

export function ChannelCard({ channel, testNow, onTested, show }: Props) {
  const [trial, setTrial] = useState<Trial | null>(null);
  const send = () => {
    setTrial({ is: 'sending' });
    testChannel(channel.id).then((answer) => setTrial({ is: 'done', answer }), (error: unknown) => setTrial({ is: 'failed', problem: asProblem(error) }));
  };
  useEffect(() => {
    if (!testNow) return;
    send();
    onTested();
  }, [testNow]);
  const { health } = channel;
  const owner = projectOf(channel.owner);
  const how = healthOf(channel);
  const mine = isAdmin() && !owner;
  const edit = href('/channels', { edit: channel.id });
  const items: MenuItem[] = [
    { label: words.t('preview'), icon: 'eye', run: () => show('preview') },
    { label: ui.t('as_code'), icon: 'code', run: () => show('code') },
    { label: words.t('to_alerts'), icon: 'alerts', href: href('/alerts', { channel: channel.id }) },
    ...(mine ? [{ label: words.t('remove'), icon: 'trash', danger: true, run: () => show('remove') } as MenuItem] : []),
  ];
  return (
    <li class="panel ch-card" data-id={channel.id}>
      <div class="ch-card-head">
        <h2 class="truncate"><a href={edit}>{channel.name}</a></h2>
        <span class="chip">{words.t(`type_${channel.type}`)}</span>
        <span class={`state state-pill is-${tones[how]}`}><StateIcon state={tones[how]} />{words.t(`h_${how}`)}</span>
        <span class="grow" />
        {isAdmin() && <Button disabled={trial?.is === 'sending'} onClick={send}>{words.t('test')}</Button>}
        <a class="button" href={edit}>{words.t(mine ? 'edit' : 'view')}</a>
        <Menu label={`${ui.t('more')}: ${channel.name}`} icon="more" items={items} />
      </div>
      <div class="ch-trial" role="status">{trial && <TrialLine trial={trial} />}</div>
      {channel.secrets_lost && <p class="ch-lost">{words.t('lost_text')}</p>}
      <dl class="ch-facts">
        <Row label={words.t('target')}><Target channel={channel} /></Row>
        <Row label={words.t('sends')}>{channel.send.length === eventNames.length ? words.t('all_events') : channel.send.map(eventWord).join(', ')}</Row>
        {how !== 'unused' && (
          <Row label={words.t('last_answer')}>
            {health.last_result !== null && <code>{health.last_result}</code>}{' '}
            <span class="muted">{[words.t('delivered', { n: health.delivered }), ...(health.waiting > 0 ? [words.t('waiting', { n: health.waiting })] : []), ...(health.failed_attempts > 0 ? [words.t('failed_attempts', { n: health.failed_attempts })] : [])].join(', ')}{health.dead > 0 && <>, <a href={href('/alerts', { channel: channel.id, state: 'dead' })}>{words.t('dead', { n: health.dead })}</a></>}, {words.t('since_start')}</span>
          </Row>
        )}
      </dl>
      <div class="ch-foot muted">
        {channel.used_by > 0 ? <button type="button" class="link-button" onClick={() => show('users')}>{words.t('used_by', { n: channel.used_by })}</button> : <span>{words.t('used_by_none')}</span>}
        <span>{owner ? <>{words.t('by_project', { project: owner.project })}{owner.file && <>: <code>{words.t('by_project_at', { file: owner.file, line: owner.line })}</code></>}</> : words.t('by_ui')}</span>
      </div>
    </li>
  );
}
