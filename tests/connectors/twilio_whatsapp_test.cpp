#include "connectors/twilio-whatsapp/connector.hpp"
#include "engine/base/digest.hpp"
#include "tests/connectors/support/twilio_form.hpp"
#include "tests/connectors/support/wrong_requests.hpp"

#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

using fields = std::map<std::string, std::string>;

const std::string token = "auth token";
const fields message{{"AccountSid", "AC1"},   {"Body", "hi"},    {"From", "whatsapp:+491701234567"},
                     {"MessageSid", "SM1"},   {"NumMedia", "0"}, {"To", "whatsapp:+14155238886"},
                     {"WaId", "491701234567"}};

fields with(fields changed) {
    changed.insert(message.begin(), message.end());
    return changed;
}

std::unique_ptr<channel::connector> connector() {
    return connector_with(connectors::twilio_whatsapp::make, {{"auth_token", token}, {"account_sid", "AC1"}});
}

channel::record received(const fields& form) {
    const auto made = connector()->receive(twilio_post(token, form).view(), {});
    EXPECT_EQ(made.refused, "") << made.reply.body;
    return made.records.empty() ? channel::record{} : made.records.front();
}

std::string detail(const channel::record& made, std::string_view name) {
    for (const auto& each : made.details)
        if (each.name == name) return each.json;
    return {};
}

TEST(TwilioWhatsApp, WrongRequestsAreRefusedWithTheirReason) {
    const std::string signature = "X-Twilio-Signature";
    const auto replace = [](const fields& form, const std::string& path = {}) {
        return [=](recorded_request& r) { r = twilio_post(token, form, path); };
    };
    auto unnamed = message;
    unnamed.erase("MessageSid");
    expect_refused(
        *connector(), twilio_post(token, message), {},
        {
            {"a flipped bit in the body", [](auto& r) { flip_bit(r.body); }, 403, "wrong_signature",
             wrong::flipped_bit},
            {"a flipped bit in the signature", [](auto& r) { flip_bit(r.headers[1].second); }, 403, "wrong_signature",
             wrong::flipped_bit},
            {"no signature", [&](auto& r) { remove_header(r, signature); }, 401, "missing_signature", wrong::missing},
            {"an empty signature", [&](auto& r) { set_header(r, signature, ""); }, 401, "missing_signature",
             wrong::empty},
            {"the signature twice", [&](auto& r) { double_header(r, signature); }, 401, "missing_signature",
             wrong::doubled},
            {"another account's token", [](auto& r) { r = twilio_post("other", message); }, 403, "wrong_signature"},
            {"meant for another address", [](auto& r) { r.url += "?x=1"; }, 403, "wrong_signature"},
            {"truncated", [](auto& r) { r.body.resize(r.body.size() - 5); }, 403, "wrong_signature", wrong::truncated},
            {"JSON", [](auto& r) { set_header(r, "Content-Type", "application/json"); }, 415, "wrong_content_type",
             wrong::content_type},
            {"another account", replace(with({{"AccountSid", "AC2"}})), 403, "wrong_account", wrong::account},
            {"invalid UTF-8", replace(with({{"ProfileName", "\xFF"}})), 400, "malformed", wrong::utf8},
            {"no message id", replace(unnamed), 400, "malformed", wrong::shape},
            {"an unknown address", replace(message, "/events"), 404, "unknown_path"},
            oversized(channel_kind::social),
            {"SHA-256 instead of SHA-1",
             [&](auto& r) {
                 set_header(r, signature, to_base64(hmac_of(hash_kind::sha256, token, {r.url, r.body})));
             },
             403, "wrong_signature", wrong::algorithm},
        },
        {{wrong::stale_time, "Twilio signs no time; what comes again is known by its event id"}});
}

