// The shapes of /api/v1, as they are sent. Times are RFC 3339 UTC texts; measured durations are whole numbers with their unit in the name.
// uids are 63-bit and therefore texts.

export type Status = 'pending' | 'up' | 'degraded' | 'down' | 'unknown' | 'paused';
export type Verdict = 'passed' | 'degraded' | 'failed' | 'unknown';
export type Phase = 'dns' | 'connect' | 'tls' | 'data';
export type Scope = 'none' | 'read' | 'write' | 'admin';

export type ErrorName =
  | 'host_not_found' | 'no_address_of_family' | 'dns_timeout' | 'dns_failed'
  | 'tcp_refused' | 'timeout' | 'network_unreachable' | 'host_unreachable' | 'admin_prohibited'
  | 'conn_reset' | 'closed_early'
  | 'tls_handshake' | 'tls_untrusted' | 'tls_expired' | 'tls_not_yet_valid' | 'tls_name_mismatch' | 'tls_version' | 'starttls_refused'
  | 'expect_mismatch' | 'assertion_failed' | 'too_slow' | 'unexpected_open'
  | 'local_resource' | 'self_offline' | 'resolver_down' | 'agent_lost' | 'overloaded' | 'reach_denied';

export interface Page<T> {
  data: T[];
  next_cursor: string | null;
}

// --- problems ---------------------------------------------------------------------------------------------------------------------------

export interface FieldProblem {
  pointer: string; // RFC 6901 into the body; "?name" for a query parameter
  code: string;
  message: string;
  hint?: string;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  request_id: string;
  errors?: FieldProblem[];
}

// --- accounts ---------------------------------------------------------------------------------------------------------------------------

export interface SetupState {
  open: boolean;
}
export interface Session {
  user: { name: string };
  scope: Scope;
  csrf_token: string;
  expires: string;
}

// --- results ----------------------------------------------------------------------------------------------------------------------------

export interface ResultError {
  code: ErrorName;
  phase: Phase;
  message: string;
  hint: string;
}

export interface PhaseTimes {
  dns_us: number | null;
  connect_us: number | null;
  tls_us: number | null;
  data_us: number | null;
}

export interface AssertionResult {
  index: number;
  assertion?: string; // in a probe's answer; a stored result has the index alone
  passed: boolean;
  actual: string;
  reason: string;
}

export interface Received {
  bytes: number;
  truncated: boolean;
  peer_closed: boolean;
  text: string;
  base64?: string;
}

export interface TlsFacts {
  version: string;
  cipher: string;
  alpn: string;
  subject: string;
  issuer: string;
  names: string[];
  not_before: string | null;
  not_after: string | null;
  chain_length: number;
  resumed: boolean;
}

export interface TranscriptEntry {
  at_us: number;
  kind: string;
  text: string;
  base64?: string;
}

export interface Judged extends PhaseTimes {
  started_at: string;
  verdict: Verdict;
  status: 'success' | 'error' | 'unknown';
  reason: string;
  response_time_us: number | null;
  kernel_rtt_us: number | null;
  syn_retransmits: number;
  scheduling_delay_us: number | null;
  resolved_ip: string | null;
  error: ResultError | null;
  error_status: string | null;
}

export interface Result extends Judged {
  id: string;
  slot: string; // the moment for which the check was planned
  location: string;
  attempt: number;
  final: boolean;
  has_details: boolean;
  assertions?: AssertionResult[];
  received?: Received;
  tls?: TlsFacts | null;
}

