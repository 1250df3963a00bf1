#include "connectors/declared/reply.hpp"

#include "engine/base/text.hpp"
#include "engine/channel/webhook.hpp"

#include <algorithm>
#include <array>

namespace kindred::connectors::declared {
namespace {

constexpr std::array<std::string_view, 13> fixed_names{"text",       "from",  "to",      "thread", "subject",
                                                       "message_id", "key",   "ticket",  "agent",  "at",
                                                       "unix",       "token", "api_base"};
constexpr std::string_view of_detail = "detail.";
constexpr std::string_view as_number = ":number";

/// What stands in the braces: "thread", "thread:number" (a JSON number), "message_id?" (left out when empty).
struct place {
    std::string_view name;
    bool number = false;
    bool optional = false;
};

place place_of(std::string_view written) {
    place made{written};
    if (made.name.ends_with('?')) {
        made.optional = true;
        made.name.remove_suffix(1);
    }
    if (made.name.ends_with(as_number)) {
        made.number = true;
        made.name.remove_suffix(as_number.size());
    }
    return made;
}

std::string value_of(const reply_rules& rules, const channel::outgoing& message, std::string_view name) {
    if (name == "text") return message.text;
    if (name == "from") return message.from;
    if (name == "to") return message.to;
    if (name == "thread") return message.thread;
    if (name == "subject") return message.subject;
    if (name == "message_id") return message.provider_message_id;
    if (name == "key") return message.idempotency_key;
    if (name == "ticket") return message.ticket;
    if (name == "agent") return message.agent_name;
    if (name == "at") return to_rfc3339(message.at);
    if (name == "unix") return std::to_string(to_millis(message.at) / 1000);
    if (name == "token") return rules.token;
    if (name == "api_base") return rules.api_base;
    const auto details = json::document::parse(message.details);
    if (!details || !name.starts_with(of_detail)) return {};
    const auto value = (*details)[name.substr(of_detail.size())];
    if (value.is_string()) return std::string(value.text());
    return value.is_number() || value.is_bool() ? value.to_text() : std::string();
}

void check_names(known_keys& in, std::string_view key, const text_template& given,
                 const std::vector<std::string>& details) {
    for (const auto& written : given.names()) {
        const auto name = place_of(written).name;
        if (std::find(fixed_names.begin(), fixed_names.end(), name) != fixed_names.end()) continue;
        const bool detail = name.starts_with(of_detail);
        const auto wanted = detail ? name.substr(of_detail.size()) : name;
        if (detail && std::find(details.begin(), details.end(), wanted) != details.end()) continue;
        std::vector<std::string> known(fixed_names.begin(), fixed_names.end());
        for (const auto& each : details) known.push_back(std::string(of_detail) + each);
        const auto meant = nearest(name, known);
        in.complain(key, "{" + written + "} is not known" + (meant ? "; did you mean {" + *meant + "}?" : "") +
                             (detail ? " (contact/details must keep it)" : ""));
    }
}

/// Every text of a JSON template, keys left out.
void each_text(json::value from, const std::function<void(std::string_view)>& visit) {
    if (from.is_string()) visit(from.text());
    if (from.is_array()) from.for_each([&](json::value one) { each_text(one, visit); });
    if (from.is_object()) from.for_each_member([&](std::string_view, json::value one) { each_text(one, visit); });
}

void read_body(known_keys& in, const std::vector<std::string>& details, reply_rules& into) {
    const auto written = in.text("body");
    if (!written) return;
    auto parsed = json::document::parse(*written);
    if (!parsed) return in.complain("body", "is no JSON: " + parsed.error().message);
    each_text(parsed->root(), [&](std::string_view text) { check_names(in, "body", text_template(text), details); });
    into.body = std::make_shared<const json::document>(std::move(*parsed));
}

std::vector<std::pair<std::string, text_template>> read_named_templates(known_keys& in, std::string_view key,
                                                                        const std::vector<std::string>& details) {
    std::vector<std::pair<std::string, text_template>> all;
    const auto* given = in.at(key);
    if (given == nullptr) return all;
    known_keys named(in.settings(), *given, in.name_of(key));
    for (const auto& [name, value] : given->members) {
        const auto text = named.text(name);
        if (!text) continue;
        all.emplace_back(name, text_template(*text));
        check_names(named, name, all.back().second, details);
        const bool odd = name.find_first_of(" :\r\n\t") != std::string::npos || name.empty();
        if (key == "headers" && odd) named.complain(name, "is no name of a header");
    }
    return all;
}

void read_outcome(channel::options& settings, known_keys& in, reply_rules& into) {
    const auto path = [&](std::string_view key, std::optional<field_path>& place) {
        const auto written = in.text(key);
        if (!written) return;
        if (auto read = field_path::parse(*written))
            place = std::move(*read);
        else
            in.complain(key, read.error().message);
    };
    path("answered_id", into.message_id);
    path("answered_reason", into.reason);
    if (const auto* when = in.at("sent_when"))
        into.sent_when = read_conditions(settings, *when, in.name_of("sent_when"), "sent");
}

result<std::string> number_text(const std::string& value, std::string_view name) {
    const auto parsed = json::document::parse(value);
    if (!parsed || !parsed->root().is_number())
        return fail(errc::invalid, "the answer's {" + std::string(name) + "} is no number: \"" + value + "\"");
    return value;
}

/// Writes a JSON template with its places filled.
class template_writer {
public:
    template_writer(const reply_rules& rules, const channel::outgoing& message) : rules_(rules), message_(message) {}

