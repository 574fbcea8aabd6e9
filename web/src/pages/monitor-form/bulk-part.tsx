// Many monitors at once: lines in, a table of what they would make, then they are made one after the other.
import { useMemo, useState } from 'preact/hooks';
import { createMonitor } from '../../api/calls';
import { asProblem } from '../../api/problem';
import { href } from '../../router/router';
import { Button } from '../../ui/button';
import { AreaField } from '../../ui/inputs';
import { StateIcon } from '../../ui/state';
import { parseBulk, type BulkRow } from './bulk';
import { words } from './words';

const keyOf = (row: BulkRow) => `${row.line} ${row.target}`;

export function Bulk() {
  const [text, setText] = useState('');
  const [done, setDone] = useState<ReadonlyMap<string, string>>(new Map()); // '' is made, else what went wrong
  const [busy, setBusy] = useState(false);
  const rows = useMemo(() => parseBulk(text), [text]);
  const open = rows.filter((row) => row.problem === null && done.get(keyOf(row)) !== '');
  const made = [...done.values()].filter((one) => one === '').length;
  const create = async () => {
    setBusy(true);
    for (const row of open) {
      let said = '';
      try {
        await createMonitor({ ...(row.name === row.target ? {} : { name: row.name }), target: row.target, ...(row.tags.length > 0 ? { tags: row.tags } : {}) });
      } catch (error) {
        const problem = asProblem(error);
        said = problem.errors[0]?.message ?? problem.detail ?? problem.title;
        if (problem.isNetwork || problem.status === 401) {
          setDone((now) => new Map(now).set(keyOf(row), said || problem.code));
          break;
        }
      }
      setDone((now) => new Map(now).set(keyOf(row), said));
    }
    setBusy(false);
  };
  const state = (row: BulkRow) => {
    const said = done.get(keyOf(row));
    if (said === '') return <span class="state is-up"><StateIcon state="up" />{words.t('bulk_made')}</span>;
    if (said || row.problem) return <span class="state is-down"><StateIcon state="down" />{said ?? words.t(`bulk_${row.problem!}`)}</span>;
    return words.t('bulk_ready');
  };
  return (
    <div class="stack">
      <AreaField label={words.t('bulk_label')} help={words.t('bulk_help')} rows={8} mono value={text} onValue={(next) => { setText(next); setDone(new Map()); }} disabled={busy} placeholder={'Redis sessions 10.0.0.5:6379 prod,cache\nwww.example.com:80,443 prod'} />
      <div class="row wrap">
        <Button kind="primary" disabled={busy || open.length === 0} onClick={() => void create()}>{busy ? words.t('saving') : words.t('bulk_create', { n: open.length })}</Button>
        {made > 0 && <span role="status">{words.t('bulk_done', { n: made })} <a href={href('/')}>{words.t('bulk_to_list')}</a></span>}
      </div>
      {rows.length === 0 ? <p class="muted">{words.t('bulk_empty')}</p> : (
        <div class="panel scroll-x" role="region" tabIndex={0} aria-label={words.t('bulk_preview', { n: rows.length })}>
          <table class="table">
            <thead><tr><th class="end">{words.t('bulk_line')}</th><th>{words.t('bulk_name')}</th><th>{words.t('bulk_target')}</th><th>{words.t('bulk_tags')}</th><th>{words.t('bulk_state')}</th></tr></thead>
            <tbody>{rows.map((row) => <tr key={keyOf(row)}><td class="num end">{row.line}</td><td>{row.name}</td><td class="mono">{row.target}</td><td>{row.tags.map((tag) => <span key={tag} class="chip">{tag}</span>)}</td><td>{state(row)}</td></tr>)}</tbody>
          </table>
        </div>
      )}
    </div>
  );
}
