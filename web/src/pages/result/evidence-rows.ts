// What was found out about a failure as rows of a list: what was asked, of whom, and what came back. The sentence above them is the server's.
import type { Evidence } from '../../api/types';
import { formatMicros } from '../../i18n/format';
import { words } from './evidence-words';

export interface EvidenceRow {
  label: string;
  address?: string;
  text: string;
}

type Knock = NonNullable<Evidence['closed_port']>;
type Icmp = NonNullable<Knock['icmp']>;

const meant = (icmp: Icmp): string => `${words.maybe(`meaning_${icmp.meaning}`) ?? icmp.meaning} (${words.t('icmp', { type: icmp.type, code: icmp.code })})`;

function answered(knock: Knock): string {
  if (knock.answer === 'not_tried') return `${words.t('answer_not_tried')}: ${knock.why}`;
  const said = knock.icmp ? words.t('said', { from: knock.icmp.from, what: meant(knock.icmp) }) : (words.maybe(`answer_${knock.answer}`) ?? knock.answer);
  return `${said}, ${formatMicros(knock.took_us)}`;
}

const portOf = (address: string): string => address.slice(address.lastIndexOf(':') + 1);

function wayRows(walk: NonNullable<Evidence['walk']>): EvidenceRow[] {
  const rows: EvidenceRow[] = walk.hops.map((hop) => ({
    label: words.t('hop', { n: hop.number }),
    address: hop.icmp.from,
    text: hop.icmp.meaning === 'time_exceeded' ? formatMicros(hop.took_us) : `${meant(hop.icmp)}, ${formatMicros(hop.took_us)}`,
  }));
  if (walk.reached !== null) return [...rows, { label: words.t('hop', { n: walk.reached }), address: walk.to, text: words.maybe(`answer_${walk.answer}`) ?? walk.answer }];
  const from = (walk.hops.at(-1)?.number ?? 0) + 1;
  if (from > walk.tried) return rows;
  return [...rows, { label: from === walk.tried ? words.t('hop', { n: from }) : words.t('hops', { from, to: walk.tried }), text: words.t('answer_silence') }];
}

export function evidenceRows(found: Evidence): EvidenceRow[] {
  const rows: EvidenceRow[] = [];
  if (found.second_try) rows.push({ label: words.t('second'), text: found.second_try.sentence });
  if (found.closed_port) rows.push({ label: words.t('port', { port: portOf(found.closed_port.to) }), text: answered(found.closed_port) });
  if (found.name) {
    const { addresses, error, cached, stale, last_good } = found.name;
    rows.push({ label: words.t('name'), address: addresses.join(', '), text: error ? words.t('nowhere', { error }) : stale ? words.t('stale') : cached ? words.t('cached') : '' });
    if (last_good) rows.push({ label: words.t('last_good'), address: last_good, text: '' });
  }
  for (const knock of found.others) rows.push({ label: words.t('other'), address: knock.to, text: answered(knock) });
  return found.walk ? [...rows, ...wayRows(found.walk)] : rows;
}
