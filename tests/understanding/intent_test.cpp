#include "tests/understanding/support/samples.hpp"

#include "engine/base/digest.hpp"
#include "engine/understanding/evaluation.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <algorithm>
#include <set>

namespace kindred::understanding {
namespace {

intent_reading read(const std::string& text) { return sample_model().read(grams_of(text)); }

TEST(intents, AreToldInOtherWordsThanTheExamples) {
    rank_tally tally;
    std::vector<double> inside;
    std::vector<double> outside;
    for (const auto& row : sample_rows("questions.csv")) {
        const auto said = read(row.text);
        if (row.label == none_label) {
            outside.push_back(said.familiarity);
            continue;
        }
        inside.push_back(said.familiarity);
        std::vector<std::string_view> guesses;
        for (const auto& each : said.guesses) guesses.push_back(each.label);
        tally.add(guesses, row.label);
    }
    EXPECT_GE(tally.top1(), 0.9);
    EXPECT_EQ(tally.top3(), 1.0);
    EXPECT_GE(area_under_roc(inside, outside).value(), 0.95);
}

TEST(intents, ForgiveSlipsOfTheKeys) { EXPECT_EQ(read("i forgto my pasword").guesses.front().label, "login"); }

TEST(intents, SayNoneForWhatTheyNeverSaw) {
    EXPECT_EQ(read("zebras graze quietly").says, intent_reading::verdict::none);
    EXPECT_EQ(read("").says, intent_reading::verdict::none);
    EXPECT_EQ(read("\xE4\xBD\xA0\xE5\xA5\xBD").says, intent_reading::verdict::none);
}

TEST(intents, SayBetweenWhenTwoAreClose) {
    auto learnt = sample_model().learnt();
    learnt.threshold = 0;
    const intent_model lenient(std::move(learnt));
    const auto said = lenient.read(grams_of("refund invoice"));
    EXPECT_EQ(said.says, intent_reading::verdict::between);
    EXPECT_EQ((std::set{said.guesses[0].label, said.guesses[1].label}),
              (std::set<std::string_view>{"invoice", "refund"}));
    EXPECT_EQ(lenient.read(grams_of("refund my money please")).says, intent_reading::verdict::sure);
}

TEST(intents, HaveProbabilitiesBestFirst) {
    for (const auto& row : sample_rows("questions.csv")) {
        const auto said = read(row.text);
        double total = 0;
        for (std::size_t i = 0; i < said.guesses.size(); ++i) {
            total += said.guesses[i].p;
            if (i > 0) EXPECT_GE(said.guesses[i - 1].p, said.guesses[i].p);
        }
        EXPECT_NEAR(total, 1.0, 1e-6) << "five labels are all shown";
    }
}

TEST(learning, GivesTheSameModelForTheSameExamples) {
    EXPECT_EQ(encode(learn_intents(sample_rows("intents.csv")).value()), encode(sample_model()));
}

TEST(learning, UsesNoneOnlyForTheThreshold) {
    auto rows = sample_rows("intents.csv");
    const auto others = sample_rows("questions.csv");
    std::copy_if(others.begin(), others.end(), std::back_inserter(rows),
                 [](const auto& row) { return row.label == none_label; });
    const auto model = learn_intents(rows);
    ASSERT_TRUE(model);
    EXPECT_EQ(model->labels().size(), 5U);
    EXPECT_EQ(model->learnt().weights, sample_model().learnt().weights);
}

TEST(learning, StaysWithinItsLimits) {
    learning_limits small;
    small.weights = 2000;
    const auto rows = sample_rows("intents.csv");
    const auto model = learn_intents(rows, small);
    ASSERT_TRUE(model);
    EXPECT_LE(model->learnt().weights.size(), 2000U);
    small.examples = 10;
    EXPECT_EQ(learn_intents(rows, small).error().code, errc::too_large);
    small = {};
    small.labels = 4;
    EXPECT_EQ(learn_intents(rows, small).error().code, errc::too_large);
}

TEST(learning, RefusesWhatCannotBeToldApart) {
    EXPECT_EQ(learn_intents({}).error().message, "examples of at least two labels are needed");
    EXPECT_EQ(learn_intents(std::vector<labelled_text>{{"a", "x"}, {"b", "x"}, {"c", "none"}}).error().code,
              errc::invalid);
    EXPECT_EQ(learn_intents(std::vector<labelled_text>{{"a", "x"}, {"b", ""}}).error().code, errc::invalid);
}

TEST(model_file, ComesBackAsItWas) {
    const auto bytes = encode(sample_model());
    const auto back = decode_intent_model(bytes);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(encode(*back), bytes);
    const auto grams = grams_of("where is my money");
    EXPECT_EQ(back->scores(grams), sample_model().scores(grams));
}

TEST(model_file, IsRefusedWhenCutOffOrDamaged) {
    const auto bytes = encode(sample_model());
    for (std::size_t size = 0; size < bytes.size(); size += 1 + size / 7) {
        const auto cut = decode_intent_model(std::string_view(bytes).substr(0, size));
        ASSERT_FALSE(cut);
        EXPECT_EQ(cut.error().code, errc::corrupt);
    }
    for (std::size_t at = 0; at < bytes.size(); at += 1 + bytes.size() / 97) {
        auto damaged = bytes;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
        EXPECT_FALSE(decode_intent_model(damaged)) << at;
    }
    EXPECT_FALSE(decode_intent_model(bytes + "x"));
}

/// A hostile file carries the right checksum of wrong contents.
std::string signed_again(std::string bytes) {
    bytes.resize(bytes.size() - 32);
    const auto digest = sha256(bytes);
    bytes.append(reinterpret_cast<const char*>(digest.data()), digest.size());
    return bytes;
}

TEST(model_file, IsRefusedWhenHostile) {
    const auto bytes = encode(sample_model());
    ASSERT_TRUE(decode_intent_model(signed_again(bytes)));
    const auto with = [&](std::size_t at, std::string_view what) {
        auto changed = bytes;
        changed.replace(at, what.size(), what);
        const auto read = decode_intent_model(signed_again(changed));
        return read ? std::string("accepted") : read.error().message;
    };
    EXPECT_NE(with(16, std::string_view("\x09\0\0\0", 4)).find("its version is 9"), std::string::npos);
    EXPECT_NE(with(20, "\xFF\xFF\xFF\xFF").find("too many"), std::string::npos) << "labels";
    EXPECT_NE(with(24, "\xFF\xFF\xFF\xFF").find("size does not fit"), std::string::npos) << "grams";
    EXPECT_NE(with(36, "\xFF\xFF\xFF\xFF").find("calibration"), std::string::npos) << "temperature";
    EXPECT_NE(with(48, "\xFF\xFF\xFF\xFF").find("label"), std::string::npos) << "length of a label";
}

RC_GTEST_PROP(roc, IsTheShareOfPairsInOrder, ()) {
    const auto scores = rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 9));
    const auto in = *scores;
    const auto out = *scores;
    RC_PRE(!in.empty() && !out.empty());
    double won = 0;
    for (const int left : in)
        for (const int right : out) won += left > right ? 1 : left == right ? 0.5 : 0;
    const auto area = area_under_roc({in.begin(), in.end()}, {out.begin(), out.end()});
    RC_ASSERT(std::abs(area.value() - won / static_cast<double>(in.size() * out.size())) < 1e-9);
}

TEST(roc, IsNotThereForOneSideAlone) { EXPECT_FALSE(area_under_roc({1.0}, {})); }

}  // namespace
}  // namespace kindred::understanding
