#include "core/dialogue_flags.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/bytes.h"
#include "core/assert.h"
#include "core/secrets.h"
#include "core/send_text.h"
#include "core/shell_word.h"
#include "model/preset.h"

namespace tocsin {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kFlagsBytesMax = 1000;  // more is no line that a person reads or pastes

bool is_send(const Step& step) { return std::holds_alternative<SendStep>(step); }

// The dialogue and the TLS that the name of the preset stands for.
bool is_of_preset(const Monitor& monitor) {
  const Preset* const preset = monitor.preset.empty() ? nullptr : find_preset(monitor.preset);
  const TlsMode mode = monitor.tls.mode;
  if (preset == nullptr || (preset->tls && mode == TlsMode::off) ||
      (mode == TlsMode::starttls && !preset->repeats_in_tls)) {
    return false;
  }
  const std::string& named = monitor.tls.server_name;
  std::vector<Step> steps;
  if (!preset->send.empty()) {
    steps.emplace_back(
        SendStep{probe_bytes(*preset, named.empty() ? monitor.target.host() : named)});
  }
  if (!preset->expect.empty()) {
    steps.emplace_back(ExpectStep{.pattern = std::string(preset->expect), .is_regex = true});
  }
  return !steps.empty() && steps == monitor.request;
}

// One text to send and one thing to wait for have flags of their own.
bool is_simple(const std::vector<Step>& steps) {
  const auto is_plain = [](const Step& step) {
    const auto* const send = std::get_if<SendStep>(&step);
    const auto* const expect = std::get_if<ExpectStep>(&step);
    return (send != nullptr && send->captures.empty()) ||
           (expect != nullptr && expect->refuse.empty());
  };
  return steps.size() <= 2 && std::ranges::all_of(steps, is_plain) &&
         std::ranges::count_if(steps, is_send) <= 1 &&
         std::ranges::count_if(steps, is_expect) <= 1 &&
         (steps.size() < 2 || is_send(steps.front()));
}

std::string simple_flag(const Step& step) {
  if (const auto* const send = std::get_if<SendStep>(&step)) {
    return " --send " + shell_word(escape_for_display(send->bytes));
  }
  const ExpectStep& expect = std::get<ExpectStep>(step);
  return expect.is_regex ? " --expect-regex " + shell_word(expect.pattern)
                         : " --expect " + shell_word(escape_for_display(expect.pattern));
}

// In YAML ${ begins a reference.
std::string yaml_text(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    out += text.substr(i, 2) == "${" ? "$$" : std::string(1, text[i]);
  }
  return out;
}

Json step_json(const Step& step) {
  const auto with_refuse = [](Json map, const std::vector<std::string>& refuse) {
    for (const std::string& each : refuse) {
      map["refuse"].push_back(yaml_text(each));
    }
    return map;
  };
  if (const auto* const send = std::get_if<SendStep>(&step)) {
    return Json{{"send", yaml_text(send_text(*send))}};
  }
  if (const auto* const expect = std::get_if<ExpectStep>(&step)) {
    const Json pattern = expect->is_regex
                             ? Json{{"regex", yaml_text(expect->pattern)}}
                             : Json{{"text", yaml_text(escape_for_display(expect->pattern))}};
    return Json{{"expect", with_refuse(pattern, expect->refuse)}};
  }
  if (const auto* const expect = std::get_if<ExpectJsonStep>(&step)) {
    Json map{{"json", yaml_text(expect->path)}};
    if (expect->is) {
      map["is"] = yaml_text(*expect->is);
    }
    return Json{{"expect", with_refuse(std::move(map), expect->refuse)}};
  }
  return Json{{"starttls", true}};
}

std::string request_flags(const Monitor& monitor) {
  if (monitor.request.empty()) {
    return {};
  }
  if (is_of_preset(monitor)) {
    return " --preset " + shell_word(monitor.preset);
  }
  std::string flags;
  if (is_simple(monitor.request)) {
    for (const Step& step : monitor.request) {
      flags += simple_flag(step);
    }
    return flags;
  }
  Json steps = Json::array();  // JSON is YAML too
  for (const Step& step : monitor.request) {
    steps.push_back(step_json(step));
  }
  return " --request " +
         shell_word(steps.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace

DialogueFlags dialogue_flags(const Monitor& monitor, SendsShown shown) {
  std::string flags = request_flags(monitor);
  for (const Assertion& assertion : monitor.assertions) {
    flags += " --assert " + shell_word(assertion_text(assertion));
  }
  const bool is_hidden =
      (shown == SendsShown::no && std::ranges::any_of(monitor.request, is_send)) ||
      Secrets(monitor.secrets).masked(flags) != flags;
  if (is_hidden) {
    return {.flags = {}, .left_out = "what the monitor says, which is not shown"};
  }
  if (flags.size() > kFlagsBytesMax) {
    return {.flags = {}, .left_out = "what the monitor says, which is too long for a line"};
  }
  return {.flags = std::move(flags), .left_out = {}};
}

}  // namespace tocsin
