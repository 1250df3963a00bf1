#include "engine/app/rules_commands.hpp"

#include "engine/rules/explanation.hpp"
#include "engine/rules/given.hpp"
#include "engine/rules/lint.hpp"
#include "engine/rules/rule_test.hpp"
#include "engine/rules/schema.hpp"
#include "engine/simulation/traffic_reader.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <memory>
#include <ostream>
#include <sstream>

namespace kindred::app {
namespace {

namespace fs = std::filesystem;
using settings::diagnostic;

enum exit_code_value { done = 0, has_problem = 1, wrong_use = 2, cannot_run = 3 };

std::optional<std::string> read_all(const std::string& path, std::istream& standard_input, std::ostream& err) {
    std::ostringstream bytes;
    if (path == "-") {
        bytes << standard_input.rdbuf();
        return std::move(bytes).str();
    }
    std::ifstream file(path, std::ios::binary);
    if (!file || fs::is_directory(path)) {
        err << path << ": error: cannot be read\n";
        return std::nullopt;
    }
    bytes << file.rdbuf();
    return std::move(bytes).str();
}

/// Whether rules lie in this folder. A folder that is only called "routing" may be anybody's.
bool holds_rules(const fs::path& folder) {
    std::error_code ignored;  // what cannot be looked at is not there
    if (fs::exists(folder / "routing.yaml", ignored)) return true;
    const bool has_queues = fs::exists(folder / "queues.yaml", ignored) || fs::is_directory(folder / "queues", ignored);
    return has_queues && fs::is_directory(folder / "routing", ignored);
}

/// The folder of rules that a path belongs to: itself, or the nearest parent that holds routing.
std::optional<fs::path> ruleset_around(const fs::path& path) {
    std::error_code ignored;  // what cannot be looked at is not there
    if (fs::is_directory(path, ignored)) return path;
    for (auto folder = fs::absolute(path, ignored).parent_path();; folder = folder.parent_path()) {
        if (holds_rules(folder)) {
            std::error_code failed;
            const auto near = fs::proximate(folder, failed);
            return failed ? folder : near;
        }
        if (folder == folder.root_path()) break;
    }
    return std::nullopt;
}

void print(const std::vector<diagnostic>& problems, bool json, std::ostream& out, std::ostream& err) {
    if (json)
        out << settings::to_json(problems) << '\n';
    else
        for (const auto& each : problems) err << settings::to_text(each) << '\n';
}

bool has_errors(const std::vector<diagnostic>& problems) {
    return std::any_of(problems.begin(), problems.end(),
                       [](const auto& each) { return each.level == settings::severity::error; });
}

void append(std::vector<diagnostic>& to, std::vector<diagnostic> more) {
    to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

std::vector<diagnostic> check_ruleset(const fs::path& folder, const std::vector<rules::roster_agent>* roster) {
    auto loaded = rules::load_folder(folder);
    auto problems = std::move(loaded.problems);
    if (!loaded.rules) return problems;
    append(problems, rules::lint(*loaded.rules, roster, folder.string()));
    append(problems, rules::check_tests(*loaded.rules, folder.string()));
    return problems;
}

std::vector<diagnostic> check_path(const fs::path& path, const check_arguments& given,
                                   const std::vector<rules::roster_agent>* roster) {
    if (!fs::exists(path)) return {{path.string(), {}, settings::severity::error, "there is no such file or folder"}};
    const auto folder = ruleset_around(path);
    if (folder) return check_ruleset(*folder, roster);
    if (given.check_config) return given.check_config(path);
    return {{path.string(),
             {},
             settings::severity::error,
             "no routing.yaml in its folder or above: not part of a ruleset"}};
}

/// Loads, printing what is wrong; nothing when there is an error.
std::optional<rules::ruleset> load_or_print(const std::string& folder, bool json, std::ostream& out,
                                            std::ostream& err) {
    auto loaded = rules::load_folder(folder);
    if (!loaded.rules) print(loaded.problems, json, out, err);
    return loaded.rules;
}

/// A tree from a file in JSON or YAML.
std::optional<settings::node> read_tree(const std::string& path, std::string_view bytes, settings::problems& found) {
    if (auto json_text = json::document::parse(bytes)) return settings::tree_from_json(json_text->root());
    return settings::parse_yaml(path, bytes, found);
}

struct explained_file {
    std::string path;
    settings::node tree;
};

std::optional<explained_file> read_file(const std::string& path, std::istream& in, settings::problems& found,
                                        std::ostream& err) {
    const auto bytes = read_all(path, in, err);
    if (!bytes) return std::nullopt;
    auto tree = read_tree(path, *bytes, found);
    return tree ? std::optional(explained_file{path, std::move(*tree)}) : std::nullopt;
}

void print_explanation(const rules::ruleset& ruleset, const rules::given_situation& situation, bool json,
                       std::ostream& out) {
    const rules::fixed_board board(situation.queues);
    // The command explains what would happen: shares follow the customer, as they do in a running engine.
    auto input = situation.input(board);
    input.shares_out = situation.who.id.value == 0;
    const auto why = rules::explain(ruleset, input);
    out << (json ? rules::to_json(why) + '\n' : rules::to_text(why));
}

int explain_one(const rules::ruleset& ruleset, const explain_arguments& given, std::istream& in, std::ostream& out,
                std::ostream& err) {
    settings::problems found;
    rules::given_situation situation;
    situation.now = rules::default_now(ruleset);
    if (!given.now.empty()) {
        const auto now = parse_time(given.now);
        if (!now) {
            err << "--now: must be a time such as 2026-11-23T10:00:00-06:00\n";
            return wrong_use;
        }
        situation.now = *now;
    }
    const auto about = read_file(given.contact, in, found, err);
    if (!about && found.empty()) return cannot_run;
    if (about)
        situation.about =
            rules::read_contact(settings::field(about->path, "", &about->tree, found, {1, 1}), ruleset, situation.now);
    if (!given.customer.empty()) {
        const auto who = read_file(given.customer, in, found, err);
        if (!who && found.empty()) return cannot_run;
        if (who)
            situation.who =
                rules::read_customer(settings::field(who->path, "", &who->tree, found, {1, 1}), ruleset, situation.now);
    }
    if (found.has_errors()) {
        print(found.sorted(), given.json, out, err);
        return has_problem;
    }
    print_explanation(ruleset, situation, given.json, out);
    return done;
}

int explain_many(const rules::ruleset& ruleset, const explain_arguments& given, std::istream& in, std::ostream& out,
                 std::ostream& err) {
    const auto bytes = read_all(given.contacts, in, err);
    if (!bytes) return cannot_run;
    std::istringstream lines(*bytes);
    std::string line;
    int answer = done;
    for (int number = 1; std::getline(lines, line); ++number) {
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        settings::problems found;
        const auto parsed = json::document::parse(line);
        if (!parsed) {
            found.error(given.contacts, {number, 1}, parsed.error().message);
        } else {
            const auto tree = settings::tree_from_json(parsed->root());
            const auto situation =
                rules::read_given(settings::field(given.contacts, "", &tree, found, {number, 1}), ruleset);
            if (!found.has_errors()) print_explanation(ruleset, situation, given.json, out);
        }
        if (!found.has_errors()) continue;
        print(found.sorted(), false, out, err);
        answer = has_problem;
    }
    return answer;
}

}  // namespace

int run_check(const check_arguments& given, std::ostream& out, std::ostream& err) {
    std::vector<diagnostic> problems;
    std::vector<rules::roster_agent> roster;
    if (!given.people.empty()) {
        settings::problems found;
        const auto bytes = read_all(given.people, std::cin, err);
        if (!bytes) return cannot_run;
        roster = rules::read_roster(given.people, *bytes, found);
        append(problems, found.sorted());
    }
    const auto paths = given.paths.empty() ? std::vector<std::string>{"rules"} : given.paths;
    for (const auto& path : paths) append(problems, check_path(path, given, given.people.empty() ? nullptr : &roster));
    std::sort(problems.begin(), problems.end());
    problems.erase(std::unique(problems.begin(), problems.end()), problems.end());
    print(problems, given.json, out, err);
    return has_errors(problems) ? has_problem : done;
}

int run_test(const test_arguments& given, std::ostream& out, std::ostream& err) {
    const auto ruleset = load_or_print(given.folder, given.json, out, err);
    if (!ruleset) return has_problem;
    const auto report = rules::run_tests(*ruleset, given.folder);
    if (has_errors(report.problems) && !given.json) {
        print(report.problems, false, out, err);
        return has_problem;
    }
    out << (given.json ? rules::to_json(report) + '\n' : rules::to_text(report));
    if (has_errors(report.problems) || !report.failed.empty()) return has_problem;
    const auto falls_short = [&](double reached, std::optional<double> least, const char* what) {
        if (!least || reached * 100 >= *least) return false;
        err << "error: the tests reach " << reached * 100 << "% of the " << what << ", " << *least << "% are wanted\n";
        return true;
    };
    const bool routes = falls_short(report.route_coverage, given.least_coverage, "routes");
    const bool conditions = falls_short(report.condition_coverage, given.least_condition_coverage, "conditions");
    return routes || conditions ? has_problem : done;
}

int run_explain(const explain_arguments& given, std::istream& in, std::ostream& out, std::ostream& err) {
    if (given.contact.empty() == given.contacts.empty()) {
        err << "give either --contact FILE or --contacts FILE\n";
        return wrong_use;
    }
    const auto ruleset = load_or_print(given.folder, given.json, out, err);
    if (!ruleset) return has_problem;
    return given.contacts.empty() ? explain_one(*ruleset, given, in, out, err)
                                  : explain_many(*ruleset, given, in, out, err);
}

int run_schema(const schema_arguments& given, std::ostream& out, std::ostream& err) {
    std::vector<std::string> kinds;
    bool found = false;
    auto schemas = rules::file_schemas();
    schemas.push_back({"traffic", "what `simulate` takes", simulation::traffic_schema()});
    for (const auto& each : schemas) {
        kinds.push_back(each.kind);
        if (!given.kind.empty() && given.kind != each.kind) continue;
        found = true;
        if (given.folder.empty()) {
            out << (given.kind.empty() ? each.kind + "  " + each.describes + '\n' : each.json);
            continue;
        }
        const auto path = fs::path(given.folder) / (each.kind + ".json");
        std::ofstream file(path, std::ios::binary);
        if (!(file << each.json) || !file.flush()) {
            err << path.string() << ": error: cannot be written\n";
            return cannot_run;
        }
    }
    if (!found)
        err << "there is no kind of file \"" << given.kind << '"' << settings::suggestion(given.kind, kinds) << '\n';
    return found ? done : wrong_use;
}

void add_rules_commands(const command& program, config_check check_config) {
    auto check = std::make_shared<check_arguments>();
    check->check_config = std::move(check_config);
    const auto checking = program.add_command("check", "report everything that is wrong with rules or a configuration");
    checking.option("path", check->paths, "folders of rules, files in one, or configurations (default: rules)");
    checking.option("--people", check->people, "a people.yaml: warn of what nobody there can do");
    checking.flag("--json", check->json, "print problems as JSON");
    checking.runs([check] { return run_check(*check, std::cout, std::cerr); });

    auto schema = std::make_shared<schema_arguments>();
    const auto describing = program.add_command("schema", "print the JSON Schema of a kind of rule file");
    describing.option("kind", schema->kind, "such as routing; without it the kinds that there are");
    describing.option("--out", schema->folder, "write <kind>.json, or all of them, into this folder");
    describing.runs([schema] { return run_schema(*schema, std::cout, std::cerr); });

    auto test = std::make_shared<test_arguments>();
    const auto testing = program.add_command("test", "run the rule tests of a ruleset");
    testing.option("folder", test->folder, "the folder of rules (default: rules)");
    testing.option("--coverage-min", test->least_coverage, "percent of the routes that must decide a test");
    testing.option("--condition-coverage-min", test->least_condition_coverage,
                   "percent of the conditions that must hold in a test");
    testing.flag("--json", test->json, "print the report as JSON");
    testing.runs([test] { return run_test(*test, std::cout, std::cerr); });

    auto explain = std::make_shared<explain_arguments>();
    const auto explaining = program.add_command("explain", "show what would be decided of a contact, and why");
    explaining.option("folder", explain->folder, "the folder of rules (default: rules)");
    explaining.option("--contact", explain->contact, "a contact in JSON or YAML; - reads standard input");
    explaining.option("--contacts", explain->contacts, "situations as NDJSON, one a line");
    explaining.option("--customer", explain->customer, "the customer in JSON or YAML");
    explaining.option("--now", explain->now, "the time of the contact, RFC 3339");
    explaining.flag("--json", explain->json, "print the explanation as JSON");
    explaining.runs([explain] { return run_explain(*explain, std::cin, std::cout, std::cerr); });
}

}  // namespace kindred::app
