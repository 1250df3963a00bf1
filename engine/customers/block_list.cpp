#include "engine/customers/block_list.hpp"

#include "engine/base/json.hpp"

namespace kindred::customers {

std::string to_json(const block& given) {
    json::writer out;
    out.begin_object().member("identity", given.identity).member_if("by", given.by).member_if("reason", given.reason);
    out.member("at", to_millis(given.at));
    if (given.until) out.member("until", to_millis(*given.until));
    return out.end_object().take();
}

result<block> block_from_json(std::string_view text) {
    const auto parsed = json::document::parse(text);
    if (!parsed || (*parsed)["identity"].text().empty()) return fail(errc::corrupt, "a stored block is not readable");
    const auto from = parsed->root();
    block read;
    read.identity = from["identity"].text();
    read.by = from["by"].text();
    read.reason = from["reason"].text();
    read.at = from_millis(from["at"].integer().value_or(0));
    if (const auto until = from["until"].integer()) read.until = from_millis(*until);
    return read;
}

std::string domain_of(std::string_view identity) {
    constexpr std::string_view mail = "email:";
    const auto at = identity.rfind('@');
    if (!identity.starts_with(mail) || at == std::string_view::npos) return {};
    return std::string(mail) + '*' + std::string(identity.substr(at));
}

void block_list::put(block given) {
    auto key = given.identity;
    blocks_.insert_or_assign(std::move(key), std::move(given));
}

bool block_list::lift(std::string_view identity) {
    const auto found = blocks_.find(identity);
    if (found == blocks_.end()) return false;
    blocks_.erase(found);
    return true;
}

const block* block_list::find(std::string_view identity, time_point now) const {
    for (const auto& key : {std::string(identity), domain_of(identity)}) {
        const auto found = key.empty() ? blocks_.end() : blocks_.find(key);
        if (found != blocks_.end() && (!found->second.until || *found->second.until > now)) return &found->second;
    }
    return nullptr;
}

}  // namespace kindred::customers
