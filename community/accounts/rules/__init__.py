"""What is true about people, sign-ins, passwords and rights, without a clock or a database."""
