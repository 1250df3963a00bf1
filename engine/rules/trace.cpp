#include "engine/rules/trace.hpp"

#include "engine/conditions/evaluate.hpp"
#include "engine/conditions/fact_text.hpp"
#include "engine/rules/definitions.hpp"

#include <algorithm>
#include <cstdio>

namespace kindred::rules {
namespace {

constexpr std::size_t most_texts = 20;

std::string actual_value(conditions::fact_id fact, conditions::fact_table& facts) {
    json::writer out;
    conditions::write_json(out, facts.read(fact).value, facts.catalog()[fact].type);
    return out.take();
}

void describe_failure(const conditions::condition& failed, conditions::fact_table& facts, tried_condition& into) {
    if (const auto* test = std::get_if<conditions::fact_test>(&failed.what)) {
        // A test that holds can only have failed its `none`.
        into.failed = (conditions::holds(*test, facts) ? "none: " : "") + test->as_written;
        into.fact = facts.catalog()[test->fact].name;
        into.actual = actual_value(test->fact, facts);
        into.at = test->at;
        return;
    }
    const auto& group = std::get<conditions::condition_group>(failed.what);
    into.at = group.at;
    into.failed = group.kind == conditions::group_kind::any
                      ? "any: none of its " + std::to_string(group.members.size()) + " alternatives holds"
                      : "none: a group in it holds";
}

}  // namespace

tried_condition describe(const std::string& name, const written_at& place, const conditions::condition& asked,
                         const conditions::condition* failed, conditions::fact_table& facts) {
    tried_condition noted;
    noted.name = name;
    noted.held = failed == nullptr;
    noted.file = place.file;
    noted.at = place.at;
    if (failed != nullptr)
        describe_failure(*failed, facts, noted);
    else if (!conditions::always_holds(asked))
        noted.held_by = written_form(asked);
    return noted;
}

tried_condition describe_pin(const pin& pinned, const written_at& place) {
    tried_condition noted;
    noted.name = pinned.value;
    noted.held = true;
    noted.file = place.file;
    noted.at = place.at;
    noted.note = "pinned by " + pinned.by + (pinned.until ? " until " + to_rfc3339(*pinned.until) : "") +
                 (pinned.reason.empty() ? "" : ": " + pinned.reason);
    return noted;
}

std::string outside_share(double percent) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "holds, but the customer is outside the share of %g%%", percent);
    return text.data();
}

std::vector<tried_condition> describe_texts(knowledge::text_kind kind, const knowledge::library& library,
                                            conditions::fact_table& facts, const std::vector<std::string>& languages,
                                            std::optional<knowledge::choice> chosen, bool named_by_route) {
    std::vector<tried_condition> fitting;
    std::vector<tried_condition> others;
    for (std::size_t i = 0; i < library.entries().size(); ++i) {
        const auto& entry = library[i];
        if (entry.kind != kind) continue;
        auto noted =
            describe(entry.id, {entry.file, entry.at}, entry.fits, conditions::first_failure(entry.fits, facts), facts);
        if (!entry.language.empty()) noted.name += " (" + entry.language + ")";
        const bool spoken =
            entry.language.empty() || std::find(languages.begin(), languages.end(), entry.language) != languages.end();
        if (noted.held && !spoken) noted.note = "fits, but the language is not among those to try";
        if (noted.held && spoken && chosen && chosen->index != i)
            noted.note = named_by_route
                             ? "fits, but the route names another"
                             : "fits, but the chosen one is in a better language or says more of whom it fits";
        if (chosen && chosen->index == i) {
            noted.note = named_by_route ? "named by the route" : "chosen";
            fitting.insert(fitting.begin(), std::move(noted));
        } else {
            (noted.held ? fitting : others).push_back(std::move(noted));
        }
    }
    fitting.insert(fitting.end(), std::make_move_iterator(others.begin()), std::make_move_iterator(others.end()));
    if (fitting.size() > most_texts) fitting.resize(most_texts);
    return fitting;
}

}  // namespace kindred::rules
