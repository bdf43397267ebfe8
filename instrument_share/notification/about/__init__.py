"""What people are told of, subject by subject: messages, written in the transaction of what happened."""
