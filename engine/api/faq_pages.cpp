#include "engine/api/faq_pages.hpp"

#include "engine/api/markdown_html.hpp"
#include "engine/api/status.hpp"
#include "engine/api/submit.hpp"
#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"
#include "engine/domain/identity.hpp"
#include "engine/rules/compiled_rules.hpp"
#include "engine/rules/decider.hpp"
#include "engine/understanding/grams.hpp"

#include <algorithm>

namespace kindred::api {
namespace {

constexpr std::size_t most_listed = 1'000;
constexpr std::size_t longest_question = 5'000;
constexpr std::size_t longest_search = 500;

std::string field_of(const std::vector<form_field>& fields, std::string_view name) {
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& each) { return each.name == name; });
    return found == fields.end() ? std::string() : found->value;
}

/// The site's language that the visitor wants most.
std::string language_of(const call& asked, const rules::site_settings& site) {
    const auto& known = site.languages;
    const auto named = asked.query_parameter("language").value_or("");
    if (std::find(known.begin(), known.end(), named) != known.end()) return named;
    for (const auto part : split(asked.header("accept-language"), ',')) {
        const auto code = trim(part).substr(0, 2);
        if (std::find(known.begin(), known.end(), code) != known.end()) return std::string(code);
    }
    return site.default_language;
}

const runtime::channel_entry* channel_for_questions(const runtime::channel_directory& channels) {
    const auto& all = channels.all();
    const auto found =
        std::find_if(all.begin(), all.end(), [](const auto& each) { return each.kind == channel_kind::email; });
    return found == all.end() ? nullptr : &*found;
}

http::response note(unsigned status, const page_words& words, std::string_view text) {
    return html_page(status, words, text,
                     "<p class=\"box\" role=\"status\">" + escape_markup(text) + "</p><p><a href=\"/faq\">" +
                         escape_markup(words.back) + "</a></p>");
}

std::string question_form(const page_words& words) {
    return "<form method=\"post\" class=\"box\"><h2>" + escape_markup(words.person) + "</h2><label class=\"line\">" +
           escape_markup(words.your_question) +
           "<textarea name=\"question\" rows=\"5\" maxlength=\"4000\" required></textarea></label><label "
           "class=\"line\">" +
           escape_markup(words.your_email) +
           "<input type=\"email\" name=\"email\" autocomplete=\"email\" maxlength=\"200\" required></label><button>" +
           escape_markup(words.send) + "</button></form>";
}

}  // namespace

void faq_pages::handle(const std::shared_ptr<call>& asked) {
    const auto of = view_of(*asked);
    if (!of.rules.compiled().self_service.faq) return asked->send(note(404, of.words, of.words.nothing_found));
    if (asked->path == path || asked->path == "/faq/") {
        if (asked->method == "POST") return bring(asked, of, {});
        return list(*asked, of);
    }
    const auto id = decode_percent(std::string_view(asked->path).substr(path.size() + 1));
    if (asked->method != "POST") return show(*asked, of, id);
    const auto fields = parse_form(asked->body);
    if (!field_of(fields, "helped").empty()) return vote(asked, of, id);
    bring(asked, of, id);
}

faq_pages::view faq_pages::view_of(const call& asked) const {
    auto rules = site_.rules();
    auto language = language_of(asked, rules.site());
    const auto wanted = asked.query_parameter("stage").value_or("");
    const auto& stages = rules.compiled().stages;
    const bool known = std::any_of(stages.begin(), stages.end(), [&](const auto& each) { return each.name == wanted; });
    const auto& words = words_in(language);
    return {std::move(rules), std::move(language), known ? wanted : std::string(), words};
}

