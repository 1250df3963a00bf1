#include "engine/customers/merge.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace kindred::customers {
namespace {

time_point at(int seconds) { return from_millis(1'700'000'000'000 + seconds * 1000); }

/// Any customer of that number, with values from so few that both of a pair often have the same.
rc::Gen<customer> any_customer(std::uint64_t id) {
    return rc::gen::exec([id] {
        customer person;
        person.id = customer_id{id};
        person.version = 3;
        person.known = true;
        person.name = *rc::gen::element<std::string>("", "Ann", "Bob");
        person.language = *rc::gen::element<std::string>("", "en", "es");
        for (const char* name : {"orders", "country", "plan"})
            if (*rc::gen::arbitrary<bool>())
                person.declared[name] = {std::int64_t{*rc::gen::inRange(0, 3)}, "crm", at(*rc::gen::inRange(0, 3))};
        for (const char* tag : {"vip", "late", "loud"})
            if (*rc::gen::arbitrary<bool>()) person.tags.emplace_back(tag);
        for (const char* dimension : {"value", "region"})
            if (*rc::gen::arbitrary<bool>())
                person.pins.push_back({dimension, "a", "agent:ann", {}, at(*rc::gen::inRange(0, 3)), std::nullopt});
        person.identities.push_back({"email:" + std::to_string(id) + "@example.com", proof::proven});
        person.open_tickets = *rc::gen::inRange(0, 5);
        person.contacts = *rc::gen::inRange(0, 50);
        if (*rc::gen::arbitrary<bool>()) person.satisfaction = 4.5;
        return person;
    });
}

/// Without what every change moves.
std::string said_of(customer person) {
    person.version = 0;
    return to_json(person);
}

RC_GTEST_PROP(Merge, UndoneBothAreWhatTheyWere, ()) {
    auto from = *any_customer(1);
    auto into = *any_customer(2);
    const auto from_before = said_of(from);
    const auto into_before = said_of(into);
    customers::merge(from, into, "agent:ann", "the same person", at(100));
    customers::unmerge(from, into, from.open_tickets);
    RC_ASSERT(said_of(from) == from_before);
    RC_ASSERT(said_of(into) == into_before);
}

RC_GTEST_PROP(Merge, LosesNothingThatEitherHad, ()) {
    auto from = *any_customer(1);
    auto into = *any_customer(2);
    const auto was = from;
    const auto stated = into;
    customers::merge(from, into, "agent:ann", {}, at(100));
    for (const auto& [name, held] : stated.declared) RC_ASSERT(into.declared.at(name).value == held.value);
    for (const auto& [name, held] : was.declared) RC_ASSERT(into.declared.contains(name));
    for (const auto& tag : was.tags) RC_ASSERT(std::count(into.tags.begin(), into.tags.end(), tag) == 1);
    RC_ASSERT(into.identities.size() == 2U);
    RC_ASSERT(into.contacts == was.contacts + stated.contacts);
    RC_ASSERT(into.open_tickets == was.open_tickets + stated.open_tickets);
    RC_ASSERT(is_or_goes_on_as(was.id, into));
}

TEST(Merge, IsReadFromTheStoreAsItWasWritten) {
    customer from;
    from.id = customer_id{1};
    from.name = "Ann";
    from.tags = {"late"};
    from.declared["orders"] = {std::int64_t{3}, "crm", at(1)};
    customer into;
    into.id = customer_id{2};
    customers::merge(from, into, "agent:ann", "same address", at(100));
    for (const auto& each : {from, into}) {
        const auto read = customer_from_json(each.id, each.version, to_json(each));
        ASSERT_TRUE(read);
        EXPECT_EQ(to_json(*read), to_json(each));
    }
    EXPECT_EQ(into.name, "Ann");
    ASSERT_TRUE(from.merged);
    EXPECT_EQ(from.merged->reason, "same address");
}

TEST(Merge, WhatWasChangedMeanwhileStaysWithTheOtherOne) {
    customer from;
    from.id = customer_id{1};
    from.declared["orders"] = {std::int64_t{3}, "crm", at(1)};
    customer into;
    into.id = customer_id{2};
    customers::merge(from, into, "agent:ann", {}, at(100));
    into.declared["orders"] = {std::int64_t{4}, "crm", at(200)};
    customers::unmerge(from, into, 0);
    EXPECT_EQ(std::get<std::int64_t>(into.declared.at("orders").value), 4);
    EXPECT_EQ(std::get<std::int64_t>(from.declared.at("orders").value), 3);
}

TEST(Merge, OverSeveralPeopleAllGoOnAsTheLast) {
    customer a, b, c;
    a.id = customer_id{1};
    b.id = customer_id{2};
    c.id = customer_id{3};
    customers::merge(a, b, "agent:ann", {}, at(1));
    customers::merge(b, c, "agent:ann", {}, at(2));
    EXPECT_EQ(c.merged_from, (std::vector{customer_id{2}, customer_id{1}}));
    customers::unmerge(b, c, 0);
    EXPECT_TRUE(c.merged_from.empty());
    EXPECT_EQ(b.merged_from, std::vector{customer_id{1}});
}

}  // namespace
}  // namespace kindred::customers
