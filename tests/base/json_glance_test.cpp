#include "engine/base/json_glance.hpp"

#include "engine/base/json.hpp"

#include <gtest/gtest.h>
#include <random>

namespace kindred::json {
namespace {

TEST(a_glance, finds_members_of_the_object_itself) {
    const std::string_view object =
        R"({ "a" : "x\"}, \"b\":1" , "b":{"c":[1,{"d":"]"}],"a":2}, "c":[ {"a":3} ],"d":null,"e":true ,"f":-1.5e3})";
    EXPECT_EQ(glance(object, "a"), R"("x\"}, \"b\":1")");
    EXPECT_EQ(glance(object, "b"), R"({"c":[1,{"d":"]"}],"a":2})");
    EXPECT_EQ(glance(object, "c"), R"([ {"a":3} ])");
    EXPECT_EQ(glance(object, "d"), "null");
    EXPECT_EQ(glance(object, "e"), "true");
    EXPECT_EQ(glance(object, "f"), "-1.5e3");
    EXPECT_EQ(glance(object, "g"), std::nullopt);
    EXPECT_EQ(glance(glance(object, "b").value_or(""), "a"), "2");
    EXPECT_EQ(glance_text(object, "a"), "x\"}, \"b\":1");
    EXPECT_EQ(glance_text(object, "f"), "");
    EXPECT_EQ(glance_text(R"({"a":"\u00e9\\"})", "a"), "é\\");
    EXPECT_EQ(plain_text(R"("x")"), "x");
    EXPECT_EQ(plain_text(R"("\n")"), std::nullopt);
    EXPECT_EQ(plain_text("1"), std::nullopt);
}

TEST(a_glance, never_looks_outside_of_what_is_no_json) {
    const std::string whole = R"({"a":"x\\","b":{"c":[1,"}"]},"c":12})";
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        const std::string part = whole.substr(0, size);
        const std::unique_ptr<char[]> exact(new char[size + 1]);  // sanitizers see one byte too many
        std::copy(part.begin(), part.end(), exact.get());
        for (const auto* name : {"a", "b", "c", "d"}) (void)glance({exact.get(), size}, name);
    }
    for (const auto* wrong :
         {"", "[", "[1]", "1", "\"a\"", "{a:1}", "{\"a\" 1}", "{\"a\"", "{\"a\":", "{\"a\":\"", "{,}"})
        EXPECT_EQ(glance(wrong, "b"), std::nullopt) << wrong;
}

/// Some JSON of any shape.
void write(writer& out, std::mt19937& random, int depth) {
    const std::string_view texts[] = {"", "a", "b\"", "\\", "{\"a\":", "],", "é\n", "c"};
    switch (random() % (depth > 2 ? 4 : 6)) {
        case 0: out.value(texts[random() % 8]); return;
        case 1: out.value(static_cast<std::int64_t>(random()) - 1000); return;
        case 2: out.null(); return;
        case 3: out.value(random() % 2 == 0); return;
        case 4:
            out.begin_array();
            for (auto left = random() % 4; left > 0; --left) write(out, random, depth + 1);
            out.end_array();
            return;
        default:
            out.begin_object();
            for (const auto* key : {"a", "\"a", "b", "c\\", "d"}) {
                if (random() % 2 == 0) continue;
                out.key(key);
                write(out, random, depth + 1);
            }
            out.end_object();
    }
}

TEST(a_glance, sees_what_a_reading_of_all_sees) {
    std::mt19937 random(3);
    for (int round = 0; round < 5000; ++round) {
        writer out;
        out.begin_object();
        for (const auto* key : {"x", "y", "z"}) {
            if (random() % 3 == 0) continue;
            out.key(key);
            write(out, random, 0);
        }
        const auto text = out.end_object().take();
        const auto parsed = document::parse(text).value();
        for (const auto* key : {"x", "y", "z", "a"}) {
            const auto found = glance(text, key);
            ASSERT_EQ(found.has_value(), parsed[key].exists()) << text;
            if (found) ASSERT_EQ(std::string(*found), parsed[key].to_text()) << text;
            ASSERT_EQ(glance_text(text, key), parsed[key].text()) << text;
        }
    }
}

}  // namespace
}  // namespace kindred::json
