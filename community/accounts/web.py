"""Pages of the door (sign-in, sign-up, links) and of one's own account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath

from community.accounts import service
from community.accounts.forms import (
    ConfirmForm,
    EmailForm,
    LanguageForm,
    PasswordForm,
    PressForm,
    ProfileForm,
    ProveForm,
    SignInForm,
    SignOutForm,
    SignUpForm,
    TokenForm,
)
from community.kit.clock import Clock
from community.kit.cookies import no_cookie, sign_in_cookie
from community.kit.format import phone_full
from community.kit.i18n import gettext as _
from community.kit.i18n import locale
from community.kit.settings import settings
from community.kit.viewer import Viewer
from community.kit.web import AnyRequest, form_view, page, read_form, redirect

LANGUAGE_SECONDS = 365 * 24 * 3600
SENT = "/sign-in/sent"
HOLDER = {"holder": True}


def browser_of(request: AnyRequest, viewer: Viewer) -> service.Browser:
    address = request.client.host if request.client else ""
    device = service.device_label(request.headers.get("user-agent", ""))
    return service.Browser(address, device, viewer.sign_in_id)


def page_templates(request: AnyRequest) -> list[str]:
    """Every page one could be led back to."""
    routes = (route for route in request.app.routes if "GET" in getattr(route, "methods", ()))
    return [route.path_format for route in routes if not route.path_format.startswith("/api/")]


def local_next(request: AnyRequest, wanted: str | None) -> str:
    return service.local_path(wanted or "/", page_templates(request))


def asked_next(request: AnyRequest) -> str:
    return local_next(request, request.query_params.get("next"))


def signed_in(token: str, path: str, *, say: str = "") -> Response[None]:
    answer = redirect(path, say=say)
    answer.cookies.append(sign_in_cookie(token))
    return answer


@get("/sign-in")
async def sign_in_form(request: AnyRequest) -> Response[str]:
    form = form_view(request, SignInForm, {"next": asked_next(request)})
    return page(request, "accounts/sign_in.html", form=form)


@post("/sign-in")
async def sign_in(
    request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[None]:
    """By password, or by asking for a mailed link; an unknown address looks like a known one."""
    form, browser = read_form(request, SignInForm), browser_of(request, viewer)
    path = local_next(request, form.next)
    if form.way == "link":
        await service.ask_for_link(form.email, browser, next_path=path, now=clock())
        return redirect(SENT)
    token = await service.sign_in_by_password(form.email, form.password, browser, now=clock())
    return signed_in(token, path)


@get(SENT)
async def link_sent(request: AnyRequest) -> Response[str]:
    return page(request, "accounts/sent.html")


@get("/sign-in/link/{token:str}")
async def link_form(token: FromPath[str], request: AnyRequest, clock: NamedDependency[Clock]) -> Response[str]:
    """Shows a button only: previews and scanners open links too."""
    await service.look_at_link(token, "sign_in", now=clock())
    return page(request, "accounts/link.html", form=form_view(request, PressForm))


@post("/sign-in/link/{token:str}", opt=HOLDER)
async def use_link(
    token: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[None]:
    entered = await service.sign_in_by_link(token, browser_of(request, viewer), now=clock())
    return signed_in(entered.token, local_next(request, entered.next_path))


@get("/sign-up")
async def sign_up_form(request: AnyRequest) -> Response[str]:
    form = form_view(request, SignUpForm, {"next": asked_next(request)})
    words = {purpose: (await service.consent_text(purpose)).text for purpose in ("contact", "news")}
    return page(request, "accounts/sign_up.html", form=form, words=words)


@post("/sign-up")
async def sign_up(
    request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[None]:
    form = read_form(request, SignUpForm)
    await service.sign_up(
        form.name,
        form.email,
        browser_of(request, viewer),
        consents=form.consents(),
        locale=locale.get(),
        next_path=local_next(request, form.next),
        now=clock(),
    )
    return redirect(SENT)


@get("/verify/{token:str}")
async def verify_form(token: FromPath[str], request: AnyRequest, clock: NamedDependency[Clock]) -> Response[str]:
    email = await service.look_at_link(token, "verify_email", now=clock())
    return page(request, "accounts/verify.html", form=form_view(request, ConfirmForm), email=email)


@post("/verify/{token:str}", opt=HOLDER)
async def verify(
    token: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[None]:
    form = read_form(request, ConfirmForm)
    entered = await service.confirm_email(token, form.password or None, browser_of(request, viewer), now=clock())
    return signed_in(entered.token, local_next(request, entered.next_path), say=_("Selamat datang. Akun Anda siap."))


@get("/reset")
async def reset_ask_form(request: AnyRequest) -> Response[str]:
    return page(request, "accounts/reset_ask.html", form=form_view(request, EmailForm))


@post("/reset")
async def reset_ask(
    request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[None]:
    form = read_form(request, EmailForm)
    await service.ask_for_reset(form.email, browser_of(request, viewer), now=clock())
    return redirect(SENT)


@get("/reset/{token:str}")
async def reset_form(token: FromPath[str], request: AnyRequest, clock: NamedDependency[Clock]) -> Response[str]:
    email = await service.look_at_link(token, "reset", now=clock())
    return page(request, "accounts/reset.html", form=form_view(request, PasswordForm), email=email)


@post("/reset/{token:str}", opt=HOLDER)
async def reset(
    token: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[None]:
    form = read_form(request, PasswordForm)
    entered = await service.reset_password(token, form.password, browser_of(request, viewer), now=clock())
    return signed_in(entered.token, "/", say=_("Kata sandi baru tersimpan."))


@post("/sign-out", opt=HOLDER | {"form": "/"})
async def sign_out(
    request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[None]:
    """Clears what the browser cached; its storage only where the phone says that no check-in waits in it."""
    form = read_form(request, SignOutForm)
    if viewer.sign_in_id is not None:
        await service.sign_out(viewer.sign_in_id, now=clock())
    answer = redirect("/")
    answer.cookies.append(no_cookie())
    answer.headers["Clear-Site-Data"] = '"cache", "storage"' if form.unsent == "0" else '"cache"'
    return answer


@post("/language", opt=HOLDER | {"form": "/"})
async def choose_language(request: AnyRequest, viewer: NamedDependency[Viewer]) -> Response[None]:
    """For this browser, and for the account of whoever is signed in."""
    form = read_form(request, LanguageForm)
    if viewer.person_id is not None:
        await service.choose_locale(viewer.person_id, form.lang)
    answer = redirect(local_next(request, form.next))
    answer.cookies.append(
        Cookie(
            key="lang",
            value=form.lang,
            max_age=LANGUAGE_SECONDS,
            path="/",
            samesite="lax",
            secure=settings().https,
            httponly=True,
        )
    )
    return answer


@get("/prove")
async def prove_form(request: AnyRequest, viewer: NamedDependency[Viewer]) -> Response[str]:
    person = await service.show_person(viewer.person())
    context: Mapping[str, Any] = {
        "has_password": await service.has_password(person.id),
        "by_link": service.proves_by_link(viewer.roles),
        "email": person.email,
    }
    form = form_view(request, ProveForm, {"next": asked_next(request)})
    return page(request, "accounts/prove.html", form=form, **context)


@post("/prove")
async def prove(
    request: AnyRequest,
    person_id: NamedDependency[UUID],
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> Response[None]:
    """The password once more, or a fresh link to the person's own address."""
    form, browser = read_form(request, ProveForm), browser_of(request, viewer)
    path = local_next(request, form.next)
    if form.way == "link":
        email = (await service.show_person(person_id)).email
        if email:
            await service.ask_for_link(email, browser, next_path=path, now=clock())
        return redirect(SENT)
    await service.prove(viewer, form.password, browser, now=clock())
    return redirect(path)


