#include "engine/runtime/people/registers.hpp"
#include "engine/runtime/arrivals/quarantine.hpp"
#include "tests/runtime/support/site_run.hpp"

#include <gtest/gtest.h>

namespace kindred::runtime {
namespace {

using namespace std::chrono_literals;
using state = outcome::state;

/// A text message; `from` has an identity in the space of phones.
channel::record text_of(const std::string& from, const std::string& id, const std::string& text) {
    auto made = message_of(from, id, text);
    made.identities = {{"phone:" + from, proof::proven}};
    return made;
}

result<std::string> change(site_run& run, register_change wanted) {
    auto promise = std::make_shared<std::promise<result<std::string>>>();
    auto promised = promise->get_future();
    wanted.done = [promise](result<std::string> said) { promise->set_value(std::move(said)); };
    run.submit(std::move(wanted));
    return value_of(std::move(promised));
}

ticket_id held_ticket(site_run& run, const channel::record& first, const std::string& channel = "texts") {
    const auto desk = run.open_desk(site_run::ann);
    (void)run.set_presence(site_run::ann, dispatch::presence::available);
    const auto opened = run.contact(first, channel);
    EXPECT_TRUE(run.answer(site_run::ann, offer_on(*desk), true));
    return opened.ticket;
}

std::string last_reason(site_run& run, ticket_id ticket) {
    std::string reason;
    for (const auto& each : run.durable().entries(ticket, 0, 100).value()) {
        if (each.kind != "delivery") continue;
        const auto parsed = json::document::parse(each.json);
        reason = std::string((*parsed)["state"].text()) + ' ' + std::string((*parsed)["reason"].text());
    }
    return reason;
}

TEST(Consents, AfterStopNothingGoesUntilStart) {
    site_run run;
    const auto chat = run.open_chat("+34600000001", "texts");
    const auto ticket = held_ticket(run, text_of("+34600000001", "m1", "hello"));
    (void)run.contact(text_of("+34600000001", "m2", " Stop "), "texts");
    ASSERT_TRUE(run.act(site_run::ann, ticket, action::reply{"are you sure?"}));
    ASSERT_TRUE(run.delivered(ticket));
    EXPECT_NE(last_reason(run, ticket).find("failed do_not_contact: the customer asked"), std::string::npos)
        << last_reason(run, ticket);
    EXPECT_EQ(run.durable().outbox_of(ticket).value().back().state, store::outbox_state::failed);
    (void)run.contact(text_of("+34600000001", "m3", "START"), "texts");
    ASSERT_TRUE(run.act(site_run::ann, ticket, action::reply{"welcome back"}));
    ASSERT_TRUE(run.delivered(ticket));
    EXPECT_EQ(run.durable().outbox_of(ticket).value().back().state, store::outbox_state::sent);
}

TEST(Consents, StopIsAWordAloneAndOnlyWhereItIsExpected) {
    site_run run;
    for (const auto& [id, text, channel] : std::initializer_list<std::array<const char*, 3>>{
             {"m1", "please stop the delivery", "texts"}, {"m2", "stop", "chat"}, {"m3", "cancel", "texts"}}) {
        (void)run.contact(text_of("+34600000002", id, text), channel);
        EXPECT_TRUE(run.durable().kept(stop_rows, {}, {}, 10).value().empty()) << text;
    }
}

TEST(Consents, WhatWaitsToBeSentIsTakenBack) {
    site_run run;
    const auto ticket = held_ticket(run, text_of("+34600000003", "m1", "hello"));
    ASSERT_TRUE(run.act(site_run::ann, ticket, action::reply{"one"}));  // nobody's chat is open: it waits
    ASSERT_TRUE(run.act(site_run::ann, ticket, action::reply{"two"}));
    (void)run.contact(text_of("+34600000003", "m2", "STOP"), "texts");
    ASSERT_TRUE(run.delivered(ticket));
    const auto messages = run.durable().outbox_of(ticket).value();
    ASSERT_EQ(messages.size(), 2U);
    for (const auto& each : messages) EXPECT_EQ(each.state, store::outbox_state::failed);
}

TEST(Consents, AreInForceAfterARestartAndForWhatWaited) {
    const auto disk = store::make_memory_disk();
    ticket_id ticket;
    {
        site_run run(store::make_memory_store(disk));
        ticket = held_ticket(run, text_of("+34600000004", "m1", "hello"));
        (void)run.contact(text_of("+34600000004", "m2", "stop"), "texts");
        run.stop();
    }
    site_run again(store::make_memory_store(disk));
    ASSERT_TRUE(again.act(site_run::ann, ticket, action::reply{"hello?"}));
    ASSERT_TRUE(again.delivered(ticket));
    EXPECT_EQ(again.durable().outbox_of(ticket).value().back().state, store::outbox_state::failed);
}

TEST(Consents, TheCentreForbidsAndAllowsForTheWholeCustomer) {
    site_run run;
    const auto ticket = held_ticket(run, message_of("v9", "m1"), "chat");
    const auto chat = run.open_chat("v9");
    const auto row = run.durable().ticket(ticket).value();
    customers::do_not_contact stop;
    stop.subject = "customer:" + to_string(row.customer);
    stop.by = "agent:ann";
    ASSERT_TRUE(change(run, {registers::consent_change{stop, false}, {}}));
    ASSERT_TRUE(run.act(site_run::ann, ticket, action::reply{"one"}));
    EXPECT_NE(last_reason(run, ticket).find("set by agent:ann"), std::string::npos);
    ASSERT_TRUE(change(run, {registers::consent_change{stop, true}, {}}));
    EXPECT_EQ(change(run, {registers::consent_change{stop, true}, {}}).error().code, errc::not_found);
    ASSERT_TRUE(run.act(site_run::ann, ticket, action::reply{"two"}));
    ASSERT_TRUE(run.delivered(ticket));
    EXPECT_EQ(run.durable().outbox_of(ticket).value().back().state, store::outbox_state::sent);
}

TEST(Blocks, KeepSomebodyOutUntilTheirEnd) {
    site_run run;
    customers::block block;
    block.identity = "phone:+34600000005";
    block.until = test_start + 1h;
    ASSERT_TRUE(change(run, {registers::block_change{block, false}, {}}));
    const auto kept_out = run.contact(text_of("+34600000005", "m1", "buy now"), "texts");
    EXPECT_EQ(kept_out.what, state::ignored);
    EXPECT_EQ(kept_out.reason, "blocked_sender");
    EXPECT_EQ(run.contact(text_of("+34600000006", "m2", "hello"), "texts").what, state::accepted);
    run.advance(1h);
    EXPECT_EQ(run.contact(text_of("+34600000005", "m3", "buy now"), "texts").what, state::accepted);
    ASSERT_TRUE(change(run, {registers::block_change{block, true}, {}}));
    EXPECT_EQ(change(run, {registers::block_change{block, true}, {}}).error().code, errc::not_found);
}

TEST(Blocks, OfTheConfigurationHoldForDomains) {
    site_run run;
    auto spam = message_of("a@spam.example", "m1");
    spam.identities = {{"email:a@spam.example", proof::claimed}};
    EXPECT_EQ(run.contact(spam, "texts").reason, "blocked_sender");
    spam.event_id = "m2";
    EXPECT_EQ(run.contact(spam, "chat").what, state::accepted);
}

TEST(FloodLimit, HoldsForOneSenderAndPasses) {
    site_run run;
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(run.contact(text_of("+34600000007", "m" + std::to_string(i), "x"), "texts").what, state::accepted);
    const auto flooded = run.contact(text_of("+34600000007", "m6", "x"), "texts");
    EXPECT_EQ(flooded.what, state::ignored);
    EXPECT_EQ(flooded.reason, "flood_limit");
    EXPECT_EQ(run.contact(text_of("+34600000008", "m7", "x"), "texts").what, state::accepted);
    run.advance(12s);
    EXPECT_EQ(run.contact(text_of("+34600000007", "m8", "x"), "texts").what, state::accepted);
}

TEST(Quarantine, TakesTheRecordThatAStepFailsByAndNothingElse) {
    std::atomic<bool> broken{true};
    writer_settings settings;
    settings.rehearse = [&broken](const channel::record& happened) {
        if (broken && happened.text == "poison") throw std::runtime_error("a bug");
    };
    site_run run(store::make_memory_store(), test_start, settings);
    const auto before = run.contact(message_of("v1", "m1"));
    EXPECT_EQ(before.what, state::accepted);
    const auto raw = std::make_shared<raw_request>(raw_request{.method = "POST", .body = "the bytes"});
    auto promise = std::make_shared<std::promise<std::vector<outcome>>>();
    delivery arrived;
    arrived.via = run.site().channels().find("chat");
    arrived.records = {message_of("v2", "m2", "poison")};
    arrived.raw = raw;
    arrived.done = [promise](std::vector<outcome> became) { promise->set_value(std::move(became)); };
    run.submit(std::move(arrived));
    const auto became = value_of(promise->get_future());
    ASSERT_EQ(became.size(), 1U);
    EXPECT_EQ(became[0].what, state::quarantined);
    EXPECT_EQ(run.contact(message_of("v3", "m3")).what, state::accepted);
    EXPECT_EQ(run.tickets(), 2U);
    const auto rows = run.durable().kept(quarantine_rows, {}, {}, 10).value();
    ASSERT_EQ(rows.size(), 1U);
    const auto held = quarantined_from(rows[0]).value();
    EXPECT_EQ(held.channel, "chat");
    EXPECT_EQ(held.reason, "bug");
    EXPECT_EQ(held.detail, "a bug");
    EXPECT_EQ(held.request.body, "the bytes");
    // The bug is mended: the same record goes in.
    broken = false;
    EXPECT_EQ(run.contact(message_of("v2", "m2", "poison")).what, state::accepted);
    ASSERT_TRUE(change(run, {registers::quarantine_drop{held.id}, {}}));
    EXPECT_TRUE(run.durable().kept(quarantine_rows, {}, {}, 10).value().empty());
}

TEST(Quarantine, IsBoundedAndKeepsWhatItHas) {
    quarantine_book book;
    std::size_t taken = 0;
    for (std::size_t i = 0; i < 400; ++i) taken += book.add("a" + std::to_string(i), "a") ? 1U : 0U;
    EXPECT_EQ(taken, quarantine_book::most_of_a_channel);
    EXPECT_FALSE(book.add("a0", "a"));
    EXPECT_TRUE(book.add("b0", "b"));
    EXPECT_TRUE(book.remove("a0"));
    EXPECT_FALSE(book.remove("a0"));
    EXPECT_TRUE(book.add("a400", "a"));
}

TEST(Quarantine, ARowIsReadAsItWasWritten) {
    quarantined held{{},
                     "mail",
                     "malformed",
                     "why",
                     test_start,
                     {.method = "POST",
                      .url = "https://x/y?z",
                      .subpath = "/y",
                      .query = "z",
                      .headers = {{"A", "b"}, {"A", "c"}},
                      .body = std::string("\0\xff{", 3),
                      .envelope_from = "a@b",
                      .envelope_to = {"c@d"},
                      .session = "s",
                      .authenticated = true}};
    const auto read = quarantined_from(to_row(held)).value();
    EXPECT_EQ(read.id, id_of(held));
    EXPECT_EQ(read.request.headers, held.request.headers);
    EXPECT_EQ(read.request.body, held.request.body);
    EXPECT_EQ(read.request.envelope_to, held.request.envelope_to);
    EXPECT_EQ(read.request.subpath, "/y");
    EXPECT_TRUE(read.request.authenticated);
    EXPECT_EQ(quarantined_from({"quarantine", "x", test_start, "nonsense"}).error().code, errc::corrupt);
}

TEST(LongReplies, GoInPartsThatAreOneReply) {
    site_run run;
    const auto chat = run.open_chat("+34600000009", "texts");
    const auto ticket = held_ticket(run, text_of("+34600000009", "m1", "hello"));
    ASSERT_TRUE(run.act(site_run::ann, ticket, action::reply{"One sentence is it. And another one."}));
    ASSERT_TRUE(run.delivered(ticket));
    const auto messages = run.durable().outbox_of(ticket).value();
    ASSERT_EQ(messages.size(), 2U);
    EXPECT_EQ(messages[0].entry, messages[1].entry);
    EXPECT_EQ(run.act(site_run::ann, ticket, action::reply{""}).error().code, errc::invalid);
    action::reply with_template;
    with_template.use_template = channel::message_template{"hello", "en", {}};
    EXPECT_EQ(run.act(site_run::ann, ticket, with_template).error().code, errc::invalid);
}

}  // namespace
}  // namespace kindred::runtime
