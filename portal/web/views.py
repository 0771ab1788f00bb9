"""Every page of the portal, by its name: the view that makes it and the methods it answers."""

from __future__ import annotations

from portal.web import (
    account,
    consents,
    copies,
    corrections,
    deletion,
    information_pages,
    my_information,
    policy,
    rights,
    sign_in,
    staff_audit,
    staff_letter_kinds,
    staff_letters,
    staff_requests,
    staff_settings,
    staff_settings_contact,
)
from portal.web.site import Views

READ = ("GET",)
SEND = ("POST",)
BOTH = ("GET", "POST")

VIEWS: Views = {
    "home": (information_pages.home, READ),
    "policy": (policy.policy, READ),
    "policy_changes": (policy.policy_changes, READ),
    "policy_comparison": (policy.policy_comparison, READ),
    "policy_version": (policy.policy_version, READ),
    "rights": (information_pages.rights, READ),
    "contact": (information_pages.contact, READ),
    "accessibility": (information_pages.accessibility, READ),
    "sign_in": (sign_in.sign_in, BOTH),
    "sign_in_code": (sign_in.sign_in_code, BOTH),
    "sign_in_link": (sign_in.sign_in_link, BOTH),
    "confirm": (sign_in.confirm, BOTH),
    "resume": (sign_in.resume, BOTH),
    "sign_out": (sign_in.sign_out, SEND),
    "my_information": (my_information.my_information, READ),
    "download": (copies.download, BOTH),
    "correct": (corrections.correct, BOTH),
    "requests": (rights.requests, READ),
    "new_request": (rights.new_request, BOTH),
    "request_page": (rights.request_page, READ),
    "take_back": (rights.take_back, SEND),
    "category": (my_information.category, READ),
    "consents": (consents.consents, READ),
    "consent": (consents.consent, BOTH),
    "account": (account.account, READ),
    "account_language": (account.account_language, SEND),
    "end_session": (account.end_session, SEND),
    "delete": (deletion.delete, BOTH),
    "staff_requests": (staff_requests.staff_requests, READ),
    "staff_request": (staff_requests.staff_request, READ),
    "staff_take_up": (staff_requests.staff_take_up, SEND),
    "staff_decision": (staff_requests.staff_decision, SEND),
    "staff_letters": (staff_letters.staff_letters, READ),
    "staff_letters_retry": (staff_letters.staff_letters_retry, SEND),
    "staff_letter_kind": (staff_letter_kinds.staff_letter_kind, READ),
    "staff_settings": (staff_settings.staff_settings, READ),
    "staff_settings_undo": (staff_settings.staff_settings_undo, SEND),
    "staff_settings_contact": (staff_settings_contact.staff_settings_contact, BOTH),
    "staff_audit": (staff_audit.staff_audit, READ),
}
