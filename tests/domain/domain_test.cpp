#include "engine/domain/customer.hpp"
#include "engine/domain/identity.hpp"
#include "engine/domain/usual_customer.hpp"

#include <gtest/gtest.h>

#include <random>

namespace kindred {
namespace {

TEST(Identity, PhoneNumbersFoldToOneForm) {
    for (const char* spelling :
         {"+49 171 1234567", "0049-171-1234567", "whatsapp:+491711234567", "491711234567", " +49 (171) 123.45/67",
          "+49 (0)171 1234567", "0049 (0) 171 1234567", "tel:+49-171-1234567"})
        EXPECT_EQ(fold_phone(spelling), "+491711234567") << spelling;
    for (const char* nobody :
         {"anonymous", "", "+", "12", "client:ann", "+1234567890123456", "+0123456789", "266696687x"})
        EXPECT_FALSE(fold_phone(nobody)) << nobody;
}

TEST(Identity, AddressesFoldToOneForm) {
    struct row {
        const char* written;
        const char* folded;
    };
    for (const auto& [written, folded] : std::initializer_list<row>{
             {" Ann@Example.COM ", "ann@example.com"},
             {"ann@B\u00fccher.example", "ann@xn--bcher-kva.example"},
             {"ann@b\u00dcCHER.Example", "ann@xn--bcher-kva.example"},
             {"ann@XN--BCHER-KVA.example", "ann@xn--bcher-kva.example"},
             {"J\u00d6RG@example.com", "j\u00f6rg@example.com"},
             {"ann+shop@example.com", "ann+shop@example.com"},
         })
        EXPECT_EQ(fold_email(written), folded) << written;
    for (const char* nobody : {"", "ann", "@x", "ann@", "a b@x", "<ann@x>", "a@b@c"})
        EXPECT_FALSE(fold_email(nobody)) << nobody;
}

TEST(Customer, StoredFormReadsBack) {
    customer person;
    person.id = customer_id{5};
    person.version = 3;
    person.known = true;
    person.name = "Ann \"A\" 🧦";
    person.language = "es";
    const auto at = from_millis(1'700'000'000'123);
    person.declared["orders"] = {std::int64_t{3}, "event:order_placed", at};
    person.declared["spent"] = {12.5, "crm", at};
    person.declared["vip"] = {true, "agent:bo", at};
    person.declared["country"] = {std::string("MX"), "crm", at};
    person.declared["first_order_at"] = {at, "crm", at};
    person.declared["patience"] = {duration{90'000}, "crm", at};
    person.declared["likes"] = {std::vector<std::string>{"tea", "socks"}, "crm", at};
    person.tags = {"press"};
    person.identities = {{"email:a@x", proof::claimed}, {"phone:+49171", proof::proven}};
    person.pins = {{"value", "vip", "ann", "asked", at, at}, {"stage", "onboarding", "crm", "", at, std::nullopt}};
    person.open_tickets = 1;
    person.contacts = 9;
    person.last_contact_at = at;
    person.last_agent = "bo";
    person.satisfaction = 4.5;
    const auto text = to_json(person);
    const auto back = customer_from_json(person.id, person.version, text);
    ASSERT_TRUE(back);
    EXPECT_EQ(to_json(*back), text);
    EXPECT_EQ(back->declared.at("first_order_at").value, fact_value{at});
    EXPECT_EQ(back->declared.at("likes").value, (fact_value{std::vector<std::string>{"tea", "socks"}}));
    EXPECT_FALSE(back->pins[1].until);
}

TEST(Customer, BrokenRowsAreReportedNotGuessed) {
    for (const auto* broken : {"{", "", "{\"known\":true", "{\"known\":true}}", "{\"known\":true,}",
                               "{\"name\":\"a\nb\"}", "{\"name\":\"\xff\"}", "{\"identities\":[{\"id\":\"a\"},]}",
                               "{\"tags\":[\"a\" \"b\"]}", "{\"contacts\":1 2}"})
        EXPECT_EQ(customer_from_json(customer_id{5}, 1, broken).error().code, errc::corrupt) << broken;
    customer nobody;
    EXPECT_TRUE(read_usual_customer("{}", nobody));
}

/// The short way through a row and the one through a parser, which an unusual member asks for.
TEST(Customer, IsReadTheSameByBothWays) {
    std::mt19937_64 random(4);
    const auto below = [&](std::uint64_t end) { return random() % end; };
    const std::vector<std::string> texts{
        "", "Ann", "Jos\u00e9 \U0001F9E6", "say \"hi\"", "back\\slash", "a\nb", "{\"known\":false}", "], }", "x:y"};
    const auto text = [&] { return texts[below(texts.size())]; };
    const auto time = [&] { return from_millis(static_cast<std::int64_t>(below(1'800'000'000'000)) - 1000); };
    int usual = 0;
    for (int round = 0; round < 3000; ++round) {
        customer person;
        person.id = customer_id{7};
        person.known = below(2) == 0;
        person.name = below(3) == 0 ? text() : "Ann";
        person.language = below(2) == 0 ? "es" : "";
        for (const auto* name : {"a", "b", "c d", "quoted \""}) {
            if (below(3) != 0) continue;
            auto& held = person.declared[name];
            switch (below(8)) {
                case 0: held.value = below(2) == 0; break;
                case 1: held.value = static_cast<std::int64_t>(random()); break;
                case 2: held.value = static_cast<double>(static_cast<std::int64_t>(random())) / 1024; break;
                case 3: held.value = text(); break;
                case 4: held.value = time(); break;
                case 5: held.value = duration{static_cast<std::int64_t>(below(1000)) - 500}; break;
                case 6: held.value = std::vector<std::string>{text()}; break;
                default: break;
            }
            held.source = below(4) == 0 ? text() : "crm";
            held.at = time();
        }
        if (below(4) == 0) person.tags = {"press", text()};
        for (auto left = below(3); left > 0; --left)
            person.identities.push_back(
                {"email:" + std::to_string(left), below(2) == 0 ? proof::proven : proof::claimed});
        if (below(4) == 0) person.pins.push_back({"value", "vip", text(), "", time(), std::nullopt});
        if (below(4) == 0) person.pins.push_back({"stage", "new", "", text(), time(), time()});
        person.open_tickets = static_cast<std::int64_t>(below(3));
        person.contacts = static_cast<std::int64_t>(below(9));
        if (below(2) == 0) person.last_contact_at = time();
        if (below(2) == 0) person.last_agent = "bo";
        if (below(3) == 0) person.satisfaction = static_cast<double>(below(50)) / 10;
        if (below(3) == 0) person.surveyed_at = time();
        if (below(9) == 0) person.erased_at = time();
        if (below(9) == 0) person.merged_from = {customer_id{3}};
        if (below(9) == 0)
            person.merged = merge_record{customer_id{9}, "ann", text(), time(), {"a"}, {}, {}, true, false, false};
        person.notes = static_cast<std::int64_t>(below(3));
        person.created_at = time();
        const auto stored = to_json(person);
        const auto parsed = R"({"of a newer version":"\u00e9",)" + stored.substr(1);
        customer ignored;
        ASSERT_FALSE(read_usual_customer(parsed, ignored));
        ASSERT_EQ(to_json(customer_from_json(person.id, 1, stored).value()),
                  to_json(customer_from_json(person.id, 1, parsed).value()))
            << stored;
        ASSERT_EQ(to_json(customer_from_json(person.id, 1, stored).value()), stored);
        customer read;
        if (read_usual_customer(stored, read)) ++usual;
    }
    EXPECT_GT(usual, 300);
}

}  // namespace
}  // namespace kindred
