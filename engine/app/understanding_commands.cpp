#include "engine/app/understanding_commands.hpp"

#include "engine/app/labelled_file.hpp"
#include "engine/app/models.hpp"
#include "engine/base/json.hpp"
#include "engine/rules/compiled_rules.hpp"
#include "engine/rules/ruleset.hpp"
#include "engine/understanding/article_catalog.hpp"
#include "engine/understanding/evaluation.hpp"
#include "engine/understanding/language.hpp"
#include "engine/understanding/sure_articles.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <ostream>
#include <set>

namespace kindred::app {
namespace {

using understanding::article_catalog;
using understanding::article_finder;
using understanding::intent_reading;
using understanding::labelled_text;

constexpr std::size_t longest_line = 1U << 20U;

/// What a text says, all three ways.
struct text_reading {
    understanding::language_guess language;
    intent_reading intents;
    std::vector<understanding::found_article> articles;
};

/// All that a text is understood with.
class text_reader {
public:
    text_reader(const rules::ruleset& rules, std::shared_ptr<const understanding::language_model> languages,
                std::shared_ptr<const understanding::intent_model> intents, article_finder::same_text treat)
        : rules_(rules),
          detector_(std::move(languages), rules.site().languages),
          intents_(std::move(intents)),
          catalog_(rules.compiled().library, treat) {}

    text_reading read(std::string_view text) const {
        text_reading made;
        made.language = detector_.detect(text);
        const auto grams = understanding::grams_of(text);
        if (intents_) made.intents = intents_->read(grams);
        made.articles = catalog_.find(grams, languages_for(made.language.language));
        return made;
    }
    /// The one that a contact would be answered in where neither it nor its sender names another.
    std::string language_of(std::string_view text) const {
        const auto guess = detector_.detect(text);
        return guess.language.empty() ? rules_.site().default_language : std::string(guess.language);
    }
    std::string_view id_of(const understanding::found_article& found) const {
        return rules_.compiled().library[found.entry].id;
    }
    const rules::ruleset& rules() const { return rules_; }
    const understanding::intent_model* intents() const { return intents_.get(); }

private:
    /// A text in an unknown language may be answered in any.
    std::vector<std::string> languages_for(std::string_view detected) const {
        if (detected.empty()) return {};
        return knowledge::language_order(detected, {}, rules_.site().default_language);
    }

    const rules::ruleset& rules_;
    understanding::language_detector detector_;
    std::shared_ptr<const understanding::intent_model> intents_;
    article_catalog catalog_;
};

void add_verdict(const intent_reading& said, json::writer& to) {
    using verdict = intent_reading::verdict;
    if (said.says == verdict::sure) to.member("intent", said.guesses.front().label);
    if (said.says == verdict::none) to.key("intent").null();
    if (said.says != verdict::between) return;
    to.key("intent").null().key("between").begin_array();
    to.value(said.guesses[0].label).value(said.guesses[1].label).end_array();
}

std::string to_json(const text_reading& said, const text_reader& reader) {
    json::writer line;
    line.begin_object();
    line.member("language", said.language.language.empty() ? "unknown" : said.language.language);
    line.key("intents").begin_array();
    for (const auto& each : said.intents.guesses)
        line.begin_object().member("name", each.label).member("p", each.p).end_object();
    line.end_array().key("articles").begin_array();
    for (const auto& each : said.articles)
        line.begin_object().member("id", reader.id_of(each)).member("score", each.score).end_object();
    line.end_array();
    if (reader.intents() != nullptr) add_verdict(said.intents, line);
    return line.end_object().take();
}

/// The rankings that rows can be right about.
struct reading_score {
    std::string_view what;
    std::set<std::string, std::less<>> known;  ///< the labels it can give
    understanding::rank_tally tally;

