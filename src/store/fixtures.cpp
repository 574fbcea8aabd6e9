#include "store/fixtures.h"

#include <array>

namespace tocsin::fixtures {

std::string Dice::text() {
  const std::string_view kinds[] = {"plain", "quote \" and \\ ",
                                    "d\xC3\xBC"
                                    "nn \xE2\x86\x92",
                                    "\xFF\xFE raw"};
  std::string text(kinds[number<size_t>(0, std::size(kinds) - 1)]);
  if (number(0, 3) == 0) {
    text.push_back('\0');
  }
  return text + std::to_string(number(0, 1'000'000));
}

std::vector<std::string> Dice::texts() {
  std::vector<std::string> texts(number<size_t>(1, 3));
  for (std::string& item : texts) {
    item = text();
  }
  return texts;
}

std::string Dice::hex(size_t digits) {
  std::string out;
  while (out.size() < digits) {
    out.push_back("0123456789abcdef"[number(0, 15)]);
  }
  return out;
}

ProbeError some_error(Dice& dice) {
  return {.code = dice.one_of(ErrorCode::host_not_found, ErrorCode::reach_denied),
          .phase = dice.one_of(Phase::dns, Phase::data),
          .detail = dice.maybe() ? dice.text() : "",
          .sentence = dice.maybe() ? dice.text() : ""};
}

bool is_same(const Monitor& a, const Monitor& b) {
  return same_definition(a, b) && a.origin == b.origin && a.project == b.project && a.id == b.id &&
         a.ip_family_written == b.ip_family_written;
}

namespace {

std::vector<Step> some_steps(Dice& dice) {
  return {
      SendStep{dice.text(), {{.at = 3, .group = dice.text()}}},
      ExpectStep{.pattern = dice.text(), .is_regex = dice.maybe(), .refuse = dice.texts()},
      StarttlsStep{},
      ExpectJsonStep{.path = dice.text(), .is = dice.perhaps(dice.text()), .refuse = dice.texts()}};
}

TlsOptions some_tls(Dice& dice) {
  return {.mode = dice.one_of(TlsMode::off, TlsMode::starttls),
          .protocol = dice.text(),
          .server_name = dice.text(),
          .verify = false,
          .alpn = dice.texts(),
          .certificate_file = dice.text(),
          .key_file = dice.text(),
          .ca_file = dice.text(),
          .min_version = "1.3",
          .full_every = 7};
}

AlertPolicy some_policy(Dice& dice) {
  const LocationPolicy policies[] = {AnyLocation{}, AtLeast{3}, PercentOf{67}};
  return {.after_runs = 3,
          .after_minutes = dice.perhaps(dice.duration()),
          .recover_after_runs = 2,
          .locations = policies[dice.number<size_t>(0, 2)],
          .degraded = true,
          .strict = true,
          .reminder_every = dice.duration(),
          .reminder_count = 4,
          .escalate = {{dice.duration(), dice.texts()}, {dice.duration(), dice.texts()}}};
}

void set_what_is_checked(Dice& dice, Monitor& monitor) {
  monitor.target = *Target::parse(dice.maybe() ? "db.example.com:5432" : "[2001:db8::1]:25");
  monitor.preset = dice.text();
  monitor.ip_family = dice.one_of(IpFamily::ipv6, IpFamily::all);
  monitor.ip_family_written = true;
  monitor.source = dice.perhaps(*IpAddress::parse("192.0.2.10"));
  if (dice.maybe()) {
    monitor.resolver = {{.ip = *IpAddress::parse("2001:db8::53"), .port = 5353}};
    monitor.proxy = Proxy{.kind = dice.one_of(ProxyKind::socks5, ProxyKind::http),
                          .at = *Target::parse("proxy.example.com:1080"),
                          .user = dice.text(),
                          .password = Secret(dice.text())};
  }
  monitor.request = some_steps(dice);
  monitor.tls = some_tls(dice);
  monitor.assertions = {
      {.source = dice.one_of(AssertionSource::response_time, AssertionSource::error_code),
       .property = dice.text(),
       .comparison = dice.one_of(Comparison::not_equals, Comparison::not_null),
       .target = dice.text()}};
  monitor.degraded_after = dice.perhaps(dice.duration());
  monitor.fail_after = dice.perhaps(dice.duration());
  monitor.timeout = dice.duration();
  monitor.expect = dice.one_of(Expectation::closed, Expectation::unreachable);
  monitor.should_fail = true;
  monitor.close = dice.one_of(CloseMode::quiet, CloseMode::rst);
  monitor.secrets = dice.texts();
}

}  // namespace

Monitor some_monitor(Dice& dice) {
  Monitor monitor;
  monitor.project = dice.text();
  monitor.id = "monitor/" + dice.hex(12);
  monitor.name = dice.text();
  if (dice.maybe()) {
    set_what_is_checked(dice, monitor);
  }
  if (dice.maybe()) {
    monitor.interval = dice.duration();
    monitor.locations = dice.maybe() ? dice.texts() : std::vector<std::string>();
    monitor.strategy = Strategy::round_robin;
    monitor.retry = {.strategy = dice.one_of(RetryStrategy::single, RetryStrategy::exponential),
                     .base = dice.duration(),
                     .max = 7,
                     .total = dice.duration(),
                     .same_location = false,
                     .only_network = true};
    monitor.alert = some_policy(dice);
    monitor.channels = dice.texts();
    monitor.tags = dice.texts();
  }
  if (dice.maybe()) {
    monitor.group = dice.text();
    monitor.description = dice.text();
    monitor.runbook = dice.text();
    monitor.depends_on = dice.texts();
    monitor.enabled = false;
    monitor.muted = true;
    monitor.origin = {.file = dice.text(), .line = 12, .author = ReachRole::editor_api};
  }
  return monitor;
}

namespace {

Status some_status(Dice& dice) {
  return {.kind = dice.one_of(StatusKind::up, StatusKind::paused),
          .known = dice.one_of(StatusKind::up, StatusKind::down),
          .since = dice.time(),
          .bad_streak = 3,
          .degraded_streak = 2,
          .good_streak = 1,
          .first_bad_slot = dice.perhaps(dice.time()),
          .first_degraded_slot = dice.perhaps(dice.time()),
          .run_asked = true,
          .last_known = dice.perhaps(dice.time()),
          .clock_epoch = 5,
          .slot = dice.time(),
          .error = dice.perhaps(some_error(dice)),
          .confirming = true,
          .recovering = true};
}

AlertState some_alert_state(Dice& dice) {
  return {.incident = {dice.hex(36)},
          .severity = Verdict::failed,
          .opened = dice.perhaps(dice.time()),
          .began = dice.perhaps(dice.time()),
          .acknowledged = dice.perhaps(dice.time()),
          .reminders_sent = 2,
          .escalations_done = 1,
          .events = 4,
          .told_down = true,
          .held = dice.text(),
          .changes = {dice.time(), dice.time()},
          .flapping_since = dice.perhaps(dice.time()),
          .flapping_told = dice.perhaps(dice.time())};
}

Run some_run(Dice& dice, uint16_t location) {
  return {.monitor = {dice.number<int64_t>(1, 1'000'000)},
          .location = location,
          .clock_epoch = 3,
          .slot = dice.time(),
          .verdict = dice.one_of(Verdict::passed, Verdict::unknown),
          .error = dice.perhaps(some_error(dice)),
          .attempts = 2,
          .finished = dice.time()};
}

}  // namespace

MonitorState some_state(Dice& dice) {
  MonitorState state;
  if (dice.maybe()) {
    state.status = some_status(dice);
  }
  if (dice.maybe()) {
    state.alert = some_alert_state(dice);
  }
  if (dice.maybe()) {
    state.newest = {{uint16_t{0}, some_run(dice, 0)}, {uint16_t{7}, some_run(dice, 7)}};
    state.skipped_in_progress = 11;
    state.skipped_missed = 12;
    state.skipped_overload = 13;
    state.paused = true;
    state.muted = true;
  }
  return state;
}

Incident some_incident(Dice& dice) {
  Incident incident{.id = {dice.hex(36)}, .monitor = {dice.number<int64_t>(1, 1'000'000)}};
  incident.project = dice.text();
  incident.monitor_id = dice.text();
  incident.monitor_name = dice.text();
  incident.target = dice.text();
  incident.severity = dice.one_of(Verdict::degraded, Verdict::failed);
  incident.error = dice.perhaps(some_error(dice));
  incident.reason = dice.text();
  incident.began = dice.time();
  incident.opened = dice.time();
  if (dice.maybe()) {
    incident.acknowledged = dice.time();
    incident.acknowledged_by = dice.text();
    incident.acknowledge_note = dice.text();
  }
  if (dice.maybe()) {
    incident.closed = dice.time();
    incident.close_reason = dice.text();
  }
  for (auto kind = static_cast<uint32_t>(TimelineKind::first_failure);
       kind <= static_cast<uint32_t>(TimelineKind::flapping); ++kind) {
    incident.timeline.push_back({dice.time(), static_cast<TimelineKind>(kind), dice.text()});
  }
  return incident;
}

AlertEvent some_event(Dice& dice) {
  return {.type = dice.one_of(EventType::degraded, EventType::test),
          .monitor = {dice.number<int64_t>(1, 1'000'000)},
          .incident = {dice.hex(36)},
          .number = 3,
          .at = dice.time(),
          .status = dice.one_of(StatusKind::up, StatusKind::degraded),
          .severity = Verdict::degraded,
          .error = dice.perhaps(some_error(dice)),
          .reason = dice.text(),
          .began = dice.perhaps(dice.time()),
          .channels = dice.texts(),
          .suppressed = dice.maybe() ? dice.text() : ""};
}

Delivery some_delivery(Dice& dice) {
  return {.key = dice.hex(64),
          .incident_key = dice.hex(64),
          .channel = dice.text(),
          .event = some_event(dice),
          .payload = dice.text(),
          .state = dice.one_of(DeliveryState::waiting, DeliveryState::suppressed),
          .attempts = 6,
          .created = dice.time(),
          .next_attempt = dice.time(),
          .finished = dice.perhaps(dice.time()),
          .last_result = dice.text()};
}

namespace {

Certificate some_certificate(Dice& dice) {
  return {.subject = dice.text(),
          .issuer = dice.text(),
          .key = dice.text(),
          .not_before = dice.time(),
          .not_after = dice.time()};
}

TlsFacts some_tls_facts(Dice& dice) {
  return {.version = "TLSv1.3",
          .cipher = dice.text(),
          .alpn = dice.text(),
          .subject = dice.text(),
          .issuer = dice.text(),
          .names = dice.texts(),
          .not_before = dice.time(),
          .not_after = dice.time(),
          .chain_length = 3,
          .resumed = true,
          .chain = {some_certificate(dice), some_certificate(dice)},
          .staple = {.says = OcspStaple::Says::revoked,
                     .this_update = dice.time(),
                     .next_update = dice.time(),
                     .revoked_at = dice.time()}};
}

SocketAddress some_address(Dice& dice) {
  const char* literals[] = {"192.0.2.7", "2001:db8::7", "fe80::1%2", "::ffff:192.0.2.1"};
  SocketAddress address{.ip = *IpAddress::parse(literals[dice.number<size_t>(0, 3)]), .port = 5432};
  if (dice.number(0, 3) == 0) {
    address.unix_path = dice.text();
  }
  return address;
}

}  // namespace

namespace {

IcmpNotice some_notice(Dice& dice) {
  return {.from = some_address(dice).ip, .type = 11, .code = 13};
}

Knock some_knock(Dice& dice) {
  return {.to = some_address(dice),
          .answer = dice.one_of(KnockAnswer::open, KnockAnswer::not_tried),
          .took = dice.duration(),
          .icmp = dice.perhaps(some_notice(dice)),
          .why = dice.text()};
}

}  // namespace

Evidence some_evidence(Dice& dice) {
  Evidence evidence{.state = dice.one_of(EvidenceState::gathered, EvidenceState::too_soon),
                    .started = dice.time(),
                    .took = dice.duration()};
  evidence.second_try =
      dice.perhaps(SecondTry{.verdict = dice.one_of(Verdict::passed, Verdict::unknown),
                             .error = dice.perhaps(ErrorCode::tcp_refused),
                             .sentence = dice.text(),
                             .took = dice.duration(),
                             .allowed = dice.duration()});
  evidence.closed_port = dice.perhaps(some_knock(dice));
  evidence.others = {some_knock(dice), some_knock(dice)};
  evidence.walk = dice.perhaps(Walk{.to = some_address(dice),
                                    .tried = 16,
                                    .hops = {{3, some_notice(dice), dice.duration()}},
                                    .reached = dice.perhaps(uint8_t{5}),
                                    .answer = KnockAnswer::refused});
  evidence.name = dice.perhaps(NameNow{.addresses = {some_address(dice).ip},
                                       .error = dice.perhaps(ErrorCode::dns_timeout),
                                       .cached = dice.maybe(),
                                       .stale = dice.maybe(),
                                       .last_good = dice.perhaps(some_address(dice).ip)});
  return evidence;
}

Attempt some_attempt(Dice& dice) {
  Attempt attempt;
  ProbeResult& result = attempt.result;
  result.id = {{dice.number<int64_t>(1, 1'000'000)}, 3, 2, dice.time(), 4};
  result.started = dice.time();
  result.scheduling_delay = dice.duration();
  result.response_time = dice.duration();
  result.phases = {dice.perhaps(dice.duration()), dice.perhaps(dice.duration()),
                   dice.perhaps(dice.duration()), dice.perhaps(dice.duration())};
  result.error = dice.perhaps(some_error(dice));
  result.remote = dice.perhaps(some_address(dice));
  result.local = dice.perhaps(some_address(dice));
  result.kernel_rtt = dice.perhaps(dice.duration());
  result.syn_retransmits = 2;
  result.dns_cached = dice.maybe();
  result.stale_dns = dice.maybe();
  result.loop_lag = dice.duration();
  result.tls = dice.perhaps(some_tls_facts(dice));
  result.sent = dice.text();
  result.received = dice.text();
  result.bytes_sent = 77;
  result.bytes_received = 88;
  result.received_truncated = dice.maybe();
  result.peer_closed = dice.maybe();
  result.reset_after_verdict = dice.maybe();
  for (const auto kind : {TranscriptEntry::Kind::sent, TranscriptEntry::Kind::received,
                          TranscriptEntry::Kind::note}) {
    result.transcript.push_back({kind, dice.duration(), dice.text()});
  }
  for (const auto kind : {StepTime::Kind::send, StepTime::Kind::expect, StepTime::Kind::starttls}) {
    result.steps.push_back({.kind = kind,
                            .at = dice.duration(),
                            .took = dice.duration(),
                            .failed = dice.maybe(),
                            .implied = dice.maybe()});
  }
  if (dice.maybe()) {
    result.proxy = ProxyFacts{.address = dice.perhaps(some_address(dice)),
                              .reached = dice.perhaps(dice.duration()),
                              .through = dice.perhaps(dice.duration())};
    result.moved = AddressMove{.from = {some_address(dice).ip}, .to = {some_address(dice).ip}};
    result.addresses_probed = 3;
    result.addresses_left_out = 2;
    result.failed_addresses = {{.address = some_address(dice),
                                .code = ErrorCode::tcp_refused,
                                .response_time = dice.duration()}};
  }
  attempt.evaluation = {
      .verdict = dice.one_of(Verdict::passed, Verdict::failed),
      .error = dice.perhaps(some_error(dice)),
      .reason = dice.text(),
      .assertions = {{.index = 1, .passed = true, .actual = dice.text(), .reason = dice.text()}}};
  return attempt;
}

StoredAttempt passed(int64_t monitor, SystemTime slot, Duration response) {
  StoredAttempt stored;
  ProbeResult& result = stored.attempt.result;
  result.id = {.monitor = {monitor}, .slot = slot};
  result.scheduling_delay = 300us;
  result.started = slot + 300us;
  result.response_time = response;
  result.phases.connect = response;
  result.bytes_received = 5;
  result.peer_closed = true;
  stored.attempt.evaluation.verdict = Verdict::passed;
  return stored;
}

StoredAttempt failed(int64_t monitor, SystemTime slot) {
  StoredAttempt stored = passed(monitor, slot, 10ms);
  const ProbeError refused{ErrorCode::tcp_refused, Phase::connect, "RST to our SYN"};
  stored.attempt.result.error = refused;
  stored.attempt.evaluation = {
      .verdict = Verdict::failed, .error = refused, .reason = "Nothing listens."};
  return stored;
}

}  // namespace tocsin::fixtures
