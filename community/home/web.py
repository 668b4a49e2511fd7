"""`/` by role, and what stands in the footer of every page."""

from __future__ import annotations

from litestar import Response, get
from litestar.di import NamedDependency

from community.home import service
from community.kit.clock import Clock
from community.kit.viewer import Viewer
from community.kit.web import AnyRequest, page

TEMPLATES: dict[type[service.FirstPage], str] = {
    service.VisitorHome: "home/visitor.html",
    service.MemberHome: "home/member.html",
    service.RangerHome: "home/ranger.html",
    service.HqHome: "home/hq.html",
}


@get("/")
async def first_page(
    request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[str]:
    view = await service.first_page(viewer, now=clock())
    return page(request, TEMPLATES[type(view)], view=view)


@get("/about")
async def about(request: AnyRequest) -> Response[str]:
    return page(request, "pages/about.html")


@get("/help")
async def help_(request: AnyRequest) -> Response[str]:
    return page(request, "pages/help.html")


@get("/privacy")
async def privacy(request: AnyRequest) -> Response[str]:
    return page(request, "pages/privacy.html", kept=service.kept_about_people())


ROUTES = (first_page, about, help_, privacy)
