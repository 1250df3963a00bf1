#pragma once
#include "engine/store/store.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Who changed what, in a chain of hashes: each record's hash covers the one before it, so that none can be changed,
/// removed or put in between without breaking all that follow. Whoever may write to the file could make the whole chain
/// anew; against that, keep the head that `kindred audit verify` prints somewhere else.
namespace kindred::runtime {

struct audit_record {
    std::uint64_t number = 0;  ///< 1, 2, ... without gaps
    time_point at;
    std::string by;      ///< "agent:ann", "crm:shop"
    std::string action;  ///< "customer.merged", "rules.activated", ...
    std::string about;   ///< "customer:12", "queue:sales", ...
    std::string detail;  ///< JSON object
    std::string hash;    ///< SHA-256, hex

    bool operator==(const audit_record&) const = default;
};

/// The last record's number and hash; the beginning has neither.
struct audit_head {
    std::uint64_t number = 0;
    std::string hash;

    bool operator==(const audit_head&) const = default;
};

/// Name of the setting that has the head: a chain that was cut short does not end with it.
inline constexpr std::string_view audit_setting = "audit";

/// The record after `head`, which moves on to it. `made` has everything but number and hash.
store::kept_row next_of_chain(audit_head& head, audit_record made);
std::string to_json(const audit_head& head);
/// errc::corrupt when it is not what to_json() wrote.
result<audit_head> audit_head_from_json(std::string_view text);

/// What a stored record says; errc::corrupt when it is none.
result<audit_record> audit_record_of(const store::kept_row& row);

/// The action of the record that says until which one the beginning of the log was removed, once its time was over.
inline constexpr std::string_view audit_trim_action = "retention.audit";
/// Its detail: `last` is the last record that goes.
std::string trim_detail(const audit_record& last, std::size_t removed);

/// Walks over the whole chain. Where its beginning is missing, a record of the rest must say so, and by which hash it
/// goes on. errc::corrupt names the first record that is not what it was.
result<audit_head> verify_audit(store::store& from, const audit_head& stored);

/// At most `limit` records with numbers below `before` (0: from the last), the latest first.
result<std::vector<audit_record>> latest_audit_records(store::store& from, std::uint64_t before, std::size_t limit);

}  // namespace kindred::runtime
