#pragma once
#include "engine/domain/attribute.hpp"
#include "engine/domain/customer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kindred::customers {

/// One row of a file with customers, typed. What is absent stays as it is on record.
struct imported_row {
    std::size_t line = 0;              ///< where it begins in what was sent, from 1
    std::vector<identity> identities;  ///< folded; at least one
    std::optional<std::string> name;
    std::optional<std::string> language;
    std::optional<std::vector<std::string>> tags;
    std::vector<std::pair<std::string, fact_value>> stated;  ///< declared attributes; an unknown value takes one away
};

/// Why a row was not taken.
struct rejected_row {
    std::size_t line = 0;
    std::string reason;
};

/// What became of rows.
struct import_counts {
    std::uint64_t created = 0;
    std::uint64_t updated = 0;
    std::uint64_t unchanged = 0;  ///< everything that they state was on record
    std::vector<rejected_row> rejected;

    void add(import_counts more) {
        created += more.created;
        updated += more.updated;
        unchanged += more.unchanged;
        for (auto& each : more.rejected) rejected.push_back(std::move(each));
    }
};

}  // namespace kindred::customers
