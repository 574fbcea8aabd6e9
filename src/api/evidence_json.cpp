#include "api/evidence_json.h"

#include <string_view>

#include "core/evidence_text.h"

namespace tocsin {
namespace {

void write_error_name(JsonWriter& json, std::string_view key,
                      const std::optional<ErrorCode>& error) {
  json.key(key);
  if (error) {
    json.text(error_name(*error));
  } else {
    json.null();
  }
}

void write_icmp(JsonWriter& json, const IcmpNotice& icmp) {
  json.begin_object();
  json.field("from", icmp.from.text()).count_field("type", icmp.type);
  json.count_field("code", icmp.code).field("meaning", icmp_meaning_name(meaning_of(icmp)));
  json.end_object();
}

void write_knock(JsonWriter& json, const Knock& knock) {
  json.begin_object();
  json.field("to", knock.to.text()).field("answer", knock_answer_name(knock.answer));
  json.us_field("took_us", knock.took).key("icmp");
  if (knock.icmp) {
    write_icmp(json, *knock.icmp);
  } else {
    json.null();
  }
  json.field("why", knock.why).end_object();
}

void write_second_try(JsonWriter& json, const SecondTry& second) {
  json.begin_object().field("verdict", verdict_name(second.verdict));
  write_error_name(json, "error", second.error);
  json.field("sentence", second.sentence).us_field("took_us", second.took);
  json.us_field("allowed_us",
                second.allowed == Duration(0) ? std::nullopt : std::optional(second.allowed));
  json.end_object();
}

void write_walk(JsonWriter& json, const Walk& walk) {
  json.begin_object().field("to", walk.to.text()).count_field("tried", walk.tried);
  json.key("hops").begin_list();
  for (const Hop& hop : walk.hops) {
    json.begin_object().count_field("number", hop.number).us_field("took_us", hop.took);
    json.key("icmp");
    write_icmp(json, hop.notice);
    json.end_object();
  }
  json.end_list().key("reached");
  if (walk.reached) {
    json.count(*walk.reached);
  } else {
    json.null();
  }
  json.field("answer", knock_answer_name(walk.answer)).end_object();
}

void write_name(JsonWriter& json, const NameNow& name) {
  json.begin_object().key("addresses").begin_list();
  for (const IpAddress& ip : name.addresses) {
    json.text(ip.text());
  }
  json.end_list();
  write_error_name(json, "error", name.error);
  json.field("cached", name.cached).field("stale", name.stale).key("last_good");
  if (name.last_good) {
    json.text(name.last_good->text());
  } else {
    json.null();
  }
  json.end_object();
}

// A part that does not fit the failure is null.
template <class Part>
void write_part(JsonWriter& json, std::string_view key, const std::optional<Part>& part,
                void (*write)(JsonWriter&, const Part&)) {
  json.key(key);
  if (part) {
    write(json, *part);
  } else {
    json.null();
  }
}

}  // namespace

void write_evidence(JsonWriter& json, const std::optional<Evidence>& evidence,
                    const std::optional<ProbeError>& failure, const Target& target) {
  if (!evidence || !failure) {
    json.null();
    return;
  }
  json.begin_object().field("state", evidence_state_name(evidence->state));
  json.field("summary", evidence_summary(*evidence, *failure, target));
  json.field("started_at", evidence->started).us_field("took_us", evidence->took);
  write_part(json, "second_try", evidence->second_try, write_second_try);
  write_part(json, "closed_port", evidence->closed_port, write_knock);
  json.key("others").begin_list();
  for (const Knock& knock : evidence->others) {
    write_knock(json, knock);
  }
  json.end_list();
  write_part(json, "walk", evidence->walk, write_walk);
  write_part(json, "name", evidence->name, write_name);
  json.end_object();
}

}  // namespace tocsin
