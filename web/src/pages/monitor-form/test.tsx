// One attempt now: phases as they end, the answer, and from the answer an assertion.
import { useRef, useState } from 'preact/hooks';
import type { MonitorDefinition, ProbeAnswer } from '../../api/types';
import { formatDay } from '../../i18n/format';
import { useTrial } from '../../lib/trial';
import { Button } from '../../ui/button';
import { ProblemPanel } from '../../ui/problem';
import { State, stateOfVerdict } from '../../ui/state';
import { toast } from '../../ui/toast';
import { Waterfall } from '../../ui/waterfall';
import { durationUs, quotable } from './assertion';
import { words } from './words';

interface Props {
  config: () => MonitorDefinition | null; // null: the target is not there yet, and that is shown
  answer: ProbeAnswer | null;
  onAnswer: (answer: ProbeAnswer | null) => void;
  onExpect: (text: string) => void;
}

const firstLine = (text: string) => /^(.*?)(?:\\r|\\n|…|$)/s.exec(text)![1]!;

export function TestPart({ config, answer, onAnswer, onExpect }: Props) {
  const trial = useTrial(onAnswer);
  const { times, running, problem } = trial;
  const [limits, setLimits] = useState<{ us: number; label: string }[]>([]);
  const box = useRef<HTMLPreElement>(null);

  const run = () => {
    const sent = config();
    if (!sent) return;
    setLimits((['degraded_after', 'fail_after'] as const).flatMap((name) => {
      const us = durationUs(String(sent[name] ?? ''));
      return us === null ? [] : [{ us, label: words.t(name) }];
    }));
    void trial.run(sent);
  };
  // Only what is selected inside the answer counts; line breaks were put in for reading.
  const expect = () => {
    const selection = getSelection();
    const inside = selection && !selection.isCollapsed && box.current?.contains(selection.anchorNode) && box.current.contains(selection.focusNode);
    const text = inside ? selection.toString().replace(/\n/g, '') : firstLine(answer!.received.text);
    onExpect(quotable(text));
    toast(words.t('expect_added'));
  };
  const facts = answer?.tls;
  return (
    <section class="panel padded stack mf-test" aria-labelledby="mf-test-title">
      <div class="row wrap">
        <h2 id="mf-test-title" class="grow">{words.t('test_title')}</h2>
        {answer && <State state={stateOfVerdict(answer.verdict)} pill />}
        {running ? (
          <Button onClick={trial.stop}>{words.t('stop')}</Button>
        ) : (
          <Button icon="run" onClick={run}>{words.t(answer || problem ? 'test_again' : 'test')}</Button>
        )}
      </div>
      {!answer && !running && !problem && <p class="muted">{words.t('test_help')} {words.t('test_phases')}</p>}
      {(answer || running) && <Waterfall times={answer ?? times} totalUs={answer?.response_time_us ?? null} failedPhase={answer?.verdict === 'degraded' ? null : (answer?.error?.phase ?? null)} running={running} limits={limits} />}
      <div role="status" aria-live="polite" class="stack-tight">
        {running && <span class="visually-hidden">{words.t('testing')}</span>}
        {answer?.error && (
          <>
            <p><code>{answer.error.code}</code> {answer.error.message}</p>
            <p class="muted">{words.t('try_this')}: {answer.error.hint}</p>
          </>
        )}
        {answer && !answer.error && answer.reason && <p>{answer.reason}</p>}
      </div>
      {problem && <ProblemPanel problem={problem} />}
      {answer && (
        <dl class="mf-facts">
          {answer.resolved_ip && <><dt>{words.t('address')}</dt><dd class="mono">{answer.resolved_ip}</dd></>}
          {facts && <><dt>{words.t('certificate')}</dt><dd>{facts.not_after ? words.t('cert_until', { subject: facts.subject, date: formatDay(facts.not_after) }) : facts.subject} · {facts.version}</dd></>}
          <dt>{words.t('received')}</dt>
          <dd>{answer.received.bytes > 0 ? words.t('received_bytes', { n: answer.received.bytes }) : words.t('received_none')}</dd>
        </dl>
      )}
      {answer && answer.received.bytes > 0 && (
        <>
          <pre class="code-block mf-received" ref={box} tabIndex={0} aria-label={words.t('received')}>{answer.received.text.replace(/\\n(?=.)/gs, '\\n\n')}</pre>
          <div class="row wrap">
            <Button icon="check" onClick={expect}>{words.t('expect_this')}</Button>
            <span class="muted mf-small">{words.t('expect_help')}</span>
          </div>
        </>
      )}
    </section>
  );
}
