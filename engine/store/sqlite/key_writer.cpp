#include "engine/store/sqlite/key_writer.hpp"

#include <algorithm>
#include <cstring>

namespace kindred::store::sqlite {
namespace {

constexpr std::string_view put_key = "REPLACE INTO keys (hash, at, ticket, entry) VALUES (?1, ?2, ?3, ?4)";
constexpr std::string_view put_run = "INSERT INTO key_runs (records) VALUES (?1)";
constexpr std::string_view drop_run = "DELETE FROM key_runs WHERE number = ?1";
constexpr std::string_view list_runs = "SELECT number, records FROM key_runs ORDER BY number";

// By the upper half of a hash's first byte.
constexpr std::uint64_t slices = 16;

unsigned slice_of(const key_record& record) {
    return static_cast<unsigned>(static_cast<unsigned char>(record.hash[0])) >> 4U;
}

/// Sorted, and of records of the same key only the last.
std::vector<key_record> in_order(std::vector<key_record> all) {
    std::stable_sort(all.begin(), all.end(), comes_before);
    std::vector<key_record> last;
    last.reserve(all.size());
    for (std::size_t i = 0; i < all.size(); ++i)
        if (i + 1 == all.size() || all[i].hash != all[i + 1].hash) last.push_back(all[i]);
    return last;
}

std::vector<key_record> keys_of(std::span<const batch* const> batches) {
    std::vector<key_record> all;
    for (const auto* changes : batches) {
        for (const auto& each : changes->keys) {
            all.push_back(
                {lookup_hash_of(each.key.space, each.key.id).bytes, to_millis(each.at), each.ticket.value, each.entry});
        }
    }
    return in_order(std::move(all));
}

std::string_view bytes_of(const std::vector<key_record>& records) {
    return {reinterpret_cast<const char*>(records.data()), records.size() * sizeof(key_record)};
}

}  // namespace

key_writer::key_writer(const connection& on, key_filter& filter, key_runs& runs, std::size_t run_from)
    : filter_(filter),
      runs_(runs),
      run_from_(run_from),
      put_key_(on, sqlite::put_key),
      put_run_(on, sqlite::put_run),
      drop_run_(on, drop_run),
      list_runs_(on, list_runs),
      on_(on) {}

int key_writer::load() {
    key_run_list runs;
    cursor row(list_runs_);
    while (row.next()) {
        auto run = std::make_shared<key_run>();
        run->number = row.integer(0);
        const auto bytes = row.view(1);
        if (bytes.size() % sizeof(key_record) != 0) return SQLITE_CORRUPT;
        run->records.resize(bytes.size() / sizeof(key_record));
        std::memcpy(run->records.data(), bytes.data(), bytes.size());
        for (const auto& each : run->records) filter_.add(each.view());
        runs.push_back(std::move(run));
    }
    if (row.code() != SQLITE_OK) return row.code();
    runs_.become(runs);
    committed_ = {std::move(runs), {}, 0};
    committed_.begun.resize(committed_.runs.size());
    return SQLITE_OK;
}

int key_writer::put(std::span<const batch* const> batches) {
    auto keys = keys_of(batches);
    if (keys.empty()) return SQLITE_OK;
    state now = committed_;
    std::vector<key_record> run;
    if (keys.size() >= run_from_) {
        run = std::move(keys);
        keys.clear();
    }
    for (const auto& each : keys) {
        // In the table it would be hidden behind what a run says of it.
        const bool hidden =
            !now.runs.empty() && filter_.may_have(each.view()) && find(now.runs, each.view()) != nullptr;
        if (hidden)
            run.push_back(each);
        else if (const int code = put_in_table(each); code != SQLITE_OK)
            return code;
    }
    for (const auto* all : {&keys, &run})
        for (const auto& each : *all) filter_.add(each.view());
    int code = run.empty() ? SQLITE_OK : put_run(std::move(run), now);
    if (code == SQLITE_OK && !now.runs.empty()) code = merge_slice(now);
    if (code == SQLITE_OK) changed_ = std::move(now);
    return code;
}

int key_writer::settle(time_point before) {
    const auto is_old = [&](const key_record& each) { return each.at < to_millis(before); };
    state now = committed_;
    const bool needed = std::any_of(now.runs.begin(), now.runs.end(), [&](const auto& run) {
        return std::any_of(run->records.begin(), run->records.end(), is_old);
    });
    int code = SQLITE_OK;
    while (needed && code == SQLITE_OK && !now.runs.empty()) code = merge_slice(now);
    if (needed && code == SQLITE_OK) changed_ = std::move(now);
    return code;
}

int key_writer::put_run(std::vector<key_record> records, state& now) {
    auto run = std::make_shared<key_run>();
    run->records = std::move(records);
    const int code = put_run_.run(blob{bytes_of(run->records)});
    run->number = sqlite3_last_insert_rowid(on_.handle());
    now.runs.push_back(std::move(run));
    now.begun.push_back(now.merged);
    return code;
}

int key_writer::merge_slice(state& now) {
    const auto slice = static_cast<unsigned>(now.merged % slices);
    std::vector<key_record> all;
    for (const auto& run : now.runs) {
        const auto& records = run->records;
        const auto from = std::partition_point(records.begin(), records.end(),
                                               [&](const key_record& each) { return slice_of(each) < slice; });
        const auto end =
            std::partition_point(from, records.end(), [&](const key_record& each) { return slice_of(each) == slice; });
        all.insert(all.end(), from, end);
    }
    for (const auto& each : in_order(std::move(all)))
        if (const int code = put_in_table(each); code != SQLITE_OK) return code;
    ++now.merged;
    return drop_merged(now);
}

/// The oldest come first, and what came first is done first.
int key_writer::drop_merged(state& now) {
    while (!now.runs.empty() && now.merged - now.begun.front() >= slices) {
        if (const int code = drop_run_.run(now.runs.front()->number); code != SQLITE_OK) return code;
        now.runs.erase(now.runs.begin());
        now.begun.erase(now.begun.begin());
    }
    return SQLITE_OK;
}

int key_writer::put_in_table(const key_record& record) {
    return put_key_.run(blob{record.view()}, record.at, record.ticket, record.entry);
}

void key_writer::committed() {
    if (!changed_) return;
    committed_ = std::move(*changed_);
    changed_.reset();
    runs_.become(committed_.runs);
}

}  // namespace kindred::store::sqlite
