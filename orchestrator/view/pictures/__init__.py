"""Pictures of a plan as text: SVG, Mermaid, DOT and what a terminal shows."""
