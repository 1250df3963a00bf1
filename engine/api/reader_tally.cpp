#include "engine/api/reader_tally.hpp"

#include "engine/base/json.hpp"

namespace kindred::api {
namespace {

constexpr std::string_view tally_rows = "article-tally";
constexpr std::size_t rows_at_once = 1'000;

template <class Take>
void read_counts(std::string_view bytes, const Take& take) {
    if (const auto parsed = json::document::parse(bytes))
        parsed->root().for_each_member(
            [&](std::string_view what, json::value count) { take(std::string(what), count.integer().value_or(0)); });
}

}  // namespace

void reader_tally::count(const std::string& article, const std::string& what) {
    const std::lock_guard hold(mutex_);
    auto found = known_.find(article);
    if (found == known_.end()) {
        found = known_.try_emplace(article).first;
        if (const auto row = site_.durable().kept_one(tally_rows, article))
            read_counts(row->bytes, [&](const std::string& name, std::int64_t count) {
                found->second[name] = static_cast<std::uint64_t>(count);
            });
    }
    ++found->second[what];
    json::writer out;
    out.begin_object();
    for (const auto& [name, count] : found->second) out.member(name, count);
    runtime::registers::row_change change;
    change.rows.push_back({std::string(tally_rows), article, site_.now().now(), out.end_object().take(), false});
    (void)site_.submit(runtime::register_change{std::move(change), [](const auto&) {}, {}});
}

result<void> read_tallies(
    store::store& from,
    const std::function<void(const std::string& article, const std::string& what, std::int64_t count)>& each) {
    std::string after;
    while (true) {
        const auto rows = from.kept(tally_rows, {}, after, rows_at_once);
        if (!rows) return rows.error();
        if (rows->empty()) return {};
        after = rows->back().id;
        for (const auto& row : *rows)
            read_counts(row.bytes, [&](const std::string& what, std::int64_t count) { each(row.id, what, count); });
    }
}

}  // namespace kindred::api
