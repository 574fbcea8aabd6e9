// Descriptions that several stored values share: an address, an error, a Run. Internal to the
// json_*.cpp files.
#pragma once

#include "model/verdict.h"
#include "store/json_archive.h"

namespace tocsin::stored {

template <class Archive, Is<SocketAddress> V>
void describe(Archive& archive, V& address) {
  archive.field("ip", address.ip);
  archive.sparse("port", address.port);
  archive.sparse("unix", address.unix_path);
}

template <class Archive, Is<AddressMove> V>
void describe(Archive& archive, V& move) {
  archive.field("from", move.from);
  archive.field("to", move.to);
}

template <class Archive, Is<ProbeError> V>
void describe(Archive& archive, V& error) {
  archive.field("code", error.code);
  archive.field("phase", error.phase);
  archive.sparse("detail", error.detail);
  archive.sparse("sentence", error.sentence);
}

template <class Archive, Is<Run> V>
void describe(Archive& archive, V& run) {
  archive.field("monitor", run.monitor.value);
  archive.sparse("location", run.location);
  archive.sparse("clock_epoch", run.clock_epoch);
  archive.field("slot_us", run.slot);
  archive.field("verdict", run.verdict);
  archive.field("error", run.error);
  archive.field("attempts", run.attempts);
  archive.field("finished_us", run.finished);
}

}  // namespace tocsin::stored