TEST(TwilioWhatsApp, ANumberIsTheOneThatCallsAndAHiddenOneIsAnId) {
    const auto plain = received(message);
    EXPECT_EQ(plain.from, "+491701234567");
    EXPECT_EQ(plain.reply_address, "whatsapp:+491701234567");
    const std::vector<identity> number{{"phone:+491701234567", proof::proven}};
    EXPECT_EQ(plain.identities, number);
    const auto hidden = received(with({{"From", "whatsapp:US.77"}, {"WaId", ""}}));
    const std::vector<identity> id{{"whatsapp:US.77", proof::proven}};
    EXPECT_EQ(hidden.identities, id);
}

TEST(TwilioWhatsApp, LocationsNeedTwoSensibleNumbers) {
    EXPECT_EQ(detail(received(with({{"Latitude", "-33.4"}, {"Longitude", "70"}})), "location"),
              R"({"lat":-33.4,"lon":70})");
    for (const std::string bad : {"", "abc", "1e999", "nan", "500", "1.5x"})
        EXPECT_EQ(detail(received(with({{"Latitude", bad}, {"Longitude", "70"}})), "location"), "") << bad;
}

TEST(TwilioWhatsApp, AnAnswerIsAddressedByWhatsApp) {
    channel::outgoing answer;
    answer.text = "hi";
    answer.from = "whatsapp:+491701234567";
    answer.to = "+14155238886";
    const auto call = connector()->deliver(answer);
    ASSERT_TRUE(call);
    EXPECT_TRUE(call->body.starts_with("To=whatsapp%3A%2B491701234567&From=whatsapp%3A%2B14155238886&Body=hi&"))
        << call->body;
    EXPECT_EQ(connector()->judge({400, {}, R"({"code":63016,"message":"window"})"}).outcome,
              channel::delivery::state::failed);
}

const std::string spanish = "HX0123456789abcdef0123456789abcdef";
const std::string any_language = "HXfedcba9876543210fedcba9876543210";

TEST(TwilioWhatsApp, AnApprovedTemplateGoesByItsContentSid) {
    channel::options given("w",
                           {{"auth_token", {token}},
                            {"account_sid", {"AC1"}},
                            {"content_sids", {"order_update:es=" + spanish, " order_update = " + any_language}, true}},
                           "");
    const auto desk = connectors::twilio_whatsapp::make(given);
    EXPECT_TRUE(given.problems().empty());
    EXPECT_TRUE(desk->can().templates);
    channel::outgoing answer;
    answer.from = "+491701234567";
    answer.to = "+14155238886";
    const auto sent = [&](const std::string& name, const std::string& language, std::vector<std::string> parameters) {
        answer.use_template = channel::message_template{name, language, std::move(parameters)};
        const auto call = desk->deliver(answer);
        return call ? call->body : "error: " + call.error().message;
    };
    const auto whole = sent("order_update", "es", {"Ann", "4711 \"blue\""});
    EXPECT_NE(whole.find("ContentSid=" + spanish +
                         "&ContentVariables=%7B%221%22%3A%22Ann%22%2C%222%22%3A%224711%20%5C%22"
                         "blue%5C%22%22%7D"),
              std::string::npos)
        << whole;
    EXPECT_EQ(whole.find("Body="), std::string::npos);
    const auto plain = sent("order_update", "pt", {});
    EXPECT_NE(plain.find("ContentSid=" + any_language), std::string::npos) << plain;
    EXPECT_EQ(plain.find("ContentVariables"), std::string::npos);
    EXPECT_NE(sent(spanish, "", {}).find("ContentSid=" + spanish), std::string::npos) << "named by its id";
    EXPECT_EQ(sent("hello", "es", {}).substr(0, 6), "error:");
}

TEST(TwilioWhatsApp, AContentSidHasItsForm) {
    for (const auto* wrong : {"hello", "hello=HX1", "=HX0123456789abcdef0123456789abcdef",
                              "hello=MG0123456789abcdef0123456789abcdef", "hello=HX0123456789ABCDEF0123456789abcdef"}) {
        channel::options given("w", {{"content_sids", {wrong}}}, "");
        (void)connectors::twilio_whatsapp::make(given);
        ASSERT_EQ(given.problems().size(), 1U) << wrong;
        EXPECT_EQ(given.problems()[0].name, "content_sids");
    }
}

}  // namespace
}  // namespace kindred::testing
