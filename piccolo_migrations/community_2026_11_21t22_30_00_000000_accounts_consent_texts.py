"""The words people agree to outside of a chapter: being reached, being written to, being recorded."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.table import Table

ID = "2026-11-21T22:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Texts of consent: contact, news, RSVP, partner request"

TEXTS = [
    (
        "contact",
        "Nomor HP dan e-mail saya boleh dipakai untuk menghubungi saya tentang hal yang saya ikuti di sini. "
        "Saya bisa menarik izin ini kapan saja.",
        "My phone number and e-mail address may be used to contact me about what I take part in here. "
        "I can withdraw this at any time.",
    ),
    (
        "news",
        "Saya mau menerima kabar kegiatan. Tidak lebih dari satu kali seminggu, dan saya bisa berhenti kapan saja.",
        "I would like news of activities. No more than once a week, and I can stop at any time.",
    ),
    (
        "rsvp_record",
        "Nama dan kontak saya dicatat untuk kopdar ini: Ranger komunitas melihatnya untuk daftar hadir dan kabar "
        "perubahan. Data ini dihapus paling lama 24 bulan kemudian.",
        "My name and contact are recorded for this meetup: the chapter's Rangers see them for the attendance list and "
        "to tell me of changes. They are erased after 24 months at the latest.",
    ),
    (
        "partner_request",
        "Nama, jabatan, dan kontak saya dipakai untuk mencarikan narahubung dan mengabarkan hasilnya. "
        "Hanya Ranger yang menyanggupi permintaan ini yang melihat kontak saya.",
        "My name, position and contact are used to find a contact person and to tell me the result. "
        "Only the Ranger who accepts this request sees how to reach me.",
    ),
]


class RawTable(Table):
    """Only a door to raw statements."""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="community", description=DESCRIPTION)

    async def run():
        for purpose, text_id, text_en in TEXTS:
            await RawTable.raw(
                "insert into consent_text (id, purpose, text_version, text_id, text_en) "
                "values (gen_random_uuid(), {}, '1', {}, {}) on conflict (purpose, text_version) do nothing",
                purpose, text_id, text_en,
            )  # fmt: skip

    async def run_backwards():
        for purpose, _text_id, _text_en in TEXTS:
            await RawTable.raw("delete from consent_text where purpose = {} and text_version = '1'", purpose)

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
