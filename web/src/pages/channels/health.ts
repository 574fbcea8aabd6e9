// How a channel does, from the server's counters since its start, and who uses it.
import type { Channel, ExportFile } from '../../api/types';

export type Health = 'unused' | 'good' | 'failing' | 'lost';

// The newest answer decides: senders begin a success with its code, "200 OK" or "250 2.0.0 queued".
export function healthOf({ health, secrets_lost }: Pick<Channel, 'health' | 'secrets_lost'>): Health {
  if (secrets_lost) return 'lost';
  if (health.delivered + health.failed_attempts + health.dead === 0) return 'unused';
  return health.last_result === null || /^(HTTP )?2\d\d\b/.test(health.last_result) ? 'good' : 'failing';
}

export interface User {
  id: string;
  name: string;
}
function names(list: unknown, channel: string): boolean {
  return Array.isArray(list) && list.includes(channel);
}
// The monitors of an export that name a channel, in their own list or in a step of escalation.
export function usersOf(file: ExportFile, channel: string): User[] {
  return Object.entries(file.monitors).filter(([, config]) => {
    const steps = (config['alert'] as { escalate?: { channels?: unknown }[] } | undefined)?.escalate ?? [];
    return names(config['channels'], channel) || steps.some((step) => names(step.channels, channel));
  }).map(([id, config]) => ({ id, name: config.name ?? id }));
}
