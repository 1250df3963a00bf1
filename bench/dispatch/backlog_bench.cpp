// Enqueue, match and complete one ticket over a backlog, against std::priority_queue push + pop over as many entries in
// the same run, and what a waiting ticket weighs. Prints two JSON lines a setting; an argument picks the one with so
// many waiting.
#include "engine/dispatch/dispatcher.hpp"

#include "bench/dispatch/bytes_in_use.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <queue>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace kindred::dispatch;
using kindred::agent_id;
using kindred::duration;
using kindred::from_millis;
using kindred::offer_id;
using kindred::ticket_id;
using kindred::time_point;

struct setting {
    std::size_t queues;
    std::size_t agents;
    std::size_t waiting;
};

constexpr std::size_t queues_of_agent = 5;
constexpr std::size_t skill_count = 10;
constexpr int rounds = 5;

/// CPU time of this thread: neighbours on the machine must not decide the ratio.
double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// A bare heap of (key, number), as full as the backlog: nanoseconds per push + pop.
class bare_heap {
public:
    explicit bare_heap(std::size_t waiting) {
        for (std::size_t each = 0; each < waiting; ++each) push();
    }
    double round(std::size_t operations) {
        const double from = cpu_seconds();
        for (std::size_t each = 0; each < operations; ++each) {
            push();
            heap_.pop();
        }
        return (cpu_seconds() - from) * 1e9 / static_cast<double>(operations);
    }

private:
    using entry = std::pair<std::int64_t, std::uint64_t>;
    void push() {
        ++last_;
        heap_.emplace(static_cast<std::int64_t>(last_) - static_cast<std::int64_t>(random_() % 3) * 600'000, last_);
    }
    std::priority_queue<entry, std::vector<entry>, std::greater<>> heap_;
    std::mt19937_64 random_{7};
    std::uint64_t last_ = 0;
};

/// Agents that are all busy over a backlog; each finished ticket makes room for the next.
class busy_site {
public:
    explicit busy_site(const setting& wanted) : wanted_(wanted) {
        configure queues;
        for (std::size_t each = 0; each < wanted.queues; ++each) {
            queues.queues.emplace_back().name = "queue-" + std::to_string(each);
        }
        tell(queues);
        for (std::size_t each = 0; each < 256; ++each) templates_.push_back(random_ticket());
        for (std::size_t each = 1; each <= wanted.agents; ++each) tell(random_agent(agent_id{each}));
        const std::size_t before = bytes_in_use();
        for (std::size_t each = 0; each < wanted.waiting; ++each) arrive();
        bytes_per_ticket_ = (bytes_in_use() - before) / wanted.waiting;
        for (std::size_t each = 1; each <= wanted.agents; ++each) {
            tell(set_presence{agent_id{each}, presence::available, {}});
            accept_all();
        }
    }

    /// Nanoseconds per ticket that arrives, and ticket that is finished, offered and accepted.
    double round(std::size_t operations) {
        const double from = cpu_seconds();
        for (std::size_t each = 0; each < operations; ++each) {
            arrive();
            tell(resolve{ticket_id{held_.front()}, {}});
            held_.pop();
            accept_all();
        }
        return (cpu_seconds() - from) * 1e9 / static_cast<double>(operations);
    }
    std::size_t open_tickets() const { return site_.open_tickets(); }
    /// What filling the backlog took, by ticket.
    std::size_t bytes_per_ticket() const { return bytes_per_ticket_; }

private:
    struct open_offer {
        offer_id offer;
        agent_id agent;
        ticket_id ticket;
    };

