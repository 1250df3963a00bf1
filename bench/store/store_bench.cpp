// The embedded store beside what the machine can do at most, in the same run: commits beside a bare append + fdatasync
// of the same bytes, load() beside a bare SELECT of the same rows.
#include "bench/store/sample_contacts.hpp"
#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/sqlite.hpp"

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <stdexcept>

namespace kindred::store {
namespace {

using std::chrono::steady_clock;

double seconds_since(steady_clock::time_point begin) {
    return std::chrono::duration<double>(steady_clock::now() - begin).count();
}

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// A folder on the disk that the store would use, gone afterwards.
class scratch {
public:
    scratch() {
        if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("cannot make " + path_);
    }
    ~scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    scratch(const scratch&) = delete;
    scratch& operator=(const scratch&) = delete;
    std::string file(const char* name) const { return path_ + '/' + name; }

private:
    std::string path_ = std::filesystem::temp_directory_path() / "kindred-bench-XXXXXX";
};

/// The least that durable means: bytes at the end of a file, and a sync for each batch.
class bare_log {
public:
    explicit bare_log(const std::string& path) : file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600)) {}
    ~bare_log() { ::close(file_); }
    bare_log(const bare_log&) = delete;
    bare_log& operator=(const bare_log&) = delete;

    void append(std::size_t bytes) {
        buffer_.resize(bytes, 'x');
        const bool done =
            ::write(file_, buffer_.data(), bytes) == static_cast<ssize_t>(bytes) && ::fdatasync(file_) == 0;
        if (!done) throw std::runtime_error("the bare log cannot write");
    }

private:
    int file_;
    std::string buffer_;
};

struct spent {
    double wall = 0;
    double cpu = 0;
};

/// Commits batches made beforehand, so that only the store is measured.
class committing {
public:
    committing(const std::string& path, std::uint64_t batch_size) : batch_size_(batch_size) {
        sqlite_options options;
        options.path = path;
        store_ = open_sqlite(options).value();
    }
    spent run(std::uint64_t batches, std::size_t& bytes) {
        std::vector<batch> made;
        for (std::uint64_t i = 0; i < batches; ++i, next_ += batch_size_) {
            made.push_back(sample_contacts(++number_, next_, batch_size_));
        }
        bytes = bytes_of(made.front());
        const double cpu = cpu_seconds();
        const auto begin = steady_clock::now();
        for (const auto& each : made) {
            if (store_->commit(each).state != commit_state::committed) throw std::runtime_error("a commit failed");
        }
        return {seconds_since(begin), cpu_seconds() - cpu};
    }

private:
    const std::uint64_t batch_size_;
    std::unique_ptr<store> store_;
    std::uint64_t number_ = 0;
    std::uint64_t next_ = 1;
};

double median(std::vector<double> of) {
    std::nth_element(of.begin(), of.begin() + static_cast<std::ptrdiff_t>(of.size() / 2), of.end());
    return of[of.size() / 2];
}

