#include "store/faulty_disk.h"

#include <new>

namespace tocsin::fixtures {
namespace {

// SQLite gives us szOsFile bytes; the real file lives behind ours in them.
struct LayerFile {
  sqlite3_file base;
  FaultyDisk* disk;
  sqlite3_file* real;
};

LayerFile& ours(sqlite3_file* file) { return *reinterpret_cast<LayerFile*>(file); }
sqlite3_file* real(sqlite3_file* file) { return ours(file).real; }

using Operation = FaultyDisk::Operation;

int close(sqlite3_file* file) {
  ours(file).disk->forget(file);
  return real(file)->pMethods->xClose(real(file));
}
int read(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
  return real(file)->pMethods->xRead(real(file), to, size, at);
}
int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
  const int code = ours(file).disk->ask(file, Operation::write);
  return code != SQLITE_OK ? code : real(file)->pMethods->xWrite(real(file), from, size, at);
}
int truncate(sqlite3_file* file, sqlite3_int64 size) {
  const int code = ours(file).disk->ask(file, Operation::truncate);
  return code != SQLITE_OK ? code : real(file)->pMethods->xTruncate(real(file), size);
}
int sync(sqlite3_file* file, int flags) {
  const int code = ours(file).disk->ask(file, Operation::sync);
  return code != SQLITE_OK ? code : real(file)->pMethods->xSync(real(file), flags);
}
int size_of(sqlite3_file* file, sqlite3_int64* size) {
  return real(file)->pMethods->xFileSize(real(file), size);
}
int lock(sqlite3_file* file, int level) { return real(file)->pMethods->xLock(real(file), level); }
int unlock(sqlite3_file* file, int level) {
  return real(file)->pMethods->xUnlock(real(file), level);
}
int is_reserved(sqlite3_file* file, int* reserved) {
  return real(file)->pMethods->xCheckReservedLock(real(file), reserved);
}
int control(sqlite3_file* file, int code, void* value) {
  return real(file)->pMethods->xFileControl(real(file), code, value);
}
int sector_size(sqlite3_file* file) { return real(file)->pMethods->xSectorSize(real(file)); }
int characteristics(sqlite3_file* file) {
  return real(file)->pMethods->xDeviceCharacteristics(real(file));
}
int map_memory(sqlite3_file* file, int region, int size, int extend, void volatile** memory) {
  return real(file)->pMethods->xShmMap(real(file), region, size, extend, memory);
}
int lock_memory(sqlite3_file* file, int at, int count, int flags) {
  return real(file)->pMethods->xShmLock(real(file), at, count, flags);
}
void memory_barrier(sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); }
int unmap_memory(sqlite3_file* file, int remove) {
  return real(file)->pMethods->xShmUnmap(real(file), remove);
}

constexpr sqlite3_io_methods kMethods = {2,
                                         close,
                                         read,
                                         write,
                                         truncate,
                                         sync,
                                         size_of,
                                         lock,
                                         unlock,
                                         is_reserved,
                                         control,
                                         sector_size,
                                         characteristics,
                                         map_memory,
                                         lock_memory,
                                         memory_barrier,
                                         unmap_memory,
                                         nullptr,
                                         nullptr};

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  auto* disk = static_cast<FaultyDisk*>(vfs->pAppData);
  auto* layer = new (file) LayerFile{{nullptr}, disk, nullptr};
  layer->real = reinterpret_cast<sqlite3_file*>(layer + 1);
  const int code = disk->real()->xOpen(disk->real(), name, layer->real, flags, out_flags);
  if (layer->real->pMethods != nullptr) {
    layer->base.pMethods = &kMethods;
  }
  return code;
}

}  // namespace

FaultyDisk::FaultyDisk() : real_(sqlite3_vfs_find(nullptr)), layer_(*real_) {
  layer_.szOsFile = static_cast<int>(sizeof(LayerFile)) + real_->szOsFile;
  layer_.pNext = nullptr;
  layer_.zName = "faulty";
  layer_.pAppData = this;
  layer_.xOpen = open;
  sqlite3_vfs_register(&layer_, 1);
}

FaultyDisk::~FaultyDisk() {
  sqlite3_vfs_unregister(&layer_);
  sqlite3_vfs_register(real_, 1);
}

int FaultyDisk::ask(const void* handle, Operation operation) {
  ++operations_;
  if (failed_.contains(handle)) {
    ++used_after_failed_sync_;
  }
  const int code = rule(operation);
  if (code != SQLITE_OK && operation == Operation::sync) {
    failed_.insert(handle);
  }
  return code;
}

}  // namespace tocsin::fixtures
