// Mistakes that only two fields of a monitor together make.
#pragma once

#include "config/draft.h"

namespace tocsin {

void check_fields_together(Reader& reader, const Draft& draft);
// An address in the target that a written ip_family excludes.
void check_family(Reader& reader, const Draft& draft, const Monitor& monitor);

}  // namespace tocsin
