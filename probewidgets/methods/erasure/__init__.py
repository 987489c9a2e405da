"""Can a property be taken out of the states, and does the model miss it?

Ravfogel et al. 2020, "Null It Out" (INLP); Belrose et al. 2023, "LEACE: Perfect linear concept erasure in closed form";
Elazar et al. 2021, "Amnesic Probing".

    erasers         `LEACE`, `INLP`, and the control `RandomDirections`: states in, states without the labels out
    erase           `erase`: what probes, trained anew, still read of erased states
    amnesia         `amnesia`: what a language model predicts from erased states
    restoring       the third control of `amnesia`: labels that are given back
"""
