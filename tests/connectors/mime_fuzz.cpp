// Whatever bytes arrive, parsing ends, and what it makes can be stored, shown and sent again.
#include "connectors/mime/compose.hpp"
#include "connectors/mime/mime.hpp"
#include "engine/base/json.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kindred;
    namespace mime = connectors::mime;
    auto read = mime::parse({reinterpret_cast<const char*>(data), size});
    if (!read) return 0;
    mime::draft answer;
    answer.to = read->from.empty() ? std::string() : read->from.front().email;
    answer.subject = mime::reply_subject(read->subject);
    answer.text = read->stripped_text;
    answer.references = mime::reply_references(read->references, read->message_id);
    if (!mime::parse(mime::compose(answer))) std::abort();
    const auto record = mime::to_record(std::move(*read), {"a@b.example", {"help@shop.example"}},
                                        {{"help@shop.example"}, {"secret"}, ""});
    if (record.event_id.empty() || !json::document::parse(channel::to_json(record))) std::abort();
    return 0;
}
