// Every call that the pages make, by name. Paths and shapes are those of /api/v1; nothing else speaks to the server.
import { call, del, get, idempotencyKey, ndjson, patch, post, put, type Query } from './client';
import { ApiProblem } from './problem';
import { readEvents } from './sse';
import type * as T from './types';

const at = (id: string) => `/monitors/${encodeURIComponent(id)}`;

// --- accounts
export const getSetup = () => get<T.SetupState>('/setup');
export const postSetup = (setup_token: string, user: string, password: string) =>
  post<T.Session>('/setup', { setup_token, user, password }, { expect401: true });
export const getSession = async (): Promise<T.Session | null> => {
  try {
    return (await (await call('GET', '/session', { expect401: true })).json()) as T.Session;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return null;
    throw error;
  }
};
export const signIn = (user: string, password: string) => post<T.Session>('/session', { user, password }, { expect401: true });
export const signOut = () => del<void>('/session', { expect401: true });
export const changePassword = (current: string, next: string) => post<void>('/password', { current, new: next });

// --- monitors
export const listMonitors = (query?: Query, signal?: AbortSignal) => get<T.Page<T.MonitorRow>>('/monitors', query, signal);
export const streamMonitors = (query: Query, take: (rows: T.MonitorRow[]) => void, signal?: AbortSignal) =>
  ndjson<T.MonitorRow>('/monitors', query, take, signal);
export const getMonitor = (id: string, signal?: AbortSignal) => get<T.MonitorDetail>(at(id), undefined, signal);
export const createMonitor = (config: T.MonitorConfig & { id?: string }, headers = idempotencyKey()) =>
  post<T.MonitorDetail | { data: T.MonitorDetail[] }>('/monitors', config, { headers });
export const dryRunMonitor = (config: T.MonitorConfig & { id?: string }, signal?: AbortSignal) =>
  post<T.DryRun>('/monitors', config, { query: { dry_run: true }, signal });
// What saving it over this monitor would come to.
export const dryRunChange = (id: string, config: T.MonitorConfig, signal?: AbortSignal) =>
  put<T.DryRun>(at(id), config, { query: { dry_run: true }, signal });
export const replaceMonitor = (id: string, config: T.MonitorConfig, revision?: string) =>
  put<T.MonitorDetail>(at(id), config, { headers: ifMatch(revision) });
export const patchMonitor = (id: string, change: Record<string, unknown>, revision?: string) =>
  patch<T.MonitorDetail>(at(id), change, { headers: ifMatch(revision) });
export const deleteMonitor = (id: string) => del<void>(at(id));
export const restoreMonitor = (uid: string) => post<T.MonitorRow>(`${at(uid)}/restore`);
export const actOnMonitor = (id: string, action: 'pause' | 'resume' | 'mute' | 'unmute' | 'run') => post<T.MonitorRow>(`${at(id)}/${action}`);
export const cloneMonitor = (id: string, as: { id?: string; name?: string } = {}) =>
  post<T.MonitorDetail>(`${at(id)}/clone`, as, { headers: idempotencyKey() });
export const batchMonitors = (action: T.BatchAction, ids: string[], tag?: string) =>
  post<T.BatchResult>('/monitors/batch', tag === undefined ? { action, ids } : { action, ids, tag });
export const listTags = () => get<T.Page<T.NameCount>>('/tags');
export const listGroups = () => get<T.Page<T.NameCount>>('/groups');
export const getSummary = () => get<T.Summary>('/summary');
export const getHeartbeats = (ids: string[], count = 30, signal?: AbortSignal) =>
  get<T.Page<T.Heartbeats>>('/heartbeats', { ids: ids.join(','), count }, signal);
export const listPresets = () => get<T.Page<T.Preset>>('/presets');

const ifMatch = (revision?: string): Record<string, string> => (revision ? { 'If-Match': `"${revision}"` } : {});

// --- results
export const listResults = (id: string, query?: Query, signal?: AbortSignal) => get<T.Page<T.Result>>(`${at(id)}/results`, query, signal);
// All results that match, as a file.
export const resultsFile = async (id: string, query: Query, type: 'text/csv' | 'application/x-ndjson'): Promise<Blob> =>
  (await call('GET', `${at(id)}/results`, { query, headers: { Accept: type } })).blob();
