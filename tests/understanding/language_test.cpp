#include "engine/understanding/language.hpp"

#include "tests/understanding/support/samples.hpp"

#include <gtest/gtest.h>

namespace kindred::understanding {
namespace {

struct said_in {
    const char* text;
    const char* language;
};

const std::vector<std::string> served{"ar", "da", "de", "en", "es", "fr", "it",
                                      "ja", "nl", "pt", "ru", "sr", "tr", "zh"};

const said_in utterances[]{
    {"Where is my parcel?", "en"},
    {"how do I change my password", "en"},
    {"\u00BFD\u00F3nde est\u00E1 mi pedido?", "es"},
    {"quiero hablar con una persona", "es"},
    {"Wo bleibt meine Bestellung?", "de"},
    {"ich habe mein Passwort vergessen", "de"},
    {"je voudrais une facture", "fr"},
    {"o\u00F9 est mon colis ?", "fr"},
    {"dov'\u00E8 il mio pacco", "it"},
    {"waar blijft mijn bestelling", "nl"},
    {"onde est\u00E1 a minha encomenda", "pt"},
    {"\u0433\u0434\u0435 \u043C\u043E\u0439 \u0437\u0430\u043A\u0430\u0437", "ru"},
    {"hvor er min pakke henne", "da"},
    {"sipari\u015Fim nerede", "tr"},
    {"gde je moja po\u0161iljka", "sr"},
    {"\u6211\u7684\u5305\u88F9\u5728\u54EA\u91CC", "zh"},
    {"\u8377\u7269\u306F\u3069\u3053\u3067\u3059\u304B", "ja"},
    {"\u0623\u064A\u0646 \u0637\u0644\u0628\u064A\u061F", "ar"},
};

class with_model : public testing::Test {
protected:
    void SetUp() override {
        if (!fetched_language_model()) GTEST_SKIP() << "tools/setup fetches the model";
    }
};

TEST_F(with_model, ShortUtterancesAreTold) {
    const language_detector detector(fetched_language_model(), served);
    for (const auto& [text, language] : utterances) EXPECT_EQ(detector.detect(text).language, language) << text;
}

TEST_F(with_model, WhatTheSiteDoesNotServeIsUnknown) {
    const language_detector detector(fetched_language_model(), {"en", "es"});
    EXPECT_EQ(detector.detect("Ich h\u00E4tte gern eine Rechnung f\u00FCr meine letzte Bestellung").language, "");
    EXPECT_EQ(detector.detect("\u0433\u0434\u0435 \u043C\u043E\u0439 \u0437\u0430\u043A\u0430\u0437").language, "");
    EXPECT_EQ(detector.detect("where is my order").language, "en");
}

TEST_F(with_model, TheCustomersOwnLanguageDecidesWhereTheTextDoesNot) {
    const language_detector detector(fetched_language_model(), {"es", "pt"});
    EXPECT_EQ(detector.detect("problema", "pt").language, "pt");
    EXPECT_EQ(detector.detect("problema", "es").language, "es");
    EXPECT_EQ(detector.detect("\u00BFd\u00F3nde est\u00E1 mi pedido, por favor?", "pt").language, "es");
    EXPECT_EQ(detector.detect("where is my order", "de").language, detector.detect("where is my order").language);
}

TEST_F(with_model, AddressesAreInNoLanguage) {
    const language_detector detector(fetched_language_model(), served);
    EXPECT_EQ(detector.detect("https://shop.example/where-is-my-order me@shop.example").language, "");
    EXPECT_EQ(detector.detect("quiero una factura https://shop.example/the-order-of-the-day").language, "es");
}

TEST(language, IsUnknownWithoutLetters) {
    const language_detector detector(fetched_language_model(), served);
    for (const auto* text : {"", " ", "123 456", ":-)", "\xF0\x9F\x98\x80", "\n\t"})
        EXPECT_EQ(detector.detect(text).language, "") << text;
    EXPECT_EQ(language_detector(nullptr, {}).detect("hello").language, "");
}

TEST(language, IsToldWithoutAModelAsWellAsCld2Can) {
    const language_detector detector(nullptr, served);
    EXPECT_EQ(detector.detect("Wo bleibt meine Bestellung, die ich letzte Woche gemacht habe?").language, "de");
    EXPECT_EQ(detector.detect("where is the order that I made last week?").language, "en");
    EXPECT_EQ(detector.detect("\u8377\u7269\u306F\u3069\u3053\u3067\u3059\u304B").language, "ja");
}

TEST(language, ToleratesAnyBytes) {
    const language_detector detector(fetched_language_model(), served);
    std::string bytes;
    for (int i = 0; i < 3000; ++i) bytes += static_cast<char>(i * 37 % 256);
    EXPECT_LE(detector.detect(bytes).p, 1.0);
}

TEST(language_model, RefusesWhatIsNone) {
    EXPECT_EQ(language_model::load("").error().code, errc::corrupt);
    EXPECT_EQ(language_model::load("not a model at all").error().code, errc::corrupt);
    const std::string magic("\xBA\x16\x4F\x2F\x0C\0\0\0", 8);
    EXPECT_EQ(language_model::load(magic).error().code, errc::corrupt);
    EXPECT_EQ(language_model::load(magic + std::string(20, '\0')).error().code, errc::corrupt);
}

}  // namespace
}  // namespace kindred::understanding
