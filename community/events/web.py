"""Pages of events: for everybody, for their Rangers, at the door, and behind one's own link."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from community.events import service
from community.events.forms import (
    CapacityForm,
    CreateForm,
    EditForm,
    FinishForm,
    GuestForm,
    LinkForm,
    ListQuery,
    MarkForm,
    PickForm,
    PressForm,
    ReasonForm,
    RsvpForm,
    WalkInForm,
)
from community.kit.clock import Clock
from community.kit.format import time_short
from community.kit.i18n import gettext as _
from community.kit.limits import network_of
from community.kit.viewer import Viewer
from community.kit.web import AnyRequest, form_view, page, read_form, read_query, redirect, typed_of

CALENDAR = "text/calendar"  # the framework adds the charset
OWN_DEEDS = {"cancel": service.withdraw, "accept": service.accept, "confirm": service.confirm}


def last_word(request: AnyRequest) -> str:
    return request.url.path.rsplit("/", 1)[-1]


@get("/events")
async def index(request: AnyRequest, clock: NamedDependency[Clock]) -> Response[str]:
    query = read_query(request, ListQuery)
    view = await service.list_page(
        province=query.province, chapter=query.chapter, past=query.past, number=query.page, now=clock()
    )
    return page(request, "events/list.html", view=view)


@get("/events/{code:str}")
async def show(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[str]:
    view = await service.event_page(viewer, code, now=clock())
    struct = RsvpForm if viewer.signed_in else GuestForm
    initial = {"party_size": view.mine.party_size if view.mine else 1}
    form = form_view(request, struct, initial, action=f"/events/{code}/rsvp")
    return page(request, "events/show.html", view=view, form=form)


@post("/events/{code:str}/rsvp", opt={"form": "/events/{code}"})
async def rsvp(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[None]:
    """With an account or without one; a robot that fills the hidden field is told nothing."""
    if viewer.signed_in:
        form = read_form(request, RsvpForm)
        mine = await service.rsvp(viewer, code, party_size=form.party_size, now=clock())
        return redirect(f"/events/{code}", say=state_words(mine))
    guest = read_form(request, GuestForm)
    if typed_of(request).get("_hp"):
        return redirect(f"/events/{code}", say=_("Terima kasih."))
    return await _rsvp_as_guest(code, guest, request, clock)


async def _rsvp_as_guest(code: str, guest: GuestForm, request: AnyRequest, clock: Clock) -> Response[None]:
    ask = service.GuestAsk(
        name=guest.name,
        phone=guest.phone,
        email=guest.email,
        party_size=guest.party_size,
        wants_news=guest.news,
        network=network_of(request.client.host if request.client else ""),
    )
    mine = await service.rsvp_as_guest(code, ask, now=clock())
    if mine is None or mine.link is None:
        words = _("Nama dan kontak ini sudah tercatat di kopdar ini. Pakai tautan yang dulu Anda terima, atau masuk.")
        return redirect(f"/events/{code}", say=words)
    return redirect(mine.link)  # that page says how it stands


def state_words(mine: service.MyRsvp) -> str:
    if mine.state is service.RsvpState.GOING:
        return _("Anda terdaftar. Sampai jumpa.")
    if mine.state is service.RsvpState.WAITLISTED:
        return _("Anda di daftar tunggu, nomor %(place)s.") % {"place": mine.place}
    return _("Tersimpan.")


@post([f"/events/{{code:str}}/rsvp/{deed}" for deed in OWN_DEEDS], opt={"form": "/events/{code}"})
async def change_rsvp(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[None]:
    """Cancel, accept or confirm one's own."""
    viewer.person()
    read_form(request, PressForm)
    deed = last_word(request)
    await OWN_DEEDS[deed](viewer, code, now=clock())
    said = _("Pendaftaran Anda dibatalkan.") if deed == "cancel" else _("Terima kasih, kursi Anda aman.")
    return redirect(f"/events/{code}", say=said)


def calendar_answer(request: AnyRequest, body: bytes, name: str) -> Response[bytes]:
    """The tag changes only when an event does: calendars ask every few hours."""
    tag = f'"{sha256(body).hexdigest()[:20]}"'
    headers = {"ETag": tag, "Cache-Control": "public, max-age=300"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers, media_type=CALENDAR)
    headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(body, headers=headers, media_type=CALENDAR)