    /// Whether the rows are about this: most of them have labels that it knows.
    bool is_asked(const std::vector<labelled_text>& rows) const {
        const auto named =
            std::count_if(rows.begin(), rows.end(), [this](const auto& row) { return known.contains(row.label); });
        return 2 * static_cast<std::size_t>(named) > rows.size();
    }
};

std::vector<reading_score> possible_scores(const text_reader& reader) {
    std::vector<reading_score> made{{"articles", {}, {}}, {"intents", {}, {}}, {"languages", {}, {}}};
    for (auto& id : reader.rules().compiled().library.ids(knowledge::text_kind::article)) made[0].known.insert(id);
    if (reader.intents() != nullptr)
        made[1].known.insert(reader.intents()->labels().begin(), reader.intents()->labels().end());
    made[2].known.insert(reader.rules().site().languages.begin(), reader.rules().site().languages.end());
    return made;
}

std::vector<std::string_view> ranking(const text_reading& said, const text_reader& reader, std::string_view what) {
    std::vector<std::string_view> names;
    if (what == "articles")
        for (const auto& each : said.articles) names.push_back(reader.id_of(each));
    else if (what == "intents")
        for (const auto& each : said.intents.guesses) names.push_back(each.label);
    else if (!said.language.language.empty())
        names.push_back(said.language.language);
    return names;
}

void print(const std::vector<reading_score>& scores, bool json, std::ostream& out) {
    json::writer all;
    all.begin_object();
    for (const auto& each : scores) {
        const auto top1 = each.tally.top1();
        const auto top3 = each.tally.top3();
        if (json) {
            all.key(each.what).begin_object().member("texts", each.tally.asked).member("top1", top1);
            all.member("top3", top3).end_object();
        } else {
            out << fmt::format("{}: {} texts\ntop-1 {:.2f} %\ntop-3 {:.2f} %\n", each.what, each.tally.asked,
                               100 * top1, 100 * top3);
        }
    }
    if (json) out << all.end_object().take() << '\n';
}

/// How many of the questions self-service would answer, and how many of these answers are the labelled article: of all
/// articles, whomever they are for.
int evaluate_answers(const text_reader& reader, const std::vector<labelled_text>& rows, bool json, std::ostream& out) {
    const understanding::sure_articles articles(reader.rules().compiled().library);
    std::vector<understanding::judged_answer> judged;
    for (const auto& row : rows) {
        const auto found =
            articles.find(understanding::grams_of(std::string_view(row.text)), {reader.language_of(row.text)}, 2);
        const auto next = found.size() > 1 ? found[1].nearness : 0;
        const bool any = !found.empty();
        judged.push_back({any ? understanding::confidence_of(found.front().nearness, next) : 0,
                          any && found.front().id == row.label});
    }
    const auto answerable = static_cast<double>(std::count_if(
        rows.begin(), rows.end(), [](const auto& row) { return row.label != understanding::none_label; }));
    json::writer all;
    all.begin_object().member("texts", rows.size()).key("answers").begin_array();
    if (!json) out << fmt::format("{} questions\nconfidence  answered  right  precision  coverage\n", rows.size());
    for (const double least : {0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95}) {
        const auto made = understanding::answers_at(judged, least);
        const auto coverage = answerable > 0 ? static_cast<double>(made.right) / answerable : 0;
        all.begin_object().member("confidence", least).member("answered", made.given).member("right", made.right);
        all.member("precision", made.precision()).member("coverage", coverage).end_object();
        if (!json)
            out << fmt::format("{:>10.2f}{:>10}{:>7}{:>9.1f} %{:>8.1f} %\n", least, made.given, made.right,
                               100 * made.precision(), 100 * coverage);
    }
    if (json) out << all.end_array().end_object().take() << '\n';
    return 0;
}

int evaluate(const text_reader& reader, const understand_arguments& given, std::ostream& out, std::ostream& err) {
    const auto rows = read_labelled_file(given.evaluate);
    if (!rows) {
        err << "error: " << rows.error().message << '\n';
        return rows.error().code == errc::io ? 3 : 1;
    }
    if (given.answers) return evaluate_answers(reader, *rows, given.json, out);
    auto scores = possible_scores(reader);
    std::erase_if(scores, [&](const auto& each) { return !each.is_asked(*rows); });
    if (scores.empty()) {
        err << "error: " << given.evaluate
            << ": most labels are neither articles of the rules, nor intents of the model, nor languages of the site\n";
        return 1;
    }
    for (const auto& row : *rows) {
        if (row.label == understanding::none_label) continue;
        const auto said = reader.read(row.text);
        for (auto& each : scores) each.tally.add(ranking(said, reader, each.what), row.label);
    }
    print(scores, given.json, out);
    return 0;
}

int read_lines(const text_reader& reader, std::istream& in, std::ostream& out, std::ostream& err) {
    std::string line;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
        if (line.size() > longest_line) {
            err << "error: line " << number << " is longer than " << longest_line << " bytes\n";
            return 1;
        }
        if (line.ends_with('\r')) line.pop_back();
        out << to_json(reader.read(line), reader) << '\n';
    }
    return 0;
}

/// The model to use, if any; false, with the problem printed, when one was named that cannot be used.
bool load_models(const understand_arguments& given, std::shared_ptr<const understanding::language_model>& languages,
                 std::shared_ptr<const understanding::intent_model>& intents, std::ostream& err) {
    const auto path =
        given.language_model.empty() ? installed_language_model() : std::filesystem::path(given.language_model);
    if (!path.empty()) {
        auto read = load_language_model(path);
        if (!read) {
            err << "error: " << read.error().message << '\n';
            return false;
        }
        languages = std::move(*read);
    }
    if (given.model.empty()) return true;
    auto read = load_intent_model(given.model);
    if (!read) {
        err << "error: " << read.error().message << '\n';
        return false;
    }
    intents = std::move(*read);
    return true;
}

}  // namespace

