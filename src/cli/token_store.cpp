#include "cli/token_store.h"

#include "api/token.h"
#include "cli/offline_store.h"

namespace tocsin::cli {

Result<std::string> create_token_in_store(const std::filesystem::path& data,
                                          const std::string& scope, const std::string& name) {
  const auto store = OfflineStore::open(data);
  if (!store) {
    return std::unexpected(store.error());
  }
  const auto token = make_token();
  if (!token) {
    return std::unexpected(token.error());
  }
  const std::string hash = token_hash(*token);
  WriteBatch batch;
  batch.tokens.push_back({.id = token_id(hash),
                          .hash = hash,
                          .scope = scope,
                          .name = name,
                          .created = (*store)->now()});
  if (const Result<void> written = (*store)->write(std::move(batch)); !written) {
    return std::unexpected(written.error());
  }
  return *token;
}

}  // namespace tocsin::cli
