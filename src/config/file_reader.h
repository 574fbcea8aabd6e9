// FileReader: the top level of one file after the other, into one Config. Names that one file uses
// and another defines are checked when all are read (cross_check.h).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/draft.h"
#include "config/server_reader.h"
#include "model/config.h"

namespace tocsin {

class FileReader {
 public:
  FileReader(ProblemList& problems, const ReferenceSource& references)
      : problems_(problems), references_(references) {}

  // `project` first for all files: it decides whose defaults reach the others.
  void read_project_and_defaults(size_t file, const YamlNode& root);
  void read_rest(size_t file, const YamlNode& root);

  [[nodiscard]] Config take_config() { return std::move(config_); }
  [[nodiscard]] const Config& config() const { return config_; }
  // `monitors:` with nothing behind it does not count: so ends a file that was cut off.
  [[nodiscard]] bool names_monitors() const { return names_monitors_; }
  [[nodiscard]] const std::vector<NameUse>& uses() const { return uses_; }
  // File and line of each monitor of the config, in its order.
  struct Place {
    size_t file = 0;
    TextMark mark;
  };
  [[nodiscard]] const std::vector<Place>& places() const { return places_; }

 private:
  [[nodiscard]] Draft defaults_of(size_t file, const YamlNode& root);
  void read_channels(Reader& reader, const YamlNode& node);
  void read_monitors(Reader& reader, const YamlNode& node, const Monitor& defaults);
  void read_monitor(Reader& reader, const YamlNode& entry, const Monitor& defaults);
  void add_monitor(Reader& reader, Monitor monitor, TextMark mark);
  void merge_server(Reader& reader, const YamlNode& node);

  ProblemList& problems_;
  const ReferenceSource& references_;
  Config config_;
  std::vector<NameUse> uses_;
  std::vector<Place> places_;
  std::optional<ProjectName> project_;
  std::string project_where_;
  std::optional<size_t> project_file_;
  Monitor project_defaults_;
  std::optional<ServerSettings> server_;
  std::string server_where_;
  std::map<std::string, std::string, std::less<>> monitor_where_;  // id -> "shop.yaml:12"
  std::map<std::string, std::string, std::less<>> channel_where_;
  bool names_monitors_ = false;
  bool too_many_told_ = false;
};

}  // namespace tocsin
