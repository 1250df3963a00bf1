#include "tests/connectors/support/twilio_form.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"

namespace kindred::testing {

recorded_request twilio_post(const std::string& token, const std::map<std::string, std::string>& fields,
                             const std::string& path) {
    recorded_request made;
    made.set_url("https://support.example.com/webhooks/case" + path);
    auto signed_text = made.url;
    for (const auto& [name, value] : fields) {
        made.body += (made.body.empty() ? "" : "&") + encode_percent(name) + "=" + encode_percent(value);
        signed_text += name + value;
    }
    made.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                    {"X-Twilio-Signature", to_base64(hmac_of(hash_kind::sha1, token, {signed_text}))}};
    return made;
}

}  // namespace kindred::testing
