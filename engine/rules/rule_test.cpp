#include "engine/rules/rule_test.hpp"

#include "engine/conditions/evaluate.hpp"
#include "engine/rules/decider.hpp"
#include "engine/rules/expectation.hpp"
#include "engine/rules/file_shapes.hpp"
#include "engine/rules/given.hpp"
#include "engine/rules/sources.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>

namespace kindred::rules {
namespace {

struct stated_test {
    std::string file;
    settings::position at;
    std::string name;
    given_situation given;
    std::vector<conditions::condition> expected;
};

/// The files of tests/, parsed again: a compiled ruleset does not keep them.
class test_files {
public:
    test_files(const ruleset& rules, std::string_view shown_folder, settings::problems& found)
        : rules_(rules), found_(found), language_(rules) {
        rule_files files;
        for (const auto& each : rules.files())
            if (kind_of_file(each.path) == file_kind::tests) files.push_back(each);
        const sources parsed(files, shown_folder, found);
        for (const auto& file : parsed.of(file_kind::tests)) read_file(file);
        language_.finish();
    }

    const std::vector<stated_test>& tests() const { return tests_; }
    const expectation_language& language() const { return language_; }

private:
    void read_file(const parsed_file& file) {
        if (file.root.kind == settings::node_kind::nothing) return;
        auto top =
            settings::field(file.shown_path, "", &file.root, found_, {1, 1}).shaped(tests_file_shape()).as_section();
        for (const auto& each : top.require("tests").list()) read_test(each);
        top.finish();
    }

    void read_test(const settings::field& given) {
        auto in = given.as_section();
        if (!given.is_mapping()) return;
        const auto name = in.require("name");
        stated_test made{std::string(given.file()), name.at(), name.text_not_empty().value_or(""), {}, {}};
        made.given = read_given(in.at("given"), rules_);
        const auto expect = in.require("expect");
        made.expected = language_.parse(expect);
        if (expect.is_mapping() && expect.raw()->members.empty()) expect.error("expects nothing");
        in.finish();
        if (!names_.insert(made.name).second)
            found_.error(made.file, made.at, "there is a test \"" + made.name + "\" already");
        tests_.push_back(std::move(made));
    }

    const ruleset& rules_;
    settings::problems& found_;
    expectation_language language_;
    std::vector<stated_test> tests_;
    std::set<std::string> names_;
};

/// Which routes decided and which conditions held.
class coverage {
public:
    explicit coverage(const compiled_rules& rules) : rules_(rules) {
        for (const auto& each : rules.dimensions)
            for (const auto& group : each.groups) collect(group.when, group.place.file);
        for (const auto& each : rules.stages) collect(each.when, each.place.file);
        for (const auto& each : rules.routes) collect(each.when, each.place.file);
    }

    void note(const decision_input& input, const decision& made) {
        routes_.insert(made.route);
        decider placed(rules_, input);
        placed.place_customer();
        for (auto& each : tests_)
            if (!each.met) each.met = conditions::holds(*each.test, placed.facts());
    }

    void report(test_report& into) const {
        for (const auto& each : rules_.routes)
            if (!routes_.contains(each.name)) into.routes_never_reached.push_back(each.name);
        for (const auto& each : tests_)
            if (!each.met)
                into.conditions_never_met.push_back({each.file, each.test->at, settings::severity::warning,
                                                     "held in no test: " + each.test->as_written});
        std::sort(into.conditions_never_met.begin(), into.conditions_never_met.end());
        const auto share = [](std::size_t part, std::size_t whole) {
            return whole == 0 ? 1.0 : static_cast<double>(part) / static_cast<double>(whole);
        };
        into.routes = rules_.routes.size();
        into.conditions = tests_.size();
        into.route_coverage = share(routes_.size(), into.routes);
        into.condition_coverage = share(tests_.size() - into.conditions_never_met.size(), into.conditions);
    }

private:
    struct watched {
        const conditions::fact_test* test;
        std::string file;
        bool met = false;
    };
    void collect(const conditions::condition& from, const std::string& file) {
        if (const auto* test = std::get_if<conditions::fact_test>(&from.what)) {
            tests_.push_back({test, file});
            return;
        }
        for (const auto& each : std::get<conditions::condition_group>(from.what).members) collect(each, file);
    }

