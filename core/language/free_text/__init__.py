"""People's own words, English and German, read as questions of the strict language; nothing that was said is dropped."""
