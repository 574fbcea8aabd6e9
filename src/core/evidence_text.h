// Evidence in words: the few sentences that an alert, a timeline and a page begin with, and a line
// for each thing that was tried. Pure. Worked example, a silent port behind two routers:
//
//   The host answers (port 1 refused at once), port 443 is silent; the last hop that answered is
//   10.0.0.1, 2 hops away.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/evidence.h"
#include "model/target.h"

namespace tocsin {

// What it comes to, most telling first; never empty. `failure` is what it was gathered for.
std::string evidence_summary(const Evidence& evidence, const ProbeError& failure,
                             const Target& target);

// Of a second try that ran into its own limit.
std::string cut_off_sentence(const std::string& sentence, Duration allowed);

struct EvidenceLine {
  std::string label;  // "second try", "port 1", "hop 3"
  std::string text;
  bool operator==(const EvidenceLine&) const = default;
};
// In the order in which a person would ask. Empty when nothing was gathered.
std::vector<EvidenceLine> evidence_lines(const Evidence& evidence);

// "this is forbidden", "it has no route there"; to stand behind "10.0.0.1 says: ".
std::string_view icmp_words(const IcmpNotice& notice);

}  // namespace tocsin