    void write(json::value from) {
        if (from.is_object()) return write_object(from);
        if (from.is_array()) {
            out_.begin_array();
            from.for_each([&](json::value one) { write(one); });
            out_.end_array();
        } else if (from.is_string()) {
            write_text(from.text());
        } else {
            out_.raw(from.to_text());
        }
    }
    std::optional<error> problem() const { return problem_; }
    std::string take() { return out_.take(); }

private:
    void write_object(json::value from) {
        out_.begin_object();
        from.for_each_member([&](std::string_view key, json::value one) {
            if (one.is_string() && is_left_out(one.text())) return;
            out_.key(key);
            write(one);
        });
        out_.end_object();
    }
    bool is_left_out(std::string_view text) const {
        const text_template given(text);
        if (!given.is_one_name()) return false;
        const auto names = given.names();
        const auto at = place_of(names.front());
        return at.optional && value_of(rules_, message_, at.name).empty();
    }
    void write_text(std::string_view text) {
        const text_template given(text);
        if (given.is_one_name()) {
            const auto names = given.names();
            const auto at = place_of(names.front());
            if (at.number) {
                auto number = number_text(value_of(rules_, message_, at.name), at.name);
                if (number)
                    out_.raw(*number);
                else
                    problem_ = number.error();
                return;
            }
        }
        out_.value(given.fill([&](std::string_view name) { return value_of(rules_, message_, place_of(name).name); }));
    }

