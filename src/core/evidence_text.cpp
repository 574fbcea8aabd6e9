#include "core/evidence_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace tocsin {
namespace {

std::string hops_words(unsigned count) {
  return count == 1 ? "1 hop away" : fmt::format("{} hops away", count);
}

std::string door_of(const Target& target) {
  return target.is_unix() ? target.text() : fmt::format("port {}", target.port());
}

// The port that failed, after what is known of its host.
std::string door_words(const ProbeError& failure, const Target& target, bool is_alive) {
  if (failure.code == ErrorCode::timeout) {
    return fmt::format(", {} is silent", door_of(target));
  }
  return is_alive ? fmt::format(", but not at {}", door_of(target)) : std::string();
}

// The error that this word of a router makes of a connect.
bool is_said_by(const ProbeError& failure, const IcmpNotice& notice) {
  switch (meaning_of(notice)) {
    case IcmpMeaning::prohibited:
      return failure.code == ErrorCode::admin_prohibited;
    case IcmpMeaning::network_unreachable:
      return failure.code == ErrorCode::network_unreachable;
    case IcmpMeaning::host_unreachable:
      return failure.code == ErrorCode::host_unreachable;
    default:
      return false;
  }
}

std::string router_words(const IcmpNotice& notice, unsigned port, const ProbeError& failure) {
  return is_said_by(failure, notice)
             ? fmt::format("{} says the same of port {}", notice.from.text(), port)
             : fmt::format("{} says of port {}: {}", notice.from.text(), port, icmp_words(notice));
}

std::string host_words(const Knock& closed, const ProbeError& failure, const Target& target) {
  const unsigned port = closed.to.port;
  switch (closed.answer) {
    case KnockAnswer::open:
      return fmt::format("the host answers (port {} is open){}", port,
                         door_words(failure, target, true));
    case KnockAnswer::refused:
      return fmt::format("the host answers (port {} refused at once){}", port,
                         door_words(failure, target, true));
    case KnockAnswer::icmp:
      if (closed.icmp && closed.icmp->from == closed.to.ip) {
        return fmt::format("the host itself says of port {}: {}{}", port, icmp_words(*closed.icmp),
                           door_words(failure, target, false));
      }
      return closed.icmp ? router_words(*closed.icmp, port, failure) : std::string();
    case KnockAnswer::silence:
      return fmt::format("the host is silent at port {}{}", port,
                         failure.code == ErrorCode::timeout ? " too" : "");
    case KnockAnswer::not_tried:
      break;
  }
  return {};
}

// Whoever ended the way with a word of his own says more than whoever only counted hops.
const Hop* hop_that_says_no(const Walk& walk) {
  const auto found = std::ranges::find_if(walk.hops, [](const Hop& hop) {
    return meaning_of(hop.notice) != IcmpMeaning::time_exceeded;
  });
  return found == walk.hops.end() ? nullptr : &*found;
}

std::string way_words(const Walk& walk) {
  if (const Hop* hop = hop_that_says_no(walk)) {
    return fmt::format("the way ends at {}, {}: {}", hop->notice.from.text(),
                       hops_words(hop->number), icmp_words(hop->notice));
  }
  if (walk.hops.empty()) {
    return "no hop on the way answered";
  }
  return fmt::format("the last hop that answered is {}, {}", walk.hops.back().notice.from.text(),
                     hops_words(walk.hops.back().number));
}

std::string sentence(std::string words) {
  const bool is_address = words.substr(0, words.find(' ')).find(':') != std::string::npos;
  if (words.front() >= 'a' && words.front() <= 'z' && !is_address) {
    words.front() = static_cast<char>(words.front() - 'a' + 'A');
  }
  return words.ends_with('.') ? words : words + ".";
}

std::string host_and_way(const Evidence& evidence, const ProbeError& failure,
                         const Target& target) {
  if (evidence.walk && evidence.walk->reached) {
    return fmt::format("{} answered a moment later {}, {}", door_of(target),
                       evidence.walk->answer == KnockAnswer::open ? "and opened" : "with a reset",
                       hops_words(*evidence.walk->reached));
  }
  std::string words;
  if (evidence.closed_port) {
    words = host_words(*evidence.closed_port, failure, target);
  }
  if (evidence.walk) {
    words += fmt::format("{}{}", words.empty() ? "" : "; ", way_words(*evidence.walk));
  }
  return words;
}

bool has_moved(const NameNow& name) {
  return name.last_good && !name.addresses.empty() &&
         std::ranges::find(name.addresses, *name.last_good) == name.addresses.end();
}

std::string addresses_text(const std::vector<IpAddress>& addresses) {
  std::string text;
  for (const IpAddress& address : addresses) {
    text += fmt::format("{}{}", text.empty() ? "" : ", ", address.text());
  }
  return text;
}

std::string answer_words(KnockAnswer answer) {
  switch (answer) {
    case KnockAnswer::open:
      return "still answers";
    case KnockAnswer::refused:
      return "refuses";
    case KnockAnswer::icmp:
    case KnockAnswer::silence:
      return "does not answer";
    case KnockAnswer::not_tried:
      break;
  }
  return "was not tried";
}

const Knock* knock_at(const Evidence& evidence, const IpAddress& ip) {
  const auto found =
      std::ranges::find_if(evidence.others, [&](const Knock& knock) { return knock.to.ip == ip; });
  return found == evidence.others.end() ? nullptr : &*found;
}

// The name leads elsewhere than at the last good check, or nowhere.
std::string name_words(const Evidence& evidence) {
  const NameNow& name = *evidence.name;
  if (!name.last_good || (!name.error && !has_moved(name))) {
    return {};
  }
  const Knock* const old = knock_at(evidence, *name.last_good);
  const std::string still =
      old == nullptr ? std::string() : fmt::format(", which {}", answer_words(old->answer));
  return name.error ? fmt::format("the last good check went to {}{}", name.last_good->text(), still)
                    : fmt::format("the name now leads to {}; the last good check went to {}{}",
                                  addresses_text(name.addresses), name.last_good->text(), still);
}

// The other addresses that the name has now. When it was not even found there was no first one.
std::string others_words(const Evidence& evidence, const ProbeError& failure) {
  const bool is_first = failure.phase == Phase::dns;
  size_t tried = 0;
  std::string open;
  for (const Knock& knock : evidence.others) {
    const bool is_old = evidence.name && evidence.name->last_good == knock.to.ip &&
                        (has_moved(*evidence.name) || evidence.name->error);
    if (is_old || knock.answer == KnockAnswer::not_tried) {
      continue;
    }
    ++tried;
    if (knock.answer == KnockAnswer::open) {
      open += fmt::format("{}{}", open.empty() ? "" : ", ", knock.to.text());
    }
  }
  if (!open.empty()) {
    return is_first ? fmt::format("the name was found a moment later, and the port opens: {}", open)
                    : fmt::format("the same port opens at another address of the name: {}", open);
  }
  if (tried == 0) {
    return {};
  }
  if (is_first) {
    return "the name was found a moment later, but the port opens at no address of it";
  }
  return tried == 1 ? "the other address of the name did not open either"
                    : fmt::format("none of the {} other addresses of the name opened", tried);
}

bool is_good(const SecondTry& second) {
  return second.verdict == Verdict::passed || second.verdict == Verdict::degraded;
}

// It ran into its own limit: a check that takes longer could not pass in it.
bool is_cut_off(const SecondTry& second) { return second.allowed > Duration(0); }

std::string second_words(const SecondTry& second, const ProbeError& failure) {
  // Routers say no a few times a second at most: their silence takes nothing back.
  const bool is_unsaid =
      second.error == ErrorCode::timeout && (failure.code == ErrorCode::admin_prohibited ||
                                             failure.code == ErrorCode::network_unreachable ||
                                             failure.code == ErrorCode::host_unreachable);
  if (second.verdict != Verdict::failed || second.error == failure.code || is_unsaid ||
      is_cut_off(second)) {
    return {};
  }
  return fmt::format("a second try at once ended otherwise: {}", second.sentence);
}

constexpr std::string_view kNothingMore = "Nothing more could be found out.";

// Where there is nothing else to say.
std::string only_second_words(const SecondTry& second, const ProbeError& failure) {
  if (is_cut_off(second) && second.error == failure.code) {
    return fmt::format("A second try, with less time: {}", second.sentence);
  }
  if (is_cut_off(second)) {
    return fmt::format(
        "A second try did not end within {}, which proves nothing: the monitor allows {}.",
        human_duration(second.took), human_duration(second.allowed));
  }
  return std::string(second.error == failure.code ? "A second try at once failed in the same way."
                                                  : kNothingMore);
}

std::string knock_words(const Knock& knock) {
  switch (knock.answer) {
    case KnockAnswer::open:
      return fmt::format("opened after {}", human_duration(knock.took));
    case KnockAnswer::refused:
      return fmt::format("refused after {}", human_duration(knock.took));
    case KnockAnswer::icmp:
      return knock.icmp
                 ? fmt::format("{} says: {} (ICMP type {}, code {})", knock.icmp->from.text(),
                               icmp_words(*knock.icmp), knock.icmp->type, knock.icmp->code)
                 : std::string("an ICMP message ended it");
    case KnockAnswer::silence:
      return fmt::format("silent for {}", human_duration(knock.took));
    case KnockAnswer::not_tried:
      break;
  }
  return fmt::format("not tried: {}", knock.why);
}

std::string hop_words(const Hop& hop) {
  const std::string text =
      fmt::format("{} after {}", hop.notice.from.text(), human_duration(hop.took));
  return meaning_of(hop.notice) == IcmpMeaning::time_exceeded
             ? text
             : fmt::format("{}: {} (ICMP type {}, code {})", text, icmp_words(hop.notice),
                           hop.notice.type, hop.notice.code);
}

std::string name_line(const NameNow& name) {
  if (name.error) {
    return std::string(error_name(*name.error));
  }
  return addresses_text(name.addresses) + (name.stale    ? " (from the cache, past its time)"
                                           : name.cached ? " (from the cache)"
                                                         : "");
}

void add_walk(const Walk& walk, std::vector<EvidenceLine>& lines) {
  for (const Hop& hop : walk.hops) {
    lines.push_back({fmt::format("hop {}", hop.number), hop_words(hop)});
  }
  if (walk.reached) {
    lines.push_back({fmt::format("hop {}", *walk.reached),
                     fmt::format("{} {}", walk.to.text(),
                                 walk.answer == KnockAnswer::open ? "opened" : "refused")});
    return;
  }
  const unsigned first = walk.hops.empty() ? 1U : walk.hops.back().number + 1U;
  if (first <= walk.tried) {
    lines.push_back({first == walk.tried ? fmt::format("hop {}", first)
                                         : fmt::format("hop {}-{}", first, walk.tried),
                     "silent"});
  }
}

}  // namespace

