#include "connectors/discourse/connector.hpp"
#include "connectors/github/connector.hpp"
#include "connectors/line/connector.hpp"
#include "connectors/messenger/connector.hpp"
#include "connectors/slack/connector.hpp"
#include "connectors/whatsapp/connector.hpp"
#include "connectors/x/connector.hpp"
#include "engine/base/digest.hpp"
#include "engine/channel/options.hpp"

#include <benchmark/benchmark.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

/// Verify, parse and normalise a delivery, beside the least that anybody has to do with its bytes: one bare HMAC over
/// them, and one bare pass of RapidJSON's reader that keeps nothing.
namespace kindred::connectors {
namespace {

struct delivery {
    const char* name;
    channel::factory make;
    std::string secret_setting;  ///< empty: the provider signs nothing
    std::string body;
    hash_kind hash = hash_kind::sha256;
    std::vector<channel::header> (*headers)(const std::string& body);
};

const std::string secret = "bench secret of a usual length 0123456789";
constexpr std::string_view stamp = "1790000000";
const time_point now = from_millis(1'790'000'000'000);

std::string hex(const std::string& body) { return to_hex(hmac_of(hash_kind::sha256, secret, {body})); }
std::string base64(const std::string& body) { return to_base64(hmac_of(hash_kind::sha256, secret, {body})); }

channel::header json_type() { return {"Content-Type", "application/json"}; }

/// A customer's sentence or two, as the providers' samples have them.
const std::string said =
    "Hello, I ordered a lamp last week and it still has not arrived. The number is 4711. Can you "
    "please tell me where it is and when it will be here?";

std::vector<delivery> deliveries() {
    const auto meta = [](const std::string& body) {
        return std::vector<channel::header>{json_type(), {"X-Hub-Signature-256", "sha256=" + hex(body)}};
    };
    return {
        {"whatsapp", whatsapp::make, "app_secret",
         R"({"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":[{"value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550783881","phone_number_id":"106540352242922"},"contacts":[{"profile":{"name":"Sheena Nelson","username":"sheena"},"wa_id":"16505551234","user_id":"US.13491208655302741918"}],"messages":[{"context":{"from":"15550783881","id":"wamid.HBgLMTY0NjcwNDM1OTUVAgARGBI1RjQyNUE3NEYxMzAzMzQ5MkEA"},"from":"16505551234","id":"wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA=","timestamp":"1749416383","type":"text","text":{"body":")" +
             said + R"("}}]},"field":"messages"}]}]})",
         hash_kind::sha256, meta},
        {"messenger", messenger::make, "app_secret",
         R"({"object":"page","entry":[{"id":"682498302938465","time":1518479195594,"messaging":[{"sender":{"id":"7489234923847236"},"recipient":{"id":"682498302938465"},"timestamp":1518479195308,"message":{"mid":"m_AG5Hz2Uq7tuwNEhXfYYKj8mJEM_QPpz5jdCK48PnKAjSdjfipqxqMvK8ma6AC8fplwlqLP_5cgXIbu7I3rBN0P","text":")" +
             said + R"(","nlp":{"intents":[],"entities":{},"traits":{}}}}]}]})",
         hash_kind::sha256, meta},
        {"slack", slack::make, "signing_secret",
         R"({"token":"XXYYZZ","team_id":"T123ABC456","api_app_id":"A123ABC456","event":{"type":"message","client_msg_id":"4f0e1d2c-0001-4000-8000-1234567890ab","user":"U123ABC456","text":")" +
             said +
             R"(","ts":"1790000000.000200","channel":"D024BE91L","event_ts":"1790000000.000200","channel_type":"im","blocks":[{"type":"rich_text","block_id":"b","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":")" +
             said +
             R"("}]}]}]},"type":"event_callback","event_id":"Ev123ABC456","event_time":1790000000,"authorizations":[{"enterprise_id":null,"team_id":"T123ABC456","user_id":"UBOT","is_bot":true,"is_enterprise_install":false}],"is_ext_shared_channel":false})",
         hash_kind::sha256,
         [](const std::string& body) {
             return std::vector<channel::header>{
                 json_type(),
                 {"X-Slack-Request-Timestamp", std::string(stamp)},
                 {"X-Slack-Signature", "v0=" + to_hex(hmac_of(hash_kind::sha256, secret, {"v0:", stamp, ":", body}))}};
         }},
        {"line", line::make, "channel_secret",
         R"({"destination":"U206d25c2ea6bd87c17655609a1c37cb8","events":[{"type":"message","message":{"type":"text","id":"14353798921116","quoteToken":"q3Plxr4AgKd8c7Nq0nVo","text":")" +
             said +
             R"("},"timestamp":1625665242211,"source":{"type":"user","userId":"U80696558e1aa831c80696558e1aa831c"},"replyToken":"757913772c4646b784d4b7ce46d12671","mode":"active","webhookEventId":"01FZ74A0TDDPYRVKNK77XKC3ZR","deliveryContext":{"isRedelivery":false}}]})",
         hash_kind::sha256,
         [](const std::string& body) {
             return std::vector<channel::header>{json_type(), {"x-line-signature", base64(body)}};
         }},
        {"x", x::make, "consumer_secret",
         R"({"for_user_id":"4337869213","direct_message_events":[{"type":"message_create","id":"954491830116155396","created_timestamp":"1516403560557","message_create":{"target":{"recipient_id":"4337869213"},"sender_id":"3001969357","source_app_id":"13090192","message_data":{"text":")" +
             said +
             R"(","entities":{"hashtags":[],"symbols":[],"user_mentions":[],"urls":[]}}}}],"users":{"3001969357":{"id":"3001969357","created_timestamp":"1422556069340","name":"Jordan Brinks","screen_name":"furiouscamper","location":"Boulder, CO","description":"Alter Ego","protected":false,"verified":false,"followers_count":23,"friends_count":47,"statuses_count":278},"4337869213":{"id":"4337869213","created_timestamp":"1448312972328","name":"Shop Support","screen_name":"shopsupport","protected":false,"verified":true,"followers_count":8,"friends_count":8,"statuses_count":101}}})",
         hash_kind::sha256,
         [](const std::string& body) {
             return std::vector<channel::header>{json_type(),
                                                 {"x-twitter-webhooks-signature", "sha256=" + base64(body)}};
         }},
        {"github", github::make, "secret",
         R"({"action":"created","issue":{"url":"https://api.github.com/repos/e/s/issues/1","id":444500041,"node_id":"MDU6SXNzdWU0NDQ1MDAwNDE=","number":1,"title":"The lamp is dark","user":{"login":"olga","id":21031067,"node_id":"MDQ6VXNlcjIxMDMxMDY3","type":"User","site_admin":false},"labels":[],"state":"open","locked":false,"comments":1,"created_at":"2026-05-15T15:20:18Z","updated_at":"2026-05-15T15:20:21Z","body":"It does not start."},"comment":{"url":"https://api.github.com/repos/e/s/issues/comments/492700400","html_url":"https://github.com/e/s/issues/1#issuecomment-492700400","id":492700400,"node_id":"MDEyOklzc3VlQ29tbWVudDQ5MjcwMDQwMA==","user":{"login":"olga","id":21031067,"node_id":"MDQ6VXNlcjIxMDMxMDY3","type":"User","site_admin":false},"created_at":"2026-05-15T15:20:21Z","updated_at":"2026-05-15T15:20:21Z","author_association":"NONE","body":")" +
             said +
             R"("},"repository":{"id":186853002,"node_id":"MDEwOlJlcG9zaXRvcnkxODY4NTMwMDI=","name":"s","full_name":"e/s","private":false,"owner":{"login":"e","id":21031067,"type":"User"}},"sender":{"login":"olga","id":21031067,"type":"User"}})",
         hash_kind::sha256,
         [](const std::string& body) {
             return std::vector<channel::header>{json_type(),
                                                 {"X-GitHub-Event", "issue_comment"},
                                                 {"X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958"},
                                                 {"X-Hub-Signature-256", "sha256=" + hex(body)}};
         }},
        {"discourse", discourse::make, "secret",
         R"({"post":{"id":7331,"name":"Ada Lovelace","username":"ada","avatar_template":"/letter_avatar/ada/{size}/5.png","created_at":"2026-01-01T00:00:00.123Z","cooked":"<p>)" +
             said + R"(</p>","raw":")" + said +
             R"(","post_number":1,"post_type":1,"updated_at":"2026-01-01T00:00:00.123Z","reply_count":0,"reply_to_post_number":null,"quote_count":0,"incoming_link_count":0,"reads":1,"score":0,"topic_id":815,"topic_slug":"order-late","topic_title":"Order late","category_id":5,"category_slug":"support","display_username":"Ada Lovelace","version":1,"user_title":null,"trust_level":1,"moderator":false,"admin":false,"staff":false,"user_id":42,"hidden":false,"deleted_at":null,"user_deleted":false,"edit_reason":null,"wiki":false,"topic_archetype":"regular","topic_posts_count":1}})",
         hash_kind::sha256,
         [](const std::string& body) {
             return std::vector<channel::header>{json_type(),
                                                 {"X-Discourse-Instance", "https://forum.example.com"},
                                                 {"X-Discourse-Event-Id", "4711"},
                                                 {"X-Discourse-Event-Type", "post"},
                                                 {"X-Discourse-Event", "post_created"},
                                                 {"X-Discourse-Event-Signature", "sha256=" + hex(body)}};
         }},
    };
}

