// What can only be judged when all files are read: channels and monitors that do not exist,
// monitors that wait for each other.
#pragma once

#include <set>
#include <string>

#include "config/file_reader.h"

namespace tocsin {

// `outside`: channels that exist beside those of the files.
void check_names(const FileReader& files, const std::set<std::string>& outside,
                 ProblemList& problems);
// `alert: { degraded: true }` with channels of which none sends it: a notice that nobody would get.
void check_degraded(const FileReader& files, ProblemList& problems);
// What a way of closing means (core/advice.h): once for all monitors that it is true of.
void check_closes(const FileReader& files, ProblemList& problems);
// A proxy whose password was hidden where it was copied from.
void check_proxies(const FileReader& files, ProblemList& problems);
void check_circles(const FileReader& files, ProblemList& problems);

}  // namespace tocsin
