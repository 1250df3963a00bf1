#include "engine/rules/ruleset.hpp"
#include "engine/rules/given.hpp"
#include "rules/support/rulesets.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kindred::rules {
namespace {

using testing_support::compiled;
using testing_support::example_files;
using testing_support::example_with;

json::document parsed(std::string_view text) {
    auto document = json::document::parse(text);
    EXPECT_TRUE(document) << text;
    return std::move(*document);
}

TEST(Ruleset, AnswersWhatTheRuntimeAsks) {
    const auto rules = compiled(example_files());
    EXPECT_EQ(rules.queues().size(), 4U);
    const auto* concierge = rules.queue("concierge");
    ASSERT_NE(concierge, nullptr);
    EXPECT_EQ(concierge->calendar, "office");
    EXPECT_EQ(concierge->limit, 500);
    EXPECT_EQ(concierge->overflow, "general");
    ASSERT_TRUE(concierge->prefer);
    EXPECT_EQ(concierge->prefer->of, agent_preference::whom::last_agent);
    EXPECT_EQ(concierge->prefer->lasts, std::chrono::seconds{30});
    EXPECT_EQ(concierge->wrap_up_of(channel_kind::phone), std::chrono::seconds{60});
    EXPECT_EQ(concierge->wrap_up_of(channel_kind::email), duration{0});
    EXPECT_EQ(concierge->when_closed.reply, "after-hours");
    EXPECT_EQ(rules.queue("nowhere"), nullptr);
    EXPECT_EQ(rules.cost_of(channel_kind::phone), 10);
    EXPECT_EQ(rules.cost_of(channel_kind::email), 1);
    EXPECT_EQ(rules.calendar_of_queue("general"), nullptr) << "always open";
    EXPECT_FALSE(rules.calendar_of_queue("concierge")->open_at(*parse_time("2026-12-25T10:00:00-06:00")));
    EXPECT_EQ(rules.site().default_language, "en");
    EXPECT_EQ(rules.default_priority(), "normal");
    EXPECT_EQ(rules.priorities().front().name, "low") << "smallest head start first";
}

TEST(Ruleset, FillsAScriptForTheCustomer) {
    const auto rules = compiled(example_files());
    contact about;
    customer who;
    who.name = "Ann";
    const empty_board board;
    EXPECT_EQ(rules.script("vip-greeting", {about, who, {}, board})->markdown, "# Hello\nGreet Ann.\n");
    EXPECT_FALSE(rules.script("nothing", {about, who, {}, board}));
    EXPECT_EQ(rules.article("after-hours", {about, who, {}, board})->title, "after-hours");
}

TEST(Ruleset, HashNamesTheFilesAndTheirBytes) {
    const auto files = example_files();
    EXPECT_EQ(compiled(files).hash(), compiled(files).hash());
    EXPECT_EQ(compiled(files).hash().size(), 64U);
    EXPECT_NE(compiled(files).hash(),
              compiled(example_with({{"skills.yaml", "skills: { concierge: {}, billing: {} }\n"}})).hash());
}

TEST(Ruleset, OnlyTwoFilesAreRequired) {
    const auto rules =
        compiled({{"queues.yaml", "queues: { general: {} }\n"}, {"routing.yaml", "fallback: { queue: general }\n"}});
    const contact about;
    const customer who;
    const empty_board board;
    const auto made = rules.decide({about, who, {}, board});
    EXPECT_EQ(made.queue, "general");
    EXPECT_TRUE(made.segments.empty());
    EXPECT_TRUE(made.stage.empty());
}

TEST(Ruleset, AFolderOfTheSameNameIsReadAsOneFile) {
    const auto rules =
        compiled({{"queues.yaml", "queues: { general: {} }\n"},
                  {"queues/more.yaml", "queues: { sales: {} }\n"},
                  {"routing/10.yaml", "routes:\n  - name: a\n    when: { channel.kind: phone }\n    queue: sales\n"},
                  {"routing/20.yaml", "fallback: { queue: general }\n"}});
    EXPECT_EQ(rules.queues().size(), 2U);
}

TEST(Ruleset, PinsMustNameWhatExists) {
    const auto rules = compiled(example_files());
    EXPECT_TRUE(rules.check_pin("value", "vip"));
    EXPECT_TRUE(rules.check_pin("stage", "onboarding"));
    EXPECT_EQ(rules.check_pin("value", "vipp").error().message,
              "value: there is no \"vipp\" in value, did you mean \"vip\"?");
    EXPECT_EQ(rules.check_pin("valu", "vip").error().code, errc::not_found);
}

RC_GTEST_PROP(Archive, UnpackGivesBackWhatPackTook, ()) {
    rule_files files;
    const auto count = *rc::gen::inRange(0, 5);
    for (int i = 0; i < count; ++i)
        files.push_back({*rc::gen::arbitrary<std::string>(), *rc::gen::arbitrary<std::string>()});
    const auto packed = pack(files);
    const auto back = unpack(packed);
    RC_ASSERT(back.has_value());
    RC_ASSERT(*back == files);
    const auto cut = static_cast<std::size_t>(*rc::gen::inRange<std::size_t>(0, packed.size()));
    RC_ASSERT(!unpack(packed.substr(0, cut)).has_value());
}

TEST(Events, AddSetOnceAndKeepTheirSource) {
    const auto rules = compiled(example_files());
    customer person;
    const auto first = *parse_time("2026-01-01T00:00:00Z");
    const auto second = *parse_time("2026-02-01T00:00:00Z");
    ASSERT_TRUE(rules.apply_event(person, "order_placed", parsed(R"({"total": 12.5})").root(), first));
    ASSERT_TRUE(rules.apply_event(person, "order_placed", parsed(R"({"total": 7})").root(), second));
    EXPECT_TRUE(person.known);
    EXPECT_EQ(person.declared["orders"].value, fact_value(std::int64_t{2}));
    EXPECT_EQ(person.declared["lifetime_value"].value, fact_value(19.5));
    EXPECT_EQ(person.declared["first_order_at"].value, fact_value(first));
    EXPECT_EQ(person.declared["orders"].source, "event:order_placed");
    EXPECT_EQ(person.declared["orders"].at, second);
}

TEST(Events, WhatDoesNotFitChangesNothing) {
    const auto rules = compiled(example_files());
    customer person;
    for (const char* payload : {"{}", R"({"total":"much"})", R"({"total":null})"}) {
        const auto done = rules.apply_event(person, "order_placed", parsed(payload).root(), {});
        ASSERT_FALSE(done) << payload;
        EXPECT_EQ(done.error().code, errc::invalid);
        EXPECT_TRUE(person.declared.empty());
        EXPECT_FALSE(person.known);
    }
    const auto unknown = rules.apply_event(person, "order_plced", parsed("{}").root(), {});
    EXPECT_EQ(unknown.error().message,
              "there is no event \"order_plced\" in profile.yaml, did you mean \"order_placed\"?");
    person.declared["orders"].value = std::numeric_limits<std::int64_t>::max();
    const auto overflow = rules.apply_event(person, "order_placed", parsed(R"({"total":1})").root(), {});
    EXPECT_EQ(overflow.error().message, "orders: the sum is too large");
}

TEST(Given, AContactFromJson) {
    const auto rules = compiled(example_files());
    const auto now = *parse_time("2026-01-01T00:00:00Z");
    const auto kinds = [](std::string_view name) {
        return name == "helpline" ? std::optional(channel_kind::phone) : std::nullopt;
    };
    const auto made = contact_from_json(
        parsed(
            R"({"channel":{"name":"helpline"},"from":"+1555","to":["a","b"],"text":"hi","attachments":2,"is_reply":true})")
            .root(),
        rules, now, kinds);
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(made->kind, channel_kind::phone);
    EXPECT_EQ(made->to, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(made->attachments, 2);
    EXPECT_TRUE(made->is_reply);
    EXPECT_EQ(made->received_at, now);
    struct wrong {
        const char* body;
        const char* message;
    };
    for (const auto& each : std::vector<wrong>{
             {"[]", "the contact must be a JSON object"},
             {"{}", "channel: is missing"},
             {R"({"channel":{"name":"x"}})",
              "channel: kind: is missing; it can be left out only for a channel of the configuration"},
             {R"({"channel":{"kind":"fax"}})", "kind: \"fax\" is not one of email, chat, social, phone, forum, api"},
             {R"({"channel":{"kind":"api"},"attachments":-1})",
              "attachments: must be between 0 and 1000000000000000, not -1"},
             {R"({"channel":{"kind":"api"},"txt":"a"})", "unknown key \"txt\", did you mean \"text\"?"},
             {R"({"channel":{"kind":"api"},"attributes":{"a":1}})", "there is no attribute \"a\""},
         }) {
        const auto refused = contact_from_json(parsed(each.body).root(), rules, now, kinds);
        ASSERT_FALSE(refused) << each.body;
        EXPECT_EQ(refused.error().message, each.message);
    }
}

TEST(Given, DefaultsAreNoonOfTheFirstOf2024InTheSitesZone) {
    EXPECT_EQ(to_rfc3339(default_now(compiled(example_files()))), "2024-01-01T18:00:00.000Z");
}

TEST(Folder, LinksOutOfItAreRefused) {
    namespace fs = std::filesystem;
    const auto folder = fs::path(testing::TempDir()) / "kindred-rules-links";
    fs::remove_all(folder);
    fs::create_directories(folder);
    fs::create_symlink("/etc/passwd", folder / "routing.yaml");
    const auto files = read_folder(folder);
    ASSERT_FALSE(files);
    EXPECT_EQ(files.error().code, errc::forbidden);
    fs::remove_all(folder);
    EXPECT_EQ(read_folder(folder).error().code, errc::not_found);
}

}  // namespace
}  // namespace kindred::rules
