#include "engine/api/answer_pages.hpp"

#include "engine/api/public_page.hpp"
#include "engine/api/status.hpp"
#include "engine/api/submit.hpp"
#include "engine/base/text.hpp"
#include "engine/runtime/people/registers.hpp"
#include "engine/runtime/self_service/article_words.hpp"

#include <algorithm>

namespace kindred::api {
namespace {

using runtime::article_word;
using runtime::article_words;

http::response note(unsigned status, const article_words& words, std::string_view title, std::string_view text) {
    return html_page(
        status, words_in(words.language), title,
        "<h1>" + escape_markup(title) + "</h1><p class=\"box\" role=\"status\">" + escape_markup(text) + "</p>");
}

http::response refused(const error& why, const article_words& words, std::string_view title) {
    switch (why.code) {
        case errc::forbidden: return note(403, words, title, words.forged);
        case errc::conflict: return note(409, words, title, words.in_hands);
        case errc::not_found:
        case errc::timed_out: return note(410, words, title, words.over);
        default: return problem(why);
    }
}

std::string button(article_word said, std::string_view text, bool meant) {
    return "<button name=\"said\" value=\"" + std::string(name_of(said)) + "\"" + (meant ? " autofocus" : "") + ">" +
           escape_markup(text) + "</button> ";
}

std::string said_in(const std::string& form) {
    const auto fields = parse_form(form);
    const auto found = std::find_if(fields.begin(), fields.end(), [](const auto& each) { return each.name == "said"; });
    return found == fields.end() ? std::string() : found->value;
}

http::response form_of(const runtime::sent_article& sent, article_word meant) {
    const auto& words = runtime::article_words_in(sent.language);
    return html_page(200, words_in(words.language), sent.title,
                     "<h1>" + escape_markup(sent.title) + "</h1><form method=\"post\" class=\"box\">" +
                         button(article_word::helped, words.helped, meant == article_word::helped) +
                         button(article_word::person, words.person, meant == article_word::person) + "</form>");
}

}  // namespace

result<answer_pages::opened> answer_pages::open(const call& asked) const {
    const auto secret = site_.durable().kept_one(runtime::secret_rows, runtime::survey_secret_id);
    if (!secret) return secret.error();
    const auto token = decode_percent(std::string_view(asked.path).substr(runtime::article_path.size()));
    const auto link = runtime::survey_link_from(token, secret->bytes);
    if (!link) return fail(errc::forbidden, "the address is not signed by us");
    if (site_.now().now() >= link->until) return fail(errc::timed_out, "the address holds no more");
    const auto row = site_.durable().ticket(link->ticket);
    if (!row) return row.error();
    std::string_view dispatch_bytes;
    const auto held = runtime::unpack(*row, dispatch_bytes);
    if (!held) return held.error();
    auto sent = runtime::sent_article_of(*held);
    if (!sent || sent->entry != link->entry) return fail(errc::not_found, "no article was sent in this line");
    if (held->status == store::ticket_status::resolved) return fail(errc::timed_out, "the ticket is over");
    return opened{*link, held->customer, std::move(*sent)};
}

void answer_pages::handle(const std::shared_ptr<call>& asked) {
    const auto about = open(*asked);
    if (!about) {
        const auto language = words_in(asked->header("accept-language")).language;
        const auto& words = runtime::article_words_in(language);
        return asked->send(refused(about.error(), words, words_in(language).questions));
    }
    if (asked->method == "POST") return take(asked, *about);
    asked->send(
        form_of(about->sent, runtime::article_word_named(said_in(asked->query)).value_or(article_word::nothing)));
}

void answer_pages::take(const std::shared_ptr<call>& asked, const opened& about) {
    const auto& words = runtime::article_words_in(about.sent.language);
    const auto said = runtime::article_word_named(said_in(asked->body));
    if (!said) return asked->send(fail(errc::invalid, "said: wants helped or person"));
    runtime::survey_answer answer;
    answer.question = "self_service";
    answer.kind = rules::question_kind::preference;
    answer.choice = name_of(*said);
    runtime::customer_change wanted;
    wanted.customer = about.whose;
    wanted.source = "self_service:" + about.sent.id;
    wanted.what = runtime::profile::survey_answers{about.link.ticket, about.link.entry, {std::move(answer)}, {}};
    const auto title = about.sent.title;
    const auto thanks = *said == article_word::helped ? words.thanks : words.person_comes;
    wanted.done = [asked, &words, title, thanks](const result<std::string>& became) {
        asked->send(became ? note(200, words, title, thanks) : refused(became.error(), words, title));
    };
    if (!site_.submit(std::move(wanted))) asked->send(not_taken());
}

}  // namespace kindred::api
