// A JSON body as monitors: one definition with the field names of a configuration file. It is read
// by the same code as the files (JSON is YAML): laid out one value a line, so that a mistake's line
// leads back to its JSON pointer. Names of channels and monitors are left to the engine, which
// knows them. Pure.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "api/body_layout.h"
#include "api/json_body.h"
#include "model/monitor.h"
#include "model/reach_role.h"

namespace tocsin {

// What its caller's monitors may connect to.
ReachRole reach_role(const Caller& caller);

struct DefinitionRules {
  std::string id = "probe";  // of the monitor; with for_each what the ids begin with
  ReachRole author = ReachRole::editor_api;
  bool may_be_many = false;          // for_each
  const Monitor* current = nullptr;  // what the definition takes the place of
};

struct DefinitionReading {
  std::vector<Monitor> monitors;  // one, unless for_each made more; project and origin are not set
  std::vector<FieldProblem> warnings;
};

// References (${env:...}, ${file:...}) are refused: they are resolved by the program that reads a
// file. unix: targets and files of certificates are the operator's; others may leave them as they
// are in `current`, with everything else that a probe says or connects to. The password of a proxy
// that was hidden when it was shown is that of `current`, when it goes to the same place.
std::expected<DefinitionReading, Problem> read_definition(const BodyValue& body,
                                                          const DefinitionRules& rules);

// Lower case letters, digits and '-', made from a name or target; `otherwise` when it has none.
std::string id_from(std::string_view text, std::string_view otherwise = "monitor");

// The layout, for the tests.
LaidOut lay_out_monitor(const BodyValue& body, std::string_view id);

}  // namespace tocsin
