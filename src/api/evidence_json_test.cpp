#include "api/evidence_json.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

IpAddress ip(std::string_view text) { return *IpAddress::parse(text); }

std::string json_of(const std::optional<Evidence>& evidence,
                    const std::optional<ProbeError>& failure) {
  JsonWriter json;
  write_evidence(json, evidence, failure, Target::parse("db.example.com:443").value());
  return json.take();
}

const ProbeError kSilence{ErrorCode::timeout, Phase::connect, ""};

// Names, order and units are API.
TEST(EvidenceJson, SaysEverythingThatWasFound) {
  const Evidence evidence{
      .started = SystemTime(1'000'000'000s),
      .took = 900ms,
      .second_try = SecondTry{.verdict = Verdict::failed,
                              .error = ErrorCode::timeout,
                              .sentence = "It did not answer.",
                              .took = 850ms,
                              .allowed = 3s},
      .closed_port = Knock{.to = {.ip = ip("192.0.2.7"), .port = 1},
                           .answer = KnockAnswer::icmp,
                           .took = 412us,
                           .icmp = IcmpNotice{.from = ip("192.0.2.1"), .type = 3, .code = 13}},
      .others = {Knock{.to = {.ip = ip("2001:db8::7"), .port = 443},
                       .answer = KnockAnswer::not_tried,
                       .why = "not allowed"}},
      .walk = Walk{.to = {.ip = ip("192.0.2.7"), .port = 443},
                   .tried = 16,
                   .hops = {{1, {.from = ip("192.0.2.1"), .type = 11}, 210us}},
                   .reached = 2,
                   .answer = KnockAnswer::refused},
      .name =
          NameNow{.addresses = {ip("192.0.2.7")}, .cached = true, .last_good = ip("192.0.2.7")}};
  EXPECT_EQ(
      json_of(evidence, kSilence),
      R"({"state":"gathered","summary":"Port 443 answered a moment later with a reset, 2 hops away.",)"
      R"("started_at":"2001-09-09T01:46:40.000Z","took_us":900000,)"
      R"("second_try":{"verdict":"failed","error":"timeout","sentence":"It did not answer.","took_us":850000,"allowed_us":3000000},)"
      R"("closed_port":{"to":"192.0.2.7:1","answer":"icmp","took_us":412,)"
      R"("icmp":{"from":"192.0.2.1","type":3,"code":13,"meaning":"prohibited"},"why":""},)"
      R"("others":[{"to":"[2001:db8::7]:443","answer":"not_tried","took_us":0,"icmp":null,"why":"not allowed"}],)"
      R"("walk":{"to":"192.0.2.7:443","tried":16,"hops":[{"number":1,"took_us":210,)"
      R"("icmp":{"from":"192.0.2.1","type":11,"code":0,"meaning":"time_exceeded"}}],"reached":2,"answer":"refused"},)"
      R"("name":{"addresses":["192.0.2.7"],"error":null,"cached":true,"stale":false,"last_good":"192.0.2.7"}})");
}

TEST(EvidenceJson, WhatWasNotDoneIsNull) {
  EXPECT_EQ(json_of(std::nullopt, kSilence), "null");
  EXPECT_EQ(json_of(Evidence{}, std::nullopt), "null");
  const Evidence none{.state = EvidenceState::too_many, .started = SystemTime(1'000'000'000s)};
  EXPECT_EQ(json_of(none, kSilence),
            R"({"state":"too_many","summary":"Not looked into: too many failures at once.",)"
            R"("started_at":"2001-09-09T01:46:40.000Z","took_us":0,"second_try":null,)"
            R"("closed_port":null,"others":[],"walk":null,"name":null})");
}

}  // namespace
}  // namespace tocsin
