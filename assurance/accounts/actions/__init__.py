"""What changes people, organisations, keys and sessions; each verb in the module of its subject."""
