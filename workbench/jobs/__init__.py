"""Operations that a person started: their stage, progress, deadline, outcome, and the scope that owns them."""
