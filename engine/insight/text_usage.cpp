#include "engine/insight/text_usage.hpp"

#include "engine/base/json.hpp"
#include "engine/base/json_glance.hpp"
#include "engine/insight/group_topics.hpp"
#include "engine/insight/placements.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace kindred::insight {
namespace {

constexpr duration again_within = std::chrono::days{7};
// Clocks are set back by a little now and then: nobody who wrote within the week may be forgotten for that.
constexpr duration clock_steps = std::chrono::hours{1};

const std::array<std::string, 2> kind_names{"script", "article"};

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
        case line_kind::outbound: return read_contact(open_[line.ticket.value], line);
        case line_kind::decision: return read_decision(open_[line.ticket.value], line.json);
        case line_kind::accepted:
        case line_kind::assigned: {
            auto& about = open_[line.ticket.value];
            about.shown = union_of(about.shown, about.offered);
            return;
        }
        case line_kind::resolved: return end(line.ticket, line);
        default: return;
    }
}

void text_usage::read_contact(open_ticket& about, const history_line& line) {
    if (line.customer) about.whose = line.customer;
    if (!line.channel.empty()) about.channel = names_.number_of(line.channel);
    if (line.kind != name_of(line_kind::contact)) return;
    note_contact_again(about.whose, line.at);
    ++about.contacts;
    if (about.intent == 0) about.intent = names_.number_of(intent_in(line.json));
    if (about.language == 0) {
        const auto stated = locale_in(line.json);
        about.language = names_.number_of(std::string_view(stated).substr(0, stated.find_first_of("-_")));
    }
}

void text_usage::read_decision(open_ticket& about, std::string_view json) {
    const auto& decided = decisions_[decided_in(json)];
    about.offered = decided.offered;
    std::array<bool, kinds_of_texts> in_their_language{};
    for (const auto& each : decided.fitting)
        if (each.language == 0 || about.language == 0 || each.language == about.language)
            in_their_language.at(each.kind) = true;
    for (const auto kind : {script, article})
        about.gaps.at(kind) =
            in_their_language.at(kind)
                ? 0
                : gap_number({kind, decided.segments, decided.stage, about.channel, about.language, about.intent});
}

std::uint32_t text_usage::decided_in(std::string_view json) {
    // The facts that it read are most of a whole decision, and no two have the same.
    if (is_brief_of_decision(json)) return number_of_decision(json);
    members_ = "{";
    const bool usual = json::glance_at_all(json, [&](std::string_view name, std::string_view value) {
        if (name == "script" || name == "articles" || name == "segments" || name == "stage")
            members_.append(members_.size() > 1 ? ",\"" : "\"").append(name).append("\":").append(value);
        return true;
    });
    members_ += '}';
    return number_of_decision(usual ? std::string_view(members_) : json);
}

std::uint32_t text_usage::number_of_decision(std::string_view json) {
    const auto number = decided_.number_of(json);
    if (number == decisions_.size()) decisions_.push_back(read_texts(decided_.name(number)));
    return number;
}

text_usage::decided_texts text_usage::read_texts(std::string_view json) {
    decided_texts made;
    const auto parsed = json::document::parse(json);
    if (!parsed) return made;
    text_set offered;
    const auto add = [&](missing_kind kind, json::value text) {
        const std::string id(text["id"].text());
        if (id.empty()) return;
        offered.push_back(text_number(kind_names.at(kind), id));
        made.fitting.push_back({kind, names_.number_of(text["language"].text())});
    };
    add(script, (*parsed)["script"]);
    (*parsed)["articles"].for_each([&](json::value each) { add(article, each); });
    made.offered = set_number(std::move(offered));
    std::string segments;
    (*parsed)["segments"].for_each_member([&](std::string_view dimension, json::value segment) {
        segments += (segments.empty() ? "" : ", ") + std::string(dimension) + ": " + std::string(segment.text());
    });
    made.segments = names_.number_of(segments);
    made.stage = names_.number_of((*parsed)["stage"].text());
    return made;
}

void text_usage::note_mark(const std::string& kind, const std::string& id, const std::string& what) {
    auto& figures = figures_of(kind, id);
    if (what == "used") ++figures.used;
    if (what == "sent") ++figures.sent;
    if (what == "helpful") ++figures.helpful;
    if (what == "not_helpful") ++figures.not_helpful;
}

void text_usage::count(const open_ticket& done) {
    for (const auto text : text_sets_[done.shown]) ++figures_[text].shown;
    for (const auto gap : done.gaps) {
        if (gap == 0) continue;
        gaps_[gap].contacts += done.contacts;
        ++gaps_[gap].tickets;
    }
}

