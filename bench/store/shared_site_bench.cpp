// A shared site beside what Redis can do at most, in the same run and on the same server: commits beside the same
// function called bare in a pipeline by a plain client, and a node that follows beside a bare XREAD of the same log.
// Started by tools/bench-redis.py:  shared_site_bench commit|follow PORT [SIZE]  prints results as JSON, one a line.
#include "bench/store/sample_contacts.hpp"
#include "engine/base/digest.hpp"
#include "engine/base/json.hpp"
#include "engine/redis/client.hpp"
#include "engine/store/batch_codec.hpp"
#include "engine/store/redis/redis_store.hpp"
#include "engine/store/redis/site_log.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <map>
#include <thread>

namespace kindred::store {
namespace {

using std::chrono::steady_clock;
using moments = std::map<std::uint64_t, steady_clock::time_point>;

constexpr std::size_t pipelined = 16;

double seconds_since(steady_clock::time_point begin) {
    return std::chrono::duration<double>(steady_clock::now() - begin).count();
}

template <class Value>
Value must(result<Value> given) {
    if (given) return std::move(*given);
    throw std::runtime_error(given.error().message);
}

double quantile(std::vector<double> of, double part) {
    const auto at = static_cast<std::ptrdiff_t>(static_cast<double>(of.size() - 1) * part);
    std::nth_element(of.begin(), of.begin() + at, of.end());
    return of[static_cast<std::size_t>(at)];
}

class place {
public:
    explicit place(std::uint16_t port) : port_(port) {
        if (::mkdtemp(folder_.data()) == nullptr) throw std::runtime_error("cannot make " + folder_);
    }
    ~place() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    place(const place&) = delete;
    place& operator=(const place&) = delete;

    redis_options options(const std::string& site, const std::string& node) const {
        redis_options made;
        made.server.server.port = port_;
        made.site = site;
        made.node = node;
        made.copy.path = folder_ + '/' + site + '-' + node + ".db";
        made.copy.sync = sync_level::normal;  // as the engine opens it
        return made;
    }

private:
    std::uint16_t port_;
    std::string folder_ = std::filesystem::temp_directory_path() / "kindred-bench-XXXXXX";
};

std::unique_ptr<shared_store> leading(const redis_options& with) {
    auto opened = must(open_redis(with));
    while (!must(opened->lead(std::chrono::milliseconds{10}))) {
    }
    must(opened->load([](ticket_row&&) {}));
    return opened;
}

/// Calls `append` as a store does, and nothing else: commands made beforehand, many on their way at once.
class bare_writer {
public:
    explicit bare_writer(const redis_options& at)
        : log_(redis::place_of(at)),
          over_(at.server),
          nonce_(to_hex(random_bytes(16))),
          answer_(must(log_.acquire({"bare", {}, nonce_, std::chrono::minutes{10}}))),
          end_(answer_.end) {}

    double run(const std::vector<batch>& batches) {
        std::vector<kindred::redis::command> commands;
        for (const auto& each : batches) commands.push_back(command_of(each));
        const auto begin = steady_clock::now();
        for (std::size_t first = 0; first < commands.size(); first += pipelined) {
            const auto count = std::min(pipelined, commands.size() - first);
            for (const auto& said : must(over_.call(std::span(commands).subspan(first, count))))
                if (said.is_refusal()) throw std::runtime_error(said.text);
        }
        const auto took = seconds_since(begin);
        // A site's log is cut by its snapshots: what lies here must not be a burden that ours would not have.
        must(log_.ask({"XTRIM", log_.key("log"), "MAXLEN", "0"}, false));
        return took;
    }

private:
    kindred::redis::command command_of(const batch& changes) {
        auto made = log_.call_of(
            "append", {"head", "log", "inbox", "writers", "keys:0", "keys:1", "keys:2", "keys:3", redis::owed_table});
        const auto id = redis::text_of(changes.id);
        const auto dot = id.find('.');
        for (const auto& each : {std::to_string(answer_.epoch), nonce_, std::to_string(end_.seq), end_.last,
                                 id.substr(0, dot), id.substr(dot + 1)})
            made.push_back(each);
        encode(changes, made.emplace_back());
        made.emplace_back("0");  // erases nothing
        made.emplace_back("0");  // decides nothing of the inbox
        for (const auto& each : changes.keys) {
            const auto digest = sha256(each.key.id);
            made.emplace_back(reinterpret_cast<const char*>(digest.data()), 16);
        }
        end_ = {end_.seq + 1, id};
        return made;
    }