@get("/events/{code:str}/event.ics")
async def event_file(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[bytes]:
    return calendar_answer(request, await service.event_calendar(viewer, code, now=clock()), f"kopdar-{code}.ics")


@get("/chapters/{slug:str}/calendar.ics")
async def chapter_feed(slug: FromPath[str], request: AnyRequest, clock: NamedDependency[Clock]) -> Response[bytes]:
    return calendar_answer(request, await service.chapter_calendar(slug, now=clock()), "kopdar.ics")


@get("/events/new")
async def new(request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]) -> Response[str]:
    viewer.person()
    params = request.query_params
    view = await service.prefill(viewer, params.get("chapter", ""), params.get("like", ""), now=clock())
    slots = [(service.local_slot(at, view.chapter.tz), at) for at in view.slots]
    initial = {
        "title": view.title,
        "when": slots[0][0],
        "place": view.places[0][0] if view.places else "new",
        "capacity": view.capacity,
        "topic": view.topic,
        "chapter": view.chapter.slug,
    }
    form = form_view(request, CreateForm, initial)
    return page(request, "events/new.html", view=view, slots=slots, form=form, like=params.get("like", ""))


@post("/events/new", opt={"once": True})
async def create(request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]) -> Response[None]:
    """Published at once, unless there is something to think of first: then the draft says what."""
    viewer.person()
    form = read_form(request, CreateForm)
    draft = await service.create_kopdar(viewer, form, now=clock())
    if form.deed == "draft":
        return redirect(f"{draft.path}/edit", say=_("Tersimpan sebagai draf."))
    if await service.find_near(draft):
        return redirect(f"{draft.path}/edit", say=_("Tersimpan sebagai draf. Baca catatannya, lalu terbitkan."))
    await service.publish(viewer, draft.code, now=clock())
    return redirect(f"{draft.path}/published", say=_("Kopdar Anda sudah terbit."))


