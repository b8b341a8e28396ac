"""What the service and the plain report say: each sentence follows from case, doubts and size."""
