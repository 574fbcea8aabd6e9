// The overview: every monitor, worst first, searchable, alive. Search and order are in the address (?q=, ?sort=).
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { go, href, place, setQuery } from '../../router/router';
import { allRows, loading, loadMonitors, loadProblem, version, watchMonitors } from '../../store/monitors';
import { fitsAll, parseQuery } from '../../store/query';
import { canWrite } from '../../store/session';
import { AsCode, curl } from '../../ui/code';
import { Icon } from '../../ui/icon';
import { Menu } from '../../ui/menu';
import { ProblemPanel, problemTitle } from '../../ui/problem';
import { useShortcuts } from '../../ui/shortcuts';
import { Skeleton } from '../../ui/skeleton';
import { ui } from '../../ui/words';
import { BatchBar } from './batch';
import { NoMatch, NothingYet } from './empty';
import { MonitorList } from './list';
import { parseSort, Sorted, sortText, type Sort } from './order';
import { clearSelection } from './selection';
import { statuses, Summary } from './summary';
import './style.css';
import { words } from './words';

const kSkeleton = new Array<number>(12).fill(32); // px, a screenful of rows

function codeForms(query: string) {
  const asked = /(?:^|\s)state:(\w+)/.exec(query)?.[1];
  const state = asked === 'disabled' ? 'paused' : statuses.find((one) => one === asked); // flags are no filter of the API; there, what is disabled is paused
  const tag = /(?:^|\s)tag:(\S+)/.exec(query)?.[1];
  const filter = new URLSearchParams([...(state ? [['status', state]] : []), ...(tag ? [['tag', tag]] : [])] as [string, string][]).toString();
  const flags = `${state ? ` --status ${state}` : ''}${tag ? ` --tag ${tag}` : ''}`;
  return [
    { id: 'curl', label: 'curl', text: `${curl('GET', `/monitors${filter ? `?${filter}` : ''}`)}\n\n# every row as one line of JSON\n${curl('GET', `/monitors${filter ? `?${filter}` : ''}`).replace('curl ', "curl -H 'Accept: application/x-ndjson' ")}` },
    { id: 'cli', label: 'CLI', text: `tocsin monitors list${flags}` },
    { id: 'yaml', label: 'YAML', text: `# the monitors made in these pages, as a configuration file\n${curl('GET', '/export?format=yaml')} > monitors.yaml` },
  ];
}

export default function Overview() {
  const query = place.value.query.get('q') ?? '';
  const sort = useMemo(() => parseSort(place.value.query.get('sort')), [place.value]);
  const [typed, setTyped] = useState(query);
  const [code, setCode] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const sorted = useRef(new Sorted()).current;
  useEffect(watchMonitors, []);
  useEffect(() => clearSelection, []);
  // Back, a link or the strip changed the address: the field follows. By the time this runs more may have been typed, so it is the address of
  // now that counts, or letters would be lost.
  useEffect(() => {
    const wanted = place.peek().query.get('q') ?? '';
    setTyped((now) => (now.trim() === wanted ? now : wanted));
  }, [query]);
  const stamp = version.value;
  const rows = allRows();
  const shown = useMemo(() => {
    const all = sorted.all(rows, sort, stamp);
    const terms = parseQuery(query);
    return terms.length === 0 ? all : all.filter(fitsAll(terms));
  }, [stamp, query, sort.key, sort.down]);
  const onQuery = (next: string) => {
    setTyped(next);
    setQuery({ q: next.trim() || undefined });
  };
  useShortcuts({
    '/': (event) => {
      event.preventDefault();
      search.current?.focus();
      search.current?.select();
    },
    n: () => canWrite() && go('/monitors/new'),
  });
  const problem = loadProblem.value;
  if (loading.value === 'no' && problem) {
    return (
      <div class="page">
        <ProblemPanel problem={problem} retry={() => void loadMonitors()} />
      </div>
    );
  }
  const ready = loading.value === 'done' || loading.value === 'again';
  const nothing = ready && rows.size === 0;
  return (
    <div class="page ov">
      <div class="page-head">
        <h1>{words.t('title')}</h1>
        {ready && !nothing && (
          <span class="muted num" role="status">
            {shown.length === rows.size ? words.t('shown', { n: rows.size }) : words.t('shown_of', { shown: shown.length, all: rows.size })}
          </span>
        )}
        <div class="actions">
          <Menu label={ui.t('more')} icon="more" items={[{ label: ui.t('as_code'), icon: 'code', run: () => setCode(true) }, { label: ui.t('retry'), icon: 'run', run: () => void loadMonitors() }]} />
          {canWrite() && (
            <a class="button primary" href={href('/monitors/new')} aria-label={words.t('add')}>
              <Icon name="plus" />
              <span>{words.t('add')}</span>
            </a>
          )}
        </div>
      </div>
      {problem && <p class="ov-stale" role="alert">{words.t('stale', { reason: problemTitle(problem) })}</p>}
      {nothing ? (
        <NothingYet />
      ) : (
        <>
          {ready ? <Summary rows={rows} query={query} onQuery={onQuery} /> : <div class="ov-summary" />}
          <div class="ov-search" role="search">
            <Icon name="search" />
            <input ref={search} type="search" class="input" aria-label={words.t('search')} placeholder={words.t('search_placeholder')} value={typed} autocomplete="off" autocapitalize="none" spellcheck={false}
              onInput={(event) => onQuery(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key === 'Escape' && typed) {
                  event.preventDefault();
                  onQuery('');
                }
              }} />
          </div>
          {!ready && rows.size === 0 ? <Skeleton heights={kSkeleton} /> : shown.length === 0 ? <NoMatch query={query} rows={rows} onQuery={onQuery} /> : <MonitorList rows={shown} sort={sort} resetKey={`${query} ${sort.key} ${sort.down}`} onSort={(next: Sort) => setQuery({ sort: sortText(next) }, { push: true })} />}
        </>
      )}
      <BatchBar />
      {code && <AsCode title={words.t('as_code_title')} forms={codeForms(query)} onClose={() => setCode(false)} />}
    </div>
  );
}