@get("/events/{code:str}/edit")
async def edit_form(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[str]:
    viewer.person()
    view = await service.edit_page(viewer, code, now=clock())
    event = view.event
    day, _sep, hour = service.local_slot(event.starts_at, event.tz).partition("T")
    initial = {
        **{name: getattr(event, name) for name in ("title", "place_name", "patokan", "address", "body", "topic")},
        **{name: getattr(event, name) for name in ("guests_max", "promotion", "is_home")},
        "on": day,
        "at": hour,
        "minutes": int((event.ends_at - event.starts_at).total_seconds() // 60),
        "members_only": event.audience == "members",
    }
    form = form_view(request, EditForm, initial, version=event.version)
    return page(request, "events/edit.html", view=view, form=form)


@post("/events/{code:str}/edit")
async def edit(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[None]:
    viewer.person()
    event = await service.access_event(viewer, code, may="run", now=clock())
    form = read_form(request, EditForm)
    saved = await service.edit(viewer, code, form.plan(event), version=form.version, now=clock())
    if form.deed == "publish":
        await service.publish(viewer, code, now=clock())
        return redirect(f"{saved.path}/published", say=_("Kopdar Anda sudah terbit."))
    return redirect(saved.path, say=_("Perubahan tersimpan."))


@post("/events/{code:str}/publish", opt={"form": "/events/{code}/edit"})
async def publish(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[None]:
    viewer.person()
    read_form(request, PressForm)
    event = await service.publish(viewer, code, now=clock())
    return redirect(f"{event.path}/published", say=_("Kopdar Anda sudah terbit."))


@get("/events/{code:str}/published")
async def published(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[str]:
    viewer.person()
    return page(request, "events/published.html", view=await service.published_page(viewer, code, now=clock()))


@get("/events/{code:str}/poster")
async def poster(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[str]:
    viewer.person()
    return page(request, "events/poster.html", view=await service.published_page(viewer, code, now=clock()))


@get(["/events/{code:str}/postpone", "/events/{code:str}/cancel"])
async def reason_form(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[str]:
    """The question before postponing or cancelling."""
    viewer.person()
    event = await service.access_event(viewer, code, may="run", now=clock())
    form = form_view(request, ReasonForm, version=event.version)
    return page(request, "events/reason.html", event=event, deed=last_word(request), form=form)


@post("/events/{code:str}/postpone")
async def postpone(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[None]:
    viewer.person()
    form = read_form(request, ReasonForm)
    event = await service.postpone(viewer, code, reason=form.reason, version=form.version, now=clock())
    return redirect(event.path, say=_("Kopdar ditunda. Semua yang terdaftar dikabari."))


@post("/events/{code:str}/cancel")
async def cancel(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[None]:
    viewer.person()
    form = read_form(request, ReasonForm)
    event = await service.cancel(viewer, code, reason=form.reason, version=form.version, now=clock())
    return redirect(event.path, say=_("Kopdar dibatalkan. Semua yang terdaftar dikabari."))


@get("/events/{code:str}/people")
async def people(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[str]:
    viewer.person()
    return page(request, "events/people.html", view=await service.people_page(viewer, code, now=clock()))


@post("/events/{code:str}/people/{rsvp_id:uuid}/pick", opt={"form": "/events/{code}/people"})
async def pick(
    code: FromPath[str],
    rsvp_id: FromPath[UUID],
    request: AnyRequest,
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> Response[None]:
    viewer.person()
    form = read_form(request, PickForm)
    await service.pick(viewer, code, rsvp_id, reason=form.reason, now=clock())
    return redirect(f"/events/{code}/people", say=_("Kursi diberikan, dan orangnya dikabari."))


@get("/events/{code:str}/people/{rsvp_id:uuid}/remove")
async def remove_form(
    code: FromPath[str],
    rsvp_id: FromPath[UUID],
    request: AnyRequest,
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> Response[str]:
    viewer.person()
    event, answer = await service.access_answer(viewer, code, rsvp_id, clock())
    return page(request, "events/remove.html", event=event, answer=answer, form=form_view(request, ReasonForm))


@post("/events/{code:str}/people/{rsvp_id:uuid}/remove")
async def remove(
    code: FromPath[str],
    rsvp_id: FromPath[UUID],
    request: AnyRequest,
    viewer: NamedDependency[Viewer],
    clock: NamedDependency[Clock],
) -> Response[None]:
    viewer.person()
    form = read_form(request, ReasonForm)
    await service.remove(viewer, code, rsvp_id, reason=form.reason, now=clock())
    return redirect(f"/events/{code}/people", say=_("Pendaftaran dihapus, dan orangnya dikabari."))


@get("/events/{code:str}/capacity")
async def capacity_form(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[str]:
    viewer.person()
    view = await service.people_page(viewer, code, now=clock())
    form = form_view(request, CapacityForm, {"capacity": view.event.capacity}, version=view.event.version)
    return page(request, "events/capacity.html", view=view, form=form)


@post("/events/{code:str}/capacity")
async def change_capacity(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[None]:
    viewer.person()
    form = read_form(request, CapacityForm)
    await service.change_capacity(
        viewer, code, form.capacity, move_back=form.move_back, version=form.version, now=clock()
    )
    return redirect(f"/events/{code}/people", say=_("Kapasitas tersimpan."))


@get("/events/{code:str}/finish")
async def finish_form(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[str]:
    viewer.person()
    view = await service.finish_page(viewer, code, now=clock())
    return page(
        request, "events/finish.html", view=view, form=form_view(request, FinishForm, version=view.event.version)
    )


@post("/events/{code:str}/finish")
async def finish(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[None]:
    viewer.person()
    form = read_form(request, FinishForm)
    event = await service.finish(
        viewer,
        code,
        attendance_complete=form.attendance_complete,
        recap=form.recap,
        version=form.version,
        now=clock(),
    )
    return redirect(event.path, say=_("Kopdar selesai. Terima kasih sudah menyelenggarakannya."))


@get("/door/{code:str}")
async def door(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[str]:
    viewer.person()
    text = request.query_params.get("q", "")[:100]
    view = await service.door(viewer, code, text, now=clock())
    return page(request, "events/door.html", view=view, undo=request.query_params.get("undo", ""))


@post("/door/{code:str}/in", opt={"form": "/door/{code}"})
async def check_in(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[None]:
    viewer.person()
    form = read_form(request, MarkForm)
    marked = await service.check_in(viewer, code, form.person, now=clock())
    event = await service.access_event(viewer, code, may="run", now=clock())
    undo = "" if marked.already else f"?undo={form.person}"
    return redirect(f"/door/{code}{undo}", say=marked_words(marked, event.tz))


def marked_words(marked: service.Marked, tz: str) -> str:
    words = {"name": marked.name, "time": time_short(marked.arrived_at, tz), "by": marked.by}
    if marked.already:
        return _("%(name)s sudah hadir %(time)s, ditandai %(by)s.") % words
    return _("%(name)s hadir %(time)s.") % words


@post("/door/{code:str}/undo", opt={"form": "/door/{code}"})
async def undo_check_in(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[None]:
    viewer.person()
    form = read_form(request, MarkForm)
    name = await service.undo_check_in(viewer, code, form.person, now=clock())
    return redirect(f"/door/{code}", say=_("Tanda hadir %(name)s diurungkan.") % {"name": name})


@get("/door/{code:str}/guest")
async def walk_in_form(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[str]:
    viewer.person()
    event = await service.access_event(viewer, code, may="run", now=clock())
    words = await service.consent_words()
    return page(request, "events/guest.html", event=event, words=words, form=form_view(request, WalkInForm))


@post("/door/{code:str}/guest", opt={"once": True})
async def walk_in(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[None]:
    viewer.person()
    form = read_form(request, WalkInForm)
    marked = await service.walk_in(viewer, code, form.name, form.phone, now=clock())
    event = await service.access_event(viewer, code, may="run", now=clock())
    return redirect(f"/door/{code}", say=marked_words(marked, event.tz))


@get("/door/{code:str}/sheet")
async def sheet(
    code: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[str]:
    """The list on paper, with boxes."""
    viewer.person()
    return page(request, "events/sheet.html", view=await service.door(viewer, code, now=clock()))


@get("/r/{token:str}", opt={"private": True})
async def own_link(token: FromPath[str], request: AnyRequest, clock: NamedDependency[Clock]) -> Response[str]:
    """What a guest sees of their own RSVP; looking changes nothing."""
    view = await service.rsvp_by_link(token)
    code = await service.my_code(view.rsvp.id) if view.rsvp.live else None
    return page(request, "events/link.html", view=view, code=code, form=form_view(request, LinkForm), now=clock())


@post("/r/{token:str}", opt={"holder": True})
async def act_by_link(token: FromPath[str], request: AnyRequest, clock: NamedDependency[Clock]) -> Response[None]:
    form = read_form(request, LinkForm)
    await service.act_by_link(token, form.deed, now=clock())
    return redirect(f"/r/{token}")


@get("/c/{token:str}", opt={"private": True})
async def door_code(
    token: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[str]:
    view = await service.door_code(viewer, token, now=clock())
    return page(request, "events/code.html", view=view)


@post("/c/{token:str}", opt={"holder": True})
async def check_in_by_code(
    token: FromPath[str], request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[None]:
    viewer.person()
    read_form(request, PressForm)
    event, marked = await service.check_in_by_code(viewer, token, now=clock())
    return redirect(f"/door/{event.code}", say=marked_words(marked, event.tz))


@get("/me/rsvps")
async def my_rsvps(
    request: AnyRequest, viewer: NamedDependency[Viewer], clock: NamedDependency[Clock]
) -> Response[str]:
    viewer.person()
    return page(request, "events/mine.html", items=await service.my_rsvps(viewer, now=clock()), now=clock())


ROUTES = (
    *(index, show, rsvp, change_rsvp, event_file, chapter_feed),
    *(new, create, edit_form, edit, publish, published, poster, reason_form, postpone, cancel),
    *(people, pick, remove_form, remove, capacity_form, change_capacity, finish_form, finish),
    *(door, check_in, undo_check_in, walk_in_form, walk_in, sheet),
    *(own_link, act_by_link, door_code, check_in_by_code, my_rsvps),
)
