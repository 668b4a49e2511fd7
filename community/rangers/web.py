"""Pages of Rangers: a chapter's team, one's own page with profile and leaves, headquarters' answers to proposals."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from community.kit.clock import Clock
from community.kit.format import day_long
from community.kit.i18n import gettext as _
from community.kit.viewer import Viewer
from community.kit.web import AnyRequest, form_view, page, read_form, redirect, uuid_or_none
from community.rangers import service
from community.rangers.forms import (
    AgreeForm,
    ConductForm,
    LeaveForm,
    NotYetForm,
    ProposeForm,
    ReachForm,
    SkillsForm,
)
from community.rangers.service import Absence, Changes


@get("/hq/proposals")
async def proposals(
    request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[str]:
    return page(request, "rangers/proposals.html", waiting=await service.proposals(viewer, now=clock()))


@get("/hq/proposals/{slug:str}")
async def proposal(
    request: AnyRequest,
    slug: FromPath[str],
    person_id: NamedDependency[UUID],
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> Response[str]:
    view = await service.proposal(viewer, slug, now=clock())
    form = form_view(request, NotYetForm, action=f"/hq/proposals/{slug}/not-yet")
    return page(request, "rangers/proposal.html", view=view, form=form)


@post("/hq/proposals/{slug:str}/endorse", opt={"form": "/hq/proposals/{slug}"})
async def endorse(
    slug: FromPath[str],
    person_id: NamedDependency[UUID],
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> Response[None]:
    chapter = await service.endorse_chapter(viewer, slug, now=clock())
    return redirect(
        "/hq/proposals", say=_("%(chapter)s disambut. Pendirinya sudah diberi tahu.") % {"chapter": chapter.name}
    )


@post("/hq/proposals/{slug:str}/not-yet", opt={"form": "/hq/proposals/{slug}"})
async def not_yet(
    request: AnyRequest,
    slug: FromPath[str],
    person_id: NamedDependency[UUID],
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> Response[None]:
    await service.proposal(viewer, slug, now=clock())
    form = read_form(request, NotYetForm)
    await service.answer_not_yet(viewer, slug, form.reason, now=clock())
    return redirect("/hq/proposals", say=_("Jawaban terkirim. Pendirinya boleh mengajukan lagi kapan saja."))


@get("/chapters/{slug:str}/rangers")
async def team(
    request: AnyRequest,
    slug: FromPath[str],
    person_id: NamedDependency[UUID],
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
    member: FromQuery[str] = "",
) -> Response[str]:
    form = form_view(request, ProposeForm)
    view = await service.rangers_page(viewer, slug, uuid_or_none(member or form.value("member_id")), now=clock())
    return page(request, "rangers/team.html", view=view, form=form)


@post("/chapters/{slug:str}/rangers")
async def propose(
    request: AnyRequest,
    slug: FromPath[str],
    person_id: NamedDependency[UUID],
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> Response[None]:
    await service.rangers_page(viewer, slug, None, now=clock())
    form = read_form(request, ProposeForm)
    await service.propose(viewer, slug, form.member_id, form.kind, now=clock())
    return redirect(f"/chapters/{slug}/rangers", say=_("Usulan terkirim. Orangnya yang memutuskan."))


@post("/chapters/{slug:str}/rangers/renew", opt={"form": "/chapters/{slug}/rangers"})
async def renew(slug: FromPath[str], person_id: NamedDependency[UUID], clock: NamedDependency[Clock]) -> Response[None]:
    to_on = await service.renew(person_id, slug, now=clock())
    return redirect(
        f"/chapters/{slug}/rangers", say=_("Masa tugas Anda sekarang sampai %(day)s.") % {"day": day_long(to_on)}
    )


@post("/chapters/{slug:str}/rangers/stop", opt={"form": "/chapters/{slug}/rangers"})
async def stop(slug: FromPath[str], person_id: NamedDependency[UUID], clock: NamedDependency[Clock]) -> Response[None]:
    chapter = await service.stop(person_id, slug, now=clock())
    return redirect(f"/chapters/{chapter.slug}", say=_("Anda sudah berhenti. Terima kasih atas waktu dan tenaga Anda."))


@post("/chapters/{slug:str}/rangers/{spell_id:uuid}/end", opt={"form": "/chapters/{slug}/rangers"})
async def end(
    slug: FromPath[str],
    spell_id: FromPath[UUID],
    person_id: NamedDependency[UUID],
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> Response[None]:
    await service.end_term(viewer, slug, spell_id, now=clock())
    return redirect(f"/chapters/{slug}/rangers", say=_("Tersimpan. Orangnya diberi tahu."))


@get("/me/ranger")
async def mine(request: AnyRequest, person_id: NamedDependency[UUID], clock: NamedDependency[Clock]) -> Response[str]:
    view = await service.my_ranger(person_id, now=clock())
    profile = view.profile
    shown = service.shown_profile(profile) if profile else {}
    version = profile.version if profile else None
    reach = form_view(request, ReachForm, shown, action="/me/ranger/reach", version=version)
    return page(
        request,
        "rangers/mine.html",
        view=view,
        skills=form_view(request, SkillsForm, shown, action="/me/ranger/skills", version=version),
        reach=reach,
        choice=service.choose_home(
            reach.value("region_text"), reach.value("region_code"), reach.value("region_province"), _seen(reach.again)
        ),
        leave=form_view(request, LeaveForm, action="/me/ranger/leaves"),
        accept={
            term.spell.id: form_view(request, ConductForm, action=f"/me/ranger/proposals/{term.spell.id}/accept")
            for term in view.proposals
        },
    )


def _seen(again: object | None) -> str | None:
    """The text the offered codes belonged to, on a form that came back."""
    typed = getattr(again, "typed", {})
    found = typed.get("region_seen") if typed else None
    return found if isinstance(found, str) else None


@post("/me/ranger/proposals/{spell_id:uuid}/accept", opt={"form": "/me/ranger"})
async def accept(
    request: AnyRequest, spell_id: FromPath[UUID], person_id: NamedDependency[UUID], clock: NamedDependency[Clock]
) -> Response[None]:
    form = read_form(request, ConductForm)
    chapter = await service.accept(person_id, spell_id, conduct=form.conduct, now=clock())
    return redirect(f"/chapters/{chapter.slug}/manage", say=_("Selamat bertugas. Ini beranda Anda."))


@post("/me/ranger/proposals/{spell_id:uuid}/decline", opt={"form": "/me/ranger"})
async def decline(
    spell_id: FromPath[UUID], person_id: NamedDependency[UUID], clock: NamedDependency[Clock]
) -> Response[None]:
    await service.decline(person_id, spell_id, now=clock())
    return redirect("/me/ranger", say=_("Usulan ditolak. Tidak apa-apa."))


@post("/me/ranger/skills", opt={"form": "/me/ranger"})
async def change_skills(
    request: AnyRequest, person_id: NamedDependency[UUID], clock: NamedDependency[Clock]
) -> Response[None]:
    form = read_form(request, SkillsForm)
    changes = Changes(topics=form.topics, languages=form.languages)
    await service.change_profile(person_id, changes, form.version, now=clock())
    return redirect("/me/ranger", say=_("Perubahan tersimpan."))


@post("/me/ranger/reach", opt={"form": "/me/ranger"})
async def change_reach(
    request: AnyRequest, person_id: NamedDependency[UUID], clock: NamedDependency[Clock]
) -> Response[None]:
    form = read_form(request, ReachForm)
    home = service.settle_home(form.region_text, form.region_code, form.region_province, form.region_seen)
    changes = Changes(
        home_region=home.code,
        reach_minutes=form.reach_minutes,
        no_reach_limit=form.reach_minutes is None,
        load_limit=form.load_limit,
        quiet_from=form.quiet_from,
        quiet_to=form.quiet_to,
    )
    await service.change_profile(person_id, changes, form.version, now=clock())
    return redirect("/me/ranger", say=_("Perubahan tersimpan."))


@post("/me/ranger/leaves", opt={"form": "/me/ranger"})
async def take_leave(
    request: AnyRequest, person_id: NamedDependency[UUID], clock: NamedDependency[Clock]
) -> Response[None]:
    form = read_form(request, LeaveForm)
    await service.take_leave(person_id, Absence(form.first_on, form.last_on), now=clock())
    return redirect("/me/ranger", say=_("Cuti tercatat. Selamat beristirahat."))


@post("/me/ranger/leaves/{leave_id:uuid}/withdraw", opt={"form": "/me/ranger"})
async def withdraw_leave(
    leave_id: FromPath[UUID], person_id: NamedDependency[UUID], clock: NamedDependency[Clock]
) -> Response[None]:
    await service.withdraw_leave(person_id, leave_id, now=clock())
    return redirect("/me/ranger", say=_("Cuti dibatalkan."))


@post("/me/ranger/consents", opt={"form": "/me/ranger"})
async def agree(request: AnyRequest, person_id: NamedDependency[UUID], clock: NamedDependency[Clock]) -> Response[None]:
    form = read_form(request, AgreeForm)
    await service.agree(person_id, form.purpose, given=form.given, now=clock())
    return redirect("/me/ranger", say=_("Izin diberikan.") if form.given else _("Izin ditarik."))


ROUTES = (
    proposals,
    proposal,
    endorse,
    not_yet,
    team,
    propose,
    renew,
    stop,
    end,
    mine,
    accept,
    decline,
    change_skills,
    change_reach,
    take_leave,
    withdraw_leave,
    agree,
)
