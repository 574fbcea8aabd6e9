// What stands at the bottom while rows are selected, and the dialogs of its actions.
import { useId, useState } from 'preact/hooks';
import { allRows } from '../../store/monitors';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { TextField } from '../../ui/field';
import { Menu } from '../../ui/menu';
import { ui } from '../../ui/words';
import { actOn, clearSelection, failures, selected } from './selection';
import { words } from './words';

function tagsOf(uids: Iterable<string>): string[] {
  const tags = new Set<string>();
  for (const uid of uids) for (const tag of allRows().get(uid)?.tags ?? []) tags.add(tag);
  return [...tags].sort();
}

function TagDialog({ action, onClose }: { action: 'add_tag' | 'remove_tag'; onClose: () => void }) {
  const [tag, setTag] = useState('');
  const listId = useId();
  const known = tagsOf(action === 'add_tag' ? allRows().keys() : selected.value);
  return (
    <Dialog title={words.t(action)} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!tag.trim()) return;
          onClose();
          void actOn(action, [...selected.value], tag.trim());
        }}
      >
        <TextField label={words.t('tag')} help={words.t('tag_help')} value={tag} onValue={setTag} list={listId} required autocapitalize="none" spellcheck={false} autocomplete="off" />
        <datalist id={listId}>
          {known.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
        <div class="dialog-actions">
          <Button onClick={onClose}>{ui.t('cancel')}</Button>
          <Button kind="primary" type="submit">
            {words.t(action)}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function DeleteDialog({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const uids = [...selected.value];
  const count = String(uids.length);
  return (
    <Dialog title={words.t('delete_title', { n: uids.length })} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() !== count) return;
          onClose();
          void actOn('delete', uids);
        }}
      >
        <p>{words.t('delete_text')}</p>
        <TextField label={words.t('delete_type', { count })} value={typed} onValue={setTyped} inputmode="numeric" autocomplete="off" />
        <div class="dialog-actions">
          <Button onClick={onClose}>{ui.t('cancel')}</Button>
          <Button kind="danger primary" type="submit" disabled={typed.trim() !== count}>
            {words.t('delete')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

export function BatchBar() {
  const [open, setOpen] = useState<'add_tag' | 'remove_tag' | 'delete' | null>(null);
  const uids = [...selected.value];
  const remove = () => (uids.length === 1 ? void actOn('delete', uids) : setOpen('delete'));
  return (
    <>
      {uids.length > 0 && (
        <div class="ov-batch" role="toolbar" aria-label={words.t('selected', { n: uids.length })}>
          <span class="ov-batch-count" role="status">{words.t('selected', { n: uids.length })}</span>
          <Button kind="quiet" icon="pause" onClick={() => void actOn('pause', uids)}>
            {words.t('pause')}
          </Button>
          <Button kind="quiet" icon="play" onClick={() => void actOn('resume', uids)}>
            {words.t('resume')}
          </Button>
          <Button kind="quiet" icon="run" onClick={() => void actOn('run', uids)}>
            {words.t('run')}
          </Button>
          <Menu label={ui.t('more')} icon="more" side="up"
            items={[
              { label: words.t('mute'), icon: 'mute', run: () => void actOn('mute', uids) },
              { label: words.t('unmute'), icon: 'alerts', run: () => void actOn('unmute', uids) },
              { label: words.t('add_tag'), icon: 'tag', run: () => setOpen('add_tag') },
              { label: words.t('remove_tag'), icon: 'close', run: () => setOpen('remove_tag') },
              { label: words.t('delete'), icon: 'trash', danger: true, run: remove },
            ]} />
          <Button kind="quiet" icon="close" label={words.t('clear_selection')} onClick={clearSelection} />
        </div>
      )}
      {open === 'delete' && <DeleteDialog onClose={() => setOpen(null)} />}
      {(open === 'add_tag' || open === 'remove_tag') && <TagDialog action={open} onClose={() => setOpen(null)} />}
      {failures.value && (
        <Dialog title={words.t('some_failed', { n: failures.value.length })} kind="wide" onClose={() => (failures.value = null)}>
          <dl class="ov-failures">
            {failures.value.slice(0, 200).map((one) => (
              <div key={one.name}>
                <dt>{one.name}</dt>
                <dd class="muted">{one.detail}</dd>
              </div>
            ))}
          </dl>
        </Dialog>
      )}
    </>
  );
}
