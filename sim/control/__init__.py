"""Control models: under what identity, credential, decision and approval agents act. Data, not code.

`model` holds the knobs, validated; contradictions are refused with the two keys. Compiling a model to a platform's
limits and deciding by policy follow in modules of their own.
"""
