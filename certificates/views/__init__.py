"""What people see: the public check, the holder's paper, the keeper's register."""
