"""The heatmap: layers x words."""
