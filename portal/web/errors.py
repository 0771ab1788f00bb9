"""Refusals: every one is a sentence somebody can act on, in their language, with nothing lost (design §2.9)."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, g, request, session
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, TooManyRequests

from portal.domain.attachments import LARGEST_FILE, LARGEST_TOGETHER
from portal.services.installation import DatabaseAway
from portal.services.open_bound import TooManyOpen
from portal.services.own_request import OwnRequest
from portal.services.sign_in import WrongCode
from portal.web.access import NotPermitted, SignInFirst, let_go
from portal.web.forms import AddressForm
from portal.web.languages import page_language, url
from portal.web.next_page import is_staff_page
from portal.web.pages import page, words
from portal.web.typed import typed_fields
from portal.wording.labels import role_label
from portal.wording.numbers import bytes_size, number
from portal.wording.typed_words import typed_lines

RETRY_SECONDS = 10


def answer_refusals(app: Flask) -> None:
    """Give the app its refusals."""
    app.register_error_handler(CSRFError, _page_expired)
    app.register_error_handler(SignInFirst, _sign_in_first)
    app.register_error_handler(NotPermitted, _not_permitted)
    app.register_error_handler(OwnRequest, _own_request)
    app.register_error_handler(TooManyOpen, _too_many_open)
    app.register_error_handler(DatabaseAway, _away)
    app.register_error_handler(TooManyRequests, _too_many)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(UnicodeDecodeError, _unreadable)
    app.register_error_handler(Exception, _our_fault)


def refusal(code: int, title: str, sentence: str, actions: list[tuple[str, str]] | None = None) -> Response:
    """A page that says what was refused and what can be done."""
    home = [(words("Go to the home page"), url("home"))]
    return page("error.html", status=code, code=code, title=title, sentence=sentence, actions=actions or home)


def too_many(seconds: int) -> Response:
    """429, with how long to wait."""
    minutes = max(1, round(seconds / 60))
    response = refusal(
        429,
        words("Too many tries"),
        words("For your protection, wait %(minutes)s min, then try again.", minutes=minutes),
        [(words("Try again"), request.path)] if request.method == "GET" else None,
    )
    response.headers["Retry-After"] = str(seconds)
    return response


def send_again(status: int, title: str, sentence: str) -> Response:
    """What was typed, ready to be sent again with a fresh token."""
    fields = typed_fields()
    return page(
        "send_again.html",
        status=status,
        title=title,
        sentence=sentence,
        path=request.path,
        fields=fields,
        typed=typed_lines(fields, page_language()),
    )


def _page_expired(error: CSRFError) -> Any:
    if error.description in {"other origin", "cross-site"}:
        return refusal(
            400,
            words("This form came from another site"),
            words("Nothing was changed. Open the page here, on the portal, and fill it in."),
        )
    return send_again(
        400,
        words("This page had expired"),
        words("Nothing is lost and nothing was sent. Check what you typed, then send it again."),
    )


def _sign_in_first(_error: SignInFirst) -> Any:
    kept = "kept" in session
    sentence = (
        words("Your session has ended. Sign in with the same address within 15 minutes: what you typed is kept.")
        if kept
        else words("Your session has ended. Sign in, then try again.")
    )
    next_page = url("resume") if kept else url("my_information")
    if is_staff_page(request.path):
        next_page = url("staff_requests")
    return page("sign_in_first.html", status=401, form=AddressForm(None), sentence=sentence, next_page=next_page)


def _not_permitted(error: NotPermitted) -> Any:
    roles = [role_label(role, page_language()) for role in sorted(error.roles)]
    return refusal(
        403,
        words("Access refused"),
        words("Your role does not allow this. It is open to: %(roles)s.", roles=", ".join(roles)),
        [(words("Go to the requests"), url("staff_requests"))],
    )


def _own_request(_error: OwnRequest) -> Any:
    let_go()
    return refusal(
        409,
        words("This is your own request"),
        words("Nobody handles their own request. A colleague must do it."),
        [(words("Go to the requests"), url("staff_requests"))],
    )


def wrong_code(error: WrongCode) -> str:
    """What stands beside the field of a code that was not right."""
    if error.dead:
        return words("This code no longer works. Ask for a new one.")
    return words("This is not the code we sent. Check the letter and type it again.")


def too_many_open(error: TooManyOpen) -> str:
    """Why one more request is not opened, and what to do instead."""
    return words(
        "You have %(most)s open requests, the most we handle at once for one person. Write what you add in one that is "
        "open, take one back, or reach us: see Contact. Nothing you typed is lost.",
        most=number(error.most, page_language()),
    )


def _too_many_open(error: TooManyOpen) -> Any:
    let_go()
    return send_again(422, words("You have many open requests"), too_many_open(error))


def _away(_error: DatabaseAway) -> Any:
    g.database_away = True
    title = words("The portal is busy")
    sentence = words("Nothing was lost. Wait a few seconds, then try again.")
    if request.method == "POST" and request.form:
        response = send_again(503, title, sentence)
    else:
        response = refusal(503, title, sentence, [(words("Try again"), request.full_path.rstrip("?"))])
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _too_many(_error: TooManyRequests) -> Any:
    return too_many(60)


def _too_large(_error: RequestEntityTooLarge) -> Any:
    if request.endpoint == "staff_settings_look":
        return refusal(
            413,
            words("This picture is too large"),
            words("A logo has 1 MB at most. Nothing was saved. Make it smaller, then send it again."),
            [(words("Go back to the form"), request.path)],
        )
    if getattr(g.get("rule"), "files", None) is not None:
        return refusal(
            413,
            words("This is too large"),
            words(
                "Nothing was sent. One file may have %(one)s, and all files of a request %(all)s together.",
                one=bytes_size(LARGEST_FILE, page_language()),
                all=bytes_size(LARGEST_TOGETHER, page_language()),
            ),
            [(words("Go back to the form"), request.path)],
        )
    return refusal(
        413,
        words("This is too large"),
        words("What you sent is larger than the portal accepts. Shorten it and try again."),
    )


def _refused(error: HTTPException) -> Any:
    code = error.code or 400
    if code < 400:
        return error
    sentences = {
        404: (words("Page not found"), words("There is no page at this address. It may have been mistyped.")),
        405: (words("This cannot be done here"), words("Go back to the page you came from and use its buttons.")),
        400: (words("This could not be read"), words("What was sent is damaged. Go back and try again.")),
    }
    title, sentence = sentences.get(code, (words("This was refused"), words("Go back and try again.")))
    response = refusal(code, title, sentence)
    if code == 405 and getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))  # type: ignore[attr-defined]  # 405's own
    return response


def _unreadable(_error: UnicodeDecodeError) -> Any:
    return refusal(400, words("This could not be read"), words("What was sent is damaged. Go back and try again."))


def _our_fault(error: Exception) -> Any:
    """The last resort: logged by its type alone, since a message may hold a value of somebody's (ASVS 16.5.4)."""
    current_app.logger.error("unexpected_error type=%s endpoint=%s", type(error).__name__, request.endpoint)
    if current_app.testing:
        raise error
    return refusal(
        500, words("Something went wrong on our side"), words("Nothing was changed. Try again, or write to us.")
    )
