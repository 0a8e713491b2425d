"""Carrying a plan out: journalled writes to the tracker, one local commit, the new base."""
