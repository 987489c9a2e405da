"""Methods, a room for each question: a paper's probe and its experiment side by side. Rooms do not see each other."""
