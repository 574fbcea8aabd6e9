// The target box: what is typed is understood as it stands, an address is cut to host and port (and that is said), a bare host offers services.
import { useState } from 'preact/hooks';
import { commonPorts, readTarget, type TargetReading } from '../lib/target';
import { TextField } from './field';

export interface TargetWords {
  label: string;
  help: string;
  problem: (reading: TargetReading) => string | undefined;
  whichPort: (host: string) => string;
  simplified: (target: string) => string;
  overTls: string;
}

interface Props {
  value: string;
  onValue: (value: string) => void;
  words: TargetWords;
  error?: string | undefined; // of the server, or that the form was sent
  required?: boolean;
}

export function TargetField({ value, onValue, words, error, required = false }: Props) {
  const [left, setLeft] = useState(false);
  const reading = readTarget(value);
  const own = left && reading.is !== 'empty' ? words.problem(reading) : undefined;
  const help = reading.is === 'target' && (reading.simplified || reading.tls) ? `${words.simplified(reading.target)}${reading.tls ? `, ${words.overTls}` : ''}` : words.help;
  return (
    <div class="stack-tight">
      <TextField label={words.label} value={value} onValue={(next) => { onValue(next); setLeft(false); }} help={help} error={error ?? own} required={required} class="mono" autocomplete="off" autocapitalize="none" spellcheck={false} inputmode="url" placeholder="db.example.com:5432" onBlur={() => setLeft(true)} />
      {reading.is === 'no_port' && (
        <fieldset class="port-chips">
          <legend>{words.whichPort(reading.host)}</legend>
          {commonPorts.map((one) => (
            <button type="button" class="button" key={one.preset} onClick={() => onValue(one.tls ? `tls://${reading.host}:${one.port}` : `${reading.host}:${one.port}`)}>
              {one.name} <span class="muted num">{one.port}</span>
            </button>
          ))}
        </fieldset>
      )}
    </div>
  );
}