    void tell(const command& told) {
        happened_.clear();
        now_ += duration{1};
        if (!site_.apply(told, now_, happened_)) ++refused_;
    }
    void accept_all() {
        offers_.clear();
        for (const event& each : happened_) {
            if (const auto* offer = std::get_if<offer_made>(&each))
                offers_.push_back({offer->offer, offer->agent, offer->ticket});
        }
        for (const open_offer& offer : offers_) {
            tell(accept{offer.offer, offer.agent});
            held_.push(offer.ticket.value);
        }
    }
    void arrive() {
        command& told = templates_[random_() % templates_.size()];
        std::get<enqueue>(told).ticket = ticket_id{++last_};
        tell(told);
        accept_all();
    }
    command random_ticket() {
        enqueue told;
        told.kind = random_() % 2 == 0 ? kindred::channel_kind::chat : kindred::channel_kind::email;
        told.cost = 1;
        told.plan.queue = "queue-" + std::to_string(random_() % wanted_.queues);
        told.plan.head_start = duration{static_cast<std::int64_t>(random_() % 3) * 600'000};
        told.plan.steps.emplace_back().require.push_back({ability_kind::skill,
                                                          "skill-" + std::to_string(random_() % skill_count),
                                                          static_cast<std::uint8_t>(1 + random_() % 5)});
        return told;
    }
    upsert_agent random_agent(agent_id id) {
        upsert_agent told{id, {}, {}, {}, 3};
        const std::size_t first = random_() % wanted_.queues;
        for (std::size_t each = 0; each < queues_of_agent; ++each) {
            told.queues.push_back({"queue-" + std::to_string((first + each * 7) % wanted_.queues), 0});
        }
        for (std::size_t each = 0; each < skill_count; ++each) {
            told.abilities.push_back(
                {ability_kind::skill, "skill-" + std::to_string(each), static_cast<std::uint8_t>(1 + random_() % 10)});
        }
        return told;
    }

    setting wanted_;
    dispatcher site_;
    std::vector<event> happened_;
    std::vector<open_offer> offers_;
    std::vector<command> templates_;
    std::queue<std::uint64_t> held_;
    std::mt19937_64 random_{11};
    time_point now_ = from_millis(1'700'000'000'000);
    std::uint64_t last_ = 0;
    std::uint64_t refused_ = 0;
    std::size_t bytes_per_ticket_ = 0;
};

void compare(const setting& wanted, double goal) {
    bare_heap bare(wanted.waiting);
    busy_site site(wanted);
    std::vector<double> bare_times;
    std::vector<double> site_times;
    for (int each = 0; each < rounds; ++each) {
        bare_times.push_back(bare.round(wanted.waiting));
        site_times.push_back(site.round(std::min<std::size_t>(wanted.waiting, 200'000)));
    }
    const double ratio = median(site_times) / median(bare_times);
    std::printf(
        "{\"bench\":\"dispatch_backlog\",\"queues\":%zu,\"agents\":%zu,\"waiting\":%zu,\"ns\":%.0f,\"bare_ns\":%.0f,"
        "\"ratio\":%.2f,\"goal\":%.0f,\"holds\":%s,\"open\":%zu}\n",
        wanted.queues, wanted.agents, wanted.waiting, median(site_times), median(bare_times), ratio, goal,
        ratio <= goal ? "true" : "false", site.open_tickets());
    constexpr std::size_t most_bytes = 400;
    std::printf(
        "{\"bench\":\"dispatch_memory\",\"queues\":%zu,\"agents\":%zu,\"waiting\":%zu,\"ratio\":%zu,\"against\":\"a "
        "byte "
        "for each waiting ticket\",\"goal\":%zu,\"holds\":%s}\n",
        wanted.queues, wanted.agents, wanted.waiting, site.bytes_per_ticket(), most_bytes,
        site.bytes_per_ticket() <= most_bytes ? "true" : "false");
    std::fflush(stdout);
}

}  // namespace

int main(int count, char** arguments) {
    const std::size_t only = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 0;
    const auto is_wanted = [only](std::size_t waiting) { return only == 0 || only == waiting; };
    if (is_wanted(100'000)) compare({100, 1'000, 100'000}, 8);
    if (is_wanted(1'000'000)) compare({5'000, 15'000, 1'000'000}, 16);
    return 0;
}