    const compiled_rules& rules_;
    std::set<std::string> routes_;
    std::vector<watched> tests_;
};

}  // namespace

const settings::shape& tests_file_shape() {
    namespace shapes = settings::shapes;
    static const auto shape =
        shapes::section({shapes::required("tests", shapes::list(shapes::section({
                                                       shapes::required("name", shapes::name()),
                                                       shapes::optional("given", given_shape()),
                                                       shapes::required("expect", shapes::condition("expectation")),
                                                   })))})
            .maybe_empty();
    return shape;
}

std::vector<settings::diagnostic> check_tests(const ruleset& rules, std::string_view shown_folder) {
    settings::problems found;
    const test_files files(rules, shown_folder, found);
    return found.sorted();
}

test_report run_tests(const ruleset& rules, std::string_view shown_folder) {
    test_report report;
    settings::problems found;
    const test_files files(rules, shown_folder, found);
    report.problems = found.sorted();
    if (found.has_errors()) return report;
    coverage seen(rules.compiled());
    for (const auto& each : files.tests()) {
        const fixed_board board(each.given.queues);
        const auto input = each.given.input(board);
        const auto made = rules.decide(input);
        seen.note(input, made);
        auto differences = files.language().differences(each.expected, input, made);
        if (differences.empty())
            ++report.passed;
        else
            report.failed.push_back({each.file, each.at, each.name, std::move(differences)});
    }
    seen.report(report);
    return report;
}

namespace {

std::string coverage_text(const char* what, std::size_t reached, std::size_t all, const char* how) {
    const double percent = all == 0 ? 100 : 100 * static_cast<double>(reached) / static_cast<double>(all);
    std::array<char, 32> shown{};
    std::snprintf(shown.data(), shown.size(), " (%.1f%%)\n", percent);
    return std::string(what) + ": " + std::to_string(reached) + " of " + std::to_string(all) + ' ' + how + shown.data();
}

}  // namespace

std::string to_text(const test_report& report) {
    std::string text;
    for (const auto& each : report.failed) {
        text += each.file + ':' + std::to_string(each.at.line) + ':' + std::to_string(each.at.column) + ": " +
                each.name + '\n';
        for (const auto& difference : each.differences) text += "  " + difference + '\n';
    }
    if (!report.routes_never_reached.empty()) {
        text += "routes never reached:\n";
        for (const auto& each : report.routes_never_reached) text += "  " + each + '\n';
    }
    if (!report.conditions_never_met.empty()) {
        text += "conditions never met:\n";
        for (const auto& each : report.conditions_never_met)
            text += "  " + each.file + ':' + std::to_string(each.at.line) + ':' + std::to_string(each.at.column) +
                    ": " + each.message + '\n';
    }
    text +=
        coverage_text("routes", report.routes - report.routes_never_reached.size(), report.routes, "decided a test");
    text += coverage_text("conditions", report.conditions - report.conditions_never_met.size(), report.conditions,
                          "held in a test");
    return text + std::to_string(report.passed) + " passed, " + std::to_string(report.failed.size()) + " failed\n";
}

std::string to_json(const test_report& report) {
    json::writer out;
    out.begin_object().member("passed", report.passed).key("failed").begin_array();
    for (const auto& each : report.failed) {
        out.begin_object().member("file", each.file).member("line", each.at.line).member("column", each.at.column);
        out.member("name", each.name).key("differences").begin_array();
        for (const auto& difference : each.differences) out.value(difference);
        out.end_array().end_object();
    }
    out.end_array().key("routes_never_reached").begin_array();
    for (const auto& each : report.routes_never_reached) out.value(each);
    out.end_array().key("conditions_never_met").raw(settings::to_json(report.conditions_never_met));
    out.member("routes", report.routes).member("route_coverage", report.route_coverage);
    out.member("conditions", report.conditions).member("condition_coverage", report.condition_coverage);
    out.key("problems").raw(settings::to_json(report.problems)).end_object();
    return out.take();
}

}  // namespace kindred::rules
