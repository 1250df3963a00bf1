#include "tests/connectors/support/declared_channel.hpp"
#include "tests/connectors/support/wrong_requests.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kindred::testing {
namespace {

using channel::delivery;
using channel::record_kind;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const time_point now = from_millis(1'790'000'000'000);
const std::string good = R"({"id":"m1","from":"c7","text":"where is my order","thread":"t3"})";
const std::string contact = R"("contact":{"message_id":"/id","from":"/from","text":"/text","thread":"/thread"})";

/// A channel that works, or a failure for each problem.
std::unique_ptr<channel::connector> works(const std::string& settings) {
    auto made = declared_by(settings);
    for (const auto& problem : made.problems) ADD_FAILURE() << problem;
    return std::move(made.works);
}

recorded_request posted(const std::string& body) {
    recorded_request made;
    made.body = body;
    made.headers = {{"Content-Type", "application/json"}};
    return made;
}

std::string open_door(const std::string& more) { return R"({"proof":{"scheme":"none"},)" + more + "}"; }

std::vector<channel::record> received(const std::string& settings, const std::string& body) {
    auto made = works(open_door(settings))->receive(posted(body).view(), now);
    EXPECT_EQ(made.refused, "") << made.reply.body;
    return std::move(made.records);
}

TEST(DeclaredMapping, AMessageOfTheSimplestKind) {
    const auto records = received(contact, good);
    ASSERT_EQ(records.size(), 1U);
    const auto& made = records[0];
    EXPECT_EQ(made.kind, record_kind::message);
    EXPECT_EQ(made.event_id, "message:m1");
    EXPECT_EQ(made.conversation, "t3");
    const std::vector<identity> wanted{{"declared:shop:c7", proof::proven}};
    EXPECT_EQ(made.identities, wanted);
}

TEST(DeclaredMapping, EventsAreFoundInListsOfLists) {
    const std::string settings = R"("each":"/entry/*/events/*",)" + contact;
    const auto records = received(
        settings,
        R"({"entry":[{"events":[{"id":1,"from":"a","text":"x"},{"id":2,"from":"b","text":"y"}]},{},{"events":[{"id":3,"from":"c","text":"z"}]}]})");
    ASSERT_EQ(records.size(), 3U);
    EXPECT_EQ(records[2].event_id, "message:3");
    const auto none = received(settings, R"({"entry":[]})");
    ASSERT_EQ(none.size(), 1U);
    EXPECT_EQ(none[0].ignored_because, "no_events");
    std::string many = R"({"entry":[{"events":[)";
    for (int i = 0; i < 1001; ++i) many += std::string(i == 0 ? "" : ",") + "{\"id\":" + std::to_string(i) + "}";
    EXPECT_EQ(works(open_door(settings))->receive(posted(many + "]}]}").view(), now).refused, "malformed");
}

TEST(DeclaredMapping, WhatIsNoMessageIsSaidToBeSo) {
    const std::string settings =
        R"("ignore":[{"path":"/bot","is":"true","because":"bot"},{"path":"/type","starts_with":"typing"}],"echo":{"path":"/outgoing","is":"true"},)"
        R"("contact":{"kind":{"path":"/type","map":{"new":"message","changed":"edit","gone":"delete","state":"status","like":"reaction"}},"message_id":"/id","from":"/from","text":"/text","status":"/status","emoji":"/emoji"})";
    const auto one = [&](const std::string& body) { return received(settings, body).at(0); };
    EXPECT_EQ(one(R"({"type":"new","id":1,"text":"x","bot":true})").ignored_because, "bot");
    EXPECT_EQ(one(R"({"type":"typing.on"})").ignored_because, "rule");
    EXPECT_EQ(one(R"({"type":"new","id":1,"text":"x","outgoing":true})").kind, record_kind::echo);
    EXPECT_EQ(one(R"({"type":"new","id":1})").ignored_because, "empty");
    EXPECT_EQ(one(R"({"type":"newer","id":1,"text":"x"})").ignored_because, "unknown_event");
    const auto edit = one(R"({"type":"changed","id":"m1","text":"y"})");
    EXPECT_EQ(edit.kind, record_kind::edit);
    EXPECT_EQ(edit.references, std::vector<std::string>{"m1"});
    EXPECT_NE(edit.event_id, one(R"({"type":"changed","id":"m1","text":"z"})").event_id);
    EXPECT_EQ(one(R"({"type":"gone","id":"m1"})").kind, record_kind::deletion);
    const auto status = one(R"({"type":"state","id":"m1","status":"read"})");
    EXPECT_EQ(status.event_id, "status:m1:read");
    EXPECT_EQ(one(R"({"type":"state","id":"m1"})").ignored_because, "status_of_nothing");
    EXPECT_THAT(to_json(one(R"({"type":"like","id":"m1","emoji":"+1"})")), HasSubstr(R"("emoji":"+1")"));
}

TEST(DeclaredMapping, ValuesAreMadeInManyWays) {
    const std::string settings = R"("contact":{
        "event_id":["header:X-Event",{"path":"/n"}],
        "from":[ "/phone", "/mail" ],
        "name":{"join":["/first","/last"],"with":" "},
        "thread":{"path":"/session","after_last":"/sessions/"},
        "text":{"path":"/html","html":"yes"},
        "language":{"path":"/lang","map":{"ger":"de"},"or":"en"},
        "subject":{"text":"From the shop"},
        "at":{"path":"/at","form":"unix"},
        "attachments":{"each":"/files","name":"/n","url":"/u","size":"/s"},
        "identities":[{"email":"/mail","proven":"yes"},{"phone":"/phone"},{"external":"/customer"}],
        "attributes":{"plan":"/plan","vip":{"path":"/vip","or":"no"}},
        "details":{"raw":"/raw"}})";
    auto request = posted(
        R"({"n":9223372036854775807,"mail":"A@Example.org","first":"Ann","last":"Lee","session":"projects/p/sessions/s-1",)"
        R"("html":"<p>Hi <b>there</b></p><script>x</script>","lang":"ger","at":1790000000.5,"files":[{"n":"a.pdf","u":"https://x.example/a","s":12},{"n":"no address"}],)"
        R"("customer":4711,"plan":{"name":"gold"},"vip":null,"raw":[1,2.5,"x"]})");
    set_header(request, "X-Event", "e1");
    const auto made = works(open_door(settings))->receive(request.view(), now).records.at(0);
    EXPECT_EQ(made.event_id, "e1:9223372036854775807");
    EXPECT_EQ(made.from, "A@Example.org");
    EXPECT_EQ(made.display_name, "Ann Lee");
    EXPECT_EQ(made.thread, "s-1");
    EXPECT_EQ(made.text, "Hi there");
    EXPECT_EQ(made.locale, "de");
    EXPECT_EQ(made.subject, "From the shop");
    EXPECT_EQ(made.at, from_millis(1'790'000'000'500));
    ASSERT_EQ(made.attachments.size(), 1U);
    EXPECT_EQ(made.attachments[0].size, 12);
    const std::vector<identity> wanted{{"email:a@example.org", proof::proven}, {"external:4711", proof::proven}};
    EXPECT_EQ(made.identities, wanted);
    EXPECT_THAT(to_json(made), HasSubstr(R"("attributes":{"plan":{"name":"gold"},"vip":"no"},"raw":[1,2.5,"x"])"));
}

TEST(DeclaredMapping, ADeliveryThatNamesNothingIsKnownByItsBytes) {
    const std::string settings = R"("each":"/*","contact":{"text":"/t"})";
    const auto first = received(settings, R"([{"t":"a"},{"t":"a"}])");
    ASSERT_EQ(first.size(), 2U);
    EXPECT_NE(first[0].event_id, first[1].event_id);
    EXPECT_EQ(received(settings, R"([{"t":"a"},{"t":"a"}])")[1].event_id, first[1].event_id);
    EXPECT_TRUE(first[0].identities.empty());
}

const std::string with_reply =
    R"("api_base":"https://api.example.com","token":"tok-1",)" + contact.substr(0, contact.size() - 1) +
    R"(,"details":{"account":"/account"}},"reply":{"url":"{api_base}/accounts/{detail.account}/threads/{thread}","headers":{"Authorization":"Bearer {token}"},)"
    R"("body":"{\"to\":\"{from}\",\"content\":{\"text\":\"{text}\",\"reply_to\":\"{message_id?}\"},\"thread\":\"{thread:number}\",\"private\":false}",)"
    R"("longest_text":20,"answered_id":"/data/id","sent_when":{"path":"/ok","is":"true"},"answered_reason":"/error"})";

channel::outgoing answer_to(std::string thread) {
    channel::outgoing message;
    message.text = "say \"hi\"\n";
    message.from = "c7";
    message.thread = std::move(thread);
    message.details = R"({"account":12})";
    return message;
}

TEST(DeclaredReply, IsWrittenAsTheTemplateSays) {
    const auto channel = works(open_door(with_reply));
    EXPECT_EQ(channel->can().longest_text.most, 20U) << "so that a longer one is split or refused before it is sent";
    const auto call = channel->deliver(answer_to("3"));
    ASSERT_TRUE(call) << call.error().message;
    EXPECT_EQ(call->url, "https://api.example.com/accounts/12/threads/3");
    EXPECT_EQ(call->body, R"({"to":"c7","content":{"text":"say \"hi\"\n"},"thread":3,"private":false})");
    EXPECT_THAT(call->headers, ElementsAre(channel::header("Authorization", "Bearer tok-1"),
                                           channel::header("Content-Type", "application/json")));
}

TEST(DeclaredReply, NothingThatACustomerSendsChangesTheAddress) {
    const auto channel = works(open_door(with_reply));
    auto message = answer_to("3");
    message.details = R"({"account":"../../admin?x=1#"})";
    EXPECT_EQ(channel->deliver(message)->url, "https://api.example.com/accounts/..%2F..%2Fadmin%3Fx%3D1%23/threads/3");
    message.details = R"({"account":".."})";
    EXPECT_FALSE(channel->deliver(message));
    message.details = "{}";
    EXPECT_FALSE(channel->deliver(message));
    EXPECT_FALSE(channel->deliver(answer_to("3,\"admin\":true")));
    message = answer_to("3");
    message.text = std::string(21, 'x');
    EXPECT_FALSE(channel->deliver(message));
    message.text.clear();
    EXPECT_FALSE(channel->deliver(message));
    EXPECT_FALSE(works(open_door(contact))->deliver(answer_to("3")));
}

TEST(DeclaredReply, TheProvidersAnswerIsJudgedAsDeclared) {
    const auto channel = works(open_door(with_reply));
    const auto sent = channel->judge({200, {}, R"({"ok":true,"data":{"id":77}})"});
    EXPECT_EQ(sent.outcome, delivery::state::sent);
    EXPECT_EQ(sent.provider_message_id, "77");
    EXPECT_EQ(channel->judge({200, {}, R"({"ok":false,"error":"blocked"})"}).outcome, delivery::state::failed);
    EXPECT_THAT(channel->judge({200, {}, R"({"ok":false,"error":"blocked"})"}).reason, HasSubstr("blocked"));
    EXPECT_EQ(channel->judge({200, {}, "no JSON"}).outcome, delivery::state::failed);
    EXPECT_EQ(channel->judge({429, {{"Retry-After", "7"}}, ""}).retry_after, std::chrono::seconds{7});
}

TEST(DeclaredReply, FormsAreEncoded) {
    const auto channel =
        works(open_door(R"("api_base":"https://api.example.com","user":"u","password":"p",)" + contact +
                        R"(,"reply":{"url":"{api_base}/send","form":{"To":"{from}","Body":"{text}"}})"));
    const auto call = channel->deliver(answer_to("3"));
    EXPECT_EQ(call->body, "To=c7&Body=say%20%22hi%22%0A");
    EXPECT_EQ(call->user, "u");
}

TEST(DeclaredSettings, EveryMistakeIsSaidAtOnce) {
    const auto problems = [](const std::string& settings) { return declared_by(settings).problems; };
    EXPECT_THAT(problems("{}"), Contains(HasSubstr("proof: is missing")));
    EXPECT_THAT(problems("{}"), Contains(HasSubstr("contact: is missing")));
    const std::vector<std::pair<std::string, std::string>> table{
        {R"("proof":{"scheme":"rot13"})", "proof/scheme: wants one of none, hmac"},
        {R"("proof":{"scheme":"hmac"})", "proof/header: is missing"},
        {R"("proof":{"scheme":"hmac","header":"S","hash":"md5"})", "proof/hash: wants one of sha1, sha256, sha512"},
        {R"("proof":{"scheme":"hmac","header":"S","signs":"{timestamp}"})", "proof/signs: must have {body}"},
        {R"("proof":{"scheme":"hmac","header":"S","signs":"{time}{body}"})", "not {time}"},
        {R"("proof":{"scheme":"hmac","header":"S","heder":"T"})", "proof/heder: unknown key, did you mean \"header\"?"},
        {R"("proof":{"scheme":"hmac","header":"S","timestamp":{"header":"T","tolerance":"long"}})",
         "tolerance: wants a duration"},
        {R"("proof":"none")", "proof: wants a mapping"},
        {R"("contact":{"from":"id"})", "contact/from: wants a path such as /customer/id"},
        {R"("contact":{"from":"/a~2"})", "a ~ in a path is written ~0"},
        {R"("contact":{"from":{"path":"/a","first":["/b"]}})", "contact/from: wants one of path, first, join and text"},
        {R"("contact":{"from":[]})", "contact/from: wants a list of one to 20 ways"},
        {R"("contact":{"text":"/t","kind":{"path":"/k","map":{"a":"massage"}}})",
         "contact/kind: \"massage\" is none of message, edit"},
        {R"("contact":{"text":"/t","details":{"kind":"/k"}})", "\"kind\" is a field that every contact has"},
        {R"("contact":{"text":"/t","details":{"A b":"/k"}})", "a name is a-z"},
        {R"("contact":{"text":"/t","at":{"path":"/t","form":"iso"}})", "contact/at/form: wants one of rfc3339"},
        {R"("contact":{"text":"/t","attachments":{"each":"/a"}})", "contact/attachments/url: is missing"},
        {R"("contact":{"text":"/t","identities":[{"mail":"/a"}]})", "wants one of email, phone, id and external"},
        {R"("contact":{"text":"/t","identities":[{"phone":"/a","proven":"yes"}]})", "is for mail addresses alone"},
        {R"("contact":{})", "contact: says nothing"},
        {R"("contact":{"text":"/t","txt":"/x"})", "contact/txt: unknown key, did you mean \"text\"?"},
        {R"("each":"entry/*")", "each: a path begins with /"},
        {R"("ignore":{"path":"/a"})", "ignore: wants one of is, not, starts_with and exists"},
        {R"("ignore":{"path":"/a","is":"x","because":"so many words"})", "ignore/because: is the value of a metric"},
        {R"("handshake":{"challenge":"/c"})", "handshake/when: is missing"},
        {R"("handshake":{"method":"GET","challenge":"query:c","token":"query:t"})", "needs the setting verify_token"},
        {R"("handshake":{"method":"GET","challenge":"query:c","answer":"{x}"})", "knows {challenge} and {hmac}"},
        {R"("reply":{"url":"https://evil.example/{text}"},"api_base":"https://a.example")",
         "reply/url: must begin with {api_base}"},
        {R"("reply":{"url":"{api_base}/x"})", "reply/url: must begin with {api_base}, and api_base"},
        {R"("api_base":"https://a.example","reply":{"url":"{api_base}/x","body":"{\"a\":\"{txt}\"}"})",
         "reply/body: {txt} is not known; did you mean {text}?"},
        {R"("api_base":"https://a.example","reply":{"url":"{api_base}/x","body":"{a}"})", "reply/body: is no JSON"},
        {R"("api_base":"https://a.example","reply":{"url":"{api_base}/{detail.x}"})", "contact/details must keep it"},
        {R"("api_base":"https://a.example","reply":{"url":"{api_base}/x","longest_text":"many"})",
         "wants a number of characters"},
        {R"("answer":{"status":"500"})", "answer/status: wants a status from 200 to 299"},
        {R"("answer":{"content_type":"application/json","body":"{"})", "answer/body: is no JSON"},
        {R"("colour":"red")", "colour: unknown setting"},
    };
    for (const auto& [settings, problem] : table)
        EXPECT_THAT(problems("{" + settings + "}"), Contains(HasSubstr(problem))) << settings;
    const auto all = problems(R"({"proof":{"scheme":"x"},"contact":{"from":"id","text":"t"},"reply":{}})");
    EXPECT_GE(all.size(), 4U);
}

}  // namespace
}  // namespace kindred::testing
