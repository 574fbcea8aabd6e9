// What a channel of a kind would send of an event, made by the server from sample facts.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { previewChannel } from '../../api/calls';
import { asProblem, type ApiProblem } from '../../api/problem';
import type { Channel, ChannelPreview, EventType } from '../../api/types';
import { eventWord } from '../../lib/notices';
import { CodeBlock } from '../../ui/code';
import { SelectField } from '../../ui/inputs';
import { ProblemPanel } from '../../ui/problem';
import { TabPanel, Tabs } from '../../ui/tabs';
import { mailDocument } from './mail-view';
import { words } from './words';

// Those that the server has a sample of.
const events = ['monitor.down', 'monitor.degraded', 'monitor.recovered', 'monitor.reminder', 'monitor.escalated', 'monitor.flapping', 'test'] as const satisfies EventType[];

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function Mail({ shown }: { shown: { subject: string; text: string; html: string } }) {
  const [form, setForm] = useState<'mail' | 'text'>('mail');
  const page = useMemo(() => mailDocument(shown.html), [shown.html]);
  return (
    <div class="stack-tight">
      <p class="ch-subject"><span class="muted">{words.t('subject')}</span> <strong lang="en">{shown.subject}</strong></p>
      <Tabs label={words.t('s_preview')} name="mail" chosen={form} onChoose={setForm} tabs={[{ id: 'mail', label: words.t('as_mail') }, { id: 'text', label: words.t('as_text') }]} />
      <TabPanel name="mail" id={form}>
        {form === 'mail' ? <iframe class="ch-mail" sandbox="" srcdoc={page} title={words.t('mail_frame')} /> : <CodeBlock label={words.t('as_text')} text={shown.text} />}
      </TabPanel>
    </div>
  );
}

export function Preview({ type }: { type: Channel['type'] }) {
  const [event, setEvent] = useState<EventType>(events[0]);
  const [shown, setShown] = useState<ChannelPreview | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let mine = true;
    previewChannel(type, event).then((found) => { if (mine) { setShown(found); setProblem(null); } }, (error: unknown) => mine && setProblem(asProblem(error)));
    return () => void (mine = false);
  }, [type, event, tries]);
  return (
    <div class="stack">
      <SelectField label={words.t('event')} value={event} onValue={(chosen) => setEvent(chosen as EventType)} options={events.map((one) => [one, eventWord(one)])} />
      {problem && <ProblemPanel problem={problem} retry={() => setTries(tries + 1)} />}
      {shown && 'html' in shown && <Mail shown={shown} />}
      {shown && 'body' in shown && (
        <div class="stack-tight">
          <h3>{words.t('body')}</h3>
          <CodeBlock label={words.t('body')} text={pretty(shown.body)} />
          <p class="muted ch-small">{words.t('headers_sent')}</p>
        </div>
      )}
      <p class="muted ch-small">{words.t('preview_help')}</p>
    </div>
  );
}
