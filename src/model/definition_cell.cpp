#include "model/definition_cell.h"

namespace tocsin {

const DefinitionCell::Whole& DefinitionCell::unpack() const {
  const PackedDefinition& packed = *std::get<Packed>(held_);
  return held_.emplace<Whole>(packed.unpack(packed.text));
}

}  // namespace tocsin
