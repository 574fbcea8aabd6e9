#include "config/reference.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"

namespace tocsin {
namespace {

constexpr std::string_view kForms =
    "known are ${env:NAME}, ${env:NAME:-default} and ${file:/path}; write $${ for a plain ${";
constexpr size_t kShownBytesMax = 80;

std::unexpected<Error> refuse(std::string message) {
  return fail(ErrorKind::invalid_input, std::move(message));
}

bool is_variable_name(std::string_view name) {
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && std::ranges::all_of(name, is_allowed) &&
         !(name.front() >= '0' && name.front() <= '9');
}

Result<std::string> environment_value(std::string_view inside, const ReferenceSource& references) {
  const size_t split = inside.find(":-");
  const std::string name(inside.substr(0, split));
  if (!is_variable_name(name)) {
    return refuse(fmt::format("\"{}\" is not the name of an environment variable",
                              escape_for_display(name, kShownBytesMax)));
  }
  std::optional<std::string> value = references.environment(name);
  if (split == std::string_view::npos) {
    if (!value) {
      return fail(ErrorKind::not_found, fmt::format("environment variable {} is not set", name));
    }
    return std::move(*value);
  }
  // As in a shell: the default also stands in for a variable that is set to nothing.
  return value && !value->empty() ? std::move(*value) : std::string(inside.substr(split + 2));
}

Result<std::string> file_value(std::string_view path, const ReferenceSource& references) {
  if (!path.starts_with('/')) {
    return refuse(fmt::format("the path of ${{file:{}}} must be absolute, from the first /",
                              escape_for_display(path, kShownBytesMax)));
  }
  return references.file(std::filesystem::path(path));
}

Result<std::string> value_of(std::string_view inside, const ReferenceSource& references) {
  if (inside.starts_with("env:")) {
    return environment_value(inside.substr(4), references);
  }
  if (inside.starts_with("file:")) {
    return file_value(inside.substr(5), references);
  }
  // Only the word before the colon is shown: the rest may be part of a password.
  const std::string_view kind = inside.substr(0, inside.find(':'));
  const bool plain = kind.size() < inside.size() && is_variable_name(kind) && kind.size() <= 10;
  return refuse(fmt::format("${{{}}} is not a reference ({})",
                            plain ? fmt::format("{}:...", kind) : "...", kForms));
}

class Resolver {
 public:
  Resolver(const ReferenceSource& references, Result<std::string> (*literal)(std::string_view))
      : references_(references), literal_(literal) {}

  Result<ResolvedText> resolve(std::string_view written) {
    while (!written.empty()) {
      const size_t dollar = std::min(written.find('$'), written.size());
      pending_ += written.substr(0, dollar);
      written.remove_prefix(dollar);
      if (written.starts_with("$${")) {
        pending_ += "${";
        written.remove_prefix(3);
      } else if (written.starts_with("${")) {
        const size_t end = written.find('}');
        if (end == std::string_view::npos) {
          return refuse(
              fmt::format("a reference begins with ${{ and has no closing }} ({})", kForms));
        }
        Result<std::string> value = value_of(written.substr(2, end - 2), references_);
        if (!value) {
          return std::unexpected(value.error());
        }
        if (Result<void> flushed = flush_literal(); !flushed) {
          return std::unexpected(flushed.error());
        }
        result_.text += *value;
        result_.has_reference = true;
        written.remove_prefix(end + 1);
      } else if (!written.empty()) {
        pending_ += written.front();
        written.remove_prefix(1);
      }
    }
    if (Result<void> flushed = flush_literal(); !flushed) {
      return std::unexpected(flushed.error());
    }
    return std::move(result_);
  }

 private:
  Result<void> flush_literal() {
    if (literal_ == nullptr) {
      result_.text += pending_;
    } else {
      const Result<std::string> bytes = literal_(pending_);
      if (!bytes) {
        return std::unexpected(bytes.error());
      }
      result_.text += *bytes;
    }
    pending_.clear();
    return {};
  }

  const ReferenceSource& references_;
  Result<std::string> (*literal_)(std::string_view);
  std::string pending_;  // literal bytes not yet in the result
  ResolvedText result_;
};

}  // namespace

Result<ResolvedText> resolve_references(std::string_view written, const ReferenceSource& references,
                                        Result<std::string> (*literal)(std::string_view)) {
  return Resolver(references, literal).resolve(written);
}

}  // namespace tocsin
