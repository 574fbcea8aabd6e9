#include "notify/notice_lines.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "notify/safe_text.h"

namespace tocsin {
namespace {

constexpr size_t kLineShownMax = 500;    // bytes of one value
constexpr size_t kProseShownMax = 2000;  // of a runbook or a description
constexpr size_t kProseLinesMax = 20;

class Lines {
 public:
  void add(std::string label, std::string value, bool is_link = false) {
    if (!value.empty()) {
      lines_.push_back({std::move(label), std::move(value), is_link});
    }
  }
  // A text people wrote, of any number of lines; only the first line carries the label.
  void add_prose(std::string label, std::string_view prose) {
    std::string_view rest = prose.substr(0, kProseShownMax);
    for (size_t i = 0; i < kProseLinesMax && !rest.empty(); ++i) {
      const size_t end = rest.find('\n');
      std::string_view line = rest.substr(0, end);
      if (line.ends_with('\r')) {
        line.remove_suffix(1);
      }
      add(std::exchange(label, {}), shown_line(line, kLineShownMax));
      rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
  }
  std::vector<NoticeLine> take() { return std::move(lines_); }

 private:
  std::vector<NoticeLine> lines_;
};

bool is_link(std::string_view text) {
  if (!text.starts_with("http://") && !text.starts_with("https://")) {
    return false;
  }
  for (const char c : text) {
    if (c <= ' ' || c > '~' || c == '"' || c == '<' || c == '>' || c == '\\') {
      return false;
    }
  }
  return text.size() <= kLineShownMax;
}

std::string since_words(const NoticeFacts& facts) {
  const AlertEvent& event = facts.event;
  if (!event.began) {
    return "";
  }
  std::string began = utc_text(*event.began);
  // "69 µs before this notice" helps nobody.
  if (event.at - *event.began < 1s && event.type != EventType::recovered) {
    return began;
  }
  if (event.at <= *event.began) {
    return began;
  }
  return event.type == EventType::recovered
             ? fmt::format("{} (until {})", began, utc_text(event.at))
             : fmt::format("{} ({} before this notice)", began,
                           human_duration(event.at - *event.began));
}

// True when the attempt ended in the phase of its error; else it went through and its outcome was
// judged.
bool broke_off(const NoticeFacts& facts) {
  if (!facts.event.error || facts.event.type == EventType::recovered) {
    return false;
  }
  const ErrorCode code = facts.event.error->code;
  return code != ErrorCode::too_slow && code != ErrorCode::assertion_failed &&
         code != ErrorCode::unexpected_open;
}

// "dns 1.20 ms, connect 312 µs, tls failed; 5.02 s in all".
std::string times_words(const NoticeFacts& facts) {
  const std::array phases = {
      std::pair(Phase::dns, facts.phases.dns), std::pair(Phase::connect, facts.phases.connect),
      std::pair(Phase::tls, facts.phases.tls), std::pair(Phase::data, facts.phases.data)};
  std::string words;
  size_t told = 0;
  for (const auto& [phase, took] : phases) {
    const bool failed = broke_off(facts) && facts.event.error->phase == phase;
    if (took || failed) {
      words += fmt::format("{}{}{}{}{}", told == 0 ? "" : ", ", phase_name(phase), took ? " " : "",
                           took ? human_duration(*took) : "",
                           failed ? (took ? " (failed)" : " failed") : "");
      ++told;
    }
  }
  if (facts.response_time && told != 1) {
    words +=
        fmt::format("{}{} in all", told == 0 ? "" : "; ", human_duration(*facts.response_time));
  }
  return words;
}

std::string joined(const std::vector<std::string>& texts) {
  std::string line;
  for (const std::string& text : texts) {
    line += line.empty() ? "" : ", ";
    line += text;
    if (line.size() > kLineShownMax) {
      break;
    }
  }
  return shown_line(line, kLineShownMax);
}

bool still_bad(const NoticeFacts& facts) {
  return facts.event.error && facts.event.type != EventType::recovered &&
         facts.event.type != EventType::test;
}

// The reason without the sentence of its error, which was said before it: only what core adds to it
// is news ("Still down after 10 min. Reminder 1 of 3.").
std::string news_in_reason(const NoticeFacts& facts) {
  std::string reason = facts.event.reason;
  if (!still_bad(facts) || facts.error_sentence.empty()) {
    return reason;
  }
  const size_t said = reason.find(facts.error_sentence);
  if (said == std::string::npos) {
    return reason;
  }
  const size_t after = said + facts.error_sentence.size();
  const bool has_more = after < reason.size() && reason[after] == ' ';
  reason.erase(said, facts.error_sentence.size() + (has_more ? 1 : 0));
  if (reason.ends_with(' ')) {
    reason.pop_back();
  }
  return reason;
}

}  // namespace

std::vector<std::string> notice_sentences(const NoticeFacts& facts) {
  std::vector<std::string> sentences;
  const auto add = [&sentences](std::string_view text) {
    if (!text.empty()) {
      sentences.push_back(shown_line(text, kLineShownMax));
    }
  };
  if (facts.event.type == EventType::test) {
    add("This message was asked for to try this channel. It works.");
  }
  if (still_bad(facts)) {
    add(facts.error_sentence.empty() ? error_info(facts.event.error->code).sentence
                                     : std::string_view(facts.error_sentence));
    add(facts.evidence);
  }
  // Without an error the title already ends in the reason.
  if (!notice_title(facts).ends_with(shown_line(facts.event.reason, kLineShownMax))) {
    add(news_in_reason(facts));
  }
  if (facts.store_volatile) {
    add("Tocsin cannot write to its disk just now: it holds this event in memory only, and this "
        "message may come twice.");
  }
  return sentences;
}

std::vector<NoticeLine> notice_lines(const NoticeFacts& facts) {
  Lines lines;
  lines.add("Target", shown_line(facts.target, kLineShownMax));
  lines.add("Since", since_words(facts));
  if (facts.down_for) {
    lines.add("Lasted", human_duration(*facts.down_for));
  }
  if (still_bad(facts)) {
    lines.add("Error", fmt::format("{} (phase {})", error_name(facts.event.error->code),
                                   phase_name(facts.event.error->phase)));
  }
  lines.add("Times", times_words(facts));
  lines.add("Received", shown_line(facts.received_excerpt, kLineShownMax));
  if (still_bad(facts)) {
    lines.add("Try", std::string(error_info(facts.event.error->code).hint));
  }
  if (is_link(facts.runbook)) {
    lines.add("Runbook", facts.runbook, true);
  } else {
    lines.add_prose("Runbook", facts.runbook);
  }
  lines.add_prose("About", facts.description);
  lines.add("Tags", joined(facts.tags));
  lines.add("Project", shown_line(facts.project, kLineShownMax));
  if (is_link(facts.incident_url)) {
    lines.add("Details", facts.incident_url, true);
  }
  return lines.take();
}

std::string notice_text(const NoticeFacts& facts) {
  std::string text = notice_title(facts) + "\n";
  for (const std::string& sentence : notice_sentences(facts)) {
    text += sentence + "\n";
  }
  text += "\n";
  for (const NoticeLine& line : notice_lines(facts)) {
    text += line.label.empty() ? "  " : line.label + ": ";
    text += line.value + "\n";
  }
  return text;
}

}  // namespace tocsin
