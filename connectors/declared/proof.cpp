#include "connectors/declared/proof.hpp"

#include "engine/base/text.hpp"
#include "engine/channel/basic_auth.hpp"
#include "engine/channel/webhook.hpp"

#include <algorithm>

namespace kindred::connectors::declared {
namespace {

using channel::reception;

/// More signatures than anybody's rotation needs are an attempt to keep us busy.
constexpr std::size_t most_signatures = 20;
constexpr std::string_view of_header = "header:";

enum class secret_form { text = 1, base64, hex };

std::vector<std::string> decoded_secrets(channel::options& settings, secret_form form) {
    std::vector<std::string> keys;
    for (const auto& written : settings.secrets("secret")) {
        std::optional<std::string> key = written;
        if (form == secret_form::base64) key = from_base64(written);
        if (form == secret_form::hex) key = from_hex(written);
        if (key && !key->empty())
            keys.push_back(std::move(*key));
        else
            settings.complain("secret", form == secret_form::hex ? "wants hex digits" : "wants base64");
    }
    return keys;
}

void read_signed_text(known_keys& in, proof_scheme& into) {
    const auto written = in.text("signs").value_or(into.time_header.empty() ? "{body}" : "{timestamp}.{body}");
    into.signs = text_template(written);
    bool body = false;
    for (const auto& name : into.signs.names()) {
        body = body || name == "body";
        if (name == "timestamp" && into.time_header.empty())
            in.complain("signs", "{timestamp} needs `timestamp`: say which header holds it");
        if (name != "body" && name != "timestamp" && name != "url" && !name.starts_with(of_header))
            in.complain("signs", "knows {body}, {timestamp}, {url} and {header:NAME}, not {" + name + "}");
    }
    // A signature that leaves the body out proves nothing about what it says.
    if (!body) in.complain("signs", "must have {body} in it");
    into.signs_whole_body = written == "{body}";
}

void read_signed_time(channel::options& settings, known_keys& in, proof_scheme& into) {
    using form = time_extract::form;
    static constexpr std::pair<std::string_view, form> forms[]{{"unix", form::unix_seconds},
                                                               {"unix_ms", form::unix_millis},
                                                               {"unix_us", form::unix_micros},
                                                               {"rfc3339", form::rfc3339},
                                                               {"mail", form::mail}};
    const auto* given = in.at("timestamp");
    if (given == nullptr) return;
    if (given->is == channel::structure::form::text) {
        into.time_header = given->text;
        return;
    }
    known_keys time(settings, *given, in.name_of("timestamp"));
    into.time_header = time.required_text("header").value_or("");
    into.time_field = time.text("field").value_or("");
    into.time_form = choose(time, "form", forms).value_or(form::unix_seconds);
    if (const auto written = time.text("tolerance")) {
        const auto span = parse_duration(*written);
        if (span && span->count() > 0)
            into.tolerance = *span;
        else
            time.complain("tolerance", "wants a duration such as 5m, not \"" + *written + "\"");
    }
    time.finish();
}

void read_hmac(channel::options& settings, known_keys& in, proof_scheme& into) {
    static constexpr std::pair<std::string_view, hash_kind> hashes[]{
        {"sha1", hash_kind::sha1}, {"sha256", hash_kind::sha256}, {"sha512", hash_kind::sha512}};
    static constexpr std::pair<std::string_view, channel::digest_form> encodings[]{
        {"hex", channel::digest_form::hex}, {"base64", channel::digest_form::base64}};
    static constexpr std::pair<std::string_view, secret_form> secret_forms[]{
        {"text", secret_form::text}, {"base64", secret_form::base64}, {"hex", secret_form::hex}};
    into.header = in.required_text("header").value_or("");
    into.field = in.text("field").value_or("");
    into.prefix = in.text("prefix").value_or("");
    into.hash = choose(in, "hash", hashes).value_or(hash_kind::sha256);
    into.encoding = choose(in, "encoding", encodings).value_or(channel::digest_form::hex);
    read_signed_time(settings, in, into);
    read_signed_text(in, into);
    into.secrets = decoded_secrets(settings, choose(in, "secret_form", secret_forms).value_or(secret_form::text));
}

void read_standard_webhooks(channel::options& settings, known_keys& in, proof_scheme& into) {
    into.keys = channel::standard_webhook_keys_in(settings, "secret", "whpk");
    if (const auto written = in.text("tolerance")) {
        const auto span = parse_duration(*written);
        if (span && span->count() > 0)
            into.tolerance = *span;
        else
            in.complain("tolerance", "wants a duration such as 5m, not \"" + *written + "\"");
    }
}

/// The value of each part of "t=1,v1=ab,v1=cd" that has the name; the whole header where no name is asked for.
std::vector<std::string_view> fields_of(std::string_view header, std::string_view name) {
    std::vector<std::string_view> found;
    if (name.empty()) {
        found.push_back(header);
        return found;
    }
    for (const auto part : split(header, ',')) {
        const auto equals = part.find('=');
        if (equals != std::string_view::npos && trim(part.substr(0, equals)) == name)
            found.push_back(trim(part.substr(equals + 1)));
    }
    return found;
}

std::string signed_text(const proof_scheme& scheme, const channel::request& arrived, std::string_view stamp) {
    return scheme.signs.fill([&](std::string_view name) -> std::string {
        if (name == "body") return std::string(arrived.body);
        if (name == "timestamp") return std::string(stamp);
        if (name == "url") return std::string(arrived.url);
        return std::string(arrived.single_header(name.substr(of_header.size())).value_or(std::string_view{}));
    });
}

std::optional<reception> refuse_unless_hmac(const proof_scheme& scheme, const channel::request& arrived,
                                            time_point now) {
    const auto given = arrived.single_header(scheme.header);
    if (!given) return reception::refuse(401, "missing_signature");
    const auto signatures = fields_of(*given, scheme.field);
    if (signatures.empty()) return reception::refuse(401, "missing_signature");
    if (signatures.size() > most_signatures) return channel::malformed(scheme.header + ": has too many signatures");
    std::string_view stamp;
    if (!scheme.time_header.empty()) {
        const auto header = arrived.single_header(scheme.time_header);
        const auto stamps = header ? fields_of(*header, scheme.time_field) : std::vector<std::string_view>{};
        if (stamps.size() != 1) return reception::refuse(401, "missing_signature");
        stamp = stamps.front();
    }
    const auto over = scheme.signs_whole_body ? std::string() : signed_text(scheme, arrived, stamp);
    const std::string_view bytes = scheme.signs_whole_body ? arrived.body : std::string_view(over);
    bool matched = false;
    for (auto signature : signatures) {
        if (!signature.starts_with(scheme.prefix)) continue;
        signature.remove_prefix(scheme.prefix.size());
        matched |= channel::is_signed(scheme.hash, scheme.encoding, scheme.secrets, {bytes}, signature);
    }
    if (!matched) return reception::refuse(403, "wrong_signature");
    if (scheme.time_header.empty()) return std::nullopt;
    const auto at = time_of(stamp, scheme.time_form);
    if (!at) return channel::malformed(scheme.time_header + ": is no time");
    if (now - *at > scheme.tolerance || *at - now > scheme.tolerance) return reception::refuse(403, "stale");
    return std::nullopt;
}

std::optional<reception> refuse_unless_shared(const proof_scheme& scheme, const channel::request& arrived) {
    std::optional<std::string> given;
    if (scheme.how == proof_scheme::kind::query)
        given = arrived.query_parameter(scheme.header);
    else if (const auto header = arrived.single_header(scheme.header))
        given = *header;
    if (!given || given->empty()) return reception::refuse(401, "missing_signature");
    std::string_view secret = *given;
    if (!secret.starts_with(scheme.prefix)) return reception::refuse(403, "wrong_signature");
    secret.remove_prefix(scheme.prefix.size());
    if (!channel::is_one_of(scheme.secrets, secret)) return reception::refuse(403, "wrong_signature");
    return std::nullopt;
}

}  // namespace

proof_scheme read_proof(channel::options& settings) {
    using kind = proof_scheme::kind;
    static constexpr std::pair<std::string_view, kind> kinds[]{
        {"none", kind::none},   {"hmac", kind::hmac},   {"header", kind::header},
        {"query", kind::query}, {"basic", kind::basic}, {"standard-webhooks", kind::standard_webhooks}};
    proof_scheme made;
    const auto* given = settings.tree("proof");
    if (given == nullptr) {
        settings.complain("proof", "is missing: say how the sender proves itself, or `scheme: none` if it does not");
        return made;
    }
    known_keys in(settings, *given, "proof");
    in.require("scheme");
    made.how = choose(in, "scheme", kinds).value_or(kind::hmac);
    switch (made.how) {
        case kind::none: break;
        case kind::hmac: read_hmac(settings, in, made); break;
        case kind::header:
            made.header = in.required_text("header").value_or("");
            made.prefix = in.text("prefix").value_or("");
            made.secrets = settings.secrets("secret");
            break;
        case kind::query:
            made.header = in.required_text("parameter").value_or("");
            made.secrets = settings.secrets("secret");
            break;
        case kind::basic:
            made.secrets = settings.secrets("secret");
            for (const auto& each : made.secrets)
                if (each.find(':') == std::string::npos) settings.complain("secret", "wants user:password");
            break;
        case kind::standard_webhooks: read_standard_webhooks(settings, in, made); break;
    }
    in.finish();
    return made;
}

std::optional<reception> refuse_unless_proven(const proof_scheme& scheme, const channel::request& arrived,
                                              time_point now) {
    using kind = proof_scheme::kind;
    if (scheme.how == kind::none) return std::nullopt;
    if (scheme.how == kind::standard_webhooks)
        return channel::refuse_unless_standard_webhook(arrived, scheme.keys, scheme.tolerance, now);
    if (scheme.secrets.empty()) return reception::refuse(403, "not_configured");
    if (scheme.how == kind::basic) return channel::refuse_unless_basic_auth(arrived, scheme.secrets);
    if (scheme.how == kind::hmac) return refuse_unless_hmac(scheme, arrived, now);
    return refuse_unless_shared(scheme, arrived);
}

std::string keyed_hash(const proof_scheme& scheme, std::string_view text) {
    if (scheme.secrets.empty()) return {};
    const auto digest = hmac_of(scheme.hash, scheme.secrets.front(), {text});
    return scheme.encoding == channel::digest_form::hex ? to_hex(digest) : to_base64(digest);
}

}  // namespace kindred::connectors::declared