// Bytes that are not kept, or that a secret may be in, have neither text nor base64.
export interface KeptBytes {
  bytes: number;
  text: string | null;
  base64: string | null;
}
export interface ResultDetail extends Omit<Result, 'received'> {
  sentence: string;
  explanation: { what: string; causes: string[]; try: string[]; docs: string } | null; // null without an error
  remote: string | null;
  local: string | null;
  dns_cached: boolean;
  stale_dns: boolean;
  sent?: KeptBytes & { hidden?: boolean };
  received?: KeptBytes & { truncated: boolean; peer_closed: boolean };
  transcript?: { at_us: number; kind: string; bytes?: number; text: string | null; base64?: string | null }[];
  limits: { degraded_after_us: number | null; fail_after_us: number | null; timeout_us: number };
  medians: (PhaseTimes & { response_time_us: number | null }) | null;
  previous_id: string | null;
  next_id: string | null;
  last_good_id: string | null;
}

export interface Stats {
  runs: number;
  passed: number;
  degraded: number;
  failed: number;
  unknown: number;
  availability: number | null;
  downtime_s: number;
  incidents: number;
  mttr_s: number | null;
  p50_us: number | null;
  p95_us: number | null;
  p99_us: number | null;
  max_us: number | null;
}
export interface StatsBucket {
  start: string;
  passed: number;
  degraded: number;
  failed: number;
  unknown: number;
  availability: number | null;
  p50_us: number | null;
  p95_us: number | null;
  p99_us: number | null;
  max_us: number | null;
  mean: PhaseTimes;
}
export type StatsRange = '1h' | '6h' | '24h' | '7d' | '30d' | '90d';
export interface MonitorStats {
  range: StatsRange;
  from: string;
  to: string;
  bucket_s: number;
  now: Stats;
  before: Stats;
  buckets: StatsBucket[];
  locations: ({ location: string } & Stats)[];
}

export interface Beat {
  slot: string; // texts of one form: they compare as the moments do
  verdict: Verdict;
  response_time_us: number | null;
  error: ErrorName | null;
}
export interface Heartbeats {
  id: string;
  uid: string;
  beats: Beat[]; // oldest first
}

// --- monitors ---------------------------------------------------------------------------------------------------------------------------

export interface Flags {
  confirming: boolean;
  recovering: boolean;
  muted: boolean;
  acknowledged: boolean;
  flapping: boolean;
}

export type Owner = { kind: 'ui' } | { kind: 'project'; project: string; file: string; line: number };

export interface MonitorRow {
  id: string;
  uid: string;
  name: string;
  project: string;
  target: string;
  status: Status;
  flags: Flags;
  since: string | null;
  error: ResultError | null;
  tags: string[];
  group: string;
  interval_s: number;
  timeout_ms: number;
  enabled: boolean;
  muted: boolean;
  paused: boolean;
  last_result: Result | null;
  next_run: string | null;
  incident: string | null;
  owner: Owner;
  revision: string;
}

// What a person writes, as in YAML: same names, durations as text. Only what differs from the defaults is there, and the target.
export interface MonitorConfig {
  target?: string;
  name?: string;
  preset?: string;
  [field: string]: unknown;
}

export interface MonitorDetail extends MonitorRow {
  definition: Record<string, unknown>;
  config: MonitorConfig;
}

export interface DryRun {
  monitors: { id: string; name: string; target: string }[];
  problems: FieldProblem[];
  warnings: { pointer: string; message: string }[];
  next_runs: string[];
  sentence: string;
}

export type BatchAction = 'pause' | 'resume' | 'mute' | 'unmute' | 'run' | 'delete' | 'add_tag' | 'remove_tag';
export interface BatchResult {
  data: { id: string; ok: boolean; problem: { code: string; detail: string } | null }[];
}

export interface NameCount {
  name: string;
  monitors: number;
  by_status: Partial<Record<Status, number>>;
}
export interface Summary {
  monitors: number;
  by_status: Record<Status, number>;
  muted: number;
  open_incidents: number;
}

export interface Preset {
  id: string;
  name: string;
  port: number;
  more: boolean;
  tls: boolean;
  send: string;
  expect: string;
  help: string;
}

