// One attempt from the server, now, of which nothing is stored: its phases as they end, then the answer.
import { useEffect, useRef, useState } from 'preact/hooks';
import { probe } from '../api/calls';
import { asProblem, type ApiProblem } from '../api/problem';
import type { MonitorDefinition, Phase, PhaseTimes, ProbeAnswer } from '../api/types';
import { phases } from '../ui/waterfall';

const none: PhaseTimes = { dns_us: null, connect_us: null, tls_us: null, data_us: null };
const isAddress = /^[\d.]+:|^\[/;

export interface Trial {
  times: PhaseTimes;
  running: Phase | null;
  problem: ApiProblem | null;
  run: (definition: MonitorDefinition) => Promise<void>;
  stop: () => void;
}

// `onAnswer` gets null when a new attempt begins.
export function useTrial(onAnswer: (answer: ProbeAnswer | null) => void): Trial {
  const [times, setTimes] = useState(none);
  const [running, setRunning] = useState<Phase | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);
  const run = async (definition: MonitorDefinition) => {
    abort.current?.abort();
    const own = (abort.current = new AbortController());
    setProblem(null);
    onAnswer(null);
    setTimes(none);
    setRunning(isAddress.test(definition.target ?? '') ? 'connect' : 'dns');
    const usesTls = definition.tls !== undefined;
    const speaks = definition.request !== undefined || definition.assert !== undefined;
    try {
      const answer = await probe(definition, ({ phase, took_us }) => {
        setTimes((now) => ({ ...now, [`${phase}_us`]: took_us }));
        const next = phases[phases.indexOf(phase) + 1] ?? null;
        setRunning(next === 'tls' && !usesTls ? (speaks ? 'data' : null) : next);
      }, own.signal);
      if (!own.signal.aborted) onAnswer(answer);
    } catch (error) {
      if (!own.signal.aborted) setProblem(asProblem(error));
    } finally {
      if (abort.current === own) setRunning(null);
    }
  };
  const stop = () => {
    abort.current?.abort();
    setRunning(null);
  };
  return { times, running, problem, run, stop };
}
