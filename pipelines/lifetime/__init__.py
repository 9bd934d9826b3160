"""What customers will still buy: BG/NBD for how often, Gamma-Gamma for how much (Fader, Hardie, Lee 2005)."""
