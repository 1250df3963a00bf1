#include "engine/api/guidance.hpp"

#include "engine/api/ticket_subject.hpp"
#include "engine/rules/compiled_rules.hpp"
#include "engine/rules/coverage.hpp"
#include "engine/rules/macros.hpp"

#include <algorithm>
#include <set>

namespace kindred::api {
namespace {

constexpr std::size_t longest_search = 1'000;  // bytes
constexpr std::size_t most_found = 10;

/// About whom scripts and articles speak; without a ticket nobody in particular.
result<ticket_subject> subject_asked_for(runtime::site& site, const call& asked) {
    const auto text = asked.query_parameter("ticket");
    if (!text || text->empty()) return ticket_subject{};
    const auto id = parse_id<ticket_id>(*text);
    if (!id) return fail(errc::invalid, "ticket: wants the number of a ticket");
    return subject_of(site, *id);
}

void write_macro(json::writer& out, const rules::macro& each) {
    out.begin_object().member("name", each.name).member_if("reply", each.reply).member_if("note", each.note);
    out.member_if("queue", each.queue);
    if (each.snooze) out.member("snooze_s", each.snooze->count() / 1000);
    if (each.disposition) out.member("resolve", *each.disposition);
    out.end_object();
}

void write_cell(json::writer& out, const rules::coverage_cell& cell) {
    out.begin_object().member("segment", cell.segment).member_if("stage", cell.stage);
    out.member("channel_kind", name_of(cell.channel)).member("language", cell.language);
    out.member("route", cell.route).member("queue", cell.queue).member_if("script", cell.script);
    out.key("articles").begin_array();
    for (const auto& each : cell.articles) out.value(each);
    out.end_array().key("gaps").begin_array();
    for (const auto& each : rules::gaps_of(cell)) out.value(each);
    out.end_array().end_object();
}

}  // namespace

void guidance_endpoints::find_articles(std::shared_ptr<call> asked) {
    const auto words = asked->query_parameter("q").value_or("");
    if (words.empty() || words.size() > longest_search)
        return asked->send(fail(errc::invalid, "q: wants 1 to 1000 bytes of text"));
    const auto about = subject_asked_for(site_, *asked);
    if (!about) return asked->send(about.error());
    const auto rules = site_.rules();
    const auto& library = rules.compiled().library;
    const rules::empty_board board;
    const rules::decision_input input{about->about, about->who, site_.now().now(), board};
    const auto language = asked->query_parameter("language").value_or("");
    const auto order = knowledge::language_order(language.empty() ? about->about.language : language,
                                                 about->who.language, rules.site().default_language);
    json::writer out;
    out.begin_object().key("articles").begin_array();
    for (const auto& found : articles_.of(rules)->find(understanding::grams_of(words), order, {}, most_found)) {
        const auto body = rules.article(library[found.entry].id, input);
        if (!body) continue;
        out.begin_object().member("id", body->id).member("language", body->language).member("title", body->title);
        out.member("text", body->markdown).member("score", found.score).end_object();
    }
    asked->send(http::response::json(200, out.end_array().end_object().take()));
}

void guidance_endpoints::macros(std::shared_ptr<call> asked) {
    const auto about = subject_asked_for(site_, *asked);
    if (!about) return asked->send(about.error());
    const auto rules = site_.rules();
    const rules::empty_board board;
    const rules::decision_input input{about->about, about->who, site_.now().now(), board};
    json::writer out;
    out.begin_object().key("macros").begin_array();
    for (const auto& each : rules::macros_for(rules, input)) write_macro(out, each);
    asked->send(http::response::json(200, out.end_array().end_object().take()));
}

void guidance_endpoints::groups(std::shared_ptr<call> asked) {
    const auto rules = site_.rules();
    json::writer out;
    out.begin_object().key("dimensions").begin_array();
    for (const auto& each : rules.compiled().dimensions) {
        out.begin_object().member("name", each.name).key("segments").begin_array();
        for (const auto& group : each.groups) out.value(group.name);
        out.end_array().end_object();
    }
    out.end_array().key("stages").begin_array();
    for (const auto& each : rules.compiled().stages) out.value(each.name);
    asked->send(http::response::json(200, out.end_array().end_object().take()));
}

void guidance_endpoints::coverage(std::shared_ptr<call> asked) {
    const auto rules = site_.rules();
    std::set<channel_kind> kinds;
    for (const auto& each : site_.channels().all()) kinds.insert(each.kind);
    const std::vector<channel_kind> channels(kinds.begin(), kinds.end());
    const auto& dimensions = rules.compiled().dimensions;
    auto dimension = asked->query_parameter("dimension").value_or("");
    if (dimension.empty() && !dimensions.empty()) dimension = dimensions.front().name;
    const auto cells = rules::coverage_of(rules, dimension, channels, site_.now().now());
    if (!cells) return asked->send(cells.error());
    json::writer out;
    out.begin_object().member("ruleset", rules.hash()).member("dimension", dimension).key("dimensions").begin_array();
    for (const auto& each : dimensions) out.value(each.name);
    out.end_array().key("cells").begin_array();
    for (const auto& each : *cells) write_cell(out, each);
    asked->send(http::response::json(200, out.end_array().end_object().take()));
}

}  // namespace kindred::api
