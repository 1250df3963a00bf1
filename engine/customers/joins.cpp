#include "engine/customers/joins.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

#include <unicode/unistr.h>

#include <algorithm>
#include <array>

namespace kindred::customers {
namespace {

constexpr std::string_view crm_space = "external:";
constexpr std::array<std::string_view, 3> spaces_of_people{"email:", "phone:", crm_space};

bool names_a_person(std::string_view identity) {
    return std::any_of(spaces_of_people.begin(), spaces_of_people.end(),
                       [&](std::string_view space) { return identity.starts_with(space); });
}

bool has(const customer& who, const auto& fits) {
    return std::any_of(who.identities.begin(), who.identities.end(),
                       [&](const identity& each) { return fits(each.text); });
}

bool is_in_crm(const customer& who) {
    return has(who, [](std::string_view text) { return text.starts_with(crm_space); });
}

bool comes_first(const customer* a, const customer* b) {
    if (is_in_crm(*a) != is_in_crm(*b)) return is_in_crm(*a);
    const bool person_a = has(*a, names_a_person);
    const bool person_b = has(*b, names_a_person);
    return person_a != person_b ? person_a : a->id < b->id;
}

std::string shown(const fact_value& value) {
    json::writer out;
    write_json(out, value);
    auto text = out.take();
    return text.starts_with('"') ? text.substr(1, text.size() - 2) : text;
}

bool tells_apart(const fact_value& value) {
    if (std::holds_alternative<std::monostate>(value) || std::holds_alternative<bool>(value)) return false;
    if (const auto* text = std::get_if<std::string>(&value)) return !text->empty();
    if (const auto* texts = std::get_if<std::vector<std::string>>(&value)) return !texts->empty();
    if (const auto* number = std::get_if<std::int64_t>(&value)) return *number != 0;
    return true;
}

}  // namespace

join_verdict certain_joins(std::span<const identity> given, std::span<const customer* const> owners) {
    std::vector<const customer*> concerned;
    for (std::size_t i = 0; i < given.size(); ++i) {
        const auto* owner = owners[i];
        if (owner == nullptr || given[i].proven != proof::proven) continue;
        // A browser is not a person: whoever sat before it last may be somebody else.
        if (!names_a_person(given[i].text) && has(*owner, names_a_person)) continue;
        if (std::find(concerned.begin(), concerned.end(), owner) == concerned.end()) concerned.push_back(owner);
    }
    const bool says_who = std::any_of(given.begin(), given.end(), [](const identity& each) {
        return each.proven == proof::proven && names_a_person(each.text);
    });
    join_verdict verdict;
    if (concerned.size() < 2 || !says_who) return verdict;
    std::sort(concerned.begin(), concerned.end(), comes_first);
    verdict.into = concerned.front();
    for (auto each = concerned.begin() + 1; each != concerned.end(); ++each)
        (is_in_crm(**each) && is_in_crm(*verdict.into) ? verdict.unsure : verdict.from).push_back(*each);
    return verdict;
}

customer_pair pair_of(customer_id one, customer_id other) {
    return one < other ? customer_pair{one, other} : customer_pair{other, one};
}

std::string key_of(const customer_pair& who) { return to_string(who.first) + '-' + to_string(who.second); }

std::optional<customer_pair> pair_from_key(std::string_view key) {
    const auto dash = key.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto one = parse_id<customer_id>(key.substr(0, dash));
    const auto other = parse_id<customer_id>(key.substr(dash + 1));
    if (!one || !other || !(*one < *other)) return std::nullopt;
    return customer_pair{*one, *other};
}

std::string to_json(const join_proposal& proposal) {
    json::writer out;
    out.begin_object().member("who", key_of(proposal.who)).member("dismissed", proposal.dismissed);
    out.key("evidence").begin_array();
    for (const auto& each : proposal.evidence) out.value(each);
    out.end_array().member_if("by", proposal.by).member_if("reason", proposal.reason);
    return out.member("at", to_millis(proposal.at)).end_object().take();
}

result<join_proposal> join_proposal_from_json(std::string_view text) {
    const auto parsed = json::document::parse(text);
    const auto who = parsed ? pair_from_key((*parsed)["who"].text()) : std::nullopt;
    if (!who) return fail(errc::corrupt, "a stored proposal to join customers is not readable");
    join_proposal read;
    read.who = *who;
    read.dismissed = (*parsed)["dismissed"].boolean().value_or(false);
    (*parsed)["evidence"].for_each([&](json::value each) { read.evidence.emplace_back(each.text()); });
    read.by = (*parsed)["by"].text();
    read.reason = (*parsed)["reason"].text();
    read.at = from_millis((*parsed)["at"].integer().value_or(0));
    return read;
}

std::string folded_name(const customer& who) {
    std::string folded;
    icu::UnicodeString::fromUTF8(who.name).trim().foldCase().toUTF8String(folded);
    return folded;
}

std::vector<std::string> likeness(const customer& one, const customer& other) {
    const auto name = folded_name(one);
    if (name.empty() || name != folded_name(other)) return {};
    std::vector<std::string> evidence;
    for (const auto& [attribute, held] : one.declared) {
        const auto same = other.declared.find(attribute);
        if (same != other.declared.end() && same->second.value == held.value && tells_apart(held.value))
            evidence.push_back(attribute + ": " + shown(held.value));
    }
    if (!evidence.empty()) evidence.insert(evidence.begin(), "name: " + one.name);
    return evidence;
}

}  // namespace kindred::customers
