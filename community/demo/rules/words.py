"""The words of the demo: cities, invented names, places, themes."""

from __future__ import annotations

HOME, OTHER = "34.71", "32.73"
"""Seats of the chapters of the two Rangers one can sign in as."""
_CITY_CODES = (
    "34.71 32.73 31.74 35.78 12.71 73.71 33.74 32.75 36.71 16.71 35.73 31.75 31.73 32.76 36.74 32.71 51.71 14.71 "
    "18.71 33.72 64.72 61.71 13.71 63.71 21.71 71.71 64.71 34.04 35.15 15.71 31.72 31.71 52.71 35.71 32.74 32.78 "
    "33.02 35.09 53.71 33.71 11.71 62.71 17.71 19.71 72.71 74.71 81.71 91.71 36.73 75.71 82.71 65.71 35.77 33.75 "
    "33.76 63.72 12.72 13.75 32.72 33.73 61.72 21.72 51.08 73.72 76.02 92.02 93.01 94.01 95.01 96.71 35.10 74.72"
)
CITY_CODES = tuple(_CITY_CODES.split())
"""Kabupaten and kota of the demo's chapters, larger ones first, every province at least once."""

ROLES = {
    "ranger": ("Rara Ranger-Demo", "ranger@demo.example"),
    "member": ("Mita Anggota-Demo", "anggota@demo.example"),
    "hq": ("Pita Pusat-Demo", "pusat@demo.example"),
    "administrator": ("Ade Administrator-Demo", "administrator@demo.example"),
    "other_ranger": ("Bambu Ranger-Demo", "ranger.bandung@demo.example"),
}
PHONE_PREFIX = "+62840"

"""No operator has numbers under 0840."""

_FIRST = (
    "Akasia Anggrek Angsana Asoka Bakung Bambu Beringin Bidara Bougenvil Cempaka Cendana Cemara Dahlia Damar Delima "
    "Eboni Flamboyan Gaharu Gading Gandaria Jati Kamboja Kapuk Kecubung Kelapa Keladi Kemboja Kemuning Kenanga "
    "Kenari Ketapang Lontar Mahoni Matoa Mawar Melati Meranti Merbau Mimba Nangka Nipah Nusa Pandan Pinang Pinus "
    "Rambutan Randu Rotan Sawo Seroja Sukun Talas Tanjung Tebu Teratai Trembesi Ulin Wera Waru Wungu"
)
FIRST = tuple(_FIRST.split())
_LAST = (
    "Adas Andaliman Asam Bawang Belimbing Cabai Cengkih Cokelat Daun Durian Gambir Garam Gula Jahe Jambu Jeruk "
    "Jintan Kakao Kapulaga Kayumanis Kecombrang Kelor Kemangi Kemiri Kencur Ketumbar Kluwek Kopi Kunyit Lada "
    "Langsat Lempuyang Lengkuas Madu Manggis Markisa Merica Nanas Nila Pala Pepaya Petai Salak Salam Sagu Santan "
    "Seledri Selasih Sereh Sirih Sirsak Srikaya Tahu Tamarin Temulawak Teri Terasi Tempe Wijen Zaitun"
)
LAST = tuple(_LAST.split())
THEMES = (
    ("Foto produk pakai HP", "product_photography"),
    ("Judul yang dicari pembeli", "search_marketing"),
    ("Menghitung ongkos kirim", "packing_shipping"),
    ("Menjawab ulasan pembeli", "reviews_complaints"),
    ("Pembukuan sederhana", "bookkeeping"),
    ("Kemasan yang tahan banting", "packing_shipping"),
    ("Jualan langsung dari rumah", "live_selling"),
    ("Aman dari penipuan", "fraud_signs"),
    ("Menentukan harga", "pricing"),
    ("Promosi di media sosial", "social_media"),
    ("Halaman produk yang jujur", "listing_quality"),
    ("Izin usaha tanpa pusing", "tax_permits"),
)
"""What an event is about, and the topic of the curriculum it belongs to."""

TITLES = {
    "kopdar": "Kopdar #{no}: {theme}",
    "gathering": "Temu keluarga pelapak",
    "outing": "Jalan bareng pelapak",
    "social_action": "Bakti sosial pelapak",
    "sharing": "Sesi berbagi: {theme}",
}
KINDS = ("kopdar",) * 14 + ("sharing",) * 2 + ("social_action", "gathering", "outing")
VENUES = ("Warung", "Kedai", "Balai Warga", "Rumah Kreatif", "Pendopo", "Ruang Bersama", "Taman Baca")
PATOKAN = ("Seberang lapangan, pintu hijau", "Lantai dua, naik tangga kiri", "Di belakang pasar, dekat pohon besar")


def name_of(number: int) -> str:
    """Different for each of the first 3,600 numbers; two words, so that a door list can shorten it."""
    return f"{FIRST[number % len(FIRST)]} {LAST[(number // len(FIRST) + number * 7) % len(LAST)]}-Demo"
