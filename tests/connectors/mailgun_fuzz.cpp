#include "connectors/mailgun/payload.hpp"
#include "tests/connectors/support/fuzz_check.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace {

using namespace kindred;

void read_as(std::string_view body, const char* content_type) {
    const std::vector<channel::header> headers{{"Content-Type", content_type}};
    channel::request arrived;
    arrived.method = "POST";
    arrived.headers = &headers;
    arrived.body = body;
    const auto delivered = connectors::mailgun::read_form(arrived);
    if (!delivered) return;
    if (const auto made = connectors::mailgun::parse_mail(*delivered, {})) kindred::testing::must_be_whole(*made);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(bytes), size);
    read_as(body, "application/x-www-form-urlencoded");
    read_as(body, "multipart/form-data; boundary=zz");
    if (const auto event = json::document::parse(body))
        if (const auto made = connectors::mailgun::parse_event(event->root())) kindred::testing::must_be_whole(*made);
    return 0;
}
