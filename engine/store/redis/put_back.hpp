#pragma once
#include "engine/store/redis/site_log.hpp"

#include <span>

namespace kindred::store::redis {

/// What came of putting batches back.
struct put_back_batches {
    log_end end;  ///< of the log now
    std::uint64_t contacts = 0;
};

/// Appends batches that Redis lost and somebody still has behind `from`, where its log ends now, under their own ids:
/// those who see the log see what it was before. An error leaves a part of them there; the rest is put behind that
/// part another time. errc::fenced: another node leads.
result<put_back_batches> put_back(site_log& in, const lease_token& token, const log_end& from,
                                  std::span<const log_record> lost);

/// The keys of contacts in these batches that Redis does not know.
result<std::vector<unique_key>> unknown_contacts(site_log& in, std::span<const log_record> of);

}  // namespace kindred::store::redis