/// What fits somebody of whom nothing is known but the stage. Without a stage: what fits in any.
std::vector<std::size_t> faq_pages::shown_to(const view& of) const {
    const auto& compiled = of.rules.compiled();
    std::vector<std::string> stages;
    if (!of.stage.empty())
        stages.push_back(of.stage);
    else
        for (const auto& each : compiled.stages) stages.push_back(each.name);
    if (stages.empty()) stages.emplace_back();
    const auto now = site_.now().now();
    const rules::empty_board board;
    contact about;
    about.kind = channel_kind::chat;
    about.language = of.language;
    std::vector<std::size_t> places;
    std::vector<std::string_view> ids;
    for (const auto& stage : stages) {
        customer nobody;
        if (!stage.empty()) nobody.pins.push_back({"stage", stage, {}, {}, now, std::nullopt});
        rules::decider asked(compiled, {about, nobody, now, board});
        asked.place_customer();
        const auto order = asked.languages();
        for (const auto& each :
             compiled.library.fitting(knowledge::text_kind::article, asked.facts(), order, most_listed)) {
            if (std::find(ids.begin(), ids.end(), each.id) != ids.end()) continue;
            ids.push_back(each.id);
            places.push_back(each.index);
        }
    }
    return places;
}

std::vector<std::size_t> faq_pages::found(const view& of, const std::string& words,
                                          const std::vector<std::size_t>& among) {
    std::vector<std::size_t> places;
    const auto catalog = articles_.of(of.rules);
    for (const auto& each : catalog->find(
             understanding::grams_of(std::string_view(words)), {of.language, of.rules.site().default_language},
             [&](std::size_t entry) { return std::find(among.begin(), among.end(), entry) != among.end(); }))
        places.push_back(each.entry);
    return places;
}

void faq_pages::list(const call& asked, const view& of) {
    const auto& library = of.rules.compiled().library;
    auto places = shown_to(of);
    const auto words = asked.query_parameter("q").value_or("").substr(0, longest_search);
    if (!words.empty()) places = found(of, words, places);
    const auto kept = "language=" + encode_percent(of.language);
    std::string body = "<h1>" + escape_markup(of.words.questions) + "</h1><nav><p>";
    for (const auto& each : of.rules.site().languages)
        body += "<a href=\"/faq?language=" + encode_percent(each) + "\" hreflang=\"" + escape_markup(each) + "\">" +
                escape_markup(each) + "</a> ";
    body += "</p><p>";
    for (const auto& each : of.rules.compiled().stages)
        body += std::string("<a href=\"/faq?") + kept + "&amp;stage=" + encode_percent(each.name) + "\"" +
                (each.name == of.stage ? " aria-current=\"page\"" : "") + ">" + escape_markup(each.name) + "</a> ";
    body += "</p></nav><form method=\"get\" role=\"search\"><input type=\"hidden\" name=\"language\" value=\"" +
            escape_markup(of.language) + "\"><input type=\"search\" name=\"q\" aria-label=\"" +
            escape_markup(of.words.search) + "\" value=\"" + escape_markup(words) + "\"> <button>" +
            escape_markup(of.words.search) + "</button></form>";
    if (places.empty()) body += "<p class=\"box\" role=\"status\">" + escape_markup(of.words.nothing_found) + "</p>";
    body += "<ul>";
    for (const auto place : places)
        body += "<li><a href=\"/faq/" + encode_percent(library[place].id) + "?" + kept + "\">" +
                escape_markup(library[place].title) + "</a></li>";
    body += "</ul>";
    if (channel_for_questions(site_.channels()) != nullptr) body += question_form(of.words);
    asked.send(html_page(200, of.words, of.words.questions, body));
}

