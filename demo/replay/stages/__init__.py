"""The stages of the replay. Each leaves out what is there already, so that doing it again changes nothing."""
