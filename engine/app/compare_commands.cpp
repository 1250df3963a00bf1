#include "engine/app/compare_commands.hpp"

#include "engine/app/config_channels.hpp"
#include "engine/app/store_copy.hpp"
#include "engine/base/json.hpp"
#include "engine/rules/diff.hpp"
#include "engine/runtime/rules/recorded_contacts.hpp"
#include "engine/runtime/rules/rules_backtest.hpp"
#include "engine/store/sqlite/sqlite.hpp"

#include <fstream>
#include <iostream>
#include <memory>
#include <ostream>
#include <sstream>

namespace kindred::app {
namespace {

enum exit_code_value { done = 0, has_problem = 1, wrong_use = 2, cannot_run = 3 };

/// Loads; what is wrong goes to `err`, warnings do not.
std::optional<rules::ruleset> load_or_print(const std::string& folder, std::ostream& err) {
    auto loaded = rules::load_folder(folder);
    if (loaded.rules) return loaded.rules;
    for (const auto& each : loaded.problems) err << settings::to_text(each) << '\n';
    return std::nullopt;
}

std::optional<time_point> moment(const std::string& given) {
    return given.empty() ? std::optional(system_clock().now()) : parse_time(given);
}

void print(const std::vector<settings::diagnostic>& problems, std::ostream& err) {
    for (const auto& each : problems) err << settings::to_text(each) << '\n';
}

/// One line, read as each ruleset declares attributes; problems only where neither can read it.
std::optional<rules::recorded_contact> read_line(const std::string& file, int number, const settings::node& tree,
                                                 const rules::ruleset& before, const rules::ruleset& after,
                                                 settings::problems& found) {
    settings::problems found_before;
    settings::problems found_after;
    auto was = rules::read_given(settings::field(file, "", &tree, found_before, {number, 1}), before);
    auto is = rules::read_given(settings::field(file, "", &tree, found_after, {number, 1}), after);
    if (found_before.has_errors() && found_after.has_errors()) {
        found.add(found_after);
        return std::nullopt;
    }
    const bool has_id = static_cast<bool>(was.who.id);
    if (found_before.has_errors()) was = is;
    if (found_after.has_errors()) is = was;
    return rules::recorded_contact{std::move(was), std::move(is), has_id, std::nullopt};
}

/// False when something is wrong, which is then in `found`.
void add_lines(const std::string& file, std::istream& lines, const rules::ruleset& before, const rules::ruleset& after,
               runtime::backtest_run& into, settings::problems& found) {
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        const auto parsed = json::document::parse(line);
        if (!parsed) {
            found.error(file, {number, 1}, parsed.error().message);
            continue;
        }
        const auto tree = settings::tree_from_json(parsed->root());
        if (const auto contact = read_line(file, number, tree, before, after, found)) into.add(*contact);
    }
}

result<std::vector<runtime::person>> people_of(store::store& from) {
    const auto kept = from.load(nullptr);
    if (!kept) return kept.error();
    std::vector<runtime::person> people;
    for (const auto& row : kept->agent_rows)
        if (auto someone = runtime::person_from_json(row.id, row.json)) people.push_back(std::move(*someone));
    return people;
}

/// The people of a file; problems go to `err`.
std::optional<std::vector<runtime::person>> read_roster(const std::string& file, std::ostream& err) {
    settings::problems found;
    std::vector<settings::diagnostic> problems;
    const settings::node named;
    const auto seeded = read_people(settings::field("--people", "", &named, found), file, problems);
    for (auto& each : found.sorted()) problems.push_back(std::move(each));
    std::erase_if(problems, [](const auto& each) { return each.level != settings::severity::error; });
    print(problems, err);
    if (!problems.empty()) return std::nullopt;
    std::vector<runtime::person> people;
    for (const auto& each : seeded) people.push_back(each.who);
    return people;
}

int add_file(const backtest_arguments& given, std::istream& in, const rules::ruleset& before,
             const rules::ruleset& after, runtime::backtest_run& into, std::ostream& err) {
    settings::problems found;
    if (given.contacts == "-") {
        add_lines("-", in, before, after, into, found);
    } else {
        std::ifstream file(given.contacts);
        if (!file || std::filesystem::is_directory(given.contacts)) {
            err << given.contacts << ": error: cannot be read\n";
            return cannot_run;
        }
        add_lines(given.contacts, file, before, after, into, found);
    }
    print(found.sorted(), err);
    return found.has_errors() ? has_problem : done;
}

int add_store(const backtest_arguments& given, const rules::ruleset& before, const rules::ruleset& after,
              runtime::backtest_run& into, std::vector<runtime::person>& people, std::ostream& err) {
    const auto copy = store_copy::of(given.store);
    if (!copy) {
        err << "error: " << copy.error().message << '\n';
        return cannot_run;
    }
    auto roster = people_of(**copy);
    const auto replayed = runtime::for_each_recorded(**copy, before, after, given.most, {},
                                                     [&](rules::recorded_contact&& each) { into.add(each); });
    if (!roster || !replayed) {
        err << "error: " << (roster ? replayed.error().message : roster.error().message) << '\n';
        return cannot_run;
    }
    people = std::move(*roster);
    return done;
}

}  // namespace

