#include "engine/app/connectors.hpp"

#include "connectors/api/connector.hpp"
#include "connectors/bots/connector.hpp"
#include "connectors/declared/connector.hpp"
#include "connectors/discourse/connector.hpp"
#include "connectors/email/connector.hpp"
#include "connectors/github/connector.hpp"
#include "connectors/imap/connector.hpp"
#include "connectors/instagram/connector.hpp"
#include "connectors/line/connector.hpp"
#include "connectors/mailgun/connector.hpp"
#include "connectors/messenger/connector.hpp"
#include "connectors/postmark/connector.hpp"
#include "connectors/sendgrid/connector.hpp"
#include "connectors/ses-sns/connector.hpp"
#include "connectors/slack/connector.hpp"
#include "connectors/standard-webhooks/connector.hpp"
#include "connectors/telegram/connector.hpp"
#include "connectors/twilio-sms/connector.hpp"
#include "connectors/twilio-voice/connector.hpp"
#include "connectors/twilio-whatsapp/connector.hpp"
#include "connectors/vonage/connector.hpp"
#include "connectors/webchat/connector.hpp"
#include "connectors/whatsapp/connector.hpp"
#include "connectors/x/connector.hpp"

#include <array>

namespace kindred::app {
namespace {

constexpr std::array table{
    channel::registration{"api", kindred::connectors::api::make},
    channel::registration{"bots", kindred::connectors::bots::make},
    channel::registration{"declared", kindred::connectors::declared::make, kindred::connectors::declared::structures},
    channel::registration{"discourse", kindred::connectors::discourse::make},
    channel::registration{"email", kindred::connectors::email::make},
    channel::registration{"github", kindred::connectors::github::make},
    channel::registration{"imap", kindred::connectors::imap::make},
    channel::registration{"instagram", kindred::connectors::instagram::make},
    channel::registration{"line", kindred::connectors::line::make},
    channel::registration{"mailgun", kindred::connectors::mailgun::make},
    channel::registration{"messenger", kindred::connectors::messenger::make},
    channel::registration{"postmark", kindred::connectors::postmark::make},
    channel::registration{"sendgrid", kindred::connectors::sendgrid::make},
    channel::registration{"ses-sns", kindred::connectors::ses_sns::make},
    channel::registration{"slack", kindred::connectors::slack::make},
    channel::registration{"standard-webhooks", kindred::connectors::standard_webhooks::make},
    channel::registration{"telegram", kindred::connectors::telegram::make},
    channel::registration{"twilio-sms", kindred::connectors::twilio_sms::make},
    channel::registration{"twilio-voice", kindred::connectors::twilio_voice::make,
                          kindred::connectors::twilio_voice::structures},
    channel::registration{"twilio-whatsapp", kindred::connectors::twilio_whatsapp::make},
    channel::registration{"vonage", kindred::connectors::vonage::make, kindred::connectors::vonage::structures},
    channel::registration{"webchat", kindred::connectors::webchat::make},
    channel::registration{"whatsapp", kindred::connectors::whatsapp::make},
    channel::registration{"x", kindred::connectors::x::make},
};

}  // namespace

std::span<const channel::registration> connectors() { return table; }

const channel::registration* find_connector(std::string_view name) {
    for (const auto& each : table)
        if (each.name == name) return &each;
    return nullptr;
}

std::vector<std::string> connector_names() {
    std::vector<std::string> names;
    for (const auto& each : table) names.emplace_back(each.name);
    return names;
}

}  // namespace kindred::app
