#include "engine/api/rules.hpp"

#include "engine/api/rules_request.hpp"
#include "engine/api/status.hpp"
#include "engine/api/turn.hpp"
#include "engine/base/log.hpp"
#include "engine/rules/archive.hpp"
#include "engine/rules/diff.hpp"
#include "engine/rules/explanation.hpp"
#include "engine/rules/given.hpp"
#include "engine/rules/lint.hpp"
#include "engine/rules/rule_test.hpp"
#include "engine/runtime/rules/recorded_contacts.hpp"
#include "engine/runtime/rules/rules_backtest.hpp"

#include <algorithm>

namespace kindred::api {
namespace {

error not_taken() { return fail(errc::overloaded, "this cannot be taken in now: try again"); }

/// What check() says beyond the compiler: reach, gaps, and what nobody on the roster can do.
void add_lint(rules::loaded& read, const runtime::roster& people) {
    if (!read.rules) return;
    std::vector<rules::roster_agent> agents;
    for (const auto& each : people.all()) agents.push_back({each.login, each.queues, each.skills, each.languages});
    auto found = rules::lint(*read.rules, &agents, {});
    read.problems.insert(read.problems.end(), std::make_move_iterator(found.begin()),
                         std::make_move_iterator(found.end()));
    std::sort(read.problems.begin(), read.problems.end());
    read.problems.erase(std::unique(read.problems.begin(), read.problems.end()), read.problems.end());
}

/// The rules that a body without more means; nothing where it was answered why there are none.
std::optional<rules::ruleset> rules_of_body(runtime::ruleset_keeper& keeper, const call& asked) {
    const auto refused = [&](const error& why) {
        asked.send(why);
        return std::nullopt;
    };
    auto body = body_reader::parse(asked);
    if (!body) return refused(body.error());
    const auto from = rules_named(*body);
    if (!from) return refused(from.error());
    if (auto fine = body->finish(); !fine) return refused(fine.error());
    auto read = keeper.read(*from);
    if (!read) return refused(read.error());
    if (read->rules) return std::move(*read->rules);
    asked.send(refusal_of(read->problems));
    return std::nullopt;
}

std::string joined(const std::vector<settings::diagnostic>& problems) {
    std::string all;
    for (const auto& each : problems) all += (all.empty() ? "" : "; ") + each.message;
    return all;
}

}  // namespace

void rules_endpoints::list(std::shared_ptr<call> asked) {
    const auto versions = site_.durable().rulesets();
    if (!versions) return asked->send(versions.error());
    json::writer out;
    out.begin_array();
    for (const auto& each : *versions)
        out.begin_object()
            .member("hash", each.hash)
            .member("author", each.author)
            .member("at", to_rfc3339(each.at))
            .end_object();
    runtime::board_question question;
    question.what = runtime::board_question::about::rules;
    question.done = [asked, kept = out.end_array().take()](const result<std::string>& active) {
        if (!active) return asked->send(active.error());
        auto text = *active;
        text.pop_back();
        asked->send(http::response::json(200, text + ",\"versions\":" + kept + "}"));
    };
    if (!site_.submit(std::move(question))) asked->send(not_taken());
}

void rules_endpoints::files(std::shared_ptr<call> asked) {
    const auto row = site_.durable().ruleset(asked->parameters["hash"]);
    if (!row) return asked->send(row.error());
    const auto kept = rules::unpack(row->files);
    if (!kept) return asked->send(kept.error());
    json::writer out;
    out.begin_object().member("hash", row->hash).member("author", row->author).member("at", to_rfc3339(row->at));
    out.key("files").begin_object();
    for (const auto& each : *kept) out.member(each.path, each.bytes);
    asked->send(http::response::json(200, out.end_object().end_object().take()));
}

void rules_endpoints::check(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    const auto from = rules_named(*body);
    if (!from) return asked->send(from.error());
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    auto read = keeper_.read(*from);
    if (!read) return asked->send(read.error());
    add_lint(*read, *site_.people());
    json::writer out;
    out.begin_object().member("ok", read->rules.has_value());
    if (read->rules) out.member("hash", read->rules->hash());
    out.key("problems").raw(settings::to_json(read->problems)).end_object();
    asked->send(http::response::json(200, out.take()));
}

void rules_endpoints::explain(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    const bool others = body->root()["files"].exists() || body->root()["version"].exists();
    const auto from = rules_named(*body);
    if (!from) return asked->send(from.error());
    const auto given = body->any("given");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    if (!given.is_object()) return asked->send(fail(errc::invalid, "given: wants an object"));
    auto rules = site_.rules();
    if (others) {
        auto read = keeper_.read(*from);
        if (!read) return asked->send(read.error());
        if (!read->rules) return asked->send(refusal_of(read->problems));
        rules = *read->rules;
    }
    const auto tree = settings::tree_from_json(given);
    settings::problems found;
    const auto kinds = [this](std::string_view name) -> std::optional<channel_kind> {
        const auto* via = site_.channels().find(std::string(name));
        return via == nullptr ? std::nullopt : std::optional(via->kind);
    };
    const auto situation = rules::read_given(settings::field("given", "", &tree, found), rules, kinds);
    if (found.has_errors()) return asked->send(fail(errc::invalid, "given: " + joined(found.sorted())));
    const rules::fixed_board board(situation.queues);
    asked->send(http::response::json(200, rules::to_json(rules::explain(rules, situation.input(board)))));
}

void rules_endpoints::diff(std::shared_ptr<call> asked) {
    const auto after = rules_of_body(keeper_, *asked);
    if (!after) return;
    const auto found = [&]() -> result<std::string> {
        const turn ours(comparing_);
        if (!ours) return fail(errc::overloaded, "other rules are being compared: try again when that is done");
        return rules::to_json(rules::diff(site_.rules(), *after, site_.now().now()));
    }();
    asked->send(200, found);
}

void rules_endpoints::test(std::shared_ptr<call> asked) {
    const auto tested = rules_of_body(keeper_, *asked);
    if (!tested) return;
    asked->send(http::response::json(200, rules::to_json(rules::run_tests(*tested))));
}

void rules_endpoints::backtest(std::shared_ptr<call> asked) {
    constexpr std::int64_t usual = 5'000;
    constexpr std::int64_t most = 20'000;
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    const auto from = rules_named(*body);
    if (!from) return asked->send(from.error());
    const auto wanted = body->any("most");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    const auto limit = wanted.exists() ? wanted.integer().value_or(0) : usual;
    if (limit < 1 || limit > most) return asked->send(fail(errc::invalid, "most: wants a number from 1 to 20000"));
    const auto read = keeper_.read(*from);
    if (!read) return asked->send(read.error());
    if (!read->rules) return asked->send(refusal_of(read->problems));
    const auto active = site_.rules();
    runtime::backtest_run run(active, *read->rules);
    const auto kinds = [this](std::string_view name) -> std::optional<channel_kind> {
        const auto* via = site_.channels().find(std::string(name));
        return via == nullptr ? std::nullopt : std::optional(via->kind);
    };
    const auto replayed =
        runtime::for_each_recorded(site_.durable(), active, *read->rules, static_cast<std::size_t>(limit), kinds,
                                   [&](rules::recorded_contact&& each) { run.add(each); });
    if (!replayed) return asked->send(replayed.error());
    asked->send(http::response::json(200, runtime::to_json(run.finish(site_.people()->all()))));
}

void rules_endpoints::take_over(const std::shared_ptr<call>& asked, const runtime::rules_source& from,
                                runtime::rules_wish wish) {
    const auto read = keeper_.read(from);
    if (!read) return asked->send(read.error());
    if (!read->rules) {
        keeper_.refused();
        log::error("rules with errors were refused: the active ones stay",
                   {{"author", asked->who.name}, {"first", settings::to_text(read->problems.front())}});
        return asked->send(refusal_of(read->problems));
    }
    wish.author = asked->who.name;
    keeper_.activate(*read->rules, from, wish, [this, asked](const result<std::string>& active) {
        if (!active) {
            keeper_.refused();
            return asked->send(active.error());
        }
        json::writer out;
        asked->send(http::response::json(200, out.begin_object().member("hash", *active).end_object().take()));
    });
}

void rules_endpoints::activate(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    auto based_on = body->text("from");
    const auto source = rules_named(*body);
    if (!source) return asked->send(source.error());
    const auto trial = rollout_named(*body);
    if (!trial) return asked->send(trial.error());
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    if (!based_on || based_on->empty())
        return asked->send(fail(errc::invalid, "from: is missing: the hash of the rules that these were made from"));
    take_over(asked, *source, {{}, "activate", std::move(*based_on), *trial});
}

void rules_endpoints::rollback(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    auto based_on = body->text("from").value_or("");
    auto version = body->text("to");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    if (!version || version->empty())
        return asked->send(fail(errc::invalid, "to: is missing: the hash of a version that is kept"));
    take_over(asked, {runtime::rules_source::version{std::move(*version)}},
              {{}, "rollback", std::move(based_on), std::nullopt});
}

}  // namespace kindred::api
