"""The audit log: nobody changes it, nothing is lost from it."""
