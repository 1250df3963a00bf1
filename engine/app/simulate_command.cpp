#include "engine/app/simulate_command.hpp"

#include "engine/simulation/reports.hpp"
#include "engine/simulation/traffic_reader.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>

namespace kindred::app {
namespace {

enum exit_code_value { done = 0, has_problem = 1, wrong_use = 2, cannot_run = 3 };

constexpr std::int64_t most_runs = 1'000;

struct wanted_sweep {
    std::size_t row = 0;
    std::int64_t from = 0;
    std::int64_t to = 0;
};

std::optional<double> parse_precision(std::string_view text) {
    if (!text.ends_with('%')) return std::nullopt;
    text.remove_suffix(1);
    double percent = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), percent);
    if (failed != std::errc{} || end != text.data() + text.size() || !(percent >= 0.1 && percent <= 50))
        return std::nullopt;
    return percent / 100;
}

std::optional<std::int64_t> parse_count(std::string_view text) {
    std::int64_t count = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (failed != std::errc{} || end != text.data() + text.size() || count < 0) return std::nullopt;
    return count;
}

/// Prints what is wrong with it.
std::optional<wanted_sweep> parse_sweep(std::string_view text, const simulation::traffic& of, std::ostream& err) {
    const auto equals = text.find('=');
    const auto dots = text.find("..");
    const bool whole = equals != std::string_view::npos && dots != std::string_view::npos && equals < dots;
    const auto from = whole ? parse_count(text.substr(equals + 1, dots - equals - 1)) : std::nullopt;
    const auto to = whole ? parse_count(text.substr(dots + 2)) : std::nullopt;
    if (!from || !to || *from > *to || *to - *from >= most_runs || *to > 100'000) {
        err << "--sweep: must be such as agents=10..30, at most " << most_runs << " numbers\n";
        return std::nullopt;
    }
    const auto name = text.substr(0, equals);
    if (name == "agents" && of.roster.size() == 1) return wanted_sweep{0, *from, *to};
    for (std::size_t row = 0; row < of.roster.size(); ++row)
        if (!of.roster[row].name.empty() && of.roster[row].name == name) return wanted_sweep{row, *from, *to};
    if (name == "agents")
        err << "--sweep: the roster has " << of.roster.size() << " rows; give the one that is meant a `name` and say "
            << "NAME=" << *from << ".." << *to << '\n';
    else
        err << "--sweep: no row of the roster has the name \"" << name << "\"\n";
    return std::nullopt;
}

std::optional<std::string> read_all(const std::string& path, std::istream& in, std::ostream& err) {
    std::ostringstream bytes;
    if (path == "-") {
        bytes << in.rdbuf();
        return std::move(bytes).str();
    }
    std::ifstream file(path, std::ios::binary);
    if (!file || std::filesystem::is_directory(path)) {
        err << path << ": error: cannot be read\n";
        return std::nullopt;
    }
    bytes << file.rdbuf();
    return std::move(bytes).str();
}

void print(const std::vector<settings::diagnostic>& problems, bool json, std::ostream& out, std::ostream& err) {
    if (json)
        out << settings::to_json(problems) << '\n';
    else
        for (const auto& each : problems) err << settings::to_text(each) << '\n';
}

bool write_page(const std::string& path, const std::string& page, std::ostream& err) {
    std::ofstream file(path, std::ios::binary);
    if (file << page && file.flush()) return true;
    err << path << ": error: cannot be written\n";
    return false;
}

template <class Told>
int print_report(const simulate_arguments& given, const Told& told, std::ostream& out, std::ostream& err) {
    const auto title = "What customers wait: " + std::filesystem::path(given.traffic).filename().string();
    if (!given.html.empty() && !write_page(given.html, simulation::to_html(told, title), err)) return cannot_run;
    out << (given.json ? simulation::to_json(told) + '\n' : simulation::to_text(told));
    return done;
}

