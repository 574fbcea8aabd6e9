// The stored form of what was found out about a failure; it stands in the details of the attempt,
// under "evidence".
#include "store/json.h"
#include "store/json_archive.h"
#include "store/json_shared.h"

namespace tocsin::stored {

template <class Archive, Is<IcmpNotice> V>
void describe(Archive& archive, V& notice) {
  archive.field("from", notice.from);
  archive.field("type", notice.type);
  archive.sparse("code", notice.code);
}

template <class Archive, Is<Knock> V>
void describe(Archive& archive, V& knock) {
  archive.field("to", knock.to);
  archive.field("answer", knock.answer);
  archive.sparse("took_us", knock.took);
  archive.field("icmp", knock.icmp);
  archive.sparse("why", knock.why);
}

template <class Archive, Is<SecondTry> V>
void describe(Archive& archive, V& second) {
  archive.field("verdict", second.verdict);
  archive.field("error", second.error);
  archive.sparse("sentence", second.sentence);
  archive.sparse("took_us", second.took);
  archive.sparse("allowed_us", second.allowed);
}

template <class Archive, Is<Hop> V>
void describe(Archive& archive, V& hop) {
  archive.field("number", hop.number);
  archive.field("icmp", hop.notice);
  archive.sparse("took_us", hop.took);
}

template <class Archive, Is<Walk> V>
void describe(Archive& archive, V& walk) {
  archive.field("to", walk.to);
  archive.sparse("tried", walk.tried);
  archive.sparse("hops", walk.hops);
  archive.field("reached", walk.reached);
  archive.field("answer", walk.answer);
}

template <class Archive, Is<NameNow> V>
void describe(Archive& archive, V& name) {
  archive.sparse("addresses", name.addresses);
  archive.field("error", name.error);
  archive.sparse("cached", name.cached);
  archive.sparse("stale", name.stale);
  archive.field("last_good", name.last_good);
}

template <class Archive, Is<Evidence> V>
void describe(Archive& archive, V& evidence) {
  archive.field("state", evidence.state);
  archive.field("started_us", evidence.started);
  archive.sparse("took_us", evidence.took);
  archive.field("second_try", evidence.second_try);
  archive.field("closed_port", evidence.closed_port);
  archive.sparse("others", evidence.others);
  archive.field("walk", evidence.walk);
  archive.field("name", evidence.name);
}

namespace {

// The one key of an attempt's details that is read here.
struct Details {
  std::optional<Evidence> evidence;
};

}  // namespace

template <class Archive, Is<Details> V>
void describe(Archive& archive, V& details) {
  archive.field("evidence", details.evidence);
}

}  // namespace tocsin::stored

namespace tocsin {

std::string to_json(const Evidence& evidence) { return stored::write_json(evidence); }

Result<Evidence> evidence_from_json(std::string_view text) {
  return stored::read_json<Evidence>(text, "evidence");
}

Result<std::optional<Evidence>> evidence_of_details(std::string_view text) {
  Result<stored::Details> details = stored::read_json<stored::Details>(text, "attempt");
  if (!details) {
    return std::unexpected(std::move(details.error()));
  }
  return std::move(details->evidence);
}

}  // namespace tocsin
