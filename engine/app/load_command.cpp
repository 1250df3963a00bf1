#include "engine/app/load_command.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/time.hpp"
#include "engine/load/generator.hpp"

#include <cstdint>
#include <optional>
#include <ostream>
#include <string_view>

namespace kindred::app {
namespace {

constexpr unsigned most_customers = 100'000'000;  // what the digits of a sender's number can tell apart
constexpr double longest_timeout = 60;
constexpr double shortest_timeout = 0.1;

/// What is wrong with the arguments, as a sentence that names the option.
std::optional<std::string> problem_of(const load_arguments& given) {
    using limits = load::load_limits;
    const auto within = [](double value, double least, double most) { return value >= least && value <= most; };
    if (!within(given.rate, limits::least_rate, limits::most_rate)) return "--rate: wants 0.1 to 50000 a second";
    if (!within(given.seconds, limits::least_seconds, limits::most_seconds)) return "--seconds: wants 0.1 to 3600";
    if (!within(given.connections, 1, limits::most_connections)) return "--connections: wants 1 to 1000";
    if (!within(given.customers, 1, most_customers)) return "--customers: wants 1 to 100000000";
    if (!within(given.timeout, shortest_timeout, longest_timeout)) return "--timeout: wants 0.1 to 60 seconds";
    if (given.secret.empty()) return "--secret: wants the channel's app_secret, which is never empty";
    return std::nullopt;
}

}  // namespace

int run_load(const load_arguments& given, std::ostream& out, std::ostream& err) {
    if (const auto problem = problem_of(given)) {
        err << *problem << '\n';
        return 2;
    }
    auto to = load::parse_target(given.target);
    if (!to) {
        err << "--target: " << to.error().message << '\n';
        return 2;
    }
    load::load_plan plan;
    plan.to = std::move(*to);
    plan.traffic.secret = given.secret;
    plan.traffic.run = to_hex(random_bytes(8));
    plan.traffic.sent_at = to_millis(system_clock{}.now()) / 1000;
    plan.traffic.customers = given.customers;
    plan.rate = given.rate;
    plan.seconds = given.seconds;
    plan.connections = given.connections;
    plan.answer_within = std::chrono::milliseconds(static_cast<std::int64_t>(given.timeout * 1000));
    const auto made = load::run_load(plan);
    if (!made) {
        err << made.error().message << '\n';
        return 3;
    }
    out << (given.as_json ? to_json(*made) + '\n' : to_text(*made));
    return made->all_succeeded() ? 0 : 1;
}

}  // namespace kindred::app
