"""What is measured, one SQL file a definition; `concepts` holds what they share.

`measure` loads them and `examination` asks them of evidence, `concepts` makes what is shared for whoever asks, `query`
says what SQL one may be, `result` what it must give, `parameters` what it may be asked with, `units` what its values
are in, and `basis` on what a row rests.
"""
