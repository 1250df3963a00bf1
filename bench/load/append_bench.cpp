// The least that a durable answer costs at a steady rate: records of 1 kB appended to a file, each waiting for the sync
// that covers it, timed from when it was due as `kindred load` times webhooks. One thread and nothing handed over:
// while a sync runs, what comes due gathers for the next. Usage: FOLDER RATE SECONDS. Prints JSON.
#include "engine/base/json.hpp"
#include "engine/load/latency_histogram.hpp"
#include "engine/load/schedule.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

namespace {

using namespace kindred;
using steady = std::chrono::steady_clock;

constexpr std::size_t record_size = 1024;
constexpr std::uint64_t most_at_once = 4096;

/// A file that grows; closed and removed at the end.
class log_file {
public:
    explicit log_file(std::string path)
        : path_(std::move(path)), file_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND, 0600)) {}
    ~log_file() {
        if (!is_open()) return;
        ::close(file_);
        ::unlink(path_.c_str());
    }
    log_file(const log_file&) = delete;
    log_file& operator=(const log_file&) = delete;

    bool is_open() const { return file_ >= 0; }
    bool append_and_sync(std::string_view bytes) {
        return ::write(file_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
               ::fdatasync(file_) == 0;
    }

private:
    std::string path_;
    int file_;
};

/// False when the file cannot be written.
bool append_at(const load::schedule& plan, log_file& to, load::latency_histogram& latency) {
    const std::string records(record_size * most_at_once, 'x');
    const auto begin = steady::now() + std::chrono::milliseconds(100);
    std::uint64_t durable = 0;
    while (durable < plan.total()) {
        const auto due = std::min(plan.due_by(steady::now() - begin), durable + most_at_once);
        if (due == durable) {
            std::this_thread::sleep_until(begin + plan.due(durable));
            continue;
        }
        if (!to.append_and_sync({records.data(), (due - durable) * record_size})) return false;
        for (const auto now = steady::now(); durable < due; ++durable) latency.add(now - (begin + plan.due(durable)));
    }
    return true;
}

std::string to_json(const load::latency_histogram& latency) {
    json::writer out;
    out.begin_object().member("records", latency.count()).key("latency_ms").begin_object();
    for (const auto& [name, share] :
         {std::pair{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}, {"max", 1.0}})
        out.member(name, static_cast<double>(latency.quantile(share).count()) / 1e6);
    return out.end_object().end_object().take();
}

}  // namespace

int main(int count, char** arguments) {
    // tools/run-benches calls every bench with options of its own; this one is started by a script.
    const double rate = count == 4 ? std::atof(arguments[2]) : 0;
    const double seconds = count == 4 ? std::atof(arguments[3]) : 0;
    if (rate <= 0 || rate > 100'000 || seconds <= 0 || seconds > 600) {
        std::fprintf(stderr, "usage: %s FOLDER RATE SECONDS\n", arguments[0]);
        return 2;
    }
    // Sleeps end up to 50 us late by default; the timers of `kindred load` do not, so neither may these.
    ::prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
    log_file to(std::string(arguments[1]) + "/bare-append.log");
    load::latency_histogram latency;
    const load::schedule plan(rate, std::chrono::nanoseconds(static_cast<std::int64_t>(seconds * 1e9)));
    if (!to.is_open() || !append_at(plan, to, latency)) {
        std::perror(arguments[1]);
        return 3;
    }
    std::printf("%s\n", to_json(latency).c_str());
}
