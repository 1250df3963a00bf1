#include "engine/domain/customer.hpp"
#include "engine/domain/identity.hpp"

#include <gtest/gtest.h>

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
    EXPECT_EQ(customer_from_json(customer_id{5}, 1, "{").error().code, errc::corrupt);
}

}  // namespace
}  // namespace kindred
