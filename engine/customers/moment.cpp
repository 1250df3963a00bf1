#include "engine/customers/moment.hpp"

#include "engine/base/json.hpp"
#include "engine/base/sortable_number.hpp"

namespace kindred::customers {

std::string key_prefix_of_moments(customer_id about) { return sortable_number(about.value) + '/'; }

std::string key_of_moment(customer_id about, std::uint64_t version) {
    return key_prefix_of_moments(about) + sortable_number(version);
}

std::string to_json(const moment& happened) {
    json::writer out;
    out.begin_object().member("about", to_string(happened.about)).member("version", happened.version);
    out.member("at", to_millis(happened.at)).member("what", happened.what).member_if("by", happened.by);
    out.member_if("name", happened.name).member_if("value", happened.value).member_if("reason", happened.reason);
    out.key("changed").begin_array();
    for (const auto& each : happened.changed) out.value(each);
    out.end_array().key("moves").begin_array();
    for (const auto& each : happened.moves)
        out.begin_object()
            .member("dimension", each.dimension)
            .member("from", each.from)
            .member("to", each.to)
            .end_object();
    return out.end_array().end_object().take();
}

result<moment> moment_from_json(std::string_view text) {
    const auto parsed = json::document::parse(text);
    const auto about = parsed ? parse_id<customer_id>((*parsed)["about"].text()) : std::nullopt;
    if (!about) return fail(errc::corrupt, "a stored moment of a customer is not readable");
    const auto from = parsed->root();
    moment read;
    read.about = *about;
    read.version = static_cast<std::uint64_t>(from["version"].integer().value_or(0));
    read.at = from_millis(from["at"].integer().value_or(0));
    read.what = from["what"].text();
    read.by = from["by"].text();
    read.name = from["name"].text();
    read.value = from["value"].text();
    read.reason = from["reason"].text();
    from["changed"].for_each([&](json::value each) { read.changed.emplace_back(each.text()); });
    from["moves"].for_each([&](json::value each) {
        read.moves.push_back(
            {std::string(each["dimension"].text()), std::string(each["from"].text()), std::string(each["to"].text())});
    });
    return read;
}

}  // namespace kindred::customers
