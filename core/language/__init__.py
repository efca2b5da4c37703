"""The question language: the strict grammar, and what people write in their own words."""
