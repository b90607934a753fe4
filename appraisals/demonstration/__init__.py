"""The demonstration organization: invented people, texts and a cycle in every stage it knows."""
