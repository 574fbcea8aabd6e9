// The first check, live: phases as they end, then what came of it, then the monitor.
import { useEffect, useState } from 'preact/hooks';
import { createMonitor } from '../../api/calls';
import { idempotencyKey } from '../../api/client';
import { asProblem, type ApiProblem } from '../../api/problem';
import type { MonitorConfig, ProbeAnswer } from '../../api/types';
import { useTrial } from '../../lib/trial';
import { go, href } from '../../router/router';
import { Bare } from '../../ui/bare';
import { Button } from '../../ui/button';
import { ProblemPanel } from '../../ui/problem';
import { VerdictPill } from '../../ui/state';
import { Waterfall } from '../../ui/waterfall';
import { words } from './words';

const kLookMs = 1800; // long enough to see what happened, short enough not to wait

interface Props {
  target: string;
  tls: boolean;
  onOther: () => void;
}

export function FirstCheck({ target, tls, onOther }: Props) {
  const [answer, setAnswer] = useState<ProbeAnswer | null>(null);
  const [createProblem, setCreateProblem] = useState<ApiProblem | null>(null);
  const [monitorId, setMonitorId] = useState<string | null>(null);
  const [key] = useState(idempotencyKey);
  const config: MonitorConfig = tls ? { target, tls: 'direct' } : { target };

  const create = async () => {
    setCreateProblem(null);
    try {
      const made = await createMonitor(config, key);
      setMonitorId('data' in made ? (made.data[0]?.id ?? '') : made.id);
    } catch (error) {
      setCreateProblem(asProblem(error));
    }
  };
  const trial = useTrial((whole) => {
    setAnswer(whole);
    if (whole?.verdict === 'passed' || whole?.verdict === 'degraded') void create();
  });
  const { times, running, problem } = trial;
  const check = () => void trial.run(config);
  useEffect(check, []);
  const open = (id: string) => go(href(`/monitors/${encodeURIComponent(id)}`), { replace: true });
  useEffect(() => {
    if (!monitorId) return;
    const timer = setTimeout(() => open(monitorId), kLookMs);
    return () => clearTimeout(timer);
  }, [monitorId]);

  const good = answer?.verdict === 'passed' || answer?.verdict === 'degraded';
  const title = !answer ? words.t('probing', { target }) : good ? words.t('passed', { target }) : words.t('failed', { target });
  return (
    <Bare title={title}>
      <div class="stack">
        <div class="panel padded stack setup-check">
          {answer && <VerdictPill verdict={answer.verdict} />}
          <Waterfall times={answer ?? times} totalUs={answer?.response_time_us ?? null} failedPhase={answer?.verdict === 'degraded' ? null : (answer?.error?.phase ?? null)} running={running} />
          {answer && answer.received.bytes > 0 && (
            <p>
              {words.t('received')}: <code>{answer.received.text}</code>
            </p>
          )}
        </div>
        <div role="status" aria-live="polite" class="stack">
          {answer?.error && (
            <div>
              <p>
                <code>{answer.error.code}</code> {answer.error.message}
              </p>
              <p class="muted">
                {words.t('try_this')}: {answer.error.hint}
              </p>
            </div>
          )}
          {monitorId && <p>{words.t('created')} {words.t('opening')}</p>}
        </div>
        {problem && <ProblemPanel problem={problem} retry={check} />}
        {createProblem && (
          <div class="stack">
            <p>{words.t('create_failed')}</p>
            <ProblemPanel problem={createProblem} retry={() => void create()} />
          </div>
        )}
        <div class="row wrap">
          {monitorId && (
            <Button kind="primary" onClick={() => open(monitorId)}>
              {words.t('open')}
            </Button>
          )}
          {answer && !good && !monitorId && (
            <Button kind="primary" onClick={() => void create()}>
              {words.t('watch_anyway')}
            </Button>
          )}
          {((answer && !good) || problem || createProblem) && !monitorId && (
            <>
              <Button onClick={onOther}>{words.t('other_target')}</Button>
              <a class="button quiet" href={href('/')}>
                {words.t('later')}
              </a>
            </>
          )}
        </div>
      </div>
    </Bare>
  );
}
