#include "engine/store/redis/site_replies.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"

#include <algorithm>

namespace kindred::store::redis {

using kindred::redis::refusal;
using kindred::redis::refusal_of;
using kindred::redis::remedy;
using kindred::redis::remedy_for;
using kindred::redis::reply;
using kindred::redis::reply_kind;

std::string digest_of(const unique_key& key) {
    const auto digest = sha256(std::to_string(key.space.size()) + ':' + key.space + key.id);
    return {reinterpret_cast<const char*>(digest.data()), 16};
}

errc code_of(refusal why) {
    switch (remedy_for(why)) {
        case remedy::step_down: return errc::fenced;
        case remedy::ask_operator: return errc::forbidden;
        case remedy::wait:
        case remedy::redirect:
        case remedy::load_function:
        case remedy::is_done: break;
    }
    return errc::unavailable;
}

error odd(std::string_view what) {
    return fail(errc::corrupt, "Redis answered " + std::string(what) + " in a form that is not ours");
}

std::uint64_t number_of(const reply& from) {
    if (from.kind == reply_kind::number) return static_cast<std::uint64_t>(std::max<std::int64_t>(from.number, 0));
    return parse_number(from.text).value_or(0);
}

std::uint64_t id_number(const std::string& id) { return parse_number(id.substr(0, id.find('-'))).value_or(0); }

const std::string* field_of(const std::vector<reply>& fields, std::string_view name) {
    for (std::size_t i = 0; i + 1 < fields.size(); i += 2)
        if (fields[i].text == name) return &fields[i + 1].text;
    return nullptr;
}

result<std::vector<reply>> entries_in(reply answer, std::string_view stream) {
    if (answer.is_refusal()) return fail(code_of(refusal_of(answer.text)), "Redis refuses XREAD: " + answer.text);
    for (auto& each : answer.list) {
        if (each.list.size() != 2) return odd("XREAD");
        if (each.list[0].text == stream) return std::move(each.list[1].list);
    }
    return std::vector<reply>{};
}

}  // namespace kindred::store::redis
