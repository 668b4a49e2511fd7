"""The inbox, and the page behind the unsubscribe link of a mail."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from community.kit.clock import Clock
from community.kit.i18n import gettext as _
from community.kit.paging import PAGE_SIZE
from community.kit.web import AnyRequest, page, read_form, redirect
from community.notifications import service
from community.notifications.forms import MailsForm, ReadForm

INBOX = "/me/inbox"
FORM = {"form": INBOX}


@get(INBOX)
async def inbox(
    request: AnyRequest,
    person_id: NamedDependency[UUID],
    clock: NamedDependency[Clock],
    after: FromQuery[str] = "",
) -> Response[str]:
    shown = await service.inbox(person_id, now=clock(), after=after, limit=PAGE_SIZE)
    return page(request, "notifications/inbox.html", inbox=shown, first=not after)


@post(INBOX + "/read", opt=FORM)
async def read_all(person_id: NamedDependency[UUID], clock: NamedDependency[Clock]) -> Response[None]:
    await service.mark_all_read(person_id, now=clock())
    return redirect(INBOX, say=_("Semua kabar sudah ditandai dibaca."))


@post(INBOX + "/mails", opt=FORM)
async def choose_mails(
    request: AnyRequest, person_id: NamedDependency[UUID], clock: NamedDependency[Clock]
) -> Response[None]:
    form = read_form(request, MailsForm)
    await service.set_wanted(person_id, form.category, wanted=form.wanted, now=clock())
    return redirect(INBOX, say=_("Pilihan e-mail Anda tersimpan."))


@post(INBOX + "/{notice_id:uuid}/read", opt=FORM)
async def read_one(
    notice_id: FromPath[UUID], request: AnyRequest, person_id: NamedDependency[UUID], clock: NamedDependency[Clock]
) -> Response[None]:
    """Read, or unread again."""
    form = read_form(request, ReadForm)
    await service.mark_read(person_id, notice_id, now=clock(), read=form.read)
    return redirect(INBOX)


@post(INBOX + "/{notice_id:uuid}/open", opt=FORM)
async def open_one(
    notice_id: FromPath[UUID], person_id: NamedDependency[UUID], clock: NamedDependency[Clock]
) -> Response[None]:
    """Marks it read and leads to what it is about: a GET would change nothing."""
    notice = await service.mark_read(person_id, notice_id, now=clock())
    return redirect(notice.path or INBOX)


@get("/u/{token:str}")
async def unsubscribe_form(token: FromPath[str], request: AnyRequest) -> Response[str]:
    """A button only: scanners open links too."""
    found = service.read_unsubscribe_token(token)
    return page(request, "notifications/unsubscribe.html", category=found.category, token=token, done=False)


@post("/u/{token:str}", opt={"csrf": False}, status_code=200)
async def unsubscribe(token: FromPath[str], request: AnyRequest, clock: NamedDependency[Clock]) -> Response[str]:
    """One click in the mail program (RFC 8058), or the button: no cookie, no form token, no redirect."""
    found = await service.unsubscribe(token, now=clock())
    return page(request, "notifications/unsubscribe.html", category=found.category, token=token, done=True)


ROUTES = (inbox, read_all, choose_mails, read_one, open_one, unsubscribe_form, unsubscribe)
