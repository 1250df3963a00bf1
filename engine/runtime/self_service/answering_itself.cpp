#include "engine/runtime/self_service/answering_itself.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"
#include "engine/dispatch/encoding.hpp"
#include "engine/runtime/desks/views.hpp"
#include "engine/runtime/self_service/article_words.hpp"
#include "engine/runtime/sending/reply_parts.hpp"
#include "engine/runtime/surveys/survey_link.hpp"
#include "engine/runtime/tickets/decision_record.hpp"
#include "engine/runtime/tickets/kept_priority.hpp"

namespace kindred::runtime {
namespace {

constexpr duration links_hold = std::chrono::days{14};
constexpr std::string_view disposition = "self_service";

/// The buttons of the web chat; a click says what stands on it.
void write_choices(json::writer& out, const article_words& words) {
    out.key("choices").begin_array();
    for (const auto text : {words.helped, words.person})
        out.begin_object().member("value", text).member("label", text).end_object();
    out.end_array();
}

/// What answers an article by a number.
constexpr std::string_view helped_digit = "1";
constexpr std::string_view person_digit = "2";

/// Our own lines around the article. `page`: where links lead; empty where nobody is to see it.
std::string text_of(const article_choice& chosen, const article_words& words, answer_way way, const std::string& page) {
    auto text = (std::string(words.before) + "\n\n").append(trim(chosen.article.markdown));
    const auto line = [&](std::string_view what, std::string_view between, std::string_view rest) {
        text.append("\n").append(what).append(between).append(rest);
    };
    if (way == answer_way::digits) {
        text += '\n';
        line(helped_digit, " = ", words.helped);
        line(person_digit, " = ", words.person);
    } else if (way == answer_way::link && !page.empty()) {
        text += '\n';
        line(words.helped, ": ", page + "?said=helped");
        line(words.person, ": ", page + "?said=person");
    } else {
        return text;
    }
    return text.append("\n\n").append(words.or_answer);
}

/// What a message that is nothing else says of the article; nothing: something else.
article_word word_in(std::string_view text, const article_words& words, answer_way way) {
    const bool by_digit = way == answer_way::digits;
    if (text == words.helped || (by_digit && text == helped_digit)) return article_word::helped;
    if (text == words.person || (by_digit && text == person_digit)) return article_word::person;
    return article_word::nothing;
}

std::string line_of(const article_choice& chosen, const std::string& shown, const article_words* buttons) {
    json::writer out;
    out.begin_object().member("text", shown).member("automatic", true);
    out.key("self_service").begin_object().member("article", chosen.article.id);
    out.member("title", chosen.article.title).member_if("language", chosen.article.language);
    out.member("confidence", chosen.confidence).end_object();
    if (buttons != nullptr) write_choices(out, *buttons);
    return out.end_object().take();
}

std::string details_of(const article_words& words) {
    json::writer out;
    out.begin_object().key("survey").begin_object();
    write_choices(out, words);
    return out.end_object().end_object().take();
}

bool waits(const ticket& about) {
    return about.status == store::ticket_status::waiting || about.status == store::ticket_status::offered;
}

/// Agents may be offered the ticket from now on.
void let_go(step& in, ticket& about, sent_article& sent) {
    if (sent.release.empty()) return;
    const auto bytes = from_base64url(sent.release);
    sent.release.clear();
    keep_sent_article(about, sent);
    auto record = record_of(about);
    // What was decided again, or waits anew, waits by another plan, which holds nothing back.
    const bool waits_anew = about.waiting_since > sent.until - links_hold;
    const auto seen = in.on().dispatch.ticket(about.id, in.now());
    if (!bytes || !seen || !waits(about) || waits_anew || seen->step > 0 || record.redecided > 0) return;
    auto told = dispatch::decode_command(*bytes);
    auto* replan = told ? std::get_if<dispatch::replan>(&*told) : nullptr;
    if (replan == nullptr) return;
    auto& plan = replan->plan;
    if (record.transfers > 0 || in.on().rules.queue(plan.queue) == nullptr) {
        // It was handed on, or its queue is gone: what that asked for may be nobody's here.
        plan.queue = about.queue;
        plan.steps.clear();
    }
    (void)keep_priority(in.on(), about, record, record.priority, plan);
    (void)in.tell(*replan);  // refused where the queue takes nothing now: the hold then ends by itself
}

std::string line_of(article_word said, std::string_view way, const sent_article& sent, std::string_view text) {
    json::writer out;
    out.begin_object().member("said", name_of(said)).member("way", way).member("article", sent.id);
    if (said == article_word::helped) out.member("resolved", true);
    return out.member_if("text", text).end_object().take();
}

std::uint32_t take_word(step& in, ticket& about, sent_article& sent, article_word said, std::string line) {
    const auto number = in.entry(about, "self_service", std::move(line));
    sent.said = said;
    keep_sent_article(about, sent);
    if (said == article_word::person)
        let_go(in, about, sent);
    else
        (void)in.tell(dispatch::close_ticket{about.id, std::string(disposition)});
    return number;
}

void say(step& in, ticket& about, const channel_entry& via, std::string_view text) {
    action::reply said;
    said.text = text;
    auto parts = reply_parts(via, about.context, said, in.now());
    if (!parts) return;
    json::writer out;
    out.begin_object().member("text", text).member("automatic", true);
    const auto number = in.entry(about, "reply", out.end_object().take());
    for (auto& part : *parts) {
        part.automatic = true;
        in.send(about, number, std::move(part));
    }
}

}  // namespace

void answer_with_article(step& in, ticket& about, const channel_entry& via, const article_choice& chosen,
                         dispatch::ticket_plan plan) {
    const auto& words = article_words_in(chosen.article.language);
    const bool buttons = chosen.way == answer_way::buttons;
    sent_article sent;
    sent.id = chosen.article.id;
    sent.title = chosen.article.title;
    sent.language = chosen.article.language;
    sent.entry = about.entries + 1;
    sent.until = in.now() + links_hold;
    if (chosen.hold > duration{0})
        sent.release = to_base64url(dispatch::encode(dispatch::replan{about.id, std::move(plan)}));
    const auto token = to_token({about.id, sent.entry, sent.until}, in.on().survey_secret);
    const auto page = in.on().public_url + std::string(article_path) + token;
    action::reply said;
    said.text = text_of(chosen, words, chosen.way, page);
    auto parts = reply_parts(via, about.context, said, in.now());
    if (!parts) {  // too long for the channel: then a person answers, and at once
        sent.entry = 0;
        return let_go(in, about, sent);
    }
    // Who works on the ticket is not shown the links.
    const auto number =
        in.entry(about, "reply", line_of(chosen, text_of(chosen, words, chosen.way, {}), buttons ? &words : nullptr));
    for (auto& part : *parts) {
        part.automatic = true;
        if (buttons && &part == &parts->back()) part.details = details_of(words);
        in.send(about, number, std::move(part));
    }
    keep_sent_article(about, sent);
}

std::optional<outcome> word_on_article(step& in, const channel_entry& via, const channel::record& happened,
                                       ticket& about) {
    if (happened.kind != channel::record_kind::message || !happened.text || !happened.attachments.empty()) return {};
    const auto text = trim(*happened.text);
    if (text.size() > longest_article_answer()) return {};
    const auto way = answer_way_in(via);
    if (!way || *way == answer_way::link || !waits(about) || !has_kept(about, "self_service")) return {};
    auto sent = sent_article_of(about);
    if (!sent || sent->entry == 0 || sent->said != article_word::nothing) return {};
    const auto& words = article_words_in(sent->language);
    const auto said = word_in(text, words, *way);
    if (said == article_word::nothing) return {};
    outcome made;
    made.ticket = about.id;
    made.entry = take_word(in, about, *sent, said, line_of(said, name_of(*way), *sent, text));
    in.use_key({via.name, happened.event_id}, about.id, made.entry);
    say(in, about, via, said == article_word::helped ? words.thanks : words.person_comes);
    made.now = situation_of(in.on(), &about);
    return made;
}

result<void> word_on_article_by_link(step& in, ticket& about, std::uint32_t entry, article_word said) {
    auto sent = sent_article_of(about);
    if (!sent || sent->entry != entry) return fail(errc::not_found, "no article was sent in this line");
    if (in.now() >= sent->until || about.status == store::ticket_status::resolved)
        return fail(errc::timed_out, "the ticket is over");
    if (!waits(about)) return fail(errc::conflict, "somebody is at the ticket");
    if (sent->said == said) return {};
    (void)take_word(in, about, *sent, said, line_of(said, name_of(answer_way::link), *sent, {}));
    return {};
}

void wrote_after_article(step& in, ticket& about) {
    auto sent = sent_article_of(about);
    if (!sent || (sent->said != article_word::nothing && sent->release.empty())) return;
    if (sent->said == article_word::nothing) sent->said = article_word::wrote;
    keep_sent_article(about, *sent);
    let_go(in, about, *sent);
}

}  // namespace kindred::runtime
