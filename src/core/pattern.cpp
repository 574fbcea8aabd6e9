#include "core/pattern.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <array>
#include <utility>

#include "base/bytes.h"
#include "base/limits.h"
#include "core/pattern_cache.h"
#include "core/pattern_text.h"

namespace tocsin {
namespace {

constexpr size_t kShownBytesMax = 60;  // of a pattern in a message

}  // namespace

Pattern::Pattern(std::shared_ptr<const re2::RE2> compiled) : compiled_(std::move(compiled)) {}

Result<Pattern> Pattern::compile(std::string_view text) {
  if (text.size() > kPatternBytesMax) {
    return fail(ErrorKind::invalid_input,
                fmt::format("the regular expression has {} bytes; at most {} are allowed",
                            text.size(), kPatternBytesMax));
  }
  std::shared_ptr<const re2::RE2> compiled = thread_patterns().get(text);
  if (!compiled->ok()) {
    return fail(
        ErrorKind::invalid_input,
        fmt::format("\"{}\" is not a regular expression: {}", pattern_text(text, kShownBytesMax),
                    pattern_text(compiled->error(), kPatternBytesMax)));
  }
  return Pattern(std::move(compiled));
}

Result<void> Pattern::check(std::string_view text) {
  const Result<Pattern> pattern = compile(text);
  if (!pattern) {
    return std::unexpected(pattern.error());
  }
  if (const int size = pattern->compiled_->ProgramSize(); size > kRegexSizeMax) {
    return fail(
        ErrorKind::invalid_input,
        fmt::format("\"{}\" is too large a regular expression: written out it has {} steps, "
                    "and {} are allowed; a repeat like x{{500}} is 500 of them",
                    pattern_text(text, kShownBytesMax), size, kRegexSizeMax));
  }
  return {};
}

bool Pattern::found_in(std::string_view bytes) const {
  return compiled_->Match(re2::StringPiece(bytes.data(), bytes.size()), 0, bytes.size(),
                          re2::RE2::UNANCHORED, nullptr, 0);
}

std::optional<std::string_view> Pattern::first_group(std::string_view bytes) const {
  if (bytes.data() == nullptr) {
    bytes = "";  // a group without an address means "took no part"
  }
  std::array<re2::StringPiece, 2> groups;
  const int wanted = compiled_->NumberOfCapturingGroups() > 0 ? 1 : 0;
  if (!compiled_->Match(re2::StringPiece(bytes.data(), bytes.size()), 0, bytes.size(),
                        re2::RE2::UNANCHORED, groups.data(), wanted + 1)) {
    return std::nullopt;
  }
  const re2::StringPiece& group = groups.at(static_cast<size_t>(wanted));
  if (group.data() == nullptr) {
    return std::nullopt;
  }
  return std::string_view(group.data(), group.size());
}

size_t Pattern::groups() const { return static_cast<size_t>(compiled_->NumberOfCapturingGroups()); }

std::vector<std::string> Pattern::group_names() const {
  std::vector<std::string> names;
  for (const auto& [number, name] : compiled_->CapturingGroupNames()) {
    names.push_back(name);
  }
  return names;
}

bool Pattern::depends_on_end(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '$') {
      return true;
    }
    if (text[i] == '\\' && i + 1 < text.size()) {
      ++i;
      if (std::string_view("zbB").find(text[i]) != std::string_view::npos) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace tocsin
