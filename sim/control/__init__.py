"""Control models: under what identity, credential, decision and approval agents act. Data, not code.

`model` holds the knobs, validated, `decision` those of the decision point; contradictions are refused with both keys.
`platform` holds what the issuers of products can give, and compiles a model to it; `offers` is what of that a store
keeps. `policy` reads Cedar policies,
`question` is what they are asked, `classes` what they cannot tell apart, `judge` what they answer.
"""
