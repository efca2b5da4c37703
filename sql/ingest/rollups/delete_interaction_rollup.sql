-- delete_interaction_rollup: empty the rollup of interactions before it is built anew.

DELETE FROM interaction_rollup
