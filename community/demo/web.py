"""Pages that exist in demo mode only: one-click sign-in, the mails nobody gets, every component with its states."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from community.demo import service
from community.kit.clock import Clock
from community.kit.cookies import sign_in_cookie
from community.kit.gallery import gallery_context
from community.kit.limits import network_of
from community.kit.web import AnyRequest, page, redirect

DEMO = {"demo": True}


@get("/demo", opt=DEMO)
async def start(request: AnyRequest) -> Response[str]:
    return page(request, "demo/start.html", choices=service.choices())


@post("/demo/sign-in/{role:str}", opt={**DEMO, "holder": True, "form": "/demo"})
async def sign_in(role: FromPath[str], request: AnyRequest, clock: NamedDependency[Clock]) -> Response[None]:
    """Anybody at this computer may be anybody here; the roof mounts it in demo mode only."""
    client = request.client.host if request.client else ""
    token = await service.sign_in(role, now=clock(), address=network_of(client))
    answer = redirect("/")
    answer.cookies.append(sign_in_cookie(token))
    return answer


@get("/demo/outbox", opt=DEMO)
async def outbox(request: AnyRequest) -> Response[str]:
    return page(request, "demo/outbox.html", mails=await service.mails())


@get("/demo/outbox/{mail_id:uuid}", opt=DEMO)
async def mail(mail_id: FromPath[UUID], request: AnyRequest) -> Response[str]:
    return page(request, "demo/mail.html", mail=await service.show_mail(mail_id))


@get("/design", opt=DEMO)
async def design(request: AnyRequest) -> Response[str]:
    return page(request, "design.html", **gallery_context())


ROUTES = (start, sign_in, outbox, mail, design)
