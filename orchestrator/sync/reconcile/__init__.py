"""From three states to a plan, and from what was done to the next base: values in, values out.

`plan.reconcile` decides, `write` says what is sent and `pull` what the files get, `settle` what
both sides have agreed on afterwards, `adopt` which items that exist on both sides are the same.
"""
