"""Where people are signed in: each sign-in is a session of its own, which its owner sees and can end."""