void faq_pages::show(const call& asked, const view& of, std::string_view id) {
    const auto& library = of.rules.compiled().library;
    const auto places = shown_to(of);
    const auto place =
        std::find_if(places.begin(), places.end(), [&](std::size_t each) { return library[each].id == id; });
    if (place == places.end()) return asked.send(note(404, of.words, of.words.nothing_found));
    contact about;
    about.kind = channel_kind::chat;
    about.language = of.language;
    const customer nobody;
    const rules::empty_board board;
    const auto text = of.rules.article(id, {about, nobody, site_.now().now(), board});
    if (!text) return asked.send(note(404, of.words, of.words.nothing_found));
    tally_.count(text->id, "shown");
    std::string body = "<article lang=\"" + escape_markup(text->language.empty() ? of.language : text->language) +
                       "\">" + html_of_markdown(text->markdown) + "</article>";
    body += "<form method=\"post\" class=\"box\"><p>" + escape_markup(of.words.helped) +
            "</p><button name=\"helped\" value=\"yes\">" + escape_markup(of.words.yes) +
            "</button> <button name=\"helped\" value=\"no\">" + escape_markup(of.words.no) + "</button></form>";
    if (channel_for_questions(site_.channels()) != nullptr) body += question_form(of.words);
    body +=
        "<p><a href=\"/faq?language=" + encode_percent(of.language) + "\">" + escape_markup(of.words.back) + "</a></p>";
    asked.send(html_page(200, of.words, text->title, body));
}

void faq_pages::vote(const std::shared_ptr<call>& asked, const view& of, std::string_view id) {
    const auto& library = of.rules.compiled().library;
    const auto places = shown_to(of);
    const auto place =
        std::find_if(places.begin(), places.end(), [&](std::size_t each) { return library[each].id == id; });
    if (place == places.end()) return asked->send(note(404, of.words, of.words.nothing_found));
    const auto said = field_of(parse_form(asked->body), "helped");
    const bool helped = said == "yes";
    if (!helped && said != "no") return asked->send(note(400, of.words, of.words.helped));
    tally_.count(library[*place].id, helped ? "helped" : "not_helped");
    if (helped || channel_for_questions(site_.channels()) == nullptr)
        return asked->send(note(200, of.words, of.words.thanks));
    asked->send(html_page(
        200, of.words, of.words.person,
        "<p class=\"box\" role=\"status\">" + escape_markup(of.words.thanks) + "</p>" + question_form(of.words)));
}

/// A question becomes a mail of the visitor's, as far as the centre is concerned: it is answered by mail. Whose address
/// that is nobody has proven, and no machine writes to it.
void faq_pages::bring(const std::shared_ptr<call>& asked, const view& of, std::string_view id) {
    const auto fields = parse_form(asked->body);
    const auto question = field_of(fields, "question");
    auto who = email_identity(trim(field_of(fields, "email")), proof::claimed);
    const auto* via = channel_for_questions(site_.channels());
    if (via == nullptr) return asked->send(note(404, of.words, of.words.nothing_found));
    if (!who) return asked->send(note(400, of.words, of.words.your_email));
    if (trim(question).empty() || question.size() > longest_question)
        return asked->send(note(400, of.words, of.words.your_question));
    channel::record made;
    const auto unique = random_token();
    made.event_id = "faq:" + unique;
    made.from = who->text.substr(who->text.find(':') + 1);
    made.conversation = "faq:" + unique;
    made.locale = of.language;
    made.text = question;
    made.answer_automatically = false;
    if (!id.empty()) {
        made.add_detail("page", json::literal(asked->path));
        made.subject = id;
        const auto& library = of.rules.compiled().library;
        for (const auto place : shown_to(of))
            if (library[place].id == id) made.subject = library[place].title;
        made.text = question + "\n\n[" + made.subject + "] " + asked->path;
    }
    made.identities.push_back(std::move(*who));
    runtime::delivery given{via, {std::move(made)}, {}, {}, {}};
    given.done = [this, asked, via, &words = of.words](const std::vector<runtime::outcome>& outcomes) {
        using state = runtime::outcome::state;
        for (const auto& each : outcomes) site_.figures().contact(via->name, runtime::name_of(each.what), each.reason);
        const bool taken = !outcomes.empty() && outcomes.front().what == state::accepted;
        asked->send(taken ? note(200, words, words.sent) : problem(errc::overloaded, "try again"));
    };
    if (!site_.submit(std::move(given))) asked->send(not_taken());
}

}  // namespace kindred::api
