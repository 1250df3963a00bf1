#include "engine/customers/joins.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace kindred::customers {
namespace {

identity proven(const std::string& text) { return {text, proof::proven}; }
identity claimed(const std::string& text) { return {text, proof::claimed}; }

customer with(std::uint64_t id, const std::vector<std::string>& identities) {
    customer made;
    made.id = customer_id{id};
    for (const auto& each : identities) made.identities.push_back(proven(each));
    return made;
}

struct outcome {
    std::uint64_t into = 0;
    std::vector<std::uint64_t> from;
    std::vector<std::uint64_t> unsure;
    bool operator==(const outcome&) const = default;
};

outcome verdict_on(const std::vector<identity>& given, const std::vector<customer>& people) {
    std::vector<const customer*> owners;
    for (const auto& each : given) {
        const auto owner = std::find_if(people.begin(), people.end(), [&](const customer& who) {
            return std::any_of(who.identities.begin(), who.identities.end(),
                               [&](const identity& held) { return held.text == each.text; });
        });
        owners.push_back(owner == people.end() ? nullptr : &*owner);
    }
    const auto found = certain_joins(given, owners);
    outcome made;
    if (found.into != nullptr) made.into = found.into->id.value;
    for (const auto* each : found.from) made.from.push_back(each->id.value);
    for (const auto* each : found.unsure) made.unsure.push_back(each->id.value);
    return made;
}

TEST(certain_joins, TakeAddressesNumbersAndCrmIdsThatWereProvenTogether) {
    const auto mail = with(1, {"email:a@b.example"});
    const auto phone = with(2, {"phone:+34600000001"});
    const auto crm = with(3, {"external:17"});
    const auto other_crm = with(4, {"external:18", "phone:+34600000002"});
    const auto browser = with(5, {"webchat:v1"});
    const auto known_browser = with(6, {"webchat:v2", "email:c@d.example"});
    const std::vector people{mail, phone, crm, other_crm, browser, known_browser};
    const std::vector<std::tuple<const char*, std::vector<identity>, outcome>> cases{
        {"one alone", {proven("email:a@b.example")}, {}},
        {"two addresses", {proven("email:a@b.example"), proven("phone:+34600000001")}, {1, {2}, {}}},
        {"the CRM's goes on", {proven("email:a@b.example"), proven("external:17")}, {3, {1}, {}}},
        {"a claimed one joins nobody", {claimed("email:a@b.example"), proven("external:17")}, {}},
        {"two of the CRM are not one for certain", {proven("external:17"), proven("phone:+34600000002")}, {3, {}, {4}}},
        {"a browser of nobody is whoever proves it", {proven("webchat:v1"), proven("external:17")}, {3, {5}, {}}},
        {"a browser may be shared", {proven("webchat:v2"), proven("external:17")}, {}},
        {"browsers alone say nothing", {proven("webchat:v1"), proven("line:x:1")}, {}},
        {"nobody on record", {proven("email:new@b.example"), proven("external:99")}, {}},
        {"all three",
         {proven("phone:+34600000001"), proven("email:a@b.example"), proven("external:17")},
         {3, {1, 2}, {}}},
    };
    for (const auto& [name, given, expected] : cases) EXPECT_EQ(verdict_on(given, people), expected) << name;
}

TEST(certain_joins, SayTheSameInWhateverOrderIdentitiesCome) {
    std::mt19937 chance(5);
    const std::vector<std::string> spaces{"email:", "phone:", "external:", "webchat:", "line:"};
    for (int history = 0; history < 2'000; ++history) {
        std::vector<customer> people;
        std::vector<identity> given;
        for (std::uint64_t id = 1; id <= 4; ++id) {
            auto who = with(id, {});
            for (const auto& space : spaces) {
                if (chance() % 3 != 0) continue;
                who.identities.push_back(proven(space + std::to_string(id)));
                if (chance() % 2 == 0)
                    given.push_back(chance() % 4 == 0 ? claimed(who.identities.back().text) : who.identities.back());
            }
            people.push_back(std::move(who));
        }
        const auto expected = verdict_on(given, people);
        std::shuffle(given.begin(), given.end(), chance);
        const auto shuffled = verdict_on(given, people);
        EXPECT_EQ(shuffled, expected);
        for (const auto id : shuffled.from) EXPECT_NE(id, shuffled.into);
    }
}

TEST(likeness, IsTheSameNameAndAnAttributeThatTellsPeopleApart) {
    auto one = with(1, {});
    auto other = with(2, {});
    one.name = " Ann ARCHER";
    other.name = "Ann Archer ";
    EXPECT_TRUE(likeness(one, other).empty());
    one.declared["country"].value = std::string("ES");
    other.declared["country"].value = std::string("ES");
    one.declared["business"].value = true;
    other.declared["business"].value = true;
    one.declared["orders"].value = std::int64_t{0};
    other.declared["orders"].value = std::int64_t{0};
    EXPECT_EQ(likeness(one, other), (std::vector<std::string>{"name:  Ann ARCHER", "country: ES"}));
    other.name = "Ann Arthur";
    EXPECT_TRUE(likeness(one, other).empty());
    one.name = other.name = "";
    EXPECT_TRUE(likeness(one, other).empty());
}

TEST(join_proposal, ComesBackAsItWasStored) {
    const join_proposal whole{
        pair_of(customer_id{9}, customer_id{3}), true, {"name: Ann", "country: ES"}, "agent:ann", "sisters",
        from_millis(1'700'000'000'000)};
    EXPECT_EQ(join_proposal_from_json(to_json(whole)).value(), whole);
    EXPECT_EQ(pair_from_key(key_of(whole.who)), whole.who);
    for (const char* wrong : {"", "3", "9-3", "3-3", "x-9", "3-9-1"}) EXPECT_FALSE(pair_from_key(wrong)) << wrong;
    EXPECT_FALSE(join_proposal_from_json("{}"));
}

}  // namespace
}  // namespace kindred::customers
