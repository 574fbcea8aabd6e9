// Configuration from the file system, and the references of this process.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <set>
#include <system_error>

#include "base/bytes.h"
#include "base/limits.h"
#include "config/config_reader.h"

namespace tocsin {
namespace {

namespace fs = std::filesystem;

// Of one configuration; a wrong folder should not be read for minutes.
constexpr size_t kFilesMax = 10'000;

ConfigProblem path_problem(const fs::path& path, std::string message, std::string hint = {}) {
  return {.file = path.string(), .message = std::move(message), .hint = std::move(hint)};
}

// At most `bytes_max` bytes; a device or a pipe would never end, so only regular files are read.
Result<std::string> read_file(const fs::path& path, size_t bytes_max) {
  std::error_code trouble;
  const fs::file_status status = fs::status(path, trouble);
  if (status.type() == fs::file_type::not_found) {
    return fail(ErrorKind::not_found, "there is no such file");
  }
  if (trouble) {
    return fail(ErrorKind::io, trouble.message());
  }
  if (status.type() != fs::file_type::regular) {
    return fail(ErrorKind::invalid_input, "this is not a regular file");
  }
  std::ifstream input(path, std::ios::binary);
  if (!input) {
    return fail(ErrorKind::io, "the file cannot be opened; check who may read it");
  }
  std::string text;
  std::array<char, 64_KiB> part{};
  while (input && text.size() <= bytes_max) {
    input.read(part.data(), part.size());
    text.append(part.data(), static_cast<size_t>(input.gcount()));
  }
  if (input.bad()) {
    return fail(ErrorKind::io, "reading failed");
  }
  if (text.size() > bytes_max) {
    return fail(ErrorKind::too_large, fmt::format("the file has more than {} bytes", bytes_max));
  }
  return text;
}

bool is_config_name(const fs::path& path) {
  const fs::path extension = path.extension();
  return extension == ".yaml" || extension == ".yml";
}

// Names with a dot in front are left out: editors' copies, and the hidden folders behind mounted
// secrets, would repeat every monitor.
bool is_hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

Result<std::vector<fs::path>> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code trouble;
  fs::recursive_directory_iterator entry(folder, trouble);
  for (; !trouble && entry != fs::recursive_directory_iterator(); entry.increment(trouble)) {
    std::error_code ignored;
    if (is_hidden(entry->path())) {
      entry.disable_recursion_pending();
    } else if (is_config_name(entry->path()) && entry->is_regular_file(ignored)) {
      files.push_back(entry->path());
    }
    if (files.size() > kFilesMax) {
      return fail(ErrorKind::too_large, fmt::format("more than {} files in it", kFilesMax));
    }
  }
  if (trouble) {
    return fail(ErrorKind::io, fmt::format("the folder cannot be read: {}", trouble.message()));
  }
  if (files.empty()) {
    return fail(ErrorKind::not_found, "the folder has no file ending in .yaml or .yml");
  }
  std::ranges::sort(files);
  return files;
}

std::vector<fs::path> all_files(std::span<const fs::path> paths,
                                std::vector<ConfigProblem>& problems) {
  std::vector<fs::path> files;
  std::set<fs::path> seen;
  for (const fs::path& path : paths) {
    std::error_code ignored;
    std::vector<fs::path> found{path};
    if (fs::is_directory(path, ignored)) {
      Result<std::vector<fs::path>> below = files_below(path);
      if (!below) {
        problems.push_back(path_problem(path, below.error().message));
        continue;
      }
      found = std::move(*below);
    }
    for (fs::path& file : found) {
      if (seen.insert(fs::weakly_canonical(file, ignored)).second) {
        files.push_back(std::move(file));
      }
    }
  }
  return files;
}

}  // namespace

ReferenceSource process_references() {
  return {.environment = [](const std::string& name) -> std::optional<std::string> {
            const char* const value = std::getenv(name.c_str());
            return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
          },
          .file = [](const fs::path& path) -> Result<std::string> {
            Result<std::string> text = read_file(path, kSecretFileBytesMax);
            if (!text) {
              return fail(text.error().kind,
                          fmt::format("{}: {}", escape_for_display(path.string(), 200),
                                      text.error().message));
            }
            if (text->ends_with('\n')) {
              text->pop_back();
            }
            return text;
          }};
}

ConfigReading read_config_paths(std::span<const fs::path> paths, const ReferenceSource& references,
                                const std::set<std::string>& outside) {
  std::vector<ConfigProblem> problems;
  std::vector<ConfigText> texts;
  for (const fs::path& file : all_files(paths, problems)) {
    Result<std::string> text = read_file(file, kConfigBytesMax);
    if (text) {
      texts.push_back({file.string(), std::move(*text)});
    } else {
      problems.push_back(path_problem(file, text.error().message));
    }
  }
  if (!problems.empty()) {
    return {.config = std::nullopt, .problems = std::move(problems)};
  }
  return read_config(texts, references, NamesIn::texts, outside);
}

}  // namespace tocsin
