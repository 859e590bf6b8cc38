"""What is measured, one SQL file a definition; `measure` loads and runs them, `concepts.sql` holds what they share."""
