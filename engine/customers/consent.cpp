#include "engine/customers/consent.hpp"

#include "engine/base/json.hpp"

namespace kindred::customers {
namespace {

constexpr std::string_view every_kind = "*";

bool concerns(const do_not_contact& stop, const wish_to_send& wish, time_point now) {
    if (stop.until && *stop.until <= now) return false;
    if (stop.kind && *stop.kind != wish.kind) return false;
    const bool is_answer = !wish.automatic && wish.answers && *wish.answers > stop.at;
    return !(stop.answers_allowed && is_answer);
}

}  // namespace

std::string key_prefix_of(std::string_view subject) { return std::string(subject) + '\n'; }

std::string key_of(const do_not_contact& stop) {
    return key_prefix_of(stop.subject) + std::string(stop.kind ? name_of(*stop.kind) : every_kind);
}

std::string to_json(const do_not_contact& stop) {
    json::writer out;
    out.begin_object().member("subject", stop.subject);
    if (stop.kind) out.member("channel_kind", name_of(*stop.kind));
    out.member("answers_allowed", stop.answers_allowed).member_if("by", stop.by).member_if("reason", stop.reason);
    out.member("at", to_millis(stop.at));
    if (stop.until) out.member("until", to_millis(*stop.until));
    return out.end_object().take();
}

result<do_not_contact> do_not_contact_from_json(std::string_view text) {
    const auto parsed = json::document::parse(text);
    if (!parsed || (*parsed)["subject"].text().empty()) return fail(errc::corrupt, "a stored refusal is not readable");
    const auto from = parsed->root();
    do_not_contact stop;
    stop.subject = from["subject"].text();
    stop.kind = channel_kind_named(from["channel_kind"].text());
    stop.answers_allowed = from["answers_allowed"].boolean().value_or(false);
    stop.by = from["by"].text();
    stop.reason = from["reason"].text();
    stop.at = from_millis(from["at"].integer().value_or(0));
    if (const auto until = from["until"].integer()) stop.until = from_millis(*until);
    return stop;
}

void consent_book::put(do_not_contact stop) {
    auto key = key_of(stop);
    stops_.insert_or_assign(std::move(key), std::move(stop));
}

bool consent_book::lift(std::string_view key) {
    const auto found = stops_.find(key);
    if (found == stops_.end()) return false;
    stops_.erase(found);
    return true;
}

const do_not_contact* consent_book::forbids(const wish_to_send& wish, time_point now) const {
    for (const auto& subject : wish.subjects) {
        const auto prefix = key_prefix_of(subject);
        for (auto at = stops_.lower_bound(prefix); at != stops_.end() && at->first.starts_with(prefix); ++at)
            if (concerns(at->second, wish, now)) return &at->second;
    }
    return nullptr;
}

std::vector<do_not_contact> consent_book::of(std::string_view subject) const {
    const auto prefix = key_prefix_of(subject);
    std::vector<do_not_contact> found;
    for (auto at = stops_.lower_bound(prefix); at != stops_.end() && at->first.starts_with(prefix); ++at)
        found.push_back(at->second);
    return found;
}

}  // namespace kindred::customers
