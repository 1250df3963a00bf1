#include "engine/channel/twilio.hpp"

#include "engine/base/text.hpp"
#include "engine/channel/checkup.hpp"
#include "engine/channel/signature.hpp"

#include <algorithm>

namespace kindred::channel {
namespace {

/// An address cut where Twilio's forms of it differ.
struct address_parts {
    std::string scheme;  ///< "https://"
    std::string user;    ///< "user:password@" or empty
    std::string host;
    std::string port;   ///< ":443" or empty
    std::string path;   ///< from the first '/'
    std::string query;  ///< without '?'
    bool has_query = false;
};

address_parts cut(std::string_view url) {
    address_parts parts;
    const auto scheme_end = url.find("://");
    if (scheme_end == std::string_view::npos) {
        parts.path = url;
        return parts;
    }
    parts.scheme = url.substr(0, scheme_end + 3);
    url.remove_prefix(scheme_end + 3);
    const auto authority_end = std::min(url.find_first_of("/?"), url.size());
    auto authority = url.substr(0, authority_end);
    url.remove_prefix(authority_end);
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
        parts.user = authority.substr(0, at + 1);
        authority.remove_prefix(at + 1);
    }
    const auto colon = authority.rfind(':');
    const bool has_port = colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos;
    parts.host = authority.substr(0, has_port ? colon : authority.size());
    if (has_port) parts.port = authority.substr(colon);
    const auto question = url.find('?');
    parts.path = url.substr(0, question);
    if (question != std::string_view::npos) {
        parts.has_query = true;
        parts.query = url.substr(question + 1);
    }
    return parts;
}

void append_escaped(std::string& out, char letter) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(letter);
    out += '%';
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
}

/// The query as a URL parser of browsers and Node writes it (WHATWG URL, special-query percent-encode set).
std::string as_url_parser_writes(std::string_view query) {
    std::string out;
    for (const char letter : query) {
        const auto byte = static_cast<unsigned char>(letter);
        const bool escape =
            byte <= 0x20 || byte >= 0x7F || std::string_view("\"#<>'").find(letter) != std::string_view::npos;
        if (escape)
            append_escaped(out, letter);
        else
            out += letter;
    }
    return out;
}

/// The query decoded and written again by Node's old querystring module.
std::string as_querystring_writes(std::string_view query) {
    const auto append = [](std::string& out, std::string_view text) {
        for (const char letter : text) {
            const bool plain = (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') ||
                               (letter >= 'A' && letter <= 'Z') ||
                               std::string_view("-_.!~*'()").find(letter) != std::string_view::npos;
            if (plain)
                out += letter;
            else
                append_escaped(out, letter);
        }
    };
    std::string out;
    for (const auto& field : parse_form(query)) {
        if (!out.empty()) out += '&';
        append(out, field.name);
        out += '=';
        append(out, field.value);
    }
    return out;
}

/// Every form of the address that the signature may cover, each once.
std::vector<std::string> forms_of(std::string_view url) {
    std::vector<std::string> forms{std::string(url)};
    const auto parts = cut(url);
    if (parts.scheme.empty()) return forms;
    const std::string standard_port = parts.scheme == "http://" || parts.scheme == "ws://" ? ":80" : ":443";
    std::vector<std::string> queries{parts.query};
    if (parts.has_query) {
        queries.push_back(as_url_parser_writes(parts.query));
        queries.push_back(as_querystring_writes(parts.query));
    }
    const auto add = [&](const std::string& user, const std::string& port, const std::string& query) {
        auto form = parts.scheme + user + parts.host + port + parts.path + (parts.has_query ? "?" + query : "");
        if (std::find(forms.begin(), forms.end(), form) == forms.end()) forms.push_back(std::move(form));
    };
    for (const auto& query : queries) {
        for (const std::string& port : {parts.port, std::string{}, parts.port.empty() ? standard_port : parts.port}) {
            add(parts.user, port, query);
            add({}, port, query);
        }
    }
    return forms;
}

/// Names in byte order, each directly followed by its value; of equal pairs only one counts.
std::string signed_fields(const std::vector<form_field>& fields) {
    std::vector<std::pair<std::string_view, std::string_view>> sorted;
    sorted.reserve(fields.size());
    for (const auto& field : fields) sorted.emplace_back(field.name, field.value);
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    std::string joined;
    for (const auto& [name, value] : sorted) joined.append(name).append(value);
    return joined;
}

std::optional<std::string> body_digest_in(std::string_view url) {
    const auto question = url.find('?');
    if (question == std::string_view::npos) return std::nullopt;
    for (auto& field : parse_form(url.substr(question + 1)))
        if (field.name == "bodySHA256") return std::move(field.value);
    return std::nullopt;
}

}  // namespace

bool is_signed_by_twilio(const std::vector<std::string>& auth_tokens, std::string_view url,
                         const std::vector<form_field>& fields, std::string_view signature) {
    const auto joined = signed_fields(fields);
    const auto forms = forms_of(url);
    return std::any_of(forms.begin(), forms.end(), [&](const std::string& form) {
        return is_signed(hash_kind::sha1, digest_form::base64, auth_tokens, {form, joined}, signature);
    });
}

bool is_signed_by_twilio_with_body(const std::vector<std::string>& auth_tokens, std::string_view url,
                                   std::string_view body, std::string_view signature) {
    const auto stated = body_digest_in(url);
    if (!stated) return false;
    return is_signed_by_twilio(auth_tokens, url, {}, signature) &&
           equal_secrets(sha256_hex(body), to_lower_ascii(*stated));
}

std::variant<form, reception> verified_twilio_form(const request& arrived, const std::vector<std::string>& auth_tokens,
                                                   std::string_view account_sid) {
    if (auth_tokens.empty()) return reception::refuse(403, "not_configured");
    const auto signature = arrived.single_header("x-twilio-signature");
    if (!signature) return reception::refuse(401, "missing_signature");
    const bool asks = arrived.method == "GET";
    if (!asks && media_type_of(arrived) != form_media_type) return reception::refuse(415, "wrong_content_type");

    auto fields = form::parse(asks ? arrived.query : arrived.body);
    const bool body_in_address = !asks && body_digest_in(arrived.url).has_value();
    const bool genuine = body_in_address
                             ? is_signed_by_twilio_with_body(auth_tokens, arrived.url, arrived.body, *signature)
                             : is_signed_by_twilio(auth_tokens, arrived.url,
                                                   asks ? std::vector<form_field>{} : fields.fields(), *signature);
    if (!genuine) return reception::refuse(403, "wrong_signature");
    if (!fields.is_text()) return malformed("the form is not UTF-8");
    if (!account_sid.empty() && fields["AccountSid"] != account_sid) return reception::refuse(403, "wrong_account");
    return fields;
}

checkup twilio_checkup(const std::string& api_base, const std::string& account_sid, std::string user,
                       std::string password) {
    if (account_sid.empty() || password.empty())
        return cannot_ask("account", "it receives, and does nothing by itself: set account_sid and auth_token");
    provider_call call;
    call.method = "GET";
    call.url = api_base + "/2010-04-01/Accounts/" + encode_percent(account_sid) + ".json";
    call.user = std::move(user);
    call.password = std::move(password);
    return can_ask("account", std::move(call), "friendly_name");
}

checkup_result read_twilio_checkup(const provider_answer& answered, checkup_result read) {
    const auto status = text_at(answered.body, "status");
    if (!read.works || status.empty() || status == "active") return read;
    return {false, "Twilio: the account is " + status};
}

}  // namespace kindred::channel
