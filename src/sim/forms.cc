#include "sim/forms.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace crmsink::sim {
namespace {

constexpr std::string_view kOpened = "last_stage_change_at,last_status_change_at";

constexpr Form kForms[] = {
    {"AppInstall", "AppInstall", 0, "INSTALL", "", kNoLocation | kOwnApp},
    {"AppPaymentStatus", "AppPaymentStatus", 0, "APP_PAYMENT_STATUS", "occurred_at", kNoLocation | kOwnApp},
    {"AppUninstall", "AppInstall", 3, "UNINSTALL", "", kNoLocation | kOwnApp},
    {"AppUpdate", "AppInstall", 1, "UPDATE", "", kNoLocation | kOwnApp},
    {"AppointmentCreate", "Appointment", 0, "AppointmentCreate"},
    {"AppointmentDelete", "Appointment", 3, "AppointmentDelete", "", 0, "AppointmentCreate"},
    {"AppointmentUpdate", "Appointment", 1, "AppointmentUpdate", "", 0, "AppointmentCreate"},
    {"AssociationCreate", "Association", 0, ""},
    {"AssociationDelete", "Association", 3, ""},
    {"AssociationUpdate", "Association", 1, ""},
    {"CampaignStatusUpdate", "CampaignStatus", 1, "CampaignStatusUpdate"},
    {"ContactCreate", "Contact", 0, "ContactCreate"},
    {"ContactDelete", "Contact", 3, "ContactDelete"},
    {"ContactDndUpdate", "Contact", 2, "ContactDndUpdate"},
    {"ContactTagUpdate", "Contact", 2, "ContactTagUpdate"},
    {"ContactUpdate", "Contact", 1, "ContactUpdate"},
    {"ConversationUnreadWebhook", "Conversation", 1, "ConversationUnreadUpdate"},
    {"ConversationUpdate", "ConversationMerge", 0, "ConversationUpdate", "occurred_at"},
    {"ExternalAuthConnected", "ExternalAuthConnection", 0, "EXTERNAL_AUTH_CONNECTED", "occurred_at", kOwnApp},
    {"InboundMessage", "Message", 0, "InboundMessage"},
    {"InvoiceCreate", "Invoice", 0, "", "", kNoLocation},
    {"InvoiceDelete", "Invoice", 3, "", "", kNoLocation},
    {"InvoicePaid", "Invoice", 2, "", "paid_at", kNoLocation},
    {"InvoicePartiallyPaid", "Invoice", 2, "", "", kNoLocation},
    {"InvoiceSent", "Invoice", 2, "", "sent_at", kNoLocation},
    {"InvoiceUpdate", "Invoice", 1, "", "", kNoLocation},
    {"InvoiceVoid", "Invoice", 2, "", "voided_at", kNoLocation},
    {"KnowledgeBaseCreate", "KnowledgeBase", 0, "KnowledgeBaseCreate"},
    {"KnowledgeBaseDelete", "KnowledgeBase", 3, "KnowledgeBaseDelete"},
    {"KnowledgeBaseFaqChange", "KnowledgeBaseAsset", 1, "KnowledgeBaseFaqChange"},
    {"KnowledgeBaseFileChange", "KnowledgeBaseAsset", 1, "KnowledgeBaseFileChange"},
    {"KnowledgeBaseRichTextChange", "KnowledgeBaseAsset", 1, "KnowledgeBaseRichTextChange"},
    {"KnowledgeBaseTableFileChange", "KnowledgeBaseAsset", 1, "KnowledgeBaseTableFileChange"},
    {"KnowledgeBaseTrainedUrlChange", "KnowledgeBaseAsset", 1, "KnowledgeBaseTrainedUrlChange"},
    {"KnowledgeBaseUpdate", "KnowledgeBase", 1, "KnowledgeBaseUpdate"},
    {"LCEmailStats", "EmailStat", 0, "LCEmailStats"},
    {"LocationCreate", "Location", 0, "LocationCreate", "", kNoLocation},
    {"LocationUpdate", "Location", 1, "LocationUpdate", "", kNoLocation},
    {"NoteCreate", "Note", 0, "NoteCreate"},
    {"NoteDelete", "Note", 3, "NoteDelete"},
    {"NoteUpdate", "Note", 1, "NoteUpdate"},
    {"ObjectSchemaCreate", "ObjectSchema", 0, ""},
    {"ObjectSchemaUpdate", "ObjectSchema", 1, ""},
    {"OpportunityAssignedToUpdate", "Opportunity", 2, "OpportunityAssignedToUpdate"},
    {"OpportunityCreate", "Opportunity", 0, "OpportunityCreate", kOpened},
    {"OpportunityDelete", "Opportunity", 3, "OpportunityDelete"},
    {"OpportunityMonetaryValueUpdate", "Opportunity", 2, "OpportunityMonetaryValueUpdate"},
    {"OpportunityStageUpdate", "Opportunity", 2, "OpportunityStageUpdate", "last_stage_change_at"},
    {"OpportunityStatusUpdate", "Opportunity", 2, "OpportunityStatusUpdate", "last_status_change_at"},
    {"OpportunityUpdate", "Opportunity", 1, "OpportunityUpdate"},
    {"OrderCreate", "Order", 0, "OrderCreate"},
    {"OrderStatusUpdate", "Order", 2, "OrderStatusUpdate"},
    {"OutboundMessage", "Message", 0, "OutboundMessage"},
    {"PlanChange", "PlanChange", 0, "PLAN_CHANGE", "occurred_at", kNoLocation | kOwnApp},
    {"PriceCreate", "Price", 0, ""},
    {"PriceDelete", "Price", 3, "", "", kTypeIsField},
    {"PriceUpdate", "Price", 1, "", "", kTypeIsField},
    {"ProductCreate", "Product", 0, ""},
    {"ProductDelete", "Product", 3, ""},
    {"ProductUpdate", "Product", 1, ""},
    {"ProviderOutboundMessage", "Message", 0, "", "created_at", kTypeIsField | kOwnApp},
    {"RecordCreate", "ObjectRecord", 0, ""},
    {"RecordDelete", "ObjectRecord", 3, ""},
    {"RecordUpdate", "ObjectRecord", 1, ""},
    {"RelationCreate", "Relation", 0, ""},
    {"RelationDelete", "Relation", 3, ""},
    {"SaaSPlanCreate", "SaasPlan", 0, "SaasPlanCreate", "", kNoLocation},
    {"SupportTicketCreate", "SupportTicket", 0, "SupportTicketCreate"},
    {"SupportTicketDelete", "SupportTicket", 3, "SupportTicketDelete"},
    {"SupportTicketUpdate", "SupportTicket", 1, "SupportTicketUpdate"},
    {"TaskComplete", "Task", 2, "TaskComplete", "completed_at"},
    {"TaskCreate", "Task", 0, "TaskCreate"},
    {"TaskDelete", "Task", 3, "TaskDelete"},
    {"UserCreate", "User", 0, "UserCreate", "", kNoLocation},
    {"UserDelete", "User", 3, "UserDelete", "", kNoLocation, "UserCreate"},
    {"UserUpdate", "User", 1, "UserUpdate", "", kNoLocation, "UserCreate"},
    {"VoiceAiCallEnd", "VoiceAiCall", 0, "", "occurred_at"},
};

}  // namespace

std::span<const Form> Forms() { return kForms; }

const Form& FormOf(std::string_view event) {
  const auto found = std::ranges::find(kForms, event, &Form::event);
  if (found == std::end(kForms)) throw std::logic_error("no event " + std::string(event));
  return *found;
}

}  // namespace crmsink::sim
