#include "engine/http/trusted_proxies.hpp"

#include "engine/base/text.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace kindred::http {
namespace {

/// Of "[2001:db8::1]:80" and "1.2.3.4:80" the address; other texts stay as they are.
std::string_view without_port(std::string_view text) {
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        return end == std::string_view::npos ? text : text.substr(1, end - 1);
    }
    const auto colon = text.find(':');
    const bool one_colon = colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos;
    return one_colon ? text.substr(0, colon) : text;
}

/// The elements of a header's list, quoted commas left alone.
std::vector<std::string_view> elements_of(std::string_view list) {
    std::vector<std::string_view> found;
    std::size_t from = 0;
    bool quoted = false;
    for (std::size_t i = 0; i <= list.size(); ++i) {
        if (i < list.size() && list[i] == '"') quoted = !quoted;
        if (i < list.size() && (quoted || list[i] != ',')) continue;
        found.push_back(trim(list.substr(from, i - from)));
        from = i + 1;
    }
    return found;
}

/// `for=` of an element of Forwarded; empty when it has none.
std::string_view for_of(std::string_view element) {
    while (!element.empty()) {
        const auto end = std::min(element.find(';'), element.size());
        const auto pair = trim(element.substr(0, end));
        element.remove_prefix(std::min(end + 1, element.size()));
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || !equal_ignoring_case(trim(pair.substr(0, equals)), "for")) continue;
        auto value = trim(pair.substr(equals + 1));
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
        return value;
    }
    return {};
}

}  // namespace

bool trusted_proxies::read(std::string_view text, bytes& address) {
    const std::string copy(text);
    if (::inet_pton(AF_INET6, copy.c_str(), address.data()) == 1) return true;
    address = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0};
    return ::inet_pton(AF_INET, copy.c_str(), address.data() + 12) == 1;
}

result<trusted_proxies> trusted_proxies::of(const std::vector<std::string>& networks, told_in header) {
    trusted_proxies made;
    made.header_ = header;
    for (const auto& text : networks) {
        const auto wrong = [&] { return fail(errc::invalid, "\"" + text + "\" is no address or network: 10.0.0.0/8"); };
        const auto slash = text.find('/');
        network read_one;
        if (!read(text.substr(0, slash), read_one.prefix)) return wrong();
        const unsigned whole = text.find(':') == std::string::npos ? 32 : 128;
        unsigned bits = whole;
        if (slash != std::string::npos) {
            const auto* const from = text.data() + slash + 1;
            const auto* const end = text.data() + text.size();
            const auto got = std::from_chars(from, end, bits);
            if (got.ec != std::errc{} || got.ptr != end || bits > whole) return wrong();
        }
        read_one.bits = bits + 128 - whole;
        made.networks_.push_back(read_one);
    }
    return made;
}

bool trusted_proxies::contains(std::string_view address) const {
    bytes asked{};
    if (networks_.empty() || !read(address, asked)) return false;
    return std::any_of(networks_.begin(), networks_.end(), [&](const network& each) {
        const auto whole = each.bits / 8;
        if (!std::equal(asked.begin(), asked.begin() + whole, each.prefix.begin())) return false;
        const auto rest = each.bits % 8;
        return rest == 0 || ((asked[whole] ^ each.prefix[whole]) >> (8 - rest)) == 0;
    });
}

std::string_view trusted_proxies::client_of(const request& asked) const {
    const auto name = header_ == told_in::forwarded ? "forwarded" : "x-forwarded-for";
    std::string_view nearest = asked.peer;
    for (auto field = asked.headers.rbegin(); field != asked.headers.rend(); ++field) {
        if (!equal_ignoring_case(field->name, name)) continue;
        const auto all = elements_of(field->value);
        for (auto each = all.rbegin(); each != all.rend(); ++each) {
            if (!contains(nearest)) return nearest;
            const auto address = without_port(header_ == told_in::forwarded ? for_of(*each) : *each);
            bytes known{};
            // "unknown", a name of the proxy's own: nobody further away can be told.
            if (!read(address, known)) return nearest;
            nearest = address;
        }
    }
    return nearest;
}

}  // namespace kindred::http