@get("/me")
async def me(
    request: AnyRequest,
    person_id: NamedDependency[UUID],
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> Response[str]:
    view = await service.account_page(person_id, viewer.sign_in_id, now=clock())
    return page(request, "accounts/me.html", view=view)


@get("/me/profile")
async def profile_form(request: AnyRequest, person_id: NamedDependency[UUID]) -> Response[str]:
    person = await service.show_person(person_id)
    initial = {"name": person.name, "phone": phone_full(person.phone) if person.phone else ""}
    form = form_view(request, ProfileForm, initial, version=person.version)
    return page(request, "accounts/profile.html", form=form)


@post("/me/profile")
async def edit_profile(
    request: AnyRequest, person_id: NamedDependency[UUID], clock: NamedDependency[Clock]
) -> Response[None]:
    form = read_form(request, ProfileForm)
    await service.edit_profile(person_id, name=form.name, phone=form.phone, version=form.version, now=clock())
    return redirect("/me", say=_("Perubahan tersimpan."))


@get("/me/email")
async def email_form(
    request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[str]:
    person = await service.show_person(viewer.require_proof(clock()))
    return page(request, "accounts/email.html", form=form_view(request, EmailForm), email=person.email)


@post("/me/email")
async def ask_for_new_email(
    request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[None]:
    person_id = viewer.require_proof(clock())
    form = read_form(request, EmailForm)
    await service.ask_for_new_email(person_id, form.email, browser_of(request, viewer), now=clock())
    return redirect(SENT)


@get("/verify/new/{token:str}")
async def new_email_form(token: FromPath[str], request: AnyRequest, clock: NamedDependency[Clock]) -> Response[str]:
    email = await service.look_at_link(token, "new_email", now=clock())
    return page(request, "accounts/new_email.html", form=form_view(request, PressForm), email=email)


@post("/verify/new/{token:str}", opt=HOLDER)
async def confirm_new_email(token: FromPath[str], clock: NamedDependency[Clock]) -> Response[None]:
    """Needs no sign-in: the mail may be read on another device."""
    await service.confirm_new_email(token, now=clock())
    return redirect("/me", say=_("Alamat e-mail baru tersimpan."))


@get("/me/password")
async def password_form(
    request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[str]:
    person = await service.show_person(viewer.require_proof(clock()))
    return page(request, "accounts/password.html", form=form_view(request, PasswordForm), email=person.email)


@post("/me/password")
async def change_password(
    request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[None]:
    person_id = viewer.require_proof(clock())
    form = read_form(request, PasswordForm)
    token = await service.change_password(person_id, form.password, browser_of(request, viewer), now=clock())
    return signed_in(token, "/me", say=_("Kata sandi tersimpan. Perangkat lain sudah dikeluarkan."))


@post("/me/sign-out-everywhere", opt={"form": "/me"})
async def sign_out_everywhere(person_id: NamedDependency[UUID], clock: NamedDependency[Clock]) -> Response[None]:
    await service.sign_out_everywhere(person_id, now=clock())
    answer = redirect("/sign-in", say=_("Anda sudah keluar dari semua perangkat."))
    answer.cookies.append(no_cookie())
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@get("/me/tokens")
async def token_form(
    request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[str]:
    viewer.require_proof(clock())
    return await show_tokens(request, viewer, clock)


@post("/me/tokens")
async def create_token(
    request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[str]:
    """Answers with the page itself, not a redirect: the token is shown this once and kept nowhere."""
    person_id = viewer.require_proof(clock())
    form = read_form(request, TokenForm)
    token = await service.create_token(
        person_id, form.name, scopes=form.scopes(), chapter_id=form.chapter, days=form.days, now=clock()
    )
    return await show_tokens(request, viewer, clock, token=token)


async def show_tokens(request: AnyRequest, viewer: Viewer, clock: Clock, *, token: str = "") -> Response[str]:
    context: Mapping[str, Any] = {
        "tokens": await service.list_tokens(viewer.person(), now=clock()),
        "chapters": await service.token_chapters(viewer),
        "network": any(viewer.holds(role) for role in ("hq", "administrator")),
        "fresh": token,
    }
    return page(request, "accounts/tokens.html", form=form_view(request, TokenForm), **context)


@post("/me/tokens/{token_id:uuid}/revoke", opt={"form": "/me/tokens"})
async def revoke_token(
    token_id: FromPath[UUID], person_id: NamedDependency[UUID], clock: NamedDependency[Clock]
) -> Response[None]:
    await service.revoke_token(person_id, token_id, now=clock())
    return redirect("/me/tokens", say=_("Token dicabut dan langsung tidak berlaku."))


@get("/me/consents")
async def consents(request: AnyRequest, person_id: NamedDependency[UUID]) -> Response[str]:
    return page(request, "accounts/consents.html", view=await service.consent_page(person_id))


@post("/me/consents/{consent_id:uuid}/withdraw", opt={"form": "/me/consents"})
async def withdraw_consent(
    consent_id: FromPath[UUID], person_id: NamedDependency[UUID], clock: NamedDependency[Clock]
) -> Response[None]:
    await service.withdraw_own(person_id, consent_id, now=clock())
    return redirect("/me/consents", say=_("Izin ditarik dan langsung berlaku."))


@get("/me/looks")
async def looks(request: AnyRequest, person_id: NamedDependency[UUID]) -> Response[str]:
    return page(request, "accounts/looks.html", looks=await service.who_looked(person_id))


@get("/me/export")
async def export_form(
    request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[str]:
    viewer.require_proof(clock())
    return page(request, "accounts/export.html")


@post("/me/export")
async def export(viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]) -> Response[bytes]:
    """Everything every room holds about the person, as a JSON file."""
    person_id = viewer.require_proof(clock())
    found = await service.export_everything(person_id, now=clock())
    body = msgspec.json.format(msgspec.json.encode(found, enc_hook=str), indent=2)
    name = f"data-saya-{clock():%Y-%m-%d}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, status_code=200, media_type="application/json", headers=headers)


ROUTES = (
    *(sign_in_form, sign_in, link_sent, link_form, use_link, sign_up_form, sign_up, verify_form, verify),
    *(reset_ask_form, reset_ask, reset_form, reset, sign_out, choose_language, prove_form, prove),
    *(email_form, ask_for_new_email, new_email_form, confirm_new_email),
    *(me, profile_form, edit_profile, password_form, change_password, sign_out_everywhere),
    *(token_form, create_token, revoke_token, consents, withdraw_consent, looks, export_form, export),
)
