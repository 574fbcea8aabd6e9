// A monitor as YAML, as calls of the API, and as a command that does the same check once.
import type { MonitorDetail } from '../../api/types';
import { curl, monitorYaml, shell, type CodeForm } from '../../ui/code';

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
// An escape is written for the command as it is for YAML: \r\n stays \r\n.
const escapes = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('\r', '\\r').replaceAll('\n', '\\n').replaceAll('\t', '\\t');

// A preset brings the protocol of STARTTLS; the command wants it said.
const starttlsOf = (preset: unknown): unknown => (preset === 'submission' ? 'smtp' : preset);

// One text to send and one thing to wait for have flags of their own; null: the steps are more than that.
function stepFlags(steps: readonly unknown[]): string[] | null {
  const flags: string[] = [];
  if (steps.length > 2) return null;
  for (const step of steps) {
    if (!isMap(step)) return null;
    for (const [name, value] of Object.entries(step)) {
      if (name === 'send' && typeof value === 'string' && flags.length === 0 && !value.includes('{{')) flags.push(`--send ${shell(escapes(value))}`);
      else if (name === 'expect' && typeof value === 'string') flags.push(`--expect ${shell(escapes(value))}`);
      else if (name === 'expect' && isMap(value) && Object.keys(value).length === 1 && typeof value['regex'] === 'string') flags.push(`--expect-regex ${shell(value['regex'])}`);
      else return null;
    }
  }
  return flags;
}

// Bytes that are hidden cannot be told.
function stepsOf(config: Record<string, unknown>): readonly unknown[] | 'hidden' {
  const steps = typeof config['request'] === 'string' ? [{ send: config['request'] }] : isMap(config['request']) ? [config['request']] : Array.isArray(config['request']) ? config['request'] : [];
  return /"hidden":/.test(JSON.stringify(steps)) ? 'hidden' : steps;
}

// What `tocsin probe` is told of a definition. Without the bytes to send it is told the way and TLS alone: a preset would send
// its own, and what is asserted may be about the answer.
export function probeFlags(config: Record<string, unknown>): string[] {
  const flags: string[] = [];
  const add = (flag: string, value: unknown) => typeof value === 'string' && flags.push(`${flag} ${shell(value)}`);
  const steps = stepsOf(config);
  if (steps !== 'hidden') {
    add('--preset', config['preset']);
    // JSON is YAML too.
    flags.push(...(stepFlags(steps) ?? [`--request ${shell(JSON.stringify(steps))}`]));
  }
  const tls = config['tls'];
  const mode = isMap(tls) ? tls['mode'] : tls;
  if (mode === 'direct') flags.push('--tls');
  if (mode === 'starttls') add('--starttls', (isMap(tls) && tls['protocol']) || starttlsOf(config['preset']));
  if (isMap(tls)) {
    add('--tls-name', tls['server_name']);
    if (tls['verify'] === false) flags.push('--no-verify');
    for (const [flag, name] of [['--ca-file', 'ca_file'], ['--certificate-file', 'certificate_file'], ['--key-file', 'key_file']] as const) add(flag, tls[name]);
    for (const one of Array.isArray(tls['alpn']) ? tls['alpn'] : []) add('--alpn', one);
    add('--min-version', tls['min_version']);
  }
  const asserts = steps === 'hidden' ? [] : typeof config['assert'] === 'string' ? [config['assert']] : Array.isArray(config['assert']) ? config['assert'] : [];
  for (const one of asserts) add('--assert', one);
  add('--timeout', config['timeout']);
  add('--close', config['close']);
  add('--source', config['source']);
  for (const one of Array.isArray(config['resolver']) ? config['resolver'] : []) add('--resolver', one);
  add('--proxy', config['proxy']);
  if (config['ip_family'] === 'ipv4') flags.push('-4');
  if (config['ip_family'] === 'ipv6') flags.push('-6');
  if (config['ip_family'] === 'auto') flags.push('--auto');
  if (config['ip_family'] === 'all') flags.push('--all-addresses');
  return flags;
}

export function probeCommand(target: string, config: Record<string, unknown>): string {
  const flags = probeFlags(config);
  const command = [`tocsin probe ${shell(target)}`, ...flags].join(flags.length > 2 ? ' \\\n  ' : ' ');
  return stepsOf(config) === 'hidden' ? `# without what the monitor sends, which is hidden\n${command}` : command;
}

export function codeForms(monitor: MonitorDetail): CodeForm[] {
  const path = `/monitors/${encodeURIComponent(monitor.id)}`;
  return [
    { id: 'yaml', label: 'YAML', text: monitorYaml(monitor.id, monitor.config) },
    { id: 'curl', label: 'curl', text: [curl('GET', path), curl('POST', '/monitors', { id: monitor.id, ...monitor.config }), curl('PATCH', path, { interval: '30s' }).replace('application/json', 'application/merge-patch+json'), curl('POST', `${path}/run`)].join('\n\n') },
    { id: 'cli', label: 'CLI', text: probeCommand(monitor.target, monitor.config) },
  ];
}
