//! Call sites without the feature `enabled`: nothing.
