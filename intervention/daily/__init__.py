"""The property company's daily work of the sales office, the show flat and events (guide 3.1.2), and its month as evidence."""
