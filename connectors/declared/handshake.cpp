#include "connectors/declared/handshake.hpp"

#include "engine/base/text.hpp"

#include <algorithm>

namespace kindred::connectors::declared {
namespace {

using channel::reception;

void read_answer(known_keys& in, handshake& into) {
    const auto written = in.text("answer").value_or("{challenge}");
    into.answer = text_template(written);
    for (const auto& name : into.answer.names())
        if (name != "challenge" && name != "hmac")
            in.complain("answer", "knows {challenge} and {hmac}, not {" + name + "}");
    into.answers_json = !into.answer.begins_with_name("challenge") && trim(written).starts_with('{');
}

std::optional<field_path> read_path(known_keys& in, std::string_view key) {
    const auto written = in.text(key);
    if (!written) return std::nullopt;
    auto place = field_path::parse(*written);
    if (place) return std::move(*place);
    in.complain(key, place.error().message);
    return std::nullopt;
}

handshake read_one(channel::options& settings, const channel::structure& given) {
    static constexpr std::pair<std::string_view, bool> methods[]{{"GET", true}, {"POST", false}};
    handshake made;
    known_keys in(settings, given, "handshake");
    const bool get = choose(in, "method", methods).value_or(false);
    made.method = get ? "GET" : "POST";
    if (const auto* when = in.at("when")) made.when = read_conditions(settings, *when, in.name_of("when"), "handshake");
    if (!get && made.when.empty()) in.complain("when", "is missing: say by what a question is told from a delivery");
    in.require("challenge");
    if (auto place = read_path(in, "challenge")) made.challenge = std::move(*place);
    made.token = read_path(in, "token");
    made.tokens = settings.secrets("verify_token");
    if (made.token && made.tokens.empty()) in.complain("token", "needs the setting verify_token to compare with");
    made.is_signed = in.yes_no("signed", true);
    read_answer(in, made);
    in.finish();
    return made;
}

/// A text inside the quotes of a JSON string.
std::string inside_json(const std::string& text) {
    const auto quoted = json::literal(text);
    return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

std::vector<handshake> read_handshakes(channel::options& settings) {
    std::vector<handshake> all;
    const auto* given = settings.tree("handshake");
    if (given == nullptr) return all;
    if (given->is != channel::structure::form::list) {
        all.push_back(read_one(settings, *given));
        return all;
    }
    for (const auto& each : given->items) all.push_back(read_one(settings, each));
    return all;
}

std::optional<reception> answer_handshake(const std::vector<handshake>& all, const event_view& asked,
                                          const proof_scheme& scheme, bool is_signed) {
    for (const auto& each : all) {
        if (each.method != asked.request->method) continue;
        if (each.method == "POST" && each.is_signed != is_signed) continue;
        const auto holds = [&](const condition& one) { return one.holds(asked); };
        if (!std::all_of(each.when.begin(), each.when.end(), holds)) continue;
        const auto challenge = each.challenge.text_in(asked);
        if (!challenge) return reception::refuse(400, "malformed", "the challenge is missing");
        if (each.token && !channel::is_one_of(each.tokens, each.token->text_in(asked).value_or("")))
            return reception::refuse(403, "wrong_token");
        reception made;
        made.when = channel::answer_after::nothing;
        made.reply.body = each.answer.fill([&](std::string_view name) {
            const auto value = name == "hmac" ? keyed_hash(scheme, *challenge) : *challenge;
            return each.answers_json ? inside_json(value) : value;
        });
        made.reply.content_type = each.answers_json ? "application/json" : "text/plain; charset=utf-8";
        return made;
    }
    return std::nullopt;
}

}  // namespace kindred::connectors::declared
