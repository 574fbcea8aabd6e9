// Every call that the pages make, by name. Paths and shapes are those of the API's description; nothing else speaks to the server.
import { ask, call, idempotencyKey, ndjson } from './client';
import { ApiProblem } from './problem';
import { readEvents } from './sse';
import type * as T from './types';

const ifMatch = (revision?: string): Record<string, string> => (revision ? { 'If-Match': `"${revision}"` } : {});

// --- accounts
export const getSetup = () => ask('get', '/setup', {});
export const postSetup = (setup_token: string, user: string, password: string) =>
  ask('post', '/setup', { body: { setup_token, user, password }, expect401: true });
export const getSession = async (): Promise<T.Session | null> => {
  try {
    return await ask('get', '/session', { expect401: true });
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return null;
    throw error;
  }
};
export const signIn = (user: string, password: string) => ask('post', '/session', { body: { user, password }, expect401: true });
export const signOut = () => ask('delete', '/session', { expect401: true });
export const changePassword = (current: string, next: string) => ask('post', '/password', { body: { current, new: next } });

// --- monitors
// Of the rows, the fields that are asked for.
export const findMonitors = (query: NonNullable<T.QueryOf<'listMonitors'>>, signal?: AbortSignal) =>
  ask('get', '/monitors', { query, signal }) as Promise<T.MonitorPage>;
export const streamMonitors = (query: NonNullable<T.QueryOf<'listMonitors'>>, take: (rows: T.MonitorRow[]) => void, signal?: AbortSignal) =>
  ndjson<T.MonitorRow>('/monitors', query, take, signal);
export const getMonitor = (id: string, signal?: AbortSignal) => ask('get', '/monitors/{id}', { at: { id }, signal });
export const createMonitor = (body: T.NewMonitor, headers = idempotencyKey()) =>
  ask('post', '/monitors', { body, headers }) as Promise<T.MonitorDetail | T.CreatedMonitors>;
export const dryRunMonitor = (body: T.NewMonitor, signal?: AbortSignal) =>
  ask('post', '/monitors', { body, query: { dry_run: true }, signal }) as Promise<T.DryRun>;
// What saving it over this monitor would come to.
export const dryRunChange = (id: string, body: T.MonitorDefinition, signal?: AbortSignal) =>
  ask('put', '/monitors/{id}', { at: { id }, body, query: { dry_run: true }, signal }) as Promise<T.DryRun>;
export const replaceMonitor = (id: string, body: T.MonitorDefinition, revision?: string) =>
  ask('put', '/monitors/{id}', { at: { id }, body, headers: ifMatch(revision) }) as Promise<T.MonitorDetail>;
export const patchMonitor = (id: string, body: T.MonitorPatch, revision?: string) =>
  ask('patch', '/monitors/{id}', { at: { id }, body, headers: ifMatch(revision) }) as Promise<T.MonitorDetail>;
export const deleteMonitor = (id: string) => ask('delete', '/monitors/{id}', { at: { id } });
export const restoreMonitor = (uid: string) => ask('post', '/monitors/{id}/restore', { at: { id: uid } });
export const actOnMonitor = (id: string, action: T.MonitorAction) => ask('post', `/monitors/{id}/${action}`, { at: { id } });
export const cloneMonitor = (id: string, body: { id?: string; name?: string } = {}) =>
  ask('post', '/monitors/{id}/clone', { at: { id }, body, headers: idempotencyKey() });
export const batchMonitors = (action: T.BatchAction, ids: string[], tag?: string) =>
  ask('post', '/monitors/batch', { body: tag === undefined ? { action, ids } : { action, ids, tag } });
export const listTags = () => ask('get', '/tags', {});
export const listGroups = () => ask('get', '/groups', {});
export const getSummary = () => ask('get', '/summary', {});
export const getHeartbeats = (ids: string[], count = 30, signal?: AbortSignal) => ask('get', '/heartbeats', { query: { ids: ids.join(','), count }, signal });
export const listPresets = () => ask('get', '/presets', {});

// --- results
type ResultQuery = NonNullable<T.QueryOf<'listResults'>>;
export const listResults = (id: string, query: ResultQuery, signal?: AbortSignal) => ask('get', '/monitors/{id}/results', { at: { id }, query, signal });
// All results that match, as a file.
export const resultsFile = async (id: string, query: ResultQuery, type: 'text/csv' | 'application/x-ndjson'): Promise<Blob> =>
  (await call('get', '/monitors/{id}/results', { at: { id }, query, headers: { Accept: type } })).blob();
export const getResult = (id: string, result: string, signal?: AbortSignal) =>
  ask('get', '/monitors/{id}/results/{result_id}', { at: { id, result_id: result }, signal });
export const getStats = (id: string, range: T.StatsRange, signal?: AbortSignal) => ask('get', '/monitors/{id}/stats', { at: { id }, query: { range }, signal });

// One attempt now, nothing stored. Phases are told as they end; the promise is the whole answer.
export async function probe(body: T.MonitorDefinition, phase: (event: T.PhaseEvent) => void, signal?: AbortSignal): Promise<T.ProbeAnswer> {
  const response = await call('post', '/probe', { body, signal, headers: { Accept: 'text/event-stream' } });
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
export const listIncidents = (query: NonNullable<T.QueryOf<'listIncidents'>>, signal?: AbortSignal) => ask('get', '/incidents', { query, signal });
export const getIncident = (id: string, signal?: AbortSignal) => ask('get', '/incidents/{id}', { at: { id }, signal });
export const acknowledgeIncident = (id: string, note: string) => ask('post', '/incidents/{id}/acknowledge', { at: { id }, body: { note } });
export const noteIncident = (id: string, note: string) => ask('post', '/incidents/{id}/note', { at: { id }, body: { note } });
export const listAlerts = (query: NonNullable<T.QueryOf<'listAlerts'>>, signal?: AbortSignal) => ask('get', '/alerts', { query, signal });
export const getAlert = (key: string, signal?: AbortSignal) => ask('get', '/alerts/{key}', { at: { key }, signal });
export const exportOwn = (signal?: AbortSignal) => ask('get', '/export', { query: { format: 'json' }, signal });
export const listChannels = () => ask('get', '/channels', {});
export const createChannel = (body: T.NewChannel) => ask('post', '/channels', { body, headers: idempotencyKey() });
export const replaceChannel = (id: string, body: T.ChannelDefinition, revision?: string) =>
  ask('put', '/channels/{id}', { at: { id }, body, headers: ifMatch(revision) });
export const patchChannel = (id: string, body: T.ChannelPatch, revision?: string) =>
  ask('patch', '/channels/{id}', { at: { id }, body, headers: ifMatch(revision) });
export const deleteChannel = (id: string) => ask('delete', '/channels/{id}', { at: { id } });
export const testChannel = (id: string) => ask('post', '/channels/{id}/test', { at: { id } });
export const previewChannel = (type: T.Channel['type'], event: T.EventType) => ask('post', '/channels/preview', { body: { type, event } });

// --- server
export const listTokens = () => ask('get', '/tokens', {});
export const createToken = (name: string, scope: T.Scope) => ask('post', '/tokens', { body: { name, scope } });
export const revokeToken = (id: string) => ask('delete', '/tokens/{id}', { at: { id } });
export const getSystem = (signal?: AbortSignal) => ask('get', '/system', { signal });
export const reloadConfig = () => ask('post', '/reload', {});