int run_backtest(const backtest_arguments& given, std::istream& in, std::ostream& out, std::ostream& err) {
    if (given.contacts.empty() == given.store.empty()) {
        err << "give either --contacts FILE or --store FILE\n";
        return wrong_use;
    }
    const auto before = load_or_print(given.before, err);
    const auto after = load_or_print(given.after, err);
    if (!before || !after) return has_problem;
    runtime::backtest_run run(*before, *after);
    std::vector<runtime::person> people;
    const int read = given.store.empty() ? add_file(given, in, *before, *after, run, err)
                                         : add_store(given, *before, *after, run, people, err);
    if (read != done) return read;
    if (!given.people.empty()) {
        auto roster = read_roster(given.people, err);
        if (!roster) return has_problem;
        people = std::move(*roster);
    }
    const auto report = run.finish(people);
    out << (given.json ? runtime::to_json(report) + '\n' : runtime::to_text(report));
    return done;
}

int run_diff(const diff_arguments& given, std::ostream& out, std::ostream& err) {
    const auto now = moment(given.now);
    if (!now) {
        err << "--now: must be a time such as 2026-11-23T10:00:00-06:00\n";
        return wrong_use;
    }
    const auto before = load_or_print(given.before, err);
    const auto after = load_or_print(given.after, err);
    if (!before || !after) return has_problem;
    const auto found = rules::diff(*before, *after, *now);
    out << (given.json ? rules::to_json(found) + '\n' : rules::to_text(found));
    return done;
}

void add_compare_commands(const command& program) {
    auto diff = std::make_shared<diff_arguments>();
    const auto comparing = program.add_command("diff", "show what changed between two rulesets, in meaning");
    comparing.option("old", diff->before, "the folder of rules as they are").required();
    comparing.option("new", diff->after, "the folder of rules as they would be").required();
    comparing.option("--now", diff->now, "the moment around which contacts are made up, RFC 3339");
    comparing.flag("--json", diff->json, "print the differences as JSON");
    comparing.runs([diff] { return run_diff(*diff, std::cout, std::cerr); });

    auto backtest = std::make_shared<backtest_arguments>();
    const auto testing = program.add_command("backtest", "decide recorded contacts by two rulesets");
    testing.option("old", backtest->before, "the folder of rules as they are").required();
    testing.option("new", backtest->after, "the folder of rules as they would be").required();
    testing.option("--contacts", backtest->contacts, "situations as NDJSON, one a line; - reads standard input");
    testing.option("--store", backtest->store, "an engine's store: what it has recorded");
    testing.option("--people", backtest->people, "a people.yaml: who works, for the simulated waiting");
    testing.option("--most", backtest->most, "at most so many contacts of a store, the latest (default 100000)");
    testing.flag("--json", backtest->json, "print the report as JSON");
    testing.runs([backtest] { return run_backtest(*backtest, std::cin, std::cout, std::cerr); });
}

}  // namespace kindred::app
