"""What agents set out to do: intentions and latent responses, never outcomes.

`intentions` holds the form, `fleet` draws one from a scenario; `trace` rebuilds one from a log that names tasks,
`sessions` from one that does not; `cast` says who takes part, `dimensions` writes its tables. Denials, retries and
waits are outcomes of control: engines make them from draws that are keyed by the identifiers given here.
"""
