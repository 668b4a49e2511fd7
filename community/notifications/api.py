"""One's own notices over the API."""

from __future__ import annotations

from uuid import UUID

from litestar import get, patch
from litestar.di import NamedDependency
from litestar.params import FromPath

from community.kit.clock import Clock
from community.kit.web import AnyRequest, read_json, read_query
from community.notifications import service
from community.notifications.forms import NoticeList, NoticeOut, NoticeQuery, ReadForm

TAGS = ["me"]


@get("/api/v1/me/notices", tags=TAGS, summary="What one was told, newest first", opt={"query": NoticeQuery})
async def index(request: AnyRequest, person_id: NamedDependency[UUID], clock: NamedDependency[Clock]) -> NoticeList:
    """`after` is the `next` of the page before; `limit` at most 100."""
    query = read_query(request, NoticeQuery)
    shown = await service.inbox(person_id, now=clock(), after=query.after, limit=query.limit)
    return NoticeList(shown.items, shown.next, shown.unread)


@patch("/api/v1/me/notices/{notice_id:uuid}", tags=TAGS, summary="Mark as read, or as unread", opt={"body": ReadForm})
async def edit(
    notice_id: FromPath[UUID], request: AnyRequest, person_id: NamedDependency[UUID], clock: NamedDependency[Clock]
) -> NoticeOut:
    form = await read_json(request, ReadForm)
    return await service.mark_read(person_id, notice_id, now=clock(), read=form.read)


ROUTES = (index, edit)
