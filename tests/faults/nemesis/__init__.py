"""What attacks an installed hall, writes down what everybody saw, and judges it."""
