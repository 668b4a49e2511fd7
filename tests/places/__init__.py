"""Places: the gazetteer, its checks, its search and its doors."""
