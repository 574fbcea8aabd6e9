// Who a monitor or a channel belongs to.
import type { Owner } from '../api/types';

export interface Project {
  project: string;
  file: string; // empty where it is not known
  line: number;
}
export const own: Owner = { kind: 'ui', project: null, file: null, line: null };
// The project, and where in its files; null of what was made here.
export function projectOf({ kind, project, file, line }: Owner): Project | null {
  return kind === 'project' ? { project: project ?? '', file: file ?? '', line: line ?? 0 } : null;
}
