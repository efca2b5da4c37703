"""The question language: text to question, question to answer, the same on every surface."""
