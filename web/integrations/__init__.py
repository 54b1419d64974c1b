"""What other programs get: figures by tokens, events by webhooks, metrics, logins by OpenID."""