/// Whether a run that was to become precise did not; says so.
bool fell_short(const simulation::report& told, std::string_view of, std::ostream& err) {
    if (told.precise) return false;
    err << "error: " << of << "the wanted precision was not reached after " << told.contacts << " contacts"
        << (told.found.grows ? ": the line grows without end, more comes than the agents can do" : "") << '\n';
    return true;
}

void count_what_the_goal_asks(simulation::traffic& of, const simulation::service_goal& goal) {
    auto& levels = of.service_levels;
    if (std::find(levels.begin(), levels.end(), goal.within) == levels.end()) levels.push_back(goal.within);
}

}  // namespace

int run_simulate(const simulate_arguments& given, std::istream& in, std::ostream& out, std::ostream& err) {
    simulation::run_options wanted;
    if (!given.precision.empty()) {
        wanted.precision = parse_precision(given.precision);
        if (!wanted.precision) {
            err << "--precision: must be a percentage from 0.1% to 50%, such as 2%\n";
            return wrong_use;
        }
    }
    const auto goal = given.goal.empty() ? std::nullopt : simulation::parse_goal(given.goal);
    if (!given.goal.empty() && !goal) {
        err << "--goal: must be such as 80%/20s\n";
        return wrong_use;
    }
    if (goal && given.sweep.empty()) {
        err << "--goal: wants --sweep, which says what numbers of agents to try\n";
        return wrong_use;
    }
    const auto text = read_all(given.traffic, in, err);
    if (!text) return cannot_run;
    auto loaded = rules::load_folder(given.folder);
    if (!loaded.rules) {
        print(loaded.problems, given.json, out, err);
        return has_problem;
    }
    settings::problems found;
    auto traffic = simulation::read_traffic(given.traffic, *text, *loaded.rules, found);
    if (!traffic) {
        print(found.sorted(), given.json, out, err);
        return has_problem;
    }
    if (given.seed) traffic->seed = *given.seed;
    if (given.sweep.empty()) {
        const auto told = simulation::simulate(*loaded.rules, *traffic, wanted);
        const int printed = print_report(given, told, out, err);
        return printed == done && fell_short(told, {}, err) ? has_problem : printed;
    }
    const auto over = parse_sweep(given.sweep, *traffic, err);
    if (!over) return wrong_use;
    if (goal) count_what_the_goal_asks(*traffic, *goal);
    simulation::sweep_report told{simulation::sweep(*loaded.rules, *traffic, over->row, over->from, over->to, wanted),
                                  {}};
    if (goal) told.goal = simulation::smallest_that_meets(told.runs, *goal, traffic->roster[over->row].queues);
    const int printed = print_report(given, told, out, err);
    if (printed != done) return printed;
    bool short_of = told.goal && !told.goal->smallest;
    for (const auto& run : told.runs)
        short_of = fell_short(run.told, std::to_string(run.agents) + " agents: ", err) || short_of;
    return short_of ? has_problem : done;
}

void add_simulate_command(const command& program) {
    auto given = std::make_shared<simulate_arguments>();
    const auto made = program.add_command("simulate", "what customers would wait: simulated traffic, real rules");
    made.option("folder", given->folder, "the folder of rules (default: rules)");
    made.option("--traffic", given->traffic, "who comes, how long it takes, who works; - reads standard input")
        .required();
    made.option("--seed", given->seed, "another seed than the file's: other customers, as many");
    made.option("--precision", given->precision, "go on until every mean is known so well, such as 2%");
    made.option("--sweep", given->sweep, "a run for each number of agents, such as agents=10..30");
    made.option("--goal", given->goal, "which of them is the first to answer so much so soon, such as 80%/20s");
    made.option("--html", given->html, "write a page with charts to this file");
    made.flag("--json", given->json, "print the figures as JSON");
    made.runs([given] { return run_simulate(*given, std::cin, std::cout, std::cerr); });
}

}  // namespace kindred::app