    const reply_rules& rules_;
    const channel::outgoing& message_;
    json::writer out_;
    std::optional<error> problem_;
};

bool is_header_safe(std::string_view value) { return value.find_first_of("\r\n\0") == std::string_view::npos; }

/// Nothing that a customer wrote may change which address is called: each place is one step of it.
result<std::string> filled_url(const reply_rules& rules, const channel::outgoing& message) {
    std::optional<error> problem;
    auto url = rules.url.fill([&](std::string_view written) -> std::string {
        const auto at = place_of(written);
        auto value = value_of(rules, message, at.name);
        if (at.name == "api_base") return value;
        if (value.empty() && !at.optional)
            problem = fail(errc::invalid, "the contact has no " + std::string(at.name) + " to answer to");
        if (value == "." || value == "..")
            problem = fail(errc::invalid, "the contact's " + std::string(at.name) + " is no id: " + value);
        return encode_percent(value);
    });
    if (problem) return *problem;
    return url;
}

}  // namespace

std::optional<reply_rules> read_reply(channel::options& settings, const std::vector<std::string>& details) {
    static constexpr std::pair<std::string_view, std::string_view> methods[]{
        {"POST", "POST"}, {"PUT", "PUT"}, {"PATCH", "PATCH"}};
    reply_rules made;
    made.api_base = settings.address("api_base", "");
    made.token = settings.text("token");
    made.user = settings.text("user");
    made.password = settings.text("password");
    const auto* given = settings.tree("reply");
    if (given == nullptr) return std::nullopt;
    known_keys in(settings, *given, "reply");
    made.method = choose(in, "method", methods).value_or("POST");
    made.url = text_template(in.required_text("url").value_or(""));
    check_names(in, "url", made.url, details);
    const auto names = made.url.names();
    if (in.at("url") != nullptr && (!made.url.begins_with_name("api_base") || made.api_base.empty()))
        in.complain("url", "must begin with {api_base}, and api_base be the provider's address");
    if (std::count(names.begin(), names.end(), "api_base") > 1) in.complain("url", "has {api_base} twice");
    made.headers = read_named_templates(in, "headers", details);
    read_body(in, details, made);
    made.form = read_named_templates(in, "form", details);
    if (in.at("body") != nullptr && in.at("form") != nullptr) in.complain("form", "stands beside body: choose one");
    if (const auto longest = in.text("longest_text")) {
        const auto number = channel::number_of(*longest);
        if (number && *number > 0 && *number <= 10'000'000)
            made.longest_text = static_cast<std::size_t>(*number);
        else
            in.complain("longest_text", "wants a number of characters");
    }
    read_outcome(settings, in, made);
    in.finish();
    return made;
}

result<channel::provider_call> reply_call(const reply_rules& rules, const channel::outgoing& message) {
    if (message.text.empty()) return fail(errc::invalid, "the channel takes no empty answer");
    if (!is_utf8(message.text)) return fail(errc::invalid, "the answer is not UTF-8");
    if (rules.longest_text != 0 && count_code_points(message.text) > rules.longest_text)
        return fail(errc::invalid, "the answer is over the " + std::to_string(rules.longest_text) +
                                       " characters of this channel: shorten or split it");
    auto url = filled_url(rules, message);
    if (!url) return url.error();
    channel::provider_call call;
    call.method = rules.method;
    call.url = std::move(*url);
    call.user = rules.user;
    call.password = rules.password;
    const auto value = [&](std::string_view written) { return value_of(rules, message, place_of(written).name); };
    bool typed = false;
    for (const auto& [name, text] : rules.headers) {
        auto filled = text.fill(value);
        if (!is_header_safe(filled)) return fail(errc::invalid, "the header " + name + " would have a line break");
        typed = typed || equal_ignoring_case(name, "content-type");
        call.headers.emplace_back(name, std::move(filled));
    }
    if (rules.body != nullptr) {
        template_writer body(rules, message);
        body.write(rules.body->root());
        if (auto problem = body.problem()) return *problem;
        call.body = body.take();
        if (!typed) call.headers.emplace_back("Content-Type", "application/json");
    } else if (!rules.form.empty()) {
        for (const auto& [name, text] : rules.form)
            call.body += (call.body.empty() ? "" : "&") + encode_percent(name) + "=" + encode_percent(text.fill(value));
        if (!typed) call.headers.emplace_back("Content-Type", std::string(channel::form_media_type));
    }
    return call;
}

channel::delivery judge_answer(const reply_rules& rules, const channel::provider_answer& answered,
                               channel::delivery by_status) {
    using state = channel::delivery::state;
    const auto parsed = json::document::parse(answered.body);
    static const channel::request nobody;
    const auto root = parsed ? parsed->root() : json::value{};
    const event_view answer{root, root, &nobody};
    if (by_status.outcome == state::sent) {
        const auto holds = [&](const condition& each) { return each.holds(answer); };
        if (!std::all_of(rules.sent_when.begin(), rules.sent_when.end(), holds)) {
            by_status.outcome = state::failed;
            by_status.reason = "the provider's answer does not say that it was sent";
        } else if (rules.message_id) {
            by_status.provider_message_id = rules.message_id->text_in(answer).value_or("");
        }
    }
    if (by_status.outcome != state::sent && rules.reason)
        if (const auto reason = rules.reason->text_in(answer)) by_status.reason += ": " + reason->substr(0, 200);
    return by_status;
}

}  // namespace kindred::connectors::declared
