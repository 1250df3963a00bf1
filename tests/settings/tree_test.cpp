#include "engine/settings/tree.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kindred::settings {
namespace {

std::string problems_of(std::string_view text, yaml_limits limits = {}) {
    problems found;
    parse_yaml("f.yaml", text, found, limits);
    std::string all;
    for (const auto& each : found.sorted()) all += to_text(each) + '\n';
    return all;
}

node tree_of(std::string_view text) {
    problems found;
    auto tree = parse_yaml("f.yaml", text, found);
    EXPECT_TRUE(tree && found.empty()) << problems_of(text);
    return tree ? *tree : node{};
}

struct refusal {
    const char* what;
    std::string yaml;
    const char* problem;
};

class Refused : public testing::TestWithParam<refusal> {};

TEST_P(Refused, WithItsPlace) { EXPECT_EQ(problems_of(GetParam().yaml), std::string(GetParam().problem) + '\n'); }

INSTANTIATE_TEST_SUITE_P(
    Yaml, Refused,
    testing::Values(
        refusal{"anchor", "a: &x 1\n", "f.yaml:1:4: error: anchors (&) are not allowed; write the value out"},
        refusal{"anchor on a mapping", "a: &x\n  b: 1\n",
                "f.yaml:1:4: error: anchors (&) are not allowed; write the value out"},
        refusal{"alias", "a: [*x]\n", "f.yaml:1:5: error: aliases (*) are not allowed; write the value out"},
        refusal{"tag", "a: !!str 1\n", "f.yaml:1:4: error: tags (!) are not allowed; the type follows from the key"},
        refusal{"local tag", "a: !b 1\n", "f.yaml:1:4: error: tags (!) are not allowed; the type follows from the key"},
        refusal{"bare tag", "a: ! 1\n", "f.yaml:1:4: error: tags (!) are not allowed; the type follows from the key"},
        refusal{"key twice", "a: 1\nb: 2\na: 3\n", "f.yaml:3:1: error: the key \"a\" is given twice"},
        refusal{"key twice in flow", "x: {a: 1, a: 2}\n", "f.yaml:1:11: error: the key \"a\" is given twice"},
        refusal{"second document", "a: 1\n---\nb: 2\n",
                "f.yaml:2:1: error: a second document begins here; one file holds one document"},
        refusal{"text after the document", "{a: 1} b\n",
                "f.yaml:1:8: error: a second document begins here; one file holds one document"},
        refusal{"list as key", "? [a]\n: 1\n",
                "f.yaml:1:3: error: a key must be a single word or text, not a list or mapping"},
        refusal{"open quote", "a: \"x\nb: 1\n", "f.yaml:1:4: error: the quote that opens here is never closed"},
        refusal{"open single quote", "a: 'x''\nb: 1\n", "f.yaml:1:4: error: the quote that opens here is never closed"},
        refusal{"open list", "a: [1, 2\n", "f.yaml:2:1: error: this is not YAML: end of sequence flow not found"},
        refusal{"NUL", std::string("a: 1\n\0", 6), "f.yaml:2:1: error: a NUL byte; remove it"},
        refusal{"end of transmission", "a: 1\x04\nb: 2\n", "f.yaml:1:5: error: a control character; remove it"},
        refusal{"lone carriage return", "a: 1\rb: 2\n",
                "f.yaml:1:5: error: a carriage return that does not end a line; use line feeds"},
        refusal{"not UTF-8", "a: caf\xE9\n", "f.yaml:1:7: error: the file is not UTF-8 from here on; save it as UTF-8"},
        refusal{"columns are code points", "\xC3\xA9\xC3\xA9: &x 1\n",
                "f.yaml:1:5: error: anchors (&) are not allowed; write the value out"}),
    [](const auto& tested) {
        std::string name;
        for (const char letter : std::string(tested.param.what)) name += std::isalnum(letter) != 0 ? letter : '_';
        return name;
    });

TEST(Yaml, KeepsTextAsWritten) {
    const auto tree = tree_of("a: {b: no, c: null, d: ~, e: 010, f: \"x\", g: 'it''s'}\n");
    const auto& a = *tree.find("a");
    EXPECT_EQ(a.find("b")->text, "no");
    EXPECT_EQ(a.find("c")->text, "null");
    EXPECT_EQ(a.find("c")->kind, node_kind::scalar);
    EXPECT_EQ(a.find("d")->kind, node_kind::nothing);
    EXPECT_EQ(a.find("e")->text, "010");
    EXPECT_TRUE(a.find("f")->quoted);
    EXPECT_EQ(a.find("g")->text, "it's");
}

TEST(Yaml, PlacesAreWhereThingsBegin) {
    const auto tree = tree_of("one:\n  - a\n  - b: 1\n    c:\nd: x\n");
    EXPECT_EQ(tree.find("one")->items[1].members[0].at, (position{3, 5}));
    EXPECT_EQ(tree.find("one")->items[1].members[0].value.at, (position{3, 8}));
    EXPECT_EQ(tree.find("one")->items[1].find("c")->at, (position{4, 5})) << "a missing value is where its key is";
    EXPECT_EQ(tree.find("d")->at, (position{5, 4}));
}

TEST(Yaml, AnEmptyFileIsNothing) {
    EXPECT_EQ(tree_of("").kind, node_kind::nothing);
    EXPECT_EQ(tree_of("# a comment\n").kind, node_kind::nothing);
}

TEST(Yaml, ByteOrderMarkAndCrlfAreFine) {
    const auto tree = tree_of(
        "\xEF\xBB\xBF"
        "a: 1\r\nb: 2\r\n");
    EXPECT_EQ(tree.find("b")->at, (position{2, 4}));
    EXPECT_EQ(tree.find("b")->text, "2");
}

TEST(Yaml, DepthAndSizeAreBounded) {
    std::string deep = "a: ";
    for (int i = 0; i < 65; ++i) deep += '[';
    for (int i = 0; i < 65; ++i) deep += ']';
    EXPECT_NE(problems_of(deep).find("nested more than 64 deep"), std::string::npos);
    std::string just = "a: ";
    for (int i = 0; i < 63; ++i) just += '[';
    for (int i = 0; i < 63; ++i) just += ']';
    EXPECT_EQ(problems_of(just), "");
    EXPECT_EQ(problems_of("a: 12345\n", {8, 64}), "f.yaml: error: the file has 9 bytes, the most is 8\n");
}

TEST(Yaml, WhatNestsWithoutEndIsRefusedAtOnce) {
    for (const std::string piece : {"[", "{a: ", "- ", "? "}) {
        std::string text;
        for (int i = 0; i < 100'000; ++i) text += piece;
        EXPECT_NE(problems_of(text), "");
    }
}

TEST(Yaml, ALongLineCostsItsLength) {
    std::string text = "a: [";
    for (int i = 0; i < 200'000; ++i) text += "x,";
    EXPECT_EQ(tree_of(text + "]").find("a")->items.back().at, (position{1, 5 + 2 * 199'999}));
}

TEST(Yaml, BombsOfAliasesAreRefusedAtTheFirstAnchor) {
    std::string bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n";
    for (char name = 'b'; name <= 'i'; ++name) {
        const std::string before(1, static_cast<char>(name - 1));
        bomb += std::string(1, name) + ": &" + name + " [*" + before + ", *" + before + ", *" + before + "]\n";
    }
    EXPECT_EQ(problems_of(bomb), "f.yaml:1:4: error: anchors (&) are not allowed; write the value out\n");
}

TEST(Yaml, JsonMakesTheSameTree) {
    const std::string text = R"({"a":[1,true,"x"],"b":{"c":1.5}})";
    const auto document = json::document::parse(text);
    ASSERT_TRUE(document);
    EXPECT_EQ(to_flow_text(tree_from_json(document->root())), to_flow_text(tree_of(text)));
}

RC_GTEST_PROP(Yaml, NeverCrashesAndAlwaysSaysWhy, (const std::string& text)) {
    problems found;
    const auto tree = parse_yaml("f.yaml", text, found);
    RC_ASSERT(tree.has_value() || found.has_errors());
}

RC_GTEST_PROP(Yaml, SurvivesWhatLooksLikeYaml, ()) {
    const auto pieces = *rc::gen::container<std::vector<std::string>>(
        rc::gen::element<std::string>("a", ":", " ", "\n", "- ", "[", "]", "{", "}", ",", "\"", "'", "&x", "*x", "!",
                                      "|", ">", "? ", "#", "---", "~", "null", "\t", "%", "\\", "\xC3\xA9"));
    std::string text;
    for (const auto& piece : pieces) text += piece;
    problems found;
    const auto tree = parse_yaml("f.yaml", text, found);
    RC_ASSERT(tree.has_value() || found.has_errors());
}

}  // namespace
}  // namespace kindred::settings