int run_understand(const understand_arguments& given, std::istream& in, std::ostream& out, std::ostream& err) {
    const auto loaded = rules::load_folder(given.folder);
    for (const auto& each : loaded.problems)
        if (each.level == settings::severity::error) err << settings::to_text(each) << '\n';
    if (!loaded.rules) return 1;
    std::shared_ptr<const understanding::language_model> languages;
    std::shared_ptr<const understanding::intent_model> intents;
    if (!load_models(given, languages, intents, err)) return 1;
    if (!languages) err << "note: no language model (tools/setup fetches one): languages are told by CLD2 alone\n";
    const auto treat = given.leave_one_out ? article_finder::same_text::is_left_out : article_finder::same_text::finds;
    const text_reader reader(*loaded.rules, std::move(languages), std::move(intents), treat);
    return given.evaluate.empty() ? read_lines(reader, in, out, err) : evaluate(reader, given, out, err);
}

void add_understanding_commands(const command& program) {
    const auto learn = program.add_command("learn", "Learn to tell intents from labelled examples");
    auto learning = std::make_shared<learn_arguments>();
    const auto source = learn.exactly_one("source");
    source.option("--examples", learning->examples, "A CSV file: text,label");
    source.option("--store", learning->store,
                  "A store: what was written first in its resolved tickets, and how "
                  "agents disposed of them");
    learn.option("--out", learning->out, "Where to write the model");
    learn.option("--evaluate", learning->evaluate, "A CSV file of other examples: how many are told right");
    learn.flag("--json", learning->json, "As JSON");
    learn.runs([learning] { return run_learn(*learning, std::cout, std::cerr); });

    const auto understand = program.add_command("understand", "Language, intents and articles of each line of input");
    auto given = std::make_shared<understand_arguments>();
    understand.option("DIR", given->folder, "The folder of rules").required();
    understand.option("--model", given->model, "A model that `kindred learn` has made");
    understand.option("--language-model", given->language_model, "A fastText language model");
    understand.option("--evaluate", given->evaluate, "A CSV file of texts with their article, intent or language");
    understand.flag("--answers", given->answers,
                    "With --evaluate: how many self-service would answer, and how many of these rightly");
    understand.flag("--leave-one-out", given->leave_one_out, "Pass over questions that are the very text");
    understand.flag("--json", given->json, "What --evaluate found, as JSON");
    understand.runs([given] { return run_understand(*given, std::cin, std::cout, std::cerr); });
}

}  // namespace kindred::app