export interface ProbeAnswer extends Judged {
  target: string;
  remote: string;
  dns_cached: boolean;
  stale_dns: boolean;
  assertions: AssertionResult[];
  bytes_sent: number;
  received: Received;
  tls: TlsFacts | null;
  transcript: TranscriptEntry[];
}
export interface PhaseEvent {
  phase: Phase;
  at_us: number;
  took_us: number;
}

// --- incidents, alerts, channels --------------------------------------------------------------------------------------------------------

export interface Incident {
  id: string;
  monitor: { id: string; uid: string; name: string; project: string; target: string };
  severity: Verdict;
  open: boolean;
  error: ResultError | null;
  reason: string;
  began: string;
  opened: string;
  acknowledged: string | null;
  acknowledged_by: string;
  acknowledge_note: string;
  closed: string | null;
  close_reason: string;
}
export interface DeliveryAttempt {
  number: number;
  at: string;
  took_ms: number;
  ok: boolean;
  result: string;
}
export interface Delivery {
  key: string;
  channel: string;
  event: string;
  event_number: number;
  state: string;
  suppressed: string;
  created: string;
  next_attempt: string | null;
  finished: string | null;
  attempts: number;
  last_result: string;
  log: DeliveryAttempt[];
}
export interface IncidentDetail extends Incident {
  timeline: { at: string; kind: string; text: string }[];
  deliveries: Delivery[];
}

export type AlertState = 'waiting' | 'delivered' | 'dead' | 'suppressed';
export interface Alert {
  key: string;
  at: string;
  event: string;
  monitor: { id: string; uid: string; name: string };
  incident: string | null;
  channel: string;
  state: AlertState;
  attempts: number;
  last_result: string;
  next_attempt: string | null;
  suppressed: string;
}
export interface AlertDetail extends Alert {
  log: DeliveryAttempt[];
  payload: unknown;
}

export interface Channel {
  id: string;
  name: string;
  type: 'webhook' | 'email';
  send: string[];
  owner: Owner;
  used_by: number;
  revision: string;
  webhook?: { url_set: boolean; url_shown: string | null; secret_set: boolean; headers: string[] };
  email?: {
    to: string[];
    from: string;
    smtp: { host: string; port: number; security: string; username: string; password_set: boolean; verify: boolean };
  };
  secrets_lost: boolean; // kept with a key that is gone: they must be entered again
  health: { delivered: number; waiting: number; failed_attempts: number; dead: number; last_result: string | null };
}
export type ChannelConfig = Record<string, unknown>;
export interface ChannelTrial {
  ok: boolean;
  result: string;
  took_ms: number;
}
// What was made over the API, as a configuration file.
export interface ExportFile {
  version: number;
  monitors: Record<string, MonitorConfig>;
}
export type ChannelPreview = { subject: string; text: string; html: string } | { body: string };

// --- server -----------------------------------------------------------------------------------------------------------------------------

export interface Token {
  id: string;
  name: string;
  scope: Scope;
  created: string;
  revoked: boolean;
}
export interface SystemFacts {
  version: string;
  started: string;
  uptime_s: number;
  monitors: number;
  enabled: number;
  probes: { in_flight: number; waiting: number };
  lag_us: { p50: number; p99: number; max: number };
  store: {
    path: string;
    bytes: number;
    results_written: number;
    results_dropped: number;
    rows_waiting: number;
    reserve_used: boolean;
    volatile: boolean;
  };
  deliveries: { waiting: number; delivered: number; failed_attempts: number; dead: number };
  config: { files: string[]; loaded: string | null; error: string | null };
  retention: { raw_s: number; failures_s: number; hourly_s: number };
}
export interface FieldFacts {
  name: string;
  type: string;
  unit: string | null;
  default: unknown;
  min: number | null;
  max: number | null;
  choices: string[] | null;
  help: string;
  example: string;
}
export interface MonitorSchema {
  fields: FieldFacts[];
  retry: FieldFacts[];
  alert: FieldFacts[];
  tls: FieldFacts[];
}
