"""The managers' view: the live hall and today's log of waits. Changes nothing."""
