#include "engine/understanding/intent_trainer.hpp"

#include "engine/understanding/calibration.hpp"
#include "engine/understanding/linear_solver.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

namespace kindred::understanding {
namespace {

constexpr std::size_t folds = 5;
constexpr std::size_t shortest_cut = 50;
constexpr std::size_t few_examples = 2000;

/// Texts and the numbers of their labels, shuffled: files come sorted by label, and order matters to the solver.
struct class_texts {
    std::vector<std::string> labels;
    std::vector<const labelled_text*> texts;
    std::vector<std::uint32_t> classes;
    std::vector<const labelled_text*> none;
};

result<class_texts> take_in(std::span<const labelled_text> examples, const learning_limits& limits) {
    class_texts made;
    std::map<std::string_view, std::uint32_t> numbers;
    for (const auto& each : examples) {
        if (each.label.empty()) return fail(errc::invalid, "an example has no label: \"" + each.text + "\"");
        if (each.label == none_label) continue;
        if (numbers.emplace(each.label, numbers.size()).second) made.labels.push_back(each.label);
    }
    if (made.labels.size() < 2) return fail(errc::invalid, "examples of at least two labels are needed");
    if (made.labels.size() > limits.labels)
        return fail(errc::too_large, std::to_string(made.labels.size()) + " labels; at most " +
                                         std::to_string(limits.labels) + " can be told apart");
    if (examples.size() > limits.examples)
        return fail(errc::too_large, std::to_string(examples.size()) + " examples; at most " +
                                         std::to_string(limits.examples) + " can be learnt from");
    for (const auto& each : examples) (each.label == none_label ? made.none : made.texts).push_back(&each);
    std::mt19937 random(1);
    for (std::size_t i = made.texts.size(); i > 1; --i) std::swap(made.texts[i - 1], made.texts[random() % i]);
    for (const auto* each : made.texts) made.classes.push_back(numbers.find(each->label)->second);
    return made;
}

std::vector<gram_list> count_grams(const std::vector<const labelled_text*>& texts, const learning_limits& limits) {
    // A text of n letters has about 4.5 n grams.
    const auto fair_share = limits.grams / (std::max<std::size_t>(1, texts.size()) * 5);
    const auto letters = std::clamp(fair_share, shortest_cut, most_letters);
    std::vector<gram_list> grams;
    grams.reserve(texts.size());
    for (const auto* each : texts) grams.push_back(grams_of(tokenize(each->text, letters)));
    return grams;
}

/// The space of the grams that occur often enough to fit.
feature_space fitting_space(std::span<const gram_list* const> texts, std::size_t labels,
                            const learning_limits& limits) {
    gram_counter counter;
    for (const auto* each : texts) counter.add({each->words, each->pairs, each->pieces, each->bridges});
    std::uint32_t least = texts.size() < few_examples ? 1 : 2;
    while (counter.size(least) * labels > limits.weights) ++least;
    return counter.space(least);
}

struct learnt_classifier {
    feature_space space;
    linear_weights weights;
};

learnt_classifier classify(std::span<const gram_list* const> texts, std::span<const std::uint32_t> classes,
                           std::size_t labels, const learning_limits& limits) {
    learnt_classifier made{fitting_space(texts, labels, limits), {}};
    std::vector<std::vector<feature>> vectors;
    vectors.reserve(texts.size());
    for (const auto* each : texts) vectors.push_back(intent_features(made.space, *each));
    made.weights = solve(vectors, classes, labels, made.space.grams().size());
    return made;
}

/// How many of the five folds are held out in turn: all for few examples, one for many.
std::size_t folds_worth_while(std::size_t examples) {
    if (examples <= 5'000) return folds;
    return examples <= 50'000 ? 2 : 1;
}

/// The scores that texts get from classifiers which were learnt without them.
std::vector<scored_example> score_held_out(const class_texts& all, const std::vector<gram_list>& grams,
                                           const learning_limits& limits) {
    std::vector<scored_example> scored;
    for (std::size_t fold = 0; fold < folds_worth_while(grams.size()); ++fold) {
        std::vector<const gram_list*> kept;
        std::vector<std::uint32_t> classes;
        std::vector<bool> known(all.labels.size(), false);
        for (std::size_t i = 0; i < grams.size(); ++i) {
            if (i % folds == fold) continue;
            kept.push_back(&grams[i]);
            classes.push_back(all.classes[i]);
            known[all.classes[i]] = true;
        }
        if (kept.empty()) continue;
        const auto without = classify(kept, classes, all.labels.size(), limits);
        for (std::size_t i = fold; i < grams.size(); i += folds)
            if (known[all.classes[i]])
                scored.push_back({without.weights.scores(intent_features(without.space, grams[i])), all.classes[i]});
    }
    return scored;
}

/// Weights as bytes: each gram's by its own scale, so that its largest is 127.
void quantise(const linear_weights& weights, intent_model::parts& into) {
    const auto rows = weights.values.size() / weights.classes;
    into.scales.resize(rows);
    into.weights.resize(weights.values.size());
    for (std::size_t row = 0; row < rows; ++row) {
        const float* const from = weights.values.data() + row * weights.classes;
        float largest = 0;
        for (std::size_t i = 0; i < weights.classes; ++i) largest = std::max(largest, std::abs(from[i]));
        const float step = largest / 127.0F;
        into.scales[row] = step;
        for (std::size_t i = 0; i < weights.classes; ++i)
            into.weights[row * weights.classes + i] =
                step > 0 ? static_cast<std::int8_t>(std::lround(from[i] / step)) : std::int8_t{0};
    }
}

std::vector<float> familiarity_of(const std::vector<gram_list>& texts, const intent_model& model) {
    std::vector<float> made;
    made.reserve(texts.size());
    for (const auto& each : texts) made.push_back(best_score(model.scores(each)));
    return made;
}

}  // namespace

result<intent_model> learn_intents(std::span<const labelled_text> examples, const learning_limits& limits) {
    auto taken = take_in(examples, limits);
    if (!taken) return taken.error();
    const auto grams = count_grams(taken->texts, limits);
    const auto held_out = score_held_out(*taken, grams, limits);

    std::vector<const gram_list*> all;
    all.reserve(grams.size());
    for (const auto& each : grams) all.push_back(&each);
    auto learnt = classify(all, taken->classes, taken->labels.size(), limits);

    intent_model::parts made;
    made.labels = taken->labels;
    made.space = std::move(learnt.space);
    made.temperature = fit_temperature(held_out);
    made.examples = grams.size();
    quantise(learnt.weights, made);
    learnt.weights.values.clear();

    std::vector<float> in_scope;
    in_scope.reserve(held_out.size());
    for (const auto& each : held_out) in_scope.push_back(best_score(each.scores));
    const intent_model unjudged(made);
    made.threshold = choose_threshold(std::move(in_scope), familiarity_of(count_grams(taken->none, limits), unjudged));
    return intent_model(std::move(made));
}

}  // namespace kindred::understanding
