// A list that is read page by page: waiting, in trouble, empty, or its rows, and more of them on demand.
import type { ComponentChildren } from 'preact';
import type { Pages } from '../lib/pages';
import { Button } from './button';
import { ProblemPanel } from './problem';
import { ui } from './words';

export function PageList({ list, empty, children }: { list: Pages<unknown>; empty: ComponentChildren; children: ComponentChildren }) {
  return (
    <div class="stack">
      {list.problem && <ProblemPanel problem={list.problem} retry={list.again} />}
      {list.rows === null ? <div aria-busy="true" /> : list.rows.length === 0 ? empty : children}
      {list.hasMore && <div><Button disabled={list.busy} onClick={list.more}>{ui.t('earlier')}</Button></div>}
    </div>
  );
}
