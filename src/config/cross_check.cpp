#include "config/cross_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "base/bytes.h"
#include "core/advice.h"

namespace tocsin {
namespace {

constexpr size_t kCandidatesMax = 10'000;  // names compared for one hint

std::string hint_for(std::string_view name, const std::vector<std::string_view>& known,
                     std::string_view none) {
  return known.empty() ? std::string(none) : nearest_hint(name, known);
}

}  // namespace

void check_names(const FileReader& files, const std::set<std::string>& outside,
                 ProblemList& problems) {
  std::vector<std::string_view> channels(outside.begin(), outside.end());
  for (const auto& [id, channel] : files.config().channels) {
    channels.push_back(id);
  }
  std::unordered_set<std::string_view> monitors;
  std::vector<std::string_view> candidates;
  for (const Monitor& monitor : files.config().monitors) {
    monitors.insert(monitor.id);
    if (candidates.size() < kCandidatesMax) {
      candidates.push_back(monitor.id);
    }
  }
  for (const NameUse& use : files.uses()) {
    if (use.kind == NameUse::Kind::channel && !files.config().channels.contains(use.name) &&
        !outside.contains(use.name)) {
      problems.error(use.file, use.mark,
                     fmt::format("there is no channel \"{}\"", escape_for_display(use.name, 80)),
                     hint_for(use.name, channels, "define it under channels:"));
    } else if (use.kind == NameUse::Kind::monitor && !monitors.contains(use.name)) {
      problems.error(use.file, use.mark,
                     fmt::format("there is no monitor \"{}\"", escape_for_display(use.name, 80)),
                     hint_for(use.name, candidates, ""));
    }
  }
}

void check_degraded(const FileReader& files, ProblemList& problems) {
  const Config& config = files.config();
  const auto sends_it = [&config](const std::string& id) {
    const auto channel = config.channels.find(id);
    return channel == config.channels.end() ||
           std::ranges::find(channel->second.send, EventType::degraded) !=
               channel->second.send.end();
  };
  for (size_t i = 0; i < config.monitors.size(); ++i) {
    const Monitor& monitor = config.monitors[i];
    if (monitor.alert.degraded && !monitor.channels.empty() &&
        std::ranges::none_of(monitor.channels, sends_it)) {
      problems.warning(files.places()[i].file, files.places()[i].mark,
                       "degraded is to be told, but no channel of this monitor sends it",
                       fmt::format("add degraded to send of channel \"{}\"",
                                   escape_for_display(monitor.channels.front(), 80)));
    }
  }
}

void check_closes(const FileReader& files, ProblemList& problems) {
  struct Said {
    FileReader::Place place;
    size_t monitors = 0;
  };
  std::map<std::string, Said> by_message;
  const std::vector<Monitor>& monitors = files.config().monitors;
  for (size_t i = 0; i < monitors.size(); ++i) {
    for (Advice& advice : advise(monitors[i])) {
      if (advice.field == "close") {
        Said& said =
            by_message.try_emplace(std::move(advice.message), files.places()[i]).first->second;
        ++said.monitors;
      }
    }
  }
  for (const auto& [message, said] : by_message) {
    problems.warning(
        said.place.file, said.place.mark, message,
        said.monitors == 1 ? "" : fmt::format("this is so of {} monitors", said.monitors));
  }
}

void check_proxies(const FileReader& files, ProblemList& problems) {
  const std::vector<Monitor>& monitors = files.config().monitors;
  for (size_t i = 0; i < monitors.size(); ++i) {
    if (monitors[i].proxy && has_hidden_password(*monitors[i].proxy)) {
      problems.error(files.places()[i].file, files.places()[i].mark,
                     "the password of its proxy was hidden when this was written",
                     "write it again, for example as ${env:PROXY_PASSWORD}");
    }
  }
}

// Follows depends_on with a list of its own in place of recursion: a chain may be as long as there
// are monitors.
class CircleSearch {
 public:
  CircleSearch(const FileReader& files, ProblemList& problems)
      : files_(files), problems_(problems) {
    const std::vector<Monitor>& monitors = files.config().monitors;
    for (size_t i = 0; i < monitors.size(); ++i) {
      index_.emplace(monitors[i].id, i);
    }
    state_.assign(monitors.size(), State::fresh);
  }

  void run() {
    for (size_t i = 0; i < state_.size(); ++i) {
      if (state_[i] == State::fresh) {
        follow(i);
      }
    }
  }

 private:
  enum class State : uint8_t { fresh, open, done };
  struct Step {
    size_t monitor = 0;
    size_t next = 0;  // index into its depends_on
  };

  void follow(size_t start) {
    std::vector<Step> path{{start}};
    state_[start] = State::open;
    while (!path.empty()) {
      Step& step = path.back();
      const std::vector<std::string>& parents = files_.config().monitors[step.monitor].depends_on;
      if (step.next == parents.size()) {
        state_[step.monitor] = State::done;
        path.pop_back();
        continue;
      }
      const auto parent = index_.find(parents[step.next++]);
      if (parent == index_.end()) {
        continue;
      }
      if (state_[parent->second] == State::open) {
        tell(path, parent->second);
      } else if (state_[parent->second] == State::fresh) {
        state_[parent->second] = State::open;
        path.push_back({parent->second});
      }
    }
  }

  void tell(const std::vector<Step>& path, size_t begin) {
    constexpr size_t shown_max = 10;
    std::string circle;
    size_t shown = 0;
    bool inside = false;
    for (const Step& step : path) {
      inside = inside || step.monitor == begin;
      if (inside && shown++ < shown_max) {
        circle += files_.config().monitors[step.monitor].id + " -> ";
      }
    }
    circle += shown > shown_max ? "... -> " : "";
    const FileReader::Place& place = files_.places()[begin];
    problems_.error(place.file, place.mark,
                    fmt::format("depends_on goes in a circle: {}{}", circle,
                                files_.config().monitors[begin].id),
                    "none of them could ever page");
  }

  const FileReader& files_;
  ProblemList& problems_;
  std::unordered_map<std::string_view, size_t> index_;
  std::vector<State> state_;
};

void check_circles(const FileReader& files, ProblemList& problems) {
  CircleSearch(files, problems).run();
}

}  // namespace tocsin