struct nothing_kept : rapidjson::BaseReaderHandler<rapidjson::UTF8<>, nothing_kept> {
    bool Default() { return true; }
};

std::unique_ptr<channel::connector> made_by(const delivery& each) {
    std::vector<channel::option> given{{each.secret_setting, {secret}, false, 1, 1}};
    channel::options settings("bench", std::move(given), "https://support.example.com");
    return each.make(settings);
}

double cpu_seconds() {
    timespec at{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return static_cast<double>(at.tv_sec) + static_cast<double>(at.tv_nsec) * 1e-9;
}

/// CPU seconds of one of `times` calls.
template <class Work>
double seconds_of(int times, const Work& work) {
    const auto began = cpu_seconds();
    for (int i = 0; i < times; ++i) work();
    return (cpu_seconds() - began) / times;
}

void receive_beside_bare(benchmark::State& state, const delivery& each) {
    const auto connector = made_by(each);
    const auto headers = each.headers(each.body);
    channel::request arrived;
    arrived.method = "POST";
    arrived.url = "https://support.example.com/webhooks/bench";
    arrived.headers = &headers;
    arrived.body = each.body;
    if (const auto tried = connector->receive(arrived, now); !tried.refused.empty() || tried.records.empty())
        return state.SkipWithError(("refused: " + tried.refused + " " + tried.reply.body).c_str());
    hmac bare(each.hash, secret);
    constexpr int rounds = 40;
    constexpr int times = 150;
    double ours = 1e9;
    double least = 1e9;
    std::vector<double> ratios;
    // The machine is not equally quick all the time: each round has both, one right after the other, and the round in
    // the middle counts.
    for (auto _ : state) {
        for (int round = 0; round < rounds; ++round) {
            const auto taken = seconds_of(times, [&] { benchmark::DoNotOptimize(connector->receive(arrived, now)); });
            const auto needed = seconds_of(times, [&] {
                benchmark::DoNotOptimize(bare({each.body}));
                nothing_kept handler;
                rapidjson::Reader reader;
                rapidjson::StringStream stream(each.body.c_str());
                benchmark::DoNotOptimize(reader.Parse(stream, handler));
            });
            ours = std::min(ours, taken);
            least = std::min(least, needed);
            ratios.push_back(taken / needed);
        }
    }
    std::nth_element(ratios.begin(), ratios.begin() + rounds / 2, ratios.end());
    state.counters["ratio"] = ratios[rounds / 2];
    state.counters["goal"] = 2.0;
    state.counters["lower_is_better"] = 1;
    state.counters["ours_us"] = ours * 1e6;
    state.counters["bare_us"] = least * 1e6;
    state.SetLabel("bare HMAC and RapidJSON SAX");
}

const int registered = [] {
    static const auto all = deliveries();
    for (const auto& each : all)
        benchmark::RegisterBenchmark((std::string("receive_") + each.name).c_str(), [&each](benchmark::State& state) {
            receive_beside_bare(state, each);
        })->Iterations(1);
    return 0;
}();

}  // namespace
}  // namespace kindred::connectors
