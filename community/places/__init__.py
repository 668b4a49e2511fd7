"""Places: the 38 provinces and 514 kabupaten/kota, where their seats lie and how people name them.

A **region** is a province, a kabupaten or a kota; its **code** is the Interior Ministry's (`35`, `35.71`). Its **seat**
(ibu kota) is the town of its government, and the region's coordinate is the seat's. Names never identify: 26 kota have
a namesake kabupaten, so outside ids are codes, and whoever types a name is shown a list to choose from.
`regions.csv` is made by `make places` from `build/regions_source.csv`; nothing of `build/` is imported at run time.
"""
