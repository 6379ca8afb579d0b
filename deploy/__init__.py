"""How the platform is set up, started and shipped; nothing in here imports the platform itself."""
