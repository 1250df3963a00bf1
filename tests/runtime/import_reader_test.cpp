#include "engine/runtime/people/import_reader.hpp"

#include <gtest/gtest.h>

#include <random>

namespace kindred::runtime {
namespace {

rules::ruleset rules_with_profile() {
    auto read = rules::load({{"profile.yaml",
                              "customer:\n"
                              "  orders: { type: integer, default: 0 }\n"
                              "  value: { type: number }\n"
                              "  country: { type: text }\n"
                              "  since: { type: time }\n"
                              "  birthday: { type: date }\n"
                              "  notice: { type: duration }\n"
                              "  business: { type: yes_no }\n"
                              "  interests: { type: list }\n"
                              "  phone: { type: text }\n"},
                             {"queues.yaml", "queues: { general: {} }\n"},
                             {"routing.yaml", "fallback: { queue: general }\n"}});
    if (!read.rules) throw std::runtime_error(settings::to_json(read.problems));
    return *read.rules;
}

const rules::ruleset& rules() {
    static const auto made = rules_with_profile();
    return made;
}

struct read_file {
    std::vector<customers::imported_row> rows;
    std::vector<customers::rejected_row> rejected;
};

result<read_file> read(std::string_view text, row_form form = row_form::csv) {
    read_file all;
    auto rejected = read_import(text, import_reader(rules(), form), 2, [&](std::vector<customers::imported_row> some) {
        EXPECT_LE(some.size(), 2U);
        for (auto& each : some) all.rows.push_back(std::move(each));
    });
    if (!rejected) return rejected.error();
    all.rejected = std::move(*rejected);
    return all;
}

/// Why the only row of a text is not taken; empty: it is.
std::string rejection(std::string_view header, std::string_view row) {
    const auto found = read(std::string(header) + '\n' + std::string(row) + '\n');
    if (!found) return "header: " + found.error().message;
    return found->rejected.empty() ? "" : found->rejected.front().reason;
}

TEST(import_reader, TypesCellsByTheProfile) {
    const auto found = read(
        "\xEF\xBB\xBF"
        "email,phone,external,identities,name,language,tags,orders,value,country,since,birthday,notice,business,"
        "interests,attributes.phone\r\n"
        "Ann@Example.ORG,0034 600 000 001,c-17,slack:T1:U1 telegram:9,\"Ann \"\"A\"\"\",ES,vip; early,3,9.5,ES,"
        "2026-01-02T03:04:05Z,2000-02-29,2h,yes,tea;lamps,old\r\n");
    ASSERT_TRUE(found) << found.error().message;
    ASSERT_EQ(found->rows.size(), 1U) << found->rejected.front().reason;
    const auto& row = found->rows.front();
    EXPECT_EQ(row.line, 2U);
    std::vector<std::string> identities;
    for (const auto& each : row.identities) identities.push_back(each.text);
    EXPECT_EQ(identities, (std::vector<std::string>{"email:ann@example.org", "phone:+34600000001", "external:c-17",
                                                    "slack:T1:U1", "telegram:9"}));
    EXPECT_EQ(row.name, "Ann \"A\"");
    EXPECT_EQ(row.language, "es");
    EXPECT_EQ(row.tags, (std::vector<std::string>{"vip", "early"}));
    attributes stated;
    for (const auto& [name, value] : row.stated) stated[name].value = value;
    EXPECT_EQ(stated["orders"].value, fact_value(std::int64_t{3}));
    EXPECT_EQ(stated["value"].value, fact_value(9.5));
    EXPECT_EQ(stated["since"].value, fact_value(*parse_time("2026-01-02T03:04:05Z")));
    EXPECT_EQ(stated["birthday"].value, fact_value(*parse_time("2000-02-29T00:00:00Z")));
    EXPECT_EQ(stated["notice"].value, fact_value(duration(std::chrono::hours(2))));
    EXPECT_EQ(stated["business"].value, fact_value(true));
    EXPECT_EQ(stated["interests"].value, fact_value(std::vector<std::string>{"tea", "lamps"}));
    EXPECT_EQ(stated["phone"].value, fact_value(std::string("old")));
}

TEST(import_reader, ReadsLinesOfJson) {
    const auto found =
        read(R"({"email":"a@b.example","external":17,"tags":["x"],"attributes":{"orders":2,"value":null}})"
             "\n",
             row_form::lines);
    ASSERT_TRUE(found);
    ASSERT_EQ(found->rows.size(), 1U) << found->rejected.front().reason;
    EXPECT_EQ(found->rows.front().identities.at(1).text, "external:17");
    EXPECT_EQ(found->rows.front().stated.size(), 2U);
    for (const char* wrong : {"[]", "{", R"({"email":"a@b.example","colour":"red"})", R"({"name":"nobody"})",
                              R"({"email":5})", R"({"email":"a@b.example","attributes":{"shoe":1}})",
                              R"({"email":"a@b.example","attributes":{"orders":"two"}})",
                              R"({"identities":"email:a@b.example"})", R"({"email":"a@b.example","tags":[1]})"}) {
        const auto refused = read(wrong, row_form::lines);
        ASSERT_TRUE(refused);
        EXPECT_EQ(refused->rejected.size(), 1U) << wrong;
    }
}

TEST(import_reader, SaysOfEachRowWhatIsWrong) {
    const std::string many_cells(199, ',');
    const std::vector<std::tuple<std::string, std::string, std::string>> cases{
        {"email,orders", "a@b.example,two", "orders: must be a whole number, not \"two\""},
        {"email,orders", "a@b.example,1.5", "orders: must be"},
        {"email,value", "a@b.example,nan", "value: must be"},
        {"email,birthday", "a@b.example,2026-02-30", "birthday: must be"},
        {"email,since", "a@b.example,yesterday", "since: must be"},
        {"email,business", "a@b.example,maybe", "business: must be"},
        {"email,orders", "a@b.example" + many_cells, "200 columns where the header has 2"},
        {"email,orders", "a@b.example", "1 columns where the header has 2"},
        {"email,name", "a@b.example,\xC3\x28", "not UTF-8"},
        {"email,name", "a@b.example,\"open", "a quote is never closed"},
        {"email,name", "a@b.example," + std::string(longest_import_row, 'x'), "longer than 64 KiB"},
        {"email,name", ",Ann", "nobody is named"},
        {"email", "not an address", "email: \"not an address\" is no mail address"},
        {"phone", "12", "phone: \"12\" is no number"},
        {"identities", "loose", "is not of the form space:id"},
        {"identities", "Slack:T1", "wants space:id"},
        {"email,language", "a@b.example,spa", "language: wants two letters"},
        {"email,name", "a@b.example," + std::string(201, 'n'), "name: at most 200 bytes"},
        {"email,tags", "a@b.example," + std::string(65, 't'), "tags: wants 1 to 64"},
    };
    for (const auto& [header, row, reason] : cases)
        EXPECT_NE(rejection(header, row).find(reason), std::string::npos)
            << row.substr(0, 80) << ": " << rejection(header, row);
}

TEST(import_reader, RefusesAHeaderBeforeAnyRow) {
    EXPECT_NE(rejection("email,ordrs", "a@b.example,1").find("column 2: \"ordrs\" is no attribute"), std::string::npos);
    EXPECT_NE(rejection("email,ordrs", "a@b.example,1").find("orders"), std::string::npos) << "says what was meant";
    EXPECT_NE(rejection("email,email", "a,b").find("there twice"), std::string::npos);
    std::string wide = "email";
    for (int i = 1; i < 200; ++i) wide += ",orders";
    EXPECT_NE(rejection(wide, "").find("200 columns"), std::string::npos);
    EXPECT_FALSE(read(""));
    EXPECT_FALSE(read("\xC3\x28\n"));
}

TEST(import_reader, GoesOnBehindWhatIsWrong) {
    const auto found = read("email,orders\na@b.example,1\nc@d.example,\"open\ne@f.example,x\ng@h.example,4\n");
    ASSERT_TRUE(found);
    ASSERT_EQ(found->rows.size(), 2U);
    EXPECT_EQ(found->rows.back().line, 5U);
    ASSERT_EQ(found->rejected.size(), 2U);
    EXPECT_EQ(found->rejected[0].line, 3U);
    EXPECT_EQ(found->rejected[1].line, 4U);
}

/// A customer with whatever a profile can hold.
customer somebody(std::mt19937& chance) {
    const auto text = [&] {
        std::string made;
        for (auto left = 1 + chance() % 8; left > 0; --left) made += std::string_view("aB ,\"%'\n")[chance() % 8];
        return "x" + made + "x";
    };
    customer who;
    who.identities = {{"external:" + text(), proof::proven}, {"phone:+34600000001", proof::proven}};
    if (chance() % 2 == 0) who.name = text();
    if (chance() % 2 == 0) who.language = "es";
    if (chance() % 2 == 0) who.tags = {"a b", "c"};
    const time_point at = from_millis(1'700'000'000'000 + static_cast<std::int64_t>(chance() % 1'000'000) * 1'000);
    const std::vector<std::pair<std::string, fact_value>> stated{
        {"orders", static_cast<std::int64_t>(chance() % 99)},
        {"value", 0.5 + (chance() % 99)},
        {"country", text()},
        {"since", at},
        {"birthday", *parse_time("2000-02-29T00:00:00Z")},
        {"notice", duration(std::chrono::minutes(chance() % 1'000))},
        {"business", chance() % 2 == 0},
        {"interests", std::vector<std::string>{"tea", "lamps"}}};
    for (const auto& [name, value] : stated)
        if (chance() % 2 == 0) who.declared[name].value = value;
    return who;
}

TEST(import_writer, WritesWhatTheReaderReads) {
    std::mt19937 chance(11);
    for (const auto form : {row_form::csv, row_form::lines}) {
        const import_writer writes(rules(), form);
        for (int i = 0; i < 500; ++i) {
            const auto who = somebody(chance);
            const auto text = writes.header() + writes.row(who);
            const auto found = read(text, form);
            ASSERT_TRUE(found) << text;
            ASSERT_EQ(found->rows.size(), 1U) << text << found->rejected.front().reason;
            const auto& row = found->rows.front();
            EXPECT_EQ(row.identities, who.identities) << text;
            EXPECT_EQ(row.name.value_or(""), who.name) << text;
            EXPECT_EQ(row.language.value_or(""), who.language);
            EXPECT_EQ(row.tags.value_or(std::vector<std::string>{}), who.tags);
            ASSERT_EQ(row.stated.size(), who.declared.size()) << text;
            for (const auto& [name, value] : row.stated) EXPECT_EQ(value, who.declared.at(name).value) << text;
        }
    }
}

}  // namespace
}  // namespace kindred::runtime
