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

std::string_view step_kind_name(StepTime::Kind kind) {
  switch (kind) {
    case StepTime::Kind::send:
      return "send";
    case StepTime::Kind::expect:
      return "expect";
    case StepTime::Kind::starttls:
      return "starttls";
  }
  return "send";
}

}  // namespace tocsin
