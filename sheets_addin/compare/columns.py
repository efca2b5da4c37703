"""The columns of the Compare worksheet, shared by its inputs and its plans."""

LABEL, MONTH, YEAR, EACH, BELOW, DOUBLED, HALVED, RANK, STATUS = range(1, 10)
WIDTHS = {0: 2, LABEL: 30, MONTH: 15, YEAR: 15, EACH: 14, BELOW: 15, DOUBLED: 15, HALVED: 15, RANK: 8, STATUS: 84}
DASH = "–"
