// Everything that was to be told, to whom, and what became of it; what was held back too. Filters and the open alert are in the address.
import { useEffect, useState } from 'preact/hooks';
import * as calls from '../../api/calls';
import { asProblem, type ApiProblem } from '../../api/problem';
import type { AlertDetail, Channel } from '../../api/types';
import { formatDateTime } from '../../i18n/format';
import { deliveryStates, deliveryWord, eventWord, reasonOf } from '../../lib/notices';
import { useLivePages } from '../../lib/pages';
import { useWalk } from '../../lib/walk';
import { href, place, setQuery } from '../../router/router';
import { Attempts } from '../../ui/attempts';
import { Button } from '../../ui/button';
import { AsCode, CodeBlock, curl } from '../../ui/code';
import { Dialog } from '../../ui/dialog';
import { Empty } from '../../ui/empty';
import { TextField } from '../../ui/field';
import { SelectField } from '../../ui/inputs';
import { DeliveryState } from '../../ui/notice-state';
import { PageList } from '../../ui/page-list';
import { ProblemPanel } from '../../ui/problem';
import { Ago } from '../../ui/time';
import { ui } from '../../ui/words';
import './style.css';
import { title } from './title';
import { words } from './words';

export default function AlertsPage() {
  const query = place.value.query;
  const state = deliveryStates.find((one) => one === query.get('state'));
  const filter = { channel: query.get('channel') ?? '', state: state ?? '', monitor: query.get('monitor') ?? '' };
  const [channels, setChannels] = useState<Channel[]>([]);
  useEffect(() => void calls.listChannels().then((page) => setChannels(page.data), () => {}), []);
  const key = JSON.stringify(filter);
  const found = useLivePages('alert', (cursor, signal) => calls.listAlerts({ ...filter, state, limit: 50, cursor }, signal), key);
  const isFiltered = Object.values(filter).some((one) => one !== '');
  const shown = query.get('key');
  const list = useWalk<HTMLUListElement>('.al-row');
  const [code, setCode] = useState(false);
  const names = [...new Set([...channels.map((one) => one.id), ...(filter.channel ? [filter.channel] : [])])];
  return (
    <div class="page stack">
      <div class="page-head al-head"><h1>{title()}</h1><div class="actions"><Button kind="quiet" icon="code" label={ui.t('as_code')} onClick={() => setCode(true)} /></div></div>
      <div class="al-filters">
        <SelectField label={words.t('channel')} value={filter.channel} onValue={(channel) => setQuery({ channel })} options={[['', words.t('any')], ...names.map((id): [string, string] => [id, channels.find((one) => one.id === id)?.name || id])]} />
        <SelectField label={words.t('state')} value={filter.state} onValue={(state) => setQuery({ state })} options={[['', words.t('any')], ...deliveryStates.map((one): [string, string] => [one, deliveryWord(one)])]} />
        <TextField label={words.t('monitor')} type="search" value={filter.monitor} onValue={(monitor) => setQuery({ monitor: monitor.trim() })} autocomplete="off" placeholder={words.t('monitor_help')} />
      </div>
      <PageList list={found} empty={<Empty title={words.t('none')} text={words.t(isFiltered ? 'none_text' : 'none_yet_text')}>{isFiltered && <Button onClick={() => setQuery({ channel: undefined, state: undefined, monitor: undefined })}>{words.t('clear')}</Button>}</Empty>}>
        <ul class="panel al-list" ref={list}>
          {found.rows?.map((one) => (
            <li key={one.key}>
              <button type="button" class="al-row" onClick={() => setQuery({ key: one.key }, { push: true })}>
                <DeliveryState state={one.state} />
                <span class="al-what"><strong>{eventWord(one.event)}</strong> {one.monitor.name ?? words.t('removed')} → {one.channel}<br /><span class="muted">{one.state === 'suppressed' ? reasonOf(one) : one.last_result}</span></span>
                <span class="muted num al-when"><Ago at={one.at} /></span>
              </button>
            </li>
          ))}
        </ul>
      </PageList>
      {code && <AsCode title={words.t('code_title')} forms={[{ id: 'curl', label: 'curl', text: curl('GET', `/alerts?${new URLSearchParams(Object.entries({ ...filter, limit: '50' }).filter(([, one]) => one !== ''))}`) }]} onClose={() => setCode(false)} />}
      {shown && <Detail key={shown} id={shown} onClose={() => setQuery({ key: undefined })} />}
    </div>
  );
}

function Detail({ id, onClose }: { id: string; onClose: () => void }) {
  const [alert, setAlert] = useState<AlertDetail | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const read = () => calls.getAlert(id).then(setAlert, (error: unknown) => setProblem(asProblem(error)));
  useEffect(() => void read(), [id]);
  const why = alert && reasonOf(alert);
  return (
    <Dialog title={words.t('detail')} kind="drawer" onClose={onClose}>
      {problem && <ProblemPanel problem={problem} retry={() => void read()} />}
      {alert && (
        <div class="stack">
          <p><DeliveryState state={alert.state} /></p>
          <p><strong>{eventWord(alert.event)}</strong> {alert.monitor.name ?? words.t('removed')} → {alert.channel}, <time dateTime={alert.at}>{formatDateTime(alert.at)}</time></p>
          {why && <p>{why}</p>}
          {alert.incident && <p><a href={href(`/incidents/${encodeURIComponent(alert.incident)}`)}>{words.t('to_incident')}</a></p>}
          <h3>{words.t('attempts')}</h3>
          <Attempts of={alert} none={words.t('no_attempts')} />
          <h3>{words.t('payload')}</h3>
          <CodeBlock label={words.t('payload')} text={typeof alert.payload === 'string' ? alert.payload : JSON.stringify(alert.payload, null, 2)} />
        </div>
      )}
    </Dialog>
  );
}
