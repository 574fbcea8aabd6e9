#include "core/secrets.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "core/pattern_text.h"
#include "core/transcript.h"

namespace tocsin {
namespace {

constexpr std::string_view kCut = "…";  // where a message was cut

std::string upper(std::string hex) {
  std::ranges::transform(hex, hex.begin(), [](char c) {
    return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return hex;
}

// What is the same in the base64 of whatever holds `value` behind 3n + `shift` bytes: characters of
// its bits alone. Beside them stand some that hold its bits and others'.
std::string inner_base64(const std::string& value, size_t shift) {
  constexpr size_t character_bits = 6;
  const std::string whole = to_base64(std::string(shift, '\0') + value + std::string(3, '\0'));
  const size_t begin = (shift * 8 + character_bits - 1) / character_bits;
  return whole.substr(begin, (shift + value.size()) * 8 / character_bits - begin);
}

// The longest beginning of `form`, not the whole of it, with which `bytes` ends; 0: none that
// counts.
size_t cut_at_end(std::string_view bytes, std::string_view form) {
  for (size_t size = std::min(bytes.size(), form.size() - 1); size >= kSecretBytesMin; --size) {
    if (bytes.ends_with(form.substr(0, size))) {
      return size;
    }
  }
  return 0;
}

}  // namespace

void Secrets::add_forms(const std::string& value, std::vector<Form>& forms) {
  std::string base64 = to_base64(value);
  for (std::string text : {value, escape_for_display(value), pattern_text(value), to_hex(value),
                           upper(to_hex(value)), base64}) {
    forms.push_back({.text = std::move(text)});
  }
  base64.erase(base64.find_last_not_of('=') + 1);
  forms.push_back({.text = std::move(base64)});
  for (const size_t shift : {0U, 1U, 2U}) {
    forms.push_back({.text = inner_base64(value, shift),
                     .before = shift == 0 ? 0U : 1U,
                     .after = (shift + value.size()) % 3 == 0 ? 0U : 1U});
  }
}

Secrets::Secrets(const std::vector<std::string>& values) {
  for (const std::string& value : values) {
    if (value.size() >= kSecretBytesMin) {
      add_forms(value, forms_);
    }
  }
  std::ranges::sort(forms_);
  const auto doubled = std::ranges::unique(forms_);
  forms_.erase(doubled.begin(), doubled.end());
}

// In order, without overlaps: what touches becomes one.
std::vector<Secrets::Range> Secrets::find(std::string_view bytes) const {
  std::vector<Range> ranges;
  const auto add = [&ranges, &bytes](const Form& form, size_t begin, size_t end) {
    if (begin != end) {
      ranges.push_back(
          {begin - std::min(begin, form.before), std::min(end + form.after, bytes.size())});
    }
  };
  for (const Form& form : forms_) {
    for (size_t at = bytes.find(form.text); at != std::string_view::npos;
         at = bytes.find(form.text, at + 1)) {
      add(form, at, at + form.text.size());
    }
    const Form cut{.text = form.text, .before = form.before};
    for (size_t end = bytes.find(kCut); end != std::string_view::npos;
         end = bytes.find(kCut, end + 1)) {
      add(cut, end - cut_at_end(bytes.substr(0, end), form.text), end);
    }
    add(cut, bytes.size() - cut_at_end(bytes, form.text), bytes.size());
  }
  std::ranges::sort(ranges, {}, &Range::begin);
  std::vector<Range> joined;
  for (const Range& range : ranges) {
    if (!joined.empty() && range.begin < joined.back().end) {
      joined.back().end = std::max(joined.back().end, range.end);
    } else {
      joined.push_back(range);
    }
  }
  return joined;
}

std::string Secrets::masked(std::string_view bytes) const {
  std::string text(bytes);
  mask({&text});
  return text;
}

void Secrets::mask(const std::vector<std::string*>& pieces) const {
  std::string stream;
  for (const std::string* piece : pieces) {
    stream += *piece;
  }
  std::vector<Range> ranges = find(stream);
  size_t begin = 0;
  auto range = ranges.begin();
  for (std::string* piece : pieces) {
    const size_t end = begin + piece->size();
    std::string kept;
    size_t at = begin;
    while (range != ranges.end() && range->begin < end) {
      if (range->begin >= begin) {
        kept.append(stream, at, range->begin - at);
        kept += kSecretMask;
      }
      at = std::min(range->end, end);
      if (range->end > end) {
        break;  // goes on in the next piece
      }
      ++range;
    }
    kept.append(stream, at, end - at);
    *piece = std::move(kept);
    begin = end;
  }
}

Step masked_step(const Step& step, const Secrets& secrets) {
  Step shown = step;
  std::vector<std::string>* refuse = nullptr;
  if (auto* const expect = std::get_if<ExpectStep>(&shown)) {
    secrets.mask({&expect->pattern});
    refuse = &expect->refuse;
  } else if (auto* const json = std::get_if<ExpectJsonStep>(&shown)) {
    secrets.mask({&json->path});
    if (json->is) {
      secrets.mask({&*json->is});
    }
    refuse = &json->refuse;
  }
  for (size_t i = 0; refuse != nullptr && i < refuse->size(); ++i) {
    secrets.mask({&(*refuse)[i]});
  }
  return shown;
}

void mask_secrets(const Monitor& monitor, Attempt& attempt) {
  const Secrets secrets(monitor.secrets);
  if (secrets.empty()) {
    return;
  }
  ProbeResult& result = attempt.result;
  secrets.mask({&result.sent});
  secrets.mask({&result.received});
  for (const auto kind : {TranscriptEntry::Kind::sent, TranscriptEntry::Kind::received}) {
    std::vector<std::string*> pieces, cut;
    for (TranscriptEntry& entry : result.transcript) {
      if (entry.kind == kind) {
        pieces.push_back(&entry.bytes);
        if (entry.bytes.size() >= kTranscriptEntryBytesMax) {
          cut.push_back(&entry.bytes);  // perhaps within a secret
        }
      }
    }
    secrets.mask(pieces);
    for (std::string* entry : cut) {
      secrets.mask({entry});
    }
  }
  for (std::optional<ProbeError>* error : {&result.error, &attempt.evaluation.error}) {
    if (*error) {
      secrets.mask({&(*error)->detail});
    }
  }
  secrets.mask({&attempt.evaluation.reason});
  for (AssertionResult& assertion : attempt.evaluation.assertions) {
    secrets.mask({&assertion.actual});
    secrets.mask({&assertion.reason});
  }
}

}  // namespace tocsin
