//! Undo and redo: a new change set that takes a whole command back, or a refusal that names why.
