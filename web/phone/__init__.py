"""The page of one number on a citizen's phone: found by the token on the paper, told live."""
