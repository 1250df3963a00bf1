// What mail servers and providers call spam, and what becomes of it.
#include "connectors/mailgun/connector.hpp"
#include "connectors/mime/mime.hpp"
#include "connectors/sendgrid/connector.hpp"
#include "tests/connectors/support/sample_cases.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace kindred::testing {
namespace {

using channel::record_kind;
using namespace connectors;

struct header_case {
    const char* name;
    const char* header;
    bool spam;
};
void PrintTo(const header_case& each, std::ostream* out) { *out << each.name; }

class SpamHeader : public ::testing::TestWithParam<header_case> {};

channel::record record_of(const std::string& headers, bool ignores, const std::vector<std::string>& secrets = {}) {
    auto parsed = mime::parse("From: a@example.org\r\nTo: us@example.net\r\nMessage-ID: <1@example.org>\r\n" + headers +
                              "\r\n\r\nhello\r\n");
    EXPECT_TRUE(parsed);
    mime::mailbox ours;
    ours.addresses = {"us@example.net"};
    ours.reply_secrets = secrets;
    ours.ignores_spam = ignores;
    return mime::to_record(std::move(*parsed), {}, ours);
}

bool shows_spam(const channel::record& made) { return to_json(made).find(R"("spam":true)") != std::string::npos; }

TEST_P(SpamHeader, IsBelievedOfTheServer) {
    const auto& each = GetParam();
    const auto kept = record_of(each.header, false);
    EXPECT_EQ(kept.kind, record_kind::message);
    EXPECT_EQ(shows_spam(kept), each.spam);
    const auto ignored = record_of(each.header, true);
    EXPECT_EQ(ignored.kind == record_kind::ignored, each.spam);
    EXPECT_EQ(ignored.ignored_because, each.spam ? "spam" : "");
}

INSTANTIATE_TEST_SUITE_P(
    Headers, SpamHeader,
    ::testing::Values(header_case{"a flag", "X-Spam-Flag: YES", true}, header_case{"no flag", "X-Spam-Flag: NO", false},
                      header_case{"a status", "X-Spam-Status: Yes, score=8.1 required=5.0 tests=[X]", true},
                      header_case{"a good status", "X-Spam-Status: No, score=-1.1 required=5.0", false},
                      header_case{"another word", "X-Spam-Status: yesterday", false},
                      header_case{"rspamd", "X-Spam: Yes", true}, header_case{"Mailgun", "X-Mailgun-Sflag: Yes", true},
                      header_case{"a virus", "X-Virus-Status: Infected (Eicar)", true},
                      header_case{"no virus", "X-Virus-Status: Clean", false},
                      header_case{"the last of two", "X-Spam-Flag: NO\r\nX-Spam-Flag: YES", true},
                      header_case{"a subject that says so", "Subject: X-Spam-Flag: YES", false}));

TEST(Spam, OfABounceStaysABounce) {
    const auto made = record_of(
        "X-Spam-Flag: YES\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b--",
        true);
    EXPECT_NE(made.kind, record_kind::ignored);
}

TEST(Spam, BySendGridsScore) {
    const auto received = [](const char* score, const char* choice) {
        recorded_request made;
        made.set_url("https://support.example.com/webhooks/case/inbound");
        made.headers = {{"Content-Type", "multipart/form-data; boundary=zz"}};
        for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
                 {"headers", "From: a@example.org\nMessage-ID: <1@example.org>\n"},
                 {"text", "hi"},
                 {"spam_score", score}})
            made.body += "--zz\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
        made.body += "--zz--\r\n";
        const auto inbox = connector_with(sendgrid::make, {{"spam", choice}});
        return inbox->receive(made.view(), from_millis(1'790'000'000'000)).records.at(0);
    };
    EXPECT_TRUE(shows_spam(received("5.0", "keep")));
    EXPECT_FALSE(shows_spam(received("4.9", "keep")));
    EXPECT_FALSE(shows_spam(received("a lot", "ignore")));
    EXPECT_EQ(received("11.2", "ignore").ignored_because, "spam");
    EXPECT_EQ(received("0.1", "ignore").kind, record_kind::message);
}

TEST(Spam, IsAChoiceOfTwo) {
    channel::options options("case", {{"spam", {"burn"}, false, 1, 1}}, "https://x.example");
    (void)mailgun::make(options);
    ASSERT_EQ(options.problems().size(), 1U);
    EXPECT_EQ(options.problems()[0].message, "wants keep or ignore");
}

}  // namespace
}  // namespace kindred::testing
