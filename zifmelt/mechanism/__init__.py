"""How order is lost: bonds that break, rings that open, clusters that grow."""
