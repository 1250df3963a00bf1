#include "engine/runtime/arrivals/contact_reader.hpp"

#include "engine/base/json.hpp"
#include "engine/runtime/arrivals/contact_of.hpp"
#include "engine/understanding/intent_trainer.hpp"

#include <gtest/gtest.h>
#include <stdexcept>

namespace kindred::runtime {
namespace {

rules::ruleset rules_in_two_languages() {
    auto read = rules::load({{"queues.yaml", "queues: { general: {} }\n"},
                             {"routing.yaml",
                              "routes:\n  - { name: refunds, when: { contact.intent: refund, contact.language: es }, "
                              "queue: general }\nfallback: { queue: general }\n"},
                             {"site.yaml", "site: { languages: [en, es, pt], default_language: en }\n"}});
    if (!read.rules) throw std::runtime_error("the rules of the test have problems");
    return *read.rules;
}

std::shared_ptr<const understanding::intent_model> learnt_intents() {
    std::vector<understanding::labelled_text> examples;
    for (const char* const each : {"quiero mi dinero", "devuelvan mi dinero", "quiero devolver la compra", "mi dinero"})
        examples.push_back({each, "refund"});
    for (const char* const each : {"no llega mi paquete", "donde esta el paquete", "el paquete tarda", "mi paquete"})
        examples.push_back({each, "delivery"});
    return std::make_shared<const understanding::intent_model>(understanding::learn_intents(examples).value());
}

class contact_reading : public testing::Test {
protected:
    /// What came, as the reader leaves it.
    channel::record read(channel::record happened, const std::string& customer_json = {}) {
        delivery arrived;
        arrived.via = &via;
        arrived.records.push_back(std::move(happened));
        arrived.known.emplace_back();
        if (!customer_json.empty()) {
            arrived.known[0].customers.emplace_back(store::customer_row{});
            arrived.known[0].customers[0]->json = customer_json;
        }
        reader.read(arrived, rules);
        return std::move(arrived.records[0]);
    }
    contact contact_from(const channel::record& happened) const { return contact_of(happened, via, rules, {}); }
    static channel::record message(const std::string& text) {
        channel::record made;
        made.event_id = "1";
        made.text = text;
        return made;
    }

    rules::ruleset rules = rules_in_two_languages();
    channel_entry via{"chat", "webchat", channel_kind::chat, nullptr};
    contact_reader reader{{true, nullptr, learnt_intents()}};
};

TEST_F(contact_reading, FillsWhatAContactDoesNotSay) {
    const auto happened = read(message("quiero mi dinero, por favor, y lo quiero cuanto antes"));
    ASSERT_EQ(happened.details.size(), 1U);
    EXPECT_EQ(happened.details[0].name, "understood");
    const auto made = contact_from(happened);
    EXPECT_EQ(made.language, "es");
    EXPECT_EQ(made.intent, "refund");
}

TEST_F(contact_reading, IsStoredWithTheContact) {
    const auto happened = read(message("quiero mi dinero, por favor, y lo quiero cuanto antes"));
    const auto later = contact_from_stored(channel::to_stored_json(happened), "chat", channel_kind::chat, rules, {});
    EXPECT_EQ(later.language, "es");
    EXPECT_EQ(later.intent, "refund");
}

TEST_F(contact_reading, LeavesWhatAContactSays) {
    auto said = message("quiero mi dinero, por favor, y lo quiero cuanto antes");
    said.locale = "pt_BR";
    said.add_detail("intent", "\"cancel\"");
    const auto happened = read(said);
    EXPECT_EQ(happened.details.size(), 1U) << "nothing was missing";
    EXPECT_EQ(contact_from(happened).language, "pt");
    EXPECT_EQ(contact_from(happened).intent, "cancel");
}

TEST_F(contact_reading, DoesNotGuess) {
    EXPECT_TRUE(read(message("12345 :-)")).details.empty());
    EXPECT_TRUE(read(message("")).details.empty());
    auto status = message("quiero mi dinero");
    status.kind = channel::record_kind::status;
    EXPECT_TRUE(read(status).details.empty()) << "only what customers write";
}

TEST_F(contact_reading, TakesTheCustomersLanguageIntoAccount) {
    const auto text = message("problema");
    EXPECT_EQ(contact_from(read(text, R"({"language":"pt"})")).language, "pt");
    EXPECT_EQ(contact_from(read(text, R"({"language":"es"})")).language, "es");
}

TEST_F(contact_reading, ReadsTheBeginningOfLongTexts) {
    std::string mail = "quiero mi dinero, por favor, y lo quiero cuanto antes. ";
    while (mail.size() < (1U << 22U)) mail += "lorem ipsum ";
    EXPECT_EQ(contact_from(read(message(mail))).language, "es");
}

TEST(contact_reader, DoesNothingUnlessAsked) {
    EXPECT_FALSE(contact_reader({}).does_anything());
    EXPECT_TRUE(contact_reader({true, nullptr, nullptr}).does_anything());
}

}  // namespace
}  // namespace kindred::runtime