std::string_view icmp_words(const IcmpNotice& notice) {
  switch (meaning_of(notice)) {
    case IcmpMeaning::time_exceeded:
      return "the packet went too many hops";
    case IcmpMeaning::prohibited:
      return "this is forbidden";
    case IcmpMeaning::network_unreachable:
      return "it has no route there";
    case IcmpMeaning::host_unreachable:
      return "it cannot reach the host";
    case IcmpMeaning::port_unreachable:
      return "nobody is at this port";
    case IcmpMeaning::other:
      break;
  }
  return "an ICMP error";
}

std::string cut_off_sentence(const std::string& sentence, Duration allowed) {
  return fmt::format("{} The monitor allows {}.", sentence, human_duration(allowed));
}

std::string evidence_summary(const Evidence& evidence, const ProbeError& failure,
                             const Target& target) {
  if (evidence.state == EvidenceState::too_many) {
    return "Not looked into: too many failures at once.";
  }
  if (evidence.state == EvidenceState::too_soon) {
    return "Not looked into: that was done less than a minute before.";
  }
  std::vector<std::string> said;
  const bool is_over = evidence.second_try && is_good(*evidence.second_try);
  if (is_over) {
    said.emplace_back("a second try at once passed");
  }
  said.push_back(host_and_way(evidence, failure, target));
  said.push_back(evidence.name ? name_words(evidence) : std::string());
  said.push_back(others_words(evidence, failure));
  if (evidence.second_try && !is_over) {
    said.push_back(second_words(*evidence.second_try, failure));
  }
  std::string text;
  for (std::string& words : said) {
    if (!words.empty()) {
      text += (text.empty() ? "" : " ") + sentence(std::move(words));
    }
  }
  if (text.empty()) {
    return evidence.second_try ? only_second_words(*evidence.second_try, failure)
                               : std::string(kNothingMore);
  }
  return text;
}

std::vector<EvidenceLine> evidence_lines(const Evidence& evidence) {
  std::vector<EvidenceLine> lines;
  if (evidence.second_try) {
    const SecondTry& second = *evidence.second_try;
    lines.push_back(
        {"second try", fmt::format("{}: {}", verdict_name(second.verdict), second.sentence)});
  }
  if (evidence.closed_port) {
    lines.push_back({fmt::format("port {}", evidence.closed_port->to.port),
                     knock_words(*evidence.closed_port)});
  }
  if (evidence.name) {
    lines.push_back({"name now", name_line(*evidence.name)});
    if (evidence.name->last_good) {
      lines.push_back({"last good", evidence.name->last_good->text()});
    }
  }
  for (const Knock& knock : evidence.others) {
    lines.push_back({"other", fmt::format("{} {}", knock.to.text(), knock_words(knock))});
  }
  if (evidence.walk) {
    add_walk(*evidence.walk, lines);
  }
  return lines;
}

}  // namespace tocsin
