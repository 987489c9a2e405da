"""Is there a direction of truth, to be found in pairs of opposites without any label?

`CCSProbe` in `probe.py`; its trial, with random directions and the mass mean beside it, in `trial.py`.

Source: Burns et al. 2022, "Discovering Latent Knowledge in Language Models Without Supervision"; Marks and Tegmark
2023, "The Geometry of Truth".
"""
