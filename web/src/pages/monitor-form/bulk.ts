// Many monitors from pasted lines: "name host:port tags". The name may have several words or be missing; several ports make several monitors.
import { readTarget } from '../../lib/target';

export interface BulkRow {
  line: number; // from 1
  name: string;
  target: string;
  tags: string[];
  problem: 'no_target' | 'bad_target' | 'no_port' | 'twice' | null;
}

const looksLikeTarget = (word: string) => /^(?:[a-z][a-z0-9+.-]*:\/\/\S+|\[[0-9a-f:.]+\]:[\d,]+|[^\s:[\]]+:[\d,]+)$/i.test(word);
const kMost = 1000;

export function parseBulk(text: string): BulkRow[] {
  const rows: BulkRow[] = [];
  const seen = new Set<string>();
  text.split(/\r?\n/).forEach((whole, index) => {
    const line = whole.trim();
    if (line === '' || line.startsWith('#') || rows.length >= kMost) return;
    const words = line.split(/[\s;]+/).filter(Boolean);
    const at = words.findIndex(looksLikeTarget);
    const base = { line: index + 1 };
    if (at < 0) {
      rows.push({ ...base, name: words.slice(0, -1).join(' '), target: words.at(-1)!, tags: [], problem: readTarget(words.at(-1)!).is === 'no_port' ? 'no_port' : 'no_target' });
      return;
    }
    const name = words.slice(0, at).join(' ').replace(/,$/, '');
    const tags = [...new Set(words.slice(at + 1).flatMap((word) => word.split(',')).filter(Boolean))];
    const ports = /^(.*):(\d+(?:,\d+)+),?$/.exec(words[at]!);
    const targets = ports ? ports[2]!.split(',').map((port) => `${ports[1]}:${port}`) : [words[at]!];
    for (const written of targets) {
      const read = readTarget(written);
      const target = read.is === 'target' ? read.target : written;
      const shown = name === '' ? target : targets.length > 1 ? `${name} ${target.split(':').pop()}` : name;
      const problem = read.is === 'no_port' ? 'no_port' : read.is !== 'target' ? 'bad_target' : seen.has(`${shown}\n${target}`) ? 'twice' : null;
      seen.add(`${shown}\n${target}`);
      rows.push({ ...base, name: shown, target, tags, problem });
    }
  });
  return rows;
}