export const getResult = (id: string, result: string, signal?: AbortSignal) =>
  get<T.ResultDetail>(`${at(id)}/results/${encodeURIComponent(result)}`, undefined, signal);
export const getStats = (id: string, range: T.StatsRange, signal?: AbortSignal) => get<T.MonitorStats>(`${at(id)}/stats`, { range }, signal);

// One attempt now, nothing stored. Phases are told as they end; the promise is the whole answer.
export async function probe(config: T.MonitorConfig, phase: (event: T.PhaseEvent) => void, signal?: AbortSignal): Promise<T.ProbeAnswer> {
  const response = await call('POST', '/probe', { body: config, signal, headers: { Accept: 'text/event-stream' } });
  if (!response.headers.get('Content-Type')?.includes('event-stream')) return (await response.json()) as T.ProbeAnswer;
  let answer: T.ProbeAnswer | undefined;
  let problem: ApiProblem | undefined;
  await readEvents(response, ({ event, data }) => {
    if (event === 'phase') phase(JSON.parse(data) as T.PhaseEvent);
    else if (event === 'result') answer = JSON.parse(data) as T.ProbeAnswer;
    else if (event === 'problem') problem = new ApiProblem(JSON.parse(data) as T.Problem);
  });
  if (problem) throw problem;
  if (!answer) throw new ApiProblem({ status: 0, code: 'network' });
  return answer;
}

// --- incidents, alerts, channels
const incident = (id: string) => `/incidents/${encodeURIComponent(id)}`;
export const listIncidents = (query?: Query, signal?: AbortSignal) => get<T.Page<T.Incident>>('/incidents', query, signal);
export const getIncident = (id: string, signal?: AbortSignal) => get<T.IncidentDetail>(incident(id), undefined, signal);
export const acknowledgeIncident = (id: string, note: string) => post<T.Incident>(`${incident(id)}/acknowledge`, { note });
export const noteIncident = (id: string, note: string) => post<T.IncidentDetail>(`${incident(id)}/note`, { note });
export const listAlerts = (query?: Query, signal?: AbortSignal) => get<T.Page<T.Alert>>('/alerts', query, signal);
export const getAlert = (key: string, signal?: AbortSignal) => get<T.AlertDetail>(`/alerts/${encodeURIComponent(key)}`, undefined, signal);
const channel = (id: string) => `/channels/${encodeURIComponent(id)}`;
export const exportOwn = (signal?: AbortSignal) => get<T.ExportFile>('/export', { format: 'json' }, signal);
export const listChannels = () => get<T.Page<T.Channel>>('/channels');
export const createChannel = (config: T.ChannelConfig) => post<T.Channel>('/channels', config, { headers: idempotencyKey() });
export const replaceChannel = (id: string, config: T.ChannelConfig, revision?: string) =>
  put<T.Channel>(channel(id), config, { headers: ifMatch(revision) });
export const patchChannel = (id: string, change: T.ChannelConfig, revision?: string) =>
  patch<T.Channel>(channel(id), change, { headers: ifMatch(revision) });
export const deleteChannel = (id: string) => del<void>(channel(id));
export const testChannel = (id: string) => post<T.ChannelTrial>(`${channel(id)}/test`);
export const previewChannel = (type: T.Channel['type'], event: string) => post<T.ChannelPreview>('/channels/preview', { type, event });

// --- server
export const listTokens = () => get<T.Page<T.Token>>('/tokens');
export const createToken = (name: string, scope: T.Scope) => post<T.Token & { token: string }>('/tokens', { name, scope });
export const revokeToken = (id: string) => del<void>(`/tokens/${encodeURIComponent(id)}`);
export const getSystem = (signal?: AbortSignal) => get<T.SystemFacts>('/system', undefined, signal);
export const getMonitorSchema = () => get<T.MonitorSchema>('/schema/monitor');
export const reloadConfig = () => post<unknown>('/reload', {});
