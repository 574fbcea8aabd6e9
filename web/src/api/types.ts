// Short names for the shapes of /api/v1. All of them are the description's (schema.d.ts, made by tools/api-types.mjs); none is written here.
// Times are RFC 3339 UTC texts; measured durations are whole numbers with their unit in the name; uids are 63-bit and therefore texts.
import type { components, operations } from './schema';

type Schemas = components['schemas'];

export type Status = Schemas['Status'];
export type Verdict = Schemas['Verdict'];
export type Phase = Schemas['Phase'];
export type Scope = Schemas['TokenScope'];
export type ErrorName = Schemas['ErrorName'];

export type FieldProblem = Schemas['FieldProblem'];
export type Problem = Schemas['Problem'];

export type Session = Schemas['Session'];
export type Token = Schemas['Token'];

export type ResultError = Schemas['ResultError'];
export type PhaseTimes = Schemas['PhaseTimes'];
export type AssertionResult = Schemas['AssertionResult'];
export type TlsFacts = Schemas['TlsFacts'];
export type Result = Schemas['Result'];
export type ResultDetail = Schemas['ResultDetail'];
export type Evidence = Schemas['Evidence'];
// What a stored and a fresh result have in common.
export type Judged = Pick<Result, keyof Result & keyof ProbeAnswer>;
// Bytes that are not kept, or that a secret may be in, have neither text nor base64.
export type KeptBytes = Schemas['SentBytes'] | Schemas['KeptBytes'];

export type Stats = Schemas['PeriodStats'];
export type StatsBucket = Schemas['StatsBucket'];
export type MonitorStats = Schemas['MonitorStats'];
export type StatsRange = MonitorStats['range'];
export type Beat = Schemas['Beat'];

export type Flags = Schemas['Flags'];
export type Owner = Schemas['Owner'];
export type MonitorRow = Schemas['MonitorRow'];
export type MonitorPage = Schemas['MonitorPage'];
export type MonitorDetail = Schemas['MonitorDetail'];
// What a person writes, as in YAML: same names, durations as text. Only what differs from the defaults is there, and the target.
export type MonitorConfig = Schemas['MonitorConfig'];
export type CreatedMonitors = Schemas['CreatedMonitors'];
export type MonitorDefinition = Schemas['MonitorDefinition'];
export type NewMonitor = Schemas['NewMonitor'];
export type MonitorPatch = Schemas['MonitorPatch'];
export type DryRun = Schemas['DryRun'];
export type BatchAction = Schemas['BatchRequest']['action'];
export type BatchResult = Schemas['BatchResult'];
export type MonitorAction = 'pause' | 'resume' | 'mute' | 'unmute' | 'run';
export type Preset = Schemas['Preset'];
export type ProbeAnswer = Schemas['ProbeAnswer'];
export type PhaseEvent = Schemas['PhaseEvent'];

export type Incident = Schemas['Incident'];
export type IncidentDetail = Schemas['IncidentDetail'];
export type Delivery = Schemas['Delivery'];
export type DeliveryAttempt = Schemas['DeliveryAttempt'];
export type EventType = Schemas['EventType'];
export type AlertState = Schemas['AlertState'];
// As the live feed tells it; a list's row has the end too.
export type Alert = Schemas['AlertEventRow'];
export type AlertDetail = Schemas['AlertDetail'];

export type Channel = Schemas['Channel'];
export type ChannelDefinition = Schemas['ChannelDefinition'];
export type NewChannel = Schemas['NewChannel'];
export type ChannelPatch = Schemas['ChannelPatch'];
export type ChannelTrial = Schemas['ChannelTrial'];
export type ChannelPreview = Schemas['MailPreview'] | Schemas['WebhookPreview'];
export type ExportFile = Schemas['ConfigurationFile'];

export type SystemFacts = Schemas['SystemFacts'];
export type RemovedEvent = Schemas['RemovedEvent'];

// The parameters behind the question mark.
export type QueryOf<Name extends keyof operations> = operations[Name]['parameters']['query'];
