"""Pages of chapters: list and map, the public page, proposing, founding, the Rangers' home, editing, the curriculum."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from community.chapters import service
from community.chapters.forms import ConductForm, EditForm, ProposeForm
from community.chapters.service import Proposal, Texts
from community.kit.clock import Clock
from community.kit.i18n import gettext as _
from community.kit.inputs import clean_query
from community.kit.viewer import Viewer
from community.kit.web import AnyRequest, form_view, page, read_form, redirect

PageNumber = Annotated[int, QueryParameter(name="page", ge=1, le=10_000)]


@get("/chapters")
async def index(
    request: AnyRequest, q: FromQuery[str] = "", province: FromQuery[str] = "", number: PageNumber = 1
) -> Response[str]:
    view = await service.list_page(clean_query(q), clean_query(province)[:2] or None, number)
    return page(request, "chapters/index.html", view=view)


@get("/chapters/{slug:str}")
async def show(
    request: AnyRequest, slug: FromPath[str], viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[str] | Response[None]:
    view = await service.chapter_page(viewer, slug, now=clock())
    if view.chapter.slug != slug:
        return _moved(f"/chapters/{view.chapter.slug}")
    return page(request, "chapters/show.html", view=view)


def _moved(path: str) -> Response[None]:
    """An address that was given up leads on for ever."""
    return Response(None, status_code=301, headers={"Location": path})


@get("/chapters/propose")
async def propose_form(request: AnyRequest, person_id: NamedDependency[UUID]) -> Response[str]:
    form = form_view(request, ProposeForm)
    choice = service.choose_place(
        form.value("region_text"), form.value("region_code"), form.value("region_province"), form.value("region_seen")
    )
    words = await service.conduct_words()
    return page(request, "chapters/propose.html", form=form, choice=choice, conduct=words)


@post("/chapters/propose", opt={"once": True})
async def propose(
    request: AnyRequest, person_id: NamedDependency[UUID], clock: NamedDependency[Clock]
) -> Response[None]:
    form = read_form(request, ProposeForm)
    seat = service.settle_place(form.region_text, form.region_code, form.region_province, form.region_seen)
    proposal = Proposal(
        name=form.name,
        seat_code=seat.code,
        more_codes=service.settle_lines(form.more_regions),
        founder_name=form.founder_name,
        founder_contact=form.founder_contact,
        conduct=form.conduct,
    )
    chapter = await service.propose(person_id, proposal, now=clock())
    return redirect(f"/chapters/{chapter.slug}", say=_("Usulan tersimpan. Kirim undangan kepada pendiri kedua."))


@get("/founders/{token:str}", opt={"private": True})
async def invitation(request: AnyRequest, token: FromPath[str], person_id: NamedDependency[UUID]) -> Response[str]:
    view = await service.invitation(token)
    return page(request, "chapters/invitation.html", view=view, form=form_view(request, ConductForm))


@post("/founders/{token:str}", opt={"private": True})
async def accept(
    request: AnyRequest, token: FromPath[str], person_id: NamedDependency[UUID], clock: NamedDependency[Clock]
) -> Response[None]:
    form = read_form(request, ConductForm)
    chapter = await service.accept_founding(token, person_id, conduct=form.conduct, now=clock())
    return redirect(f"/chapters/{chapter.slug}", say=_("Anda sekarang pendiri. Usulan sudah dikirim ke tim pusat."))


@post("/chapters/{slug:str}/ask-again", opt={"form": "/chapters/{slug}"})
async def ask_again(
    slug: FromPath[str], person_id: NamedDependency[UUID], clock: NamedDependency[Clock]
) -> Response[None]:
    chapter = await service.ask_again(person_id, slug, now=clock())
    return redirect(f"/chapters/{chapter.slug}", say=_("Usulan diajukan lagi."))


@post("/chapters/{slug:str}/withdraw", opt={"form": "/chapters/{slug}"})
async def withdraw(
    slug: FromPath[str], person_id: NamedDependency[UUID], clock: NamedDependency[Clock]
) -> Response[None]:
    await service.withdraw_proposal(person_id, slug, now=clock())
    return redirect("/chapters", say=_("Usulan ditarik."))


@get("/chapters/{slug:str}/manage")
async def manage(
    request: AnyRequest,
    slug: FromPath[str],
    person_id: NamedDependency[UUID],
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> Response[str]:
    return page(request, "chapters/manage.html", view=await service.manage_page(viewer, slug, now=clock()))


@get("/chapters/{slug:str}/edit")
async def edit_form(
    request: AnyRequest,
    slug: FromPath[str],
    person_id: NamedDependency[UUID],
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> Response[str]:
    chapter = await service.access_chapter(viewer, slug, may="run", now=clock())
    form = form_view(request, EditForm, service.shown_texts(chapter), version=chapter.version)
    return page(request, "chapters/edit.html", chapter=chapter, form=form)


@post("/chapters/{slug:str}/edit")
async def edit(
    request: AnyRequest,
    slug: FromPath[str],
    person_id: NamedDependency[UUID],
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> Response[None]:
    await service.access_chapter(viewer, slug, may="run", now=clock())
    form = read_form(request, EditForm)
    texts = Texts(form.name, form.about, form.whatsapp_invite, form.slug)
    chapter = await service.edit(viewer, slug, texts, form.version, now=clock())
    return redirect(f"/chapters/{chapter.slug}", say=_("Perubahan tersimpan."))


@post("/chapters/{slug:str}/rest", opt={"form": "/chapters/{slug}/manage"})
async def rest(
    slug: FromPath[str],
    person_id: NamedDependency[UUID],
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> Response[None]:
    await service.rest(viewer, slug, now=clock())
    return redirect(
        f"/chapters/{slug}/manage", say=_("Komunitas beristirahat. Terbitkan kegiatan untuk mengaktifkannya lagi.")
    )


@get("/topics")
async def topics(request: AnyRequest) -> Response[str]:
    return page(request, "chapters/topics.html", sections=await service.topics_page())


ROUTES = (
    index,
    show,
    propose_form,
    propose,
    invitation,
    accept,
    ask_again,
    withdraw,
    manage,
    edit_form,
    edit,
    rest,
    topics,
)
