"""What a log can answer: question by question, of which share of what it shows, before anybody asks a measure.

A question is answered where the log says it, bounded where it leaves an interval, and unknown elsewhere. What was never
logged is in no share: a log from which events were lost looks like one in which they did not happen.
"""
