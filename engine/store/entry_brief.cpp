#include "engine/store/entry_brief.hpp"

#include "engine/base/json.hpp"
#include "engine/base/json_glance.hpp"

#include <algorithm>
#include <array>

namespace kindred::store {
namespace {

enum class shape : std::uint8_t { bare, members, contact, decision, answers };

struct brief_kind {
    std::string_view kind;
    shape of = shape::bare;
    std::array<std::string_view, 3> members{};
};

// The commonest first.
constexpr std::array kinds{
    brief_kind{"contact", shape::contact},
    brief_kind{"decision", shape::decision},
    brief_kind{"queued", shape::members, {"queue", "because"}},
    brief_kind{"accepted", shape::members, {"agent"}},
    brief_kind{"reply", shape::members, {"automatic", "self_service", "agent"}},
    brief_kind{"resolved", shape::members, {"disposition", "agent"}},
    brief_kind{"assigned", shape::members, {"taken_from", "because", "agent"}},
    brief_kind{"survey", shape::members, {"asked"}},
    brief_kind{"survey_answer", shape::answers},
    brief_kind{"outbound", shape::contact},
    brief_kind{"reopened"},
    brief_kind{"snoozed"},
    brief_kind{"connecting", shape::members, {"agent"}},
    brief_kind{"consult"},
    brief_kind{"merged", shape::members, {"into"}},
    brief_kind{"abandoned"},
    brief_kind{"removed"},
    brief_kind{"self_service", shape::members, {"said"}},
};

const brief_kind* kind_named(std::string_view name) {
    const auto* const found =
        std::find_if(kinds.begin(), kinds.end(), [&](const auto& each) { return each.kind == name; });
    return found == kinds.end() ? nullptr : found;
}

void append_member(std::string_view name, std::string_view value, std::string& into) {
    into += into.empty() || into.back() == '{' ? "\"" : ",\"";
    into.append(name).append("\":").append(value);
}

void append_members(const brief_kind& of, std::string_view json, std::string& into) {
    into += '{';
    json::glance_at_all(json, [&](std::string_view name, std::string_view value) {
        if (std::find(of.members.begin(), of.members.end(), name) != of.members.end()) append_member(name, value, into);
        return true;
    });
    into += '}';
}

bool is_text(const std::optional<std::string_view>& found) { return found && !found->empty() && found->front() == '"'; }

/// The intent and the language that the contact has, whoever found them out.
void append_contact(std::string_view json, std::string& into) {
    std::optional<std::string_view> intent;
    std::optional<std::string_view> locale;
    std::optional<std::string_view> understood;
    json::glance_at_all(json, [&](std::string_view name, std::string_view value) {
        if (name == "intent") intent = value;
        if (name == "locale") locale = value;
        if (name == "understood") understood = value;
        return true;
    });
    if (understood)
        json::glance_at_all(*understood, [&](std::string_view name, std::string_view value) {
            if (name == "intent" && !is_text(intent)) intent = value;
            if (name == "language" && !is_text(locale)) locale = value;
            return true;
        });
    if (!is_text(intent) && !is_text(locale)) return;
    into += '{';
    if (is_text(intent)) append_member("intent", *intent, into);
    if (is_text(locale)) append_member("locale", *locale, into);
    into += '}';
}

/// A decision as rules::to_json() writes it:
/// `{"route":...,"steps":[...],"script":...,"articles":[...],"segments":{...}, "stage":...,"pinned":[...`. Texts and
/// groups stand together; the bracket at which the steps before them end is found sooner than all that is in them is
/// passed over. Quotes inside of texts are escaped, so no text looks like what is looked for. False where it is written
/// otherwise; then nothing was appended.
bool append_usual_decision(std::string_view json, std::string& into) {
    constexpr std::string_view script = "],\"script\":";
    constexpr std::string_view groups = "],\"segments\":{";
    constexpr std::string_view end = ",\"pinned\":[";
    constexpr std::string_view route = "{\"route\":\"";
    if (!json.starts_with(route)) return false;
    const auto script_at = json.find(script);
    const auto groups_at = script_at == std::string_view::npos ? script_at : json.find(groups, script_at);
    const auto end_at = groups_at == std::string_view::npos ? groups_at : json.find(end, groups_at);
    if (end_at == std::string_view::npos) return false;
    json::glancing_place in(json.substr(route.size() - 1));
    const char* const route_value = in.at();
    if (!in.pass_value()) return false;
    const auto said_route = in.since(route_value);
    into += '{';
    append_member("route", said_route, into);
    const auto members = script_at + 2;  // behind the bracket and the comma
    into.append(1, ',').append(json.substr(members, end_at - members)).append(1, '}');
    return true;
}

/// What stands before the facts that it read, which are most of it.
void append_decision(std::string_view json, std::string& into) {
    if (append_usual_decision(json, into)) return;
    into += '{';
    json::glance_at_all(json, [&](std::string_view name, std::string_view value) {
        if (name == "route" || name == "script" || name == "articles" || name == "segments" || name == "stage")
            append_member(name, value, into);
        return name != "pinned";
    });
    into += '}';
}

void append_answers(std::string_view json, std::string& into) {
    const auto parsed = json::document::parse(json);
    if (!parsed) return;
    json::writer out;
    out.begin_object();
    if (const auto first = (*parsed)["first"].boolean()) out.member("first", *first);
    out.key("answers").begin_array();
    (*parsed)["answers"].for_each([&](json::value each) {
        out.begin_object();
        for (const auto* name : {"question", "kind", "choice", "value"})
            if (const auto said = each[name]; said.exists()) out.key(name).raw(said.to_text());
        out.end_object();
    });
    into += out.end_array().end_object().text();
}

}  // namespace

bool has_brief(std::string_view kind) { return kind_named(kind) != nullptr; }

bool append_brief(std::string_view kind, std::string_view json, std::string& into) {
    const auto* of = kind_named(kind);
    if (of == nullptr) return false;
    switch (of->of) {
        case shape::bare: break;
        case shape::members: append_members(*of, json, into); break;
        case shape::contact: append_contact(json, into); break;
        case shape::decision: append_decision(json, into); break;
        case shape::answers: append_answers(json, into); break;
    }
    return true;
}

}  // namespace kindred::store
