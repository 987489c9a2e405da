"""What would the model say, if it ended at an earlier layer? Its own head, on the states of every layer.

nostalgebraist 2020, "interpreting GPT: the logit lens"; Belrose et al. 2023, "Eliciting Latent Predictions from
Transformers with the Tuned Lens".

    tuned           `TunedLens`: a translator for each layer, trained to predict what the model does
    lens            `lens`: how far the predictions of each layer are from the model's own
"""
