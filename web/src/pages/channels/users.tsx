// Which monitors name a channel, and deleting one that none names any more. There is no undo: its secrets are forgotten.
import { useEffect, useState } from 'preact/hooks';
import * as calls from '../../api/calls';
import { asProblem, type ApiProblem } from '../../api/problem';
import type { Channel } from '../../api/types';
import { href } from '../../router/router';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { ProblemPanel } from '../../ui/problem';
import { toast } from '../../ui/toast';
import { ui } from '../../ui/words';
import { usersOf, type User } from './health';
import { words } from './words';

function UserList({ channel, usedBy }: { channel: Channel; usedBy: number }) {
  const [users, setUsers] = useState<User[] | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const read = () => calls.exportOwn().then((file) => { setUsers(usersOf(file, channel.id)); setProblem(null); }, (error: unknown) => setProblem(asProblem(error)));
  useEffect(() => void read(), [channel.id]);
  if (problem) return <ProblemPanel problem={problem} retry={() => void read()} />;
  if (!users) return <div aria-busy="true" />;
  const inFiles = usedBy - users.length;
  if (users.length === 0 && inFiles <= 0) return <p>{words.t('users_none')}</p>;
  return (
    <div class="stack-tight">
      {users.length > 0 && <h3>{words.t('users_here')}</h3>}
      <ul class="ch-users">{users.map((one) => <li key={one.id}><a href={href(`/monitors/${encodeURIComponent(one.id)}/edit`)}>{one.name}</a></li>)}</ul>
      {inFiles > 0 && <p>{words.t('users_files', { n: inFiles })}</p>}
    </div>
  );
}

export function UsersDialog({ channel, onClose }: { channel: Channel; onClose: () => void }) {
  return <Dialog title={words.t('users_title', { name: channel.name })} onClose={onClose}><UserList channel={channel} usedBy={channel.used_by} /></Dialog>;
}

export function RemoveDialog({ channel, onClose, onRemoved }: { channel: Channel; onClose: () => void; onRemoved: () => void }) {
  const [inUse, setInUse] = useState(channel.used_by > 0);
  const [said, setSaid] = useState('');
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [busy, setBusy] = useState(false);
  const remove = async () => {
    setBusy(true);
    try {
      await calls.deleteChannel(channel.id);
      toast(words.t('removed', { name: channel.name }));
      onRemoved();
    } catch (caught) {
      const failed = asProblem(caught);
      setBusy(false);
      if (failed.code === 'in_use') {
        setSaid(failed.detail);
        setInUse(true);
      }
      else setProblem(failed);
    }
  };
  if (inUse) {
    return (
      <Dialog title={words.t('in_use_title', { name: channel.name })} onClose={onClose}>
        <div class="stack"><p>{words.t('in_use_text')}</p>{said && <p class="muted" lang="en">{said}</p>}<UserList channel={channel} usedBy={channel.used_by} /></div>
        <div class="dialog-actions"><Button kind="primary" onClick={onClose}>{ui.t('close')}</Button></div>
      </Dialog>
    );
  }
  return (
    <Dialog title={words.t('remove_title', { name: channel.name })} onClose={onClose}>
      <div class="stack"><p>{words.t('remove_text')}</p>{problem && <ProblemPanel problem={problem} />}</div>
      <div class="dialog-actions"><Button onClick={onClose}>{ui.t('cancel')}</Button><Button kind="danger primary" disabled={busy} onClick={() => void remove()}>{words.t('remove')}</Button></div>
    </Dialog>
  );
}
