// Coming back with 100,000 open tickets: encoding them, restoring them, and what they weigh. Prints one JSON line.
#include "engine/dispatch/dispatcher.hpp"

#include "bench/dispatch/bytes_in_use.hpp"

#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

namespace {

using namespace kindred::dispatch;
using kindred::agent_id;
using kindred::duration;
using kindred::from_millis;
using kindred::ticket_id;

constexpr std::uint64_t tickets = 100'000;

/// CPU time of this thread in milliseconds.
double cpu_millis() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

configure ten_queues() {
    configure told;
    for (int each = 0; each < 10; ++each) told.queues.emplace_back().name = "queue-" + std::to_string(each);
    return told;
}

void fill(dispatcher& site) {
    std::vector<event> happened;
    for (std::uint64_t each = 1; each <= tickets; ++each) {
        enqueue told{ticket_id{each}, kindred::channel_kind::email, 1, {}, agent_id{1}, {}};
        told.plan.queue = "queue-" + std::to_string(each % 10);
        told.plan.first_response = duration{3'600'000};
        step wanted;
        wanted.require.push_back({ability_kind::skill, "skill-" + std::to_string(each % 7), 5});
        wanted.lasts = duration{600'000};
        told.plan.steps = {wanted, {}};
        happened.clear();
        static_cast<void>(site.apply(told, from_millis(1'700'000'000'000 + static_cast<std::int64_t>(each)), happened));
    }
}

}  // namespace

int main() {
    std::vector<event> happened;
    dispatcher site;
    static_cast<void>(site.apply(ten_queues(), {}, happened));
    fill(site);

    std::vector<std::string> rows;
    rows.reserve(tickets);
    const double encoding = cpu_millis();
    for (std::uint64_t each = 1; each <= tickets; ++each) rows.push_back(*site.encode_ticket(ticket_id{each}));
    const double encoded = cpu_millis() - encoding;

    dispatcher reborn;
    static_cast<void>(reborn.apply(ten_queues(), {}, happened));
    static_cast<void>(reborn.restore_site(site.encode_site()));
    const std::size_t before = bytes_in_use();
    const double restoring = cpu_millis();
    std::size_t restored = 0;
    for (const std::string& row : rows) restored += reborn.restore_ticket(row) ? 1 : 0;
    const double took = cpu_millis() - restoring;
    const std::size_t weight = (bytes_in_use() - before) / tickets;

    std::printf(
        "{\"bench\":\"dispatch_restart\",\"tickets\":%zu,\"encode_ms\":%.0f,\"restore_ms\":%.0f,\"row_bytes\":%zu,"
        "\"memory_per_ticket\":%zu,\"goal_ms\":300,\"holds\":%s,\"same\":%s}\n",
        restored, encoded, took, rows.front().size(), weight, took <= 300 && weight <= 400 ? "true" : "false",
        site.state_hash() == reborn.state_hash() ? "true" : "false");
    return 0;
}
