#include "engine/insight/samples.hpp"

#include <numeric>
#include <utility>

namespace kindred::insight {

chosen_groups all_of(std::span<const numeric_group> groups) {
    chosen_groups all;
    for (const auto& each : groups) all.push_back(&each);
    return all;
}

std::vector<numeric_group> without_empty(std::vector<numeric_group> groups) {
    std::erase_if(groups, [](const numeric_group& each) { return each.values.empty(); });
    return groups;
}

contingency without_empty(contingency table) {
    contingency kept;
    std::vector<std::size_t> columns;
    for (std::size_t column = 0; column < table.categories.size(); ++column) {
        std::int64_t sum = 0;
        for (const auto& row : table.counts) sum += row[column];
        if (sum == 0) continue;
        columns.push_back(column);
        kept.categories.push_back(std::move(table.categories[column]));
    }
    for (std::size_t row = 0; row < table.groups.size(); ++row) {
        std::vector<std::int64_t> counts;
        for (const std::size_t column : columns) counts.push_back(table.counts[row][column]);
        if (std::accumulate(counts.begin(), counts.end(), std::int64_t{0}) == 0) continue;
        kept.groups.push_back(std::move(table.groups[row]));
        kept.counts.push_back(std::move(counts));
    }
    return kept;
}

std::int64_t total_of(const contingency& table) {
    std::int64_t sum = 0;
    for (const auto& row : table.counts) sum = std::accumulate(row.begin(), row.end(), sum);
    return sum;
}

}  // namespace kindred::insight
