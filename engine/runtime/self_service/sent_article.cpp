#include "engine/runtime/self_service/sent_article.hpp"

#include "engine/runtime/tickets/decision_record.hpp"

#include <algorithm>
#include <array>

namespace kindred::runtime {
namespace {

constexpr std::array<std::string_view, 4> words{"nothing", "helped", "person", "wrote"};

}  // namespace

std::string_view name_of(article_word said) { return words.at(static_cast<std::size_t>(said) - 1); }

std::optional<article_word> article_word_named(std::string_view name) {
    for (const auto each : {article_word::helped, article_word::person})
        if (name_of(each) == name) return each;
    return std::nullopt;
}

std::optional<sent_article> sent_article_of(const ticket& about) {
    if (!has_kept(about, "self_service")) return std::nullopt;
    const auto kept = record_of(about).self_service;
    const auto parsed = json::document::parse(kept.empty() ? "{}" : kept);
    if (!parsed || !(*parsed)["article"].exists()) return std::nullopt;
    const auto from = parsed->root();
    sent_article made;
    made.id = from["article"].text();
    made.title = from["title"].text();
    made.language = from["language"].text();
    made.entry = static_cast<std::uint32_t>(from["entry"].integer().value_or(0));
    made.until = from_millis(from["until"].integer().value_or(0));
    const auto* const said = std::find(words.begin(), words.end(), from["said"].text());
    if (said != words.end()) made.said = static_cast<article_word>(said - words.begin() + 1);
    made.release = from["release"].text();
    return made;
}

void keep_sent_article(ticket& about, const sent_article& sent) {
    json::writer out;
    out.begin_object().member("article", sent.id).member("title", sent.title).member_if("language", sent.language);
    out.member("entry", sent.entry).member("until", to_millis(sent.until)).member("said", name_of(sent.said));
    out.member_if("release", sent.release);
    auto record = record_of(about);
    record.self_service = out.end_object().take();
    keep_record(about, record);
}

}  // namespace kindred::runtime
