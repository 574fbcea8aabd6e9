// Feed: what the loop tells of its changes as they happen, for whoever watches live. Called on the
// loop: it never blocks, keeps what it is told within bounds, and a change told twice before
// anybody looked is one change.
//
// Nobody may be watching: is_wanted() is asked first, once a batch, and costs next to nothing.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/ids.h"
#include "model/delivery.h"
#include "model/status.h"

namespace tocsin {

class Feed {
 public:
  enum class Weight : uint8_t {
    result,  // a new result, as every run makes one
    status,  // its status, flags or definition: people wait for it
  };

  virtual ~Feed() = default;
  [[nodiscard]] virtual bool is_wanted() const = 0;
  // The row of this monitor is another one now; its reader asks for it when it is due.
  virtual void row_changed(MonitorUid monitor, Weight weight) = 0;
  virtual void row_removed(MonitorUid monitor, std::string_view id) = 0;
  // Durable by now, like every delivery told.
  virtual void incident_changed(const Incident& incident) = 0;
  virtual void delivery_changed(const Delivery& delivery) = 0;
};

}  // namespace tocsin
