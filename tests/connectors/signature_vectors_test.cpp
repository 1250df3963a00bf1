#include "connectors/discourse/connector.hpp"
#include "connectors/mailgun/connector.hpp"
#include "connectors/whatsapp/connector.hpp"
#include "engine/channel/twilio.hpp"
#include "tests/connectors/support/sample_cases.hpp"

#include <gtest/gtest.h>

#include <functional>

/// Published and computed signatures, good and bad, as the providers' own libraries test them.
namespace kindred::testing {
namespace {

const std::string root = KINDRED_SOURCE_DIR "/../shared/samples";

void for_each_vector(const std::string& provider, int least, const std::function<void(json::value)>& check) {
    const auto parsed = json::document::parse(read_file(root + "/" + provider + "/signature.json"));
    ASSERT_TRUE(parsed) << provider;
    int seen = 0;
    (*parsed)["vectors"].for_each([&](json::value vector) {
        ++seen;
        SCOPED_TRACE(provider + "/" + std::string(vector["name"].text()));
        check(vector);
    });
    EXPECT_GE(seen, least);
}

std::vector<channel::header> headers_of(json::value vector) {
    std::vector<channel::header> headers;
    vector["header"].for_each_member(
        [&](std::string_view name, json::value value) { headers.emplace_back(name, value.text()); });
    return headers;
}

class SignatureVectors : public ::testing::Test {
protected:
    void SetUp() override {
        if (!file_exists(root)) GTEST_SKIP() << "no recorded requests at " << root;
    }
};

TEST_F(SignatureVectors, Meta) {
    for_each_vector("whatsapp", 4, [](json::value vector) {
        const auto connector =
            connector_with(connectors::whatsapp::make, {{"app_secret", std::string(vector["secret"].text())}});
        recorded_request request;
        request.headers = headers_of(vector);
        request.body = vector["body"].text();
        EXPECT_EQ(connector->receive(request.view(), {}).refused.empty(), vector["valid"].boolean());
    });
}

TEST_F(SignatureVectors, Discourse) {
    for_each_vector("discourse", 1, [](json::value vector) {
        const auto connector =
            connector_with(connectors::discourse::make, {{"secret", std::string(vector["secret"].text())}});
        recorded_request request;
        request.headers = headers_of(vector);
        request.headers.emplace_back("X-Discourse-Event-Type", "ping");
        request.body = vector["body"].text();
        EXPECT_EQ(connector->receive(request.view(), {}).refused.empty(), vector["valid"].boolean());
    });
}

TEST_F(SignatureVectors, Twilio) {
    for_each_vector("twilio-voice", 19, [](json::value vector) {
        const std::vector<std::string> tokens{std::string(vector["secret"].text())};
        const auto signature = vector["header"]["X-Twilio-Signature"].text();
        std::vector<form_field> fields;
        vector["params"].for_each([&](json::value pair) {
            fields.push_back({std::string(pair.at(0).text()), std::string(pair.at(1).text())});
        });
        for (const std::string_view name : {"url", "url_as_configured"}) {
            const auto url = vector[name].text();
            if (url.empty()) continue;
            const bool genuine = vector["body"].exists() ? channel::is_signed_by_twilio_with_body(
                                                               tokens, url, vector["body"].text(), signature)
                                                         : channel::is_signed_by_twilio(tokens, url, fields, signature);
            EXPECT_EQ(genuine, vector["valid"].boolean()) << url;
        }
    });
}

TEST_F(SignatureVectors, Mailgun) {
    for_each_vector("mailgun", 3, [](json::value vector) {
        const auto connector =
            connector_with(connectors::mailgun::make, {{"webhook_signing_key", std::string(vector["secret"].text())}});
        json::writer body;
        body.begin_object().key("signature").begin_object();
        for (const std::string_view name : {"timestamp", "token", "signature"}) body.member(name, vector[name].text());
        body.end_object().key("event-data").begin_object().member("event", "stored").end_object().end_object();
        recorded_request request;
        request.subpath = "/events";
        request.body = body.take();
        const auto now = vector["clock"].integer().value_or(1'461'261'340);
        EXPECT_EQ(connector->receive(request.view(), from_millis(now * 1000)).refused.empty(),
                  vector["valid"].boolean());
    });
}

}  // namespace
}  // namespace kindred::testing
