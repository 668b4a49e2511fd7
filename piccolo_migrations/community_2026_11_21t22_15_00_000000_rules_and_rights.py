"""What Piccolo's tables cannot say: partial unique indexes, no overlapping spells, database roles and their rights."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.table import Table

ID = "2026-11-21T22:15:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Partial unique indexes, exclusion constraints, the application's role"

RULES = """
create unique index person_verified_phone on person (phone)
    where phone_verified_at is not null and kind = 'account' and merged_into is null;
create unique index person_verified_email on person (lower(email))
    where email_verified_at is not null and kind = 'account' and merged_into is null;
create index person_email_lower on person (lower(email));
create unique index role_spell_open on role_spell (person, role, scope_id) nulls not distinct where to_at is null;
create index role_spell_person_open on role_spell (person, role, scope_id) where to_at is null;
create unique index consent_open on consent (person, purpose, scope_id) nulls not distinct where withdrawn_at is null;
create unique index consent_text_version on consent_text (purpose, text_version);

create unique index membership_open on membership (person, chapter) where left_on is null;
create type uuid_range as range (subtype = uuid);
alter table membership add constraint membership_no_overlap exclude using gist (
    uuid_range(person, person, '[]') with &&, uuid_range(chapter, chapter, '[]') with &&,
    daterange(joined_on, left_on) with &&);
create unique index store_open on store (marketplace_store_id) where until_at is null;

create unique index chapter_seat on chapter_region (chapter) where is_seat;
create unique index ranger_spell_open on ranger_spell (person, chapter, role) where ended_at is null;
create unique index ranger_profile_person on ranger_profile (person);

create unique index rsvp_queue_no on rsvp (event, queue_no) where queue_no is not null;
create index rsvp_clock on rsvp (least(expires_at, confirm_by)) where expires_at is not null or confirm_by is not null;
create index event_chapter_time on event (chapter, starts_at);

create index delivery_due on delivery (due_at) where state in ('pending', 'leased');
create unique index audit_seal_entry on audit_seal (entry_id);
create unique index job_slot_once on job_slot (job, slot);
create unique index form_key_once on form_key (actor, key, route) nulls not distinct;
alter table rate_bucket set unlogged;
"""

# A role belongs to the whole cluster: another database of it may have made it, even at this very moment.
ROLE = """
do $$ begin
    if not exists (select 1 from pg_roles where rolname = 'community_app') then
        create role community_app nologin;
    end if;
exception when duplicate_object or unique_violation then null;
end $$;
do $$ begin
    if not pg_has_role(current_user, 'community_app', 'member') then
        execute format('grant community_app to %I', current_user);
    end if;
end $$;
"""

RIGHTS = """
grant usage on schema public to community_app;
grant select, insert, update, delete on all tables in schema public to community_app;
grant usage, select on all sequences in schema public to community_app;
alter default privileges in schema public grant select, insert, update, delete on tables to community_app;
alter default privileges in schema public grant usage, select on sequences to community_app;
revoke update, delete, truncate on audit_entry, audit_seal from community_app;
revoke insert, update, delete, truncate on migration from community_app;
"""

UNDO = """
alter default privileges in schema public revoke select, insert, update, delete on tables from community_app;
alter default privileges in schema public revoke usage, select on sequences from community_app;
revoke all on all tables in schema public from community_app;
revoke all on all sequences in schema public from community_app;
revoke usage on schema public from community_app;
alter table rate_bucket set logged;
alter table membership drop constraint membership_no_overlap;
drop type uuid_range;
drop index person_verified_phone, person_verified_email, person_email_lower, role_spell_open, role_spell_person_open,
    consent_open, consent_text_version, membership_open, store_open, chapter_seat, ranger_spell_open,
    ranger_profile_person, rsvp_queue_no, rsvp_clock, event_chapter_time, delivery_due, audit_seal_entry,
    job_slot_once, form_key_once;
"""


class RawTable(Table):
    """Only a door to raw statements."""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="community", description=DESCRIPTION)

    async def run():
        for part in (RULES, ROLE, RIGHTS):
            for statement in split(part):
                await RawTable.raw(statement)

    async def run_backwards():
        for statement in split(UNDO):
            await RawTable.raw(statement)

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager


def split(part):
    """Statements one by one: the driver prepares each. A `do $$` block holds semicolons of its own."""
    pieces, block = [], False
    current = ""
    for line in part.splitlines(keepends=True):
        current += line
        block = (not block) if line.count("$$") == 1 else block
        if line.rstrip().endswith(";") and not block:
            pieces.append(current.strip().rstrip(";").replace("{", "{{").replace("}", "}}"))
            current = ""
    return pieces
