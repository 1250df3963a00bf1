#include "connectors/sendgrid/inbound_mail.hpp"

#include "connectors/mime/charset.hpp"
#include "connectors/mime/parted_mail.hpp"
#include "connectors/mime/spam.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/multipart.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <charconv>

namespace kindred::connectors::sendgrid {
namespace {

using channel::form_part;

/// The fields of one delivery, decoded as `charsets` says.
class inbound_form {
public:
    explicit inbound_form(const std::vector<form_part>& parts)
        : parts_(parts),
          charsets_(object_in("charsets")),
          info_(object_in("attachment-info")),
          envelope_(object_in("envelope")) {}

    /// The bytes of a plain field; empty when there is none. The last one: what users name comes in front.
    std::string_view raw(std::string_view name) const {
        const auto found = std::find_if(parts_.rbegin(), parts_.rend(),
                                        [&](const form_part& each) { return each.name == name && !each.filename; });
        return found == parts_.rend() ? std::string_view{} : found->content;
    }
    std::string text(std::string_view name) const {
        return mime::decode_charset(raw(name), charsets_ ? (*charsets_)[name].text() : std::string_view{});
    }
    json::value info_of(std::string_view file) const { return info_ ? (*info_)[file] : json::value{}; }
    json::value envelope() const { return envelope_ ? envelope_->root() : json::value{}; }
    const std::vector<form_part>& parts() const { return parts_; }

private:
    std::optional<json::document> object_in(std::string_view name) const {
        auto parsed = json::document::parse(raw(name));
        if (!parsed) return std::nullopt;
        return std::move(*parsed);
    }

    const std::vector<form_part>& parts_;
    std::optional<json::document> charsets_;
    std::optional<json::document> info_;
    std::optional<json::document> envelope_;
};

std::vector<channel::attachment> attachments_of(const inbound_form& form) {
    std::vector<channel::attachment> files;
    for (const auto& part : form.parts()) {
        if (!part.filename) continue;
        const auto info = form.info_of(part.name);
        channel::attachment file;
        file.name = *part.filename;
        file.type = info["type"].text().empty() ? part.type : std::string(info["type"].text());
        file.inline_id = info["content-id"].text();
        file.size = static_cast<std::int64_t>(part.content.size());
        file.content = part.content;
        files.push_back(std::move(file));
    }
    return files;
}

bool has_header(const mime::parted_mail& mail, std::string_view name) {
    return std::any_of(mail.headers.begin(), mail.headers.end(),
                       [&](const auto& each) { return equal_ignoring_case(each.first, name); });
}

result<mime::message> mail_of(const inbound_form& form) {
    if (const auto whole = form.raw("email"); !whole.empty()) return mime::parse(whole);
    mime::parted_mail parts;
    parts.headers = mime::header_lines(form.raw("headers"));
    if (!has_header(parts, "From")) parts.headers.emplace_back("From", form.text("from"));
    if (!has_header(parts, "Subject")) parts.headers.emplace_back("Subject", form.text("subject"));
    parts.text = form.text("text");
    parts.html = form.text("html");
    parts.attachments = attachments_of(form);
    return mime::put_together(std::move(parts));
}

mime::envelope envelope_of(json::value given) {
    mime::envelope travelled;
    if (given["from"].is_string()) travelled.from = std::string(given["from"].text());
    given["to"].for_each([&](json::value each) {
        if (!each.text().empty()) travelled.to.emplace_back(each.text());
    });
    return travelled;
}

/// SendGrid tells SpamAssassin's score; 5 is where that program itself draws the line.
bool is_spam(std::string_view score) {
    double read = 0;
    const auto text = trim(score);
    const auto got = std::from_chars(text.data(), text.data() + text.size(), read);
    return got.ec == std::errc{} && read >= 5;
}

}  // namespace

result<channel::record> parse_mail(std::string_view body, std::string_view boundary, const mime::mailbox& ours) {
    const auto parts = channel::parse_multipart(body, boundary);
    if (!parts) return parts.error();
    const inbound_form form(*parts);
    if (form.raw("email").empty() && form.raw("headers").empty() && form.raw("from").empty())
        return fail(errc::invalid, "the form: has none of email, headers and from");
    auto mail = mail_of(form);
    if (!mail) return mail.error();
    auto made = mime::to_record(std::move(*mail), envelope_of(form.envelope()), ours);
    mime::add_inline_files(made);
    for (const std::string_view field : {"SPF", "dkim", "spam_score"})
        if (const auto said = form.raw(field); !said.empty())
            made.add_detail(to_lower_ascii(field), json::literal(said));
    if (is_spam(form.raw("spam_score"))) mime::mark_spam(made, ours.ignores_spam);
    return made;
}

}  // namespace kindred::connectors::sendgrid