void text_usage::end(ticket_id id, const history_line& line) {
    const auto found = open_.find(id.value);
    if (found == open_.end()) return;
    const auto done = found->second;
    open_.erase(found);
    count(done);
    if (done.shown == 0 || !json::glance(line.json, "agent")) return;
    for (const auto text : text_sets_[done.shown]) ++figures_[text].resolved;
    forget_before(line.at - again_within - clock_steps);
    auto& last = last_resolved_of_[done.whose.value];
    resolved_.push_back({done.whose, line.at, last, done.shown});
    last = first_resolved_ + resolved_.size() - 1;
}

void text_usage::note_contact_again(customer_id whose, time_point at) {
    const auto found = last_resolved_of_.find(whose.value);
    if (found == last_resolved_of_.end()) return;
    for (auto number = found->second; number >= first_resolved_;) {
        const auto& each = resolved_[number - first_resolved_];
        if (at - each.at <= again_within)
            for (const auto text : text_sets_[each.shown]) ++figures_[text].contacted_again;
        number = each.earlier;
    }
    last_resolved_of_.erase(found);
}

void text_usage::forget_before(time_point at) {
    for (; !resolved_.empty() && resolved_.front().at < at; resolved_.pop_front(), ++first_resolved_) {
        const auto found = last_resolved_of_.find(resolved_.front().whose.value);
        if (found != last_resolved_of_.end() && found->second == first_resolved_) last_resolved_of_.erase(found);
    }
}

void text_usage::note_readers(const std::string& id, const std::string& what, std::int64_t count) {
    auto& figures = figures_of(kind_names.at(article), id);
    if (what == "shown") figures.read += count;
    if (what == "helped") figures.customers_helped += count;
    if (what == "not_helped") figures.customers_not_helped += count;
}

void text_usage::finish() {
    for (const auto& [id, about] : open_) count(about);
    open_.clear();
}

std::uint32_t text_usage::text_number(const std::string& kind, const std::string& id) {
    const auto [known, is_new] = text_numbers_.try_emplace({kind, id}, static_cast<std::uint32_t>(figures_.size()));
    if (is_new) {
        auto& made = figures_.emplace_back();
        made.kind = kind;
        made.id = id;
    }
    return known->second;
}

text_figures& text_usage::figures_of(const std::string& kind, const std::string& id) {
    return figures_[text_number(kind, id)];
}

std::uint32_t text_usage::set_number(text_set set) {
    std::sort(set.begin(), set.end());
    set.erase(std::unique(set.begin(), set.end()), set.end());
    const auto [known, is_new] = set_numbers_.try_emplace(set, static_cast<std::uint32_t>(text_sets_.size()));
    if (is_new) text_sets_.push_back(std::move(set));
    return known->second;
}

std::uint32_t text_usage::union_of(std::uint32_t one, std::uint32_t other) {
    if (one == other || other == 0) return one;
    if (one == 0) return other;
    const auto [known, is_new] = unions_.try_emplace({one, other}, 0);
    if (is_new) {
        text_set both;
        std::set_union(text_sets_[one].begin(), text_sets_[one].end(), text_sets_[other].begin(),
                       text_sets_[other].end(), std::back_inserter(both));
        known->second = set_number(std::move(both));
    }
    return known->second;
}

std::uint32_t text_usage::gap_number(const std::array<std::uint32_t, 6>& key) {
    const auto [known, is_new] = gap_numbers_.try_emplace(key, static_cast<std::uint32_t>(gaps_.size()));
    if (is_new) gaps_.push_back({key});
    return known->second;
}

std::vector<text_figures> text_usage::texts() const {
    std::vector<text_figures> made;
    for (const auto& [key, number] : text_numbers_) made.push_back(figures_[number]);
    return made;
}

std::vector<text_gap> text_usage::gaps() const {
    std::vector<text_gap> made;
    for (const auto& each : gaps_)
        if (each.tickets > 0)
            made.push_back({kind_names.at(each.key[0]), names_.name(each.key[1]), names_.name(each.key[2]),
                            names_.name(each.key[3]), names_.name(each.key[4]), names_.name(each.key[5]), each.contacts,
                            each.tickets});
    const auto order = [](const text_gap& of) {
        return std::tie(of.missing, of.segments, of.stage, of.channel, of.language, of.intent);
    };
    std::sort(made.begin(), made.end(), [&](const auto& a, const auto& b) {
        return a.contacts != b.contacts ? a.contacts > b.contacts : order(a) < order(b);
    });
    return made;
}

}  // namespace kindred::insight
