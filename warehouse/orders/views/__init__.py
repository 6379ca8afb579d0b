"""Orders at the desk; parcels on the floor."""
