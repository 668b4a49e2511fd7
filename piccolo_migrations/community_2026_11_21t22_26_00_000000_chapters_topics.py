"""The curriculum's 21 topics, and the words people agree to when they join, found or lead a chapter."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.table import Table

ID = "2026-11-21T22:26:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Topics of the curriculum, texts of consent"

# key, section, Indonesian, English, minutes, goals, what comes before
TOPICS = [
    (
        "online_pr", "digital_channels", "Humas digital", "Online PR", 60,
        ["Menulis kabar toko yang layak dimuat media lokal", "Menjawab kritik di ruang terbuka dengan tenang"], [],
    ),
    (
        "interactive_ads", "digital_channels", "Iklan interaktif", "Interactive advertising", 90,
        ["Memilih satu tujuan untuk satu iklan", "Menghitung biaya per pesanan", "Menghentikan iklan yang merugi"],
        ["listing_quality", "pricing"],
    ),
    (
        "opt_in_email", "digital_channels", "E-mail dengan izin", "Opt-in e-mail", 60,
        ["Meminta izin dengan jelas", "Menulis satu surel yang ditunggu pembaca", "Menghormati yang berhenti"],
        ["buyer_data"],
    ),
    (
        "social_media", "digital_channels", "Media sosial", "Social media", 90,
        ["Menyusun kalender konten dua minggu", "Membalas komentar dalam satu hari", "Membaca angka yang berarti"], [],
    ),
    (
        "search_marketing", "digital_channels", "Pemasaran mesin pencari", "Search engine marketing", 90,
        ["Menemukan kata yang dipakai pembeli", "Menulis judul yang mudah ditemukan"], ["listing_quality"],
    ),
    (
        "online_partnerships", "digital_channels", "Kemitraan daring", "Online partnerships", 60,
        ["Mencari mitra yang pembelinya sama", "Membuat kesepakatan tertulis satu halaman"], [],
    ),
    (
        "listing_quality", "selling", "Halaman produk yang baik", "Listing quality", 60,
        ["Judul, foto, dan uraian yang jujur dan lengkap", "Memeriksa halaman sendiri dengan daftar periksa"], [],
    ),
    (
        "product_photography", "selling", "Foto produk dengan HP", "Product photography by phone", 90,
        ["Cahaya jendela dan latar polos", "Lima sudut untuk setiap produk", "Menyunting tanpa menipu"], [],
    ),
    (
        "pricing", "selling", "Menentukan harga", "Pricing", 60,
        ["Menghitung modal sampai rupiah terakhir", "Menentukan laba dan ruang potongan harga"], [],
    ),
    (
        "packing_shipping", "selling", "Kemasan dan pengiriman", "Packing and shipping", 60,
        ["Mengemas agar selamat sampai tujuan", "Memilih jasa kirim dan menghitung ongkosnya"], [],
    ),
    (
        "reviews_complaints", "selling", "Ulasan dan keluhan", "Reviews and complaints", 60,
        ["Menjawab keluhan dengan langkah yang jelas", "Meminta ulasan tanpa memaksa"], [],
    ),
    (
        "live_selling", "selling", "Jualan langsung lewat siaran", "Live selling", 90,
        ["Menyusun alur siaran satu jam", "Melayani pesanan yang masuk serentak"], ["social_media"],
    ),
    (
        "safe_trading", "safety", "Bertransaksi dengan aman", "Safe trading", 60,
        ["Tetap di dalam sistem pembayaran", "Menyimpan bukti pengiriman"], [],
    ),
    (
        "fraud_signs", "safety", "Tanda-tanda penipuan", "Fraud signs", 60,
        ["Mengenali tujuh pola yang sering terjadi", "Tahu ke mana melapor dan apa buktinya"], ["safe_trading"],
    ),
    (
        "account_security", "safety", "Keamanan akun", "Account security", 60,
        ["Kata sandi yang kuat dan berbeda", "Tidak membagikan kode sekali pakai", "Memulihkan akun"], [],
    ),
    (
        "buyer_data", "safety", "Data pembeli", "Buyers' data", 60,
        ["Menyimpan hanya yang perlu", "Menghapus setelah selesai", "Tidak menjual atau meminjamkan daftar"], [],
    ),
    (
        "bookkeeping", "business", "Pembukuan sederhana", "Bookkeeping", 90,
        ["Mencatat uang masuk dan keluar setiap hari", "Memisahkan uang usaha dan uang rumah"], [],
    ),
    (
        "tax_permits", "business", "Pajak dan izin usaha", "Tax and permits", 90,
        ["Memahami kewajiban pajak usaha kecil", "Menyiapkan berkas untuk nomor induk berusaha"], ["bookkeeping"],
    ),
    (
        "halal_pirt", "business", "Label halal dan PIRT", "Halal and PIRT labels", 60,
        ["Mengetahui produk mana yang wajib berlabel", "Menyiapkan dapur dan berkas pemeriksaan"], ["tax_permits"],
    ),
    (
        "running_kopdar", "community", "Menyelenggarakan kopdar", "Running a kopdar", 60,
        ["Merencanakan kopdar dalam sepuluh menit", "Membuat orang baru merasa diterima"], [],
    ),
    (
        "speaking", "community", "Berbicara di depan orang", "Speaking", 60,
        ["Menyusun cerita sepuluh menit", "Mengelola rasa gugup", "Menjawab pertanyaan yang sulit"], [],
    ),
]  # fmt: skip

TEXTS = [
    (
        "membership",
        "Saya bergabung dengan komunitas ini. Ranger komunitas melihat nama saya dan tiga angka terakhir nomor HP saya, "
        "dan boleh menghubungi saya tentang kegiatannya. Saya bisa keluar kapan saja.",
        "I am joining this chapter. Its Rangers see my name and the last three digits of my phone number, and may "
        "contact me about its activities. I can leave at any time.",
    ),
    (
        "conduct",
        "Saya memperlakukan semua orang dengan hormat, menjaga data anggota, tidak memungut uang untuk diri sendiri, "
        "dan tidak memakai komunitas untuk kepentingan politik. Saya boleh berhenti kapan saja.",
        "I treat everyone with respect, protect members' data, take no money for myself, and do not use the chapter "
        "for politics. I may stop at any time.",
    ),
    (
        "ranger_named_on_page",
        "Nama saya boleh ditampilkan di halaman komunitas.",
        "My name may be shown on the chapter's page.",
    ),
    (
        "ranger_named_to_partner",
        "Nama saya boleh diberikan kepada dinas atau mitra setelah saya menyanggupi permintaannya.",
        "My name may be given to an office or partner after I accept its request.",
    ),
    (
        "ranger_phone_to_partner",
        "Nomor HP saya boleh diberikan kepada dinas atau mitra untuk permintaan yang saya sanggupi.",
        "My phone number may be given to an office or partner for a request that I accepted.",
    ),
]


class RawTable(Table):
    """Only a door to raw statements."""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="community", description=DESCRIPTION)

    async def run():
        for position, topic in enumerate(TOPICS, 1):
            await RawTable.raw(
                "insert into topic (key, section, position, label_id, label_en, minutes, goals, after) "
                "values ({}, {}, {}, {}, {}, {}, {}, {})",
                *topic[:2], position, *topic[2:],
            )  # fmt: skip
        for purpose, text_id, text_en in TEXTS:
            await RawTable.raw(
                "insert into consent_text (id, purpose, text_version, text_id, text_en) "
                "values (gen_random_uuid(), {}, '1', {}, {}) on conflict (purpose, text_version) do nothing",
                purpose, text_id, text_en,
            )  # fmt: skip

    async def run_backwards():
        await RawTable.raw("delete from topic")
        for purpose, _text_id, _text_en in TEXTS:
            await RawTable.raw("delete from consent_text where purpose = {} and text_version = '1'", purpose)

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
