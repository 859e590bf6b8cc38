"""Control models: under what identity, credential, decision and approval agents act. Data, not code.

`model` holds the knobs, validated; contradictions are refused with the two keys. `platform` holds what the issuers of
products can give, and compiles a model to it. Deciding by policy follows in a module of its own.
"""
