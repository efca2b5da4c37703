-- delete_interaction_rollup: empty the rollup of interactions before it is rebuilt.

DELETE FROM interaction_rollup
