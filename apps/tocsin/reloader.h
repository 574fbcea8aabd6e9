// Reloader: reads the configuration again, off the loop (a hundred thousand monitors take seconds),
// and has the engine apply it. Signals and the API share it. An invalid configuration changes
// nothing but what is said about it.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "api/services.h"
#include "engine/engine.h"
#include "log.h"

namespace tocsin {

class Reloader {
 public:
  using Done = std::function<void(ReloadAnswer)>;

  // `data` is the directory of the store: files may name the channels that are kept there.
  // `running` are the settings that only a start can change. All outlive this object, and the
  // engine's loop ends before it.
  Reloader(std::vector<std::filesystem::path> paths, std::filesystem::path data,
           ServerSettings running, Engine& engine, const Log& log);
  ~Reloader();
  Reloader(const Reloader&) = delete;
  Reloader& operator=(const Reloader&) = delete;

  // From any thread, never blocks. Requests that come while the files are being read wait together
  // for the next reading: it is sure to see what they came for. `done` runs on the loop, or on the
  // caller's thread when too many wait already (busy).
  void request(Done done);

 private:
  void work(const std::stop_token& stop);
  void read_once(std::vector<Done> asked);

  std::vector<std::filesystem::path> paths_;
  std::filesystem::path data_;
  ServerSettings running_;
  Engine& engine_;
  const Log& log_;
  std::mutex mutex_;
  std::condition_variable_any asked_;
  std::vector<Done> waiting_;
  std::jthread thread_;  // last: it uses all above
};

}  // namespace tocsin
