// What a notice says, in pieces: a headline, the explanation, and labelled lines. The plain text
// and the HTML of a mail are both made of these, so they never disagree. All texts are one line
// each and safe to show; markup is not escaped.
#pragma once

#include <string>
#include <vector>

#include "notify/notice.h"

namespace tocsin {

struct NoticeLine {
  std::string label;  // "Since"
  std::string value;
  bool is_link = false;  // `value` is an http or https URL and nothing else
};

// "connection refused", "timed out while connecting": the few words of an error that fit a title.
std::string error_words(const ProbeError& error);
// "DOWN", "STILL DOWN", "RECOVERED", ...
std::string event_words(const NoticeFacts& facts);
// "Redis sessions (127.0.0.1:6379)"; the target alone when the name says no more. Empty for a
// notice about no monitor.
std::string monitor_words(const NoticeFacts& facts);

// Why, in sentences: what the error means, what made us sure, and a warning when the store could
// not keep the event.
std::vector<std::string> notice_sentences(const NoticeFacts& facts);
// Target, since, times, received, what to try, runbook, link ..., as far as known.
std::vector<NoticeLine> notice_lines(const NoticeFacts& facts);

}  // namespace tocsin
