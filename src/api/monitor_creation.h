// Making monitors: finding free ids for definitions that were read, asking whether all they name
// exists, and either making them or telling what would be made. Runs on the engine's loop.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/definition_body.h"
#include "api/services.h"

namespace tocsin {

struct Creation {
  std::vector<Monitor> monitors;
  std::vector<FieldProblem> warnings;
  std::string base_id;   // what the ids are or begin with
  bool is_made = false;  // the id was made by us: another one serves as well
  bool is_many = false;  // for_each: the answer is a list
  ReachRole author = ReachRole::editor_api;
};

// Gives made ids a number behind them while they are taken; what is wrong with it, else.
std::optional<Problem> settle_names(Engine& engine, Creation& creation);
void create_monitors(ApiContext& api, const Asker& asker, Engine& engine, Creation creation);

// 200 {"monitors","problems","warnings","next_runs","sentence"}: what would be made, or why not;
// `first` is when its first run would be.
ApiResponse dry_run_answer(const Creation& creation, const std::vector<FieldProblem>& problems,
                           SystemTime first);
// What was wrong as the problems of a dry run: also one that has no field, such as a taken id.
std::vector<FieldProblem> told_apart(const Problem& problem);
// The warnings on what is read: the reader's, ours, and monitors other than `self` with the same
// target.
void add_advice(Engine& engine, Creation& creation, MonitorUid self = {});

}  // namespace tocsin
