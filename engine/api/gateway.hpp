#pragma once
#include "engine/api/accounts.hpp"
#include "engine/api/answer_pages.hpp"
#include "engine/api/attachments.hpp"
#include "engine/api/bulk.hpp"
#include "engine/api/channel_checks.hpp"
#include "engine/api/chat_files.hpp"
#include "engine/api/crm_webhooks.hpp"
#include "engine/api/customers.hpp"
#include "engine/api/data.hpp"
#include "engine/api/desk_papers.hpp"
#include "engine/api/endpoints.hpp"
#include "engine/api/faq_pages.hpp"
#include "engine/api/guidance.hpp"
#include "engine/api/joins.hpp"
#include "engine/api/lookers.hpp"
#include "engine/api/notes.hpp"
#include "engine/api/people.hpp"
#include "engine/api/registers.hpp"
#include "engine/api/reports.hpp"
#include "engine/api/roles.hpp"
#include "engine/api/rules.hpp"
#include "engine/api/sign_in.hpp"
#include "engine/api/supervision.hpp"
#include "engine/api/survey_pages.hpp"
#include "engine/api/tickets.hpp"
#include "engine/api/tokens.hpp"
#include "engine/api/webhooks.hpp"
#include "engine/api/work.hpp"
#include "engine/http/handler.hpp"
#include "engine/http/observer.hpp"
#include "engine/http/static_files.hpp"
#include "engine/runtime/site.hpp"

#include <atomic>
#include <functional>
#include <memory>

namespace kindred::api {

/// The main listener: providers, customers, desks, the API and the static page.
class gateway final : public http::handler {
public:
    gateway(runtime::site& site, runtime::ruleset_keeper& rules, std::vector<configured_token> tokens,
            const std::string& public_url, http::static_files files, std::vector<crm_webhook> crm,
            std::shared_ptr<runtime::crm_lookup> lookup);

    std::size_t body_limit(const http::request& head) override;
    void body_too_large(const http::request& head) noexcept override;
    void handle(const http::request& asked, http::responder answer) override;

    reception_desk& reception() { return reception_; }
    /// From now on /readyz says 503.
    void stop_being_ready() { ready_ = false; }
    bool is_ready() const { return ready_ && site_.accepting(); }
    /// Waits for passwords that are being checked.
    void stop() { sign_in_.stop(); }

private:
    void health(const http::request& asked, const http::responder& answer);
    void chat(const http::request& asked, const http::responder& answer);
    void contact(const http::request& asked, const http::responder& answer);
    void crm(const http::request& asked, const http::responder& answer);
    void public_page(const http::request& asked, const http::responder& answer);
    void linked_file(const http::request& asked, const http::responder& answer);
    void api(const http::request& asked, const http::responder& answer);
    void run_endpoint(const endpoint& row, std::shared_ptr<call> asked);
    void desk(std::shared_ptr<call> asked);
    bool on_blocking_thread(const http::responder& answer, std::function<void()> work);

    runtime::site& site_;
    sign_in sign_in_;
    reception_desk reception_;
    ticket_endpoints tickets_;
    people_endpoints people_;
    customer_endpoints customers_;
    note_endpoints notes_;
    data_endpoints data_;
    bulk_endpoints bulk_;
    join_endpoints joins_;
    crm_desk crm_;
    ready_articles articles_;
    faq_pages faq_;
    survey_pages surveys_;
    answer_pages answers_;
    rules_endpoints rules_;
    work_endpoints work_;
    supervision_endpoints supervision_;
    register_endpoints registers_;
    attachment_endpoints attachments_;
    chat_files chat_files_;
    account_endpoints accounts_;
    token_endpoints tokens_;
    role_endpoints roles_;
    report_endpoints reports_;
    guidance_endpoints guidance_;
    desk_paper_endpoints papers_;
    channel_check_endpoints channel_checks_;
    std::shared_ptr<lookers> lookers_ = std::make_shared<lookers>();
    std::vector<endpoint> endpoints_;
    http::static_files files_;
    std::atomic<bool> ready_{true};
};

/// The admin listener: metrics and health, for operators alone.
class admin_gateway final : public http::handler {
public:
    admin_gateway(std::function<std::string()> figures, std::function<bool()> is_ready)
        : figures_(std::move(figures)), is_ready_(std::move(is_ready)) {}
    std::size_t body_limit(const http::request&) override { return 0; }
    void handle(const http::request& asked, http::responder answer) override;

private:
    std::function<std::string()> figures_;
    std::function<bool()> is_ready_;
};

/// Counts what the server does.
class http_metrics final : public http::observer {
public:
    explicit http_metrics(runtime::metrics& figures) : figures_(figures) {}
    void answered(unsigned status, std::chrono::nanoseconds took) override;
    void refused(http::refusal reason) override;
    void connection_opened() override { figures_.connections(static_cast<double>(++open_)); }
    void connection_closed() override { figures_.connections(static_cast<double>(--open_)); }

private:
    runtime::metrics& figures_;
    std::atomic<std::int64_t> open_{0};
};

}  // namespace kindred::api
