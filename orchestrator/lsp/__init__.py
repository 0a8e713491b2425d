"""The editor server: what editors ask of a plan while somebody types, over the open buffers."""
