"""The pages of accounts: the entrance, one's own account, people and organisations."""
