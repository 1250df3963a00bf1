#include "engine/base/text.hpp"
#include "engine/base/token_file.hpp"
#include "engine/http/transfer.hpp"

#include <algorithm>

namespace kindred::http {
namespace {

/// An address that can stand between < and > in a command and nowhere else.
bool is_safe_address(std::string_view address) {
    return address.size() <= 320 && std::ranges::none_of(address, [](char letter) {
               const auto byte = static_cast<unsigned char>(letter);
               return byte <= ' ' || byte == 0x7F || letter == '<' || letter == '>';
           });
}

/// A lone CR or LF lets two servers see different ends of the message.
bool has_only_whole_line_ends(std::string_view message) {
    for (std::size_t at = 0; at < message.size(); ++at) {
        if (message[at] == '\n') return false;
        if (message[at] != '\r') continue;
        if (at + 1 == message.size() || message[at + 1] != '\n') return false;
        ++at;
    }
    return true;
}

result<void> check(const smtp_call& call) {
    if (call.recipients.empty() && !(call.message.empty() && call.from.empty()))
        return fail(errc::invalid, "a mail needs a recipient");
    const auto is_bad = [](const std::string& address) { return address.empty() || !is_safe_address(address); };
    if (std::ranges::any_of(call.recipients, is_bad))
        return fail(errc::invalid, "a recipient's address cannot be sent");
    if (!is_safe_address(call.from)) return fail(errc::invalid, "the sender's address cannot be sent");
    if (!has_only_whole_line_ends(call.message))
        return fail(errc::invalid, "the lines of a mail end in CR LF, each of them");
    return {};
}

/// The log-in. libcurl must not choose a mechanism for passwords when there is only a token.
result<void> prove(transfer& over, const smtp_call& call, std::string& token) {
    if (call.user.empty()) return {};
    over.set(CURLOPT_USERNAME, call.user.c_str());
    if (call.token_file.empty()) {
        over.set(CURLOPT_PASSWORD, call.password.c_str());
        return {};
    }
    auto read = read_token(call.token_file);
    if (!read) return fail(errc::unavailable, read.error().message);
    token = std::move(*read);
    over.set(CURLOPT_XOAUTH2_BEARER, token.c_str());
    over.set(CURLOPT_LOGIN_OPTIONS, "AUTH=XOAUTH2;AUTH=OAUTHBEARER");
    return {};
}

}  // namespace

result<client_response> perform(transfer& over, const smtp_call& call) {
    if (const auto aimed = over.aim(call.url, "smtp", "smtps"); !aimed) return aimed.error();
    if (!over.is_trusted() && call.starttls == smtp_call::tls::never && !call.url.starts_with("smtps:")) {
        return fail(errc::invalid, "only trusted hosts are sent mail without TLS");
    }
    if (const auto checked = check(call); !checked) return checked.error();

    const bool asks_only = call.recipients.empty();
    curl_list recipients;
    for (const auto& each : call.recipients) recipients.add("<" + each + ">");
    const std::string from = "<" + call.from + ">";
    if (asks_only) {
        over.set(CURLOPT_CUSTOMREQUEST, "NOOP");
        over.set(CURLOPT_NOBODY, 1L);
        // A connection that is open already would say nothing about the log-in.
        over.set(CURLOPT_FRESH_CONNECT, 1L);
        over.set(CURLOPT_FORBID_REUSE, 1L);
    } else {
        over.set(CURLOPT_MAIL_FROM, from.c_str());
        over.set(CURLOPT_MAIL_RCPT, recipients.get());
    }
    const bool in_the_open = call.starttls == smtp_call::tls::never;
    over.set(CURLOPT_USE_SSL, static_cast<long>(in_the_open ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    if (!call.ca_file.empty()) over.set(CURLOPT_CAINFO, call.ca_file.c_str());
    std::string token;
    if (auto proven = prove(over, call, token); !proven) return proven.error();
    if (!asks_only) over.upload(call.message);

    const CURLcode code = over.run();
    const unsigned reply = over.status();
    // A server that says no has answered; only silence and broken connections are failures.
    if (code != CURLE_OK && (reply < 400 || reply > 599)) return over.failure(code, over.has_uploaded());
    client_response told = over.take_response();
    told.headers.clear();
    told.body = over.reply_line(told.status);
    return told;
}

}  // namespace kindred::http
