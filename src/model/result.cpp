#include "model/result.h"

namespace tocsin {

std::string_view transcript_kind_name(TranscriptEntry::Kind kind) {
  switch (kind) {
    case TranscriptEntry::Kind::sent:
      return "sent";
    case TranscriptEntry::Kind::received:
      return "received";
    case TranscriptEntry::Kind::note:
      return "note";
  }
  return "note";
}

}  // namespace tocsin
