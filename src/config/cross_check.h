// What can only be judged when all files are read: channels and monitors that do not exist,
// monitors that wait for each other.
#pragma once

#include "config/file_reader.h"

namespace tocsin {

void check_names(const FileReader& files, ProblemList& problems);
// `alert: { degraded: true }` with channels of which none sends it: a notice that nobody would get.
void check_degraded(const FileReader& files, ProblemList& problems);
void check_circles(const FileReader& files, ProblemList& problems);

}  // namespace tocsin
