#include "config/config_reader.h"

#include <fmt/format.h>

#include "base/limits.h"
#include "config/cross_check.h"
#include "config/file_reader.h"
#include "config/yaml_tree.h"

namespace tocsin {

ConfigReading read_config(std::span<const ConfigText> texts, const ReferenceSource& references,
                          NamesIn names, const std::set<std::string>& outside) {
  ProblemList problems(texts);
  size_t nodes_left = kConfigNodesMax;
  std::vector<std::optional<YamlNode>> roots;
  bool all_parsed = true;
  for (size_t file = 0; file < texts.size(); ++file) {
    roots.push_back(parse_yaml(texts[file].text, file, nodes_left, problems));
    all_parsed = all_parsed && roots.back().has_value();
  }
  FileReader files(problems, references);
  for (size_t file = 0; file < roots.size(); ++file) {
    if (roots[file]) {
      files.read_project_and_defaults(file, *roots[file]);
    }
  }
  for (size_t file = 0; file < roots.size(); ++file) {
    if (roots[file]) {
      files.read_rest(file, *roots[file]);
    }
  }
  // A name may be defined in the file that could not be parsed.
  if (all_parsed && names == NamesIn::texts) {
    check_names(files, outside, problems);
    check_circles(files, problems);
    check_degraded(files, problems);
    check_closes(files, problems);
    check_proxies(files, problems);
  }
  if (problems.errors() == 0 && files.config().monitors.empty() && !texts.empty()) {
    problems.warning(0, {1, 1}, "there are no monitors",
                     "for example monitors: { redis: { target: \"127.0.0.1:6379\" } }");
  }
  ConfigReading reading{.names_monitors = files.names_monitors()};
  reading.problems = problems.finish();
  if (problems.errors() == 0) {
    reading.config = files.take_config();
  }
  return reading;
}

void refuse_emptied(ConfigReading& reading, size_t watched) {
  if (!reading.config || reading.names_monitors || watched == 0) {
    return;
  }
  // The warning that there are no monitors stands first, at the first of the files.
  const std::string file = reading.problems.empty() ? "" : reading.problems.front().file;
  reading.config.reset();
  reading.problems = {
      {.file = file,
       .message = fmt::format("the files name no monitors while {} being watched",
                              watched == 1 ? std::string("1 is") : fmt::format("{} are", watched)),
       .hint = "to stop watching them all write monitors: {}"}};
}

}  // namespace tocsin
