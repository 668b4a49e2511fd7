"""Pages of members: joining and leaving, a chapter's list, import and export, one's own memberships and stores."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from community.kit.clock import Clock
from community.kit.i18n import gettext as _
from community.kit.i18n import ngettext
from community.kit.inputs import clean_query
from community.kit.viewer import Viewer
from community.kit.web import AnyRequest, form_view, page, read_form, redirect
from community.members import service
from community.members.errors import FileNeeded
from community.members.forms import CommitForm, ExportForm, ImportForm, JoinForm, LeaveForm, StoreForm

PageNumber = Annotated[int, QueryParameter(name="page", ge=1, le=10_000)]
UPLOAD_MAX_BYTES = 12_000_000


@get("/chapters/{slug:str}/join")
async def join_form(
    request: AnyRequest,
    slug: FromPath[str],
    person_id: NamedDependency[UUID],
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> Response[str]:
    view = await service.join_page(viewer, slug, now=clock())
    return page(request, "members/join.html", view=view, form=form_view(request, JoinForm))


@post("/chapters/{slug:str}/join")
async def join(
    request: AnyRequest, slug: FromPath[str], person_id: NamedDependency[UUID], clock: NamedDependency[Clock]
) -> Response[None]:
    form = read_form(request, JoinForm)
    chapter = await service.join(person_id, slug, consent=form.consent, now=clock())
    return redirect(f"/chapters/{chapter.slug}", say=_("Selamat datang. Anda sekarang anggota."))


@post("/chapters/{slug:str}/leave", opt={"form": "/chapters/{slug}"})
async def leave(
    request: AnyRequest, slug: FromPath[str], person_id: NamedDependency[UUID], clock: NamedDependency[Clock]
) -> Response[None]:
    form = read_form(request, LeaveForm)
    chapter = await service.leave(person_id, slug, now=clock(), reason=form.reason)
    return redirect(f"/chapters/{chapter.slug}", say=_("Anda sudah keluar. Anda bisa bergabung lagi kapan saja."))


@get("/chapters/{slug:str}/members")
async def index(
    request: AnyRequest,
    slug: FromPath[str],
    person_id: NamedDependency[UUID],
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
    q: FromQuery[str] = "",
    number: PageNumber = 1,
) -> Response[str]:
    view = await service.member_page(viewer, slug, clean_query(q), number, now=clock())
    return page(request, "members/index.html", view=view)


@get("/chapters/{slug:str}/members/{member_id:uuid}")
async def show(
    request: AnyRequest,
    slug: FromPath[str],
    member_id: FromPath[UUID],
    person_id: NamedDependency[UUID],
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> Response[str]:
    view = await service.show_member(viewer, slug, member_id, now=clock())
    return page(request, "members/show.html", view=view, may_lead=viewer.holds("ranger", view.chapter.id))


@get("/chapters/{slug:str}/export")
async def export_form(
    request: AnyRequest,
    slug: FromPath[str],
    person_id: NamedDependency[UUID],
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> Response[str]:
    chapter = await service.lead_proved(viewer, slug, now=clock())
    return page(request, "members/export.html", chapter=chapter, form=form_view(request, ExportForm))


@post("/chapters/{slug:str}/export", status_code=200)
async def export(
    request: AnyRequest,
    slug: FromPath[str],
    person_id: NamedDependency[UUID],
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> Response[bytes]:
    await service.lead_proved(viewer, slug, now=clock())
    form = read_form(request, ExportForm)
    return _file(*await service.export_members(viewer, slug, form.reason, now=clock()))


def _file(name: str, body: bytes) -> Response[bytes]:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type="text/csv", headers=headers)


@get("/chapters/{slug:str}/import")
async def import_form(
    request: AnyRequest,
    slug: FromPath[str],
    person_id: NamedDependency[UUID],
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> Response[str]:
    chapter = await service.lead_proved(viewer, slug, now=clock())
    return page(request, "members/import.html", chapter=chapter, form=form_view(request, ImportForm))


@post("/chapters/{slug:str}/import", request_max_body_size=UPLOAD_MAX_BYTES)
async def look(
    request: AnyRequest,
    slug: FromPath[str],
    person_id: NamedDependency[UUID],
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> Response[None]:
    chapter = await service.lead_proved(viewer, slug, now=clock())
    upload = (await request.form()).get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        raise FileNeeded
    content = await upload.read(service.MOST_BYTES + 1)
    found = await service.look(viewer, slug, upload.filename, content, now=clock())
    return redirect(f"/chapters/{chapter.slug}/import/{found.id}")


@get("/chapters/{slug:str}/import/{import_id:uuid}")
async def plan(
    request: AnyRequest,
    slug: FromPath[str],
    import_id: FromPath[UUID],
    person_id: NamedDependency[UUID],
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> Response[str]:
    view = await service.draft(viewer, slug, import_id, now=clock())
    form = form_view(request, CommitForm, action=f"/chapters/{slug}/import/{import_id}/commit")
    return page(request, "members/plan.html", view=view, form=form, shown=service.SHOWN_ERRORS)


@get("/chapters/{slug:str}/import/{import_id:uuid}/errors")
async def errors(
    slug: FromPath[str],
    import_id: FromPath[UUID],
    person_id: NamedDependency[UUID],
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> Response[bytes]:
    return _file(*await service.errors_file(viewer, slug, import_id, now=clock()))


@post(
    "/chapters/{slug:str}/import/{import_id:uuid}/commit",
    opt={"form": "/chapters/{slug}/import/{import_id}"},
)
async def commit(
    request: AnyRequest,
    slug: FromPath[str],
    import_id: FromPath[UUID],
    person_id: NamedDependency[UUID],
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> Response[None]:
    await service.lead_proved(viewer, slug, now=clock())
    form = read_form(request, CommitForm)
    report = await service.commit(viewer, slug, import_id, form.file_hash, now=clock())
    words = ngettext("%(n)s anggota ditambahkan.", "%(n)s anggota ditambahkan.", report.added) % {"n": report.added}
    return redirect(f"/chapters/{slug}/members", say=words)


@get("/me/memberships")
async def mine(request: AnyRequest, person_id: NamedDependency[UUID]) -> Response[str]:
    return page(request, "members/mine.html", spells=await service.spells(person_id))


@get("/me/stores")
async def stores(request: AnyRequest, person_id: NamedDependency[UUID]) -> Response[str]:
    found = await service.stores(person_id)
    return page(request, "members/stores.html", stores=found, form=form_view(request, StoreForm))


@post("/me/stores")
async def link_store(
    request: AnyRequest, person_id: NamedDependency[UUID], clock: NamedDependency[Clock]
) -> Response[None]:
    form = read_form(request, StoreForm)
    await service.link_store(person_id, form.marketplace_store_id, form.name, now=clock())
    return redirect("/me/stores", say=_("Toko terhubung."))


@post("/me/stores/{store_id:uuid}/unlink", opt={"form": "/me/stores"})
async def unlink_store(
    store_id: FromPath[UUID], person_id: NamedDependency[UUID], clock: NamedDependency[Clock]
) -> Response[None]:
    await service.unlink_store(person_id, store_id, now=clock())
    return redirect("/me/stores", say=_("Toko dilepas."))


ROUTES = (
    join_form,
    join,
    leave,
    index,
    show,
    export_form,
    export,
    import_form,
    look,
    plan,
    errors,
    commit,
    mine,
    stores,
    link_store,
    unlink_store,
)
