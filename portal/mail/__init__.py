"""Letters and the transports that carry them: mail server, demo mailbox, print."""
