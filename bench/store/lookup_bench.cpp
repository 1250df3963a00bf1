// Who is writing, among a million customers: the time from an identity to the customer's row, beside the 20
// microseconds that it may take. The identities are asked for in no order, so nearly every one is on a page of its own.
#include "bench/store/sample_contacts.hpp"
#include "engine/store/sqlite/sqlite.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace kindred::store {
namespace {

constexpr std::uint64_t customers = 1'000'000;
constexpr std::uint64_t batch_size = 10'000;
constexpr double goal_us = 20;

std::string identity_of(std::uint64_t number) {
    return "phone:+34" + std::to_string(number * 7'919'993 % 1'000'000'007);
}

batch people(std::uint64_t first) {
    batch made;
    made.id.incarnation.fill(1);
    made.id.number = first;
    for (std::uint64_t number = first; number < first + batch_size; ++number) {
        made.customers.push_back({customer_id{number}, 1, "Customer " + std::to_string(number), std::string(220, 'c')});
        made.identities.push_back({identity_of(number), customer_id{number}});
    }
    return made;
}

void customer_by_identity(benchmark::State& state) {
    std::string folder = std::filesystem::temp_directory_path() / "kindred-bench-XXXXXX";
    if (::mkdtemp(folder.data()) == nullptr) throw std::runtime_error("cannot make " + folder);
    double spent = 0;
    std::uint64_t asked = 0;
    {
        sqlite_options options;
        options.path = folder + "/store.db";
        options.sync = sync_level::off;
        const auto store = open_sqlite(options).value();
        for (std::uint64_t first = 1; first <= customers; first += batch_size) store->commit(people(first));
        (void)store->find_key({"", ""});  // the database has caught up with its log
        std::uint64_t next = 1;
        for (auto _ : state) {
            const auto began = std::chrono::steady_clock::now();
            for (int i = 0; i < 1000; ++i) {
                next = (next * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U) % customers;
                const auto found = store->customer_with(identity_of(next + 1));
                if (!found || found->id.value != next + 1) throw std::runtime_error("somebody else was found");
            }
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
            state.SetIterationTime(took.count());
            spent += took.count();
            asked += 1000;
        }
    }
    std::filesystem::remove_all(folder);
    const auto us = spent * 1e6 / static_cast<double>(asked);
    state.counters["us"] = us;
    state.counters["ratio"] = us / goal_us;
    state.counters["goal"] = 1;
    state.counters["lower_is_better"] = 1;
    state.SetLabel("20 us");
}
BENCHMARK(customer_by_identity)->UseManualTime()->Iterations(50)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace kindred::store
