// Channels: where people are told. The list, and the form of one: ?add=webhook, ?add=email, ?edit=ID.
import { useEffect, useState } from 'preact/hooks';
import * as calls from '../../api/calls';
import { onLive } from '../../api/live';
import { asProblem, type ApiProblem } from '../../api/problem';
import type { Channel } from '../../api/types';
import { useWalk } from '../../lib/walk';
import { go, href, place } from '../../router/router';
import { isAdmin } from '../../store/session';
import { AsCode } from '../../ui/code';
import { Dialog } from '../../ui/dialog';
import { Empty } from '../../ui/empty';
import { Icon } from '../../ui/icon';
import { ProblemPanel } from '../../ui/problem';
import { ChannelCard } from './card';
import { codeForms } from './code-forms';
import { ChannelForm } from './form';
import { Preview } from './preview';
import './style.css';
import { title } from './title';
import { RemoveDialog, UsersDialog } from './users';
import { words } from './words';

const kinds = ['webhook', 'email'] as const;
const kSoonMs = 2000;

function AddLinks() {
  return <>{kinds.map((kind) => <a key={kind} class="button" href={href('/channels', { add: kind })}><Icon name="plus" />{words.t(`add_${kind}`)}</a>)}</>;
}

function NoneYet() {
  return (
    <section class="ch-none">
      <h2>{words.t('none')}</h2>
      <p class="muted">{words.t('none_text')}</p>
      {isAdmin() ? (
        <div class="ch-doors">
          {kinds.map((kind) => (
            <a key={kind} class="panel padded ch-door" href={href('/channels', { add: kind })}>
              <strong><Icon name="plus" /> {words.t(`add_${kind}`)}</strong>
              <span class="muted">{words.t(`${kind}_text`)}</span>
            </a>
          ))}
        </div>
      ) : <p>{words.t('read_only')}</p>}
    </section>
  );
}

interface Shown {
  what: 'users' | 'preview' | 'code' | 'remove';
  channel: Channel;
}

function List({ channels, test, onTested, read }: { channels: Channel[]; test: string | null; onTested: () => void; read: () => void }) {
  const [shown, setShown] = useState<Shown | null>(null);
  const close = () => setShown(null);
  const list = useWalk<HTMLUListElement>('.ch-card h2 a');
  return (
    <>
      <ul class="stack ch-list" ref={list}>
        {channels.map((one) => <ChannelCard key={one.id} channel={one} testNow={test === one.id} onTested={onTested} show={(what) => setShown({ what, channel: one })} />)}
      </ul>
      {shown?.what === 'users' && <UsersDialog channel={shown.channel} onClose={close} />}
      {shown?.what === 'preview' && <Dialog title={words.t('s_preview')} kind="wide" onClose={close}><Preview type={shown.channel.type} /></Dialog>}
      {shown?.what === 'code' && <AsCode title={words.t('code_title')} forms={codeForms(shown.channel)} onClose={close} />}
      {shown?.what === 'remove' && <RemoveDialog channel={shown.channel} onClose={close} onRemoved={() => { close(); read(); }} />}
    </>
  );
}

export default function ChannelsPage() {
  const [channels, setChannels] = useState<Channel[] | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [test, setTest] = useState<string | null>(null);
  const [round, setRound] = useState(0); // a new round takes the form's channel anew
  const read = () => calls.listChannels().then((page) => { setChannels(page.data); setProblem(null); }, (error: unknown) => setProblem(asProblem(error)));
  useEffect(() => {
    void read();
    // The counters follow what is sent, but not every single event.
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = () => (timer ??= setTimeout(() => { timer = undefined; void read(); }, kSoonMs));
    const stop = [onLive('alert', soon), onLive('reset', soon)];
    return () => {
      clearTimeout(timer);
      stop.forEach((one) => one());
    };
  }, []);
  const query = place.value.query;
  const add = kinds.find((kind) => kind === query.get('add'));
  const edit = query.get('edit');
  const saved = (_: Channel, sendTest: boolean) => {
    setTest(sendTest ? _.id : null);
    void read().then(() => go('/channels', { replace: true }));
  };
  if (add && isAdmin()) return <ChannelForm key={add} type={add} channel={null} onSaved={saved} reload={() => {}} />;
  const edited = edit === null ? undefined : channels?.find((one) => one.id === edit);
  if (edit !== null && edited) return <Edited key={`${edit} ${round}`} channel={edited} onSaved={saved} reload={() => void read().then(() => setRound((n) => n + 1))} />;
  return (
    <div class="page stack ch">
      <div class="page-head ch-head">
        <h1>{title()}</h1>
        {isAdmin() && channels && channels.length > 0 && <div class="actions"><AddLinks /></div>}
      </div>
      {problem && <ProblemPanel problem={problem} retry={() => void read()} />}
      {edit !== null && channels ? <Empty title={words.t('gone', { id: edit })}><a class="button" href={href('/channels')}>{title()}</a></Empty>
        : channels === null ? <div aria-busy="true" />
        : channels.length === 0 ? <NoneYet />
        : <><p class="muted">{words.t('lead')}</p><List channels={channels} test={test} onTested={() => setTest(null)} read={() => void read()} /></>}
    </div>
  );
}

// The channel as it was when the form was opened: a list that is read again meanwhile must not take its revision along.
function Edited({ channel, onSaved, reload }: { channel: Channel; onSaved: (channel: Channel, test: boolean) => void; reload: () => void }) {
  const [opened] = useState(channel);
  return <ChannelForm type={opened.type} channel={opened} onSaved={onSaved} reload={reload} />;
}
