#include "engine/api/reports.hpp"
#include "engine/api/status.hpp"
#include "engine/api/turn.hpp"
#include "engine/settings/reader.hpp"
#include "engine/simulation/reports.hpp"
#include "engine/simulation/traffic_reader.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace kindred::api {
namespace {

constexpr double most_contacts = 1'000'000;  // of all runs together: about a second each of one thread
constexpr std::int64_t most_agents = 2'000;  // in any row
constexpr std::int64_t most_runs = 60;

struct wanted_runs {
    std::size_t row = 0;
    std::int64_t from = 0;
    std::int64_t to = 0;
    std::optional<simulation::service_goal> goal;
    std::int64_t count() const { return to - from + 1; }
};

/// How many contacts a run is about to have.
double contacts_in(const simulation::traffic& of) {
    double a_day = 0;
    for (const auto& row : of.arrivals) a_day = std::accumulate(row.per_hour.begin(), row.per_hour.end(), a_day);
    return a_day / 24 * static_cast<double>(of.lasts.count()) / 3'600'000;
}

result<wanted_runs> read_sweep(json::value sweep, const std::optional<std::string>& goal,
                               const simulation::traffic& of) {
    wanted_runs made;
    if (!sweep.is_object()) return fail(errc::invalid, "sweep: wants an object with row, from and to");
    const auto name = sweep["row"].text();
    const auto found = std::find_if(of.roster.begin(), of.roster.end(), [&](const auto& each) {
        return name.empty() ? of.roster.size() == 1 : each.name == name;
    });
    if (found == of.roster.end()) return fail(errc::invalid, "sweep.row: wants the name of a row of the roster");
    made.row = static_cast<std::size_t>(found - of.roster.begin());
    made.from = sweep["from"].integer().value_or(0);
    made.to = sweep["to"].integer().value_or(0);
    if (made.from < 1 || made.to < made.from || made.to > most_agents)
        return fail(errc::invalid, "sweep: wants from and to, from 1 to 2000 agents");
    if (made.count() > most_runs) return fail(errc::invalid, "sweep: at most 60 runs at once");
    if (!goal) return made;
    made.goal = simulation::parse_goal(*goal);
    if (!made.goal) return fail(errc::invalid, "goal: wants so much so soon, such as 80%/20s");
    return made;
}

error problems_as_error(const std::vector<settings::diagnostic>& found) {
    std::string all;
    for (const auto& each : found) all += (all.empty() ? "" : "; ") + settings::to_text(each);
    return fail(errc::invalid, std::move(all));
}

}  // namespace

void report_endpoints::simulate(const std::shared_ptr<call>& asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    const auto text = body->text("traffic").value_or("");
    const auto sweep = body->any("sweep");
    const auto goal = body->text("goal");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    if (goal && !sweep.exists()) return asked->send(fail(errc::invalid, "goal: wants a sweep beside it"));
    const auto rules = site_.rules();
    settings::problems found;
    auto traffic = simulation::read_traffic("traffic", text, rules, found);
    if (!traffic) return asked->send(problems_as_error(found.sorted()));
    wanted_runs runs;
    if (sweep.exists()) {
        auto read = read_sweep(sweep, goal, *traffic);
        if (!read) return asked->send(read.error());
        runs = *read;
    }
    for (const auto& row : traffic->roster)
        if (row.agents > most_agents) return asked->send(fail(errc::invalid, "roster: at most 2000 agents a row"));
    if (contacts_in(*traffic) * static_cast<double>(std::max<std::int64_t>(1, runs.count())) > most_contacts)
        return asked->send(fail(errc::invalid,
                                "traffic: is more than a million contacts in all runs: fewer hours, or `kindred "
                                "simulate` on a machine of its own"));
    const auto made = [&]() -> result<std::string> {
        const turn ours(simulating_);
        if (!ours) return fail(errc::overloaded, "another simulation runs: try again when it is done");
        simulation::run_options options;
        options.most_contacts = static_cast<std::uint64_t>(2 * most_contacts);
        if (!sweep.exists()) return simulation::to_json(simulation::simulate(rules, *traffic, options));
        if (runs.goal) {
            auto& levels = traffic->service_levels;
            if (std::find(levels.begin(), levels.end(), runs.goal->within) == levels.end())
                levels.push_back(runs.goal->within);
        }
        simulation::sweep_report told{simulation::sweep(rules, *traffic, runs.row, runs.from, runs.to, options), {}};
        if (runs.goal)
            told.goal = simulation::smallest_that_meets(told.runs, *runs.goal, traffic->roster[runs.row].queues);
        return simulation::to_json(told);
    }();
    asked->send(200, made);
}

}  // namespace kindred::api
