#include "engine/app/receive.hpp"

#include "engine/app/config.hpp"
#include "engine/base/text.hpp"
#include "engine/base/time.hpp"
#include "engine/channel/request_size.hpp"

#include <istream>
#include <iterator>
#include <ostream>

namespace kindred::app {
namespace {

/// A raw HTTP/1.1 request, taken apart just as far as a connector needs it.
struct captured {
    std::string method;
    std::string target;
    std::vector<channel::header> headers;
    std::string body;
};

std::optional<captured> parse_request(const std::string& bytes) {
    auto head_end = bytes.find("\r\n\r\n");
    std::size_t gap = 4;
    if (head_end == std::string::npos) {
        head_end = bytes.find("\n\n");
        gap = 2;
    }
    if (head_end == std::string::npos) return std::nullopt;
    captured made;
    made.body = bytes.substr(head_end + gap);
    bool first = true;
    for (auto line : split(std::string_view(bytes).substr(0, head_end), '\n')) {
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (first) {
            const auto words = split(line, ' ');
            if (words.size() != 3 || !words[2].starts_with("HTTP/")) return std::nullopt;
            made.method = words[0];
            made.target = words[1];
            first = false;
            continue;
        }
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) return std::nullopt;
        made.headers.emplace_back(line.substr(0, colon), trim(line.substr(colon + 1)));
    }
    return made;
}

/// The part of a path below /webhooks/{channel}.
std::string subpath_of(std::string_view path, std::string_view channel) {
    const auto prefix = "/webhooks/" + std::string(channel);
    return path.starts_with(prefix) ? std::string(path.substr(prefix.size())) : std::string();
}

/// A captured request is old by the time somebody looks at it: where it says when it was signed, it is judged as of
/// then.
std::optional<time_point> signed_at(const std::vector<channel::header>& headers) {
    for (const auto& [name, value] : headers)
        for (const std::string_view stamp :
             {"webhook-timestamp", "x-slack-request-timestamp", "x-twilio-email-event-webhook-timestamp"})
            if (equal_ignoring_case(name, stamp)) return parse_time(value);
    return std::nullopt;
}

std::string to_json(const channel::reception& received, bool mail) {
    json::writer out;
    const auto status = mail && received.refused.empty() && received.reply.status < 300 ? 250U : received.reply.status;
    out.begin_object().member("status", status).key("headers").begin_object();
    if (!received.reply.body.empty()) out.member("Content-Type", received.reply.content_type);
    for (const auto& [name, value] : received.reply.headers) out.member(name, value);
    out.end_object().member("body", received.reply.body).key("records").begin_array();
    for (const auto& each : received.records) out.raw(channel::to_json(each));
    out.end_array();
    if (!received.asks.empty()) {
        // Nothing is asked here: this is what the engine would want to know before it takes the request in.
        out.key("asks").begin_array();
        for (const auto& each : received.asks) out.value(each.url);
        out.end_array();
    }
    out.key("refused");
    if (received.refused.empty())
        out.null();
    else
        out.value(received.refused);
    return out.end_object().take();
}

}  // namespace

int run_receive(const receive_arguments& given, std::istream& in, std::ostream& out, std::ostream& err) {
    const auto read = read_config(given.config, config_use::receive);
    for (const auto& problem : read.problems) err << settings::to_text(problem) << '\n';
    if (!read.read) return 3;
    const runtime::channel_directory channels(read.read->channels);
    const auto* via = channels.find(given.channel);
    if (via == nullptr) {
        err << given.config << ": error: there is no channel \"" << given.channel << "\"\n";
        return 2;
    }
    auto now = system_clock{}.now();
    if (!given.now.empty()) {
        const auto parsed = parse_time(given.now);
        if (!parsed) {
            err << "--now: wants RFC 3339 or Unix seconds, not \"" << given.now << "\"\n";
            return 2;
        }
        now = *parsed;
    }
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    channel::request request;
    captured http;
    std::string url = given.url;
    std::string subpath;
    const std::vector<channel::header> none;
    const bool mail = via->connector == "email" || via->connector == "imap";
    if (mail) {
        request.headers = &none;
        request.body = bytes;
    } else {
        auto parsed = parse_request(bytes);
        if (!parsed) {
            err << "standard input: wants a raw HTTP request\n";
            return 2;
        }
        http = std::move(*parsed);
        if (const auto then = signed_at(http.headers); then && given.now.empty()) {
            err << "note: judged as of " << to_rfc3339(*then) << ", when it was signed; --now says another time\n";
            now = *then;
        }
        const auto question = http.target.find('?');
        subpath = subpath_of(http.target.substr(0, question), given.channel);
        if (url.empty()) url = read.read->public_url + http.target;
        request.method = http.method;
        request.url = url;
        request.subpath = subpath;
        request.query =
            question == std::string::npos ? std::string_view() : std::string_view(http.target).substr(question + 1);
        request.headers = &http.headers;
        request.body = http.body;
    }
    const auto received =
        mail ? via->works->receive(request, now) : channel::receive_within_limit(via->kind, *via->works, request, now);
    const bool fine = received.refused.empty() && received.reply.status >= 200 && received.reply.status < 300;
    out << to_json(received, mail) << '\n';
    return fine ? 0 : 1;
}

}  // namespace kindred::app
