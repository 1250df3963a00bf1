#include "connectors/mailgun/connector.hpp"
#include "connectors/telegram/connector.hpp"
#include "connectors/whatsapp/connector.hpp"
#include "engine/base/json.hpp"
#include "engine/channel/multipart.hpp"
#include "tests/connectors/support/sample_cases.hpp"

#include <gtest/gtest.h>

/// What goes out beside texts: templates and files, and what is asked for to fetch the files of others.
namespace kindred::testing {
namespace {

channel::outgoing answer(const std::string& to) {
    channel::outgoing message;
    message.idempotency_key = "key-1";
    message.from = to;
    return message;
}

std::string header_of(const channel::provider_call& call, std::string_view name) {
    for (const auto& [key, value] : call.headers)
        if (key == name) return value;
    return {};
}

std::unique_ptr<channel::connector> whatsapp() {
    return connector_with(connectors::whatsapp::make,
                          {{"phone_number_id", "11"}, {"access_token", "tok"}, {"api_base", "http://127.0.0.1:9"}});
}

TEST(OutgoingTemplate, OfWhatsAppFillsItsBody) {
    auto message = answer("34612345678");
    message.use_template = channel::message_template{"order", "es", {"A", "B"}};
    const auto call = whatsapp()->deliver(message).value();
    const auto body = json::document::parse(call.body).value();
    EXPECT_EQ(body["type"].text(), "template");
    EXPECT_EQ(body["template"]["name"].text(), "order");
    EXPECT_EQ(body["template"]["language"]["code"].text(), "es");
    const auto component = body["template"]["components"].at(0);
    EXPECT_EQ(component["type"].text(), "body");
    EXPECT_EQ(component["parameters"].at(1)["text"].text(), "B");
    message.use_template->parameters.clear();
    EXPECT_FALSE(
        json::document::parse(whatsapp()->deliver(message).value().body).value()["template"]["components"].exists());
}

TEST(OutgoingFile, OfWhatsAppIsALinkOfItsKind) {
    for (const auto& [type, kind] : std::initializer_list<std::pair<const char*, const char*>>{
             {"image/png", "image"}, {"video/mp4", "video"}, {"audio/ogg", "audio"}, {"application/pdf", "document"}}) {
        auto message = answer("34612345678");
        message.files = {{"u-1", "a.bin", type, "bytes", "https://us/files/u-1"}};
        const auto body = json::document::parse(whatsapp()->deliver(message).value().body).value();
        EXPECT_EQ(body["type"].text(), kind);
        EXPECT_EQ(body[kind]["link"].text(), "https://us/files/u-1");
    }
    auto nowhere = answer("34612345678");
    nowhere.files = {{"u-1", "a.bin", "image/png", "bytes", ""}};
    EXPECT_EQ(whatsapp()->deliver(nowhere).error().code, errc::invalid);
}

TEST(IncomingFile, OfWhatsAppIsAskedForTwiceWithTheToken) {
    channel::attachment file;
    file.media_id = "777";
    const auto first = whatsapp()->fetch(file, {}).value();
    EXPECT_EQ(first.method, "GET");
    EXPECT_EQ(first.url, "http://127.0.0.1:9/v25.0/777");
    EXPECT_EQ(header_of(first, "Authorization"), "Bearer tok");
    const auto second = whatsapp()->fetch_further(file, {200, {}, R"({"url":"https://cdn/x"})"}).value();
    ASSERT_TRUE(second);
    EXPECT_EQ(second->url, "https://cdn/x");
    EXPECT_EQ(header_of(*second, "Authorization"), "Bearer tok");
    EXPECT_FALSE(whatsapp()->fetch_further(file, {200, {}, "{}"}));
    EXPECT_FALSE(whatsapp()->fetch({}, {}));
}

std::unique_ptr<channel::connector> telegram() {
    return connector_with(connectors::telegram::make, {{"bot_token", "12:ab"}, {"api_base", "http://127.0.0.1:9"}});
}

TEST(OutgoingFile, OfTelegramIsItsBytes) {
    auto message = answer("-100");
    message.thread = "-100:7";
    message.files = {{"u-1", "a.pdf", "application/pdf", "bytes", ""}};
    const auto call = telegram()->deliver(message).value();
    EXPECT_EQ(call.url, "http://127.0.0.1:9/bot12:ab/sendDocument");
    const auto type = header_of(call, "Content-Type");
    const auto parts = channel::parse_multipart(call.body, type.substr(type.find('=') + 1)).value();
    ASSERT_EQ(parts.size(), 3U);
    EXPECT_EQ(parts[0].content, "-100");
    EXPECT_EQ(parts[1].content, "7");
    EXPECT_EQ(parts[2].filename, "a.pdf");
    EXPECT_EQ(parts[2].content, "bytes");
}

TEST(IncomingFile, OfTelegramIsAskedForByItsPath) {
    channel::attachment file;
    file.media_id = "AgAC";
    EXPECT_EQ(telegram()->fetch(file, {}).value().url, "http://127.0.0.1:9/bot12:ab/getFile?file_id=AgAC");
    const auto found = telegram()->fetch_further(file, {200, {}, R"({"ok":true,"result":{"file_path":"a/b.jpg"}})"});
    EXPECT_EQ(found.value()->url, "http://127.0.0.1:9/file/bot12:ab/a/b.jpg");
    EXPECT_FALSE(telegram()->fetch_further(file, {200, {}, R"({"ok":true,"result":{"file_path":"../x"}})"}));
}

TEST(OutgoingFile, OfMailgunGoesWithTheMail) {
    const auto mailgun = connector_with(connectors::mailgun::make, {{"domain", "mg.example"},
                                                                    {"api_key", "key"},
                                                                    {"address", "us@mg.example"},
                                                                    {"api_base", "http://127.0.0.1:9"}});
    auto message = answer("ann@example.net");
    message.text = "here";
    message.files = {{"u-1", "a.pdf", "application/pdf", "bytes", ""}};
    const auto call = mailgun->deliver(message).value();
    const auto type = header_of(call, "Content-Type");
    const auto parts = channel::parse_multipart(call.body, type.substr(type.find('=') + 1)).value();
    EXPECT_EQ(parts.back().name, "attachment");
    EXPECT_EQ(parts.back().content, "bytes");
    message.files.clear();
    EXPECT_EQ(header_of(mailgun->deliver(message).value(), "Content-Type"), "application/x-www-form-urlencoded");
}

}  // namespace
}  // namespace kindred::testing
