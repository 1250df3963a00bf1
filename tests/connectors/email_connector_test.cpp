#include "connectors/email/connector.hpp"
#include "connectors/mime/mime.hpp"
#include "tests/connectors/support/wrong_requests.hpp"

#include <gtest/gtest.h>

namespace kindred::connectors::email {
namespace {

using testing::expect_every_kind;
using testing::wrong;

using settings_list = std::vector<std::pair<std::string, std::string>>;

channel::options options_of(const settings_list& settings) {
    std::vector<channel::option> given;
    for (const auto& [name, value] : settings) given.push_back({name, {value}, false, 1, 1});
    return {"postbox", std::move(given), ""};
}

const settings_list usual = {
    {"address", "help@shop.example"},      {"from_name", "Lumen"}, {"reply_secret", "long enough secret"},
    {"smtp_url", "smtp://127.0.0.1:2525"}, {"smtp_user", "lumen"}, {"smtp_password", "pw"},
    {"listen", "127.0.0.1:2424"},          {"protocol", "lmtp"}};

std::unique_ptr<channel::connector> connector(const settings_list& settings = usual) {
    auto options = options_of(settings);
    auto made = make(options);
    for (const auto& each : options.problems()) ADD_FAILURE() << each.name << " " << each.message;
    for (const auto& each : options.unused()) ADD_FAILURE() << "unused " << each.name;
    return made;
}

time_point noon() { return *parse_time("2026-11-22T12:00:00Z"); }

channel::reception received(std::string_view body, std::vector<std::string> to = {"help@shop.example"},
                            std::string_view from = "ann@example.org") {
    channel::request arrived;
    arrived.body = body;
    arrived.envelope_from = from;
    arrived.envelope_to = std::move(to);
    return connector()->receive(arrived, noon());
}

channel::outgoing answer() {
    channel::outgoing message;
    message.idempotency_key = "key-1";
    message.text = "It is on its way.";
    message.ticket = "4711";
    message.at = noon();
    message.from = "ann@example.org";
    message.to = "help@shop.example";
    message.subject = "Where is it?";
    message.provider_message_id = "<m2@example.org>";
    message.references = {"<m1@example.org>"};
    return message;
}

TEST(Email, AMailBecomesOneRecordAndIsAcceptedOnceStored) {
    const auto got =
        received("From: Ann <ann@example.org>\r\nTo: help@shop.example\r\nMessage-ID: <m1@x>\r\n\r\nHello");
    EXPECT_EQ(got.reply.status, 250U);
    EXPECT_EQ(got.when, channel::answer_after::ingest);
    ASSERT_EQ(got.records.size(), 1U);
    EXPECT_EQ(got.records[0].from, "ann@example.org");
    EXPECT_EQ(got.records[0].identities.at(0).text, "email:ann@example.org");
    EXPECT_NE(to_json(got.records[0]).find("\"envelope_from\":\"ann@example.org\""), std::string::npos);
}

TEST(Email, RefusesWithAReasonAndStoresNothing) {
    struct {
        const char* what;
        std::string body;
        std::vector<std::string> to;
        unsigned code;
        const char* reason;
    } const cases[] = {
        {"empty", "", {"help@shop.example"}, 554, "malformed"},
        {"somebody else's", "From: a@b.example\r\n\r\nx", {"boss@shop.example"}, 550, "wrong_recipient"},
        {"headers without end",
         "X: " + std::string(300'000, 'x') + "\r\n\r\nx",
         {"help@shop.example"},
         552,
         "too_large"},
        {"too large",
         "From: a@b.example\r\n\r\n" + std::string(26U << 20U, 'x'),
         {"help@shop.example"},
         552,
         "too_large"},
    };
    for (const auto& each : cases) {
        const auto got = received(each.body, each.to);
        EXPECT_EQ(got.reply.status, each.code) << each.what;
        EXPECT_EQ(got.refused, each.reason) << each.what;
        EXPECT_TRUE(got.records.empty()) << each.what;
        EXPECT_FALSE(got.reply.body.empty()) << each.what;
    }
    // `imap` is the same connector at another door: a folder, whose log-in is the proof.
    expect_every_kind({wrong::shape, wrong::account, wrong::oversized},
                      {{wrong::flipped_bit, "a mail server signs nothing for us: the listener's network is the proof"},
                       {wrong::missing, "there is no proof to be missing"},
                       {wrong::doubled, "there is no proof to be there twice"},
                       {wrong::empty, "there is no proof to be empty"},
                       {wrong::algorithm, "there is no algorithm: DMARC is looked at, and a mail without it taken"},
                       {wrong::stale_time, "mails travel for days; they are known by id and content"},
                       {wrong::truncated, "a mail may end anywhere; one without its final dot is never handed over"},
                       {wrong::content_type, "what is neither text nor multipart is a file"},
                       {wrong::utf8, "a mail is in whatever charset it says, and bytes that are none become marks"}});
}

TEST(Email, TakesMailForAPlusAddressAndForOneOfSeveralRecipients) {
    EXPECT_EQ(received("From: a@b.example\r\n\r\nx", {"HELP+abc@shop.example"}).reply.status, 250U);
    EXPECT_EQ(received("From: a@b.example\r\n\r\nx", {"boss@shop.example", "help@shop.example"}).reply.status, 250U);
}

TEST(Email, ADateFromTheFutureSaysNothing) {
    const auto at = [](std::string_view date) {
        return received("From: a@b.example\r\nDate: " + std::string(date) + "\r\n\r\nx").records.at(0).at;
    };
    EXPECT_TRUE(at("Sun, 22 Nov 2026 13:00:00 +0000"));
    EXPECT_FALSE(at("Sun, 22 Nov 2099 13:00:00 +0000"));
    EXPECT_FALSE(at("some day"));
}

TEST(Email, AnAnswerGoesOutInTheThreadAndComesBackToItsTicket) {
    const auto call = connector()->deliver(answer());
    ASSERT_TRUE(call) << call.error().message;
    EXPECT_EQ(call->via, channel::transport::smtp);
    EXPECT_EQ(call->url, "smtp://127.0.0.1:2525");
    EXPECT_EQ(call->user, "lumen");
    EXPECT_EQ(call->envelope_to, std::vector<std::string>{"ann@example.org"});
    const auto sent = mime::parse(call->body);
    ASSERT_TRUE(sent);
    EXPECT_EQ(sent->subject, "Re: Where is it?");
    EXPECT_EQ(sent->in_reply_to, "<m2@example.org>");
    EXPECT_EQ(sent->references, (std::vector<std::string>{"<m1@example.org>", "<m2@example.org>"}));
    EXPECT_EQ(sent->from.at(0), (mime::address{"Lumen", "help@shop.example"}));
    EXPECT_EQ(call->envelope_from, sent->reply_to.at(0).email) << "a bounce comes back to the ticket";

    const auto by_address = received("From: ann@example.org\r\nTo: " + sent->reply_to.at(0).email + "\r\n\r\nThanks",
                                     {sent->reply_to.at(0).email});
    EXPECT_EQ(by_address.records.at(0).ticket, "4711");
    const auto by_id = received("From: ann@example.org\r\nTo: help@shop.example\r\nIn-Reply-To: " + sent->message_id +
                                "\r\n\r\nThanks");
    EXPECT_EQ(by_id.records.at(0).ticket, "4711");
}

TEST(Email, EveryAttemptIsTheSameMail) {
    EXPECT_EQ(connector()->deliver(answer())->body, connector()->deliver(answer())->body);
    auto other = answer();
    other.idempotency_key = "key-2";
    EXPECT_NE(connector()->deliver(answer())->body, connector()->deliver(other)->body);
}

TEST(Email, AnAutomaticAnswerCannotBounceOrLoop) {
    auto message = answer();
    message.automatic = true;
    const auto call = connector()->deliver(message);
    ASSERT_TRUE(call);
    EXPECT_EQ(call->envelope_from, "");
    const auto sent = mime::parse(call->body);
    EXPECT_EQ(sent->auto_submitted, "auto-replied");
    EXPECT_EQ(sent->subject, "Auto: Re: Where is it?");
}

TEST(Email, WithoutASecretRepliesCarryNoToken) {
    const auto plain =
        connector({{"address", "help@shop.example"}, {"smtp_url", "smtps://mx.example:465"}})->deliver(answer());
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->envelope_from, "help@shop.example");
    EXPECT_TRUE(mime::parse(plain->body)->reply_to.empty());
}

TEST(Email, SaysWhyAMessageCanNeverBeSent) {
    const auto why = [](const settings_list& settings, void (*change)(channel::outgoing&)) {
        auto message = answer();
        change(message);
        const auto call = connector(settings)->deliver(message);
        return call ? std::string("sent") : call.error().message;
    };
    EXPECT_EQ(why({}, [](channel::outgoing&) {}), "channel postbox cannot send: set smtp_url to its submission server");
    EXPECT_EQ(why(usual, [](channel::outgoing& m) { m.from = "ann"; }), "\"ann\" is no mail address");
    EXPECT_EQ(why(usual, [](channel::outgoing& m) { m.from = "ann@x>\r\nRCPT TO:<eve@y"; }),
              "\"ann@x>\r\nRCPT TO:<eve@y\" is no mail address");
    EXPECT_EQ(why(usual, [](channel::outgoing& m) { m.text.assign(2U << 20U, 'x'); }), "the text is longer than 1 MiB");
    EXPECT_EQ(why({{"smtp_url", "smtp://mx.example:25"}}, [](channel::outgoing& m) { m.to = "nowhere"; }),
              "channel postbox does not know its own address: set address");
}

TEST(Email, ReadsSubmissionReplies) {
    const auto outcome = [](unsigned status) { return connector()->judge({status, {}, "said so"}).outcome; };
    using state = channel::delivery::state;
    EXPECT_EQ(outcome(250), state::sent);
    EXPECT_EQ(outcome(0), state::retry);
    EXPECT_EQ(outcome(421), state::retry);
    EXPECT_EQ(outcome(452), state::retry);
    EXPECT_EQ(outcome(535), state::retry) << "a wrong password is our fault and can be mended";
    EXPECT_EQ(outcome(550), state::failed);
    EXPECT_EQ(connector()->judge({550, {}, "5.1.1 unknown"}).reason, "the mail server answered 550 5.1.1 unknown");
}

TEST(Email, SaysNothingInTheOpenBeyondThisMachine) {
    struct {
        settings_list given;
        bool tls;
    } const cases[] = {
        {{{"smtp_url", "smtp://mx.example:587"}}, true},
        {{{"smtp_url", "smtps://mx.example:465"}}, true},
        {{{"smtp_url", "smtps://127.0.0.1:465"}}, true},
        {{{"smtp_url", "smtp://127.0.0.1:25"}}, false},
        {{{"smtp_url", "smtp://localhost:25"}}, false},
        {{{"smtp_url", "smtp://[::1]:25"}}, false},
        {{{"smtp_url", "smtp://127.0.0.1.evil.example.:25"}, {"smtp_tls", "required"}}, true},
        {{{"smtp_url", "smtp://localhost.example:25"}}, true},
        {{{"smtp_url", "smtp://localhost:25"}, {"smtp_ca_file", "/ca.pem"}}, true},
        {{{"smtp_url", "smtp://localhost:25"}, {"smtp_tls", "required"}}, true},
        {{{"smtp_url", "smtp://relay.lan:25"}, {"smtp_tls", "never"}}, false},
    };
    for (const auto& each : cases) {
        const auto call = connector(each.given)->deliver(answer());
        ASSERT_TRUE(call) << call.error().message;
        EXPECT_EQ(call->security.tls_required, each.tls) << each.given.front().second;
    }
}

TEST(Email, SaysWhatIsWrongWithTheLogIn) {
    const auto problem = [](settings_list given) {
        given.emplace_back("smtp_url", "smtp://mx.example:587");
        auto options = options_of(given);
        (void)make(options);
        return options.problems().empty() ? std::string() : options.problems().front().name;
    };
    EXPECT_EQ(problem({{"smtp_user", "u"}, {"smtp_password", "p"}}), "");
    EXPECT_EQ(problem({{"smtp_user", "u"}, {"smtp_token_file", "/token"}}), "");
    EXPECT_EQ(problem({{"smtp_user", "u"}}), "smtp_password");
    EXPECT_EQ(problem({{"smtp_token_file", "/token"}}), "smtp_user");
    EXPECT_EQ(problem({{"smtp_user", "u"}, {"smtp_password", "p"}, {"smtp_token_file", "/t"}}), "smtp_token_file");
    EXPECT_EQ(problem({{"smtp_user", "u"}, {"smtp_password", "p"}, {"smtp_tls", "never"}}), "smtp_tls");
    EXPECT_EQ(problem({{"smtp_tls", "maybe"}}), "smtp_tls");
    EXPECT_EQ(problem({{"smtp_tls", "never"}, {"smtp_ca_file", "/ca.pem"}}), "smtp_ca_file");
}

TEST(Email, NamesTheMailByWhichItsBounceWillNameIt) {
    const auto call = connector()->deliver(answer());
    ASSERT_TRUE(call);
    EXPECT_FALSE(call->message_id.empty());
    EXPECT_EQ(mime::parse(call->body)->message_id, call->message_id);
}

TEST(Email, NamesEveryWrongSetting) {
    auto options = options_of({{"address", "help"},
                               {"reply_secret", "short"},
                               {"smtp_url", "https://mx.example"},
                               {"smtp_password", "pw"},
                               {"protocol", "pop3"},
                               {"max_message_bytes", "10"},
                               {"adress", "help@shop.example"}});
    EXPECT_EQ(make(options), nullptr);
    std::vector<std::string> names;
    for (const auto& each : options.problems()) names.push_back(each.name);
    EXPECT_EQ(names, (std::vector<std::string>{"protocol", "address", "reply_secret", "smtp_url", "smtp_user",
                                               "max_message_bytes"}));
    ASSERT_EQ(options.unused().size(), 1U);
    EXPECT_EQ(options.unused()[0].name, "adress");
}

}  // namespace
}  // namespace kindred::connectors::email
