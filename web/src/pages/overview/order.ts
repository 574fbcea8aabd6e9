// Which rows are shown and in which order. Sorting all is kept between calls: live changes leave it nearly sorted, and a keystroke only filters.
import type { Row } from '../../store/monitors';

export type SortKey = 'worst' | 'name' | 'target' | 'latency' | 'checked';
export interface Sort {
  key: SortKey;
  down: boolean;
}
const keys: readonly SortKey[] = ['worst', 'name', 'target', 'latency', 'checked'];

export function parseSort(text: string | null): Sort {
  const down = text?.startsWith('-') ?? false;
  const key = keys.find((one) => one === text?.replace(/^-/, ''));
  return key ? { key, down } : { key: 'worst', down: false };
}
export const sortText = (sort: Sort): string | undefined => (sort.key === 'worst' && !sort.down ? undefined : `${sort.down ? '-' : ''}${sort.key}`);

const weights: Record<Row['status'], number> = { down: 0, unknown: 2, degraded: 3, pending: 5, up: 6, paused: 7 };
// A monitor that is being confirmed is about to be news; one that nobody is told about comes after its like.
const weightOf = (row: Row): number => weights[row.status] * 2 + (row.flags.confirming && row.status === 'up' ? -5 : 0) + (row.flags.muted || row.flags.acknowledged ? 1 : 0);
const byName = (a: Row, b: Row): number => (a.sortName < b.sortName ? -1 : a.sortName > b.sortName ? 1 : a.uid < b.uid ? -1 : 1);

function compare(sort: Sort): (a: Row, b: Row) => number {
  const sign = sort.down ? -1 : 1;
  const first: Record<SortKey, (a: Row, b: Row) => number> = {
    worst: (a, b) => weightOf(a) - weightOf(b),
    name: () => 0,
    target: (a, b) => (a.host < b.host ? -1 : a.host > b.host ? 1 : Number(a.port) - Number(b.port)),
    latency: (a, b) => (a.latencyUs ?? -1) - (b.latencyUs ?? -1),
    checked: (a, b) => ((a.checkedAt ?? '') < (b.checkedAt ?? '') ? -1 : (a.checkedAt ?? '') > (b.checkedAt ?? '') ? 1 : 0),
  };
  const main = first[sort.key];
  if (sort.key === 'name') return (a, b) => sign * byName(a, b);
  return (a, b) => sign * main(a, b) || byName(a, b);
}

export class Sorted {
  private uids: string[] = [];
  private rows: Row[] = [];
  private made = '';

  // All rows in order; `stamp` says when anything changed.
  all(rows: ReadonlyMap<string, Row>, sort: Sort, stamp: number): readonly Row[] {
    const wanted = `${stamp} ${sort.key} ${sort.down}`;
    if (wanted === this.made) return this.rows;
    const next: Row[] = [];
    const seen = new Set<string>();
    for (const uid of this.uids) {
      const row = rows.get(uid);
      if (!row) continue;
      next.push(row);
      seen.add(uid);
    }
    if (seen.size < rows.size) for (const row of rows.values()) if (!seen.has(row.uid)) next.push(row);
    next.sort(compare(sort));
    this.rows = next;
    this.uids = next.map((row) => row.uid);
    this.made = wanted;
    return next;
  }
}