void store_commits(benchmark::State& state, double goal) {
    const auto batch_size = static_cast<std::uint64_t>(state.range(0));
    const std::uint64_t batches = std::max<std::uint64_t>(20'000 / batch_size / 10, 100);
    const scratch folder;
    committing ours(folder.file("store.db"), batch_size);
    bare_log bare(folder.file("bare.log"));
    std::vector<double> ratios;
    spent all;
    std::uint64_t contacts = 0;
    double bare_wall = 0;
    for (auto _ : state) {
        std::size_t bytes = 0;
        const auto took = ours.run(batches, bytes);
        const auto begin = steady_clock::now();
        for (std::uint64_t i = 0; i < batches; ++i) bare.append(bytes);
        const double bare_took = seconds_since(begin);
        ratios.push_back(took.wall / bare_took);
        all.wall += took.wall;
        all.cpu += took.cpu;
        bare_wall += bare_took;
        contacts += batches * batch_size;
        state.SetIterationTime(took.wall);
    }
    const auto count = static_cast<double>(contacts);
    state.counters["ratio"] = median(ratios);
    state.counters["goal"] = goal;
    state.counters["lower_is_better"] = 1;
    state.counters["contacts_per_s"] = count / all.wall;
    state.counters["bare_per_s"] = count / bare_wall;
    state.counters["cpu_us_per_contact"] = all.cpu / count * 1e6;
    state.SetLabel("append + fdatasync of the same bytes, batches of " + std::to_string(batch_size));
}

void commit_batches_of_1(benchmark::State& state) { store_commits(state, 2.5); }
void commit_batches_of_10(benchmark::State& state) { store_commits(state, 5); }
void commit_batches_of_100(benchmark::State& state) { store_commits(state, 12); }
BENCHMARK(commit_batches_of_1)->Arg(1)->UseManualTime()->Iterations(7)->Unit(benchmark::kMillisecond);
BENCHMARK(commit_batches_of_10)->Arg(10)->UseManualTime()->Iterations(7)->Unit(benchmark::kMillisecond);
BENCHMARK(commit_batches_of_100)->Arg(100)->UseManualTime()->Iterations(7)->Unit(benchmark::kMillisecond);

/// Every open ticket, each column looked at, and nothing made of it.
double bare_select(const std::string& path) {
    const auto begin = steady_clock::now();
    const auto on = sqlite::connection::open({path, {}, true, false});
    sqlite3_stmt* rows = nullptr;
    sqlite3_prepare_v2(on->handle(), "SELECT * FROM tickets WHERE status <> 6", -1, &rows, nullptr);
    std::size_t bytes = 0;
    while (sqlite3_step(rows) == SQLITE_ROW) {
        for (int column = 0; column < sqlite3_column_count(rows); ++column) {
            benchmark::DoNotOptimize(sqlite3_column_blob(rows, column));
            bytes += static_cast<std::size_t>(sqlite3_column_bytes(rows, column));
        }
    }
    sqlite3_finalize(rows);
    if (bytes == 0) throw std::runtime_error("the bare SELECT found nothing");
    return seconds_since(begin);
}

double load_all(const sqlite_options& options, std::size_t wanted) {
    const auto begin = steady_clock::now();
    const auto store = open_sqlite(options).value();
    std::vector<ticket_row> open;
    const auto loaded = store->load([&](ticket_row&& row) { open.push_back(std::move(row)); });
    if (!loaded || open.size() != wanted) throw std::runtime_error("load() did not find every ticket");
    return seconds_since(begin);
}

void load_100000_open_tickets(benchmark::State& state) {
    constexpr std::uint64_t tickets = 100'000;
    constexpr std::uint64_t batch_size = 1000;
    const scratch folder;
    sqlite_options options;
    options.path = folder.file("store.db");
    {
        auto fast = options;
        fast.sync = sync_level::off;
        const auto store = open_sqlite(fast).value();
        for (std::uint64_t i = 0; i < tickets / batch_size; ++i) {
            store->commit(sample_contacts(i + 1, i * batch_size + 1, batch_size));
        }
    }
    std::vector<double> ratios;
    double took = 0;
    for (auto _ : state) {
        const double bare = bare_select(options.path);
        took = load_all(options, tickets);
        ratios.push_back(took / bare);
        state.SetIterationTime(took);
    }
    state.counters["ratio"] = median(ratios);
    state.counters["goal"] = 3;
    state.counters["lower_is_better"] = 1;
    state.SetLabel("a bare SELECT of the same 100,000 rows");
}
BENCHMARK(load_100000_open_tickets)->UseManualTime()->Iterations(7)->Unit(benchmark::kMillisecond);

/// What intake asks for each new contact, 50 at a time, beside the same number of bare lookups by the same keys.
void prefetch_batches_of_50(benchmark::State& state) {
    constexpr std::uint64_t known = 50'000;
    constexpr std::uint64_t batch_size = 50;
    const scratch folder;
    sqlite_options options;
    options.path = folder.file("store.db");
    options.sync = sync_level::off;
    const auto store = open_sqlite(options).value();
    for (std::uint64_t i = 0; i < known / 500; ++i) store->commit(sample_contacts(i + 1, i * 500 + 1, 500));
    (void)store->find_key({"", ""});  // the database has caught up with its log
    std::uint64_t next = 1;
    for (auto _ : state) {
        state.PauseTiming();
        const auto contacts = sample_contacts(0, next * 31 % known + 1, batch_size);
        std::vector<prefetch_query> wanted;
        for (std::size_t i = 0; i < batch_size; ++i) {
            auto key = contacts.keys[i].key;
            key.id += "new";
            auto& query = wanted.emplace_back();
            query.key = key;
            query.identities = {contacts.identities[i].identity};
            query.channel = "whatsapp";
            query.conversation = contacts.tickets[i].conversation;
        }
        ++next;
        state.ResumeTiming();
        benchmark::DoNotOptimize(store->prefetch(wanted));
    }
    state.counters["us_per_contact"] =
        benchmark::Counter(static_cast<double>(batch_size) / 1e6,
                           benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(prefetch_batches_of_50)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace kindred::store
