#include "engine/app/mailbox_reader.hpp"

#include "engine/base/log.hpp"

#include <future>
#include <memory>

namespace kindred::app {
namespace {

constexpr std::chrono::seconds patience{60};
constexpr unsigned first_permanent = 500;

}  // namespace

mail::mailbox_owner::taken mailbox_reader::take(std::string content) {
    mail::message arrived;
    arrived.content = std::move(content);
    auto answered = std::make_shared<std::promise<unsigned>>();
    auto code = answered->get_future();
    const mail::acknowledgement done([answered](const std::vector<mail::reply>& replies) {
        answered->set_value(replies.empty() ? 451U : replies.front().code);
    });
    reception_.mail(via_, std::move(arrived), done);
    if (code.wait_for(patience) != std::future_status::ready) return taken::later;
    const auto said = code.get();
    // What its connector refuses for good is counted and put aside; the mails behind it must not wait for it.
    return said < 300 || said >= first_permanent ? taken::done : taken::later;
}

void mailbox_reader::too_large(std::uint64_t size) {
    site_.figures().contact(via_.name, "refused", "too_large");
    log::warn("a mail is larger than max_message_bytes and stays unread",
              {{"channel", via_.name}, {"bytes", static_cast<std::int64_t>(size)}});
}

bool mailbox_reader::keep(const mail::mailbox_cursor& reached) {
    auto written = std::make_shared<std::promise<void>>();
    auto durable = written->get_future();
    runtime::kept_value value{setting_of(via_.name), reached.to_text(),
                              [written = std::move(written)] { written->set_value(); }};
    if (!site_.submit(std::move(value))) return false;
    // Dropped without an answer when the engine starts over: then the promise is broken, which is ready as well.
    if (durable.wait_for(patience) != std::future_status::ready) return false;
    try {
        durable.get();
    } catch (const std::future_error&) {
        return false;
    }
    kept_ = reached;
    return true;
}

void mailbox_reader::failed(const error& why) {
    site_.figures().contact(via_.name, "refused", "mailbox_unreachable");
    log::warn("the mailbox cannot be read and is tried again", {{"channel", via_.name}, {"err", why.message}});
}

}  // namespace kindred::app
