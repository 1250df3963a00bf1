#include "engine/insight/text_usage.hpp"

#include "engine/base/json.hpp"

#include <algorithm>

namespace kindred::insight {
namespace {

constexpr duration again_within = std::chrono::days{7};

const std::string script = "script";
const std::string article = "article";

}  // namespace

std::vector<std::string> text_usage::kinds() {
    std::vector<std::string> names;
    for (const auto kind : {line_kind::contact, line_kind::outbound, line_kind::decision, line_kind::accepted,
                            line_kind::assigned, line_kind::resolved})
        names.emplace_back(name_of(kind));
    return names;
}

std::vector<std::string> text_usage::kinds_with_json() {
    std::vector<std::string> names;
    for (const auto kind : {line_kind::contact, line_kind::decision, line_kind::resolved})
        names.emplace_back(name_of(kind));
    return names;
}

std::vector<std::string> text_usage::kinds_with_ticket() {
    return {std::string(name_of(line_kind::contact)), std::string(name_of(line_kind::outbound))};
}

void text_usage::take(const history_line& line) {
    const auto kind = line_kind_named(line.kind);
    if (!kind) return;
    switch (*kind) {
        case line_kind::contact:
        case line_kind::outbound: return read_contact(open_[line.ticket], line);
        case line_kind::decision: return read_decision(open_[line.ticket], line.json);
        case line_kind::accepted:
        case line_kind::assigned: return show(open_[line.ticket]);
        case line_kind::resolved: return end(line.ticket, line);
        default: return;
    }
}

void text_usage::read_contact(open_ticket& about, const history_line& line) {
    if (line.customer) about.whose = line.customer;
    if (!line.channel.empty()) about.channel = line.channel;
    if (line.kind != name_of(line_kind::contact)) return;
    note_contact_again(about.whose, line.at);
    ++about.contacts;
    const auto parsed = json::document::parse(line.json);
    if (!parsed) return;
    const auto understood = (*parsed)["understood"];
    if (about.intent.empty()) about.intent = (*parsed)["intent"].text(understood["intent"].text());
    if (about.language.empty()) {
        const auto stated = (*parsed)["locale"].text(understood["language"].text());
        about.language = stated.substr(0, stated.find_first_of("-_"));
    }
}

void text_usage::read_decision(open_ticket& about, std::string_view json) {
    const auto parsed = json::document::parse(json);
    if (!parsed) return;
    about.offered.clear();
    about.gaps.clear();
    about.decided = true;
    std::set<std::string> in_their_language;  // kinds
    const auto add = [&](const std::string& kind, json::value text) {
        const auto id = text["id"].text();
        if (id.empty()) return;
        about.offered.emplace(kind, id);
        const auto language = text["language"].text();
        if (language.empty() || about.language.empty() || language == about.language) in_their_language.insert(kind);
    };
    add(script, (*parsed)["script"]);
    (*parsed)["articles"].for_each([&](json::value each) { add(article, each); });
    std::string segments;
    (*parsed)["segments"].for_each_member([&](std::string_view dimension, json::value segment) {
        segments += (segments.empty() ? "" : ", ") + std::string(dimension) + ": " + std::string(segment.text());
    });
    for (const auto& kind : {script, article})
        if (!in_their_language.contains(kind))
            about.gaps.push_back(
                {kind, segments, std::string((*parsed)["stage"].text()), about.channel, about.language, about.intent});
}

void text_usage::show(open_ticket& about) { about.shown.insert(about.offered.begin(), about.offered.end()); }

void text_usage::note_mark(const std::string& kind, const std::string& id, const std::string& what) {
    auto& figures = figures_[{kind, id}];
    if (what == "used") ++figures.used;
    if (what == "sent") ++figures.sent;
    if (what == "helpful") ++figures.helpful;
    if (what == "not_helpful") ++figures.not_helpful;
}

void text_usage::count(const open_ticket& done) {
    for (const auto& key : done.shown) ++figures_[key].shown;
    for (const auto& key : done.gaps) {
        auto& [contacts, tickets] = gaps_[key];
        contacts += done.contacts;
        ++tickets;
    }
}

void text_usage::end(ticket_id id, const history_line& line) {
    const auto found = open_.find(id);
    if (found == open_.end()) return;
    const auto done = std::move(found->second);
    open_.erase(found);
    count(done);
    const auto parsed = json::document::parse(line.json);
    const bool by_somebody = parsed && (*parsed)["agent"].exists();
    if (!by_somebody || done.shown.empty()) return;
    for (const auto& key : done.shown) ++figures_[key].resolved;
    resolved_[done.whose].push_back({done.whose, line.at, done.shown, false});
}

void text_usage::note_contact_again(customer_id whose, time_point at) {
    const auto found = resolved_.find(whose);
    if (found == resolved_.end()) return;
    for (const auto& each : found->second)
        if (at - each.at <= again_within)
            for (const auto& key : each.texts) ++figures_[key].contacted_again;
    resolved_.erase(found);
}

void text_usage::note_readers(const std::string& id, const std::string& what, std::int64_t count) {
    auto& figures = figures_[{article, id}];
    if (what == "shown") figures.read += count;
    if (what == "helped") figures.customers_helped += count;
    if (what == "not_helped") figures.customers_not_helped += count;
}

void text_usage::finish() {
    for (const auto& [id, about] : open_) count(about);
    open_.clear();
}

std::vector<text_figures> text_usage::texts() const {
    std::vector<text_figures> made;
    for (const auto& [key, figures] : figures_) {
        made.push_back(figures);
        made.back().kind = key.first;
        made.back().id = key.second;
    }
    return made;
}

std::vector<text_gap> text_usage::gaps() const {
    std::vector<text_gap> made;
    for (const auto& [key, met] : gaps_)
        made.push_back({key[0], key[1], key[2], key[3], key[4], key[5], met.first, met.second});
    std::stable_sort(made.begin(), made.end(), [](const auto& a, const auto& b) { return a.contacts > b.contacts; });
    return made;
}

}  // namespace kindred::insight
