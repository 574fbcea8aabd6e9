#include "model/certificate.h"

namespace tocsin {

std::string_view staple_name(OcspStaple::Says says) {
  switch (says) {
    case OcspStaple::Says::good:
      return "good";
    case OcspStaple::Says::revoked:
      return "revoked";
    case OcspStaple::Says::unknown:
      return "unknown";
    case OcspStaple::Says::unusable:
      return "unusable";
    case OcspStaple::Says::none:
      break;
  }
  return "none";
}

}  // namespace tocsin
