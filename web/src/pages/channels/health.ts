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
// The monitors of an export that name a channel, in their own list or in a step of escalation.
export function usersOf(file: ExportFile, channel: string): User[] {
  return Object.entries(file.monitors ?? {}).filter(([, config]) => config.channels?.includes(channel) || config.alert?.escalate?.some((step) => step.channels.includes(channel)))
    .map(([id, config]) => ({ id, name: config.name ?? id }));
}
