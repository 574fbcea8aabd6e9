// Life: what one attempt, one outcome or the passing of time does to one monitor: calls the pure
// core in its order and puts what changed into the pending batch. Holds no socket and no clock;
// `now` is an argument.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "core/advance.h"
#include "core/alert.h"
#include "engine/monitor_table.h"
#include "engine/pending_batch.h"
#include "model/channel.h"
#include "ports/journal.h"
#include "ports/random.h"

namespace tocsin {

// The two times at a moment, mapped to each other.
struct Moment {
  SystemTime wall;
  SteadyTime steady;
};

class Life {
 public:
  // `tell` gets every delivery that is durable, or that has to go out although the store could not
  // keep it.
  using Tell = std::function<void(Delivery)>;
  Life(MonitorTable& table, PendingBatch& batch, Random& random, const Journal& journal,
       std::string public_url, Tell tell);

  void set_channels(const std::map<std::string, Channel>* channels) { channels_ = channels; }

  // Learns where the name of the target leads now; a move that is to be told goes into `result`.
  void watch_addresses(MonitorEntry& entry, ProbeResult& result, Moment now);
  // Keeps an attempt (final or not).
  void keep_attempt(MonitorEntry& entry, Attempt attempt, bool final_attempt, Moment now);
  // The same of a pass after a pass, of which there is no more to know than this.
  void keep_pass(MonitorEntry& entry, const PlainPass& pass, Moment now);
  // What was found out about attempt `of`, in words; empty: nothing that people should read in a
  // timeline or a notice.
  void keep_evidence(MonitorEntry& entry, const ResultId& of, Evidence evidence,
                     std::string summary, Moment now);
  // The run of `entry` at the location of `run` is final. Returns true when an extra run is asked
  // for.
  bool settle_run(MonitorEntry& entry, Run run, Moment now);
  // Time has passed: unknown, after_minutes, reminders, escalation, end of flapping. True: run now.
  bool pass_time(MonitorEntry& entry, Moment now);
  // When pass_time has something to do next.
  [[nodiscard]] std::optional<SystemTime> next_time(const MonitorEntry& entry) const;
  // Ticks are left out (engine/interval_stretch.h): what is known counts so many times as long.
  void set_stretch(uint32_t factor) { stretch_ = factor; }

  // A person or a reload.
  void set_paused(MonitorEntry& entry, bool paused, Moment now);
  void retire(MonitorEntry& entry, Moment now);
  void redefine(MonitorEntry& entry, Monitor definition, Moment now);
  Incident acknowledge(MonitorEntry& entry, std::string by, std::string note, Moment now);
  // To the open incident.
  void add_note(MonitorEntry& entry, std::string_view by, std::string_view text, Moment now);
  void keep_state(MonitorEntry& entry, Moment now, bool urgent);

 private:
  bool apply(MonitorEntry& entry, const StatusStep& step, Moment now);
  void apply(MonitorEntry& entry, AlertStep step, Moment now);
  void tell(const AlertEvent& event, MonitorEntry& entry, Moment now);
  void forget_closed(MonitorEntry& entry, Moment now);
  void write_journal(const AlertEvent& event, const MonitorEntry& entry,
                     const std::vector<Delivery>& rows) const;
  void write_unknown(const MonitorEntry& entry) const;
  [[nodiscard]] Silence silence_of(const MonitorEntry& entry) const;
  // Three of it without a known outcome make a monitor unknown.
  [[nodiscard]] Duration interval_of(const MonitorEntry& entry) const;

  uint32_t stretch_ = 1;
  MonitorTable& table_;
  PendingBatch& batch_;
  Random& random_;
  const Journal& journal_;
  std::string public_url_;
  Tell tell_;
  const std::map<std::string, Channel>* channels_ = nullptr;
};

}  // namespace tocsin