    redis::site_log log_;
    kindred::redis::client over_;
    std::string nonce_;
    redis::lease_answer answer_;
    redis::log_end end_;
};

std::vector<batch> batches_of(std::uint64_t size, std::uint64_t count, std::uint64_t& number, std::uint64_t& next) {
    std::vector<batch> made;
    for (std::uint64_t i = 0; i < count; ++i, next += size) made.push_back(sample_contacts(++number, next, size));
    return made;
}

std::vector<std::shared_ptr<const batch>> shared_of(const std::vector<batch>& batches) {
    std::vector<std::shared_ptr<const batch>> made;
    for (const auto& each : batches) made.push_back(std::make_shared<const batch>(each));
    return made;
}

/// As the engine's committer does under load: as many at a time as the store takes.
void commit_all(store& into, std::span<const std::shared_ptr<const batch>> batches) {
    while (!batches.empty()) {
        const auto some = batches.first(std::min(into.commits_at_once(), batches.size()));
        const auto done = into.commit_in_turn(some);
        if (done.then.state != commit_state::committed)
            throw std::runtime_error("a commit failed: " + done.then.reason);
        batches = batches.subspan(done.committed);
    }
}

/// Ours is measured while the copy and snapshots follow at the same pace: as much is left to be done at the end of each
/// round as was at its beginning. Nothing of ours is left while the bare client has its turn.
void commits(const place& at, std::uint64_t size) {
    constexpr int rounds = 5;
    constexpr std::uint64_t warm = 8'000;  // contacts: until the copy follows (sqlite_options::follow_bytes)
    const std::uint64_t count = std::min<std::uint64_t>(20'000 / size, 6'000);
    const auto site = "size-" + std::to_string(size);
    auto ours = leading(at.options(site, "first"));
    bare_writer bare(at.options(site + "-bare", "bare"));
    std::uint64_t number = 0;
    std::uint64_t next = 1;
    std::vector<double> ratios;
    double took = 0;
    double bare_took = 0;
    for (int round = 0; round < rounds; ++round) {
        const auto before = shared_of(batches_of(size, warm / size, number, next));
        const auto made = batches_of(size, count, number, next);
        const auto shared = shared_of(made);
        must(ours->find_key({"", ""}));
        const double bare_now = bare.run(made);
        commit_all(*ours, before);
        const auto begin = steady_clock::now();
        commit_all(*ours, shared);
        const double now = seconds_since(begin);
        ratios.push_back(bare_now / now);
        took += now;
        bare_took += bare_now;
    }
    const auto contacts = static_cast<double>(rounds * count * size);
    json::writer out;
    out.begin_object().member("name", "redis commits, " + std::to_string(size) + " contacts each");
    out.member("ratio", quantile(ratios, 0.5)).member("goal", 0.5).member("better", "higher");
    out.member("against", "the same function called bare, " + std::to_string(pipelined) + " in a pipeline");
    out.member("contacts_per_s", contacts / took).member("bare_per_s", contacts / bare_took);
    std::cout << out.end_object().take() << std::endl;
}

/// When a node that follows had each batch; the log's numbers, from 1.
void follow(const redis_options& with, std::atomic<bool>& ended, moments& seen) {
    const auto node = must(open_redis(with));
    std::uint64_t had = 0;
    const auto before = node->commits();
    while (!ended) {
        if (must(node->lead(std::chrono::milliseconds{100}))) throw std::runtime_error("the follower leads");
        const auto now = steady_clock::now();
        for (const auto has = node->commits() - before; had < has;) seen[++had] = now;
    }
}

/// When a plain client had it.
void tail(const redis_options& with, std::atomic<bool>& ended, moments& seen) {
    redis::site_log log(redis::place_of(with));
    std::uint64_t had = 0;
    while (!ended) {
        const auto read = must(log.read(had, 64, std::chrono::milliseconds{100}));
        const auto now = steady_clock::now();
        for (const auto& each : read) seen[had = each.seq] = now;
    }
}

std::vector<double> lags(const moments& sent, const moments& seen) {
    std::vector<double> all;
    for (const auto& [seq, at] : sent)
        if (const auto found = seen.find(seq); found != seen.end())
            all.push_back(std::chrono::duration<double, std::milli>(found->second - at).count());
    return all;
}

/// 400 batches a second of five contacts each, as a site with 2,000 contacts a second has them.
void followers(const place& at) {
    constexpr std::uint64_t size = 5;
    constexpr std::uint64_t count = 4'000;
    constexpr std::chrono::microseconds every{2'500};
    constexpr std::chrono::milliseconds warm{500};
    const auto leader = leading(at.options("followed", "first"));
    std::atomic<bool> ended{false};
    moments sent;
    moments followed;
    moments tailed;
    std::uint64_t number = 0;
    std::uint64_t next = 1;
    const auto made = batches_of(size, count, number, next);
    {
        std::jthread one([&] { follow(at.options("followed", "second"), ended, followed); });
        std::jthread other([&] { tail(at.options("followed", "tail"), ended, tailed); });
        std::this_thread::sleep_for(warm);
        auto due = steady_clock::now();
        for (const auto& each : made) {
            due += every;
            std::this_thread::sleep_until(due);
            sent[each.id.number] = steady_clock::now();
            if (leader->commit(each).state != commit_state::committed) throw std::runtime_error("a commit failed");
        }
        std::this_thread::sleep_for(warm);
        ended = true;
    }
    const auto ours = lags(sent, followed);
    const auto bare = lags(sent, tailed);
    if (ours.size() != count || bare.size() != count) throw std::runtime_error("not every batch was followed");
    json::writer out;
    out.begin_object()
        .member("name", "redis follower p99")
        .member("ratio", quantile(ours, 0.99) / quantile(bare, 0.99));
    out.member("goal", 10.0).member("better", "lower").member("against", "a bare XREAD of the same log");
    out.member("p50_ms", quantile(ours, 0.5)).member("p99_ms", quantile(ours, 0.99));
    out.member("bare_p50_ms", quantile(bare, 0.5)).member("bare_p99_ms", quantile(bare, 0.99));
    std::cout << out.end_object().take() << std::endl;
}

}  // namespace
}  // namespace kindred::store

int main(int count, char** words) {
    if (count != 3 && count != 4) return 2;
    const std::string what = words[1];
    try {
        const kindred::store::place at(static_cast<std::uint16_t>(std::stoi(words[2])));
        if (what == "commit" && count == 4)
            kindred::store::commits(at, std::stoull(words[3]));
        else if (what == "commit")
            for (const std::uint64_t size : {1, 10, 50}) kindred::store::commits(at, size);
        else if (what == "follow")
            kindred::store::followers(at);
        else
            return 2;
    } catch (const std::exception& problem) {
        std::cerr << "shared_site_bench: " << problem.what() << '\n';
        return 1;
    }
    return 0;
}
