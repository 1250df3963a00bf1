#include "engine/rules/lint.hpp"
#include "engine/rules/rule_test.hpp"
#include "rules/support/rulesets.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kindred::rules {
namespace {

/// One of the things that go wrong while a file is edited.
void damage(std::string& bytes) {
    const auto place = [&] { return static_cast<std::size_t>(*rc::gen::inRange<std::size_t>(0, bytes.size() + 1)); };
    const auto at = place();
    switch (*rc::gen::inRange(0, 5)) {
        case 0: bytes.erase(at, static_cast<std::size_t>(*rc::gen::inRange(1, 20))); break;
        case 1: {
            const auto line = bytes.find('\n', at);
            if (line != std::string::npos) bytes.erase(at, line - at);
            break;
        }
        case 2:
            bytes.insert(
                at, *rc::gen::element<std::string>("{", "}", "[", "]", ":", ": ", "- ", "\n", "\n  ", "\"", "'", "#",
                                                   "~", "null", "-1", "{}", "[]", "&a ", "*a", "\t", "{{", "}}", "\xC3",
                                                   "when: {}", "99999999999999999999", "%", "|"));
            break;
        case 3: {
            const auto other = place();
            bytes.insert(at, bytes.substr(other, static_cast<std::size_t>(*rc::gen::inRange(1, 60))));
            break;
        }
        default: bytes.resize(at); break;
    }
}

/// Whether a problem is where something is: a reader goes there.
bool points_into(const settings::diagnostic& problem, const rule_files& files) {
    if (problem.at.line == 0) return true;
    for (const auto& each : files)
        if (each.path == problem.file)
            return problem.at.column > 0 &&
                   problem.at.line <= 1 + std::count(each.bytes.begin(), each.bytes.end(), '\n');
    return false;
}

RC_GTEST_PROP(Damage, IsRefusedWithAReasonOrStillDecides, ()) {
    static const rule_files whole = testing_support::example_files();
    auto files = whole;
    const auto wounds = *rc::gen::inRange(1, 4);
    for (int i = 0; i < wounds; ++i)
        damage(files[static_cast<std::size_t>(*rc::gen::inRange<std::size_t>(0, files.size()))].bytes);
    const auto outcome = load(files);
    const auto is_error = [](const auto& each) { return each.level == settings::severity::error; };
    for (const auto& each : outcome.problems) RC_ASSERT(points_into(each, files));
    if (!outcome.rules) {
        RC_ASSERT(std::any_of(outcome.problems.begin(), outcome.problems.end(), is_error));
        return;
    }
    RC_ASSERT(std::none_of(outcome.problems.begin(), outcome.problems.end(), is_error));
    const contact about;
    const customer who;
    const empty_board board;
    RC_ASSERT(!outcome.rules->decide({about, who, {}, board}).queue.empty());
    lint(*outcome.rules);
    run_tests(*outcome.rules);
}

}  // namespace
}  // namespace kindred::rules
