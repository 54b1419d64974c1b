"""What the public sees and hears: TV boards and loudspeakers."""
